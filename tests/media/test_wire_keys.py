"""Keys of sound: the same at both ends of a session, and alike nowhere else."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from openline.media.wire_keys import SECRET_BYTES, voice_secret, wire_keys
from openline.media.wire_session import Handed
from tests.media.wire_ends import on_uvloop
from tests.transport.ends import line

FILE = Path(__file__).resolve().parent.parent / "vectors" / "voice_wire.json"


class Datagram(msgspec.Struct, frozen=True):
    kind: int
    epoch: int
    sequence: int
    payload: str
    datagram: str


class Side(msgspec.Struct, frozen=True):
    ssrc: int
    root: str
    keys: dict[int, str]
    datagrams: tuple[Datagram, ...]


class Vector(msgspec.Struct, frozen=True):
    name: str
    secret: str
    dialler: Side
    listener: Side


class Said(msgspec.Struct, frozen=True):
    says: str
    bytes: str


class Vectors(msgspec.Struct, frozen=True):
    source: str
    sessions: tuple[Vector, ...]
    stream: tuple[Said, ...]


VECTORS = msgspec.json.decode(FILE.read_bytes(), type=Vectors, strict=False)

secrets = some.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES)


@pytest.mark.parametrize("vector", VECTORS.sessions, ids=lambda vector: vector.name)
def test_a_secret_makes_the_keys_of_the_vector(vector: Vector) -> None:
    secret = bytes.fromhex(vector.secret)
    keys = wire_keys(secret, dialled=True)
    for direction, side in ((keys.ours, vector.dialler), (keys.theirs, vector.listener)):
        assert (direction.ssrc, direction.root.hex()) == (side.ssrc, side.root)
        assert {epoch: direction.key(epoch).hex() for epoch in side.keys} == side.keys


@given(secrets)
def test_both_ends_have_the_same_keys_the_other_way_round(secret: bytes) -> None:
    dialler, listener = wire_keys(secret, dialled=True), wire_keys(secret, dialled=False)
    assert (dialler.ours, dialler.theirs) == (listener.theirs, listener.ours)


@given(secrets, some.lists(some.integers(0, 2**32 - 1), min_size=1, max_size=20, unique=True))
def test_each_direction_and_epoch_has_a_key_of_its_own(secret: bytes, epochs: list[int]) -> None:
    if secret[:36] == secret[36:]:
        return
    keys = wire_keys(secret, dialled=True)
    made = {one.key(epoch) for one in (keys.ours, keys.theirs) for epoch in epochs}
    roots = {keys.ours.root, keys.theirs.root}
    assert len(made) == len(epochs) * len(roots)
    assert all(len(key) == 44 for key in made)


def test_real_sessions_agree_within_and_differ_between_them() -> None:
    async def story() -> None:
        async with line() as first, line() as second:
            taken = [voice_secret(one) for one in (first.alpha, first.bravo, second.alpha, second.bravo)]
            assert taken[0] == taken[1] != taken[2] == taken[3]
            assert first.alpha.exporter(b"EXPORTER-openline-other", SECRET_BYTES) != taken[0]
            ours = wire_keys(taken[0], first.alpha.dialled)
            theirs = wire_keys(taken[1], first.bravo.dialled)
            assert (ours.ours, ours.theirs) == (theirs.theirs, theirs.ours)

    on_uvloop(story())


def test_a_secret_is_in_no_repr() -> None:
    secret = bytes(range(100, 100 + SECRET_BYTES))
    keys = wire_keys(secret, dialled=True)
    handed = Handed(1, "bravo", "fibre", True, secret, ("127.0.0.1", 1), ("127.0.0.1", 1))
    for shown in (repr(keys), repr(handed)):
        assert repr(secret[:8])[2:-1] not in shown
        assert "secret" not in shown
        assert "root" not in shown

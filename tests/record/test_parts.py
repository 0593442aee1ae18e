"""The files of a bundle that are openline's own: written, read, and refused when they are anything else."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base import codec
from openline.base.errors import PeerError
from openline.record import parts
from openline.record.parts import About, KeptCheckpoint, KeptEvidence, KeptReceipt, KeptSeal

ABOUT = About(
    version=1,
    line="joint",
    members=("alpha.example", "bravo.example"),
    exporter="alpha.example",
    time_ms=1_790_000_000_000,
    sizes=(300, 0),
    bodies=True,
    attachments=False,
)
CHECKPOINT = KeptCheckpoint(7, b"r" * 32, b"s" * 64, (KeptReceipt(1, 1_790_000_000, b"t" * 64),))
SEAL = KeptSeal(7, b"r" * 32, "alpha.example/line/joint", 1_790_000_000, b"s" * 2420)
EVIDENCE = KeptEvidence("alpha.example/line/joint", "log-forked", 1_790_000_000_000, b"bytes")


def test_files_are_named_as_tiles_are() -> None:
    assert parts.numbered("bodies/", 0) == "bodies/000"
    assert parts.numbered("bodies/", 999) == "bodies/999"
    assert parts.numbered("bodies/", 1_234_067) == "bodies/x001/x234/067"
    assert parts.evidence_path(3) == "evidence/003.cbor"
    assert parts.identity_path("alpha.example", 12) == "identity/alpha.example/0012.tlog-proof"
    assert parts.digest_in(parts.blob_path(b"d" * 32)) == b"d" * 32


@pytest.mark.parametrize(
    "name", ["blobs/zz", "blobs/" + "A" * 64, "blobs/00", "blobs/" + "00" * 33, "blobs/ " + "00" * 32]
)
def test_a_blob_of_another_name_has_no_digest(name: str) -> None:
    assert parts.digest_in(name) is None


def test_parties_come_in_the_order_of_their_folders() -> None:
    assert parts.in_zip_order(["alpha", "alpha.org", "alpha-x"]) == ["alpha-x", "alpha.org", "alpha"]


@pytest.mark.parametrize(
    ("size", "packs"), [(0, []), (1, [(0, 1)]), (256, [(0, 256)]), (600, [(0, 256), (1, 256), (2, 88)])]
)
def test_256_stand_in_a_file(size: int, packs: list[tuple[int, int]]) -> None:
    assert list(parts.packs(size)) == packs
    assert [len(some) for some in parts.packed(range(size))] == [width for _, width in packs]


def test_the_table_of_contents_is_read_as_written() -> None:
    assert parts.read_about(parts.write_about(ABOUT)) == ABOUT
    assert ABOUT.mirrors[1] == "bravo.example/line/joint/mirror"


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"line": "a/b"},
        {"members": ("alpha.example",), "sizes": (1,)},
        {"members": ("bravo.example", "alpha.example")},
        {"members": ("alpha.example", "alpha.example")},
        {"members": ("alpha.example", "../bravo")},
        {"members": tuple(f"m{number}" for number in range(9)), "sizes": (0,) * 9},
        {"sizes": (1,)},
        {"sizes": (-1, 0)},
        {"sizes": (2**63, 0)},
        {"time_ms": -1},
    ],
    ids=str,
)
def test_a_false_table_of_contents_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(PeerError):
        parts.read_about(parts.write_about(msgspec.structs.replace(ABOUT, **change)))


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_leaves_are_read_as_written(leaves: list[bytes]) -> None:
    assert parts.read_leaves(parts.write_leaves(leaves), len(leaves)) == (leaves, True)


@given(st.lists(st.none() | st.binary(max_size=300), max_size=20))
def test_bodies_are_read_as_written_and_withheld_ones_have_no_salt(bodies: list[bytes | None]) -> None:
    data = parts.write_bodies((b"s" * 16, body) for body in bodies)
    assert parts.read_bodies(data, len(bodies)) == ([None if one is None else (b"s" * 16, one) for one in bodies], True)
    assert data.count(b"s" * 16) >= sum(body is not None for body in bodies)
    assert all(bodies) or b"s" not in parts.write_bodies([(b"s" * 16, None)])


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"\0", lambda data: data[1:]])
def test_a_pack_that_is_cut_or_longer_is_not_whole(change: Callable[[bytes], bytes]) -> None:
    leaves = [b"one", b"two", b"three"]
    found, whole = parts.read_leaves(change(parts.write_leaves(leaves)), 3)
    assert not whole
    assert len(found) <= 3


def test_what_stands_before_the_damage_is_read() -> None:
    data = parts.write_leaves([b"one", b"two", b"three"])
    assert parts.read_leaves(data[:6] + b"\xff" + data[7:], 3) == ([b"one"], False)


def test_checkpoints_seals_and_evidence_are_read_as_written() -> None:
    assert parts.read_checkpoints(parts.write_rows([CHECKPOINT])) == [CHECKPOINT]
    assert parts.read_seals(parts.write_rows([SEAL])) == [SEAL]
    assert parts.read_evidence(parts.write_evidence(EVIDENCE)) == EVIDENCE


WRONG: list[codec.Value] = [
    {},
    [1],
    [[7, b"r" * 31, b"s" * 64, []]],
    [[0, b"r" * 32, b"s" * 64, []]],
    [[2**63, b"r" * 32, b"s" * 64, []]],
    [[True, b"r" * 32, b"s" * 64, []]],
    [[7, b"r" * 32, b"s" * 64, [[8, 1, b"t" * 64]]]],
    [[7, b"r" * 32, b"s" * 64, [[1, -1, b"t" * 64]]]],
    [[7, b"r" * 32, b"s" * 64]],
    [[7, b"r" * 32, b"s" * 64, [], 1]],
]


@pytest.mark.parametrize("value", WRONG, ids=range(len(WRONG)))
def test_rows_of_another_shape_are_refused(value: codec.Value) -> None:
    with pytest.raises(PeerError):
        parts.read_checkpoints(codec.encode(value))


def test_a_pack_of_full_rows_keeps_within_its_limit() -> None:
    receipts = tuple(KeptReceipt(member, 2**62, b"t" * 64) for member in range(7))
    rows = [msgspec.structs.replace(CHECKPOINT, size=2**62, receipts=receipts)] * parts.PACKED
    assert len(parts.write_rows(rows)) < parts.ROWS_BYTES
    seals = [msgspec.structs.replace(SEAL, size=2**62, cosigner="c" * 255)] * parts.PACKED
    assert len(parts.write_rows(seals)) < parts.ROWS_BYTES


READERS: list[Callable[[bytes], object]] = [
    parts.read_about,
    parts.read_checkpoints,
    parts.read_seals,
    parts.read_evidence,
]


@pytest.mark.fuzz
@given(st.sampled_from(READERS), st.binary(max_size=200))
def test_any_bytes_are_a_value_or_a_peer_error(read: Callable[[bytes], object], data: bytes) -> None:
    try:
        read(data)
    except PeerError:
        return
    assert data

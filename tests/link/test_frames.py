"""Frames: byte-exact, strictly read, and open to a newer peer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base import codec
from openline.base.errors import PeerError
from openline.base.limits import CBOR_DEPTH_MAX, FRAME_BYTES_MAX, WIRE_PAYLOAD_BYTES_MAX
from openline.link.frames import (
    Ack,
    Blob,
    Bye,
    Card,
    Evidence,
    Frame,
    HaveBlob,
    Hello,
    Ping,
    Pong,
    Presence,
    Push,
    SealFrame,
    Tip,
    Voice,
    Want,
    WantBlob,
    decode_frame,
    encode_frame,
)

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "frames.json").read_text(encoding="utf-8"))

HASH, SIGNATURE = bytes(range(32)), bytes(range(64))
SAMPLES: dict[str, Frame] = {
    "HELLO": Hello(
        versions=(1, 1),
        line="alpha-bravo",
        members=("alpha.example", "bravo.example"),
        me=0,
        path="fibre",
        time_ms=1_790_000_000_123,
        salt_key=HASH,
        presence=int(Presence.CONSOLE | Presence.OFFICER),
        tips=(Tip(0, 14, HASH, SIGNATURE), Tip(1, 0, None, None)),
        receipted=12,
        features=(),
    ),
    "PUSH": Push(0, 14, 1_790_000_000_123, [[{1: 1, 3: "watch"}, b"\xa0"], [b"leaf", None, b""]], SIGNATURE),
    "ACK": Ack(0, 15, 1_790_000_001, SIGNATURE),
    "WANT": Want(1, 7),
    "WANT-BLOB": WantBlob(HASH, 65_536),
    "BLOB": Blob(HASH, 65_536, b"piece"),
    "HAVE-BLOB": HaveBlob(HASH),
    "SEAL": SealFrame(0, 15, 1, 1_790_000_002, bytes(2_420)),
    "CARD": Card(b"c2sp.org/tlog-proof@v1\n"),
    "EVIDENCE": Evidence(Tip(0, 15, HASH, SIGNATURE)),
    "PING": Ping(4, 1_790_000_000_123, 15, 1),
    "PONG": Pong(4, 1_790_000_000_123, 1_790_000_000_200, 3),
    "BYE": Bye("stopping"),
    "VOICE": Voice(bytes.fromhex("0312ab")),
}


def test_there_is_a_vector_for_every_frame() -> None:
    assert {type(frame) for frame in SAMPLES.values()} == set(get_args(Frame))
    assert [vector["frame"] for vector in VECTORS["frames"]] == list(SAMPLES)


@pytest.mark.parametrize("vector", VECTORS["frames"], ids=lambda vector: str(vector["frame"]))
def test_every_vector_is_written_and_read_exactly(vector: dict[str, str]) -> None:
    frame, data = SAMPLES[vector["frame"]], bytes.fromhex(vector["hex"])
    assert encode_frame(frame) == data
    assert int.from_bytes(data[:4], "big") == len(data) - 4
    assert decode_frame(data[4:]) == frame
    assert shown(codec.decode(data[4:], FRAME_BYTES_MAX)) == vector["array"]


@pytest.mark.parametrize("vector", VECTORS["skipped"], ids=lambda vector: str(vector["what"]))
def test_a_frame_of_an_unknown_type_is_skipped(vector: dict[str, str]) -> None:
    assert decode_frame(bytes.fromhex(vector["hex"])) is None


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda vector: str(vector["what"]))
def test_a_frame_that_is_wrong_is_refused(vector: dict[str, str]) -> None:
    with pytest.raises(PeerError) as refused:
        decode_frame(bytes.fromhex(vector["hex"]))
    assert refused.value.message_id == vector["refused"]


def test_what_a_newer_peer_adds_at_the_end_of_a_frame_is_not_minded() -> None:
    assert decode_frame(codec.encode([4, 1, 7, "more"])) == Want(1, 7)


def test_a_frame_beyond_the_limit_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(PeerError) as refused:
        decode_frame(b"\x00" * (FRAME_BYTES_MAX + 1))
    assert refused.value.message_id == "peer-value-too-large"


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(PeerError):
        decode_frame(b"\x81" * CBOR_DEPTH_MAX * 2 + b"\x00")
    with pytest.raises(PeerError):
        decode_frame(b"\x81" * 100_000)


def test_sound_has_at_most_a_payload_and_its_words() -> None:
    longest = Voice(bytes(WIRE_PAYLOAD_BYTES_MAX + 4))
    assert decode_frame(encode_frame(longest)[4:]) == longest
    with pytest.raises(PeerError) as refused:
        decode_frame(encode_frame(Voice(bytes(WIRE_PAYLOAD_BYTES_MAX + 5)))[4:])
    assert refused.value.message_id == "peer-frame-wrong"


def test_text_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(PeerError):
        decode_frame(bytes.fromhex("820d63ff6f70"))


@pytest.mark.fuzz
@given(data=st.binary(max_size=300))
def test_any_bytes_are_a_frame_or_a_peers_fault(data: bytes) -> None:
    read(data)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**65), 2**65) | st.binary(max_size=70) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.integers(-1, 25), inner, max_size=4),
    max_leaves=24,
)


@pytest.mark.fuzz
@given(kind=st.integers(-1, 15) | st.booleans(), fields=st.lists(values, max_size=12))
def test_any_value_is_a_frame_or_a_peers_fault(kind: int, fields: list[object]) -> None:
    read(loose([kind, *fields]))


@pytest.mark.fuzz
@given(name=st.sampled_from(sorted(SAMPLES)), data=st.data())
def test_a_bent_frame_is_a_frame_or_a_peers_fault(name: str, data: st.DataObject) -> None:
    good = bytearray(encode_frame(SAMPLES[name])[4:])
    for place in data.draw(st.lists(st.integers(0, len(good) - 1), max_size=4)):
        good[place] = data.draw(st.integers(0, 255))
    read(bytes(good[: data.draw(st.integers(0, len(good)))]))


def read(data: bytes) -> None:
    """A frame that is read is written back to the same bytes, unless it carried more than we know."""
    try:
        frame = decode_frame(data)
    except PeerError:
        return
    if frame is not None:
        known = encode_frame(frame)[4:]
        assert decode_frame(known) == frame


def loose(value: list[object]) -> bytes:
    """CBOR of any value, as a peer that keeps no rules would write it."""
    return cbor2.dumps(value)


def shown(value: object) -> object:
    """A decoded value as the vectors show it: bytes as `h'..'`, map keys as text."""
    if isinstance(value, bytes):
        return f"h'{value.hex()}'"
    if isinstance(value, list):
        return [shown(item) for item in value]
    if isinstance(value, dict):
        return {str(key): shown(item) for key, item in value.items()}
    return value

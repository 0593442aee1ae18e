"""RTP headers: what is written is read again, and nothing made up is read as something."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import PeerError
from openline.media.rtp import HEADER_BYTES, build, is_rtcp, parse
from openline.voice.frame import PAYLOAD_BYTES_MAX

# RFC 3550 section 5.1, written out by hand: type 111, marker, sequence 1, timestamp 960, source 0x4F4C0001.
PLAIN = bytes.fromhex("80ef0001000003c04f4c0001") + b"sound"

_PACKETS = st.tuples(
    st.integers(0, 127),
    st.booleans(),
    st.integers(0, 2**16 - 1),
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**32 - 1),
    st.binary(max_size=PAYLOAD_BYTES_MAX),
)


def test_a_packet_written_by_hand_is_read() -> None:
    assert parse(PLAIN) == (111, True, 1, 960, 0x4F4C0001, b"sound")
    assert build(111, True, 1, 960, 0x4F4C0001, b"sound") == PLAIN


@given(_PACKETS)
def test_what_is_built_is_parsed(packet: tuple[int, bool, int, int, int, bytes]) -> None:
    assert parse(build(*packet)) == packet


@given(_PACKETS, st.integers(0, 15), st.binary(max_size=40), st.integers(0, 20))
def test_sources_extension_and_padding_are_skipped(
    packet: tuple[int, bool, int, int, int, bytes], sources: int, extension: bytes, padding: int
) -> None:
    assert parse(dressed(build(*packet), sources, extension, padding)) == packet


def dressed(packet: bytes, sources: int, extension: bytes, padding: int) -> bytes:
    """The same packet with everything RFC 3550 lets a sender add."""
    extension += bytes(-len(extension) % 4)
    first = packet[0] | sources | (0x10 if extension else 0) | (0x20 if padding else 0)
    added = bytes(4 * sources)
    if extension:
        added += struct.pack("!HH", 0xBEDE, len(extension) // 4) + extension
    tail = bytes(padding - 1) + bytes([padding]) if padding else b""
    return bytes([first]) + packet[1:HEADER_BYTES] + added + packet[HEADER_BYTES:] + tail


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("nothing", b""),
        ("half a header", PLAIN[:11]),
        ("version 0", b"\x00" + PLAIN[1:]),
        ("version 1", b"\x40" + PLAIN[1:]),
        ("version 3", b"\xc0" + PLAIN[1:]),
        ("sources beyond the end", b"\x8f" + PLAIN[1:]),
        ("an extension without its length", b"\x90" + PLAIN[1:14]),
        ("an extension beyond the end", b"\x90" + PLAIN[1:12] + b"\xbe\xde\xff\xff"),
        ("padding of nothing", b"\xa0" + PLAIN[1:] + b"\x00"),
        ("padding longer than the packet", b"\xa0" + PLAIN[1:] + b"\xff"),
        ("padding that reaches into the header", b"\xa0" + PLAIN[1:12] + b"\x00\x00\x04\x05"),
        ("a payload longer than any frame", PLAIN + bytes(PAYLOAD_BYTES_MAX)),
    ],
)
def test_what_is_not_rtp_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(PeerError) as refused:
        parse(data)
    assert refused.value.message_id == "rtp-wrong", name
    assert refused.value.facts == {"size": len(data)}


def test_the_longest_frame_passes() -> None:
    assert parse(PLAIN[:HEADER_BYTES] + bytes(PAYLOAD_BYTES_MAX))[5] == bytes(PAYLOAD_BYTES_MAX)


def test_a_packet_of_padding_alone_has_an_empty_payload() -> None:
    assert parse(b"\xa0" + PLAIN[1:12] + b"\x00\x00\x00\x04")[5] == b""


@pytest.mark.fuzz
@given(st.binary(max_size=120) | st.binary(max_size=100).map(lambda data: b"\xbf" + data))
def test_made_up_bytes_are_read_or_refused_and_nothing_else(data: bytes) -> None:
    try:
        payload_type, _, sequence, timestamp, source, payload = parse(data)
    except PeerError:
        return
    assert len(payload) <= len(data) - HEADER_BYTES
    assert payload in data
    assert (payload_type | 0x80, sequence) == (data[1] | 0x80, int.from_bytes(data[2:4], "big"))
    assert (timestamp, source) == (int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:12], "big"))


@pytest.mark.parametrize(("second", "expected"), [(111, False), (239, False), (200, True), (207, True), (191, False)])
def test_rtcp_is_told_from_rtp_by_its_second_byte(second: int, expected: bool) -> None:
    assert is_rtcp(bytes([0x80, second])) is expected
    assert not is_rtcp(b"\x80")
    assert not is_rtcp(b"")


def test_numbers_outside_their_fields_are_a_bug_and_seen() -> None:
    for wrong in ((111, False, 1 << 16, 0, 0, b""), (111, False, -1, 0, 0, b""), (300, False, 0, 0, 0, b"")):
        with pytest.raises(struct.error):
            build(*wrong)

"""RTCP: what is written is read again and by aiortc, and made-up bytes are refused."""

from __future__ import annotations

import pytest
from aiortc.rtp import RtcpByePacket, RtcpPacket, RtcpRrPacket, RtcpSdesPacket, RtcpSrPacket
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import PeerError
from openline.media.rtcp import Block, Sent, goodbye, middle, ntp_time, parse, report

WORDS = st.integers(0, 2**32 - 1)
BLOCKS = st.builds(Block, WORDS, st.integers(0, 255), st.integers(-(2**23), 2**23 - 1), WORDS, WORDS, WORDS, WORDS)
SENT = st.builds(Sent, WORDS, st.integers(0, 2**64 - 1), WORDS, WORDS, WORDS)

BLOCK = Block(0xE9, 12, 34, 56, 78, 90, 12)
OURS = Sent(0x101, ntp_time(1.5), 960, 3, 120)


@given(st.lists(SENT, max_size=9), st.lists(BLOCKS, max_size=31))
def test_what_is_reported_is_read(sent: list[Sent], blocks: list[Block]) -> None:
    told = parse(report(7, sent, blocks, "openline"))
    assert (told.sent, told.blocks, told.left) == (sent, blocks, [])


@given(st.lists(WORDS, max_size=31))
def test_goodbyes_are_read(sources: list[int]) -> None:
    assert parse(goodbye(7, sources, "openline")).left == sources


def test_aiortc_reads_the_same() -> None:
    sender, names = RtcpPacket.parse(report(7, [OURS], [BLOCK], "openline"))
    assert isinstance(sender, RtcpSrPacket)
    assert (sender.ssrc, sender.sender_info.ntp_timestamp) == (0x101, 0x1_8000_0000)
    assert (sender.sender_info.rtp_timestamp, sender.sender_info.packet_count) == (960, 3)
    assert (sender.reports[0].fraction_lost, sender.reports[0].packets_lost) == (12, 34)
    assert isinstance(names, RtcpSdesPacket)
    assert [(chunk.ssrc, chunk.items) for chunk in names.chunks] == [(0x101, [(1, b"openline")])]
    receiver, *_ = RtcpPacket.parse(report(7, [], [BLOCK], "openline"))
    assert isinstance(receiver, RtcpRrPacket)
    assert receiver.ssrc == 7
    *_, bye = RtcpPacket.parse(goodbye(7, [0x101, 0x102], "openline"))
    assert isinstance(bye, RtcpByePacket)
    assert bye.sources == [0x101, 0x102]


def test_losses_and_counts_beyond_their_fields_do_not_break_a_report() -> None:
    heavy = Block(1, 255, 1 << 30, 1 << 40, 0, 0, 0)
    told = parse(report(7, [Sent(1, 0, 0, 1 << 40, 1 << 33)], [heavy], "openline"))
    assert told.blocks[0].lost == (1 << 23) - 1
    assert told.sent[0].packets == 0


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("half a head", b"\x80\xc9\x00"),
        ("version 1", b"\x40\xc9\x00\x00"),
        ("longer than it is", b"\x80\xc9\x00\x09" + bytes(8)),
        ("a sender report without a sender", b"\x80\xc8\x00\x00"),
        ("a receiver report without a receiver", b"\x80\xc9\x00\x00"),
        ("blocks that are not there", b"\x9f\xc9\x00\x01" + bytes(4)),
        ("goodbyes that are not there", b"\x9f\xcb\x00\x01" + bytes(4)),
        ("padding of nothing", b"\xa0\xcb\x00\x01" + bytes(4)),
        ("padding longer than the packet", b"\xa0\xcb\x00\x01" + bytes(3) + b"\x05"),
        ("padding without a body", b"\xa0\xcb\x00\x00"),
        ("something behind the last packet", goodbye(7, [], "x") + b"\x80\xc9"),
    ],
)
def test_what_is_not_rtcp_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(PeerError) as refused:
        parse(data)
    assert (refused.value.message_id, refused.value.facts) == ("rtcp-wrong", {"size": len(data)}), name


def test_padding_is_taken_off() -> None:
    assert parse(b"\xa1\xcb\x00\x02" + b"\0\0\0\x05" + b"\0\0\0\x04").left == [5]


def test_packets_of_other_kinds_are_passed_over() -> None:
    feedback = b"\x81\xcd\x00\x02" + bytes(8)
    assert parse(feedback + goodbye(7, [5], "x")).left == [5]


@pytest.mark.fuzz
@given(st.binary(max_size=120) | st.binary(max_size=80).map(lambda data: b"\x81\xc8\x00\x0c" + data))
def test_made_up_bytes_are_read_or_refused_and_nothing_else(data: bytes) -> None:
    try:
        told = parse(data)
    except PeerError:
        return
    assert 24 * len(told.blocks) + 24 * len(told.sent) + 4 * len(told.left) <= len(data)


def test_reports_refer_to_reports_by_the_middle_of_the_time() -> None:
    assert middle(ntp_time(2.5)) == 2 << 16 | 0x8000
    assert ntp_time(2.0**32 + 1) == 1 << 32, "the clock goes round after 136 years"

"""RTCP packets (RFC 3550 section 6): what a leg must tell a browser, and what it wants to hear from one.

Written: sender and receiver reports, a name for every source, goodbye; always compound, as the RFC asks of whoever
has not agreed on less. Read: sender reports, report blocks and goodbyes; everything else is skipped by its length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from struct import Struct

from openline.base.errors import PeerError

_VERSION = 0x80
_VERSION_BITS = 0xC0
_PADDED = 0x20
_COUNT_BITS = 0x1F
_SENDER_REPORT = 200
_RECEIVER_REPORT = 201
_NAMES = 202
_GOODBYE = 203
_CNAME = 1
_SECOND = 1 << 32

_HEADER = Struct("!BBH")
_SOURCE = Struct("!I")
_SENT = Struct("!IQIII")
_BLOCK = Struct("!IB3sIIII")


@dataclass(frozen=True, slots=True)
class Sent:
    """What a sender says of its own stream: the clock in NTP format (64 bits), the timestamp at that moment, counts."""

    source: int
    ntp: int
    timestamp: int
    packets: int
    octets: int


@dataclass(frozen=True, slots=True)
class Block:
    """What a receiver says of one source. `fraction_lost` is of 256; times are in 1/65,536 s (RFC 3550 6.4.1)."""

    source: int
    fraction_lost: int
    lost: int
    highest: int
    jitter: int
    last_report: int
    since_last_report: int


@dataclass(slots=True)
class Told:
    """What one compound packet says."""

    sent: list[Sent] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    left: list[int] = field(default_factory=list)


def ntp_time(seconds: float) -> int:
    """A clock in NTP format. Any steady clock will do: it only relates the streams of one sender (RFC 3550 6.4.1)."""
    return int(seconds * _SECOND) % (1 << 64)


def middle(ntp: int) -> int:
    """The middle 32 bits, by which reports refer to reports."""
    return ntp >> 16 & 0xFFFFFFFF


def report(own: int, sent: Sequence[Sent], blocks: Sequence[Block], name: str) -> bytes:
    """One compound packet of the reporter `own`: what it has sent, what it has heard, and `name` for its sources.

    Whoever has sent nothing reports what it heard alone. At most 31 blocks.
    """
    told = b"".join(_block(block) for block in blocks)
    if sent:
        packets = [_sender_report(sent[0], told, len(blocks))]
        packets += [_sender_report(one, b"", 0) for one in sent[1:]]
        sources = [one.source for one in sent]
    else:
        packets = [_packet(_RECEIVER_REPORT, len(blocks), _SOURCE.pack(own) + told)]
        sources = [own]
    return b"".join(packets) + _names(sources, name)


def goodbye(own: int, sources: Sequence[int], name: str) -> bytes:
    """The last packet of `sources` (at most 31), as RFC 3550 section 6.6 wants it: after a report."""
    empty = _packet(_RECEIVER_REPORT, 0, _SOURCE.pack(own))
    return empty + _names([own], name) + _packet(_GOODBYE, len(sources), b"".join(map(_SOURCE.pack, sources)))


def parse(data: bytes) -> Told:
    """What a compound packet says. Raises PeerError when a length in it points outside it, or it is no RTCP."""
    told, at = Told(), 0
    while at < len(data):
        if at + 4 > len(data):
            raise PeerError("rtcp-wrong", size=len(data))
        first, kind, words = _HEADER.unpack_from(data, at)
        end = at + 4 + 4 * words
        if first & _VERSION_BITS != _VERSION or end > len(data):
            raise PeerError("rtcp-wrong", size=len(data))
        body = data[at + 4 : _without_padding(data, first, at + 4, end)]
        _hear(told, kind, first & _COUNT_BITS, body, len(data))
        at = end
    return told


def _without_padding(data: bytes, first: int, start: int, end: int) -> int:
    if not first & _PADDED:
        return end
    padding = data[end - 1] if end > start else 0
    if not padding or padding > end - start:
        raise PeerError("rtcp-wrong", size=len(data))
    return end - padding


def _hear(told: Told, kind: int, count: int, body: bytes, size: int) -> None:
    if kind == _SENDER_REPORT:
        start = _SENT.size
        _check(len(body) >= start + count * _BLOCK.size, size)
        told.sent.append(Sent(*_SENT.unpack_from(body)))
        _hear_blocks(told, count, body, start)
    elif kind == _RECEIVER_REPORT:
        start = _SOURCE.size
        _check(len(body) >= start + count * _BLOCK.size, size)
        _hear_blocks(told, count, body, start)
    elif kind == _GOODBYE:
        _check(len(body) >= count * _SOURCE.size, size)
        told.left += [int.from_bytes(body[4 * index : 4 * index + 4], "big") for index in range(count)]


def _hear_blocks(told: Told, count: int, body: bytes, start: int) -> None:
    for index in range(count):
        source, fraction, lost, *rest = _BLOCK.unpack_from(body, start + index * _BLOCK.size)
        told.blocks.append(Block(source, fraction, int.from_bytes(lost, "big", signed=True), *rest))


def _check(enough: bool, size: int) -> None:
    if not enough:
        raise PeerError("rtcp-wrong", size=size)


def _packet(kind: int, count: int, body: bytes) -> bytes:
    return _HEADER.pack(_VERSION | count, kind, len(body) // 4) + body


def _sender_report(sent: Sent, told: bytes, count: int) -> bytes:
    body = _SENT.pack(
        sent.source, sent.ntp, sent.timestamp, sent.packets & 0xFFFFFFFF, sent.octets & 0xFFFFFFFF
    )  # both counts wrap (RFC 3550 6.4.1)
    return _packet(_SENDER_REPORT, count, body + told)


def _block(block: Block) -> bytes:
    lost = max(-(1 << 23), min(block.lost, (1 << 23) - 1)).to_bytes(3, "big", signed=True)
    return _BLOCK.pack(
        block.source,
        block.fraction_lost,
        lost,
        block.highest & 0xFFFFFFFF,
        block.jitter,
        block.last_report,
        block.since_last_report,
    )


def _names(sources: Sequence[int], name: str) -> bytes:
    """One name for all: they belong to one clock, so the browser may play them in step (RFC 3550 6.5.1)."""
    item = bytes([_CNAME, len(name)]) + name.encode("ascii") + b"\0"
    item += bytes(-len(item) % 4)
    return _packet(_NAMES, len(sources), b"".join(_SOURCE.pack(source) + item for source in sources))

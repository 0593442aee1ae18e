"""Headers of RTP packets (RFC 3550 section 5.1), read strictly and written plainly, as fast as Python allows.

Shared by every leg: SRTP is taken off before and put on after. Nothing here keeps state or knows a codec. Contributing
sources and header extensions are skipped, and never written.
"""

from __future__ import annotations

from struct import Struct

from openline.base.errors import PeerError
from openline.voice.frame import PAYLOAD_BYTES_MAX

HEADER_BYTES = 12
"""What `build` puts before the payload."""

Parsed = tuple[int, bool, int, int, int, bytes]
"""Payload type, marker, sequence, timestamp, synchronisation source, payload."""

_HEADER = Struct("!BBHII")
_VERSION = 0x80
_VERSION_BITS = 0xC0
_PADDED = 0x20
_EXTENDED = 0x10
_SOURCES_BITS = 0x0F
_MARKER = 0x80
_TYPE_BITS = 0x7F
_EXTENSION_BYTES = 4


def is_rtcp(data: bytes) -> bool:
    """Whether a packet of a port shared by RTP and RTCP is RTCP (RFC 5761 section 4)."""
    return len(data) > 1 and 192 <= data[1] <= 223


def parse(data: bytes) -> Parsed:
    """The values of one packet, its payload without padding; the payload may be empty.

    Raises PeerError when it is no RTP of version 2, when a length in it points outside it, or when the payload is
    longer than any frame of sound.
    """
    if len(data) < HEADER_BYTES:
        raise PeerError("rtp-wrong", size=len(data))
    first, second, sequence, timestamp, source = _HEADER.unpack_from(data)
    if first == _VERSION:
        payload = data[HEADER_BYTES:]
    elif first & _VERSION_BITS == _VERSION:
        payload = _payload(data, first)
    else:
        raise PeerError("rtp-wrong", size=len(data))
    if len(payload) > PAYLOAD_BYTES_MAX:
        raise PeerError("rtp-wrong", size=len(data))
    return second & _TYPE_BITS, second >= _MARKER, sequence, timestamp, source, payload


def build(payload_type: int, marker: bool, sequence: int, timestamp: int, source: int, payload: bytes) -> bytes:
    """One packet. Numbers outside their fields are a bug of the caller and raise struct.error."""
    second = payload_type | _MARKER if marker else payload_type
    return _HEADER.pack(_VERSION, second, sequence, timestamp, source) + payload


def _payload(data: bytes, first: int) -> bytes:
    """The payload of a packet that has contributing sources, an extension or padding."""
    start, end = HEADER_BYTES + 4 * (first & _SOURCES_BITS), len(data)
    if first & _EXTENDED:
        words = int.from_bytes(data[start + 2 : start + _EXTENSION_BYTES], "big")
        start += _EXTENSION_BYTES + 4 * words
    if first & _PADDED:
        if not data[-1]:
            raise PeerError("rtp-wrong", size=len(data))
        end -= data[-1]
    if start > end:
        raise PeerError("rtp-wrong", size=len(data))
    return data[start:end]

"""What one datagram between nodes holds inside its SRTP protection. Spec: docs/spec/voice.md.

SOUND is the newest frame of one stream and copies of earlier ones; REPORT is what arrived on each path; PROBE is
sent where nothing else is, so that a silent path stays measured. Every value has exactly one encoding. The decoder
answers a value or PeerError; who reads datagrams drops one that is wrong, counts it, and keeps the path.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from hashlib import sha256
from struct import Struct

from openline.base.errors import PeerError, UsageError
from openline.base.limits import VOICE_COPIES_MAX, VOICE_DATAGRAM_BYTES_MAX, VOICE_PATHS_MAX
from openline.voice.frame import PAYLOAD_BYTES_MAX, SEQUENCES, TIMESTAMPS, Codec, Frame

VERSION = 1
RUN_MAX = 255
WIRE_OFFSET_MAX = 255
WIRE_AGE_MAX = 65_535

_HEAD = Struct(">BBBHHI")  # version and kind, shape, run, stream, sequence, timestamp
_COPY = Struct(">BHH")  # offset, age, marker and size
_REPORT = Struct(">BHBII")  # version and kind, number, paths, frames, lost
_RECEPTION = Struct(">IBIIIII")  # path, heard, highest, received, lost, bursts, held

_PATH_BYTES = 4
_MARKER, _CODEC_SHIFT, _CODEC_BITS, _COPIES_BITS = 0x80, 4, 0x07, 0x0F
_COPY_MARKER, _COPY_SIZE_BITS = 0x8000, 0x7FFF


class Kind(IntEnum):
    """What a datagram is; the low half of its first byte."""

    SOUND = 1
    REPORT = 2
    PROBE = 3


@dataclass(frozen=True, slots=True)
class Sound:
    """The newest frame of a stream and earlier ones again, the nearest first.

    `run` is how many frames right before the newest were sent as well (255: that many or more): what the sender
    never had, or kept back at a closed gate, is no loss. Copies have the stream and the codec of the newest.
    """

    newest: Frame
    copies: tuple[Frame, ...] = ()
    run: int = 0


@dataclass(frozen=True, slots=True)
class Reception:
    """What arrived on one path since it has its keys. Counters are modulo 2^32.

    `path` is the path's `path_number`. `highest` is the highest SRTP sequence number, extended; `held_us` is how long
    ago it arrived, which makes it the echo of a round trip. `lost` came in `bursts` runs. `heard` is whether the path
    is not silent.
    """

    path: int
    heard: bool
    highest: int
    received: int
    lost: int
    bursts: int
    held_us: int


@dataclass(frozen=True, slots=True)
class Report:
    """What arrived, by path, and over all of them: of `frames` sent, `lost` came neither themselves nor as copies."""

    number: int
    frames: int
    lost: int
    paths: tuple[Reception, ...]


@dataclass(frozen=True, slots=True)
class Probe:
    """A datagram for its own sake: its sequence number is counted and comes back in a report."""


Datagram = Sound | Report | Probe


@lru_cache(maxsize=256)
def path_number(name: str) -> int:
    """The number of a path in reports: the first four bytes of the SHA-256 of its name. Nobody has to agree on it."""
    return int.from_bytes(sha256(name.encode()).digest()[:_PATH_BYTES], "big")


def encode(datagram: Datagram) -> bytes:
    """The bytes of a datagram, at most VOICE_DATAGRAM_BYTES_MAX.

    Raises UsageError when the newest frame alone is too large, or has no payload; copies are fitted before, by
    `fitting`.
    """
    data = _written(datagram)
    assert len(data) <= VOICE_DATAGRAM_BYTES_MAX
    return data


def fitting(newest: Frame, copies: tuple[Frame, ...]) -> tuple[Frame, ...]:
    """As many of `copies`, the nearest first, as fit beside `newest`: the oldest are left out."""
    room = VOICE_DATAGRAM_BYTES_MAX - _HEAD.size - len(newest.payload)
    for count, copy in enumerate(copies[:VOICE_COPIES_MAX]):
        room -= _COPY.size + len(copy.payload)
        if room < 0:
            return copies[:count]
    return copies[:VOICE_COPIES_MAX]


def decode(data: bytes) -> Datagram:
    """The datagram in `data`. Raises PeerError for anything that `encode` does not write."""
    if len(data) > VOICE_DATAGRAM_BYTES_MAX:
        raise PeerError("voice-datagram-too-large", size=len(data), limit=VOICE_DATAGRAM_BYTES_MAX)
    if not data or data[0] >> 4 != VERSION:
        raise _wrong("version")
    match data[0] & 0x0F:
        case Kind.SOUND:
            return _read_sound(data)
        case Kind.REPORT:
            return _read_report(data)
        case Kind.PROBE if len(data) == 1:
            return Probe()
    raise _wrong("kind")


def _written(datagram: Datagram) -> bytes:
    match datagram:
        case Sound():
            return _sound(datagram)
        case Report():
            return _report(datagram)
        case Probe():
            return bytes((VERSION << 4 | Kind.PROBE,))


def _sound(sound: Sound) -> bytes:
    newest = sound.newest
    if not 0 < len(newest.payload) <= VOICE_DATAGRAM_BYTES_MAX - _HEAD.size:
        limit = VOICE_DATAGRAM_BYTES_MAX - _HEAD.size
        raise UsageError("voice-frame-wrong-size", size=len(newest.payload), limit=limit)
    shape = _MARKER * newest.marker | newest.codec << _CODEC_SHIFT | len(sound.copies)
    first = VERSION << 4 | Kind.SOUND
    parts = [_HEAD.pack(first, shape, sound.run, newest.stream, newest.sequence, newest.timestamp)]
    for copy in sound.copies:
        offset = (newest.sequence - copy.sequence) % SEQUENCES
        age = (newest.timestamp - copy.timestamp) % TIMESTAMPS
        parts += _COPY.pack(offset, age, _COPY_MARKER * copy.marker | len(copy.payload)), copy.payload
    parts.append(newest.payload)
    return b"".join(parts)


def _read_sound(data: bytes) -> Sound:
    if len(data) <= _HEAD.size:
        raise _wrong("size")
    _, shape, run, stream, sequence, timestamp = _HEAD.unpack_from(data)
    try:
        codec = Codec(shape >> _CODEC_SHIFT & _CODEC_BITS)
    except ValueError:
        raise _wrong("codec") from None
    copies, place = [], _HEAD.size
    for offset, age, marker, payload in _read_copies(data, shape & _COPIES_BITS):
        place += _COPY.size + len(payload)
        then = (sequence - offset) % SEQUENCES, (timestamp - age) % TIMESTAMPS
        copies.append(Frame(stream, *then, marker, codec, payload))
    payload = data[place:]
    if not payload:
        raise _wrong("size")
    return Sound(Frame(stream, sequence, timestamp, bool(shape & _MARKER), codec, payload), tuple(copies), run)


def _read_copies(data: bytes, count: int) -> Iterator[tuple[int, int, bool, bytes]]:
    """Offset, age, marker and payload of each copy; both offset and age rise from one to the next."""
    place, last_offset, last_age = _HEAD.size, 0, 0
    for _ in range(count):
        if place + _COPY.size > len(data):
            raise _wrong("size")
        offset, age, size = _COPY.unpack_from(data, place)
        marker, size = bool(size & _COPY_MARKER), size & _COPY_SIZE_BITS
        place += _COPY.size
        if not last_offset < offset or not last_age < age:
            raise _wrong("order of copies")
        if not 0 < size <= PAYLOAD_BYTES_MAX or place + size > len(data):
            raise _wrong("size")
        yield offset, age, marker, data[place : place + size]
        place, last_offset, last_age = place + size, offset, age


def _report(report: Report) -> bytes:
    head = _REPORT.pack(VERSION << 4 | Kind.REPORT, report.number, len(report.paths), report.frames, report.lost)
    return head + b"".join(
        _RECEPTION.pack(one.path, one.heard, one.highest, one.received, one.lost, one.bursts, one.held_us)
        for one in report.paths
    )


def _read_report(data: bytes) -> Report:
    if len(data) < _REPORT.size:
        raise _wrong("size")
    _, number, count, frames, lost = _REPORT.unpack_from(data)
    if not 0 < count <= VOICE_PATHS_MAX or len(data) != _REPORT.size + count * _RECEPTION.size:
        raise _wrong("size")
    paths, last = [], -1
    for path, heard, *counters in _RECEPTION.iter_unpack(data[_REPORT.size :]):
        if path <= last or heard > 1:
            raise _wrong("path")
        paths.append(Reception(path, bool(heard), *counters))
        last = path
    return Report(number, frames, lost, tuple(paths))


def _wrong(detail: str) -> PeerError:
    return PeerError("voice-datagram-wrong", detail=detail)

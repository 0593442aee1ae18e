"""What the two ends of a path say to each other beside sound: probes, answers, and the words on the TLS stream.

Everything here comes from the other end of an authenticated session; what cannot be read is None, and is dropped
and counted. Spec: docs/spec/voice-wire.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from struct import Struct, error

from openline.base.limits import WIRE_PAYLOAD_BYTES_MAX

_PROBE = Struct("!IQ")
_SOUND = Struct("!BH")
_EPOCH = Struct("!BI")
_PORT = Struct("!BH")


@dataclass(frozen=True, slots=True)
class Probe:
    """A probe or its answer: 12 bytes.

    `count` of a probe is how many datagrams of this session the sender has sent, this one included; of an answer, how
    many the receiver has taken. 0 on the stream.
    """

    number: int
    count: int

    def encode(self) -> bytes:
        """The 12 bytes: number (u32), count (u64)."""
        return _PROBE.pack(self.number, self.count)


def decode_probe(data: bytes) -> Probe | None:
    """A probe or an answer; None when it is neither."""
    return Probe(*_PROBE.unpack(data)) if len(data) == _PROBE.size else None


class Word(IntEnum):
    """The first byte of what goes over the stream."""

    SOUND = 0
    PROBE = 1
    ANSWER = 2
    PORT = 3
    RENEW = 4
    EPOCH = 5


@dataclass(frozen=True, slots=True)
class Sound:
    """Sound on the stream, with its sequence number on the path (16 bits)."""

    sequence: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """A probe (`answer` false) or its answer, on the stream."""

    probe: Probe
    answer: bool


@dataclass(frozen=True, slots=True)
class Port:
    """The sender takes datagrams at this UDP port; 0: at none."""

    port: int


@dataclass(frozen=True, slots=True)
class Renew:
    """The sender cannot tell old datagrams from new ones: begin a new epoch, and say which."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """The sender's datagrams are of this epoch or later from now on."""

    epoch: int


Said = Sound | Asked | Port | Renew | Epoch


def encode_word(said: Said) -> bytes:
    """As it goes over the stream."""
    match said:
        case Sound(sequence, payload):
            return _SOUND.pack(Word.SOUND, sequence) + payload
        case Asked(probe, answer):
            return bytes([Word.ANSWER if answer else Word.PROBE]) + probe.encode()
        case Port(port):
            return _PORT.pack(Word.PORT, port)
        case Renew():
            return bytes([Word.RENEW])
        case Epoch(epoch):
            return _EPOCH.pack(Word.EPOCH, epoch)


def decode_word(data: bytes) -> Said | None:
    """What came over the stream; None when it is nothing we know."""
    if not data or len(data) > _SOUND.size + WIRE_PAYLOAD_BYTES_MAX:
        return None
    try:
        return _decode(data)
    except error:
        return None


def _decode(data: bytes) -> Said | None:
    """Raises struct.error when the length is wrong."""
    match data[0]:
        case Word.SOUND:
            return Sound(_SOUND.unpack_from(data)[1], data[_SOUND.size :])
        case Word.PROBE | Word.ANSWER:
            return Asked(Probe(*_PROBE.unpack(data[1:])), data[0] == Word.ANSWER)
        case Word.PORT:
            return Port(_PORT.unpack(data)[1])
        case Word.RENEW:
            return Renew() if len(data) == 1 else None
        case Word.EPOCH:
            return Epoch(_EPOCH.unpack(data)[1])
        case _:
            return None

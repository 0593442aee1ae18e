"""One frame of sound as it goes from leg to leg: never decoded, never held.

A leg is where somebody speaks and listens: a browser, a desk phone. Sequence number and timestamp stay as the leg
that heard the speaker gave them, so that a loss is seen by whoever plays the sound, and by nobody before.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

SEQUENCES = 1 << 16
"""Sequence numbers count frames modulo this (RFC 3550)."""

TIMESTAMPS = 1 << 32
"""Timestamps count samples modulo this."""

PAYLOAD_BYTES_MAX = 1_275
"""The longest Opus frame (RFC 6716 section 3.2.1); 20 ms of the other codecs are shorter."""


class Codec(IntEnum):
    """How the payload is coded. OPUS has timestamps of 48 kHz; the others, which phones speak, of 8 kHz."""

    OPUS = 0
    PCMU = 1
    PCMA = 2
    G722 = 3


@dataclass(frozen=True, slots=True)
class Frame:
    """`stream` numbers the speaker's leg within the call (16 bits); `marker` begins a talk spurt (RFC 3551)."""

    stream: int
    sequence: int
    timestamp: int
    marker: bool
    codec: Codec
    payload: bytes


def ahead(sequence: int, of: int) -> int:
    """How far `sequence` is ahead of `of`, by the shorter way round: -32,768 to 32,767."""
    return (sequence - of + SEQUENCES // 2) % SEQUENCES - SEQUENCES // 2

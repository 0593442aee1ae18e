"""The keys of sound between two nodes, made from a TLS session's exporter. Spec: docs/spec/voice-wire.md.

Each direction of each session has a root of its own and an SSRC, by which a receiver finds the session. A root makes
one SRTP key for each epoch, and an epoch ends where the sequence number of SRTP would wrap: nobody ever has to guess
a rollover counter (RFC 3711 section 3.3.1), however many datagrams a blocked path has swallowed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

EXPORTER_LABEL = b"EXPORTER-openline-voice"
SECRET_BYTES = 72
"""What is taken from the exporter: two times a root (32) and an SSRC (4), the dialler's first."""

EPOCHS = 1 << 32
"""Epochs of one direction of one session. A hand-over of the session to another sender begins 65,536 further on."""

_ROOT_BYTES = 32
_SSRC_BYTES = 4
_KEY_BYTES = 44  # AES-256 key 32, salt 12 (RFC 7714 section 12)
_INFO = b"openline voice epoch "


class Exporter(Protocol):
    """What of a transport.Session makes keys."""

    @property
    def dialled(self) -> bool:
        """Whether we dialled it."""

    def exporter(self, label: bytes, length: int) -> bytes:
        """`length` secret bytes for `label` that only the two ends can make."""


@dataclass(frozen=True, slots=True)
class Direction:
    """What protects one direction of one session: a root of 32 bytes, and the SSRC that its datagrams carry."""

    ssrc: int
    root: bytes = field(repr=False)

    def key(self, epoch: int) -> bytes:
        """SRTP master key and salt (32 and 12 bytes) of an epoch."""
        assert 0 <= epoch < EPOCHS
        return HKDFExpand(SHA256(), _KEY_BYTES, _INFO + epoch.to_bytes(4, "big")).derive(self.root)


@dataclass(frozen=True, slots=True)
class WireKeys:
    """Both directions of one session, seen from one end."""

    ours: Direction
    theirs: Direction


def voice_secret(session: Exporter) -> bytes:
    """What a node takes from a session and hands to whoever carries its sound: SECRET_BYTES bytes."""
    return session.exporter(EXPORTER_LABEL, SECRET_BYTES)


def wire_keys(secret: bytes, dialled: bool) -> WireKeys:
    """The keys of a session whose exporter gave `secret`, for the end that dialled it or the other."""
    assert len(secret) == SECRET_BYTES
    half = SECRET_BYTES // 2
    dialler, listener = _direction(secret[:half]), _direction(secret[half:])
    return WireKeys(dialler, listener) if dialled else WireKeys(listener, dialler)


def _direction(half: bytes) -> Direction:
    assert len(half) == _ROOT_BYTES + _SSRC_BYTES
    return Direction(int.from_bytes(half[_ROOT_BYTES:], "big"), half[:_ROOT_BYTES])

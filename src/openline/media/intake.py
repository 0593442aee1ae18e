"""What comes in at the sockets of a leg, sorted before anybody works on it (RFC 7983).

Anybody can send anything to a UDP port. Sound and RTCP go straight to the leg, which unlocks them with its keys; the
rest goes to aioice, which would stumble over some of it: over a STUN message whose attribute is cut short, over an
empty or an oversize datagram. Handshake bytes pass only from the place agreed on.
"""

from __future__ import annotations

import asyncio
import struct
from typing import Protocol

from openline.base.limits import LEG_DATAGRAM_BYTES_MAX


class Inside(Protocol):
    """The leg behind its sockets."""

    def is_peer(self, place: tuple[str, int]) -> bool:
        """Whether `place` is the browser's, as agreed on."""

    def take(self, data: bytes) -> None:
        """SRTP or SRTCP has come, from wherever."""

    def alive(self) -> None:
        """The browser's place has asked whether we are still there."""

    def drop(self, why: str) -> None:
        """A datagram was not even looked at."""


class Intake(asyncio.DatagramProtocol):
    """Stands before `inner`, the protocol of aioice, at one socket."""

    def __init__(self, inner: asyncio.DatagramProtocol, inside: Inside) -> None:
        self._inner = inner
        self._inside = inside

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Sort by the first byte (RFC 7983 section 7)."""
        first = data[0] if data else 255
        if len(data) > LEG_DATAGRAM_BYTES_MAX:
            self._inside.drop("size")
        elif 128 <= first <= 191:
            self._inside.take(data)
        elif first <= 3:
            self._stun(data, addr)
        elif 20 <= first <= 63 and self._inside.is_peer(addr[:2]):
            self._inner.datagram_received(data, addr)
        else:
            self._inside.drop("kind")

    def error_received(self, exc: Exception) -> None:
        """The system says that something sent did not arrive: aioice notes it, and the checks will tell."""
        self._inner.error_received(exc)

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is closed."""
        self._inner.connection_lost(exc)

    def _stun(self, data: bytes, addr: tuple[str, int]) -> None:
        try:
            self._inner.datagram_received(data, addr)
        except (struct.error, ValueError, KeyError, AssertionError):  # all of them seen from made-up messages
            self._inside.drop("kind")
            return
        if self._inside.is_peer(addr[:2]):
            self._inside.alive()

"""What every transport offers and expects: sessions, who receives from them, and the rules of a path.

A session is one authenticated connection with one party on one path. Everything here happens on one event loop;
nothing is called from another thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Protocol

from openline.base.limits import (
    DIAL_BACKOFF_MAX_US,
    DIAL_BACKOFF_METERED_MAX_US,
    DOWN_AFTER_US,
    SESSIONS_PER_PATH_MAX,
)
from openline.base.time import SECOND_US

Host = tuple[str, int]
"""An end of a TCP connection: a numeric address, with its scope where IPv6 needs one (`fe80::1%2`), and a port."""

Who = Callable[[bytes], str | None]
"""The party whose TLS key has this SPKI digest (SHA-256, 32 bytes); None for a stranger."""

_numbers = count(1)


def next_number() -> int:
    """The number of a new session. This counter of the process is its one owner: no number is given twice."""
    return next(_numbers)


@dataclass(frozen=True, slots=True)
class Rules:
    """How a path is used. Both ends declare the same.

    `low_rate` allows the key exchange P-256, which saves 7 s at 2400 bit/s and gives up post-quantum secrecy;
    a dialled low-rate path offers nothing else. `sessions` are kept up at once on each path. `source` is the own
    address to dial from, where it matters which cable the path takes. `silent_us` is how long sent bytes may
    stay unanswered before the session counts as broken.

    A listener lets strangers knock `knocks_burst` times from one address and then once each `knock_refill_us`, holds
    `handshakes_max` handshakes at once, and `party_sessions_max` sessions of one party (for all its lines).
    """

    low_rate: bool = False
    metered: bool = False
    sessions: int = 1
    source: str | None = None
    connect_us: int = 15 * SECOND_US
    handshake_us: int = 30 * SECOND_US
    silent_us: int = DOWN_AFTER_US
    handshakes_max: int = 64
    knocks_burst: int = 32
    knock_refill_us: int = SECOND_US // 2
    party_sessions_max: int = 8 * SESSIONS_PER_PATH_MAX
    backlog_bytes_max: int = 8 * 1_048_576

    @property
    def backoff_max_us(self) -> int:
        """The longest pause between two attempts to dial."""
        return DIAL_BACKOFF_METERED_MAX_US if self.metered else DIAL_BACKOFF_MAX_US


@dataclass(frozen=True, slots=True)
class Target:
    """Whom to dial: a party, on a path, at an address `host:port` (`[v6]:port`)."""

    party: str
    path: str
    address: str


class Session(Protocol):
    """One authenticated connection with `peer` on `path`; `dialled` says whether we dialled it.

    `number` is never used again in this process.
    """

    @property
    def number(self) -> int:
        """The number of this session."""

    @property
    def peer(self) -> str:
        """The party id of the other end, proved by its pinned key."""

    @property
    def path(self) -> str:
        """The name of the path."""

    @property
    def dialled(self) -> bool:
        """Whether we dialled it."""

    @property
    def own(self) -> Host:
        """Our end of the connection."""

    @property
    def theirs(self) -> Host:
        """The other end, or the relay between."""

    @property
    def backlog_bytes(self) -> int:
        """How many bytes were given to `send` and not yet taken by the system."""

    def send(self, data: bytes) -> None:
        """Put one or more whole frames, with their lengths, on the wire. Never blocks and never fails.

        What is sent in one turn of the event loop leaves together, at its end or with `flush`. After the end of the
        session it is dropped: the record knows what the peer has not receipted.
        """

    def flush(self) -> None:
        """Put on the wire now what was sent: nothing more comes in this turn."""

    def pause(self) -> None:
        """Stop reading, so that the peer has to wait. Frames already read may still be handed over once."""

    def resume(self) -> None:
        """Read again."""

    def exporter(self, label: bytes, length: int) -> bytes:
        """`length` secret bytes for `label` that only the two ends of this session can know (RFC 8446 7.5)."""

    def close(self, reason: str) -> None:
        """End the session after what was sent; `reason` is a message id. `closed` follows in a later turn."""

    async def ended(self) -> str:
        """Wait for the end of the session, and return its reason."""


class Receiver(Protocol):
    """Who hears from sessions. Calls come from the event loop, one at a time: opened, frames ..., closed once."""

    def opened(self, session: Session) -> None:
        """`session` is up."""

    def frames(self, session: Session, frames: list[bytes]) -> None:
        """All frames that came whole in one read, without their lengths, in order; at least one."""

    def closed(self, session: Session, reason: str) -> None:
        """`session` is over; `reason` is a message id. Never called from inside `close`."""

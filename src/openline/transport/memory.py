"""Two ends of a session without a network: what tests of two nodes use instead of TLS.

Bytes are cut into frames with the same limits as on a wire, and reach the other end in a later turn, all that was
sent in one turn together. Nothing is encrypted; the keys of `exporter` come from a secret the pair is made with.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import shake_256
from typing import cast

from openline.base.errors import PeerError
from openline.transport.framing import Splitter
from openline.transport.session import Receiver, next_number

NOWHERE = ("127.0.0.1", 0)
"""Where both ends of such a session are: on this machine, at no port."""

Soon = Callable[[Callable[[], None]], object]
"""Runs a function in a later turn: `loop.call_soon`, or the append of a test's own list."""


@dataclass(frozen=True, slots=True)
class End:
    """One end of a pair: the party that sits there, and who hears what arrives."""

    party: str
    receiver: Receiver


class MemorySession:
    """A session (transport.session.Session) whose other end is an object in the same process."""

    other: MemorySession

    def __init__(self, end: End, peer: str, path: str, dialled: bool, soon: Soon) -> None:
        """Made by `pair`."""
        self.number = next_number()
        self.peer = peer
        self.path = path
        self.dialled = dialled
        self.own = self.theirs = NOWHERE
        self._receiver = end.receiver
        self._soon = soon
        self._splitter = Splitter()
        self._out: list[bytes] = []
        self._arrived: list[bytes] = []
        self._paused = False
        self._reason: str | None = None
        self._end = asyncio.Event()

    @property
    def backlog_bytes(self) -> int:
        """How many bytes were sent here that the other end has not read."""
        return sum(map(len, self._out)) + self.other.unread_bytes

    def send(self, data: bytes) -> None:
        """Put whole frames on the way; dropped when the session is over."""
        if self._reason is None:
            if not self._out:
                self._soon(self._flush)
            self._out.append(data)

    def flush(self) -> None:
        """Put it on the way at once."""
        self._flush()

    def pause(self) -> None:
        """Stop reading."""
        self._paused = True

    def resume(self) -> None:
        """Read again."""
        self._paused = False
        if self._arrived:
            self._soon(self._read)

    def exporter(self, label: bytes, length: int) -> bytes:
        """Bytes that both ends make alike."""
        low, high = sorted((self.number, self.other.number))
        return shake_256(b"%d %d %s" % (low, high, label)).digest(length)

    def close(self, reason: str) -> None:
        """End the session in good order: what was sent still arrives."""
        self._flush()
        self.end(reason)
        self._soon(lambda: self.other.end("session-ended"))

    def cut(self) -> None:
        """The wire breaks: what is on the way is lost, and both ends notice."""
        for session in (self, self.other):
            session.lose()
            session.end("session-broken")

    async def ended(self) -> str:
        """Wait for the end of the session, and return its reason."""
        await self._end.wait()
        return cast("str", self._reason)

    # What the other end calls

    @property
    def unread_bytes(self) -> int:
        """How many bytes have come and were not read."""
        return sum(map(len, self._arrived))

    def arrive(self, data: bytes) -> None:
        """`data` has come over the wire."""
        self._arrived.append(data)
        self._soon(self._read)

    def lose(self) -> None:
        """Forget what is on the way, in both directions."""
        self._arrived.clear()
        self._out.clear()

    def end(self, reason: str) -> None:
        """The session is over, if it was not already."""
        if self._reason is None:
            self._reason = reason
            self._soon(self._tell)

    def _flush(self) -> None:
        if self._out:
            self.other.arrive(b"".join(self._out))
            self._out.clear()

    def _read(self) -> None:
        if self._paused or self._reason is not None or not self._arrived:
            return
        data = b"".join(self._arrived)
        self._arrived.clear()
        try:
            frames = self._splitter.feed(data)
        except PeerError as why:
            self.close(why.message_id)
            return
        if frames:
            self._receiver.frames(self, frames)

    def _tell(self) -> None:
        self._receiver.closed(self, cast("str", self._reason))
        self._end.set()


def pair(dialling: End, answering: End, path: str, soon: Soon) -> tuple[MemorySession, MemorySession]:
    """Two ends of a new session, both open: `opened` has been told to both before this returns."""
    ours = MemorySession(dialling, answering.party, path, dialled=True, soon=soon)
    theirs = MemorySession(answering, dialling.party, path, dialled=False, soon=soon)
    ours.other, theirs.other = theirs, ours
    dialling.receiver.opened(ours)
    answering.receiver.opened(theirs)
    return ours, theirs

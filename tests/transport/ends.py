"""Two parties and a stranger with their TLS keys, a receiver that remembers, and sessions between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from openline.transport.profile import TlsIdentity
from openline.transport.session import Receiver, Rules, Session, Target
from openline.transport.tls import Listener, dial, listen

ALPHA, BRAVO, STRANGER = (TlsIdentity(bytes([n]) * 32) for n in (1, 2, 3))
PINS = {ALPHA.pin: "alpha.example", BRAVO.pin: "bravo.example"}
RULES = Rules()
ANYWHERE = "127.0.0.1:0"


class Log:
    """A receiver that keeps what it hears, and tells whoever waits."""

    def __init__(self) -> None:
        self.sessions: list[Session] = []
        self.reads: list[list[bytes]] = []
        self.reasons: list[str] = []
        self._news = asyncio.Event()

    @property
    def heard(self) -> list[bytes]:
        return [frame for read in self.reads for frame in read]

    def opened(self, session: Session) -> None:
        self.sessions.append(session)
        self._news.set()

    def frames(self, session: Session, frames: list[bytes]) -> None:
        self.reads.append(frames)
        self._news.set()

    def closed(self, session: Session, reason: str) -> None:
        self.reasons.append(reason)
        self._news.set()

    async def session(self) -> Session:
        """The first session, once it is up."""
        while not self.sessions:
            await self._next()
        return self.sessions[0]

    async def hears(self, count: int) -> list[bytes]:
        """The frames so far, once there are `count`."""
        while len(self.heard) < count:
            await self._next()
        return self.heard

    async def reason(self) -> str:
        """Why the first session ended, once it has."""
        while not self.reasons:
            await self._next()
        return self.reasons[0]

    async def _next(self) -> None:
        self._news.clear()
        await self._news.wait()


@dataclass(frozen=True, slots=True)
class Line:
    """Alpha has dialled bravo: a session from each side."""

    alpha: Session
    bravo: Session
    alpha_log: Log
    bravo_log: Log
    listener: Listener


def bravo_at(listener: Listener) -> Target:
    return Target("bravo.example", "fibre", f"127.0.0.1:{listener.port}")


@asynccontextmanager
async def bravo_listens(receiver: Receiver | None = None, rules: Rules = RULES) -> AsyncIterator[Listener]:
    listener = await listen(ANYWHERE, "fibre", BRAVO, PINS.get, receiver or Log(), rules)
    try:
        yield listener
    finally:
        listener.close()


@asynccontextmanager
async def line(rules: Rules = RULES, alpha_log: Log | None = None, bravo_log: Log | None = None) -> AsyncIterator[Line]:
    ours, theirs = alpha_log or Log(), bravo_log or Log()
    async with bravo_listens(theirs, rules) as listener:
        alpha = await dial(bravo_at(listener), ALPHA, PINS.get, ours, rules)
        bravo = await theirs.session()
        yield Line(alpha, bravo, ours, theirs, listener)
        alpha.close("stopping")
        bravo.close("stopping")
        await alpha.ended()
        await bravo.ended()


def framed(body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + body

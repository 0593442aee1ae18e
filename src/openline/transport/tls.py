"""The two ways to come to a TLS session: listen, or dial. Spec: docs/spec/transport.md."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass

from openline.base.errors import PathError
from openline.base.time import SECOND_US
from openline.transport.connection import TlsSession
from openline.transport.gate import Gate
from openline.transport.handshake import Terms
from openline.transport.profile import TlsIdentity
from openline.transport.session import Receiver, Rules, Session, Target, Who
from openline.transport.sockets import connected_socket, listening_socket


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call that came to no session: why, and when, in seconds of the event loop's clock."""

    why: PathError
    at_s: float


class Listener:
    """Answers calls at one address. It owns the handshakes under way there; sessions live on without it.

    A party holds a bounded number of sessions here: one more ends its oldest, which is most likely left over from
    before the peer lost its path.
    """

    def __init__(self, terms: Terms) -> None:
        """Made by `listen`."""
        rules = terms.rules
        self.path = terms.path
        self.port = 0
        self.last_refused: Refusal | None = None
        self._loop = asyncio.get_running_loop()
        self._server: asyncio.AbstractServer | None = None
        self._closed = False
        self._party_sessions_max = rules.party_sessions_max
        self._gate = Gate(rules.handshakes_max, rules.knocks_burst, rules.knock_refill_us)
        self._handshakes: dict[int, TlsSession] = {}
        self._sessions: dict[str, deque[TlsSession]] = {}
        self._refused: Counter[str] = Counter()

    @property
    def refused(self) -> Mapping[str, int]:
        """How many calls came to no session, by message id."""
        return self._refused

    async def start(self, own: socket.socket, terms: Terms) -> None:
        """Begin to answer at the listening socket `own`. For `listen`."""
        self.port = own.getsockname()[1]
        self._server = await self._loop.create_server(lambda: TlsSession(terms, self), sock=own)

    def close(self) -> None:
        """Answer no more, and drop the handshakes under way. Sessions that are up stay up."""
        self._closed = True
        if self._server is not None:
            self._server.close()
        for session in self._handshakes.values():
            session.abandon()
        self._handshakes.clear()

    def knocked(self, session: TlsSession, host: str) -> bool:
        """See connection.Owner."""
        if self._closed:  # the system had taken the call before we stopped to answer
            return False
        if not self._gate.knock(host, int(self._loop.time() * SECOND_US)):
            self._refuse(PathError("path-too-many-calls", path=self.path))
            return False
        self._handshakes[session.number] = session
        gone = self._gate.enter(session.number, host)
        if gone is None:
            return True
        self._refuse(PathError("path-too-many-calls", path=self.path))
        self._gate.leave(gone)
        self._handshakes.pop(gone).abandon()
        return gone != session.number

    def opened(self, session: TlsSession) -> None:
        """See connection.Owner."""
        del self._handshakes[session.number]
        self._gate.prove(session.number)
        held = self._sessions.setdefault(session.peer, deque())
        held.append(session)
        if len(held) > self._party_sessions_max:
            held.popleft().close("session-replaced")

    def failed(self, session: TlsSession, why: PathError) -> None:
        """See connection.Owner."""
        self._refuse(why)
        self._handshakes.pop(session.number, None)
        self._gate.leave(session.number)

    def ended(self, session: TlsSession) -> None:
        """See connection.Owner."""
        held = self._sessions[session.peer]
        if session in held:
            held.remove(session)

    def _refuse(self, why: PathError) -> None:
        self._refused[why.message_id] += 1
        self.last_refused = Refusal(why, self._loop.time())


class _Attempt:
    """One attempt to dial: its outcome is a future."""

    def __init__(self) -> None:
        self.outcome: asyncio.Future[TlsSession] = asyncio.get_running_loop().create_future()

    def knocked(self, session: TlsSession, host: str) -> bool:  # noqa: ARG002 - we called them
        return True

    def opened(self, session: TlsSession) -> None:
        if not self.outcome.done():
            self.outcome.set_result(session)

    def failed(self, session: TlsSession, why: PathError) -> None:  # noqa: ARG002 - there is one session only
        if not self.outcome.done():
            self.outcome.set_exception(why)

    def ended(self, session: TlsSession) -> None:
        pass


async def listen(
    address: str, path: str, identity: TlsIdentity, who: Who, receiver: Receiver, rules: Rules
) -> Listener:
    """Answer pinned parties that call `address` (`host:port`; port 0 lets the system choose) for `path`.

    Raises PathError when the address cannot be listened at, UsageError when it is none.
    """
    terms = Terms(path, rules, identity, who, receiver)
    own = await listening_socket(address, rules)
    listener = Listener(terms)
    await listener.start(own, terms)
    return listener


async def dial(target: Target, identity: TlsIdentity, who: Who, receiver: Receiver, rules: Rules) -> Session:
    """Call `target` once. The session is up when this returns, and `receiver.opened` has been told.

    Whether the peer wants our key shows only later (RFC 8446 section 4.4.2.4): it ends the session then, with the
    reason "path-refused-us". Raises PathError when there is no session, UsageError when the address is none.
    """
    own = await connected_socket(target, rules)
    attempt = _Attempt()
    session = TlsSession(Terms(target.path, rules, identity, who, receiver, target.party), attempt)
    loop = asyncio.get_running_loop()
    try:
        await loop.create_connection(lambda: session, sock=own)
        return await attempt.outcome
    except OSError as why:
        own.close()
        raise PathError("path-broken-off", path=target.path, address=target.address) from why
    except asyncio.CancelledError:
        session.abandon()
        raise

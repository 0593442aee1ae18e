"""Keeps every path of every line dialled and answered: turns cards and configuration into listeners and dialers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from openline.base.errors import PathError
from openline.identity.trust import Trust
from openline.node.config import PathConfig
from openline.node.keeper import Keeper
from openline.node.switchboard import Switchboard
from openline.node.tasks import Spawn
from openline.transport.dialer import Dialer
from openline.transport.profile import TlsIdentity
from openline.transport.session import Receiver, Rules, Session, Target
from openline.transport.tls import Listener, dial, listen

Failed = Callable[[Target, PathError], None]

_REACHED = frozenset({"path-refused", "path-broken-off", "path-handshake-timed-out"})
"""Failures that came from the peer's machine itself: the way there is good, its node is not there."""


def rules_of(path: PathConfig, metered: bool = False) -> Rules:
    """How a configured path is used."""
    return Rules(low_rate=path.low_rate, metered=path.metered or metered, sessions=path.sessions)


class Paths:
    """Listeners and dialers of one node. Used from the event loop only."""

    def __init__(
        self, config: Sequence[PathConfig], identity: TlsIdentity, trust: Trust, switchboard: Switchboard, spawn: Spawn
    ) -> None:
        self._config = {path.name: path for path in config}
        self._identity = identity
        self._trust = trust
        self._switchboard = switchboard
        self._spawn = spawn
        self.listeners: list[Listener] = []
        self._dialers: dict[tuple[str, str], list[Dialer]] = {}
        self.failures: dict[tuple[str, str], PathError] = {}

    async def listen(self) -> dict[str, int]:
        """Answer at every configured address; the port of each path. Raises PathError when one is taken."""
        receiver = _Listening(self, None, self._switchboard.receiver(None))
        for path in self._config.values():
            if path.listen is not None:
                rules = rules_of(path)
                self.listeners.append(
                    await listen(path.listen, path.name, self._identity, self._trust.party_by_pin, receiver, rules)
                )
        return {listener.path: listener.port for listener in self.listeners}

    def dial(self, keeper: Keeper) -> None:
        """Start dialling every address that the cards of a line's peers name."""
        now = asyncio.get_running_loop().time
        for number in keeper.peers:
            party = keeper.setup.members[number]
            card = self._trust.card(party)
            for name, host, port, metered in card.endpoints if card is not None else ():
                target = Target(party, name, f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
                rules = rules_of(self._config.get(name, PathConfig(name=name)), metered)
                attempt = partial(self._attempt, keeper.setup.line, rules)
                dialer = Dialer([target], rules, attempt, self._spawn, now, self._failed)
                self._dialers.setdefault((keeper.setup.line, party), []).append(dialer)
                dialer.start()

    def part(self, line: str, party: str) -> None:
        """Dial a party for this line no longer: it is no member any more."""
        for dialer in self._dialers.pop((line, party), []):
            self._spawn(dialer.stop(), "stop dialling")

    def redial(self, keeper: Keeper) -> None:
        """The addresses of a line's peers have changed: dial the new ones from now on."""
        for number in keeper.peers:
            for dialer in self._dialers.pop((keeper.setup.line, keeper.setup.members[number]), []):
                self._spawn(dialer.stop(), "stop dialling")
        self.dial(keeper)

    def heard(self, session: Session) -> None:
        """A session has brought its first frames: the peer accepts us there, and its other paths are tried now."""
        self.failures.pop((session.peer, session.path), None)
        for (_, party), dialers in self._dialers.items():
            for dialer in dialers if party == session.peer else ():
                dialer.hurry()

    def reached(self, party: str) -> bool:
        """Whether a path gets to the party's machine, if only to be turned away there."""
        return any(whose == party and why.message_id in _REACHED for (whose, _), why in self.failures.items())

    async def stop(self) -> None:
        """Answer no more and dial no more."""
        for listener in self.listeners:
            listener.close()
        for dialers in self._dialers.values():
            for dialer in dialers:
                await dialer.stop()

    async def _attempt(self, line: str, rules: Rules, target: Target) -> Session:
        receiver = _Listening(self, target, self._switchboard.receiver(line))
        return await dial(target, self._identity, self._trust.party_by_pin, receiver, rules)

    def _failed(self, target: Target, why: PathError) -> None:
        self.failures[target.party, target.path] = why

    def unheard(self, target: Target, reason: str) -> None:
        """A dialled session has ended before the peer said anything: it may not accept us."""
        self._failed(target, PathError(reason, path=target.path, address=target.address))


class _Listening:
    """Stands before a receiver and tells the paths which sessions are heard. `target` is what was dialled, if it was.

    TLS is up at our end before the peer has looked at our key (RFC 8446 section 4.4.2.4): only its frames say that
    it accepts us.
    """

    def __init__(self, paths: Paths, target: Target | None, receiver: Receiver) -> None:
        self._paths = paths
        self._target = target
        self._receiver = receiver
        self._silent: set[int] = set()

    def opened(self, session: Session) -> None:
        self._silent.add(session.number)
        self._receiver.opened(session)

    def frames(self, session: Session, frames: list[bytes]) -> None:
        if session.number in self._silent:
            self._silent.discard(session.number)
            self._paths.heard(session)
        self._receiver.frames(session, frames)

    def closed(self, session: Session, reason: str) -> None:
        if session.number in self._silent:
            self._silent.discard(session.number)
            if self._target is not None:
                self._paths.unheard(self._target, reason)
        self._receiver.closed(session, reason)

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
from openline.transport.session import Rules, Session, Target
from openline.transport.tls import Listener, dial, listen

Failed = Callable[[Target, PathError], None]


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
        self._listeners: list[Listener] = []
        self._dialers: dict[tuple[str, str], list[Dialer]] = {}
        self.failures: dict[tuple[str, str], str] = {}

    async def listen(self) -> dict[str, int]:
        """Answer at every configured address; the port of each path. Raises PathError when one is taken."""
        receiver = self._switchboard.receiver(None)
        for path in self._config.values():
            if path.listen is not None:
                rules = rules_of(path)
                self._listeners.append(
                    await listen(path.listen, path.name, self._identity, self._trust.party_by_pin, receiver, rules)
                )
        return {listener.path: listener.port for listener in self._listeners}

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

    def redial(self, keeper: Keeper) -> None:
        """The addresses of a line's peers have changed: dial the new ones from now on."""
        for number in keeper.peers:
            for dialer in self._dialers.pop((keeper.setup.line, keeper.setup.members[number]), []):
                self._spawn(dialer.stop(), "stop dialling")
        self.dial(keeper)

    def hurry(self, line: str, party: str) -> None:
        """The party was heard on one path: try its other paths now."""
        for dialer in self._dialers.get((line, party), ()):
            dialer.hurry()

    async def stop(self) -> None:
        """Answer no more and dial no more."""
        for listener in self._listeners:
            listener.close()
        for dialers in self._dialers.values():
            for dialer in dialers:
                await dialer.stop()

    async def _attempt(self, line: str, rules: Rules, target: Target) -> Session:
        session = await dial(target, self._identity, self._trust.party_by_pin, self._switchboard.receiver(line), rules)
        self.failures.pop((target.party, target.path), None)
        return session

    def _failed(self, target: Target, why: PathError) -> None:
        self.failures[target.party, target.path] = why.message_id

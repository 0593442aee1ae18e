"""Paths: what is listened at and dialled, and why a path does not work, by what its other end says and does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import cast
from unittest.mock import patch

import pytest

from openline.base.errors import PathError
from openline.identity.trust import Trust
from openline.node import dialing
from openline.node.config import PathConfig
from openline.node.dialing import Paths, rules_of
from openline.node.keeper import Keeper
from openline.node.switchboard import Switchboard
from openline.node.tasks import Tasks
from openline.transport.memory import End, MemorySession, pair
from openline.transport.profile import TlsIdentity
from openline.transport.session import Receiver, Rules, Session, Target
from openline.transport.tls import Listener
from tests.node.houses import ALPHA, BRAVO, LINE, START, House, card, played, renewed

CONFIG = (
    PathConfig(name="fibre", listen="0.0.0.0:7443", sessions=2),
    PathConfig(name="satellite", metered=True, low_rate=True),
)


class Hears:
    """The place of the switchboard, and of whoever sits at the other end: notes what it hears."""

    def __init__(self) -> None:
        self.happened: list[tuple[str, str]] = []
        self.lines: list[str | None] = []

    def receiver(self, line: str | None) -> Hears:
        self.lines.append(line)
        return self

    def opened(self, session: Session) -> None:
        self.happened.append(("opened", session.path))

    def frames(self, session: Session, frames: list[bytes]) -> None:
        self.happened.append(("frames", session.path))

    def closed(self, session: Session, reason: str) -> None:
        self.happened.append((reason, session.path))


class Network:
    """Where dialling leads: a failure by path, else a session with somebody silent."""

    def __init__(self) -> None:
        self.failing: dict[str, str] = {}
        self.dialled: list[tuple[Target, Rules]] = []
        self.sessions: dict[str, MemorySession] = {}
        self.listening: list[tuple[str, str, Rules, Receiver]] = []
        self.there = Hears()

    async def dial(
        self, target: Target, _identity: object, _known: object, receiver: Receiver, rules: Rules
    ) -> MemorySession:
        self.dialled.append((target, rules))
        if target.path in self.failing:
            raise PathError(self.failing[target.path], path=target.path, address=target.address)
        loop = asyncio.get_running_loop()
        ours = pair(End(ALPHA, receiver), End(target.party, self.there), target.path, loop.call_soon)[0]
        self.sessions[target.path] = ours
        return ours

    async def listen(
        self, address: str, path: str, _identity: object, _known: object, receiver: Receiver, rules: Rules
    ) -> Listener:
        if address.endswith(":1"):
            raise PathError("path-port-taken", address=address)
        self.listening.append((address, path, rules, receiver))
        return cast("Listener", _Answers(path))


class _Answers:
    def __init__(self, path: str) -> None:
        self.path = path
        self.port = 7_443
        self.open = True

    def close(self) -> None:
        self.open = False


@pytest.fixture
def network() -> Iterator[Network]:
    made = Network()
    with patch.object(dialing, "dial", made.dial), patch.object(dialing, "listen", made.listen):
        yield made


class Rig:
    """The paths of alpha, with a card of bravo's that names `endpoints`."""

    def __init__(self, *endpoints: tuple[str, str, int, bool], config: tuple[PathConfig, ...] = CONFIG) -> None:
        self.trust = Trust()
        self.trust.accept_first(card(BRAVO), card(BRAVO).fingerprint(), START, "the watch")
        self.trust.renew(renewed(BRAVO, endpoints=endpoints)[0])
        self.board = Hears()
        self.failed: list[str] = []
        self.tasks = Tasks(lambda name, why: self.failed.append(f"{name}: {why}"))
        board = cast("Switchboard", self.board)
        self.paths = Paths(config, TlsIdentity(bytes(32)), self.trust, board, self.tasks.spawn)
        self.keeper: Keeper = House(ALPHA).keeper()

    def failure(self, path: str = "fibre") -> str | None:
        why = self.paths.failures.get((BRAVO, path))
        return None if why is None else why.message_id


FIBRE = ("fibre", "line.bravo.example", 7_443, False)
SATELLITE = ("satellite", "2001:db8::1", 7_444, False)
FOREIGN = ("meshnet", "192.0.2.7", 9, True)


def test_a_path_is_used_as_it_is_configured() -> None:
    assert rules_of(CONFIG[0]) == Rules(sessions=2)
    assert rules_of(CONFIG[1]) == Rules(low_rate=True, metered=True)
    assert rules_of(CONFIG[0], metered=True).metered, "the peer says that it pays for what is sent"


def test_every_address_of_a_peers_card_is_dialled_by_its_paths_rules(network: Network) -> None:
    async def run() -> None:
        rig = Rig(FIBRE, SATELLITE, FOREIGN)
        rig.paths.dial(rig.keeper)
        await asyncio.sleep(0.1)
        dialled = {(target.path, target.address): rules for target, rules in network.dialled}
        assert dialled == {
            ("fibre", "line.bravo.example:7443"): Rules(sessions=2),
            ("satellite", "[2001:db8::1]:7444"): Rules(low_rate=True, metered=True),
            ("meshnet", "192.0.2.7:9"): Rules(metered=True),
        }
        assert [target.path for target, _ in network.dialled].count("fibre") == 2
        assert set(rig.board.lines) == {LINE}
        await rig.paths.stop()

    played(run())


def test_a_party_without_addresses_dials_us(network: Network) -> None:
    async def run() -> None:
        rig = Rig()
        rig.paths.dial(rig.keeper)
        await asyncio.sleep(60)
        assert not network.dialled

    played(run())


def test_a_path_that_fails_says_why_until_its_peer_is_heard(network: Network) -> None:
    async def run() -> None:
        rig = Rig(FIBRE)
        network.failing["fibre"] = "path-timed-out"
        rig.paths.dial(rig.keeper)
        await asyncio.sleep(0.1)
        assert rig.failure() == "path-timed-out"
        network.failing.clear()
        await asyncio.sleep(60)
        assert rig.failure() == "path-timed-out", "TLS is up, but the peer may yet refuse us"
        network.sessions["fibre"].other.send(b"\0\0\0\1a")
        await asyncio.sleep(0.1)
        assert rig.failure() is None
        assert ("frames", "fibre") in rig.board.happened
        await rig.paths.stop()

    played(run())


def test_a_peer_that_ends_the_session_before_it_says_anything_is_why_the_path_fails(network: Network) -> None:
    async def run() -> None:
        rig = Rig(FIBRE)
        rig.paths.dial(rig.keeper)
        await asyncio.sleep(0.1)
        network.sessions["fibre"].end("path-refused-us")
        await asyncio.sleep(0.1)
        assert rig.failure() == "path-refused-us"
        assert rig.paths.failures[BRAVO, "fibre"].facts["address"] == "line.bravo.example:7443"
        await rig.paths.stop()

    played(run())


def test_a_session_that_was_heard_and_ends_later_is_no_failure(network: Network) -> None:
    async def run() -> None:
        rig = Rig(FIBRE)
        rig.paths.dial(rig.keeper)
        await asyncio.sleep(0.1)
        network.sessions["fibre"].other.send(b"\0\0\0\1a")
        await asyncio.sleep(0.1)
        network.sessions["fibre"].cut()
        await asyncio.sleep(0.1)
        assert rig.failure() is None
        assert ("session-broken", "fibre") in rig.board.happened
        await rig.paths.stop()

    played(run())


def test_whether_the_peers_machine_is_reached_follows_from_the_last_failures(network: Network) -> None:
    async def run() -> None:
        rig = Rig(FIBRE, SATELLITE)
        network.failing = {"fibre": "path-timed-out", "satellite": "path-unreachable"}
        rig.paths.dial(rig.keeper)
        await asyncio.sleep(1)
        assert not rig.paths.reached(BRAVO)
        network.failing["fibre"] = "path-refused"
        await asyncio.sleep(60)
        assert rig.paths.reached(BRAVO)
        assert not rig.paths.reached("charlie.example")
        await rig.paths.stop()

    played(run())


def test_a_peer_that_is_heard_on_one_path_is_tried_on_the_others_at_once(network: Network) -> None:
    async def run() -> None:
        rig = Rig(FIBRE)
        network.failing["fibre"] = "path-timed-out"
        rig.paths.dial(rig.keeper)
        await rig.paths.listen()
        await asyncio.sleep(1_000)
        network.failing.clear()
        before, receiver = len(network.dialled), network.listening[0][3]
        ours = pair(End(ALPHA, receiver), End(BRAVO, network.there), "fibre", asyncio.get_running_loop().call_soon)[0]
        ours.other.send(b"\0\0\0\1a")
        await asyncio.sleep(0.1)
        assert len(network.dialled) > before, "without waiting for the end of its pause"
        await rig.paths.stop()

    played(run())


def test_a_peer_that_comes_back_on_one_path_is_dialled_on_the_others_without_waiting_and_once(
    network: Network,
) -> None:
    async def run() -> None:
        rig = Rig(FIBRE, SATELLITE)
        network.failing = {"fibre": "path-timed-out", "satellite": "path-timed-out"}
        rig.paths.dial(rig.keeper)
        await asyncio.sleep(200)
        del network.failing["fibre"]
        await asyncio.sleep(30)
        before = len(network.dialled)
        for _ in range(20):
            network.sessions["fibre"].other.send(b"\0\0\0\1a")
            await asyncio.sleep(0.01)
        assert [target.path for target, _ in network.dialled[before:]] == ["satellite"], "at once, and not in a loop"
        await asyncio.sleep(60)
        assert len(network.dialled) - before <= 10, "it fails, and is dialled ever more slowly again"
        await rig.paths.stop()

    played(run())


def test_new_addresses_take_the_place_of_the_old_ones(network: Network) -> None:
    async def run() -> None:
        rig = Rig(FIBRE)
        network.failing["fibre"] = "path-timed-out"
        rig.paths.dial(rig.keeper)
        await asyncio.sleep(1)
        newer = renewed(BRAVO, endpoints=(("fibre", "new.bravo.example", 1, False),))[0]
        rig.trust.adopt(replace(rig.trust.accepted()[0], card=newer))
        rig.paths.redial(rig.keeper)
        await asyncio.sleep(0.1)
        network.dialled.clear()
        await asyncio.sleep(100)
        assert {target.address for target, _ in network.dialled} == {"new.bravo.example:1"}
        await rig.paths.stop()

    played(run())


def test_every_configured_address_is_answered_and_every_caller_names_its_line_itself(network: Network) -> None:
    async def run() -> None:
        rig = Rig()
        assert await rig.paths.listen() == {"fibre": 7_443}
        assert [(address, path) for address, path, _, _ in network.listening] == [("0.0.0.0:7443", "fibre")]
        assert rig.board.lines == [None]

    played(run())


def test_an_address_that_is_taken_is_told(network: Network) -> None:
    async def run() -> None:
        rig = Rig(
            config=(PathConfig(name="fibre", listen="0.0.0.0:7443"), PathConfig(name="radio", listen="0.0.0.0:1"))
        )
        with pytest.raises(PathError, match="path-port-taken"):
            await rig.paths.listen()
        await rig.paths.stop()

    played(run())


def test_after_stopping_nothing_is_dialled_and_nobody_answered(network: Network) -> None:
    async def run() -> None:
        rig = Rig(FIBRE)
        network.failing["fibre"] = "path-timed-out"
        rig.paths.dial(rig.keeper)
        await rig.paths.listen()
        await asyncio.sleep(1)
        answering = rig.paths.listeners[0]
        await rig.paths.stop()
        network.dialled.clear()
        await asyncio.sleep(100)
        assert not network.dialled
        assert not cast("_Answers", answering).open
        assert not rig.failed

    played(run())

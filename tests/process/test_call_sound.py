"""Two officers at two consoles, a real node and voice process at each end: what one says the other hears.

The browsers are aiortc's transports (tests/media/peer.py), so that a whole call costs no Chromium.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import cast

import pytest

from openline.cli.client import JsonObject
from openline.cli.stage import Party, Stage, set_voice
from tests.media.peer import Peer
from tests.process.houses import PATIENCE_S, Furnished, clear, open_both
from tests.process.test_call import ring, sounds, steps, take, view, wait_for_voice

pytestmark = pytest.mark.process

FRAME_S = 0.02


class Desk:
    """An officer's browser at a console: a session of its own, and a leg once it has sound."""

    def __init__(self, party: Party) -> None:
        self.party = party
        self.peer = Peer()
        self.leg = 0
        self._port = int(party.console.rpartition(":")[2].strip("/"))
        self._cookie = ""
        self._said = 0
        _, headers = self._asked("POST", "/api/v1/session", {"seat": "watch"})
        self._cookie = headers["set-cookie"].partition(";")[0]

    def ask(self, method: str, path: str, body: object = None) -> JsonObject:
        """The answer to what the browser asks."""
        return self._asked(method, path, body)[0]

    async def sit(self) -> None:
        """Offer sound and connect."""
        answer = self.ask("POST", "/api/v1/legs", {"sdp": self.peer.offer()})
        self.leg = cast("int", answer["leg"])
        assert str(answer["fingerprint"]) in str(answer["sdp"])
        await self.peer.connect(str(answer["sdp"]))
        await holds(lambda: self.state() == "up", "the leg is up")

    def state(self) -> str:
        """How the own leg is."""
        rows = cast("list[JsonObject]", self.ask("GET", "/api/v1/legs"))
        return next(str(row["state"]) for row in rows if row["leg"] == self.leg)

    def gate(self, call: str, is_open: bool) -> None:
        """Press or let go the key."""
        self.ask("POST", f"/api/v1/calls/{call}/gate", {"open": is_open})

    async def speak_until(self, reached: Callable[[], bool], what: str) -> None:
        """Say one frame after another until `reached`."""
        async with asyncio.timeout(PATIENCE_S):
            while not reached():
                self._said += 1
                self.peer.speak(self._said)
                await asyncio.sleep(FRAME_S)
        assert reached(), what

    async def speak(self, count: int) -> None:
        """Say so many frames."""
        for _ in range(count):
            self._said += 1
            self.peer.speak(self._said)
            await asyncio.sleep(FRAME_S)

    def _asked(self, method: str, path: str, body: object) -> tuple[JsonObject, dict[str, str]]:
        headers = {"X-Openline-Console": "1", "Cookie": self._cookie, "Sec-Fetch-Site": "same-origin"}
        connection = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_S)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status == 200, (path, text)
            return json.loads(text), {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connection.close()


def silence(desk: Desk) -> Callable[[], bool]:
    """Whether a desk has heard nothing for as long as half a second of speech."""
    heard: list[int] = []

    def silent() -> bool:
        heard.append(len(desk.peer.packets))
        return len(heard) > 25 and heard[-25] == heard[-1]

    return silent


async def holds(reached: Callable[[], bool], what: str) -> None:
    """Until it does; the loop goes on meanwhile, so that the browsers answer."""
    async with asyncio.timeout(PATIENCE_S):
        while not reached():  # noqa: ASYNC110 - a node is asked, and tells nobody by itself
            await asyncio.sleep(FRAME_S)
    assert reached(), what


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def with_voice(tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """Alpha and bravo, paired."""
    return Furnished(tmp_path_factory.mktemp("founded"), voice=True)


@pytest.fixture
def floors(with_voice: Furnished, tmp_path: Path) -> Iterator[Stage]:
    """Both nodes run, with a console whose seats are open, sound on loopback, and an answering position."""
    stage = with_voice.furnish(tmp_path)
    for party in stage.parties:
        port = free_port()
        with (party.folder / "openline.toml").open("a") as config:
            config.write(f'\n[http]\nlisten = "127.0.0.1:{port}"\n')
        set_voice(party.folder, addresses=["127.0.0.1"], answering=True)
        party.console = f"http://127.0.0.1:{port}/"
    try:
        open_both(stage)
        for party in stage.parties:
            wait_for_voice(party)
        yield stage
    finally:
        clear(stage)


@asynccontextmanager
async def seated(*parties: Party) -> AsyncIterator[list[Desk]]:
    """An officer with sound at each of these."""
    desks = [Desk(party) for party in parties]
    try:
        for desk in desks:
            await desk.sit()
        yield desks
    finally:
        for desk in desks:
            await desk.peer.leave()


def played(story: Awaitable[None]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(4 * PATIENCE_S):
            await story

    asyncio.run(limited())


def test_what_an_officer_says_while_the_key_is_down_is_heard_at_the_other_console(floors: Stage) -> None:
    async def story() -> None:
        async with seated(*floors.parties) as (alpha, bravo):
            call = ring(alpha.party)
            await holds(lambda: view(bravo.party, call)["state"] == "ringing-in", "it rings")
            take(bravo.party, call, "answered")
            await holds(lambda: sounds(alpha.party, call) and sounds(bravo.party, call), "sound can pass")
            await alpha.speak(50)
            assert bravo.peer.packets == [], "nothing is heard through a closed gate"
            alpha.gate(call, is_open=True)
            await alpha.speak_until(lambda: len(bravo.peer.packets) > 50, "bravo hears alpha")
            alpha.gate(call, is_open=False)
            await alpha.speak_until(silence(bravo), "bravo hears no more")
            heard = len(bravo.peer.packets)
            await alpha.speak(50)
            assert len(bravo.peer.packets) == heard, "nothing is heard once the gate is closed"
            bravo.gate(call, is_open=True)
            await bravo.speak_until(lambda: len(alpha.peer.packets) > 50, "alpha hears bravo")
            take(bravo.party, call, "left")
            await holds(lambda: view(alpha.party, call)["state"] == "ended", "the call is over")
            assert steps(alpha.party, call) == ["GATE_OPENED", "GATE_CLOSED"]
            assert steps(bravo.party, call)[:2] == ["ANSWERED", "GATE_OPENED"]

    played(story())


def test_a_session_withdrawn_in_a_call_is_silent_at_once_and_the_call_goes_on(floors: Stage) -> None:
    async def story() -> None:
        async with seated(*floors.parties) as (alpha, bravo):
            call = ring(alpha.party)
            await holds(lambda: view(bravo.party, call)["state"] == "ringing-in", "it rings")
            take(bravo.party, call, "answered")
            await holds(lambda: sounds(alpha.party, call) and sounds(bravo.party, call), "sound can pass")
            alpha.gate(call, is_open=True)
            await alpha.speak_until(lambda: len(bravo.peer.packets) > 10, "bravo hears alpha")
            alpha.ask("DELETE", "/api/v1/session")
            await holds(lambda: steps(alpha.party, call)[-1] == "GATE_CLOSED", "the record says so")
            heard = len(bravo.peer.packets)
            assert view(alpha.party, call)["seats"] == []
            assert view(bravo.party, call)["state"] == "up"
            async with seated(alpha.party) as (again,):
                again.gate(call, is_open=True)
                await again.speak_until(lambda: len(bravo.peer.packets) > heard + 10, "the officer is back in the call")

    played(story())


def test_a_line_check_says_back_what_was_said_once_the_key_is_up(floors: Stage) -> None:
    async def story() -> None:
        async with seated(floors.alpha) as (alpha,):
            said = alpha.ask("POST", "/api/v1/calls", {"action": ["line-check"]})
            call = cast("list[str]", said["ids"])[0]
            await holds(lambda: sounds(alpha.party, call), "the other node has answered")
            alpha.gate(call, is_open=True)
            await alpha.speak(200)
            assert alpha.peer.packets == []
            alpha.gate(call, is_open=False)
            await holds(lambda: len(alpha.peer.packets) > 30, "it comes back")

    played(story())

"""Two nodes over TLS on loopback, each with its real voice process: sound finds its way, and comes back when one dies.

The nodes run here, the voice processes are processes of their own. What they say is heard by an `Ear`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import pytest
import uvloop

from openline.cli.stage import PATHS
from openline.media.words import PathIs, SoundIs
from openline.node.config import PathConfig
from openline.node.founding import create_party, own_card, pair_offline
from openline.node.service import Node
from openline.node.views import Officer
from openline.node.voice import RUNNING, STARTING, Heard
from openline.record.introduction import open_invitation
from tests.process.houses import LINE, PATIENCE_S, Furnished

pytestmark = pytest.mark.process

WATCH = Officer("watch", frozenset({"all"}))
NAMES = ("alpha", "bravo")


@dataclass
class Ear:
    """What a node's telephone would hear, and what of it holds now."""

    log: list[str] = field(default_factory=list)
    sound: dict[str, bool] = field(default_factory=dict)
    carriage: dict[str, str] = field(default_factory=dict)

    def ready(self) -> None:
        self.log.append("ready")

    def gone(self) -> None:
        self.log.append("gone")
        self.sound.clear()
        self.carriage.clear()

    def told(self, word: Heard) -> None:
        if isinstance(word, SoundIs):
            self.sound[word.peer] = not word.lost
        elif isinstance(word, PathIs):
            self.carriage[word.path] = word.carriage

    def hears(self, carriage: str) -> bool:
        """Whether sound passes, on every path in this way."""
        return list(self.sound.values()) == [True] and self.carriage == dict.fromkeys(PATHS, carriage)


@dataclass
class House:
    """A running node and its ear."""

    node: Node
    ear: Ear

    @property
    def pid(self) -> int:
        """The process id of its voice process."""
        process = self.node.voice._process
        assert process is not None
        assert process._process is not None
        return process._process.pid

    async def says(self, text: str) -> None:
        """Say something that is in their log within its time."""
        args = {"key": None, "mark": "OPERATION", "wait": "received", "timeout_s": PATIENCE_S}
        said = await self.node.desk.say(WATCH, None, "send", {"text": text}, **args)  # type: ignore[arg-type] # by name
        assert said.reached


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[House]:
    node, ear = Node(folder), Ear()
    node.voice.hearer = ear
    try:
        await node.start()
        yield House(node, ear)
    finally:
        await node.close()


async def until(holds: Callable[[], object], what: str) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE_S
    while not holds():
        assert loop.time() < end, what
        await asyncio.sleep(0.01)


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def two(folder: Path, story: Callable[[House, House], Coroutine[object, None, None]]) -> None:
    """Run a story with both nodes of `folder`; in the end no voice process is left."""

    async def told() -> None:
        async with AsyncExitStack() as stack:
            houses = [await stack.enter_async_context(running(folder / name)) for name in NAMES]
            await until(lambda: all(house.node.voice.state == RUNNING for house in houses), "both have a voice process")
            await story(houses[0], houses[1])
            pids = [house.pid for house in houses]
        assert not any(map(is_there, pids))

    uvloop.run(told())


def straight(folder: Path, listening: tuple[str, ...] = NAMES) -> dict[str, list[int]]:
    """Two parties, paired, that reach each other by every path without a relay; the ports of those that listen."""
    ports = {name: [_free_port() for _ in PATHS] for name in listening}
    with patch("openline.node.founding.lock_root", return_value=b"locked"):
        for name in NAMES:
            ends = [f"127.0.0.1:{port}" for port in ports[name]] if name in ports else [None] * len(PATHS)
            paths = [PathConfig(name=path, listen=end, advertise=end) for path, end in zip(PATHS, ends, strict=True)]
            create_party(folder / name, f"{name}.example", {}, paths, "a phrase")
    cards = [own_card(folder / name) for name in NAMES]
    for name, card in zip(NAMES, reversed(cards), strict=True):
        assert pair_offline(folder / name, card, None, "Lt Berg", open_invitation(card).fingerprint).line == LINE
    return ports


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_sound_finds_its_way_and_again_after_a_voice_process_has_died(tmp_path: Path) -> None:
    straight(tmp_path)

    async def story(alpha: House, bravo: House) -> None:
        await until(lambda: alpha.ear.hears("udp") and bravo.ear.hears("udp"), "sound passes on every path")
        sessions = alpha.node.switchboard.sessions()
        for fatal in (signal.SIGKILL, signal.SIGSTOP):
            lives, pid = len(alpha.ear.log), alpha.pid
            os.kill(pid, fatal)
            talking = asyncio.ensure_future(_talk(alpha, bravo))
            await until(lambda: alpha.node.voice.state == STARTING, "it is known to be gone")
            await until(
                lambda: alpha.ear.hears("udp") and bravo.ear.hears("udp") and len(alpha.ear.log) == lives + 2,  # noqa: B023 - awaited here
                "another one carries sound on every path",
            )
            await talking
            assert not is_there(pid)
        assert alpha.ear.log == ["ready", "gone", "ready", "gone", "ready"]
        assert bravo.ear.log == ["ready"]
        assert alpha.node.switchboard.sessions() == sessions, "the line has not noticed"
        assert (alpha.node.voice.restarts, bravo.node.voice.restarts) == (2, 0)
        assert alpha.node.voice.last_ended is not None
        assert alpha.node.voice.last_ended[0].cause == "hung"

    two(tmp_path, story)


async def _talk(alpha: House, bravo: House) -> None:
    for number in range(10):
        await alpha.says(f"alpha {number}")
        await bravo.says(f"bravo {number}")


def test_where_a_port_is_taken_the_peer_is_told_another_and_the_next_voice_process_as_well(tmp_path: Path) -> None:
    ports = straight(tmp_path, ("bravo",))  # so that all sessions are dialled by alpha, to these ports

    async def story(alpha: House, bravo: House) -> None:
        await until(lambda: alpha.ear.hears("udp") and bravo.ear.hears("udp"), "sound passes on every path")
        os.kill(alpha.pid, signal.SIGKILL)
        await until(lambda: alpha.ear.log == ["ready", "gone", "ready"], "there is another voice process")
        await until(lambda: alpha.ear.hears("udp") and bravo.ear.hears("udp"), "sound passes on every path again")

    with ExitStack() as taken:
        for port in ports["bravo"]:
            taken.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)).bind(("127.0.0.1", port))
        two(tmp_path, story)


def test_where_udp_is_blocked_sound_goes_over_the_stream(tmp_path: Path) -> None:
    stage = Furnished(tmp_path / "founded", voice=True).furnish(tmp_path)
    for path in PATHS:  # from now on its relay carries TCP alone, cut or mended
        for datagrams in stage.relay._datagrams[path]:
            datagrams.passes = False
        stage.relay._datagrams[path] = []

    async def story(alpha: House, bravo: House) -> None:
        await until(lambda: alpha.ear.hears("stream") and bravo.ear.hears("stream"), "sound passes on every path")
        stage.relay.cut(PATHS[0])
        stage.relay.cut(PATHS[1])
        await until(lambda: not any((*alpha.ear.sound.values(), *bravo.ear.sound.values())), "both say that it is lost")
        for path in PATHS:
            stage.relay.mend(path)
        await until(lambda: alpha.ear.hears("stream") and bravo.ear.hears("stream"), "sound is back on every path")

    two(tmp_path, story)

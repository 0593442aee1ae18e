"""Two real nodes for measuring: ours in this process, driven at its desk; the peer's as a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.floor import Tcp, tcp_info
from openline.cli.running import running
from openline.cli.stage import set_voice
from openline.node.config import PathConfig
from openline.node.founding import create_party, own_card, pair_offline
from openline.node.service import Node
from openline.node.views import Officer, SaidView
from openline.record.introduction import open_invitation

WATCH = Officer("watch", frozenset({"all"}))
PATH = "one"


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def found_pair(folder: Path) -> tuple[Path, Path]:
    """Two parties that have paired, with one path between them that both dial, as a line usually has it."""
    folders = folder / "alpha", folder / "bravo"
    for place in folders:
        address = f"127.0.0.1:{free_port()}"
        path = PathConfig(name=PATH, listen=address, advertise=address)
        create_party(place, f"{place.name}.example", {"en": place.name}, [path], "a passphrase")
        set_voice(place, enabled=False)  # what is measured here is the line
    cards = [own_card(place) for place in folders]
    for place, card in zip(folders, reversed(cards), strict=True):
        pair_offline(place, card, None, "watch officer", open_invitation(card).fingerprint)
    return folders


async def spawn_node(folder: Path) -> asyncio.subprocess.Process:
    """Start `openline node run` on `folder` and wait until it is ready."""
    log = (folder / "node.log").open("ab")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "openline.cli.main", "--dir", str(folder), "node", "run", stderr=log, stdout=log
    )
    log.close()
    while not await _answers(folder / "api.sock"):
        await asyncio.sleep(0.02)
        assert process.returncode is None, (folder / "node.log").read_text()
    return process


async def _answers(file: Path) -> bool:
    try:
        _, writer = await asyncio.open_unix_connection(str(file))
    except OSError:
        return False
    writer.close()
    return True


@dataclass(slots=True)
class Pair:
    """Our node, at its desk, and the peer's process."""

    node: Node
    theirs: Path
    process: asyncio.subprocess.Process

    async def say(self, text: str, wait: str = "received") -> SaidView:
        """One message at the desk, answered when it is on both disks and receipted."""
        said = await self.node.desk.say(
            WATCH, None, "send", {"text": text}, key=None, mark="OPERATION", wait=wait, timeout_s=30
        )
        assert said.reached, "the message was not receipted in time"
        return said

    async def say_many(self, texts: list[str]) -> None:
        """The batch form: all are on both disks and receipted when it returns."""
        many: list[object] = [{"text": text} for text in texts]
        said = await self.node.desk.say_many(
            WATCH, None, "send", many, key=None, mark="OPERATION", wait="received", timeout_s=60
        )
        assert all(one.reached for one in said)

    def tcp(self) -> Tcp:
        """What the kernel has counted on the sessions with the peer."""
        counts = [_counted(session) for session in self.node.switchboard.sessions()]
        return Tcp(sum(one.packets for one in counts), sum(one.payload_bytes for one in counts))

    async def connected(self) -> None:
        """Wait until the peer has receipted everything."""
        for state in self.node.lines.values():
            while state.keeper.waiting() or not self.node.switchboard.sessions():  # noqa: ASYNC110 - measured from outside
                await asyncio.sleep(0.001)

    async def stop_peer(self) -> None:
        """Stop the peer's node in good order."""
        self.process.send_signal(signal.SIGTERM)
        await self.process.wait()

    async def start_peer(self) -> None:
        """Start it again; returns when it is ready."""
        self.process = await spawn_node(self.theirs)


def _counted(session: object) -> Tcp:
    transport = getattr(session, "_transport", None)  # only to ask the kernel
    assert transport is not None
    connection = transport.get_extra_info("socket")
    with socket.socket(fileno=os.dup(connection.fileno())) as counted:
        return tcp_info(counted)


@asynccontextmanager
async def pair(folder: Path) -> AsyncIterator[Pair]:
    """Two paired nodes, up and connected."""
    ours, theirs = found_pair(folder)
    process = await spawn_node(theirs)
    async with running(ours) as node:
        both = Pair(node, theirs, process)
        await both.connected()
        try:
            yield both
        finally:
            if both.process.returncode is None:
                both.process.kill()
                await both.process.wait()

"""`node run`: the node and its doors in one event loop, from start to an orderly end.

Ready means: the record is folded, the paths listen and dial, the doors are open; only then systemd is told. At the
end callers are let finish first, then the node commits, says BYE and releases its store.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvloop

from openline.console.app import make_app
from openline.console.auth import SocketAuth, TokenAuth, capabilities_of, read_tokens
from openline.console.serve import Door, bind_tcp, bind_unix, open_door
from openline.node.clock import Clock
from openline.node.config import split_address
from openline.node.journal import Journal
from openline.node.service import Node

HTTP_LOG = "uvicorn.error"
DRAIN_S = 5.0
GARBAGE_EVERY = 50_000


def run_node(folder: Path) -> int:
    """Run the node in `folder` until it is told to stop. Raises what makes it impossible or has stopped it."""
    uvloop.run(_run(folder))
    return 0


@asynccontextmanager
async def running(folder: Path, clock: Clock | None = None) -> AsyncIterator[Node]:
    """The node of `folder`, ready: its record folded, its paths dialled, its doors open. Ends in order.

    Raises what makes a start impossible: UsageError, BusyError, PathError, StoreError.
    """
    node = Node(folder, clock)
    doors: list[Door] = []
    try:
        await node.start()
        doors = await _open_doors(node)
        _spare_the_record()
        node.journal.say("ready", party=node.me, lines=len(node.lines))
        yield node
    finally:
        for door in doors:
            await door.close(DRAIN_S)
        node.folder.socket.unlink(missing_ok=True)
        await node.close()


async def _run(folder: Path) -> None:
    async with running(folder) as node:
        _hear_http(node.journal)
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(node.loop_failed)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, node.stop)
        tell_systemd("READY=1")
        await node.run()
        tell_systemd("STOPPING=1")


async def _open_doors(node: Node) -> list[Door]:
    capabilities = capabilities_of(node.config.desk.roles)
    auth = SocketAuth(capabilities, node.config.desk.name)
    doors = [await open_door(make_app(node.desk, auth), bind_unix(node.folder.socket))]
    if node.config.http.listen is not None:
        tokens = TokenAuth(read_tokens(node.folder.token), capabilities)
        bound = bind_tcp(*split_address(node.config.http.listen))
        doors.append(await open_door(make_app(node.desk, tokens), bound))
    return doors


def _spare_the_record() -> None:
    """Keep the collector away from the folded record: it has no cycles, and walking it would stall the line."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_EVERY, 20, 100)


def tell_systemd(state: str) -> None:
    """Tell the service manager (sd_notify); quiet where there is none."""
    place = os.environ.get("NOTIFY_SOCKET", "")
    if not place:
        return
    address = "\0" + place[1:] if place.startswith("@") else place
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        try:
            told.sendto(state.encode(), address)
        except OSError:
            return


class _IntoJournal(logging.Handler):
    """What the HTTP server complains of becomes a fact of the node's log, without any body."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(logging.WARNING)
        self._journal = journal

    def emit(self, record: logging.LogRecord) -> None:
        """One fact."""
        why = record.exc_info[1] if record.exc_info else None
        self._journal.say("http-trouble", detail=record.getMessage().strip(), error=type(why).__name__ if why else None)


def _hear_http(journal: Journal) -> None:
    logger = logging.getLogger(HTTP_LOG)
    logger.handlers = [_IntoJournal(journal)]
    logger.propagate = False

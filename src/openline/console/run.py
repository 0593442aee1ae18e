"""`openline node run`: a node with its doors open, from its start to its end in order."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from openline.console.app import make_app
from openline.console.auth import SocketAuth, TokenAuth, capabilities_of, read_tokens
from openline.console.serve import Door, bind_tcp, bind_unix, open_door
from openline.node.clock import Clock
from openline.node.config import split_address
from openline.node.service import Node

DRAIN_S = 5.0


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
        node.journal.say("ready", party=node.me, lines=len(node.lines))
        yield node
    finally:
        for door in doors:
            await door.close(DRAIN_S)
        node.folder.socket.unlink(missing_ok=True)
        await node.close()


async def serve(folder: Path, clock: Clock | None = None) -> None:
    """Run the node of `folder` until SIGTERM or SIGINT. Raises what stopped it, if anything did."""
    async with running(folder, clock) as node:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, node.stop)
        await node.run()


async def _open_doors(node: Node) -> list[Door]:
    capabilities = capabilities_of(node.config.desk.roles)
    auth = SocketAuth(capabilities, node.config.desk.name)
    doors = [await open_door(make_app(node.desk, auth), bind_unix(node.folder.socket))]
    if node.config.http.listen is not None:
        tokens = TokenAuth(read_tokens(node.folder.token), capabilities)
        bound = bind_tcp(*split_address(node.config.http.listen))
        doors.append(await open_door(make_app(node.desk, tokens), bound))
    return doors

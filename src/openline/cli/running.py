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
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import uvloop

from openline.base.errors import UsageError
from openline.cli.entering import addresses_of, keep_sessions, positions_of, tokens_of
from openline.console.app import make_app
from openline.console.assets import Assets
from openline.console.auth import SocketAuth, TokenAuth, capabilities_of
from openline.console.doors import Guard, Names
from openline.console.office import Entrance, Office
from openline.console.serve import Door, bind_tcp, bind_unix, open_door, renew_tls, tls_context
from openline.console.sessions import SessionAuth, Sessions
from openline.node.clock import Clock
from openline.node.config import split_address
from openline.node.journal import Journal
from openline.node.roles import roles_of
from openline.node.service import Node
from openline.store.officers import SqliteOfficers

HTTP_LOG = "uvicorn.error"
DRAIN_S = 5.0
GARBAGE_EVERY = 50_000


def run_node(folder: Path, seats: bool = False, clock: Clock | None = None) -> int:
    """Run the node in `folder` until it is told to stop. Raises what makes it impossible or has stopped it.

    With `seats`, for demonstrations, whoever opens the console on this machine may take any position; `clock` is
    another one than the machine's.
    """
    uvloop.run(_run(folder, seats, clock))
    return 0


@asynccontextmanager
async def running(folder: Path, clock: Clock | None = None, seats: bool = False) -> AsyncIterator[Node]:
    """The node of `folder`, ready: its record folded, its paths dialled, its doors open. Ends in order.

    Raises what makes a start impossible: UsageError, BusyError, PathError, StoreError.
    """
    node = Node(folder, clock)
    doors: list[Door] = []
    officers: SqliteOfficers | None = None
    try:
        tls = _checked_doors(node, seats)
        await node.start()
        officers = SqliteOfficers(node.folder.officers, create=True)
        made = _Doors(node, officers, seats)
        await made.office.tell(node.desk)
        await made.open(doors, tls)
        _spare_the_record()
        node.journal.say("ready", party=node.me, lines=len(node.lines))
        yield node
    finally:
        for door in doors:
            await door.close(DRAIN_S)
        node.folder.socket.unlink(missing_ok=True)
        if officers is not None:
            officers.close()
        await node.close()


async def _run(folder: Path, seats: bool, clock: Clock | None) -> None:
    async with running(folder, clock, seats) as node:
        _hear_http(node.journal)
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(node.loop_failed)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, node.stop)
        tell_systemd("READY=1")
        await node.run()
        tell_systemd("STOPPING=1")


def _checked_doors(node: Node, seats: bool) -> ssl.SSLContext | None:
    """The certificate of the HTTPS door, if there is one; looked at before anything is begun. Raises UsageError."""
    if seats and node.config.http.listen is None:
        raise UsageError("seats-need-loopback")
    return None if node.config.https.listen is None else tls_context(node.folder.console_certificate)


class _Doors:
    """Opens every door of a node. What the doors share is made once."""

    def __init__(self, node: Node, officers: SqliteOfficers, seats: bool) -> None:
        config = node.config
        self._node = node
        self._seats = seats
        self._names = Names(config.https.names)
        self._assets = Assets()
        self._capabilities = capabilities_of(roles_of(config.desk.roles))
        self._sessions = Sessions(officers, positions_of(config), self._capabilities, node.clock)
        self._sessions.on_ended(node.desk.telephone.session_ended)
        self.office = Office(
            roster=officers,
            sessions=self._sessions,
            clock=node.clock,
            journal=node.journal,
            party=node.me,
            addresses=addresses_of(config),
        )

    async def open(self, doors: list[Door], tls: ssl.SSLContext | None) -> None:
        """Open them all into `doors`, which is to be closed even if one cannot be opened."""
        node, config = self._node, self._node.config
        # Who opens the socket could read the keys beside it: there only a configuration says otherwise than everything.
        auth = SocketAuth(capabilities_of(config.desk.roles), config.desk.name)
        app = make_app(node.desk, auth, Entrance(self.office, self._names))
        doors.append(await open_door(app, bind_unix(node.folder.socket)))
        if config.http.listen is not None:
            doors.append(await self._open_loopback(config.http.listen))
        also = _nothing
        if config.https.listen is not None and tls is not None:
            doors.append(await self._open_floor(config.https.listen, tls))
            also = partial(renew_tls, tls, node.folder.console_certificate)
        node.tasks.spawn(keep_sessions(self._sessions, node.journal, also), "console sessions")

    async def _open_loopback(self, listen: str) -> Door:
        tokens = TokenAuth(tokens_of(self._node.folder.token, self._node.config), self._capabilities)
        entrance = Entrance(self.office, self._names, self._seats)
        app = make_app(self._node.desk, SessionAuth(self._sessions, tokens), entrance, self._assets)
        return await open_door(Guard(app, self._names, self._sessions, tokens), bind_tcp(*split_address(listen)))

    async def _open_floor(self, listen: str, tls: ssl.SSLContext) -> Door:
        entrance = Entrance(self.office, self._names)
        app = make_app(self._node.desk, SessionAuth(self._sessions), entrance, self._assets)
        bound = bind_tcp(*split_address(listen), everywhere=True)
        return await open_door(Guard(app, self._names, self._sessions), bound, tls)


def _nothing() -> None:
    return


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

"""`node run`: the node and its doors in one event loop, from start to an orderly end.

Ready means: the record is folded, the paths listen and dial, the doors are open; only then systemd is told. At the
end callers are let finish first, then the node commits, says BYE and releases its store.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from pathlib import Path

import uvloop

from openline.console.run import running
from openline.node.journal import Journal

HTTP_LOG = "uvicorn.error"


def run_node(folder: Path) -> int:
    """Run the node in `folder` until it is told to stop. Raises what makes it impossible or has stopped it."""
    uvloop.run(_run(folder))
    return 0


async def _run(folder: Path) -> None:
    async with running(folder) as node:
        _hear_http(node.journal)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, node.stop)
        tell_systemd("READY=1")
        await node.run()
        tell_systemd("STOPPING=1")


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

"""The voice process: `python -m openline.media.process FD [GRACE_S]`. The node starts it, and hears from it over FD.

It opens no file but what the node names, reads no configuration, needs no database, and keeps no log: what there is to
say, it says to the node. When the node's end of the channel closes it goes on for GRACE_S, so that calls outlive a node
that starts anew; then it ends. A bug ends it at once, with a word why: the node starts another one, and that is better
than going on half broken.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import uvloop

from openline.base.errors import OpenlineError
from openline.base.limits import VOICE_BEAT_US
from openline.base.time import SECOND_US
from openline.media.channel import Channel, join
from openline.media.house import House
from openline.media.words import Beat, Begin, Note, Order, Stop, Telling

GRACE_S = 10.0
"""So long the process goes on without its node. Keys of an ended session serve no longer than that."""

STOP_S = 1.0
"""So long it takes at most to say good-bye."""

NICE = -10
_LAG_S = 0.05
_BEATS_EVERY = VOICE_BEAT_US / SECOND_US
_OURS = Path(__file__).resolve().parent.parent
_OTHERS = ("aioice", "aiortc", "pyee", "sippy")
_THRESHOLDS = 20_000, 50, 1_000
"""Of the garbage collector: a young generation is a few milliseconds of work; old ones are looked at seldom."""


class Process:
    """One voice process. Mutable; owned by `run`."""

    def __init__(self, grace_s: float) -> None:
        self.failure = False
        self._grace_s = grace_s
        self._loop = asyncio.get_running_loop()
        self._channel: Channel[Order] = Channel(Order, self._heard, self._left)  # type: ignore[arg-type] # a union of words
        self._house: House | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._over = asyncio.Event()
        self._lag_s = 0.0
        self._beat_at = self._loop.time()

    async def serve(self, end: socket.socket) -> None:
        """Until the node says Stop, or has been gone for the grace, or something fails."""
        self._loop.set_exception_handler(self._broke)
        self._loop.add_signal_handler(signal.SIGTERM, self._over.set)
        await join(self._channel, end)
        self._lag(self._loop.time())
        await self._over.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_S):
                await self._end()
        self._channel.close()
        await asyncio.sleep(0)

    def _heard(self, word: Order) -> None:
        """Act in a turn of its own: what failed within the channel's would close the channel, and nobody knew why."""
        self._loop.call_soon(self._told, word)

    def _told(self, word: Order) -> None:
        match word:
            case _ if self._over.is_set():
                pass
            case Begin() if self._house is None:
                self._house = House(word, self._say, self.start)
                gc.collect()
                gc.freeze()
            case Stop():
                self._over.set()
            case _ if self._house is not None:
                self._house.told(word)
            case _:
                pass  # Nothing has begun.

    def _say(self, word: Telling) -> None:
        self._channel.say(word)

    def _left(self) -> None:
        """The node is gone. Sound goes on for a while."""
        if self._channel.fault:
            self._over.set()
        self._loop.call_later(self._grace_s, self._over.set)

    async def _end(self) -> None:
        if self._house is not None:
            await self._house.close()
        while self._tasks:
            await asyncio.wait(self._tasks)

    # Time

    def _lag(self, due: float) -> None:
        """How late the loop runs: every 50 ms, and the worst of it in each beat."""
        now = self._loop.time()
        self._lag_s = max(self._lag_s, now - due)
        if now >= self._beat_at:
            self._beat_at = max(self._beat_at + _BEATS_EVERY, now)
            self._say(Beat(int(self._lag_s * SECOND_US)))
            self._lag_s = 0.0
        self._loop.call_at(now + _LAG_S, self._lag, now + _LAG_S)

    # What fails

    def start(self, work: Coroutine[object, None, None], name: str) -> asyncio.Task[None]:
        """Run a piece of work. That it fails is the end of everything."""
        task = self._loop.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        why = None if task.cancelled() else task.exception()
        if why is not None:
            self._fail(task.get_name(), why)

    def _broke(self, _loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        """For the event loop: an error that nobody handles.

        One of ours ends the process. One that arose inside a library of others concerns one leg, which its own watch
        ends when it does not live on; what a transport complains of is noted likewise.
        """
        why = context.get("exception")
        if isinstance(why, BaseException) and not isinstance(why, OSError) and is_ours(why.__traceback__):
            self._fail("loop", why)
        else:
            self.note("voice-trouble", detail=str(context.get("message")), error=type(why).__name__)

    def _fail(self, where: str, why: BaseException) -> None:
        if not self.failure:
            self.failure = True
            self.note(
                "voice-failed", where=where, fault=why.message_id if isinstance(why, OpenlineError) else repr(why)
            )
        self._over.set()

    def note(self, fact: str, /, **facts: str | int) -> None:
        """A line for the node's log."""
        self._say(Note(fact, dict(facts)))


def is_ours(trace: TracebackType | None) -> bool:
    """Whether an error arose in our code, what it calls included, rather than inside a library that called nothing."""
    ours = True
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if _OURS in file.parents:
            ours = True
        elif any(part in _OTHERS for part in file.parts):
            ours = False
        trace = trace.tb_next
    return ours


async def run(end: socket.socket, grace_s: float) -> int:
    """Serve; the exit code."""
    process = Process(grace_s)
    await process.serve(end)
    return 1 if process.failure else 0


def main(arguments: list[str]) -> int:
    """The first argument is the number of an inherited socket, the second, if any, the grace in seconds."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The terminal's Ctrl-C is the node's.
    with suppress(OSError):
        os.nice(NICE)
    gc.set_threshold(*_THRESHOLDS)
    end = socket.socket(fileno=int(arguments[0]))
    return uvloop.run(run(end, float(arguments[1]) if len(arguments) > 1 else GRACE_S))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""One run of the voice process: started with one end of a socket pair, watched by its beats, and gone when this ends.

It is told everything and asked nothing: whoever talks to it hears words. A process that has not beaten for
VOICE_HUNG_AFTER_US, whatever it is doing, is killed. Time is counted in our own beats: while we were held up
ourselves, or the whole machine was, nobody is accused of silence.
"""

from __future__ import annotations

import asyncio
import socket
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from openline.base.limits import VOICE_BEAT_US, VOICE_HUNG_AFTER_US
from openline.base.time import SECOND_US
from openline.media.channel import Channel, join
from openline.media.words import Beat, Ready, Stop, Telling, Word

BEGINS_WITHIN_S = 30.0
STOPS_WITHIN_S = 2.0

_ENDS_WITHIN_S = 1.0
_LOOK_US = VOICE_BEAT_US // 5
"""A stall of the event loop is noticed when it is longer than this, wherever between two beats it falls."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: a word for it, and the exit status (a signal is negative) when there is one.

    `ended`: it went by itself. `hung`: it did not beat, `slow`: it did not begin in time. `unstarted`: the system did
    not let us. Else a word of media.channel.
    """

    cause: str
    status: int | None = None


class VoiceProcess:
    """One run. `heard` is called with all it says, `late` with how late our own event loop was before each beat, in us.

    Mutable; owned by whoever calls `run`, which is called once.
    """

    def __init__(self, heard: Callable[[Telling], None], late: Callable[[int], None]) -> None:
        self._heard = heard
        self._late = late
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[None] = self._loop.create_future()
        self._channel: Channel[Telling] = Channel(Telling, self._hear, self._cut)  # type: ignore[arg-type] # a union of words
        self._process: Process | None = None
        self._begun = False
        self._stopping = False
        self._silent_beats = 0

    def say(self, word: Word) -> None:
        """Tell it something. Dropped when it is not there."""
        self._channel.say(word)

    def stop(self) -> None:
        """Ask it to end in order; it is killed when it does not, or has not begun. `run` returns then."""
        self._stopping = True
        self._channel.say(Stop())
        self._loop.call_later(STOPS_WITHIN_S if self._begun else 0.0, self._kill)

    async def run(self, command: Sequence[str], first: Sequence[Word]) -> Ended:
        """Start `command`, with the number of its end of the socket pair as last argument, and say `first`.

        Returns when the process is gone. Cancelled, it kills the process before it ends.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                process = self._process = await _start(command, theirs.fileno())
        except OSError:
            ours.close()
            return Ended("unstarted")
        except asyncio.CancelledError:
            ours.close()
            raise
        try:
            await join(self._channel, ours)
            if self._stopping:
                self._kill()
            for word in first:
                self._channel.say(word)
            cause = await self._watch()
            with suppress(TimeoutError):
                async with asyncio.timeout(_ENDS_WITHIN_S):
                    await process.wait()
        finally:
            self._kill()
            self._channel.close()
            await process.wait()
        return Ended(cause, process.returncode)

    async def _watch(self) -> str:
        """Until its end of the channel is closed, or it has to be killed. Why it is over."""
        worst_us, looks = 0, 0
        while not self._over.done():
            due_s = self._loop.time() + _LOOK_US / SECOND_US
            await asyncio.wait((self._over,), timeout=_LOOK_US / SECOND_US)
            worst_us = max(worst_us, round((self._loop.time() - due_s) * SECOND_US))
            looks += 1
            if looks * _LOOK_US % VOICE_BEAT_US == 0:
                self._channel.say(Beat(worst_us))
                self._late(worst_us)
                worst_us = 0
                self._silent_beats += 1
                if self._silent_beats * VOICE_BEAT_US > self._patience_us:
                    self._kill()
                    return "hung" if self._begun else "slow"
        return self._channel.fault or "ended"

    @property
    def _patience_us(self) -> int:
        return VOICE_HUNG_AFTER_US if self._begun else int(BEGINS_WITHIN_S * SECOND_US)

    def _hear(self, word: Telling) -> None:
        if isinstance(word, Beat | Ready):
            self._silent_beats = 0
            self._begun = self._begun or isinstance(word, Ready)
        self._heard(word)

    def _cut(self) -> None:
        if not self._over.done():
            self._over.set_result(None)

    def _kill(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()


async def _start(command: Sequence[str], end: int) -> Process:
    """Start it in a session of its own, so that Ctrl-C at the node's terminal is the node's to answer."""
    return await asyncio.create_subprocess_exec(
        *command, str(end), pass_fds=(end,), stdin=DEVNULL, stdout=DEVNULL, start_new_session=True
    )

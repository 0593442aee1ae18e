"""A position that says back what it hears: one person alone can try a call. It decodes nothing and stores nothing.

What a speaker says is kept, un-decoded, until the speaker's gate has been closed for a moment; then it is said to
everybody in the call, at the pace at which it was said. At most KEPT_US of one speaker and SPEAKERS_MAX speakers are
kept; a speaker without a key, as at a desk phone, is answered when so much is kept. It speaks as leg ANSWERS_AS, and
no answering position anywhere is given what a leg of that number says: two of them in one call never talk to each
other.
"""

from __future__ import annotations

import asyncio
from bisect import insort
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from openline.base.time import SECOND_US
from openline.media.reports import CLOCK_HZ
from openline.voice.frame import SEQUENCES, TIMESTAMPS, Codec, Frame, ahead

ANSWERS_AS = 0
"""The leg number of every answering position; other legs count from 1."""

KEPT_US = 30 * SECOND_US
"""So much of what one speaker says at a time is kept; then it is said back, finished or not."""

FRAMES_MAX = 1_500
SPEAKERS_MAX = 4

QUIET_S = 0.6
"""Who has not been heard for so long has closed the gate: who is silent at an open gate is heard every 0.4 s."""

FRAME_S = 0.01
"""Frames of one speaker are never said back quicker than this."""


@dataclass(order=True, slots=True)
class _Kept:
    since: int
    frame: Frame = field(compare=False)


class _Speech:
    """What one speaker has said since the gate opened, in order."""

    __slots__ = ("_first", "_known", "frames", "full", "heard_s")

    def __init__(self) -> None:
        self.frames: list[_Kept] = []
        self.heard_s = 0.0
        self.full = False
        self._first: Frame | None = None
        self._known: set[int] = set()

    def take(self, frame: Frame, now_s: float) -> None:
        self.heard_s = now_s
        first = self._first = self._first or frame
        since = ahead(frame.sequence, first.sequence)
        passed = _passed_us(first, frame)
        self.full = self.full or passed >= KEPT_US or len(self.frames) >= FRAMES_MAX
        if not self.full and passed > -KEPT_US and frame.codec is first.codec and since not in self._known:
            self._known.add(since)
            insort(self.frames, _Kept(since, frame))


class AnsweringLeg:
    """One call's answering position, a leg as any (ports.Leg). Mutable; owned by the bridge.

    `say` takes each frame it says, `gate` is told to open before the first and to close after the last.
    """

    def __init__(self, say: Callable[[Frame], None], gate: Callable[[bool], None]) -> None:
        self._say = say
        self._gate = gate
        self._loop = asyncio.get_running_loop()
        self._speeches: dict[int, _Speech] = {}
        self._saying: deque[Frame] = deque()
        self._last: Frame | None = None
        self._sequence = self._timestamp = 0
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def number(self) -> int:
        """See ports.Leg."""
        return ANSWERS_AS

    def play(self, frame: Frame) -> None:
        """Keep what a speaker says."""
        if self._closed:
            return
        speech = self._speeches.get(frame.stream)
        if speech is None:
            if len(self._speeches) >= SPEAKERS_MAX:
                return
            speech = self._speeches[frame.stream] = _Speech()
        speech.take(frame, self._loop.time())
        if self._timer is None:
            self._timer = self._loop.call_later(QUIET_S, self._look)

    def close(self, reason: str) -> None:
        """Forget everything and say no more. Nobody is told: whoever ends it knows."""
        del reason
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        if self._saying:
            self._saying.clear()
            self._gate(False)
        self._speeches.clear()

    def _look(self) -> None:
        """Has somebody finished?"""
        now_s = self._loop.time()
        done = [stream for stream, one in self._speeches.items() if one.full or now_s - one.heard_s >= QUIET_S]
        if done:
            self._saying.extend(kept.frame for kept in self._speeches.pop(done[0]).frames)
            self._last = None
            self._gate(True)
            self._next(now_s)
        elif self._speeches:
            soonest = min(one.heard_s for one in self._speeches.values()) + QUIET_S
            self._timer = self._loop.call_later(max(soonest - now_s, FRAME_S), self._look)
        else:
            self._timer = None

    def _next(self, due_s: float) -> None:
        """Say one frame back, and the others at the distances at which they were said."""
        frame = self._saying.popleft()
        self._sequence = (self._sequence + 1) % SEQUENCES
        self._timestamp = (self._timestamp + self._step(frame)) % TIMESTAMPS
        marker = self._last is None
        self._last = frame
        self._say(Frame(ANSWERS_AS, self._sequence, self._timestamp, marker, frame.codec, frame.payload))
        if self._saying:
            wait_s = _passed_us(frame, self._saying[0]) / SECOND_US
            next_s = max(due_s + min(max(wait_s, FRAME_S), QUIET_S), self._loop.time() - QUIET_S)
            self._timer = self._loop.call_at(next_s, self._next, next_s)
        else:
            self._gate(False)
            self._timer = self._loop.call_later(0, self._look)

    def _step(self, frame: Frame) -> int:
        """By how much the timestamp goes on to this frame, in its codec's clock."""
        rate_hz = CLOCK_HZ[frame.codec]
        passed_us = int(QUIET_S * SECOND_US) if self._last is None else _passed_us(self._last, frame)
        step_us = min(max(passed_us, int(FRAME_S * SECOND_US)), int(QUIET_S * SECOND_US))
        return step_us * rate_hz // SECOND_US


def _passed_us(before: Frame, frame: Frame) -> int:
    """From one frame to another by their timestamps; below zero when it is the older one."""
    ticks = (frame.timestamp - before.timestamp + TIMESTAMPS // 2) % TIMESTAMPS - TIMESTAMPS // 2
    return ticks * SECOND_US // CLOCK_HZ[frame.codec]


assert set(CLOCK_HZ) == set(Codec)

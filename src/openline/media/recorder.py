"""Records calls, for whoever has agreed to it: takes the frames that pass, and writes each chunk to a file of its own.

Off until the node says otherwise, off at once when it says so. What passes is noted and nothing else: the disk is a
thread's business, so sound never waits for it. A part of a chunk is on the disk before anybody is told of it. When the
disk is full, fails or is too slow, recording stops, with one note; the call goes on.
"""

from __future__ import annotations

import asyncio
import errno
import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from openline.base.limits import (
    RECORDING_FRAMES_MAX,
    RECORDING_FREE_BYTES_MIN,
    RECORDING_OPEN_PARTS_MAX,
    RECORDING_PARTS_A_MINUTE_MAX,
    RECORDING_SPAN_MAX,
    RECORDING_WAITING_PARTS_MAX,
)
from openline.base.time import SECOND_US
from openline.media.recording_file import Recording, Taken, write_recording
from openline.media.words import Note, Recorded, RecordingIs, RecordIs
from openline.voice.frame import SEQUENCES, Codec, Frame, ahead
from openline.voice.recording import chunk_of, part_with_prints

LOOK_S = 1.0
PART_LASTS_S = 12.0
"""No chunk lasts longer than 10.9 s by its speaker's clock: what is older gets no more frames, not even late ones."""

_MINUTE_S = 60.0
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})

_Which = tuple[str, int, Codec, int]
"""Of an open part: the party it comes from (empty: us), stream, codec, chunk."""


@dataclass(slots=True)
class _Open:
    """A part that is being recorded. `since_us` is the time of its first frame, which no other part has."""

    since_s: float
    since_us: int
    first: int
    last: int
    taken: dict[int, Taken] = field(default_factory=dict)


@dataclass(slots=True)
class _Call:
    """A call that is being recorded. `ahead_us` is what the node's time of day has before the loop's clock."""

    folder: Path
    ahead_us: int
    open: dict[_Which, _Open] = field(default_factory=dict)
    begun: deque[float] = field(default_factory=deque)


class Recorder:
    """The recordings of one voice process. Used from its event loop only; `told` is given what the node must hear."""

    def __init__(
        self, told: Callable[[Recorded | RecordingIs | Note], None], free_bytes_min: int = RECORDING_FREE_BYTES_MIN
    ) -> None:
        """Nothing is written when less than `free_bytes_min` would be left to others on the disk."""
        self._told = told
        self._free_bytes_min = free_bytes_min
        self._loop = asyncio.get_running_loop()
        self._thread = ThreadPoolExecutor(1, "recorder")
        self._calls: dict[int, _Call] = {}
        self._stopped: set[int] = set()
        self._writing: set[asyncio.Future[Recorded]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._newest_us = 0

    def order(self, word: RecordIs) -> None:
        """Record a call from now on, or no longer. A recording that has failed begins anew only after an off."""
        if not word.on:
            self.over(word.call)
        elif word.call not in self._calls and word.call not in self._stopped:
            ahead_us = word.now_us - int(self._loop.time() * SECOND_US)
            self._calls[word.call] = _Call(Path(word.folder), ahead_us)
            self._told(RecordingIs(word.call, True))
            if self._timer is None:
                self._timer = self._loop.call_later(LOOK_S, self._look)

    def over(self, call: int) -> None:
        """A call is over, or its recording is: the last parts are closed."""
        self._stopped.discard(call)
        if call in self._calls:
            self._close_parts(call, list(self._calls[call].open))
        if self._calls.pop(call, None) is not None:
            self._told(RecordingIs(call, False))

    def take(self, call: int, party: str, frame: Frame) -> None:
        """A frame has passed: from `party`, or from us where that is empty. Its stream is the number between nodes."""
        recorded = self._calls.get(call)
        if recorded is None:
            return
        now_s = self._loop.time()
        which = party, frame.stream, frame.codec, chunk_of(frame)
        part = recorded.open.get(which)
        if part is not None and not _fits(part, frame):
            self._close_parts(call, [which])
            part = None
        if part is None:
            part = self._begin(call, recorded, which, frame)
        if part is not None:
            part.first, part.last = _reach(part, frame)
            at_us = max(recorded.ahead_us + int(now_s * SECOND_US), part.since_us)
            part.taken.setdefault(frame.sequence, Taken(at_us, frame))

    async def close(self) -> None:
        """Record no more; what was taken is on the disk afterwards."""
        for call in list(self._calls):
            self.over(call)
        if self._timer is not None:
            self._timer.cancel()
        while self._writing:
            await asyncio.wait(self._writing)
            await asyncio.sleep(0)
        self._thread.shutdown()

    def _begin(self, call: int, recorded: _Call, which: _Which, frame: Frame) -> _Open | None:
        """A new part. A peer that makes up chunks fills neither the memory nor the disk nor the record."""
        now_s = self._loop.time()
        while recorded.begun and now_s - recorded.begun[0] > _MINUTE_S:
            recorded.begun.popleft()
        if len(recorded.begun) >= RECORDING_PARTS_A_MINUTE_MAX:
            self._stop(call, "recording-too-many-parts")
            return None
        recorded.begun.append(now_s)
        if len(recorded.open) >= RECORDING_OPEN_PARTS_MAX:
            self._close_parts(call, [next(iter(recorded.open))])
        self._newest_us = max(recorded.ahead_us + int(now_s * SECOND_US), self._newest_us + 1)
        part = recorded.open[which] = _Open(now_s, self._newest_us, frame.sequence, frame.sequence)
        return part

    def _look(self) -> None:
        """Once a second: close what gets no more frames."""
        now_s = self._loop.time()
        for call, recorded in list(self._calls.items()):
            due = [which for which, part in recorded.open.items() if now_s - part.since_s >= PART_LASTS_S]
            self._close_parts(call, due)
        self._timer = self._loop.call_later(LOOK_S, self._look) if self._calls else None

    def _close_parts(self, call: int, due: list[_Which]) -> None:
        for which in due:
            recorded = self._calls.get(call)
            if recorded is None:
                return
            part = recorded.open.pop(which)
            if len(self._writing) >= RECORDING_WAITING_PARTS_MAX:
                self._stop(call, "recording-disk-slow")
                return
            party, stream, codec, chunk = which
            numbers = sorted(part.taken, key=lambda number: (number - part.first) % SEQUENCES)
            recording = Recording(party, stream, codec, chunk, tuple(part.taken[number] for number in numbers))
            work = partial(_write, call, recorded.folder, recording, self._free_bytes_min)
            writing = self._loop.run_in_executor(self._thread, work)
            self._writing.add(writing)
            writing.add_done_callback(partial(self._written, call))

    def _written(self, call: int, writing: asyncio.Future[Recorded]) -> None:
        self._writing.discard(writing)
        why = None if writing.cancelled() else writing.exception()
        if isinstance(why, OSError):
            cause = "recording-disk-full" if why.errno in _FULL else "recording-disk-failed"
            self._stop(call, cause, why.strerror or type(why).__name__)
        elif why is not None:
            raise why
        elif not writing.cancelled():
            self._told(writing.result())

    def _stop(self, call: int, cause: str, detail: str = "") -> None:
        """Record this call no more, and say so once."""
        self._calls.pop(call, None)
        if call not in self._stopped:
            self._stopped.add(call)
            self._told(RecordingIs(call, False, cause))
            self._told(Note("recording-stopped", {"call": call, "cause": cause, "detail": detail}))


def _reach(part: _Open, frame: Frame) -> tuple[int, int]:
    """The first and last number of a part with this frame in it."""
    first = frame.sequence if ahead(frame.sequence, part.first) < 0 else part.first
    return first, frame.sequence if ahead(frame.sequence, part.last) > 0 else part.last


def _fits(part: _Open, frame: Frame) -> bool:
    """Whether a frame can go into this part: it is not full or too long, and has no other frame of that number."""
    known = part.taken.get(frame.sequence)
    if known is not None:
        return known.frame == frame
    first, last = _reach(part, frame)
    return len(part.taken) < RECORDING_FRAMES_MAX and 0 <= ahead(last, first) < RECORDING_SPAN_MAX


def _write(call: int, folder: Path, recording: Recording, free_bytes_min: int) -> Recorded:
    """Put one part on the disk; what to tell of it. In the recorder's thread. Raises OSError."""
    place = next(each for each in (folder, *folder.parents) if each.exists())
    disk = os.statvfs(place)
    if disk.f_bavail * disk.f_frsize < free_bytes_min:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    part = part_with_prints(recording.frames)
    name = write_recording(folder, recording)
    return Recorded(
        call,
        not recording.speaker,
        recording.stream,
        recording.chunk,
        part.frames,
        part.root,
        name,
        peer=recording.speaker,
        codec=int(recording.codec),
        first=part.first,
        present=part.present,
        prints=b"".join(part.prints) if not recording.speaker else b"",
    )

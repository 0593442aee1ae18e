"""The numbers under which one speaker's frames go on, where not every frame that comes does.

A closed gate or a hold keeps frames back. Their numbers would be missing to whoever plays the sound, and be taken for
losses: so after a pause the numbers go on where they stood. Losses within a talk stay gaps. Timestamps stay as the leg
gave them, since a pause is time; only where they cannot be those of the same clock they go on by the time passed.
"""

from __future__ import annotations

from openline.base.limits import VOICE_WINDOW_FRAMES
from openline.base.time import SECOND_US
from openline.media.reports import CLOCK_HZ
from openline.voice.frame import SEQUENCES, TIMESTAMPS, Codec, Frame, ahead

STRANGE_US = 10 * SECOND_US
"""A timestamp that is so far from the time passed is of another clock: the speaker's leg or node is another one."""


class Numbering:
    """One speaker. Mutable; owned by the bridge. Times are microseconds of a clock that nobody sets."""

    __slots__ = ("_at", "_codec", "_first", "_paused", "_sequence", "_shift", "_timestamp", "_turn")

    def __init__(self) -> None:
        self._paused = True
        self._first: int | None = None
        self._sequence = self._timestamp = self._at = 0
        self._codec: Codec | None = None
        self._shift = self._turn = 0

    def pause(self) -> None:
        """What comes from now on is kept back; the next frame that is placed ends the pause."""
        self._paused = True

    def place(self, frame: Frame, stream: int, now: int) -> Frame | None:
        """The frame as it goes on, as one of `stream`; None when it is a late one from before the pause."""
        begins = self._paused or self._is_strange(frame, now)
        if begins:
            self._begin(frame, now)
        elif self._first is not None:
            since = ahead(frame.sequence, self._first)
            if since < 0:
                return None
            if since > VOICE_WINDOW_FRAMES:
                self._first = None
        sequence = (frame.sequence + self._shift) % SEQUENCES
        timestamp = (frame.timestamp + self._turn) % TIMESTAMPS
        if begins or ahead(sequence, self._sequence) > 0:
            self._sequence, self._timestamp, self._at = sequence, timestamp, now
        return Frame(stream, sequence, timestamp, frame.marker or begins, frame.codec, frame.payload)

    def _begin(self, frame: Frame, now: int) -> None:
        if self._codec is not None:
            self._shift = self._sequence + 1 - frame.sequence
            if self._is_strange(frame, now):
                rate_hz = CLOCK_HZ[frame.codec]
                self._turn = self._timestamp + (now - self._at) * rate_hz // SECOND_US - frame.timestamp
        self._paused, self._first, self._codec = False, frame.sequence, frame.codec

    def _is_strange(self, frame: Frame, now: int) -> bool:
        """Whether its timestamp cannot follow on the last one in the time that has passed."""
        if frame.codec is not self._codec:
            return self._codec is not None
        rate_hz = CLOCK_HZ[frame.codec]
        passed = (frame.timestamp + self._turn - self._timestamp + TIMESTAMPS // 2) % TIMESTAMPS - TIMESTAMPS // 2
        expected = (now - self._at) * rate_hz // SECOND_US
        off = (passed - expected + TIMESTAMPS // 2) % TIMESTAMPS - TIMESTAMPS // 2
        return abs(off) > STRANGE_US * rate_hz // SECOND_US

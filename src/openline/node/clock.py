"""The only place that asks for time or randomness. Everything else is told."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import Protocol

from openline.base.limits import CLOCK_SKEW_WARN_US
from openline.base.time import SECOND_US, Instant


class Clock(Protocol):
    """Time and entropy for a node. `exercise` marks everything written under this clock EXERCISE."""

    exercise: bool

    def now(self) -> Instant:
        """The time of day."""
        ...

    def entropy(self, size: int) -> bytes:
        """`size` unpredictable bytes."""
        ...


class SystemClock:
    """The machine's clock and its random source."""

    exercise = False

    def now(self) -> Instant:
        """The time of day as the machine tells it."""
        return Instant(time.time_ns() // 1000)

    def entropy(self, size: int) -> bytes:
        """Bytes from the operating system."""
        return os.urandom(size)


class DemoClock(SystemClock):
    """A clock set to another day, for demonstrations and scenarios only: what it stamps is marked EXERCISE.

    It is moved by the same `offset_us` for every node that plays together, and each time one of them is started.
    """

    exercise = True

    def __init__(self, offset_us: int) -> None:
        self._offset_us = offset_us

    def now(self) -> Instant:
        """The machine's time, moved."""
        return super().now().plus(self._offset_us)


@dataclass(frozen=True, slots=True)
class Jump:
    """The time of day was set: when it was noticed, by the new time, and by how much; forward is positive."""

    at: Instant
    by_us: int


class Jumps:
    """Notices that somebody sets the time of day: it must pass as fast as a clock that nobody sets.

    Mutable; looked at every second. A machine that slept looks the same, and its times are as doubtful.
    """

    def __init__(self) -> None:
        self._ahead_us: int | None = None
        self.last: Jump | None = None

    def look(self, now: Instant, steady_s: float) -> int | None:
        """By how many microseconds the time of day has jumped since the last look; None when it has not."""
        ahead_us = now - round(steady_s * SECOND_US)
        before_us, self._ahead_us = self._ahead_us, ahead_us
        if before_us is None or abs(ahead_us - before_us) < CLOCK_SKEW_WARN_US:
            return None
        self.last = Jump(now, ahead_us - before_us)
        return self.last.by_us

"""The only place that asks for time or randomness. Everything else is told."""

from __future__ import annotations

import os
import time
from typing import Protocol

from openline.base.time import Instant


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
    """A clock set to another day, for demonstrations and scenarios only: what it stamps is marked EXERCISE."""

    exercise = True

    def __init__(self, start: Instant) -> None:
        self._offset_us = start - super().now()

    def now(self) -> Instant:
        """The machine's time, moved."""
        return super().now().plus(self._offset_us)

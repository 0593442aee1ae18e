"""The clocks of one machine: a wall clock that drifts and is set, a steady one beside it, and entropy from the seed."""

from __future__ import annotations

from openline.base.time import Instant
from tests.sim.world import SECOND_US, World

EPOCH_US = 1_790_000_000 * SECOND_US
_PPM_MAX = 200


class SimClock:
    """An `openline.node.clock.Clock`. Mutable; one per machine, it outlives the processes on it."""

    exercise = False

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._chance = world.chance(f"clock/{name}")
        self._entropy = world.chance(f"entropy/{name}")
        self._wall_ppm = self._chance.uniform(-_PPM_MAX, _PPM_MAX)
        self._steady_ppm = self._chance.uniform(-_PPM_MAX, _PPM_MAX)
        self._set_us = EPOCH_US + self._chance.randint(-SECOND_US, SECOND_US)
        self._booted_us = self._chance.randint(0, 10_000_000 * SECOND_US)

    def now(self) -> Instant:
        """What the wall clock says."""
        return Instant(self._set_us + self._ran(self._wall_ppm))

    def steady(self) -> Instant:
        """The clock that nobody sets: microseconds since some moment of its own."""
        return Instant(self._booted_us + self._ran(self._steady_ppm))

    def entropy(self, size: int) -> bytes:
        """Bytes that only the seed knows."""
        return self._entropy.randbytes(size)

    def jump(self, us: int) -> None:
        """Somebody sets the wall clock."""
        self._set_us += us

    def boot(self) -> None:
        """The machine starts again: steady time begins anew, somewhere."""
        self._booted_us = self._chance.randint(0, 10_000_000 * SECOND_US) - self._ran(self._steady_ppm)

    def _ran(self, ppm: float) -> int:
        passed = self._world.now_us
        return passed + round(passed * ppm / 1_000_000)

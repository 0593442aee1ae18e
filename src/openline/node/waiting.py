"""Who waits for what: a message's receipt, or a stage the other side puts on the record.

A future's result says whether it was reached; who waits settles it with False when the time is over.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import defaultdict
from itertools import count

Place = tuple[str, int]
"""Origin and index of an entry."""


class Waiting:
    """Futures of one line. Used from the event loop only."""

    def __init__(self) -> None:
        self._receipts: list[tuple[int, int, asyncio.Future[bool]]] = []
        self._stages: dict[tuple[Place, str], list[asyncio.Future[bool]]] = defaultdict(list)
        self._numbers = count()

    def receipt(self, index: int) -> asyncio.Future[bool]:
        """Done when every peer has receipted our entry `index`."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._receipts, (index, next(self._numbers), done))
        return done

    def stage(self, place: Place, stage: str) -> asyncio.Future[bool]:
        """Done when some peer has put `stage` of the entry at `place` on the record."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._stages[place, stage].append(done)
        return done

    def receipted(self, size: int) -> None:
        """Every peer has receipted our log up to `size`."""
        while self._receipts and self._receipts[0][0] < size:
            _, _, done = heapq.heappop(self._receipts)
            settle(done, True)

    def reached(self, place: Place, stage: str) -> None:
        """A stage is on the record."""
        for done in self._stages.pop((place, stage), ()):
            settle(done, True)

    def forget(self, place: Place, stage: str, done: asyncio.Future[bool]) -> None:
        """Nobody waits for this any more."""
        waiting = self._stages.get((place, stage))
        if waiting is not None and done in waiting:
            waiting.remove(done)
            if not waiting:
                del self._stages[place, stage]


def settle(done: asyncio.Future[bool], reached: bool) -> None:
    """Say how the waiting ended, unless it has ended already."""
    if not done.done():
        done.set_result(reached)

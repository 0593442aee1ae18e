"""Who waits for what: a message's receipt, or a stage the other side puts on the record."""

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
        self._receipts: list[tuple[int, int, asyncio.Future[None]]] = []
        self._stages: dict[tuple[Place, str], list[asyncio.Future[None]]] = defaultdict(list)
        self._numbers = count()

    def receipt(self, index: int) -> asyncio.Future[None]:
        """Done when every peer has receipted our entry `index`."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._receipts, (index, next(self._numbers), done))
        return done

    def stage(self, place: Place, stage: str) -> asyncio.Future[None]:
        """Done when some peer has put `stage` of the entry at `place` on the record."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._stages[place, stage].append(done)
        return done

    def receipted(self, size: int) -> None:
        """Every peer has receipted our log up to `size`."""
        while self._receipts and self._receipts[0][0] < size:
            _, _, done = heapq.heappop(self._receipts)
            if not done.done():
                done.set_result(None)

    def reached(self, place: Place, stage: str) -> None:
        """A stage is on the record."""
        for done in self._stages.pop((place, stage), ()):
            if not done.done():
                done.set_result(None)

    def forget(self, place: Place, stage: str, done: asyncio.Future[None]) -> None:
        """Nobody waits for this any more."""
        left = [one for one in self._stages.pop((place, stage), []) if one is not done]
        if left:
            self._stages[place, stage] = left

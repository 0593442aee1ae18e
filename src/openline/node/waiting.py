"""Who waits for what: a message's receipt, a stage the other side puts on the record, a write of ours.

A future's result says whether it was reached; who waits settles it with False when the time is over, and has it
forgotten when it waits no more: a peer that is down for long must not make us remember every question.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import defaultdict
from collections.abc import Sequence

from openline.record.ports import Write

Place = tuple[str, int]
"""Origin and index of an entry."""


class Waiting:
    """Futures of one line. Mutable; used from the event loop only.

    `_indexes` is a heap of the keys of `_receipts`, each once; one whose futures are all forgotten stays in both.
    """

    def __init__(self) -> None:
        self._receipts: dict[int, list[asyncio.Future[bool]]] = {}
        self._indexes: list[int] = []
        self._stages: dict[tuple[Place, str], list[asyncio.Future[bool]]] = defaultdict(list)
        self._writes: list[tuple[Write, asyncio.Future[bool]]] = []

    def receipt(self, index: int) -> asyncio.Future[bool]:
        """Done when every peer has receipted our entry `index`."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        if index not in self._receipts:
            self._receipts[index] = []
            heapq.heappush(self._indexes, index)
        self._receipts[index].append(done)
        return done

    def stage(self, place: Place, stage: str) -> asyncio.Future[bool]:
        """Done when some peer has put `stage` of the entry at `place` on the record."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._stages[place, stage].append(done)
        return done

    def write(self, write: Write) -> asyncio.Future[bool]:
        """Done when `write`, which this line's open turn holds, is durable."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._writes.append((write, done))
        return done

    def committed(self, writes: Sequence[Write]) -> None:
        """These are durable now."""
        if self._writes:
            held = {id(write) for write in writes}
            for write, done in self._writes:
                if id(write) in held:
                    settle(done, True)
            self._writes = [(write, done) for write, done in self._writes if not done.done()]

    def receipted(self, size: int) -> None:
        """Every peer has receipted our log up to `size`."""
        while self._indexes and self._indexes[0] < size:
            for done in self._receipts.pop(heapq.heappop(self._indexes)):
                settle(done, True)

    def reached(self, place: Place, stage: str) -> None:
        """A stage is on the record."""
        for done in self._stages.pop((place, stage), ()):
            settle(done, True)

    def forget(self, place: Place, stage: str, done: asyncio.Future[bool]) -> None:
        """Nobody waits for this any more: a `stage` of the entry at `place`, or its receipt."""
        receipts = self._receipts.get(place[1], [])
        if done in receipts:
            receipts.remove(done)
        stages = self._stages.get((place, stage), [])
        if done in stages:
            stages.remove(done)
            if not stages:
                del self._stages[place, stage]


def settle(done: asyncio.Future[bool], reached: bool) -> None:
    """Say how the waiting ended, unless it has ended already."""
    if not done.done():
        done.set_result(reached)

"""The loop: events in, one commit, effects out.

Events are worked as they come, into the turn that is open. While a commit is on its way to the disk the next
turn gathers; that is the group commit, and it costs an idle line nothing. What a person says waits only for room
in the open turn, FLASH first. When a commit fails the node stops: memory is ahead of the disk then.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from openline.base.errors import OpenlineError, StoreError, UsageError
from openline.base.limits import BATCH_ENTRIES_MAX
from openline.line.kinds import Change
from openline.line.membership import barred
from openline.link import events as link
from openline.node.clock import Clock
from openline.node.keeper import Keeper, Outward, Turn
from openline.record.entry import Draft, Entry, Precedence
from openline.record.log import fits
from openline.record.ports import Write

IN_FLIGHT_MAX = 1
SMALL_WRITES_MAX = 6
SLOW_COMMIT_S = 0.02
SLOW_DISK_S = 1.0


class Commits(Protocol):
    """The store's writer: commits in order, calls back from its own thread."""

    def submit(self, writes: Sequence[Write], on_done: Callable[[StoreError | None], None]) -> None:
        """Commit `writes` after everything submitted before, then call `on_done`."""
        ...

    def commit_now(self, writes: Sequence[Write]) -> bool:
        """Commit `writes` here, if nothing is under way; False when something is. Raises StoreError."""
        ...


class Outlet(Protocol):
    """Who carries out what leaves a turn and hears what it changed."""

    def carry_out(self, keeper: Keeper, effects: Iterable[Outward]) -> None:
        """Do these effects, in order."""
        ...

    def committed(self, keeper: Keeper, turn: Turn, changes: Sequence[Change]) -> None:
        """A turn is durable and folded."""
        ...


@dataclass(order=True, slots=True)
class _Saying:
    precedence: int
    number: int
    keeper: Keeper = field(compare=False)
    drafts: Sequence[Draft] = field(compare=False)
    key: str | None = field(compare=False)
    done: asyncio.Future[list[Entry]] = field(compare=False)


_Turns = list[tuple[Keeper, Turn]]
_Said = list[tuple[_Saying, list[Entry]]]


class Turns:
    """The turns of one node. Used from the event loop's thread only."""

    def __init__(self, clock: Clock, commits: Commits, outlet: Outlet, next_seq: int) -> None:
        self._clock = clock
        self._commits = commits
        self._outlet = outlet
        self._next_seq = next_seq
        self._loop = asyncio.get_running_loop()
        self._open: dict[str, Keeper] = {}
        self._sayings: list[_Saying] = []
        self._numbers = count()
        self._in_flight = 0
        self._close_planned = False
        self._disk_slow_until = 0.0
        self._to_fold: deque[tuple[_Turns, _Said]] = deque()
        self.failure: asyncio.Future[StoreError] = self._loop.create_future()
        self.idle = asyncio.Event()
        self.idle.set()

    def say(self, keeper: Keeper, drafts: Sequence[Draft], key: str | None) -> asyncio.Future[list[Entry]]:
        """Put `drafts` on the record of a line. The future gives the entries once they are durable.

        It gives UsageError when the line is not open yet, or is so no longer for us.
        """
        done: asyncio.Future[list[Entry]] = self._loop.create_future()
        if self.failure.done():
            done.set_exception(self.failure.result())
            return done
        if not fits(drafts):
            done.set_exception(UsageError("batch-too-large", count=len(drafts), limit=BATCH_ENTRIES_MAX))
            return done
        why = barred(keeper.book, drafts)
        if why is not None:
            done.set_exception(UsageError(why, line=keeper.setup.line))
            return done
        precedence = min((d.precedence for d in drafts if d.precedence is not None), default=Precedence.FLASH)
        heapq.heappush(self._sayings, _Saying(precedence, next(self._numbers), keeper, drafts, key, done))
        self._plan()
        return done

    def tell(self, keeper: Keeper, *happened: link.Event) -> None:
        """Give a line's engine events; what needs no commit is carried out at once."""
        now = self._clock.now()
        for event in happened:
            keeper.tell(event, now)
        self.touch(keeper)

    def touch(self, keeper: Keeper) -> None:
        """Something was put into a keeper's open turn: carry out what may leave, and plan the commit."""
        self._open[keeper.setup.line] = keeper
        self._outlet.carry_out(keeper, keeper.take_out())
        self._plan()

    def _plan(self) -> None:
        if not self._close_planned and self._in_flight < IN_FLIGHT_MAX and not self.failure.done():
            self._close_planned = True
            self.idle.clear()
            self._loop.call_soon(self._close)

    def _close(self) -> None:
        self._close_planned = False
        now = self._clock.now()
        said = self._admit()
        turns: _Turns = []
        for keeper in self._open.values():
            turn = keeper.close(now, self._next_seq)
            self._next_seq += len(turn.arrived)
            turns.append((keeper, turn))
        self._open = {}
        writes = [write for _, turn in turns for write in turn.writes]
        if not writes:
            self._finish(turns, said)
            return
        if self._in_flight == 0 and self._is_small(writes) and self._commit_now(writes, turns, said):
            return
        self._in_flight += 1

        def on_done(why: StoreError | None) -> None:
            self._loop.call_soon_threadsafe(self._returned, turns, said, why)

        self._commits.submit(writes, on_done)

    def _is_small(self, writes: Sequence[Write]) -> bool:
        """Whether the commit is short enough to hold up the event loop, as far as the disk has been quick of late."""
        return len(writes) <= SMALL_WRITES_MAX and self._loop.time() >= self._disk_slow_until

    def _commit_now(self, writes: Sequence[Write], turns: _Turns, said: _Said) -> bool:
        begun = self._loop.time()
        try:
            if not self._commits.commit_now(writes):
                return False
        except StoreError as why:
            self._in_flight += 1
            self._returned(turns, said, why)
            return True
        ended = self._loop.time()
        if ended - begun > SLOW_COMMIT_S:
            self._disk_slow_until = ended + SLOW_DISK_S
        self._finish(turns, said)
        return True

    def _admit(self) -> _Said:
        """Take what was said into the open turns, most urgent first, as far as there is room."""
        said: _Said = []
        now = self._clock.now()
        full: list[_Saying] = []
        while self._sayings and not full:
            saying = heapq.heappop(self._sayings)
            if saying.done.cancelled():
                continue
            if not saying.keeper.own.has_room(saying.drafts):
                full.append(saying)
                continue
            try:
                said.append((saying, saying.keeper.say(saying.drafts, now, saying.key)))
                self._open[saying.keeper.setup.line] = saying.keeper
            except OpenlineError as why:
                saying.done.set_exception(why)
        for saying in full:
            heapq.heappush(self._sayings, saying)
        return said

    def _returned(self, turns: _Turns, said: _Said, why: StoreError | None) -> None:
        self._in_flight -= 1
        if why is None:
            self._finish(turns, said)
            return
        if not self.failure.done():
            self.failure.set_result(why)
        for saying in [*(one for one, _ in said), *self._sayings]:
            if not saying.done.done():
                saying.done.set_exception(why)
        self._sayings.clear()

    def _finish(self, turns: _Turns, said: _Said) -> None:
        """These turns are durable. What leaves is sent before what they changed is folded: the peer waits for it."""
        now = self._clock.now()
        for keeper, turn in turns:
            self._outlet.carry_out(keeper, keeper.release(turn, now))
        self._to_fold.append((turns, said))
        if any(turn.arrived for _, turn in turns):
            self._loop.call_soon(self._fold)
        else:
            self._fold()
        if self._open or self._sayings:
            self._plan()

    def _fold(self) -> None:
        """Fold what is durable, in order, and tell everybody who waited."""
        while self._to_fold:
            turns, said = self._to_fold.popleft()
            for keeper, turn in turns:
                self._outlet.committed(keeper, turn, keeper.fold(turn))
            for saying, entries in said:
                if not saying.done.done():
                    saying.done.set_result(entries)
        if not (self._open or self._sayings or self._in_flight):
            self.idle.set()

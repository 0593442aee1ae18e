"""The event stream: what was put on the record, in arrival order, then live, with a beat every two seconds.

The arrival number is the event's id, so a console that comes back names the last it saw and misses nothing, also
after a restart of the node. Receipts and states are not replayed: the first beat says that the replay is over, and
a console then asks how things stand. An entry is shown once it is durable and folded, never before.

What waits for a listener is given in one go, as far as it may. A FLASH goes before everything that waits; it then
bears the number of what was given before it, so that who breaks off there comes back to what it has overtaken.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence

import msgspec

from openline.base.limits import CONSOLE_BEAT_US
from openline.base.time import SECOND_US
from openline.node.views import EventView
from openline.record.entry import Precedence
from openline.record.ports import Arrived, RecordStore

GIVEN_MAX = 64

_WAITING_MAX = 16_384
_REPLAY_COUNT = 64


class _Listener:
    """What waits for one listener; `is_over` when it is cut off. `wake` is set while there is anything to do."""

    __slots__ = ("flashes", "is_over", "others", "wake")

    def __init__(self) -> None:
        self.flashes: deque[EventView] = deque()
        self.others: deque[EventView] = deque()
        self.is_over = False
        self.wake = asyncio.Event()

    def put(self, event: EventView) -> bool:
        """Have it wait; False when too much does."""
        if len(self.flashes) + len(self.others) >= _WAITING_MAX:
            return False
        (self.flashes if is_flash(event) else self.others).append(event)
        self.wake.set()
        return True

    def cut_off(self) -> None:
        """Give it nothing more, but for the FLASHes that wait."""
        self.is_over = True
        self.wake.set()

    def take(self, last: int) -> list[EventView]:
        """What it is given next, after number `last`: every FLASH, then others in their order."""
        flashes, self.flashes = self.flashes, deque()
        first = self.others[0].seq if self.others else None
        taken = [event if first is None or event.seq <= first else early(event, last) for event in flashes]
        while self.others and len(taken) < GIVEN_MAX:
            taken.append(self.others.popleft())
        if not self.others:
            self.wake.clear()
        return taken


class Stream:
    """Hands every event to every listener. Used from the event loop only."""

    def __init__(self, store: RecordStore, view: Callable[[Arrived], EventView | None]) -> None:
        self._store = store
        self._view = view
        self._listeners: set[_Listener] = set()
        self.seq = 0

    @property
    def heard(self) -> bool:
        """Whether anybody listens: nothing is rendered for nobody."""
        return bool(self._listeners)

    def arrived(self, arrived: Arrived) -> None:
        """An entry is durable and folded."""
        self.seq = arrived.seq
        if self._listeners:
            event = self._view(arrived)
            if event is not None:
                self.publish(event)

    def publish(self, event: EventView) -> None:
        """Tell every listener. One that cannot keep up is cut off: it comes back and is replayed."""
        for listener in list(self._listeners):
            if not listener.put(event):
                self._listeners.discard(listener)
                listener.cut_off()

    def close(self) -> None:
        """End every listener's stream."""
        for listener in self._listeners:
            listener.cut_off()
        self._listeners.clear()

    async def listen(self, after: int | None, beat: Callable[[], EventView]) -> AsyncIterator[Sequence[EventView]]:
        """Every event after arrival number `after` (None: from now on), and beats, whatever else there is to tell.

        A number that this record has not reached is of another one, from before a restore: there is nothing to replay.
        """
        listener = _Listener()
        self._listeners.add(listener)
        loop = asyncio.get_running_loop()
        last = self.seq if after is None else min(after, self.seq)
        told: set[int] = set()
        try:
            while last < self.seq:
                flashes, listener.flashes = listener.flashes, deque()
                told.update(map(number, flashes))
                yield [early(event, last) for event in flashes]
                rows = self._store.arrived(last, min(_REPLAY_COUNT, self.seq - last))
                last = rows[-1].seq
                yield [event for row in rows if row.seq not in told and (event := self._view(row)) is not None]
            beat_at = loop.time()
            while True:
                if loop.time() >= beat_at:
                    beat_at = loop.time() + CONSOLE_BEAT_US / SECOND_US
                    yield [msgspec.structs.replace(beat(), seq=last)]
                try:
                    async with asyncio.timeout_at(beat_at):
                        await listener.wake.wait()
                except TimeoutError:
                    continue
                if listener.is_over:
                    yield [early(event, last) for event in listener.flashes]
                    return
                given = [event for event in listener.take(last) if event.type != "entry" or number(event) > last]
                last = max([last, *(event.seq for event in given)])
                yield given
        finally:
            self._listeners.discard(listener)


def is_flash(event: EventView) -> bool:
    """Whether it is an entry that goes before all others."""
    return event.type == "entry" and event.data.get("precedence") == Precedence.FLASH.name


def early(event: EventView, last: int) -> EventView:
    """The same event, given before what it overtakes: who breaks off after it comes back to number `last`."""
    return msgspec.structs.replace(event, seq=last)


def number(event: EventView) -> int:
    """The arrival number of the entry that an event is about, also where that entry has overtaken others."""
    seq = event.data.get("seq", event.seq)
    return seq if isinstance(seq, int) else event.seq

"""The event stream: what was put on the record, in arrival order, then live, with a beat every two seconds.

The arrival number is the event's id, so a console that comes back names the last it saw and misses nothing, also
after a restart of the node. Receipts and states are not replayed: the first event after a gap is `status`, which
says how things stand.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from openline.base.limits import CONSOLE_BEAT_US, EVENTS_REPLAY_MAX
from openline.base.time import SECOND_US
from openline.node.views import EventView
from openline.record.ports import Arrived, RecordStore

_QUEUE_MAX = 2_048


class Stream:
    """Hands every event to every listener. Used from the event loop only."""

    def __init__(self, store: RecordStore, view: Callable[[Arrived], EventView | None]) -> None:
        self._store = store
        self._view = view
        self._listeners: set[asyncio.Queue[EventView | None]] = set()
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
        for queue in list(self._listeners):
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:
                self._listeners.discard(queue)
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(None)

    def close(self) -> None:
        """End every listener's stream."""
        for queue in list(self._listeners):
            while not queue.empty():
                queue.get_nowait()
            queue.put_nowait(None)
        self._listeners.clear()

    async def listen(self, after: int | None, beat: Callable[[], EventView]) -> AsyncIterator[EventView]:
        """Every event after arrival number `after` (None: from now on), and beats."""
        queue: asyncio.Queue[EventView | None] = asyncio.Queue(_QUEUE_MAX)
        self._listeners.add(queue)
        try:
            last = self.seq if after is None else after
            for event in self._replay(last):
                last = event.seq
                yield event
            yield beat()
            while True:
                try:
                    event_or_end = await asyncio.wait_for(queue.get(), CONSOLE_BEAT_US / SECOND_US)
                except TimeoutError:
                    yield beat()
                    continue
                if event_or_end is None:
                    return
                if event_or_end.type != "entry" or event_or_end.seq > last:
                    last = max(last, event_or_end.seq)
                    yield event_or_end
        finally:
            self._listeners.discard(queue)

    def _replay(self, after: int) -> list[EventView]:
        first = max(after, self.seq - EVENTS_REPLAY_MAX)
        events = [self._view(arrived) for arrived in self._store.arrived(first, EVENTS_REPLAY_MAX)]
        return [event for event in events if event is not None]

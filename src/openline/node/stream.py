"""The event stream: what was put on the record, in arrival order, then live, with a beat every two seconds.

The arrival number is the event's id, so a console that comes back names the last it saw and misses nothing, also
after a restart of the node. Receipts and states are not replayed: the first beat says that the replay is over, and
a console then asks how things stand. An entry is shown once it is durable and folded, never before.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from openline.base.limits import CONSOLE_BEAT_US
from openline.base.time import SECOND_US
from openline.node.views import EventView
from openline.record.ports import Arrived, RecordStore

_QUEUE_MAX = 2_048
_REPLAY_COUNT = 64


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
        """Every event after arrival number `after` (None: from now on), and beats, whatever else there is to tell.

        A number that this record has not reached is of another one, from before a restore: there is nothing to replay.
        """
        queue: asyncio.Queue[EventView | None] = asyncio.Queue(_QUEUE_MAX)
        self._listeners.add(queue)
        loop = asyncio.get_running_loop()
        last = self.seq if after is None else min(after, self.seq)
        try:
            while last < self.seq:
                for arrived in self._store.arrived(last, min(_REPLAY_COUNT, self.seq - last)):
                    last = arrived.seq
                    event = self._view(arrived)
                    if event is not None:
                        yield event
            beat_at = loop.time()
            while True:
                if loop.time() >= beat_at:
                    beat_at = loop.time() + CONSOLE_BEAT_US / SECOND_US
                    yield beat()
                try:
                    async with asyncio.timeout_at(beat_at):
                        event_or_end = await queue.get()
                except TimeoutError:
                    continue
                if event_or_end is None:
                    return
                if event_or_end.type != "entry" or event_or_end.seq > last:
                    last = max(last, event_or_end.seq)
                    yield event_or_end
        finally:
            self._listeners.discard(queue)

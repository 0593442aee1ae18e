"""The event stream: nothing lost and nothing twice over any gap, beats in time, and who cannot keep up is cut off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openline.base.limits import CONSOLE_BEAT_US
from openline.base.time import SECOND_US
from openline.node import stream
from openline.node.stream import Stream
from openline.node.views import EventView
from openline.record.ports import Arrived
from openline.store.memory import MemoryDisk, MemoryStore
from tests.node.houses import played, singly
from tests.store.authors import BRAVO, Author

Events = AsyncGenerator[EventView, None]

BEAT_S = CONSOLE_BEAT_US / SECOND_US
HIDDEN = BRAVO
"""Entries of this log are on a line that is not shown."""


class Rig:
    """A record of two logs that grows, and the stream over it."""

    def __init__(self) -> None:
        self.store = MemoryStore(MemoryDisk())
        self.store.claim()
        self.alpha, self.bravo = Author(), Author(BRAVO, own=False)
        self.store.commit([self.alpha.opened, self.bravo.opened])
        self.viewed = 0
        self.stream = Stream(self.store, self._view)

    def _view(self, arrived: Arrived) -> EventView | None:
        self.viewed += 1
        entry = arrived.entry
        return None if entry.origin == HIDDEN else EventView(arrived.seq, "entry", "alpha-bravo", {})

    def durable(self, author: Author | None = None) -> list[Arrived]:
        """One entry more in the store; the node has not heard of it yet."""
        before = len(self.store.arrived(0, 10_000))
        self.store.commit([(author or self.alpha).says(b"more")])
        return self.store.arrived(before, 10)

    def grow(self, count: int = 1, author: Author | None = None) -> None:
        """Entries that are durable and folded."""
        for _ in range(count):
            for arrived in self.durable(author):
                self.stream.arrived(arrived)

    def beat(self) -> EventView:
        return EventView(self.stream.seq, "beat", "", {})

    def listen(self, after: int | None = None) -> Events:
        return singly(self.stream.listen(after, self.beat))


async def entries(events: Events, count: int) -> list[int]:
    """The numbers of the next entries, beats left out."""
    found: list[int] = []
    while len(found) < count:
        event = await anext(events)
        if event.type == "entry":
            found.append(event.seq)
    return found


async def until_beat(events: Events) -> list[str]:
    """What comes up to the next beat."""
    found: list[str] = []
    while not found or found[-1] != "beat":
        found.append((await anext(events)).type)
    return found


def test_a_new_listener_hears_from_now_on() -> None:
    async def story() -> None:
        rig = Rig()
        rig.grow(3)
        events = rig.listen()
        assert (await anext(events)).type == "beat"
        rig.grow(2)
        assert await entries(events, 2) == [4, 5]

    played(story())


def test_one_that_was_away_is_told_what_it_has_missed_first_and_once() -> None:
    async def story() -> None:
        rig = Rig()
        rig.grow(300)
        events = rig.listen(100)
        assert await entries(events, 1) == [101]
        rig.grow(2)
        assert await entries(events, 201) == list(range(102, 303))
        assert await until_beat(events) == await until_beat(events) == ["beat"], "and nothing twice"

    played(story())


def test_the_first_beat_says_that_the_replay_is_over() -> None:
    async def story() -> None:
        rig = Rig()
        rig.grow(3)
        assert await until_beat(rig.listen(1)) == ["entry", "entry", "beat"]
        assert await until_beat(rig.listen(3)) == ["beat"]

    played(story())


def test_what_is_durable_and_not_yet_folded_comes_once_it_is() -> None:
    async def story() -> None:
        rig = Rig()
        rig.grow(2)
        (early,) = rig.durable()
        events = rig.listen(0)
        assert await until_beat(events) == ["entry", "entry", "beat"], "a view of it would lack what the book knows"
        rig.stream.arrived(early)
        assert await entries(events, 1) == [3]

    played(story())


def test_a_number_from_before_a_restore_hides_nothing_that_comes() -> None:
    async def story() -> None:
        rig = Rig()
        rig.grow(5)
        events = rig.listen(900)
        assert (await anext(events)).type == "beat"
        rig.grow(1)
        assert await entries(events, 1) == [6]

    played(story())


def test_entries_of_lines_that_are_not_shown_are_passed_over() -> None:
    async def story() -> None:
        rig = Rig()
        rig.grow(100, rig.bravo)
        rig.grow(1)
        events = rig.listen(0)
        assert await entries(events, 1) == [101]
        rig.grow(1, rig.bravo)
        rig.grow(1)
        assert await entries(events, 1) == [103]

    played(story())


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from(["grow", "hidden", "read", "leave", "other"]), st.integers(1, 90)), max_size=25),
    st.integers(0, 40),
)
def test_over_any_gaps_every_entry_comes_once_and_in_order(steps: list[tuple[str, int]], begun: int) -> None:
    async def story() -> None:
        rig = Rig()
        rig.grow(begun)
        last, events = 0, rig.listen(0)
        seen: list[int] = []
        for what, count in steps:
            match what:
                case "grow":
                    rig.grow(count)
                case "hidden":
                    rig.grow(count, rig.bravo)
                case "other":
                    rig.stream.publish(EventView(rig.stream.seq, "change", "alpha-bravo", {}))
                case "leave":
                    await events.aclose()
                    events = rig.listen(last)
                case _:
                    for _ in range(count):
                        event = await anext(events)
                        if event.type == "entry":
                            seen.append(event.seq)
                            last = event.seq
        shown = [row.seq for row in rig.store.arrived(0, 10_000) if row.entry.origin != HIDDEN]
        assert [*seen, *await entries(events, len(shown) - len(seen))] == shown
        assert "entry" not in [*await until_beat(events), *await until_beat(events)]

    played(story())


# Beats


def test_a_beat_comes_every_two_seconds() -> None:
    async def story() -> None:
        loop = asyncio.get_running_loop()
        events, at = Rig().listen(), []
        for _ in range(4):
            assert (await anext(events)).type == "beat"
            at.append(round(loop.time(), 6))
        assert at == [0, BEAT_S, 2 * BEAT_S, 3 * BEAT_S]

    played(story())


def test_a_beat_comes_in_time_however_much_else_is_told() -> None:
    async def story() -> None:
        rig, loop = Rig(), asyncio.get_running_loop()
        events, beats = rig.listen(), []
        begun = loop.time()
        while loop.time() - begun < 10 * BEAT_S:
            loop.call_later(0.3, rig.stream.publish, EventView(0, "change", "another line", {}))
            if (await anext(events)).type == "beat":
                beats.append(loop.time())
        assert max(later - earlier for earlier, later in pairwise(beats)) <= 1.2 * BEAT_S

    played(story())


# FLASH first


def flash(seq: int) -> EventView:
    """The event of a FLASH with this arrival number."""
    return EventView(seq, "entry", "alpha-bravo", {"seq": seq, "precedence": "FLASH"})


def test_a_flash_goes_before_all_that_waits_and_who_breaks_off_there_misses_nothing() -> None:
    async def story() -> None:
        rig = Rig()
        events = rig.listen()
        assert (await anext(events)).type == "beat"
        rig.grow(500)
        rig.stream.seq = 501
        rig.stream.publish(flash(501))
        rig.stream.publish(EventView(501, "change", "alpha-bravo", {}))
        first = await anext(events)
        assert (first.data["seq"], first.seq) == (501, 0), "its number is that of what was given before it"
        rest = [(await anext(events)) for _ in range(501)]
        assert [event.seq for event in rest] == [*range(1, 501), 501]
        assert [event.type for event in rest][-1] == "change", "and it is not told a second time"

    played(story())


def test_a_flash_goes_before_what_is_replayed() -> None:
    async def story() -> None:
        rig = Rig()
        rig.grow(500)
        events = rig.listen(0)
        assert (await anext(events)).seq == 1
        rig.stream.publish(flash(501))
        came = [(await anext(events)) for _ in range(100)]
        at = next(place for place, event in enumerate(came) if event.data)
        assert at == stream.GIVEN_MAX - 1, "what was given before it is not called back"
        assert came[at].seq == came[at - 1].seq

    played(story())


def test_a_flash_that_overtakes_nothing_keeps_its_number() -> None:
    async def story() -> None:
        rig = Rig()
        rig.grow(2)
        events = rig.listen(2)
        assert (await anext(events)).type == "beat"
        rig.stream.publish(flash(3))
        rig.stream.publish(flash(4))
        assert [(await anext(events)).seq for _ in range(2)] == [3, 4]

    played(story())


def test_a_beat_bears_no_number_that_was_not_given_yet() -> None:
    async def story() -> None:
        rig = Rig()
        groups = rig.stream.listen(None, rig.beat).__aiter__()
        assert (await anext(groups))[0].type == "beat"
        rig.grow(2 * stream.GIVEN_MAX)
        assert len(await anext(groups)) == stream.GIVEN_MAX
        await asyncio.sleep(2 * BEAT_S)
        (beat,) = await anext(groups)
        assert (beat.type, beat.seq) == ("beat", stream.GIVEN_MAX), "who breaks off here comes back to the rest"

    played(story())


# Listeners


def test_a_listener_that_cannot_keep_up_is_cut_off_and_misses_nothing_when_it_comes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story() -> None:
        monkeypatch.setattr(stream, "_WAITING_MAX", 10)
        rig = Rig()
        slow, quick = rig.listen(), rig.listen()
        for one in (slow, quick):
            await anext(one)
        for _ in range(20):
            rig.grow(1)
            assert len(await entries(quick, 1)) == 1
        assert [event.type async for event in slow] == [], "what it had not read is not told any more"
        assert await entries(rig.listen(0), 20) == list(range(1, 21))
        rig.grow(1)
        assert await entries(quick, 1) == [21], "the others go on"

    played(story())


def test_who_is_cut_off_is_given_a_flash_first(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        monkeypatch.setattr(stream, "_WAITING_MAX", 10)
        rig = Rig()
        slow = rig.listen()
        await anext(slow)
        rig.grow(5)
        rig.stream.publish(flash(6))
        rig.grow(9)
        assert [(event.seq, event.data["seq"]) async for event in slow] == [(0, 6)], "it comes back to all of it"

    played(story())


def test_nothing_is_rendered_for_nobody() -> None:
    async def story() -> None:
        rig = Rig()
        rig.grow(50)
        assert rig.viewed == 0
        assert not rig.stream.heard
        events = rig.listen()
        await anext(events)
        assert len(rig.stream._listeners) == 1
        await events.aclose()
        assert not rig.stream._listeners, "one that has gone is forgotten"

    played(story())


def test_the_end_of_the_node_ends_every_stream() -> None:
    async def story() -> None:
        rig = Rig()
        many = [rig.listen() for _ in range(3)]
        for one in many:
            await anext(one)
        rig.stream.close()
        for one in many:
            with pytest.raises(StopAsyncIteration):
                await anext(one)

    played(story())

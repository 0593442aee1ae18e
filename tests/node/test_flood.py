"""A flood cannot hold up a STOP (R90): on each queue between two officers it goes before the rest.

Counts, not times; the times are row (s) of `make bench`. With a FLASH in the common queue each count is another one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from openline.base.limits import BATCH_ENTRIES_MAX
from openline.node import credit, keeper, stream, turn
from openline.node.views import EventView
from openline.record.entry import Precedence
from tests.node.houses import OFFICER, MemoryNode, both, played, settled, singly

BATCH = 64
BATCHES = 40


async def say(node: MemoryNode, verb: str, many: list[object]) -> list[str]:
    """Say these in one go; their ids."""
    how = {"key": None, "mark": "OPERATION", "wait": "recorded"}
    said = await node.desk.say_many(OFFICER, None, verb, many, timeout_s=60.0, **how)  # type: ignore[arg-type] # by name
    return [one.ids[0] for one in said]


async def listening(node: MemoryNode) -> AsyncGenerator[EventView, None]:
    """A position that listens, and is slow: it reads nothing until it is asked to."""
    events = singly(node.desk.events(None, "en"))
    assert (await anext(events)).type == "beat"
    return events


async def until_it_rings(events: AsyncGenerator[EventView, None]) -> int:
    """How many events a position is given before the STOP."""
    before = 0
    while (event := await anext(events)).data.get("kind") != "stop" or event.type != "entry":
        before += 1
    return before


async def flooded() -> tuple[int, list[int]]:
    """The index of a STOP that was pressed behind a flood, and the events before it at a position of either side."""
    alpha, bravo = await both()
    positions = [await listening(alpha), await listening(bravo)]
    flood = [
        asyncio.ensure_future(say(alpha, "send", [{"text": "Trucks.", "precedence": "routine"}] * BATCH))
        for _ in range(BATCHES)
    ]
    while not alpha.keeper.own.size:  # noqa: ASYNC110 - until its first turn is on the record, and not a turn longer
        await asyncio.sleep(0)
    (entry,) = await say(alpha, "stop", [{"place": "37TCL 123 456"}])
    await asyncio.gather(*flood)
    await settled(alpha, bravo)
    index = int(entry.split(":")[1])
    return index, [await until_it_rings(events) for events in positions]


def test_a_stop_waits_for_no_more_than_the_turn_that_is_open_and_rings_first_at_every_position() -> None:
    async def story() -> None:
        index, before = await flooded()
        assert 0 < index <= 2 * BATCH_ENTRIES_MAX < BATCH * BATCHES, "the open turn, and the one on its way"
        assert max(before) <= stream.GIVEN_MAX, "what a position is given at a time"

    played(story())


def test_a_flash_in_the_common_queue_of_a_turn_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    real = turn._Saying

    def common(precedence: int, *facts: object) -> object:
        del precedence
        return real(0, *facts)  # type: ignore[arg-type] # handed on as they came

    monkeypatch.setattr(turn, "_Saying", common)

    async def story() -> None:
        assert (await flooded())[0] >= BATCH * (BATCHES - 1)

    played(story())


def test_a_flash_in_the_common_queue_of_a_stream_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "is_flash", lambda event: False)

    async def story() -> None:
        assert min((await flooded())[1]) > stream.GIVEN_MAX

    played(story())


@pytest.mark.parametrize("precedence", [Precedence.ROUTINE, Precedence.IMMEDIATE, None])
def test_credit_that_is_used_up_refuses_all_but_a_flash(precedence: Precedence | None) -> None:
    assert credit.used_up(precedence, 10**9, 10**9)
    assert not credit.used_up(Precedence.FLASH, 10**9, 10**9)


def test_a_stop_is_recorded_while_the_line_takes_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "used_up", lambda precedence, *_: precedence is not Precedence.FLASH)

    async def story() -> None:
        alpha, bravo = await both()
        events = await listening(bravo)
        await say(alpha, "stop", [{"place": "37TCL 123 456"}])
        assert await until_it_rings(events) == 0

    played(story())

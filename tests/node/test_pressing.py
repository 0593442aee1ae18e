"""Of two officers who press at once one is recorded, and the other is told how it stands by then."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

import pytest

from openline.base.errors import OpenlineError
from openline.node.pressing import NEVER_HELD_UP, Pressing, thing_of
from openline.node.views import Officer
from openline.record.entry import Entry
from tests.line.world import World
from tests.node.houses import LINE, MemoryNode, both, played, until

ALL = frozenset({"all"})
DESKS = ("W-1", "W-2", "W-3")

Given = dict[str, object]
Told = list[str]


async def press(node: MemoryNode, desk: str, verb: str, arguments: Given, key: str | None = None) -> str:
    """What a desk is told: the id of what it has recorded, `repeated`, or the id of the refusal."""
    try:
        said = await node.desk.say(
            Officer(desk, ALL), LINE, verb, arguments, key=key, mark="OPERATION", wait="recorded", timeout_s=5.0
        )
    except OpenlineError as why:
        return why.message_id
    return "repeated" if said.repeated else said.ids[0]


async def at_once(*presses: Coroutine[None, None, str]) -> Told:
    return list(await asyncio.gather(*presses))


async def _asked(alpha: MemoryNode, bravo: MemoryNode, verb: str, arguments: Given) -> str:
    entry = await press(alpha, "watch", verb, arguments)
    await until(lambda: bravo.keeper.book.size(alpha.keeper.own.origin) > int(entry.partition(":")[2]))
    return entry


@pytest.mark.parametrize(
    ("asked", "given", "verb", "arguments", "other"),
    [
        ("request", {"level": "minister", "subject": "the dam"}, "answer-request", {"answer": "accept"}, ""),
        ("stop", {"place": "the bridge"}, "answer-stop", {"answer": "stopped"}, ""),
        ("demand", {"code": "cease-fire"}, "answer-demand", {"answer": "meet"}, ""),
        ("send", {"text": "Six trucks."}, "read-back", {"text": "Six trucks."}, "read-back-not-possible"),
        ("send", {"text": "Six trucks.", "precedence": "flash"}, "ack", {}, "repeated"),
    ],
)
def test_an_answer_that_several_press_at_once_is_given_once(
    asked: str, given: Given, verb: str, arguments: Given, other: str
) -> None:
    async def story() -> None:
        alpha, bravo = await both()
        entry = await _asked(alpha, bravo, asked, given)
        told = await at_once(*(press(bravo, desk, verb, {"entry": entry, **arguments}) for desk in DESKS))
        assert told == ["bravo:0", *[other or "answer-not-possible"] * 2]
        assert bravo.keeper.book.size(bravo.keeper.own.origin) == 1
        assert not bravo.keeper.book.faults

    played(story())


def test_what_names_no_entry_is_said_one_after_the_other_too() -> None:
    async def story() -> None:
        alpha, _ = await both()
        told = await at_once(*(press(alpha, "W-1", "hand-over", {"by": name}) for name in ("Osprey", "Heron")))
        assert told == ["alpha:0", "handover-under-way"]
        assert not alpha.keeper.book.faults

    played(story())


def test_the_same_key_from_several_is_one_saying() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        entry = await _asked(alpha, bravo, "stop", {"place": "the bridge"})
        answer: Given = {"entry": entry, "answer": "unable"}
        pressed = [press(bravo, desk, "answer-stop", answer, "the key") for desk in DESKS]
        assert await at_once(*pressed) == ["bravo:0", "repeated", "repeated"]

    played(story())


def test_messages_and_stops_are_never_held_up() -> None:
    async def story() -> None:
        alpha, _ = await both()
        told = await at_once(*(press(alpha, desk, "stop", {"place": "the bridge"}) for desk in DESKS))
        assert told == ["alpha:0", "alpha:1", "alpha:2"], "each officer's STOP stands for itself"

    played(story())
    assert thing_of(World().alpha, "stop", [{"place": "here"}]) is None
    assert "stop" in NEVER_HELD_UP


def test_a_thing_is_the_entry_however_it_is_written() -> None:
    world = World()
    entry = world.send()
    whole = thing_of(world.alpha, "ack", [{"entry": f"{world.line}/{entry}"}])
    assert thing_of(world.alpha, "pass", [{"entry": entry, "to": "fires"}]) == whole
    assert whole == (world.line, world.origins["alpha"], 0)
    assert thing_of(world.alpha, "ack", [{"entry": "bravo:77"}]) is None, "the verb says what is wrong with it"
    assert thing_of(world.alpha, "declare", [{"status": "resumed"}]) == (world.line, "declare", -1)
    assert thing_of(world.alpha, "declare", [None]) == (world.line, "declare", -1)


def test_a_saying_that_fails_gives_the_turn_on() -> None:
    async def story() -> None:
        pressing, thing = Pressing(), ("line", "verb", -1)
        recording: asyncio.Future[list[Entry]] = asyncio.get_running_loop().create_future()
        pressing.begin(thing, recording)
        waiting = asyncio.create_task(pressing.turn(thing))
        await asyncio.sleep(0)
        assert not waiting.done()
        await pressing.turn(("line", "other", -1))
        recording.set_exception(ValueError())
        await waiting

    asyncio.run(story())

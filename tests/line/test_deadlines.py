"""An entry has the deadlines of the charter that was in force when it was written, at both ends, and keeps them."""

from __future__ import annotations

from openline.base.time import MINUTE_US
from openline.line.deadlines import STANDARD, Deadlines, deadlines_at, shortest
from openline.line.escalation import escalations_due
from openline.line.force import Word
from openline.line.watch import Awaited, alarms, due_times, next_at
from openline.record.entry import Mark, Precedence
from tests.line.chartering import agree, propose, utter
from tests.line.world import START, World

OWN = Deadlines(flash_us=MINUTE_US)


def flash(world: World) -> str:
    return world.send("alpha", "now", precedence="flash")


def accepted_within(world: World, entry: str, own: Deadlines = STANDARD) -> list[int]:
    """In minutes, at each member."""
    found = []
    for name, book in world.books.items():
        item = world.item(entry, name)
        due = due_times(item, deadlines_at(book, item.time, item.mark, own))[Awaited.ACCEPTED]
        found.append((due - item.time) // MINUTE_US)
    return found


def test_new_entries_go_by_the_charter_and_older_ones_keep_their_clock() -> None:
    world = World()
    before = flash(world)
    entry = agree(world, due={"flash": 4, "immediate": 20, "priority": 60, "routine": 90})
    world.later()
    under = flash(world)
    world.later()
    utter(world, entry, Word.DENOUNCE, "bravo")
    after = flash(world)
    assert [accepted_within(world, each) for each in (before, under, after)] == [[4, 4], [4, 4], [10, 10]]
    world = World()
    before = flash(world)
    world.later()
    agree(world, due={"flash": 4, "immediate": 20, "priority": 60, "routine": 90})
    assert accepted_within(world, before) == [10, 10]


def test_a_proposal_that_waits_changes_no_clock() -> None:
    world = World()
    propose(world)
    world.later()
    assert accepted_within(world, flash(world)) == [10, 10]
    assert accepted_within(world, flash(world), OWN) == [1, 1], "the configuration holds where there is no charter"


def test_an_alarm_rings_by_the_charter_whether_it_is_shorter_or_longer_than_the_configuration() -> None:
    for minutes, own in ((1, STANDARD), (4, STANDARD), (15, STANDARD), (15, OWN)):
        world = World()
        agree(world, due={"flash": minutes, "immediate": 20, "priority": 60, "routine": 90})
        world.later()
        flash(world)
        world.later(minutes * MINUTE_US * 30 // 100 - 1)
        assert [row.condition for row in alarms(world.bravo, {}, world.now, own)] == []
        (alarm,) = alarms(world.bravo, {}, world.later(1), own)
        assert (alarm.condition, alarm.precedence) == ("own-late-displayed", Precedence.FLASH)
        at, step = 0, minutes * MINUTE_US * 20 // 100
        while alarm.step.value == "all-positions":
            now = next_at(world.bravo, {}, world.now, own)
            assert now is not None
            world.now, at = now, at + 1
            (alarm,) = alarms(world.bravo, {}, world.now, own)
        assert alarm.since - alarm.due == step
        assert escalations_due(world.bravo, world.now, own)


def test_an_older_entry_rings_by_its_own_clock_also_while_a_charter_is_in_force() -> None:
    world = World()
    older = flash(world)
    agree(
        world, due={"flash": 1, "immediate": 20, "priority": 60, "routine": 90}, valid_from=START.plus(1000).rfc3339()
    )
    world.later(3 * MINUTE_US - 1)
    assert alarms(world.bravo, {}, world.now) == []
    (alarm,) = alarms(world.bravo, {}, world.later(1))
    assert (world.bravo.label(alarm.origin, alarm.index), alarm.due) == (older, START.plus(3 * MINUTE_US))


def test_the_shortest_window_is_what_any_charter_ever_had() -> None:
    world = World()
    assert shortest(world.alpha, OWN) == OWN
    agree(world, due={"flash": 4, "immediate": 100, "priority": 100, "routine": 100})
    world.later()
    agree(world, due={"flash": 8, "immediate": 9, "priority": 200, "routine": 200})
    assert shortest(world.alpha, STANDARD) == Deadlines(
        4 * MINUTE_US, 9 * MINUTE_US, 100 * MINUTE_US, 100 * MINUTE_US, STANDARD.test_answer_us
    )


def test_an_exercise_goes_by_its_own_charter_and_without_one_by_the_real_one() -> None:
    world = World()
    agree(world, due={"flash": 4, "immediate": 20, "priority": 60, "routine": 90})
    found = deadlines_at(world.alpha, world.now, Mark.EXERCISE, STANDARD)
    assert found.flash_us == 4 * MINUTE_US
    agree(world, due={"flash": 7, "immediate": 20, "priority": 60, "routine": 90}, mark=Mark.EXERCISE)
    found = deadlines_at(world.alpha, world.now, Mark.EXERCISE, STANDARD)
    assert found.flash_us == 7 * MINUTE_US
    assert deadlines_at(world.alpha, world.now, Mark.OPERATION, STANDARD).flash_us == 4 * MINUTE_US


def test_a_stop_climbs_by_the_flash_window_of_the_charter() -> None:
    world = World()
    agree(world, due={"flash": 100, "immediate": 100, "priority": 100, "routine": 100})
    world.say("alpha", "stop", place="the bridge")
    steps = []
    for us in (0, 10 * MINUTE_US - 1, 1):
        world.later(us)
        steps += [row.step.value for row in alarms(world.bravo, {}, world.now) if row.condition == "stop-standing"]
    assert steps == ["ring-down", "ring-down", "next-path"]

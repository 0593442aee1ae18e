"""What a watch was late with stands on the record of its own node, step by step, each once."""

from __future__ import annotations

import pytest

from openline.base.schema import pack
from openline.base.time import MINUTE_US
from openline.line.deadlines import Deadlines
from openline.line.escalation import DESK, ESCALATION_KIND, Escalation, Reached, escalations_due, steps_of, tables
from openline.line.view import entry_view
from openline.line.watch import ESCALATION, WAKES, Awaited, Step
from openline.record.entry import Draft, Mark, Precedence
from openline.record.ports import Arrived
from tests.line.world import START, World


def node(world: World, who: str, minutes: float) -> list[str]:
    """Let the node of `who` write what is due so many minutes after the start; the steps it wrote."""
    world.now = START.plus(int(minutes * MINUTE_US))
    before = len(world.logs[world.origins[who]])
    world.put(who, escalations_due(world.books[who], world.now))
    assert not escalations_due(world.books[who], world.now), "once on record there is nothing left to write"
    rows = [row for place in ((0, 0), (1, 0)) for row in steps_of(world.books[who], place) if row.index >= before]
    return [
        f"{row.stage.name} {row.step.name}"
        for row in rows
        if row.member == world.books[who].number(world.books[who].me)
    ]


def test_a_flash_nobody_looks_at_climbs_step_by_step_on_the_record_of_who_was_late() -> None:
    world = World()
    flash = world.send(precedence="flash")
    assert node(world, "bravo", 2.99) == []
    assert node(world, "bravo", 3) == ["DISPLAYED ALL_POSITIONS"]
    assert node(world, "bravo", 5) == ["DISPLAYED SUPERVISOR"]
    assert node(world, "bravo", 8) == ["DISPLAYED RING_DOWN"]
    assert node(world, "bravo", 60) == ["DISPLAYED NEXT_PATH"]
    assert node(world, "alpha", 60) == [], "the author's node owes nothing"
    rows = steps_of(world.alpha, (0, 0))
    assert [row.at_ms - START.ms for row in rows] == [180_000, 300_000, 420_000, 540_000]
    assert {row.due_ms - START.ms for row in rows} == {180_000}
    assert [row.wakes for row in rows] == [WAKES[step] for step in Step]
    view = entry_view(world.alpha, Arrived(1, world.entry(flash)))
    assert [(row.party, row.step, row.stage) for row in view.escalations][:1] == [
        ("bravo", "ALL_POSITIONS", "DISPLAYED")
    ]


def test_a_stage_that_is_stated_ends_it_and_the_next_begins_below() -> None:
    world = World()
    flash = world.send(precedence="flash")
    assert node(world, "bravo", 5) == ["DISPLAYED ALL_POSITIONS", "DISPLAYED SUPERVISOR"]
    world.say("bravo", "read", entry=flash)
    assert node(world, "bravo", 9.9) == []
    assert node(world, "bravo", 10) == ["ACCEPTED ALL_POSITIONS"]
    world.say("bravo", "ack", entry=flash)
    assert node(world, "bravo", 60) == []


def test_a_stop_is_rung_and_written_at_once() -> None:
    world = World()
    world.say("alpha", "stop", place="bridge")
    assert node(world, "bravo", 0) == ["STOP RING_DOWN"]
    assert node(world, "bravo", 1) == ["STOP NEXT_PATH"]
    world.say("bravo", "answer-stop", entry="alpha:0", answer="stopped")
    assert node(world, "bravo", 100) == []


def test_what_is_routine_leaves_no_trace_of_being_late() -> None:
    world = World()
    world.send()
    assert node(world, "bravo", 10_000) == []


def test_the_charter_sets_the_times() -> None:
    world = World()
    world.send(precedence="flash")
    assert not escalations_due(world.bravo, START.plus(MINUTE_US))
    assert escalations_due(world.bravo, START.plus(MINUTE_US), Deadlines(flash_us=MINUTE_US))


def test_under_emcon_the_node_writes_nothing_and_catches_up() -> None:
    world = World()
    world.say("bravo", "declare", status="emcon", reason="night")
    world.send(precedence="flash")
    assert node(world, "bravo", 5) == []
    world.say("bravo", "declare", status="resumed")
    assert node(world, "bravo", 6) == ["DISPLAYED ALL_POSITIONS", "DISPLAYED SUPERVISOR"]


def test_an_exercise_is_written_as_one() -> None:
    world = World()
    world.send(precedence="flash", mark=Mark.EXERCISE)
    (draft,) = escalations_due(world.bravo, START.plus(3 * MINUTE_US))
    assert (draft.mark, draft.desk, draft.precedence) == (Mark.EXERCISE, DESK, None)


def test_many_come_in_several_calls() -> None:
    world = World()
    for _ in range(70):
        world.send(precedence="flash")
    world.now = START.plus(3 * MINUTE_US)
    first = escalations_due(world.bravo, world.now)
    world.put("bravo", first)
    second = escalations_due(world.bravo, world.now)
    assert (len(first), len(second)) == (64, 6)


@pytest.mark.parametrize(
    ("who", "entry", "mark", "fault"),
    [
        ("alpha", "alpha:0", Mark.OPERATION, "fault-own-entry"),
        ("bravo", "alpha:0", Mark.EXERCISE, "fault-mark-differs"),
        ("bravo", "alpha:1", Mark.OPERATION, "fault-target-wrong"),
    ],
)
def test_a_wrong_one_is_a_fault(who: str, entry: str, mark: Mark, fault: str) -> None:
    world = World()
    world.send()
    world.say("alpha", "test")
    body = Escalation(step=Reached.SUPERVISOR, stage=Awaited.DISPLAYED, due_ms=1, at_ms=2)
    world.put(who, [Draft(ESCALATION_KIND, pack(body), DESK, (world.ref(entry),), mark=mark)])
    assert [row[1] for row in world.faults()] == [fault]
    assert not steps_of(world.alpha, (0, 0))


def test_a_step_said_twice_counts_once() -> None:
    world = World()
    flash = world.send(precedence="flash")
    body = Escalation(step=Reached.SUPERVISOR, stage=Awaited.DISPLAYED, due_ms=1, at_ms=2)
    for _ in range(2):
        world.put("bravo", [Draft(ESCALATION_KIND, pack(body), DESK, (world.ref(flash),))])
    assert len(steps_of(world.alpha, (0, 0))) == 1


def test_of_three_each_node_writes_what_its_own_watch_was_late_with() -> None:
    world = World(members=3)
    world.send(precedence="flash")
    assert node(world, "charlie", 3) == ["DISPLAYED ALL_POSITIONS"]
    assert node(world, "bravo", 3) == ["DISPLAYED ALL_POSITIONS"]


def test_the_steps_of_the_record_are_those_of_the_table() -> None:
    assert [step.name for step in Reached] == [step.name for step in Step]
    assert str(dict(ESCALATION[Precedence.FLASH])[Step.RING_DOWN]) in tables()

"""Who is late, since when, and whom to wake: the timetable, told minute by minute, the same at both ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.schema import pack
from openline.base.time import HOUR_US, MINUTE_US, SECOND_US, Instant
from openline.line.deadlines import Deadlines
from openline.line.item import Stage, mask
from openline.line.linetest import TEST_ANSWER, LineTestAnswer
from openline.line.message import MESSAGE, Message
from openline.line.receipt import RECEIPT, Receipt
from openline.line.silence import SILENCE, Cause, Silence
from openline.line.watch import (
    ESCALATION,
    OWN_REMEDY,
    PEER_REMEDY,
    SILENCE_PRECEDENCE,
    STAGE_PERCENT,
    WAKES,
    Alarm,
    Awaited,
    Step,
    Wake,
    alarms,
    due_times,
    next_at,
    ringing,
)
from openline.record.entry import Draft, Mark, Precedence
from tests.line.world import START, World

MINUTES = {Precedence.FLASH: 10, Precedence.IMMEDIATE: 30, Precedence.PRIORITY: 180, Precedence.ROUTINE: 360}


def at(minutes: float) -> Instant:
    return START.plus(int(minutes * MINUTE_US))


def told(world: World, who: str, minutes: float, receipted: int = 99) -> list[tuple[str, str, Step]]:
    """The alarms `minutes` after the start; the peers hold our log up to `receipted`."""
    book = world.books[who]
    held = {origin: receipted for origin in world.logs if origin != book.me}
    return [(book.label(row.origin, row.index), row.condition, row.step) for row in alarms(book, held, at(minutes))]


def only(world: World, who: str, minutes: float, receipted: int = 99) -> Alarm:
    book = world.books[who]
    (alarm,) = alarms(book, dict.fromkeys(world.logs, receipted), at(minutes))
    return alarm


# The timetable


@pytest.mark.parametrize(
    ("precedence", "received", "displayed", "accepted"),
    [("flash", 1, 3, 10), ("immediate", 3, 15, 30), ("priority", 45, 135, 180), ("routine", 180, 270, 360)],
)
def test_when_each_stage_is_due(precedence: str, received: int, displayed: int, accepted: int) -> None:
    world = World()
    message = world.send(precedence=precedence)
    assert due_times(world.item(message)) == {
        Awaited.RECEIVED: at(received),
        Awaited.DISPLAYED: at(displayed),
        Awaited.ACCEPTED: at(accepted),
    }


def test_a_reply_by_shortens_the_clock_and_times_the_answer() -> None:
    world = World()
    message = world.send(action=["s3"], reply_by="2026-11-18T11:46:40Z")
    assert due_times(world.item(message)) == {
        Awaited.RECEIVED: at(20),
        Awaited.DISPLAYED: at(30),
        Awaited.ACCEPTED: at(40),
        Awaited.PASSED: at(40),
        Awaited.ANSWERED: at(40),
    }


def test_a_distant_reply_by_only_times_the_answer() -> None:
    world = World()
    message = world.send(precedence="flash", reply_by="2026-11-18T20:06:40Z")
    assert due_times(world.item(message))[Awaited.ACCEPTED] == at(10)
    assert due_times(world.item(message))[Awaited.ANSWERED] == at(540)


def test_what_has_no_precedence_has_no_clock() -> None:
    world = World()
    world.say("alpha", "service", text="Path 2 goes down.")
    assert due_times(world.item("alpha:0")) == {}


def test_the_charter_may_set_other_times() -> None:
    world = World()
    message = world.send(precedence="flash")
    assert due_times(world.item(message), Deadlines(flash_us=MINUTE_US))[Awaited.ACCEPTED] == at(1)


@given(
    st.sampled_from(Precedence),
    st.one_of(st.none(), st.integers(-HOUR_US, 12 * HOUR_US)),
    st.sampled_from([0, mask(Stage.PASSED)]),
)
def test_stages_are_due_in_their_order(precedence: Precedence, deadline: int | None, awaits: int) -> None:
    world = World()
    draft = Draft(
        MESSAGE,
        pack(Message(text=".")),
        "watch",
        precedence=precedence,
        deadline=None if deadline is None else START.plus(deadline),
    )
    world.put("alpha", [draft])
    item = world.item("alpha:0")
    item.awaits |= awaits
    due = list(due_times(item).values())
    assert due == sorted(due) or (deadline is not None and deadline < 0)


# Escalation of a FLASH that nobody sees


def test_a_flash_that_does_not_arrive_climbs_at_the_sender() -> None:
    world = World()
    world.send(precedence="flash")
    late = "peer-late-received"
    assert told(world, "alpha", 0.99, 0) == []
    assert told(world, "alpha", 1, 0) == [("alpha:0", late, Step.ALL_POSITIONS)]
    assert told(world, "alpha", 2.99, 0) == [("alpha:0", late, Step.ALL_POSITIONS)]
    assert told(world, "alpha", 3, 0) == [("alpha:0", late, Step.SUPERVISOR)]
    assert told(world, "alpha", 5, 0) == [("alpha:0", late, Step.RING_DOWN)]
    assert told(world, "alpha", 7, 0) == [("alpha:0", late, Step.NEXT_PATH)]
    assert told(world, "alpha", 10_000, 0) == [("alpha:0", late, Step.NEXT_PATH)]


def test_a_flash_that_is_held_but_not_shown_rings_at_both_ends_at_once() -> None:
    world = World()
    world.send(precedence="flash")
    for minutes, step in ((3, Step.ALL_POSITIONS), (5, Step.SUPERVISOR), (7, Step.RING_DOWN), (9, Step.NEXT_PATH)):
        assert told(world, "alpha", minutes) == [("alpha:0", "peer-late-displayed", step)]
        assert told(world, "bravo", minutes) == [("alpha:0", "own-late-displayed", step)]
        ours, theirs = only(world, "bravo", minutes), only(world, "alpha", minutes)
        assert (ours.due, ours.since, ours.wake) == (theirs.due, theirs.since, theirs.wake)
        assert ours.party == theirs.party == world.origins["bravo"]


def test_each_stage_has_its_own_lateness() -> None:
    world = World()
    message = world.send(precedence="flash", action=["s3"], reply_by="2026-11-18T11:26:40Z")
    conditions = []
    for verb, values in (
        ("read", {}),
        ("ack", {}),
        ("pass", {"to": "s3"}),
        ("reply", {"text": "Stopped."}),
    ):
        conditions += [condition for label, condition, _ in told(world, "bravo", 20) if label == message]
        world.say("bravo", verb, entry=message, **values)
    assert conditions == ["own-late-displayed", "own-late-accepted", "own-late-passed", "own-late-answered"]
    assert [row for row in told(world, "bravo", 20) if row[0] == message] == []


def test_the_alarm_says_what_to_do_and_whom_to_wake() -> None:
    world = World()
    world.send(precedence="flash")
    alarm = only(world, "bravo", 5.5)
    assert (alarm.since, alarm.due, alarm.step) == (at(5), at(3), Step.SUPERVISOR)
    assert alarm.wake == (Wake.POSITIONS, Wake.SUPERVISOR)
    assert (alarm.remedy, alarm.precedence, alarm.mark) == ("do-read", Precedence.FLASH, Mark.OPERATION)
    assert only(world, "alpha", 7.5).remedy == "do-ring"


def test_routine_never_rings() -> None:
    world = World()
    world.send()
    assert told(world, "bravo", 10_000) == [("alpha:0", "own-late-displayed", Step.SUPERVISOR)]


def test_accepting_ends_the_wait_without_inventing_that_it_was_shown() -> None:
    world = World()
    message = world.send(precedence="flash")
    world.say("bravo", "ack", entry=message)
    assert told(world, "alpha", 60, 0) == []
    assert list(world.alpha.stages(*world.alpha.find(message))[world.origins["bravo"]]) == [Stage.ACCEPTED]


def test_an_answer_by_the_watch_does_not_pass_it_on() -> None:
    world = World()
    message = world.send(precedence="flash", action=["s3"])
    world.say("bravo", "reply", entry=message, text="Roger.")
    assert ("alpha:0", "own-late-passed", Step.ALL_POSITIONS) in told(world, "bravo", 10)


def test_what_is_withdrawn_is_no_longer_late() -> None:
    world = World()
    message = world.send(precedence="flash")
    world.now = at(9)
    world.say("alpha", "withdraw", entry=message)
    assert told(world, "bravo", 11.9) == []
    assert told(world, "bravo", 12) == [("alpha:1", "own-late-displayed", Step.ALL_POSITIONS)]


def test_what_is_corrected_runs_on_the_clock_of_its_correction() -> None:
    world = World()
    message = world.send(precedence="flash")
    world.now = at(2)
    world.say("alpha", "correct", entry=message, text="Grid 2.", change="Grid.")
    assert told(world, "bravo", 4.9) == []
    assert [label for label, _, _ in told(world, "bravo", 5)] == ["alpha:1"]


def test_with_three_parties_each_owes_for_itself() -> None:
    world = World(3)
    message = world.send(precedence="flash")
    world.say("charlie", "ack", entry=message)
    assert [row.party for row in alarms(world.alpha, dict.fromkeys(world.logs, 9), at(4))] == [world.origins["bravo"]]
    assert told(world, "charlie", 4) == []
    assert len(told(world, "bravo", 4)) == 1


def test_exercise_alarms_say_so_and_come_last() -> None:
    world = World()
    world.send(precedence="flash", mark=Mark.EXERCISE)
    world.send()
    marks = [alarm.mark for alarm in alarms(world.bravo, {}, at(1_000))]
    assert marks == [Mark.OPERATION, Mark.EXERCISE]


def test_the_most_urgent_comes_first() -> None:
    world = World()
    world.send(precedence="routine")
    world.send(precedence="flash")
    world.send(precedence="priority")
    assert [label for label, _, _ in told(world, "bravo", 1_000)] == ["alpha:1", "alpha:2", "alpha:0"]


def test_a_clock_that_is_a_year_wrong_does_no_harm() -> None:
    world = World()
    world.now = Instant(0)
    world.send(precedence="flash")
    world.now = START.plus(365 * 24 * HOUR_US)
    world.send(precedence="flash", reply_by="2027-11-18T12:00:00Z")
    assert [label for label, _, _ in told(world, "bravo", 0)] == ["alpha:0"]


# Tests and silences


def test_a_test_without_answer_is_told_for_each_peer() -> None:
    world = World(3)
    (test,) = world.say("alpha", "test")
    body = LineTestAnswer(digest=bytes(32), observed_ms=0)
    world.put("charlie", [Draft(TEST_ANSWER, pack(body), "node", (test.ref,), mark=Mark.TEST)])
    assert told(world, "alpha", 4.9) == []
    assert told(world, "alpha", 5) == [
        ("alpha:0", "test-garbled", Step.ALL_POSITIONS),
        ("alpha:0", "test-unanswered", Step.ALL_POSITIONS),
    ]
    assert told(world, "bravo", 5) == []


def test_only_the_oldest_unanswered_test_of_a_peer_is_told() -> None:
    world = World()
    world.say("alpha", "test")
    world.say("alpha", "test")
    assert [label for label, _, _ in told(world, "alpha", 60)] == ["alpha:0"]


@pytest.mark.parametrize("cause", Cause)
def test_a_silence_on_record_is_an_alarm_unless_it_is_declared(cause: Cause) -> None:
    world = World()
    body = Silence(cause=cause, since_ms=START.ms, peer="bravo.example")
    (begun,) = world.put("alpha", [Draft(SILENCE, pack(body), "node")])
    condition = f"silence-{cause.name.lower().replace('_', '-')}"
    if cause is Cause.SUSPENDED:
        assert told(world, "alpha", 60) == []
    else:
        alarm = only(world, "alpha", 0)
        assert (alarm.condition, alarm.party) == (condition, world.origins["bravo"])
        assert alarm.remedy == ("do-check-paths" if cause is Cause.PATH_DOWN else "do-stand-by")
    ended = Silence(cause=cause, since_ms=START.ms, peer="bravo.example", until_ms=START.ms + 1)
    world.put("alpha", [Draft(SILENCE, pack(ended), "node", (begun.ref,))])
    assert told(world, "alpha", 60) == []


# When to look again


def test_next_at_follows_the_timetable() -> None:
    world = World()
    world.send(precedence="flash")
    held = {world.origins["bravo"]: 1}
    times = []
    now: Instant | None = START
    while now is not None:
        now = next_at(world.alpha, held, now)
        times += [] if now is None else [(now - START) / MINUTE_US]
    assert [time for time in times if time >= 3] == [3, 5, 7, 9]


def test_nothing_open_is_never() -> None:
    assert next_at(World().alpha, {}, START) is None


@given(
    st.lists(
        st.tuples(st.sampled_from(["flash", "immediate", "priority", "routine"]), st.integers(0, 300), st.booleans()),
        min_size=1,
        max_size=5,
    ),
    st.integers(0, 900),
)
def test_between_now_and_next_at_the_alarms_do_not_change(messages: list[tuple[str, int, bool]], minutes: int) -> None:
    world = World()
    for precedence, said_at, accepted in messages:
        world.now = at(said_at)
        message = world.send(precedence=precedence)
        if accepted:
            world.say("bravo", "read", entry=message)
    held = {world.origins["bravo"]: 2}
    now = at(minutes)
    then = next_at(world.alpha, held, now)
    until = at(5_000) if then is None else then.plus(-1)
    assert alarms(world.alpha, held, now) == alarms(world.alpha, held, until)


def test_what_is_not_due_for_hours_costs_nothing_to_watch() -> None:
    """Counted, not timed: open items of one minute are one bucket, and not looked into before it can be late."""
    world = World()
    for _ in range(300):
        world.send()
    assert len(world.bravo.open_buckets) == 1
    assert alarms(world.bravo, {}, at(1)) == []


def test_buckets_are_emptied_as_items_settle() -> None:
    world = World()
    message = world.send(precedence="flash", reply_by="2026-11-18T12:00:00Z")
    assert [bucket.precedence for bucket in world.alpha.open_buckets] == [Precedence.FLASH]
    world.say("bravo", "ack", entry=message)
    world.put(
        "bravo",
        [
            Draft(MESSAGE, pack(Message(text="Yes.")), "watch"),
            Draft(RECEIPT, pack(Receipt(stage=Stage.ANSWERED)), "watch", (world.ref(message), 0)),
        ],
    )
    assert [item.index for item in world.alpha.open_items] == [1]


# Ringing


def test_a_flash_held_there_that_nobody_touched_rings() -> None:
    world = World()
    bravo = world.origins["bravo"]
    world.send()
    world.later()
    message = world.send(precedence="immediate")
    assert ringing(world.alpha, {bravo: 1}, bravo) is None
    assert ringing(world.alpha, {bravo: 2}, bravo) == world.now
    assert ringing(world.bravo, {world.origins["alpha"]: 2}, world.origins["alpha"]) is None
    world.say("bravo", "read", entry=message)
    assert ringing(world.alpha, {bravo: 2}, bravo) is None


def test_an_exercise_does_not_ring_as_a_silence() -> None:
    world = World()
    world.send(precedence="flash", mark=Mark.EXERCISE)
    assert ringing(world.alpha, {world.origins["bravo"]: 1}, world.origins["bravo"]) is None


# The tables


def test_the_tables_are_whole() -> None:
    assert set(STAGE_PERCENT) == set(ESCALATION) == set(Precedence)
    for row in STAGE_PERCENT.values():
        assert [row[stage] for stage in list(Awaited)[:4]] == sorted(row.values())
        assert max(row.values()) == 100
    for steps in ESCALATION.values():
        assert [step for step, _ in steps] == list(Step)[: len(steps)]
        assert steps[0][1] == 0
        assert [percent for _, percent in steps] == sorted({percent for _, percent in steps})
    assert set(WAKES) == set(PEER_REMEDY) == set(Step)
    assert set(OWN_REMEDY) == set(Awaited) - {Awaited.RECEIVED}
    assert set(SILENCE_PRECEDENCE) == set(Cause) - {Cause.SUSPENDED}
    assert [Deadlines().window_us(precedence) // MINUTE_US for precedence in Precedence] == list(MINUTES.values())
    assert [list(Awaited)[stage].name for stage in Stage] == [stage.name for stage in Stage]
    assert SECOND_US * 60 == MINUTE_US

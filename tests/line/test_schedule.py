"""The node says when a check is due, late, missed or skipped, and says once that it was missed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openline.base.errors import UsageError
from openline.base.time import DAY_US, HOUR_US, MINUTE_US, SECOND_US, Instant
from openline.line.check import Checks, Form
from openline.line.force import Word
from openline.line.schedule import (
    STANDARD,
    Schedule,
    Slot,
    Watchkeeping,
    check_duties,
    checks_around,
    dates,
    due_dates,
    presence_duties,
    schedule_at,
    slot,
    time_of_day,
    watch_duties,
)
from openline.record.entry import Mark
from tests.line.chartering import agree, utter
from tests.line.world import START, World

DUE = Instant(START - START % DAY_US + 18 * HOUR_US)
TEXT_ONLY = replace(STANDARD, forms=(Form.TEXT,))


def stands(world: World, now: Instant, form: Form = Form.TEXT) -> Slot:
    return slot(world.alpha, STANDARD, form, DUE, now)


def test_by_the_clock_alone() -> None:
    world = World()
    steps = [
        (-15 * MINUTE_US - 1, Slot.AHEAD),
        (-15 * MINUTE_US, Slot.DUE),
        (15 * MINUTE_US, Slot.DUE),
        (15 * MINUTE_US + 1, Slot.LATE),
        (HOUR_US - 1, Slot.LATE),
        (HOUR_US, Slot.MISSED),
    ]
    assert [stands(world, DUE.plus(us)) for us, _ in steps] == [wanted for _, wanted in steps]


def test_a_check_is_not_given_up_before_it_is_late() -> None:
    patient = replace(STANDARD, late_us=2 * HOUR_US, over_us=HOUR_US)
    times = [-HOUR_US, 0, 2 * HOUR_US, 2 * HOUR_US + 1]
    stands = [slot(World().alpha, patient, Form.TEXT, DUE, DUE.plus(us)) for us in times]
    assert stands == [Slot.AHEAD, Slot.DUE, Slot.DUE, Slot.MISSED]


def test_what_was_done_comes_before_what_was_agreed_and_that_before_the_clock() -> None:
    world = World()
    late = DUE.plus(2 * HOUR_US)
    assert stands(world, late) is Slot.MISSED
    for who in ("alpha", "bravo"):
        world.say(who, "check-date", form="text", due=DUE.rfc3339(), word="skip")
    assert stands(world, late) is Slot.SKIPPED
    (made,) = world.say("alpha", "check", due=DUE.rfc3339())
    assert stands(world, late) is Slot.SKIPPED
    world.say("bravo", "ack", entry=world.id(made))
    assert stands(world, late) is Slot.KEPT
    assert stands(world, late, Form.VOICE) is Slot.MISSED


def test_every_date_of_a_period_and_none_twice() -> None:
    schedule = Schedule(times_us=(18 * HOUR_US, 6 * HOUR_US, 6 * HOUR_US))
    begin = Instant(DUE - 18 * HOUR_US)
    found = list(due_dates(schedule, begin, begin.plus(2 * DAY_US)))
    assert [(due - begin) // HOUR_US for due in found] == [6, 18, 30, 42]
    assert list(due_dates(schedule, DUE, DUE)) == []
    assert list(due_dates(schedule, DUE, DUE.plus(1))) == [DUE]


def test_the_checks_around_now() -> None:
    found = checks_around(World().alpha, STANDARD, DUE)
    assert len(found) == 8
    assert {row.slot for row in found} == {Slot.MISSED, Slot.DUE, Slot.AHEAD}


def test_a_miss_is_said_once_and_not_of_what_was_before_we_ran() -> None:
    world = World()
    now = DUE.plus(HOUR_US)
    assert list(check_duties(world.alpha, Watchkeeping(TEXT_ONLY, DUE), now.plus(-1), "node")) == []
    drafts = list(check_duties(world.alpha, Watchkeeping(TEXT_ONLY, DUE), now, "node"))
    assert len(drafts) == 1
    world.put("alpha", drafts)
    assert list(check_duties(world.alpha, Watchkeeping(TEXT_ONLY, DUE), now, "node")) == []
    assert len(list(check_duties(world.bravo, Watchkeeping(TEXT_ONLY, DUE), now, "node"))) == 1, (
        "each side speaks for itself"
    )
    assert list(check_duties(world.bravo, Watchkeeping(TEXT_ONLY, DUE.plus(1)), now, "node")) == []


def test_no_more_than_two_days_are_told_after_a_long_sleep() -> None:
    assert len(list(check_duties(World().alpha, Watchkeeping(TEXT_ONLY, Instant(0)), DUE.plus(HOUR_US), "node"))) == 4


def test_of_what_is_skipped_or_kept_nothing_is_said() -> None:
    world = World()
    world.say("alpha", "check-date", form="text", due=DUE.rfc3339(), word="skip")
    assert list(check_duties(world.alpha, Watchkeeping(TEXT_ONLY, DUE), DUE.plus(HOUR_US), "node")) == []
    (made,) = world.say("alpha", "check", due=DUE.rfc3339())
    world.say("bravo", "ack", entry=world.id(made))
    assert list(check_duties(world.bravo, Watchkeeping(TEXT_ONLY, DUE), DUE.plus(HOUR_US), "node")) == []


def test_an_officer_who_gives_no_sign_is_absent_once() -> None:
    world = World()
    signs = {"night": DUE, "watch": DUE.plus(20 * MINUTE_US)}
    limit = DUE.plus(45 * MINUTE_US)
    assert list(presence_duties(world.alpha, Watchkeeping(STANDARD, DUE, signs), limit.plus(-SECOND_US), "node")) == []
    drafts = list(presence_duties(world.alpha, Watchkeeping(STANDARD, DUE, signs), limit, "node"))
    world.put("alpha", drafts)
    (row,) = world.bravo.state(Checks).absences
    assert (row.desk, row.due_ms, row.mark) == ("night", DUE.plus(30 * MINUTE_US).ms, Mark.OPERATION)
    assert list(presence_duties(world.alpha, Watchkeeping(STANDARD, DUE, signs), limit, "node")) == []
    again = {"night": limit}
    assert len(list(presence_duties(world.alpha, Watchkeeping(STANDARD, DUE, again), limit.plus(HOUR_US), "node"))) == 1
    never = replace(STANDARD, presence_us=0)
    assert list(presence_duties(world.alpha, Watchkeeping(never, DUE, signs), limit.plus(DAY_US), "node")) == []


def test_under_emcon_a_node_says_nothing() -> None:
    world = World()
    keeping, now = Watchkeeping(STANDARD, DUE, {"night": DUE}), DUE.plus(HOUR_US)
    assert len(watch_duties(world.alpha, keeping, now, "node")) == 3
    world.say("alpha", "declare", status="emcon", reason="in the field")
    assert watch_duties(world.alpha, keeping, now, "node") == []


@pytest.mark.parametrize("text", ["600Z", "2400Z", "0660Z", "0600", "", "0600Z ", "0600Z\n", "٠٦٠٠Z"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        time_of_day(text)
    assert caught.value.message_id == "check-time-wrong"


def test_a_time_of_day() -> None:
    assert [time_of_day(text) for text in ("0000Z", "0930Z", "2359Z")] == [
        0,
        9 * HOUR_US + 30 * MINUTE_US,
        DAY_US - MINUTE_US,
    ]


CHECKS = {"times": ["1900Z"], "forms": ["voice"], "early_minutes": 1, "late_minutes": 2, "over_minutes": 5}


def test_the_charter_in_force_says_when_checks_are_and_the_configuration_where_there_is_none() -> None:
    world = World()
    assert schedule_at(world.alpha, world.now, Mark.OPERATION, TEXT_ONLY) is TEXT_ONLY
    agree(world, checks={**CHECKS, "presence_minutes": 0})
    for book in world.books.values():
        found = schedule_at(book, world.now, Mark.OPERATION, TEXT_ONLY)
        assert found == Schedule((19 * HOUR_US,), (Form.VOICE,), MINUTE_US, 2 * MINUTE_US, 5 * MINUTE_US, 0)
        assert [(row.form, row.due.dtg()[2:6]) for row in checks_around(book, TEXT_ONLY, world.now)] == [
            (Form.TEXT, "1800"),
            (Form.TEXT, "0600"),
            (Form.VOICE, "1900"),
        ]


def test_a_date_goes_by_the_charter_in_force_at_that_date() -> None:
    world = World()
    first = agree(world, checks=CHECKS)
    middle = world.later(DAY_US)
    utter(world, first, Word.DENOUNCE, "bravo")
    rows = list(dates(world.alpha, TEXT_ONLY, START.plus(-DAY_US), middle.plus(DAY_US), Mark.OPERATION))
    hours = [(due - due % HOUR_US) % DAY_US // HOUR_US for due, _ in rows]
    assert hours == [18, 6, 19, 18, 6]
    assert [by is TEXT_ONLY for _, by in rows] == [True, True, False, True, True]
    assert rows == sorted(rows, key=lambda row: row[0])


def test_a_new_charter_makes_no_check_missed_that_nobody_knew_of() -> None:
    world = World()
    world.later(8 * HOUR_US)
    agree(world, checks=CHECKS)
    keeping = Watchkeeping(Schedule(times_us=(), presence_us=0), START.plus(-DAY_US))
    assert not list(check_duties(world.alpha, keeping, world.now, "node"))
    world.later(DAY_US)
    (draft,) = check_duties(world.alpha, keeping, world.now, "node")
    world.put("alpha", [draft])
    assert not list(check_duties(world.alpha, keeping, world.now, "node"))


def test_presence_goes_by_the_charter_now_in_force() -> None:
    world = World()
    agree(world, checks={**CHECKS, "presence_minutes": 10})
    keeping = Watchkeeping(STANDARD, START, {"watch": world.now})
    world.later(12 * MINUTE_US - 1)
    assert not list(presence_duties(world.alpha, keeping, world.now, "node"))
    assert len(list(presence_duties(world.alpha, keeping, world.later(1), "node"))) == 1

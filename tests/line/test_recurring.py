"""A recurring call is agreed like any call; it keeps its dates, or they are skipped, and both stay to be seen."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.base.schema import pack
from openline.base.time import DAY_US, HOUR_US, Instant
from openline.line.callrequest import CALL_REQUEST, CallRequest
from openline.line.history import Question
from openline.line.level import Level
from openline.line.precise import day_of
from openline.line.recurring import Agreement, Kept, Recurrence, agreements, dates, slots
from openline.record.entry import Draft
from tests.line.test_contact import enter
from tests.line.world import World

FIRST = day_of("2022-05-02")[0].plus(9 * HOUR_US)
WEEKLY = Recurrence(FIRST, HOUR_US, 7 * DAY_US)
ASKED: dict[str, object] = {
    "level": "operational",
    "subject": "Weekly call",
    "from": FIRST.rfc3339(),
    "until": FIRST.plus(HOUR_US).rfc3339(),
    "every": 7 * 1440,
}


def kept(world: World, question: Question, now: str, recurrence: Recurrence = WEEKLY) -> list[tuple[int, Kept]]:
    return [(slot.number, slot.kept) for slot in slots([world.alpha], question, recurrence, day_of(now)[0], 10)]


def test_a_skipped_date_stays_in_the_list() -> None:
    world = World()
    for began in ("2022-05-02T09:20:00Z", "2022-05-16T09:00:00Z"):
        enter(world, began=began, level="operational")
    enter(world, began="2022-05-09T09:00:00Z", level="minister")
    assert kept(world, Question(level=Level.OPERATIONAL), "2022-05-17") == [
        (1, Kept.KEPT),
        (2, Kept.SKIPPED),
        (3, Kept.KEPT),
        (4, Kept.AHEAD),
    ]


def test_a_contact_of_which_the_day_alone_is_known_keeps_the_date_of_that_day_and_no_other() -> None:
    world = World()
    enter(world, began="2022-05-09")
    assert kept(world, Question(), "2022-05-11") == [(1, Kept.SKIPPED), (2, Kept.KEPT), (3, Kept.AHEAD)]
    hourly = Recurrence(FIRST.plus(7 * DAY_US), HOUR_US, 6 * HOUR_US)
    assert [row for _, row in kept(world, Question(), "2022-05-10", hourly)].count(Kept.KEPT) == 1


def test_a_contact_that_began_about_when_the_window_ended_may_have_kept_the_date() -> None:
    world = World()
    enter(world, began="2022-05-02T10:10:00Z", grain="about")
    enter(world, began="2022-05-09T08:50:00Z", grain="about")
    assert kept(world, Question(), "2022-05-10")[:2] == [(1, Kept.KEPT), (2, Kept.KEPT)]


def test_a_date_is_skipped_only_once_its_window_is_over() -> None:
    world = [World().alpha]
    last = Instant(FIRST + HOUR_US - 1)
    assert slots(world, Question(), WEEKLY, last, 10)[0].kept is Kept.AHEAD
    assert slots(world, Question(), WEEKLY, FIRST.plus(HOUR_US), 10)[0].kept is Kept.SKIPPED


def test_the_newest_dates_are_looked_at_with_their_own_numbers_and_a_recurrence_may_end() -> None:
    world = World()
    assert kept(world, Question(), "2023-05-02")[0][0] == 44
    ended = Recurrence(FIRST, HOUR_US, 7 * DAY_US, until=FIRST.plus(8 * DAY_US))
    assert len(kept(world, Question(), "2022-09-01", ended)) == 2
    exactly = Recurrence(FIRST, HOUR_US, 7 * DAY_US, until=FIRST.plus(7 * DAY_US))
    assert len(kept(world, Question(), "2022-09-01", exactly)) == 1


def test_dates_never_overlap() -> None:
    with pytest.raises(AssertionError):
        Recurrence(FIRST, 2 * HOUR_US, HOUR_US)


def asked() -> World:
    world = World()
    world.now = FIRST.plus(-DAY_US)
    world.say("alpha", "request", **ASKED)
    return world


def of(world: World) -> list[Agreement]:
    assert [one.agreed for one in agreements(world.alpha)] == [one.agreed for one in agreements(world.bravo)]
    return list(agreements(world.alpha))


def test_what_was_only_asked_for_is_no_agreement() -> None:
    world = asked()
    world.say("bravo", "answer-request", entry="alpha:0", answer="decline")
    assert of(world) == []


def test_dates_count_from_the_acceptance_until_it_is_given_up() -> None:
    world = asked()
    world.now = FIRST.plus(6 * DAY_US)
    world.say("bravo", "answer-request", entry="alpha:0", answer="accept")
    world.now = FIRST.plus(15 * DAY_US)
    world.say("bravo", "answer-request", entry="alpha:0", answer="decline")
    (agreement,) = of(world)
    found = dates([world.alpha], agreement, FIRST.plus(40 * DAY_US), 50)
    assert [(slot.number, slot.kept) for slot in found] == [(2, Kept.SKIPPED), (3, Kept.SKIPPED)]


def test_a_withdrawn_request_has_no_further_dates() -> None:
    world = asked()
    world.say("bravo", "answer-request", entry="alpha:0", answer="accept")
    world.now = FIRST.plus(8 * DAY_US)
    world.say("alpha", "withdraw", entry="alpha:0")
    (agreement,) = of(world)
    assert agreement.agreed[0][1] == world.now.ms
    assert len(dates([world.alpha], agreement, FIRST.plus(40 * DAY_US), 50)) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"from": None, "until": None},
        {"every": 59},
        {"until": FIRST.plus(8 * DAY_US).rfc3339()},
        {"last": FIRST.rfc3339()},
        {"every": None, "last": "2023-01-01T00:00:00Z"},
    ],
)
def test_what_cannot_recur_is_refused_and_from_another_node_has_no_effect(wrong: dict[str, object]) -> None:
    world = World()
    with pytest.raises(UsageError) as caught:
        world.drafts("alpha", "request", **{**ASKED, **wrong})
    assert caught.value.message_id == "recurrence-wrong"
    body = CallRequest(level=Level.DUTY, subject="Too often", from_ms=0, until_ms=1, every_ms=1)
    world.put("bravo", [Draft(CALL_REQUEST, pack(body), "watch")])
    assert world.faults() == [("bravo:0", "fault-window-wrong")]

"""A recurring contact keeps its dates, or they are skipped, and both stay to be seen."""

from __future__ import annotations

import pytest

from openline.base.time import DAY_US, HOUR_US
from openline.line.history import Question
from openline.line.level import Level
from openline.line.precise import day_of
from openline.line.recurring import Kept, Recurrence, slots
from tests.line.test_contact import enter
from tests.line.world import World

FIRST = day_of("2022-05-02")[0].plus(9 * HOUR_US)
WEEKLY = Recurrence(FIRST, 7 * DAY_US, HOUR_US)


def test_a_skipped_date_stays_in_the_list() -> None:
    world = World()
    for day in ("2022-05-02T09:20:00Z", "2022-05-16T08:30:00Z"):
        enter(world, began=day, level="operational")
    enter(world, began="2022-05-09T09:00:00Z", level="minister")
    found = slots([world.alpha], Question(level=Level.OPERATIONAL), WEEKLY, day_of("2022-05-17")[0])
    assert [(slot.number, slot.kept) for slot in found] == [
        (1, Kept.KEPT),
        (2, Kept.SKIPPED),
        (3, Kept.KEPT),
        (4, Kept.AHEAD),
    ]
    assert [slot.held is not None for slot in found] == [True, False, True, False]
    assert found[1].due.dtg() == "090900Z MAY 22"


def test_a_date_is_skipped_only_once_its_tolerance_is_over() -> None:
    world = World()
    question = Question()
    assert slots([world.alpha], question, WEEKLY, FIRST.plus(HOUR_US))[0].kept is Kept.AHEAD
    assert slots([world.alpha], question, WEEKLY, FIRST.plus(HOUR_US + 1))[0].kept is Kept.SKIPPED


def test_a_recurrence_may_end() -> None:
    ended = Recurrence(FIRST, 7 * DAY_US, 0, until=FIRST.plus(8 * DAY_US))
    assert len(slots([World().alpha], Question(), ended, FIRST.plus(100 * DAY_US))) == 2


def test_dates_never_overlap() -> None:
    with pytest.raises(AssertionError):
        Recurrence(FIRST, HOUR_US, HOUR_US)

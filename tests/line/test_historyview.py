"""Channels and recurring calls as they are shown."""

from __future__ import annotations

from openline.base.time import DAY_US
from openline.line.history import Question
from openline.line.historyview import channel_views, recurring_view
from openline.line.recurring import agreements
from tests.line.test_contact import enter
from tests.line.test_recurring import ASKED, FIRST
from tests.line.world import World


def test_a_channel_is_a_line_a_level_and_its_parties_with_the_last_contact() -> None:
    world = World()
    for began in ("2022-02-18", "2022-05-13"):
        enter(world, began=began)
    enter(world, began="2022-05-19", level="duty")
    highest, lowest = channel_views([world.alpha], Question())
    assert (highest.line, highest.level, highest.contacts, highest.last) == (
        "alpha-bravo",
        "minister",
        2,
        "alpha-bravo/alpha:1",
    )
    assert (lowest.level, lowest.parties) == ("duty", ("alpha.example", "bravo.example"))


def test_a_recurring_call_shows_its_dates_and_counts_those_skipped() -> None:
    world = World()
    world.now = FIRST.plus(-DAY_US)
    world.say("alpha", "request", **ASKED)
    world.say("bravo", "answer-request", entry="alpha:0", answer="accept")
    enter(world, began="2022-05-09T09:10:00Z", level="operational")
    (agreement,) = agreements(world.bravo)
    view = recurring_view(
        [world.bravo], agreement, lambda origin, index: world.logs[origin][index], FIRST.plus(8 * DAY_US), 50
    )
    assert (view.id, view.party, view.subject, view.every_minutes) == (
        "alpha:0",
        "bravo.example",
        "Weekly call",
        7 * 1440,
    )
    assert (view.stands, view.skipped) == (True, 1)
    assert [(date.kept, date.contact) for date in view.dates] == [
        ("skipped", None),
        ("kept", "alpha-bravo/alpha:1"),
        ("ahead", None),
    ]

"""Legs: whose they are, which one a key speaks for, and what is still shown of those that ended."""

from __future__ import annotations

from openline.base.limits import LEGS_OVER_SHOWN_MAX
from openline.node.legs import Legs
from openline.node.views import Officer
from tests.node.houses import EVERYTHING, START


def asker(desk: str, session: str = "") -> Officer:
    return Officer(desk, EVERYTHING, session=session)


def legs(*rows: tuple[int, str, str], up: bool = True) -> Legs:
    made = Legs()
    for number, desk, session in rows:
        made.offered(number, desk, session, START)
        if up:
            made.up(number, START)
    return made


def test_a_leg_that_is_connecting_has_no_seat_and_speaks_for_nobody() -> None:
    made = legs((1, "watch", "s"), up=False)
    assert made.seated(["watch"]) == []
    assert made.speaks_for(asker("watch", "s")) is None
    made.up(1, START)
    assert [leg.number for leg in made.seated(["watch"])] == [1]


def test_a_key_speaks_for_the_own_session_then_for_the_newest_leg_of_the_position() -> None:
    made = legs((1, "watch", "one"), (2, "watch", "two"), (3, "ops", "three"))
    for who, leg in ((asker("watch", "one"), 1), (asker("watch", "four"), 2), (asker("watch"), 2), (asker("ops"), 3)):
        found = made.speaks_for(who)
        assert found is not None
        assert found.number == leg
    assert made.speaks_for(asker("night")) is None


def test_phones_belong_to_no_session() -> None:
    made = Legs()
    leg = made.rang(4, "night", "grandstream", START)
    made.up(4, START)
    assert (leg.kind, leg.view("en").phone) == ("phone", "grandstream")
    assert made.of_session("") == []


def test_a_leg_that_ended_says_why_in_the_asked_language() -> None:
    made = legs((1, "watch", "s"))
    assert made.end(1, "leg-lost", "leg-consent-expired", START) is not None
    assert made.end(1, "leg-left", "", START) is None
    view = made.views("fr")[0]
    assert (view.state, view.reason) == ("over", "leg-lost")
    assert view.text.startswith("Le son de ce poste est perdu.")
    assert "Le navigateur ne répond plus" in view.text


def test_of_those_that_ended_only_the_latest_are_kept() -> None:
    made = Legs()
    for number in range(LEGS_OVER_SHOWN_MAX + 5):
        made.offered(number, "watch", "s", START)
        made.end(number, "leg-left", "", START)
    assert len(made.views("en")) == LEGS_OVER_SHOWN_MAX
    assert made.shown(4) is None
    assert made.shown(5) is not None


def test_a_number_that_comes_again_is_one_leg_and_not_two() -> None:
    made = legs((1, "watch", "s"))
    made.end(1, "leg-left", "", START)
    made.offered(1, "ops", "t", START)
    assert [(view.leg, view.desk, view.state) for view in made.views("en")] == [(1, "ops", "connecting")]
    shown = made.shown(1)
    assert shown is not None
    assert shown.desk == "ops"

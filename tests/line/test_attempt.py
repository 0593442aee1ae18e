"""Every attempt is an entry; what its author makes of it is a remark and never the other side's answer."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.line.attempt import Attempts, Result
from openline.line.callrequest import RequestState, request_of
from openline.line.grid import stated_about
from openline.line.statement import About
from openline.record.entry import Mark
from tests.line.world import START, World

TRIED: dict[str, object] = {"level": "minister", "result": "no-answer", "medium": "telephone"}


def test_an_attempt_is_now_unless_it_says_when() -> None:
    world = World()
    world.say("alpha", "attempt", **TRIED)
    world.say("alpha", "attempt", **TRIED, at="2022-03-24")
    rows = world.bravo.state(Attempts).by_place
    assert [rows[0, index].at.shown() for index in (0, 1)] == ["2026-11-18T11:06Z", "2022-03-24"]
    assert START.rfc3339().startswith("2026-11-18T11:06")


def test_an_attempt_may_belong_to_a_request_and_answers_nothing() -> None:
    world = World()
    world.say("alpha", "request", level="minister", subject="Talks")
    world.say("alpha", "attempt", **{**TRIED, "result": "not-taken-up"}, request="alpha:0", to="bravo")
    row = world.alpha.state(Attempts).by_place[0, 1]
    assert (row.request, row.result, row.to) == ((0, 0), Result.NOT_TAKEN_UP, "bravo.example")
    assert request_of(world.alpha, "alpha:0").said(1) is RequestState.OPEN


def test_a_remark_about_an_attempt_is_its_author_s() -> None:
    world = World()
    world.say("alpha", "attempt", **TRIED)
    world.say("alpha", "state", entry="alpha:0", fact="remark", words="They did not appear interested.")
    (claim,) = stated_about(world.bravo, (0, 0))
    assert (claim.fact, claim.member) == (About.REMARK, 0)


@pytest.mark.parametrize(
    ("values", "message_id"),
    [
        ({"at": "yesterday"}, "time-unreadable"),
        ({"request": "alpha:0"}, "request-unknown"),
        ({"to": "x" * 501}, "name-too-long"),
    ],
)
def test_what_is_no_attempt_is_refused(values: dict[str, object], message_id: str) -> None:
    world = World()
    world.send()
    with pytest.raises(UsageError) as caught:
        world.drafts("alpha", "attempt", **{**TRIED, **values})
    assert caught.value.message_id == message_id


def test_an_exercise_keeps_its_mark_and_a_suspended_line_takes_attempts() -> None:
    world = World()
    world.say("alpha", "declare", status="suspended", reason="Talks broken off.")
    world.say("alpha", "attempt", **TRIED, mark=Mark.EXERCISE)
    assert world.alpha.state(Attempts).by_place[0, 1].mark is Mark.EXERCISE


def test_every_attempt_is_in_the_snapshot() -> None:
    world = World()
    before = world.alpha.digest()
    world.say("alpha", "attempt", **TRIED)
    assert world.alpha.digest() == world.bravo.digest() != before

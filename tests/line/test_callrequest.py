"""A request for a call is answered by the other side, or not; that no answer came is computed and is no refusal."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.base.schema import pack
from openline.base.time import HOUR_US, MINUTE_US
from openline.line.callrequest import (
    ANSWERED,
    REQUEST_ANSWER,
    Answer,
    CallRequest,
    RequestAnswer,
    RequestState,
    request_of,
    window_fits,
)
from openline.line.item import Stage
from openline.line.level import Level
from openline.record.entry import Draft, Mark
from tests.line.walking import walk
from tests.line.world import START, World

ASKED: dict[str, object] = {"level": "minister", "subject": "Cease-fire"}
WINDOW = {"from": START.plus(HOUR_US).rfc3339(), "until": START.plus(2 * HOUR_US).rfc3339()}
WITH: dict[Answer, dict[str, object]] = {Answer.PROPOSE: dict(WINDOW), Answer.DELEGATE: {"level": "adviser"}}


def ask(world: World, **values: object) -> str:
    return world.id(world.say("alpha", "request", **{**ASKED, **values})[0])


def answer(world: World, what: Answer, who: str = "bravo", **values: object) -> None:
    world.say(who, "answer-request", entry="alpha:0", answer=what.name.lower(), **{**WITH.get(what, {}), **values})


def refusal(world: World, verb: str, values: dict[str, object], who: str = "bravo") -> str:
    with pytest.raises(UsageError) as caught:
        world.drafts(who, verb, **values)
    return caught.value.message_id


@pytest.mark.parametrize(("way", "event", "before", "after"), walk(ANSWERED, RequestState.OPEN, Answer))
def test_every_answer_of_the_table_is_taken_and_every_other_one_refused(
    way: list[Answer], event: Answer, before: RequestState, after: RequestState | None
) -> None:
    world = World()
    ask(world)
    for step in way:
        answer(world, step)
    assert request_of(world.alpha, "alpha:0").said(1) is before
    if after is not None:
        answer(world, event)
        assert request_of(world.alpha, "alpha:0").said(1) is after
        return
    values: dict[str, object] = {"entry": "alpha:0", "answer": event.name.lower(), **WITH.get(event, {})}
    assert refusal(world, "answer-request", values) == "answer-not-possible"
    world.put("bravo", [Draft(REQUEST_ANSWER, body(event), "watch", (world.ref("alpha:0"),))])
    assert world.faults() == [(f"bravo:{len(way)}", "fault-answer-not-possible")]
    assert request_of(world.alpha, "alpha:0").said(1) is before


def test_none_by_the_deadline_is_computed_and_a_late_answer_is_kept_as_late() -> None:
    world = World()
    ask(world, reply_by=world.now.plus(HOUR_US).rfc3339())
    request = request_of(world.bravo, "alpha:0")
    assert request.state(1, world.now.plus(HOUR_US)) is RequestState.OPEN
    world.later(HOUR_US + MINUTE_US)
    assert request.state(1, world.now) is RequestState.NONE
    assert not request.late(1)
    answer(world, Answer.DECLINE)
    assert (request.state(1, world.now), request.late(1)) == (RequestState.DECLINED, True)
    answer(world, Answer.ACCEPT)
    assert (request.state(1, world.now), request.late(1)) == (RequestState.ACCEPTED, True)


def test_an_answer_in_time_is_not_late_whatever_follows_it() -> None:
    world = World()
    ask(world, reply_by=world.now.plus(HOUR_US).rfc3339())
    request = request_of(world.bravo, "alpha:0")
    world.later(HOUR_US)
    answer(world, Answer.DECLINE)
    world.later(HOUR_US)
    answer(world, Answer.ACCEPT)
    assert not request.late(1)


def test_no_deadline_no_none() -> None:
    world = World()
    ask(world)
    assert request_of(world.alpha, "alpha:0").state(1, world.later(HOUR_US * 10_000)) is RequestState.OPEN


def test_an_answer_ends_the_wait_of_the_watch() -> None:
    world = World()
    ask(world, reply_by=world.now.plus(HOUR_US).rfc3339())
    assert world.item("alpha:0") in list(world.alpha.open_items)
    answer(world, Answer.DECLINE, reason="Not this week.")
    assert not list(world.alpha.open_items)
    (fact,) = world.item("alpha:0").facts
    assert (fact.stage, fact.reply) == (Stage.ANSWERED, 0)


def test_three_parties_answer_each_for_itself() -> None:
    world = World(3)
    ask(world)
    answer(world, Answer.ACCEPT)
    answer(world, Answer.DECLINE, "charlie")
    request = request_of(world.alpha, "alpha:0")
    assert [request.said(member).name for member in (1, 2)] == ["ACCEPTED", "DECLINED"]


def test_the_order_of_the_logs_does_not_matter() -> None:
    world = World()
    ask(world)
    answer(world, Answer.PROPOSE)
    answer(world, Answer.ACCEPT, **WINDOW)
    book = world.new_book()
    for name in ("bravo", "alpha"):
        world.fold(book, world.logs[world.origins[name]])
    assert book.digest() == world.alpha.digest()


@pytest.mark.parametrize(
    ("values", "message_id"),
    [
        ({"subject": " "}, "subject-missing"),
        ({"subject": "x" * 201}, "text-too-long"),
        ({"from": WINDOW["from"]}, "window-wrong"),
        ({"from": WINDOW["until"], "until": WINDOW["from"]}, "window-wrong"),
        ({"reply_by": START.plus(-1).rfc3339()}, "reply-by-past"),
        ({"language": ""}, "language-wrong"),
    ],
)
def test_what_is_no_request_is_refused(values: dict[str, object], message_id: str) -> None:
    assert refusal(World(), "request", {**ASKED, **values}) == message_id


@pytest.mark.parametrize(
    ("values", "message_id"),
    [
        ({"answer": "propose"}, "answer-incomplete"),
        ({"answer": "delegate"}, "answer-incomplete"),
        ({"answer": "decline", "level": "adviser"}, "answer-incomplete"),
        ({"answer": "accept", "entry": "bravo:0"}, "request-unknown"),
        ({"answer": "accept", "entry": "alpha:9"}, "entry-unknown"),
        ({"answer": "accept", "entry": "alpha:1"}, "request-withdrawn"),
        ({"answer": "accept", "mark": Mark.EXERCISE}, "mark-differs"),
        ({"answer": "delegate", "to": "S 3"}, "role-wrong"),
    ],
)
def test_what_is_no_answer_is_refused(values: dict[str, object], message_id: str) -> None:
    world = World()
    ask(world)
    ask(world)
    world.say("alpha", "withdraw", entry="alpha:1")
    world.send("bravo")
    assert refusal(world, "answer-request", {"entry": "alpha:0", **values}) == message_id
    assert refusal(world, "answer-request", {"entry": "alpha:0", "answer": "accept"}, "alpha") == "request-own"


def test_wrong_answers_of_a_peer_are_faults_and_answer_nothing() -> None:
    world = World()
    ask(world)
    request, message = world.ref("alpha:0"), world.ref(world.send("alpha"))
    accept = body(Answer.ACCEPT)
    world.put("bravo", [Draft(REQUEST_ANSWER, accept, "watch", (message,))])
    world.put("bravo", [Draft(REQUEST_ANSWER, accept, "watch", (request,), mark=Mark.EXERCISE)])
    world.put("bravo", [Draft(REQUEST_ANSWER, pack(RequestAnswer(answer=Answer.PROPOSE)), "watch", (request,))])
    world.put("bravo", [Draft(REQUEST_ANSWER, pack(RequestAnswer(answer=Answer.ACCEPT, from_ms=1)), "w", (request,))])
    world.put("alpha", [Draft(REQUEST_ANSWER, accept, "watch", (request,))])
    assert [fault for _, fault in world.faults()] == [
        "fault-answers-own",
        "fault-target-wrong",
        "fault-mark-differs",
        "fault-answer-incomplete",
        "fault-answer-incomplete",
    ]
    assert request_of(world.alpha, "alpha:0").answers == {}


def test_a_request_with_half_a_window_does_not_count() -> None:
    world = World()
    half = pack(CallRequest(level=Level.MINISTER, subject="Talks", from_ms=5))
    world.put("alpha", [Draft(22, half, "watch")])
    assert world.faults() == [("alpha:0", "fault-window-wrong")]
    assert [window_fits(*ends) for ends in ((None, None), (1, 2), (2, 2), (None, 2), (1, None))] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_suspended_line_takes_no_request_but_a_flash() -> None:
    world = World()
    world.say("bravo", "declare", status="suspended", reason="Talks broken off.")
    assert refusal(world, "request", ASKED, "alpha") == "line-suspended"
    assert world.drafts("alpha", "request", **ASKED, precedence="flash")


def body(what: Answer) -> bytes:
    window = (5, 6) if what is Answer.PROPOSE else (None, None)
    level = Level.ADVISER if what is Answer.DELEGATE else None
    return pack(RequestAnswer(answer=what, from_ms=window[0], until_ms=window[1], level=level))

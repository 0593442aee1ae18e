"""Answers to a request, a demand and an allegation keep one set of rules, whatever each kind may say."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from openline.base.schema import Body, pack
from openline.line.allegation import ALLEGATION_REPLY, AllegationReply, Defence
from openline.line.callrequest import REQUEST_ANSWER, Answer, RequestAnswer
from openline.line.demand import DEMAND_ANSWER, DemandAnswer, Reply
from openline.record.entry import Draft, Mark
from tests.line.world import World


@dataclass(frozen=True)
class Pair:
    """What alpha says, and what bravo answers."""

    asks: str
    values: dict[str, object]
    kind: int
    body: Body
    answers: str
    word: dict[str, object] = field(default_factory=dict)


PAIRS = (
    Pair(
        "request",
        {"level": "minister", "subject": "Talks"},
        REQUEST_ANSWER,
        RequestAnswer(answer=Answer.DECLINE),
        "answer-request",
        {"answer": "decline"},
    ),
    Pair(
        "demand",
        {"code": "immediate-cease-fire"},
        DEMAND_ANSWER,
        DemandAnswer(answer=Reply.REFUSE),
        "answer-demand",
        {"answer": "refuse"},
    ),
    Pair(
        "allege",
        {"code": "dam-blown-up", "against": "bravo"},
        ALLEGATION_REPLY,
        AllegationReply(reply=Defence.DENY),
        "answer-allegation",
        {"reply": "deny"},
    ),
)
EACH = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.asks)


@EACH
def test_what_answers_no_such_entry_its_own_or_one_of_another_mark_does_not_count(pair: Pair) -> None:
    world = World()
    asked = world.ref(world.id(world.say("alpha", pair.asks, **pair.values)[0]))
    message = world.ref(world.send("alpha"))
    body = pack(pair.body)
    world.put("bravo", [Draft(pair.kind, body, "watch", (message,))])
    world.put("bravo", [Draft(pair.kind, body, "watch", (asked,), mark=Mark.EXERCISE)])
    world.put("alpha", [Draft(pair.kind, body, "watch", (asked,))])
    faults = [("alpha:2", "fault-answers-own"), ("bravo:0", "fault-target-wrong"), ("bravo:1", "fault-mark-differs")]
    assert world.faults() == faults
    assert {item.index for item in world.alpha.open_items if item.member == 0} == {0, 1}, "both are still awaited"


@EACH
def test_an_answer_that_counts_ends_the_wait_and_another_one_adds_no_fault(pair: Pair) -> None:
    world = World()
    asked = world.id(world.say("alpha", pair.asks, **pair.values)[0])
    assert [item.index for item in world.bravo.open_items] == [0]
    world.say("bravo", pair.answers, entry=asked, **pair.word)
    assert list(world.bravo.open_items) == list(world.alpha.open_items) == []
    assert world.faults() == []

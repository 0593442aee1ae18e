"""What a node says in calls by itself follows from the book and what it knows, and once said it is not said again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.limits import BODY_BYTES_MAX, CALL_ALONE_US
from openline.base.schema import unpack
from openline.base.time import SECOND_US
from openline.record.entry import Draft, Mark
from openline.voice.call import CallStep, Step
from openline.voice.duties import Here, Rules, answers_itself, call_duties, own_ring
from tests.voice.test_call import Line

RULES = Rules(45 * SECOND_US, answering=False)
ANSWERING = replace(RULES, answering=True)
WELL = Here()


def due(line: Line, who: str, here: Here = WELL, rules: Rules = RULES) -> list[tuple[str, str, str]]:
    """What the node of a party has to say, as step, desk and cause."""
    return [_told(draft) for draft in drafts(line, who, here, rules)]


def drafts(line: Line, who: str, here: Here = WELL, rules: Rules = RULES) -> list[Draft]:
    book = line.books[who]
    known = {(number, index): here for number in range(len(book.members)) for index in range(50)}
    return call_duties(book, known, rules)


def do(line: Line, who: str, here: Here = WELL, rules: Rules = RULES) -> list[tuple[str, str, str]]:
    """Say all that is due; afterwards nothing is."""
    said = drafts(line, who, here, rules)
    line.put(who, said)
    assert drafts(line, who, here, rules) == []
    return [_told(draft) for draft in said]


def _told(draft: Draft) -> tuple[str, str, str]:
    body = unpack(CallStep, draft.body or b"", BODY_BYTES_MAX)
    return body.step.name, draft.desk, body.cause


def answered(line: Line, *parties: str) -> str:
    call = line.rung()
    for who in parties:
        line.step(who, call, Step.ANSWERED)
    return call


# Not answered


@pytest.mark.parametrize("members", [2, 3])
def test_who_is_rung_too_long_misses_the_call_and_who_rang_does_not(members: int) -> None:
    line = Line(members)
    line.rung()
    assert due(line, "bravo", Here(rings_us=RULES.ring_us - 1)) == []
    assert due(line, "alpha", Here(rings_us=10 * RULES.ring_us)) == []
    assert do(line, "bravo", Here(rings_us=RULES.ring_us)) == [("MISSED", "node", "call-missed")]


def test_a_call_that_all_have_declined_is_missed_at_once() -> None:
    line = Line()
    line.rung()
    assert do(line, "bravo", Here(declined=True)) == [("MISSED", "node", "call-declined")]


def test_a_call_of_three_that_its_ringer_left_is_missed_by_both_others() -> None:
    line = Line(3)
    call = line.rung()
    line.step("alpha", call, Step.LEFT)
    assert do(line, "bravo") == [("MISSED", "node", "call-ringer-left")]
    assert due(line, "charlie") == []  # Alone, nobody is left who could ring: the call is over.


def test_a_call_that_its_ringer_left_and_another_answered_goes_on() -> None:
    line = Line(3)
    call = answered(line, "bravo")
    line.step("alpha", call, Step.LEFT)
    assert due(line, "charlie") == []


# Line checks


def test_a_line_check_is_answered_at_its_own_desk_and_left_with_the_caller() -> None:
    line = Line(3)
    call = line.id(line.say("alpha", "ring", action=("line-check",))[0])
    assert due(line, "bravo") == []
    assert do(line, "bravo", rules=ANSWERING) == [("ANSWERED", "line-check", "")]
    part = line.call(call, "bravo").parts[1]
    assert answers_itself(part, ANSWERING)
    assert not answers_itself(part, RULES)
    assert due(line, "bravo", Here(alone_us=2 * CALL_ALONE_US), ANSWERING) == []
    line.step("charlie", call, Step.ANSWERED)
    line.step("alpha", call, Step.LEFT)
    assert do(line, "bravo", rules=ANSWERING) == [("LEFT", "line-check", "call-ringer-left")]


def test_the_answering_position_takes_no_other_call() -> None:
    line = Line()
    line.rung()
    assert due(line, "bravo", rules=ANSWERING) == []


def test_where_an_officer_has_joined_the_node_does_not_leave() -> None:
    line = Line(3)
    call = line.id(line.say("alpha", "ring", action=("line-check",))[0])
    do(line, "bravo", rules=ANSWERING)
    line.step("charlie", call, Step.ANSWERED)
    line.step("bravo", call, Step.ANSWERED, desk="ops")
    line.step("alpha", call, Step.LEFT)
    assert due(line, "bravo", rules=ANSWERING) == []


# Sound, gates, and nobody there


def test_sound_lost_and_back_is_said_once_each() -> None:
    line = Line()
    call = answered(line, "bravo")
    lost = Here(lost="call-no-path", sound=False)
    assert do(line, "alpha", lost) == [("SOUND_LOST", "node", "call-no-path")]
    assert line.call(call).parts[0].cause == "call-no-path"
    assert due(line, "alpha", Here(sound=False)) == []
    assert do(line, "alpha") == [("SOUND_BACK", "node", "")]


def test_sound_is_not_lost_in_a_call_that_nobody_has_answered() -> None:
    line = Line()
    line.rung()
    assert due(line, "alpha", Here(lost="call-no-path", sound=False)) == []


def test_gates_that_are_open_on_the_record_alone_are_closed_there() -> None:
    line = Line()
    call = answered(line, "bravo")
    for desk in ("watch", "ops", "night"):
        line.step("alpha", call, Step.ANSWERED, desk)
        line.step("alpha", call, Step.GATE_OPENED, desk)
    assert do(line, "alpha", Here(open_at=frozenset({"ops"}))) == [
        ("GATE_CLOSED", "night", "call-node-restarted"),
        ("GATE_CLOSED", "watch", "call-node-restarted"),
    ]
    assert due(line, "bravo") == []


def test_a_side_where_nobody_sits_leaves_after_its_time_also_on_hold() -> None:
    line = Line()
    call = answered(line, "bravo")
    line.step("bravo", call, Step.HELD)
    assert due(line, "bravo", Here(alone_us=CALL_ALONE_US - 1)) == []
    assert do(line, "bravo", Here(alone_us=CALL_ALONE_US)) == [("LEFT", "node", "call-nobody-left")]
    assert line.sides(call) == ["in", "out"]


def test_a_call_that_is_over_or_left_is_none_of_ours() -> None:
    line = Line(3)
    call = answered(line, "bravo", "charlie")
    line.step("bravo", call, Step.LEFT)
    everything = Here(10 * RULES.ring_us, 10 * CALL_ALONE_US, True, "call-no-path", False)
    assert due(line, "bravo", everything) == []
    line.step("charlie", call, Step.LEFT)
    assert due(line, "alpha", everything) == []


# Two that ring at once


def both_ring(first: str, members: int = 2, mark: Mark = Mark.OPERATION) -> tuple[Line, str, str]:
    """Both ring before either hears of it, `first` first; alpha's call and bravo's."""
    line = Line(members)
    line.cut = True
    calls = {who: line.rung(who, mark) for who in sorted(("alpha", "bravo"), key=lambda who: who != first)}
    line.mend()
    return line, calls["alpha"], calls["bravo"]


@pytest.mark.parametrize("members", [2, 3])
@pytest.mark.parametrize("first", ["alpha", "bravo"])
def test_the_one_that_sorts_first_stands_whoever_was_quicker(first: str, members: int) -> None:
    line, won, lost = both_ring(first, members)
    assert due(line, "alpha") == []
    assert do(line, "bravo") == [("LEFT", "node", "call-glare"), ("ANSWERED", "watch", "call-glare")]
    assert line.sides(won)[:2] == ["in", "in"]
    assert line.sides(lost)[:2] == ["rung", "out"]
    assert due(line, "alpha") == ([("MISSED", "node", "call-ringer-left")] if members == 3 else [])


def test_every_position_that_rang_the_call_that_gives_way_is_in_the_other() -> None:
    line, won, lost = both_ring("alpha")
    line.step("bravo", lost, Step.ANSWERED, "ops")
    assert do(line, "bravo") == [
        ("LEFT", "node", "call-glare"),
        ("ANSWERED", "watch", "call-glare"),
        ("ANSWERED", "ops", "call-glare"),
    ]
    assert line.call(won).parts[1].desks == ["watch", "ops"]


def test_a_ringer_that_is_gone_joins_nobody() -> None:
    line = Line()
    line.cut = True
    won, lost = line.rung("alpha"), line.rung("bravo")
    line.step("alpha", won, Step.LEFT)
    line.mend()
    assert due(line, "bravo") == []
    assert line.sides(lost) == ["rung", "in"]


def test_calls_of_different_marks_are_not_joined() -> None:
    line = Line()
    line.cut = True
    line.rung("alpha", Mark.EXERCISE)
    line.rung("bravo", Mark.OPERATION)
    line.mend()
    assert due(line, "alpha") == due(line, "bravo") == []


def test_our_own_ring_is_known_at_both_ends_so_that_nothing_rings_in_vain() -> None:
    line, won, lost = both_ring("alpha")
    assert own_ring(line.alpha, line.call(lost)) is line.call(won)
    assert own_ring(line.bravo, line.call(won, "bravo")) is line.call(lost, "bravo")
    assert own_ring(line.alpha, line.call(won)) is None


@given(st.lists(st.sampled_from(["alpha", "bravo", "charlie"]), max_size=12))
def test_three_that_all_ring_at_once_end_in_one_call_in_whatever_order_their_nodes_wake(order: list[str]) -> None:
    line = Line(3)
    line.cut = True
    calls = {who: line.rung(who) for who in ("charlie", "alpha", "bravo")}
    line.mend()
    for who in [*order, *(["bravo", "charlie", "alpha"] * 3)]:
        do(line, who)
    assert line.sides(calls["alpha"]) == ["in", "in", "in"]
    for lost in ("bravo", "charlie"):
        assert line.call(calls[lost]).ended

"""Calls on the record: what may follow what, for each party alone, and the same call whatever arrives first."""

from __future__ import annotations

import itertools
from dataclasses import replace
from random import Random
from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openline.base.errors import UsageError
from openline.base.limits import BODY_BYTES_MAX
from openline.base.machine import NoTransition, advance
from openline.base.schema import pack, unpack
from openline.line.kinds import Asked, Registry
from openline.line.standard import KINDS
from openline.record.entry import Draft, Entry, Mark
from openline.voice.call import (
    CALL_KIND,
    CALL_STEP,
    SIDES,
    STEP_KIND,
    Call,
    Calls,
    CallStep,
    Side,
    Step,
    StepName,
    call_of,
    step,
)
from openline.voice.interpreting import Arrangement
from tests.line.world import World

REGISTRY = Registry((*KINDS, CALL_KIND, STEP_KIND))
EVERY = list(itertools.product(Side, Step))
WAY = {
    Side.RUNG: [],
    Side.IN: [Step.ANSWERED],
    Side.HOLDING: [Step.ANSWERED, Step.HELD],
    Side.OUT: [Step.LEFT],
}
"""How bravo, which is rung, comes to each side."""


class Line(World):
    """A line whose kinds include calls."""

    def __init__(self, members: int = 2) -> None:
        super().__init__(members, REGISTRY)

    def rung(self, who: str = "alpha", mark: Mark = Mark.OPERATION) -> str:
        return self.id(self.say(who, "ring", mark=mark)[0])

    def step(self, who: str, call: str, what: Step, desk: str = "watch", cause: str = "") -> list[Entry]:
        ref = self.books[who].ref(*self.books[who].find(call))
        mark = call_of(self.books[who], call).mark
        return self.put(who, [step(ref, what, desk, mark, cause)])

    def call(self, call: str, book: str = "alpha") -> Call:
        return call_of(self.books[book], call)

    def sides(self, call: str) -> list[str]:
        return [part.side.value for part in self.call(call).parts]


def in_side(side: Side) -> tuple[Line, str]:
    line = Line(3)
    call = line.rung()
    for what in WAY[side]:
        line.step("bravo", call, what)
    return line, call


@pytest.mark.parametrize(("side", "what"), EVERY)
def test_the_table_is_walked_by_the_fold_and_what_it_does_not_name_is_a_fault(side: Side, what: Step) -> None:
    line, call = in_side(side)
    faults = len(line.alpha.faults)
    line.step("bravo", call, what)
    found = line.call(call).parts[1].side
    try:
        assert found is advance(SIDES, side, what)
        assert len(line.alpha.faults) == faults
    except NoTransition:
        assert found is side
        assert line.alpha.faults[-1].message_id == "fault-step-not-possible"


@pytest.mark.parametrize(("side", "what"), [(side, what) for side in Side for what in get_args(StepName)])
def test_an_officer_is_refused_what_the_table_does_not_allow(side: Side, what: str) -> None:
    line, call = in_side(side)
    allowed = (side, Step[what.upper().replace("-", "_")]) in SIDES
    if allowed:
        assert len(line.say("bravo", "call", call=call, step=what)) == 1
    else:
        with pytest.raises(UsageError) as caught:
            line.drafts("bravo", "call", call=call, step=what)
        assert caught.value.message_id == "call-step-not-possible"


def test_a_call_rung_answered_spoken_in_and_left() -> None:
    line = Line()
    call = line.rung()
    assert line.sides(call) == ["in", "rung"]
    assert not line.call(call).up
    line.later()
    line.step("bravo", call, Step.ANSWERED, "duty-2")
    assert line.call(call).up
    assert line.call(call).answered_ms == {1: line.now.ms}
    assert line.call(call).parts[1].desks == ["duty-2"]
    line.step("bravo", call, Step.GATE_OPENED, "duty-2")
    line.step("alpha", call, Step.GATE_OPENED)
    assert [part.speaking for part in line.call(call).parts] == [{"watch"}, {"duty-2"}]
    line.step("bravo", call, Step.GATE_CLOSED, "duty-2")
    assert [part.speaking for part in line.call(call).parts] == [{"watch"}, set()]
    line.step("alpha", call, Step.LEFT, cause="call-ended")
    assert line.call(call).ended
    assert line.call(call).parts[0].speaking == set()
    assert line.alpha.state(Calls).open == {}
    assert not line.alpha.faults


def test_holding_closes_every_gate_and_keeps_the_call() -> None:
    line = Line()
    call = line.rung()
    line.step("bravo", call, Step.ANSWERED)
    line.step("bravo", call, Step.GATE_OPENED)
    line.step("bravo", call, Step.HELD)
    assert line.call(call).up
    assert line.call(call).parts[1].speaking == set()
    line.step("bravo", call, Step.RESUMED)
    assert line.sides(call) == ["in", "in"]


def test_a_loss_says_its_cause_and_since_when_and_is_no_end() -> None:
    line = Line()
    call = line.rung()
    line.step("bravo", call, Step.ANSWERED)
    line.later()
    line.step("alpha", call, Step.SOUND_LOST, cause="sound-no-path")
    part = line.call(call).parts[0]
    assert (part.lost_ms, part.cause) == (line.now.ms, "sound-no-path")
    assert line.call(call).up
    line.step("alpha", call, Step.SOUND_BACK)
    assert (part.lost_ms, part.cause) == (None, "")


def test_a_desk_is_given_the_interpreter_s_seat_and_gives_it_back() -> None:
    line = Line()
    call = line.rung()
    seat = {"call": call, "desk": "booth", "kind": "interpreter", "listens": ("watch",), "speaks": ("watch", "chief")}
    (given,) = line.say("alpha", "seat", **seat)
    assert unpack(CallStep, given.body or b"", BODY_BYTES_MAX) == CallStep(
        step=Step.INTERPRETER_SEATED, desk="booth", listens=("watch",), speaks=("watch", "chief")
    )
    part = line.call(call, "bravo").parts[0]
    assert part.interpreters == {"booth": Arrangement(("watch",), ("watch", "chief"))}
    assert part.desks == ["watch"], "whoever is given a seat takes part when they answer"
    assert line.drafts("alpha", "seat", **seat) == [], "the fact stands already"
    line.say("alpha", "seat", **{**seat, "listens": ()})
    assert part.interpreters == {"booth": Arrangement((), ("watch", "chief"))}
    line.say("alpha", "seat", call=call, desk="booth", kind="position")
    assert part.interpreters == {}
    assert line.drafts("alpha", "seat", call=call, desk="booth", kind="position") == []
    line.say("alpha", "seat", **seat)
    line.step("alpha", call, Step.LEFT)
    assert part.interpreters == {}
    assert not line.alpha.faults


def test_who_takes_the_interpreter_s_seat_interprets_and_takes_part_with_it() -> None:
    line = Line()
    call = line.rung()
    book, seat = line.books["alpha"], STEP_KIND.verbs[1]
    values = msgspec.convert({"call": call, "desk": "booth", "kind": "interpreter"}, seat.arguments)
    asked = Asked(book.me, "booth", line.now)
    with pytest.raises(UsageError) as refused:
        seat.say(book, asked, values)
    assert (refused.value.message_id, refused.value.facts["capability"]) == ("not-allowed", "interpret")
    for may in ("interpret", "all"):
        assert len(seat.say(book, replace(asked, may=frozenset({may})), values)) == 1
    line.put("alpha", list(seat.say(book, replace(asked, may=frozenset({"interpret"})), values)))
    assert line.call(call).parts[0].desks == ["watch", "booth"]
    assert seat.say(book, replace(asked, may=frozenset({"interpret"})), values) == []


@pytest.mark.parametrize("side", [Side.RUNG, Side.OUT])
def test_there_is_no_seat_for_who_takes_no_part(side: Side) -> None:
    line, call = in_side(side)
    for kind in ("interpreter", "position"):
        with pytest.raises(UsageError) as refused:
            line.drafts("bravo", "seat", call=call, desk="booth", kind=kind)
        assert refused.value.message_id == "call-step-not-possible"


def test_it_is_recorded_only_while_everybody_who_takes_part_agrees() -> None:
    line = Line(3)
    call = line.rung()
    line.step("alpha", call, Step.RECORDING_AGREED)
    assert not line.call(call).recorded, "nobody has answered"
    line.step("bravo", call, Step.ANSWERED)
    assert not line.call(call).recorded
    line.step("bravo", call, Step.RECORDING_AGREED)
    assert line.call(call).recorded, "charlie is rung and hears nothing yet"
    line.step("charlie", call, Step.ANSWERED)
    assert not line.call(call).recorded
    line.step("charlie", call, Step.RECORDING_AGREED)
    assert line.call(call).recorded
    line.step("bravo", call, Step.RECORDING_WITHDRAWN)
    assert not line.call(call).recorded


def test_a_call_of_three_goes_on_when_one_leaves() -> None:
    line = Line(3)
    call = line.rung()
    for who in ("bravo", "charlie"):
        line.step(who, call, Step.ANSWERED)
    line.step("bravo", call, Step.LEFT)
    assert line.call(call).up
    assert not line.call(call).ended
    line.step("alpha", call, Step.LEFT)
    assert line.call(call).ended


def test_whoever_rings_takes_part_at_its_desk() -> None:
    line = Line()
    call = line.rung("bravo")
    assert line.sides(call) == ["rung", "in"]
    assert line.call(call).parts[1].desks == ["watch"]


def test_a_second_position_joins_and_the_first_answer_keeps_its_time() -> None:
    line = Line()
    call = line.rung()
    line.step("bravo", call, Step.ANSWERED, "duty-1")
    first = line.now.ms
    line.later()
    for desk in ("duty-2", "duty-1"):
        line.step("bravo", call, Step.ANSWERED, desk)
    assert line.call(call).answered_ms == {1: first}
    assert line.call(call).parts[1].desks == ["duty-1", "duty-2"]


def test_whoever_leaves_says_why_and_agrees_to_nothing_any_more() -> None:
    line = Line(3)
    call = line.rung()
    line.step("bravo", call, Step.ANSWERED)
    line.step("bravo", call, Step.RECORDING_AGREED)
    line.later()
    line.step("bravo", call, Step.LEFT, cause="leg-lost")
    part = line.call(call).parts[1]
    assert (part.recording, part.cause, part.left_ms) == (False, "leg-lost", line.now.ms)


def test_nothing_more_is_said_in_a_call_that_is_over() -> None:
    line = Line()
    call = line.rung()
    line.step("bravo", call, Step.ANSWERED)
    line.step("alpha", call, Step.LEFT)
    assert line.sides(call) == ["out", "in"]
    with pytest.raises(UsageError) as caught:
        line.drafts("bravo", "call", call=call, step="held")
    assert caught.value.message_id == "call-step-not-possible"


def test_nobody_answers() -> None:
    line = Line()
    call = line.rung()
    line.step("bravo", call, Step.DECLINED, "duty-1")
    assert not line.call(call).ended, "another position may still answer"
    line.step("bravo", call, Step.MISSED, cause="call-not-answered")
    assert line.call(call).ended
    assert line.call(call).parts[1].declined == ["duty-1"]


def test_one_call_at_a_time_and_an_exercise_is_another_matter() -> None:
    line = Line()
    call = line.rung()
    with pytest.raises(UsageError) as caught:
        line.drafts("alpha", "ring")
    assert caught.value.message_id == "call-under-way"
    assert caught.value.facts == {"line": "alpha-bravo", "entry": call}
    line.rung(mark=Mark.EXERCISE)
    line.step("alpha", call, Step.LEFT)
    line.rung()


def test_a_suspended_line_takes_a_call() -> None:
    line = Line()
    line.say("bravo", "declare", status="suspended", reason="As agreed.")
    assert line.rung()


def test_a_step_of_what_is_no_call_is_a_fault() -> None:
    line = Line()
    message = line.send()
    ref = line.alpha.ref(*line.alpha.find(message))
    line.put("bravo", [step(ref, Step.ANSWERED, "watch", Mark.OPERATION)])
    assert line.alpha.faults[-1].message_id == "fault-target-wrong"
    with pytest.raises(UsageError) as caught:
        line.drafts("alpha", "call", call=message, step="left")
    assert caught.value.message_id == "call-unknown"


def test_an_exercise_does_not_touch_a_real_call() -> None:
    line = Line()
    call = line.rung()
    ref = line.alpha.ref(*line.alpha.find(call))
    line.put("bravo", [step(ref, Step.ANSWERED, "watch", Mark.EXERCISE)])
    assert line.alpha.faults[-1].message_id == "fault-mark-differs"
    assert not line.call(call).up


def test_what_stands_in_a_body_is_a_number() -> None:
    data = pack(CallStep(step=Step.SOUND_LOST, cause="sound-no-path"))
    draft = Draft(CALL_STEP, data, "watch")
    assert draft.body == b"\xa2\x00\x08\x01\x6dsound-no-path"
    assert msgspec.to_builtins(Step.LEFT) == 10


STEPS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(Step), st.sampled_from(["watch", "duty-2"])), max_size=25)


@given(STEPS, st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_all_books_see_the_same_call_whatever_arrives_first(said: list[tuple[int, Step, str]], random: Random) -> None:
    names = ("alpha", "bravo", "charlie")
    line = Line(3)
    call = line.rung()
    logs: dict[str, list[Entry]] = {name: [] for name in names}
    for member, what, desk in said:
        line.later(1_000)
        logs[names[member]] += line.step(names[member], call, what, desk)
    other = line.new_book("charlie")
    line.fold(other, line.logs[line.origins["alpha"]][:1])
    while any(logs.values()):
        name = random.choice([name for name in names if logs[name]])
        line.fold(other, [logs[name].pop(0)])
    assert other.digest() == line.alpha.digest() == line.bravo.digest()

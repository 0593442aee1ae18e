"""Calls: rung everywhere, answered once, the same call while sound is lost, and nothing said through a closed gate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.machine import NoTransition, draw
from openline.voice.session import CALL, Event, Session, State

EVENTS = st.lists(st.sampled_from(Event), max_size=40)


def _after(*events: Event) -> Session:
    session = Session()
    for event in events:
        session = session.after(event)
    return session


def test_it_rings_at_every_seat_and_the_first_to_answer_has_it() -> None:
    ringing = Session().rung([1, 2, 3])
    assert ringing.rings_at == {1, 2, 3}
    up = ringing.answered(2)
    assert (up.state, up.answered_at, up.rings_at) == (State.UP, 2, frozenset())
    with pytest.raises(NoTransition):
        up.answered(1)
    with pytest.raises(NoTransition):
        ringing.answered(9)


@pytest.mark.parametrize("event", [Event.NOBODY, Event.END])
def test_ringing_stops_everywhere_when_it_is_over(event: Event) -> None:
    over = Session().rung([1, 2]).after(event)
    assert (over.state, over.rings_at, over.answered_at) == (State.ENDED, frozenset(), None)


def test_two_that_ring_each_other_are_connected() -> None:
    assert _after(Event.RING).rung([1, 2]) == Session(State.UP)


@pytest.mark.parametrize("gate_open", [False, True])
def test_lost_sound_is_no_end_and_what_stood_stands_again(gate_open: bool) -> None:
    session = _after(Event.RING, Event.ANSWER, *[Event.OPEN_GATE] * gate_open)
    lost = session.after(Event.MEDIA_LOST)
    assert lost.lost
    assert lost.under_way
    assert lost.speaks is gate_open
    assert lost.after(Event.MEDIA_BACK) == session


def test_a_gate_moved_while_sound_is_lost_stands_so_afterwards() -> None:
    lost = _after(Event.RING, Event.ANSWER, Event.OPEN_GATE, Event.MEDIA_LOST)
    assert lost.after(Event.CLOSE_GATE).after(Event.MEDIA_BACK).state is State.UP
    assert lost.after(Event.HOLD).after(Event.MEDIA_BACK).state is State.HELD


def test_a_hold_closes_the_gate_and_it_stays_closed_after() -> None:
    held = _after(Event.RING, Event.ANSWER, Event.OPEN_GATE, Event.HOLD)
    assert not held.speaks
    assert not held.hears
    with pytest.raises(NoTransition):
        held.after(Event.OPEN_GATE)
    assert held.after(Event.CLOSE_GATE) == held, "the key comes up"
    assert held.after(Event.RESUME).state is State.UP


@given(EVENTS)
def test_nothing_is_said_unless_the_gate_was_opened_last(events: list[Event]) -> None:
    session, opened = Session(), False
    for event in events:
        try:
            session = session.after(event)
        except NoTransition:
            continue
        if event is Event.OPEN_GATE:
            opened = True
        elif event not in {Event.MEDIA_LOST, Event.MEDIA_BACK}:
            opened = False
        assert session.speaks == opened
        assert not session.speaks or session.hears


def test_every_call_can_end_and_an_ended_one_does_nothing_more() -> None:
    assert {state for state, event in CALL if event is Event.END} == set(State) - {State.IDLE, State.ENDED}
    assert not [state for state, _ in CALL if state is State.ENDED]
    assert {state for pair in CALL.items() for state in (pair[0][0], pair[1])} == set(State)


def test_the_table_can_be_drawn() -> None:
    assert "RINGING_IN --> UP: ANSWER" in draw(CALL, State.IDLE)

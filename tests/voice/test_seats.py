"""Who hears whom: nobody himself, nobody through a closed gate, and an interpreter only what the lists say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import UsageError
from openline.base.limits import VOICE_SEATS_MAX
from openline.voice.seats import Kind, Seat, Seats, arranged, forwards, gate, hold, left, members, seated

NUMBERS = st.integers(0, 7)
SEAT = st.builds(
    Seat,
    NUMBERS,
    st.integers(0, 2),
    st.sampled_from(Kind),
    st.booleans(),
    st.booleans(),
    st.frozensets(NUMBERS),
    st.frozensets(NUMBERS),
)
SEATS = st.lists(SEAT, max_size=8).map(lambda seats: {seat.number: seat for seat in seats})


@given(SEATS, NUMBERS)
def test_nobody_hears_himself_nor_anybody_on_hold_nor_through_a_closed_gate(seats: Seats, speaker: int) -> None:
    reached = forwards(seats, speaker)
    assert speaker not in reached
    assert reached <= seats.keys()
    assert not any(seats[listener].held for listener in reached)
    assert forwards(seats, speaker) == frozenset() or (seats[speaker].gate_open and not seats[speaker].held)
    if speaker in seats:
        assert forwards(gate(seats, speaker, False), speaker) == frozenset()
        assert forwards(hold(seats, speaker, True), speaker) == frozenset()
        assert forwards(hold(hold(seats, speaker, True), speaker, False), speaker) == frozenset()


@given(SEATS, NUMBERS)
def test_an_interpreter_hears_and_is_heard_by_those_of_the_lists_alone(seats: Seats, speaker: int) -> None:
    for listener in forwards(seats, speaker):
        if seats[listener].kind is Kind.INTERPRETER:
            assert speaker in seats[listener].listens
        if seats[speaker].kind is Kind.INTERPRETER:
            assert listener in seats[speaker].speaks


@given(SEATS, NUMBERS)
def test_officers_hear_every_open_gate(seats: Seats, speaker: int) -> None:
    seat = seats.get(speaker)
    if seat is None or seat.kind is Kind.INTERPRETER or seat.held or not seat.gate_open:
        return
    officers = {each.number for each in seats.values() if each.kind is not Kind.INTERPRETER and not each.held}
    assert officers - {speaker} <= forwards(seats, speaker)


@given(SEATS, NUMBERS)
def test_a_frame_leaves_the_house_only_where_somebody_hears_it(seats: Seats, speaker: int) -> None:
    assert members(seats, speaker) == {seats[listener].member for listener in forwards(seats, speaker)} - (
        {seats[speaker].member} if speaker in seats else set()
    )


@given(SEATS, NUMBERS)
def test_one_who_leaves_is_in_no_list_so_the_next_with_the_number_inherits_nothing(seats: Seats, gone: int) -> None:
    rest = left(seats, gone)
    assert gone not in rest
    assert not any(gone in seat.listens | seat.speaks for seat in rest.values())


def test_the_interpreter_hears_one_side_and_speaks_to_the_other() -> None:
    alpha, bravo = Seat(1, 0, Kind.POSITION, gate_open=True), Seat(2, 1, Kind.PHONE, gate_open=True)
    linguist = Seat(3, 0, Kind.INTERPRETER, gate_open=True)
    seats = {seat.number: seat for seat in (alpha, bravo, linguist)}
    assert forwards(seats, 3) == frozenset()
    assert forwards(seats, 1) == {2}
    seats = arranged(seats, 3, listens=[2], speaks=[1])
    assert [forwards(seats, speaker) for speaker in (1, 2, 3)] == [{2}, {1, 3}, {1}]
    assert [members(seats, speaker) for speaker in (1, 3)] == [{1}, frozenset()]


def test_two_interpreters_hear_each_other_only_when_both_lists_say_so() -> None:
    one = Seat(1, 0, Kind.INTERPRETER, gate_open=True, speaks=frozenset({2}))
    other = Seat(2, 1, Kind.INTERPRETER)
    assert forwards({1: one, 2: other}, 1) == frozenset()
    assert forwards({1: one, 2: replace(other, listens=frozenset({1}))}, 1) == {2}


def test_a_call_has_so_many_seats_and_no_more() -> None:
    seats: Seats = {}
    for number in range(VOICE_SEATS_MAX):
        seats = seated(seats, Seat(number, 0, Kind.POSITION))
    seated(seats, Seat(0, 0, Kind.PHONE))
    with pytest.raises(UsageError, match="voice-too-many-seats"):
        seated(seats, Seat(99, 0, Kind.POSITION))

"""Who hears whom in a call: positions, phones, and the interpreter's seat with what it listens and speaks to.

Nobody hears himself. A closed gate reaches nobody, and neither does a seat on hold; a seat on hold hears nothing.
Between officers everybody hears everybody. Between an interpreter and anybody the interpreter's two lists decide,
and between two interpreters both of theirs. A frame is forwarded as it is, to each listener: nothing is mixed here.

Pure values. The node of the speaker asks `forwards` before a frame leaves it, so no other node has to be trusted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from openline.base.errors import UsageError
from openline.base.limits import VOICE_SEATS_MAX


class Kind(Enum):
    """What a seat is."""

    POSITION = "position"
    PHONE = "phone"
    INTERPRETER = "interpreter"


@dataclass(frozen=True, slots=True)
class Seat:
    """One officer's place in the call. `number` is that of the leg, `member` the party's place on the line.

    `listens` and `speaks` are the seats an interpreter hears and is heard by; they mean nothing at other seats.
    """

    number: int
    member: int
    kind: Kind
    gate_open: bool = False
    held: bool = False
    listens: frozenset[int] = frozenset()
    speaks: frozenset[int] = frozenset()


Seats = dict[int, Seat]
"""The seats of a call by their numbers. Never changed: every step makes a new one."""


def seated(seats: Seats, seat: Seat) -> Seats:
    """The seats with this one added, or in place of the one with its number. Raises UsageError when all are taken."""
    if seat.number not in seats and len(seats) >= VOICE_SEATS_MAX:
        raise UsageError("voice-too-many-seats", limit=VOICE_SEATS_MAX)
    return {**seats, seat.number: seat}


def left(seats: Seats, number: int) -> Seats:
    """The seats without this one, which no interpreter listens or speaks to any more."""
    gone = frozenset({number})
    return {
        each.number: replace(each, listens=each.listens - gone, speaks=each.speaks - gone)
        for each in seats.values()
        if each.number != number
    }


def gate(seats: Seats, number: int, is_open: bool) -> Seats:
    """The seats after one's gate was opened or closed."""
    return {**seats, number: replace(seats[number], gate_open=is_open)}


def hold(seats: Seats, number: int, held: bool) -> Seats:
    """The seats after one was put on hold, which closes its gate, or taken off."""
    seat = seats[number]
    return {**seats, number: replace(seat, held=held, gate_open=seat.gate_open and not held)}


def arranged(seats: Seats, interpreter: int, listens: Iterable[int], speaks: Iterable[int]) -> Seats:
    """The seats after it was said anew what the interpreter hears and who hears the interpreter."""
    seat = seats[interpreter]
    assert seat.kind is Kind.INTERPRETER
    return {**seats, interpreter: replace(seat, listens=frozenset(listens), speaks=frozenset(speaks))}


def forwards(seats: Seats, speaker: int) -> frozenset[int]:
    """The seats that hear what `speaker` says now."""
    speaking = seats.get(speaker)
    if speaking is None or speaking.held or not speaking.gate_open:
        return frozenset()
    return frozenset(each.number for each in seats.values() if _hears(each, speaking))


def members(seats: Seats, speaker: int) -> frozenset[int]:
    """The other parties to whose nodes the speaker's frames go: those with a seat that hears them."""
    own = seats[speaker].member if speaker in seats else None
    return frozenset(seats[listener].member for listener in forwards(seats, speaker)) - {own}


def _hears(listener: Seat, speaker: Seat) -> bool:
    if listener.number == speaker.number or listener.held:
        return False
    if speaker.kind is Kind.INTERPRETER and listener.number not in speaker.speaks:
        return False
    return listener.kind is not Kind.INTERPRETER or speaker.number in listener.listens

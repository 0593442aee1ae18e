"""What a node says in calls by itself: nobody answered, sound lost and back, gates left open, calls left alone.

Pure and idempotent: the drafts follow from the book and from what the node knows of each call now, and once they are
in the book nothing is left to say.

Two parties that ring each other at once are joined. Of two unanswered calls of one mark the one whose author sorts
first stands; whoever rang the other leaves that one and answers this one, at the positions that rang. An author's own
ring stands in its log before any answer, so this is settled by one node alone and needs no vote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from openline.base.limits import CALL_ALONE_US
from openline.line.book import Book
from openline.line.duty import DESK
from openline.record.entry import Draft
from openline.voice.call import Call, Calls, Part, Side, Step, step

LINE_CHECK = "line-check"
"""The role that a line check by voice rings, and the desk of the node that answers it."""


@dataclass(frozen=True, slots=True)
class Here:
    """What a node knows of a call beside the record.

    `rings_us` is how long it has rung here, `alone_us` how long none of our positions in it has had a leg; `declined`
    says that every position that listens has declined. `lost` is why no sound has passed for so long that it is to
    be said, empty else; `sound` says that some passes now. `open_at` are the desks whose gates are open.
    """

    rings_us: int = 0
    alone_us: int = 0
    declined: bool = False
    lost: str = ""
    sound: bool = True
    open_at: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rules:
    """How long a call rings here, and whether the node answers line checks by voice."""

    ring_us: int
    answering: bool


def call_duties(book: Book, known: Mapping[tuple[int, int], Here], rules: Rules) -> list[Draft]:
    """What our node has to say in the open calls of `known`, by the place of the call."""
    calls = sorted(book.state(Calls).open.items())
    return list(chain.from_iterable(_of(book, call, known[place], rules) for place, call in calls if place in known))


def answers_itself(part: Part, rules: Rules) -> bool:
    """Whether it is the node alone that takes part for its party."""
    return rules.answering and part.desks == [LINE_CHECK]


def own_ring(book: Book, call: Call) -> Call | None:
    """Our own unanswered call of the same mark, when another rings us at the same time: the two are to be joined."""
    me = book.number(book.me)
    if call.member == me or not call.parts[call.member].takes_part:
        return None
    own = (one for one in _same_mark(book, call) if one.member == me)
    return next((one for one in own if one.parts[me].takes_part and not one.up), None)


def _of(book: Book, call: Call, here: Here, rules: Rules) -> Iterator[Draft]:
    part = call.parts[book.number(book.me)]
    if part.side is Side.RUNG:
        return _rung(book, call, here, rules)
    return _taking_part(book, call, here, rules) if part.takes_part else iter(())


def _rung(book: Book, call: Call, here: Here, rules: Rules) -> Iterator[Draft]:
    own = own_ring(book, call)
    if own is not None and call.member < own.member and not _gives_way_elsewhere(book, call):
        yield _step(book, own, Step.LEFT, DESK, "call-glare")
        for desk in own.parts[own.member].desks:
            yield _step(book, call, Step.ANSWERED, desk, "call-glare")
    elif not any(part.takes_part for part in call.parts):
        yield _step(book, call, Step.MISSED, DESK, "call-ringer-left")
    elif rules.answering and LINE_CHECK in call.action:
        yield _step(book, call, Step.ANSWERED, LINE_CHECK)
    elif here.declined:
        yield _step(book, call, Step.MISSED, DESK, "call-declined")
    elif here.rings_us >= rules.ring_us:
        yield _step(book, call, Step.MISSED, DESK, "call-missed")


def _gives_way_elsewhere(book: Book, call: Call) -> bool:
    """Whether our own call gives way to one whose author sorts before that of `call`."""
    me = book.number(book.me)
    before = (one for one in _same_mark(book, call) if one.member < call.member and one.parts[me].side is Side.RUNG)
    return any(own_ring(book, one) is not None for one in before)


def _same_mark(book: Book, call: Call) -> Iterator[Call]:
    return (one for one in book.state(Calls).open.values() if one.mark is call.mark)


def _taking_part(book: Book, call: Call, here: Here, rules: Rules) -> Iterator[Draft]:
    part, itself = call.parts[book.number(book.me)], answers_itself(call.parts[book.number(book.me)], rules)
    for desk in sorted(part.speaking - here.open_at):
        yield _step(book, call, Step.GATE_CLOSED, desk, "call-node-restarted")
    if itself and not call.parts[call.member].takes_part:
        yield _step(book, call, Step.LEFT, LINE_CHECK, "call-ringer-left")
    elif not itself and here.alone_us >= CALL_ALONE_US:
        yield _step(book, call, Step.LEFT, DESK, "call-nobody-left")
    elif call.up and here.lost and part.lost_ms is None:
        yield _step(book, call, Step.SOUND_LOST, DESK, here.lost)
    elif here.sound and part.lost_ms is not None:
        yield _step(book, call, Step.SOUND_BACK, DESK)


def _step(book: Book, call: Call, what: Step, desk: str, cause: str = "") -> Draft:
    return step(book.ref(book.members[call.member], call.index), what, desk, call.mark, cause)

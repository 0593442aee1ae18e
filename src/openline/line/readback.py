"""Kind 37, read-back: the other side says a message back in its own words, and its author confirms or says it anew.

Each entry names the step before it: a read-back the message or its reissue, a confirmation or a reissue the read-back.
So each chain has one order, whatever order the logs arrive in. Only CONFIRMED says that both sides hold the same
words; it says nothing of consent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, IntEnum
from typing import Literal

import msgspec

from openline.base import codec
from openline.base.errors import UsageError
from openline.base.machine import NoTransition, advance
from openline.base.schema import Body, pack
from openline.line.asking import item_for
from openline.line.book import Book
from openline.line.contact import Place, same_mark
from openline.line.item import Item
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.words import BLANK, LANGUAGE, Language, Words, language_of, text_of
from openline.record.entry import Draft, Mark

READ_BACK = 37


class ReadBackStep(IntEnum):
    """What a party says; the numbers stand in bodies."""

    READ_BACK = 1
    CONFIRM = 2
    REISSUE = 3


class ReadBackState(Enum):
    """How a message stands with one party."""

    ISSUED = "issued"
    READ_BACK = "read-back"
    CONFIRMED = "confirmed"
    REISSUED = "reissued"


READING_BACK: Mapping[tuple[ReadBackState, ReadBackStep], ReadBackState] = {
    (ReadBackState.ISSUED, ReadBackStep.READ_BACK): ReadBackState.READ_BACK,
    (ReadBackState.READ_BACK, ReadBackStep.CONFIRM): ReadBackState.CONFIRMED,
    (ReadBackState.READ_BACK, ReadBackStep.REISSUE): ReadBackState.REISSUED,
    (ReadBackState.REISSUED, ReadBackStep.READ_BACK): ReadBackState.READ_BACK,
}
"""What may follow what. What was not read back cannot be confirmed, and CONFIRMED is the end."""


class ReadBack(Body, frozen=True):
    """The body; ref 0 is the step before. READ_BACK and REISSUE have a text, CONFIRM has none."""

    step: ReadBackStep
    text: Words = ""
    language: Language = LANGUAGE


class Rung(msgspec.Struct, frozen=True):
    """One step: in which entry of whom, of which chain (the message and the party that reads back), and the state."""

    member: int
    index: int
    time_ms: int
    issued: Place
    reader: int
    step: ReadBackStep
    state: ReadBackState


class ReadBacks:
    """Every step, and the newest of each chain. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.by_place: dict[Place, Rung] = {}
        self.tips: dict[tuple[Place, int], Rung] = {}
        self.followed: set[tuple[Place, int]] = set()
        self.of_message: dict[Place, list[Rung]] = {}

    def snapshot(self) -> codec.Value:
        """Every step, in order."""
        return [
            [*place, row.time_ms, *row.issued, row.reader, int(row.step), row.state.value]
            for place, row in sorted(self.by_place.items())
        ]


class SayBack(Arguments, frozen=True, kw_only=True):
    """Arguments of `read-back`: which message of the other side, and how we understood it."""

    entry: str
    text: str
    language: str = LANGUAGE


class Judge(Arguments, frozen=True, kw_only=True):
    """Arguments of `confirm`: which message of ours, read back by which party where there are several."""

    entry: str
    party: str | None = None


class SayAnew(Judge, frozen=True, kw_only=True):
    """Arguments of `reissue`: the same, and the message said anew."""

    text: str
    language: str = LANGUAGE


WordName = Literal["read-back", "confirm", "reissue"]


def state_of(book: Book, issued: Place, reader: int) -> ReadBackState:
    """How a message stands with the party that reads it back."""
    tip = book.state(ReadBacks).tips.get((issued, reader))
    return ReadBackState.ISSUED if tip is None else tip.state


def steps_back(book: Book, issued: Place) -> list[Rung]:
    """Every step of a message, each party's chain in its order."""
    rows = book.state(ReadBacks)
    chains: list[Rung] = []
    for reader in range(len(book.members)):
        chains += [row for row in rows.of_message.get(issued, ()) if row.reader == reader]
    return chains


def _apply(book: Book, said: Said, body: ReadBack) -> Sequence[Change]:
    rows = book.state(ReadBacks)
    ref = said.leaf.refs[0]
    named = (book.number(ref.origin), ref.index)
    before = rows.by_place.get(named)
    item = _issued(book, said, before)
    if not isinstance(item, Item):
        return item
    reader = said.member if before is None else before.reader
    if (said.member == item.member) is (body.step is ReadBackStep.READ_BACK) or (
        body.step is ReadBackStep.READ_BACK and said.member != reader
    ):
        return [book.fault(said, "fault-read-back-side", step=body.step.name)]
    state = ReadBackState.ISSUED if before is None else before.state
    try:
        new = advance(READING_BACK, state, body.step)
    except NoTransition:
        return [book.fault(said, "fault-read-back-not-possible", step=body.step.name, state=state.name)]
    if (named, said.member) in rows.followed:
        return [book.fault(said, "fault-read-back-again", step=body.step.name)]
    rows.followed.add((named, said.member))
    issued = (item.member, item.index)
    rung = Rung(said.member, said.entry.index, said.leaf.time_ms, issued, reader, body.step, new)
    rows.by_place[said.member, said.entry.index] = rung
    rows.tips[issued, reader] = rung
    rows.of_message.setdefault(issued, []).append(rung)
    item.owe(reader, is_owed=item.reads_back and new is ReadBackState.REISSUED)
    book.review(item)
    return [book.changed(item, new.value)]


def _issued(book: Book, said: Said, before: Rung | None) -> Item | Sequence[Change]:
    """The message a step belongs to, else what is wrong."""
    if before is None:
        return book.subject(said, Takes.READ_BACK, own=None)
    item = book.item_at(*before.issued)
    assert item is not None, "a chain begins with an item"
    if item.mark is not said.leaf.mark:
        return [book.fault(said, "fault-mark-differs", mark=said.leaf.mark.name, expected=item.mark.name)]
    return item


def _read_back(book: Book, asked: Asked, values: SayBack) -> Sequence[Draft]:
    item = item_for(book, asked, values.entry, Takes.READ_BACK)
    if book.members[item.member] == asked.me:
        raise UsageError("read-back-own", entry=values.entry)
    body = ReadBack(step=ReadBackStep.READ_BACK, text=text_of(values.text), language=language_of(values.language))
    return [_draft(book, asked, item, book.number(asked.me), body)]


def _confirm(book: Book, asked: Asked, values: Judge) -> Sequence[Draft]:
    item, reader = _judged(book, asked, values)
    return [_draft(book, asked, item, reader, ReadBack(step=ReadBackStep.CONFIRM))]


def _reissue(book: Book, asked: Asked, values: SayAnew) -> Sequence[Draft]:
    item, reader = _judged(book, asked, values)
    body = ReadBack(step=ReadBackStep.REISSUE, text=text_of(values.text), language=language_of(values.language))
    return [_draft(book, asked, item, reader, body)]


def _judged(book: Book, asked: Asked, values: Judge) -> tuple[Item, int]:
    """The message, and who has read it back: the party named, else the only one that waits for a judgement."""
    item = item_for(book, asked, values.entry, Takes.READ_BACK)
    if book.members[item.member] != asked.me:
        raise UsageError("read-back-others", entry=values.entry)
    readers = [number for number in range(len(book.members)) if number != item.member]
    if values.party is not None:
        named = [number for number in readers if book.labels[book.members[number]] == values.party]
        if not named:
            raise UsageError("entry-party-unknown", entry=values.party, line=book.line)
        return item, named[0]
    place = (item.member, item.index)
    waiting = [number for number in readers if state_of(book, place, number) is ReadBackState.READ_BACK]
    if len(waiting) > 1:
        raise UsageError("read-back-by-several", entry=values.entry)
    return item, (waiting or readers)[0]


def _draft(book: Book, asked: Asked, item: Item, reader: int, body: ReadBack) -> Draft:
    place = (item.member, item.index)
    tip = book.state(ReadBacks).tips.get((place, reader))
    state = state_of(book, place, reader)
    if (state, body.step) not in READING_BACK:
        entry = book.label(book.members[item.member], item.index)
        raise UsageError("read-back-not-possible", entry=entry, step=body.step.name, state=state.value)
    mark: Mark = same_mark(book, asked, place, item.mark)
    member, index = place if tip is None else (tip.member, tip.index)
    ref = book.ref(book.members[member], index)
    return Draft(READ_BACK, pack(body), asked.desk, (ref,), precedence=item.precedence, mark=mark)


KIND = kind(
    READ_BACK,
    "read-back",
    ReadBack,
    _apply,
    (
        verb("read-back", "accept", "Say a message back as it was understood", SayBack, _read_back),
        verb("confirm", "send", "Confirm that a message of ours was read back right", Judge, _confirm),
        verb("reissue", "send", "Say a message of ours anew: it was read back wrong", SayAnew, _reissue),
    ),
    Traits(fresh=ReadBacks, takes=frozenset({Takes.RECEIPT, Takes.TRANSLATION}), refs_needed=1, erases={"text": BLANK}),
)

"""Kind 39, check: officers prove the line by hand, at fixed times and unannounced (R3, R8, R85-R87).

A call-up is an item with a clock: the other side's watch answers it by accepting it, so who answered and how fast is
its receipt. What a party says of a date without a call-up stands by itself: missed, or skipped. A date is skipped only
when every party has said so. Drills bear the mark EXERCISE and are counted apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, IntEnum
from typing import Literal

import msgspec

from openline.base import codec
from openline.base.errors import UsageError
from openline.base.machine import NoTransition, advance
from openline.base.schema import Body, pack
from openline.base.time import Instant
from openline.line.book import Book
from openline.line.item import Fact, Item, Stage
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.memberstate import counted
from openline.line.words import By, Milliseconds, Reason, by_of, reason_of, time_of
from openline.record.entry import Draft, Mark, Precedence, Ref

CHECK = 39
CALL = "call"
"""The kind of entry that a check by voice names."""

Place = tuple[int, int]


class Form(IntEnum):
    """How a check is made; the numbers stand in bodies. PRESENCE is of our own officer, and only missed."""

    TEXT = 1
    VOICE = 2
    PING = 3
    PRESENCE = 4


class Step(IntEnum):
    """What an entry says; the numbers stand in bodies."""

    CALL_UP = 1
    MISS = 2
    SKIP = 3
    KEEP = 4


class Word(Enum):
    """What one party has said last of a date."""

    NOTHING = "nothing"
    MISSED = "missed"
    SKIPPED = "skipped"
    SKIPPED_LATE = "skipped after it was missed"


WORDS: Mapping[tuple[Word, Step], Word] = {
    (Word.NOTHING, Step.MISS): Word.MISSED,
    (Word.NOTHING, Step.SKIP): Word.SKIPPED,
    (Word.MISSED, Step.SKIP): Word.SKIPPED_LATE,
    (Word.SKIPPED, Step.KEEP): Word.NOTHING,
    (Word.SKIPPED_LATE, Step.KEEP): Word.MISSED,
}
"""What a party may say of a date, in the order of its log. KEEP takes its SKIP back; no SKIP takes a MISS back."""

FormName = Literal["text", "voice", "ping"]
Date = tuple[Mark, Form, int]


class Check(Body, frozen=True):
    """The body. `due_ms` is the date it is for, in milliseconds; only a call-up may have none.

    A call-up by voice names the call as ref 0. `by` is left out when it is the desk; of PRESENCE, it is who was asked.
    """

    form: Form
    step: Step
    by: By = ""
    due_ms: Milliseconds | None = None
    reason: Reason = ""


class CallUp(msgspec.Struct, frozen=True):
    """A call-up on record."""

    member: int
    index: int
    mark: Mark
    form: Form
    time_ms: int
    due_ms: int | None
    by: str

    @property
    def place(self) -> Place:
        """Member and index of its entry."""
        return self.member, self.index


class Absence(msgspec.Struct, frozen=True):
    """An officer who was not there when asked: at which desk, and when the check was due."""

    member: int
    index: int
    mark: Mark
    desk: str
    due_ms: int


class Checks:
    """Every call-up, and what each party says of each date. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.call_ups: dict[Place, CallUp] = {}
        self.by_date: dict[Date, list[CallUp]] = {}
        self.words: dict[Date, dict[int, Word]] = {}
        self.absences: list[Absence] = []

    def snapshot(self) -> codec.Value:
        """Everything in order."""
        return [
            [
                [*row.place, int(row.mark), int(row.form), row.time_ms, row.due_ms, row.by]
                for _, row in sorted(self.call_ups.items())
            ],
            [
                [int(mark), int(form), due_ms, [[member, row[member].value] for member in sorted(row)]]
                for (mark, form, due_ms), row in sorted(self.words.items())
            ],
            sorted([row.member, row.index, int(row.mark), row.desk, row.due_ms] for row in self.absences),
        ]


class CallUpNow(Arguments, frozen=True, kw_only=True):
    """Arguments of `check`. `due` is the date it is for (RFC 3339); `call` the call of a check by voice."""

    form: FormName = "text"
    due: str | None = None
    call: str | None = None
    by: str = ""


class SayOfDate(Arguments, frozen=True, kw_only=True):
    """Arguments of `check-date`: what we say of the check of a date."""

    form: FormName
    due: str
    word: Literal["missed", "skip", "keep"]
    reason: str = ""
    by: str = ""


def answer(book: Book, row: CallUp, member: int) -> Fact | None:
    """How `member` has answered a call-up: its ACCEPTED, by whom and when."""
    item = book.item_at(*row.place)
    facts = item.facts if item is not None else ()
    found = [fact for fact in facts if fact.member == member and fact.stage is Stage.ACCEPTED]
    return min(found, key=lambda fact: fact.index, default=None)


def answered(book: Book, row: CallUp) -> bool:
    """Whether every other party has answered it that had not left by then."""
    return all(answer(book, row, member) for member in counted(book, row.time_ms) if member != row.member)


def took_ms(row: CallUp, fact: Fact) -> int:
    """How long an answer took, by the two parties' own clocks; never less than nothing."""
    return max(fact.time_ms - row.time_ms, 0)


def word_of(book: Book, date: Date, member: int) -> Word:
    """What a party has said last of a date."""
    return book.state(Checks).words.get(date, {}).get(member, Word.NOTHING)


def dates(book: Book, mark: Mark, since_ms: int, until_ms: int) -> Iterator[Date]:
    """Every date of a period of which something is on record, in order."""
    checks = book.state(Checks)
    found = {*checks.by_date, *checks.words}
    chosen = [date for date in found if date[0] is mark and since_ms <= date[2] < until_ms]
    yield from sorted(chosen, key=lambda date: (date[2], date[1]))


def kept(book: Book, date: Date) -> bool:
    """Whether a call-up of this date was answered by every other party."""
    return any(answered(book, row) for row in book.state(Checks).by_date.get(date, ()))


def skipped(book: Book, date: Date) -> bool:
    """Whether every party has said that it is skipped: agreement, never the word of one."""
    words = [word_of(book, date, member) for member in counted(book, date[2])]
    return all(word in (Word.SKIPPED, Word.SKIPPED_LATE) for word in words)


def missed(book: Book, date: Date) -> bool:
    """Whether some party says that it was missed, and it was neither kept nor skipped by agreement."""
    words = book.state(Checks).words.get(date, {}).values()
    said = any(word in (Word.MISSED, Word.SKIPPED_LATE) for word in words)
    return said and not kept(book, date) and not skipped(book, date)


def draft_of_miss(form: Form, due_ms: int, desk: str, mark: Mark, by: str = "") -> Draft:
    """The entry that says a check was missed."""
    return Draft(CHECK, pack(Check(form=form, step=Step.MISS, by=by, due_ms=due_ms)), desk, mark=mark)


def _apply(book: Book, said: Said, body: Check) -> Sequence[Change]:
    item = book.item(said.entry.origin, said.entry.index)
    assert item is not None
    if body.step is Step.CALL_UP:
        return _call_up(book, said, body, item)
    if body.due_ms is None:
        return [book.fault(said, "fault-check-date")]
    if body.form is Form.PRESENCE:
        return _absent(book, said, body, body.due_ms)
    date = (said.leaf.mark, body.form, body.due_ms)
    before = word_of(book, date, said.member)
    try:
        word = advance(WORDS, before, body.step)
    except NoTransition:
        return [book.fault(said, "fault-check-not-possible", step=body.step.name, state=before.name)]
    book.state(Checks).words.setdefault(date, {})[said.member] = word
    return [book.changed(item, body.step.name.lower())]


def _call_up(book: Book, said: Said, body: Check, item: Item) -> Sequence[Change]:
    leaf = said.leaf
    if body.form is Form.PRESENCE or (body.form is Form.VOICE and not leaf.refs):
        return [book.fault(said, "fault-check-call")]
    item.clock()
    by = book.word(body.by or leaf.desk)
    row = CallUp(said.member, said.entry.index, leaf.mark, body.form, leaf.time_ms, body.due_ms, by)
    checks = book.state(Checks)
    checks.call_ups[row.place] = row
    if body.due_ms is not None:
        checks.by_date.setdefault((leaf.mark, body.form, body.due_ms), []).append(row)
    return [book.changed(item, "called")]


def _absent(book: Book, said: Said, body: Check, due_ms: int) -> Sequence[Change]:
    if body.step is not Step.MISS:
        return [book.fault(said, "fault-check-not-possible", step=body.step.name, state=Word.NOTHING.name)]
    desk = book.word(body.by or said.leaf.desk)
    row = Absence(said.member, said.entry.index, said.leaf.mark, desk, due_ms)
    book.state(Checks).absences.append(row)
    return [Change("check", said.entry.origin, said.entry.index, "absent")]


def _check(book: Book, asked: Asked, values: CallUpNow) -> Sequence[Draft]:
    form = Form[values.form.upper()]
    if (form is Form.VOICE) is not (values.call is not None):
        raise UsageError("check-call-missing")
    refs: tuple[Ref, ...] = ()
    if values.call is not None:
        origin, index = book.find(values.call)
        name = book.registry.name(book.kind_at(origin, index))
        if name != CALL:
            raise UsageError("check-not-a-call", entry=values.call, kind=name)
        refs = (book.ref(origin, index),)
    due_ms = None if values.due is None else time_of(values.due).ms
    body = Check(form=form, step=Step.CALL_UP, by=by_of(values.by, asked.desk), due_ms=due_ms)
    return [Draft(CHECK, pack(body), asked.desk, refs, precedence=Precedence.IMMEDIATE, mark=asked.mark)]


def _say_of_date(book: Book, asked: Asked, values: SayOfDate) -> Sequence[Draft]:
    form, due = Form[values.form.upper()], time_of(values.due)
    step = {"missed": Step.MISS, "skip": Step.SKIP, "keep": Step.KEEP}[values.word]
    before = word_of(book, (asked.mark, form, due.ms), book.number(asked.me))
    if (before, step) not in WORDS:
        raise UsageError("check-not-possible", due=Instant(due).dtg(), word=values.word, state=before.value)
    body = Check(form=form, step=step, by=by_of(values.by, asked.desk), due_ms=due.ms, reason=reason_of(values.reason))
    return [Draft(CHECK, pack(body), asked.desk, mark=asked.mark)]


KIND = kind(
    CHECK,
    "check",
    Check,
    _apply,
    (
        verb("check", "accept", "Call the other watch up for a line check", CallUpNow, _check),
        verb("check-date", "accept", "Say that a check was missed or is to be skipped", SayOfDate, _say_of_date),
    ),
    Traits(fresh=Checks, takes=frozenset({Takes.RECEIPT})),
)

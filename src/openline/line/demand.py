"""Kinds 26 and 27, demand and demand-answer: what one side demands, how often, and what the other side answers (R45).

A repetition is a demand that names an earlier one of the same author; the count is computed. The other side alone
answers. What nobody has answered stands as OPEN, which is neither consent nor refusal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, IntEnum
from typing import Literal

from openline.base import codec
from openline.base.errors import UsageError
from openline.base.schema import Body, pack
from openline.line.answering import answered, check_possible, settle, target_of
from openline.line.book import Book
from openline.line.contact import Place, meeting_of, same_mark, stands
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.repeating import Repeated, earlier_of, repetitions
from openline.line.status import refuse_suspended
from openline.line.words import (
    LANGUAGE,
    Code,
    Language,
    PrecedenceName,
    Words,
    code_of,
    deadline_of,
    language_of,
    precedence_of,
    urgent_text_of,
    verbatim_of,
)
from openline.record.entry import Draft, Mark, Ref

DEMAND = 26
DEMAND_ANSWER = 27

ReplyName = Literal["meet", "meet-in-part", "refuse", "note"]


class Reply(IntEnum):
    """What the other side answers to a demand; the numbers stand in bodies."""

    MEET = 1
    MEET_IN_PART = 2
    REFUSE = 3
    NOTE = 4


class DemandState(Enum):
    """How a demand stands with one party."""

    OPEN = "open"
    NOTED = "noted"
    MET_IN_PART = "met-in-part"
    MET = "met"
    REFUSED = "refused"


REPLIED: Mapping[tuple[DemandState, Reply], DemandState] = {
    (DemandState.OPEN, Reply.NOTE): DemandState.NOTED,
    (DemandState.OPEN, Reply.MEET_IN_PART): DemandState.MET_IN_PART,
    (DemandState.OPEN, Reply.MEET): DemandState.MET,
    (DemandState.OPEN, Reply.REFUSE): DemandState.REFUSED,
    (DemandState.NOTED, Reply.MEET_IN_PART): DemandState.MET_IN_PART,
    (DemandState.NOTED, Reply.MEET): DemandState.MET,
    (DemandState.NOTED, Reply.REFUSE): DemandState.REFUSED,
    (DemandState.MET_IN_PART, Reply.MEET): DemandState.MET,
    (DemandState.MET_IN_PART, Reply.REFUSE): DemandState.REFUSED,
    (DemandState.REFUSED, Reply.MEET_IN_PART): DemandState.MET_IN_PART,
    (DemandState.REFUSED, Reply.MEET): DemandState.MET,
    (DemandState.MET, Reply.REFUSE): DemandState.REFUSED,
}
"""What a party may answer when. To have noted a demand says nothing of it, and nothing goes back to that."""


class Demand(Body, frozen=True):
    """The body. A ref to a contact says where it was made; a ref to an earlier demand of ours, that this repeats it."""

    code: Code
    words: Words = ""
    language: Language = LANGUAGE


class DemandAnswer(Body, frozen=True):
    """The body; ref 0 is the demand."""

    answer: Reply
    words: Words = ""
    language: Language = LANGUAGE


class Demanded:
    """One demand and how each member stands to it. Mutable; owned by `Demands`."""

    __slots__ = ("answers", "code", "index", "mark", "member", "refs", "time_ms")

    def __init__(self, said: Said, code: str, refs: tuple[Place, ...]) -> None:
        self.member = said.member
        self.index = said.entry.index
        self.time_ms = said.leaf.time_ms
        self.mark = said.leaf.mark
        self.code = code
        self.refs = refs
        self.answers: dict[int, list[tuple[int, DemandState]]] = {}

    @property
    def place(self) -> Place:
        """Member and index of the entry."""
        return self.member, self.index

    def state(self, member: int) -> DemandState:
        """What `member` has answered last, OPEN while nothing."""
        rows = self.answers.get(member)
        return rows[-1][1] if rows else DemandState.OPEN


class Demands:
    """Every demand. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.by_place: dict[Place, Demanded] = {}

    def snapshot(self) -> codec.Value:
        """Every demand with its answers, in order."""
        return [
            [
                *place,
                row.time_ms,
                int(row.mark),
                row.code,
                [list(ref) for ref in row.refs],
                [
                    [member, index, state.value]
                    for member in sorted(row.answers)
                    for index, state in row.answers[member]
                ],
            ]
            for place, row in sorted(self.by_place.items())
        ]


class Insist(Arguments, frozen=True, kw_only=True):
    """Arguments of `demand`: its code, the words, the contact it was made in, the earlier demand it repeats."""

    code: str
    words: str = ""
    language: str = LANGUAGE
    contact: str | None = None
    repeats: str | None = None
    precedence: PrecedenceName = "routine"
    reply_by: str | None = None


class AnswerDemand(Arguments, frozen=True, kw_only=True):
    """Arguments of `answer-demand`."""

    entry: str
    answer: ReplyName
    words: str = ""
    language: str = LANGUAGE


def repetition(book: Book, row: Demanded) -> int:
    """The how manieth time this demand is made: 1 for the first."""
    return repetitions(book, book.state(Demands).by_place)[row.place]


def demand_of(book: Book, text: str) -> Demanded:
    """The demand that an entry id names. Raises UsageError when that entry is none."""
    origin, index = book.find(text)
    found = book.state(Demands).by_place.get((book.number(origin), index))
    if found is None:
        raise UsageError("demand-unknown", entry=book.label(origin, index), line=book.line)
    return found


def _apply(book: Book, said: Said, body: Demand) -> Sequence[Change]:
    item = book.item(said.entry.origin, said.entry.index)
    assert item is not None
    item.clock()
    row = Demanded(said, book.word(body.code), earlier_of(book, said))
    book.state(Demands).by_place[row.place] = row
    return [book.changed(item, "new")]


def _apply_answer(book: Book, said: Said, body: DemandAnswer) -> Sequence[Change]:
    row = target_of(book, said, book.state(Demands).by_place)
    if isinstance(row, Change):
        return [row]
    state = answered(book, said, REPLIED, row.state(said.member), body.answer)
    if isinstance(state, Change):
        return [state]
    row.answers.setdefault(said.member, []).append((said.entry.index, state))
    return [settle(book, said, state.value)]


def _demand(book: Book, asked: Asked, values: Insist) -> Sequence[Draft]:
    precedence = precedence_of(values.precedence)
    refs: list[Ref] = []
    mark = asked.mark
    if values.contact is not None:
        first = meeting_of(book, values.contact).first
        mark = same_mark(book, asked, first.place, first.mark)
        refs.append(book.ref(*book.find(values.contact)))
    if values.repeats is not None:
        earlier: Repeated = demand_of(book, values.repeats)
        if book.members[earlier.member] != asked.me:
            raise UsageError("repeats-others", entry=values.repeats)
        mark = same_mark(book, asked, earlier.place, earlier.mark)
        refs.append(book.ref(*book.find(values.repeats)))
    refuse_suspended(book, mark, precedence)
    if values.words:
        urgent_text_of(values.words, precedence)
    body = Demand(
        code=code_of(values.code, "code"),
        words=verbatim_of(values.words),
        language=language_of(values.language),
    )
    deadline = deadline_of(values.reply_by, asked.now)
    return [Draft(DEMAND, pack(body), asked.desk, tuple(refs), precedence=precedence, deadline=deadline, mark=mark)]


def _answer(book: Book, asked: Asked, values: AnswerDemand) -> Sequence[Draft]:
    row = demand_of(book, values.entry)
    if book.members[row.member] == asked.me:
        raise UsageError("demand-own", entry=values.entry)
    if not stands(book, row.place):
        raise UsageError("demand-withdrawn", entry=values.entry)
    answer = Reply[values.answer.upper().replace("-", "_")]
    check_possible(REPLIED, row.state(book.number(asked.me)), answer, values.entry)
    body = DemandAnswer(answer=answer, words=verbatim_of(values.words), language=language_of(values.language))
    mark: Mark = same_mark(book, asked, row.place, row.mark)
    ref = book.ref(book.members[row.member], row.index)
    return [Draft(DEMAND_ANSWER, pack(body), asked.desk, (ref,), mark=mark)]


DEMAND_KIND = kind(
    DEMAND,
    "demand",
    Demand,
    _apply,
    (verb("demand", "send", "Make a demand, or repeat one", Insist, _demand),),
    Traits(
        fresh=Demands,
        takes=frozenset({Takes.RECEIPT, Takes.TRANSLATION, Takes.CANCELLATION, Takes.STATEMENT}),
    ),
)

ANSWER_KIND = kind(
    DEMAND_ANSWER,
    "demand-answer",
    DemandAnswer,
    _apply_answer,
    (verb("answer-demand", "send", "Answer a demand of the other side", AnswerDemand, _answer),),
    Traits(takes=frozenset({Takes.RECEIPT, Takes.TRANSLATION}), refs_needed=1),
)

"""Kinds 29 and 30, allegation and allegation-reply: who accuses whom of what, with which evidence (R45).

Evidence is attached, or the entry says that none was produced; there is no third way to look as if there were some.
The other side's reply has its own evidence, or none. The book counts what was produced and judges nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, IntEnum
from typing import Literal

import msgspec

from openline.base import codec
from openline.base.errors import UsageError
from openline.base.schema import Body, pack
from openline.line.answering import answered, check_possible, settle, target_of
from openline.line.asking import check_room
from openline.line.book import Book
from openline.line.contact import Place, party_id, same_mark, stands
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.status import refuse_suspended
from openline.line.words import (
    LANGUAGE,
    Attached,
    Code,
    Language,
    Person,
    PrecedenceName,
    Words,
    attachments_of,
    code_of,
    language_of,
    precedence_of,
    urgent_text_of,
    verbatim_of,
)
from openline.record.entry import Draft, Mark

ALLEGATION = 29
ALLEGATION_REPLY = 30

DefenceName = Literal["deny", "reject", "counter-accuse"]


class Evidence(IntEnum):
    """What the author has produced with it; the numbers stand in bodies. ATTACHED goes with attachments alone."""

    NONE_PRODUCED = 0
    ATTACHED = 1


class Defence(IntEnum):
    """What the other side replies; the numbers stand in bodies."""

    DENY = 1
    REJECT = 2
    COUNTER_ACCUSE = 3


class AllegationState(Enum):
    """How one party stands to an allegation."""

    OPEN = "open"
    DENIED = "denied"
    REJECTED = "rejected"
    COUNTERED = "countered"


REPLIED: Mapping[tuple[AllegationState, Defence], AllegationState] = {
    (AllegationState.OPEN, Defence.DENY): AllegationState.DENIED,
    (AllegationState.OPEN, Defence.REJECT): AllegationState.REJECTED,
    (AllegationState.OPEN, Defence.COUNTER_ACCUSE): AllegationState.COUNTERED,
    (AllegationState.REJECTED, Defence.DENY): AllegationState.DENIED,
    (AllegationState.REJECTED, Defence.COUNTER_ACCUSE): AllegationState.COUNTERED,
    (AllegationState.DENIED, Defence.COUNTER_ACCUSE): AllegationState.COUNTERED,
}
"""What a party may reply when: more than it has said before, never less."""


class Allegation(Body, frozen=True):
    """The body. `against` is a party id or a plain name."""

    code: Code
    against: Person
    words: Words = ""
    language: Language = LANGUAGE
    evidence: Evidence = Evidence.NONE_PRODUCED


class AllegationReply(Body, frozen=True):
    """The body; ref 0 is the allegation."""

    reply: Defence
    words: Words = ""
    language: Language = LANGUAGE
    evidence: Evidence = Evidence.NONE_PRODUCED


class Replied(msgspec.Struct, frozen=True):
    """One reply that counted."""

    member: int
    index: int
    state: AllegationState
    evidence: Evidence


class Alleged:
    """One allegation and the replies to it by member. Mutable; owned by `Allegations`."""

    __slots__ = ("against", "code", "evidence", "index", "mark", "member", "replies", "time_ms")

    def __init__(self, said: Said, code: str, against: str, evidence: Evidence) -> None:
        self.member = said.member
        self.index = said.entry.index
        self.time_ms = said.leaf.time_ms
        self.mark = said.leaf.mark
        self.code = code
        self.against = against
        self.evidence = evidence
        self.replies: dict[int, list[Replied]] = {}

    @property
    def place(self) -> Place:
        """Member and index of the entry."""
        return self.member, self.index

    def state(self, member: int) -> AllegationState:
        """What `member` has replied last, OPEN while nothing."""
        rows = self.replies.get(member)
        return rows[-1].state if rows else AllegationState.OPEN

    def produced(self, member: int) -> bool:
        """Whether `member` has attached evidence to this allegation or to a reply to it."""
        rows = self.replies.get(member, [])
        own = self.evidence is Evidence.ATTACHED and member == self.member
        return own or any(row.evidence is Evidence.ATTACHED for row in rows)


class Allegations:
    """Every allegation. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.by_place: dict[Place, Alleged] = {}

    def snapshot(self) -> codec.Value:
        """Every allegation with its replies, in order."""
        return [
            [
                *place,
                row.time_ms,
                int(row.mark),
                row.code,
                row.against,
                int(row.evidence),
                [
                    [reply.member, reply.index, reply.state.value, int(reply.evidence)]
                    for member in sorted(row.replies)
                    for reply in row.replies[member]
                ],
            ]
            for place, row in sorted(self.by_place.items())
        ]


class Accuse(Arguments, frozen=True, kw_only=True):
    """Arguments of `allege`: of what, against whom; without attachments it says that no evidence was produced."""

    code: str
    against: str
    words: str = ""
    language: str = LANGUAGE
    attachments: tuple[Attached, ...] = ()
    precedence: PrecedenceName = "routine"


class Defend(Arguments, frozen=True, kw_only=True):
    """Arguments of `answer-allegation`."""

    entry: str
    reply: DefenceName
    words: str = ""
    language: str = LANGUAGE
    attachments: tuple[Attached, ...] = ()


def allegation_of(book: Book, text: str) -> Alleged:
    """The allegation that an entry id names. Raises UsageError when that entry is none."""
    origin, index = book.find(text)
    found = book.state(Allegations).by_place.get((book.number(origin), index))
    if found is None:
        raise UsageError("allegation-unknown", entry=book.label(origin, index), line=book.line)
    return found


def _wrong_evidence(said: Said, evidence: Evidence) -> bool:
    return (evidence is Evidence.ATTACHED) is not bool(said.leaf.attachments)


def _apply(book: Book, said: Said, body: Allegation) -> Sequence[Change]:
    if _wrong_evidence(said, body.evidence):
        return [book.fault(said, "fault-evidence-wrong")]
    item = book.item(said.entry.origin, said.entry.index)
    assert item is not None
    item.clock()
    row = Alleged(said, book.word(body.code), book.word(body.against), body.evidence)
    book.state(Allegations).by_place[row.place] = row
    return [book.changed(item, "new")]


def _apply_reply(book: Book, said: Said, body: AllegationReply) -> Sequence[Change]:
    row = target_of(book, said, book.state(Allegations).by_place)
    if isinstance(row, Change):
        return [row]
    if _wrong_evidence(said, body.evidence):
        return [book.fault(said, "fault-evidence-wrong")]
    state = answered(book, said, REPLIED, row.state(said.member), body.reply)
    if isinstance(state, Change):
        return [state]
    row.replies.setdefault(said.member, []).append(Replied(said.member, said.entry.index, state, body.evidence))
    return [settle(book, said, state.value)]


def _allege(book: Book, asked: Asked, values: Accuse) -> Sequence[Draft]:
    precedence = precedence_of(values.precedence)
    refuse_suspended(book, asked.mark, precedence)
    attachments = attachments_of(values.attachments)
    check_room(book, (), attachments)
    if values.words:
        urgent_text_of(values.words, precedence)
    body = Allegation(
        code=code_of(values.code, "code"),
        against=party_id(book, values.against),
        words=verbatim_of(values.words),
        language=language_of(values.language),
        evidence=Evidence.ATTACHED if attachments else Evidence.NONE_PRODUCED,
    )
    return [
        Draft(ALLEGATION, pack(body), asked.desk, (), attachments, precedence, mark=asked.mark),
    ]


def _reply(book: Book, asked: Asked, values: Defend) -> Sequence[Draft]:
    row = allegation_of(book, values.entry)
    if book.members[row.member] == asked.me:
        raise UsageError("allegation-own", entry=values.entry)
    if not stands(book, row.place):
        raise UsageError("allegation-withdrawn", entry=values.entry)
    reply = Defence[values.reply.upper().replace("-", "_")]
    check_possible(REPLIED, row.state(book.number(asked.me)), reply, values.entry)
    attachments = attachments_of(values.attachments)
    ref = book.ref(book.members[row.member], row.index)
    check_room(book, (ref,), attachments)
    body = AllegationReply(
        reply=reply,
        words=verbatim_of(values.words),
        language=language_of(values.language),
        evidence=Evidence.ATTACHED if attachments else Evidence.NONE_PRODUCED,
    )
    mark: Mark = same_mark(book, asked, row.place, row.mark)
    return [Draft(ALLEGATION_REPLY, pack(body), asked.desk, (ref,), attachments, mark=mark)]


ALLEGATION_KIND = kind(
    ALLEGATION,
    "allegation",
    Allegation,
    _apply,
    (verb("allege", "send", "Make an allegation, with evidence or without", Accuse, _allege),),
    Traits(
        fresh=Allegations,
        takes=frozenset({Takes.RECEIPT, Takes.TRANSLATION, Takes.CANCELLATION, Takes.STATEMENT}),
    ),
)

REPLY_KIND = kind(
    ALLEGATION_REPLY,
    "allegation-reply",
    AllegationReply,
    _apply_reply,
    (verb("answer-allegation", "send", "Reply to an allegation of the other side", Defend, _reply),),
    Traits(takes=frozenset({Takes.RECEIPT, Takes.TRANSLATION}), refs_needed=1),
)

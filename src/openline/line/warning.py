"""Kind 28, warning: what one side warns of, counted, and through whom it was passed on (R45).

A warning that repeats an earlier one of its author names it, and the count is computed. `through` are the third
parties by which it went or came, in order; a warning that went straight has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import msgspec

from openline.base import codec
from openline.base.errors import UsageError
from openline.base.limits import PERSON_CHARACTERS_MAX, SOURCES_MAX
from openline.base.schema import Body, pack
from openline.line.book import Book
from openline.line.contact import Place, meeting_of, party_id, same_mark, stands
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.repeating import earlier_of, repetitions
from openline.line.status import refuse_suspended
from openline.line.words import (
    LANGUAGE,
    Code,
    Language,
    Person,
    PrecedenceName,
    Words,
    code_of,
    language_of,
    person_of,
    precedence_of,
    urgent_text_of,
    verbatim_of,
)
from openline.record.entry import Draft, Mark, Ref

WARNING = 28


class WarningBody(Body, frozen=True):
    """The body. `to` is who is warned when that is not the other side."""

    code: Code
    words: Words = ""
    language: Language = LANGUAGE
    to: Annotated[str, msgspec.Meta(max_length=PERSON_CHARACTERS_MAX)] = ""
    through: Annotated[tuple[Person, ...], msgspec.Meta(max_length=SOURCES_MAX)] = ()


class Warned(msgspec.Struct, frozen=True):
    """One warning as the book keeps it."""

    member: int
    index: int
    time_ms: int
    mark: Mark
    code: str
    to: str
    through: tuple[str, ...]
    refs: tuple[Place, ...]

    @property
    def place(self) -> Place:
        """Member and index of the entry."""
        return self.member, self.index


class Warnings:
    """Every warning. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.by_place: dict[Place, Warned] = {}

    def snapshot(self) -> codec.Value:
        """Every warning, in order."""
        return [
            [
                *place,
                row.time_ms,
                int(row.mark),
                row.code,
                row.to,
                list(row.through),
                [list(ref) for ref in row.refs],
            ]
            for place, row in sorted(self.by_place.items())
        ]


class Warn(Arguments, frozen=True, kw_only=True):
    """Arguments of `warn`: its code, the words, to whom, through whom, in which contact, which one it repeats."""

    code: str
    words: str = ""
    language: str = LANGUAGE
    to: str = ""
    through: tuple[str, ...] = ()
    contact: str | None = None
    repeats: str | None = None
    precedence: PrecedenceName = "routine"


def warnings_of(book: Book, member: int, code: str | None = None, mark: Mark = Mark.OPERATION) -> Iterator[Warned]:
    """The warnings of a member that stand, in the order of its log; of one code, if named."""
    for place, row in sorted(book.state(Warnings).by_place.items()):
        if row.member == member and row.mark is mark and code in (None, row.code) and stands(book, place):
            yield row


def repetition(book: Book, row: Warned) -> int:
    """The how manieth time this warning is given: 1 for the first."""
    return repetitions(book, book.state(Warnings).by_place)[row.place]


def _apply(book: Book, said: Said, body: WarningBody) -> Sequence[Change]:
    item = book.item(said.entry.origin, said.entry.index)
    assert item is not None
    item.clock()
    row = Warned(
        said.member,
        said.entry.index,
        said.leaf.time_ms,
        said.leaf.mark,
        book.word(body.code),
        book.word(body.to),
        tuple(map(book.word, body.through)),
        earlier_of(book, said),
    )
    book.state(Warnings).by_place[row.place] = row
    return [book.changed(item, "new")]


def _warn(book: Book, asked: Asked, values: Warn) -> Sequence[Draft]:
    precedence = precedence_of(values.precedence)
    refs: list[Ref] = []
    mark = asked.mark
    if values.contact is not None:
        first = meeting_of(book, values.contact).first
        mark = same_mark(book, asked, first.place, first.mark)
        refs.append(book.ref(*book.find(values.contact)))
    if values.repeats is not None:
        origin, index = book.find(values.repeats)
        earlier = book.state(Warnings).by_place.get((book.number(origin), index))
        if earlier is None or origin != asked.me:
            raise UsageError("repeats-others", entry=values.repeats)
        mark = same_mark(book, asked, earlier.place, earlier.mark)
        refs.append(book.ref(origin, index))
    refuse_suspended(book, mark, precedence)
    if len(values.through) > SOURCES_MAX:
        raise UsageError("sources-too-many", limit=SOURCES_MAX)
    if values.words:
        urgent_text_of(values.words, precedence)
    body = WarningBody(
        code=code_of(values.code, "code"),
        words=verbatim_of(values.words),
        language=language_of(values.language),
        to=party_id(book, values.to) if values.to else "",
        through=tuple(person_of(name, "through") for name in values.through),
    )
    return [Draft(WARNING, pack(body), asked.desk, tuple(refs), precedence=precedence, mark=mark)]


KIND = kind(
    WARNING,
    "warning",
    WarningBody,
    _apply,
    (verb("warn", "send", "Give a warning, or repeat one", Warn, _warn),),
    Traits(
        fresh=Warnings,
        takes=frozenset({Takes.RECEIPT, Takes.TRANSLATION, Takes.CANCELLATION, Takes.STATEMENT}),
    ),
)

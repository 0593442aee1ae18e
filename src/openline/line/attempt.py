"""Kind 24, attempt: somebody tried to reach the other side, and what came of it; every attempt counts (R40, R71).

It is its author's word. What the author makes of it ("did not appear interested") is a statement about the attempt,
a REMARK, and never an answer of the other side.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import Annotated, Literal

import msgspec

from openline.base import codec
from openline.base.limits import PERSON_CHARACTERS_MAX
from openline.base.schema import Body, pack
from openline.line.book import Book
from openline.line.callrequest import request_of
from openline.line.contact import Medium, MediumName, Place, asked_level, medium_of, party_id, same_mark
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.level import Level
from openline.line.precise import GrainName, When, when_of
from openline.record.entry import Draft, Mark

ATTEMPT = 24

ResultName = Literal["no-answer", "busy", "refused", "reached", "not-taken-up"]


class Result(IntEnum):
    """What came of an attempt; the numbers stand in bodies. NOT_TAKEN_UP: somebody heard it, and nothing followed."""

    NO_ANSWER = 1
    BUSY = 2
    REFUSED = 3
    REACHED = 4
    NOT_TAKEN_UP = 5


class Attempt(Body, frozen=True):
    """The body; ref 0 may be the request it belongs to. `to` is whom it was meant for when not the other side."""

    level: Level
    medium: Medium
    at: When
    result: Result
    to: Annotated[str, msgspec.Meta(max_length=PERSON_CHARACTERS_MAX)] = ""


class Tried(msgspec.Struct, frozen=True):
    """One attempt as the book keeps it. `request` is the request it names."""

    member: int
    index: int
    mark: Mark
    level: Level
    medium: Medium
    at: When
    result: Result
    to: str
    request: Place | None

    @property
    def place(self) -> Place:
        """Member and index of the entry."""
        return self.member, self.index


class Attempts:
    """Every attempt. Mutable; owned by the book.

    `shelves` are those of a mark and level by when they were made (ms), then by place.
    """

    def __init__(self) -> None:
        self.by_place: dict[Place, Tried] = {}
        self.shelves: dict[tuple[Mark, Level], list[tuple[int, Place]]] = {}

    def snapshot(self) -> codec.Value:
        """Every attempt, in order."""
        return [
            [
                *place,
                int(row.mark),
                int(row.level),
                int(row.medium),
                [row.at.ms, int(row.at.grain)],
                int(row.result),
                row.to,
                None if row.request is None else list(row.request),
            ]
            for place, row in sorted(self.by_place.items())
        ]


class Try(Arguments, frozen=True, kw_only=True):
    """Arguments of `attempt`. `at` is RFC 3339 or a date; without it, now. `request` is an entry id."""

    level: str
    result: ResultName
    medium: MediumName = "call"
    at: str | None = None
    grain: GrainName | None = None
    to: str = ""
    request: str | None = None


def attempts_between(book: Book, mark: Mark, level: Level, since_ms: int, until_ms: int | None) -> Iterator[Tried]:
    """The attempts at a level made in a period, in order: from `since_ms` on, before `until_ms`."""
    state = book.state(Attempts)
    rows = state.shelves.get((mark, level), [])
    start = bisect_left(rows, (since_ms, (0, 0)))
    end = len(rows) if until_ms is None else bisect_left(rows, (until_ms, (0, 0)))
    for _, place in rows[start:end]:
        yield state.by_place[place]


def _apply(book: Book, said: Said, body: Attempt) -> Sequence[Change]:
    ref = said.leaf.refs[0] if said.leaf.refs else None
    request = None if ref is None or ref.origin not in book.members else (book.number(ref.origin), ref.index)
    row = Tried(
        said.member,
        said.entry.index,
        said.leaf.mark,
        body.level,
        body.medium,
        body.at,
        body.result,
        book.word(body.to),
        request,
    )
    attempts = book.state(Attempts)
    attempts.by_place[row.place] = row
    insort(attempts.shelves.setdefault((row.mark, row.level), []), (row.at.ms, row.place))
    return [Change("attempt", said.entry.origin, said.entry.index, "new")]


def _attempt(book: Book, asked: Asked, values: Try) -> Sequence[Draft]:
    body = Attempt(
        level=asked_level(book, asked, values.level),
        medium=medium_of(values.medium),
        at=when_of(asked.now.rfc3339() if values.at is None else values.at, values.grain),
        result=Result[values.result.upper().replace("-", "_")],
        to=party_id(book, values.to) if values.to else "",
    )
    if values.request is None:
        return [Draft(ATTEMPT, pack(body), asked.desk, mark=asked.mark)]
    request = request_of(book, values.request)
    mark = same_mark(book, asked, request.place, request.mark)
    ref = book.ref(book.members[request.member], request.index)
    return [Draft(ATTEMPT, pack(body), asked.desk, (ref,), mark=mark)]


KIND = kind(
    ATTEMPT,
    "attempt",
    Attempt,
    _apply,
    (verb("attempt", "state", "Enter an attempt to reach the other side", Try, _attempt),),
    Traits(fresh=Attempts, takes=frozenset({Takes.STATEMENT, Takes.CANCELLATION})),
)

"""Kind 8, line-status: a party declares the line suspended, resumed or degraded, or itself silent (EMCON).

Each party declares for itself and only it takes its own word back. While any party stands suspended the line still
takes FLASH, tests, status, service and receipts (R6). A declaration counts under its own mark only: an exercise
never suspends the real line, while a real suspension holds for exercises too.
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
from openline.base.time import Instant
from openline.line.book import Book
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.words import Reason, reason_of
from openline.record.entry import Draft, Mark, Precedence

LINE_STATUS = 8


class Declaration(IntEnum):
    """What a party declares; the numbers stand in bodies."""

    SUSPENDED = 1
    RESUMED = 2
    DEGRADED = 3
    EMCON = 4


class LineState(Enum):
    """How a party's end of the line stands by its own word."""

    OPEN = "open"
    SUSPENDED = "suspended"
    DEGRADED = "degraded"
    EMCON = "emcon"


DECLARED: Mapping[tuple[LineState, Declaration], LineState] = {
    (LineState.OPEN, Declaration.SUSPENDED): LineState.SUSPENDED,
    (LineState.OPEN, Declaration.DEGRADED): LineState.DEGRADED,
    (LineState.OPEN, Declaration.EMCON): LineState.EMCON,
    (LineState.DEGRADED, Declaration.RESUMED): LineState.OPEN,
    (LineState.DEGRADED, Declaration.SUSPENDED): LineState.SUSPENDED,
    (LineState.DEGRADED, Declaration.EMCON): LineState.EMCON,
    (LineState.EMCON, Declaration.RESUMED): LineState.OPEN,
    (LineState.EMCON, Declaration.SUSPENDED): LineState.SUSPENDED,
    (LineState.EMCON, Declaration.DEGRADED): LineState.DEGRADED,
    (LineState.SUSPENDED, Declaration.RESUMED): LineState.OPEN,
}
"""What may be declared when. Only RESUMED ends a suspension, so that it never ends unnoticed."""


class LineStatus(Body, frozen=True):
    """The body: what is declared, and why."""

    status: Declaration
    reason: Reason = ""


class Declared(msgspec.Struct, frozen=True):
    """How a party's end stands, since when, and by which entry; both None while it has declared nothing."""

    origin: str
    state: LineState
    since: Instant | None
    index: int | None


class Board:
    """Each party's end of the line, per mark. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.rows: dict[tuple[Mark, str], Declared] = {}

    def snapshot(self) -> codec.Value:
        """Every declaration that stands, in order."""
        return [
            [int(mark), origin, row.state.value, None if row.since is None else row.since.ms, row.index]
            for (mark, origin), row in sorted(self.rows.items())
        ]


def declared(book: Book, origin: str, mark: Mark = Mark.OPERATION) -> Declared:
    """How a party's end of the line stands by its own word."""
    return book.state(Board).rows.get((mark, origin)) or Declared(origin, LineState.OPEN, None, None)


def suspended(book: Book, mark: Mark = Mark.OPERATION) -> Declared | None:
    """The suspension that holds for what carries `mark`: the oldest by author time, or None."""
    rows = book.state(Board).rows.items()
    found = [row for (each, _), row in rows if row.state is LineState.SUSPENDED and each in (Mark.OPERATION, mark)]
    return min(found, key=lambda row: (row.since or 0, row.origin), default=None)


def refuse_suspended(book: Book, mark: Mark, precedence: Precedence | None) -> None:
    """Refuse what a suspended line does not take. Raises UsageError saying who suspended it and since when."""
    row = suspended(book, mark)
    if row is not None and row.since is not None and precedence is not Precedence.FLASH:
        raise UsageError("line-suspended", line=book.line, party=book.labels[row.origin], since=row.since.dtg())


class Declare(Arguments, frozen=True, kw_only=True):
    """Arguments of `declare`."""

    status: Literal["suspended", "resumed", "degraded", "emcon"]
    reason: str = ""


def _apply(book: Book, said: Said, body: LineStatus) -> Sequence[Change]:
    origin, index, mark = said.entry.origin, said.entry.index, said.leaf.mark
    now = declared(book, origin, mark)
    try:
        state = advance(DECLARED, now.state, body.status)
    except NoTransition:
        return [book.fault(said, "fault-status-not-possible", status=body.status.name, state=now.state.name)]
    book.state(Board).rows[mark, origin] = Declared(origin, state, said.leaf.time, index)
    return [Change("line-status", origin, index, body.status.name.lower())]


def _declare(book: Book, asked: Asked, values: Declare) -> Sequence[Draft]:
    declaration = Declaration[values.status.upper()]
    now = declared(book, asked.me, asked.mark)
    if (now.state, declaration) not in DECLARED:
        raise UsageError("status-not-possible", line=book.line, status=declaration.name, state=now.state.name)
    reason = reason_of(values.reason, required=declaration is not Declaration.RESUMED)
    body = LineStatus(status=declaration, reason=reason)
    return [Draft(LINE_STATUS, pack(body), asked.desk, precedence=Precedence.IMMEDIATE, mark=asked.mark)]


KIND = kind(
    LINE_STATUS,
    "line-status",
    LineStatus,
    _apply,
    (
        verb(
            "declare",
            "declare",
            "Declare the line suspended, resumed, degraded, or this party silent",
            Declare,
            _declare,
        ),
    ),
    Traits(fresh=Board, takes=frozenset({Takes.RECEIPT})),
)

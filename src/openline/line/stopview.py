"""How a STOP is shown: what it is about, who it was, how it stands with each party, and the clock of both ends.

Texts come from the record, everything else from the book. Nothing is decided here.
"""

from __future__ import annotations

import msgspec

from openline.base.limits import BODY_BYTES_MAX
from openline.base.schema import unpack
from openline.base.time import SECOND_US, Instant
from openline.line.book import Book
from openline.line.contactview import Texts
from openline.line.stop import Stop, StopAnswered, Stopping, Stops
from openline.line.tap import taps_of
from openline.line.view import Time, moment

_LEFT = "LEFT"
"""Shown of a party that has left, or was removed, without an answer."""


class TapView(msgspec.Struct, frozen=True):
    """Who it was, said in which entry."""

    id: str
    by: str
    time: Time


class StopAnswerView(msgspec.Struct, frozen=True):
    """One answer. Those after the first are kept and shown; the clock stands at the first."""

    id: str
    answer: str
    desk: str
    time: Time
    taps: tuple[TapView, ...]


class StopSideView(msgspec.Struct, frozen=True):
    """How a STOP stands with one party. `clock_s` runs until the first answer and is the same at every node."""

    party: str
    state: str
    clock_s: float
    answers: tuple[StopAnswerView, ...]


class StopView(msgspec.Struct, frozen=True):
    """One STOP. `standing` until every other party has answered. `about` is the entry it is bound to, if any."""

    id: str
    line: str
    party: str
    desk: str
    mark: str
    time: Time
    about: str | None
    place: str
    text: str
    language: str
    standing: bool
    sides: tuple[StopSideView, ...]
    taps: tuple[TapView, ...]


def stops_of(book: Book, texts: Texts, now: Instant) -> list[StopView]:
    """Every STOP of a line, those that stand first, each group newest first."""
    rows = book.state(Stops).by_place.values()
    ordered = sorted(rows, key=lambda row: (stands(book, row), row.time_ms, row.place))
    return [stop_view(book, row, texts, now) for row in reversed(ordered)]


def stands(book: Book, row: Stopping) -> bool:
    """Whether some party has still to answer; nothing is awaited of one that has left."""
    return bool(book.present(row.owing(len(book.members))))


def stop_view(book: Book, row: Stopping, texts: Texts, now: Instant) -> StopView:
    """One STOP as it is shown at `now`."""
    origin = book.members[row.member]
    entry = texts(origin, row.index)
    assert entry.body is not None, "the book took it in, so its body was there and could be read"
    body = unpack(Stop, entry.body, BODY_BYTES_MAX)
    return StopView(
        id=book.label(origin, row.index),
        line=book.line,
        party=book.labels[origin],
        desk=entry.leaf.desk,
        mark=row.mark.name,
        time=moment(row.began),
        about=next((book.label(ref.origin, ref.index) for ref in entry.leaf.refs), None),
        place=row.place_text,
        text=body.text,
        language=body.language,
        standing=stands(book, row),
        sides=tuple(_side(book, row, member, now) for member in range(len(book.members)) if member != row.member),
        taps=_taps(book, row.member, row.index),
    )


def _side(book: Book, row: Stopping, member: int, now: Instant) -> StopSideView:
    return StopSideView(
        book.labels[book.members[member]],
        _LEFT if book.is_gone(member) and member not in row.answers else row.state(member).name,
        row.clock_us(member, now) / SECOND_US,
        tuple(_answer(book, one) for one in row.answers.get(member, ())),
    )


def _answer(book: Book, one: StopAnswered) -> StopAnswerView:
    return StopAnswerView(
        book.label(book.members[one.member], one.index),
        one.answer.name,
        one.desk,
        moment(Instant.from_ms(one.time_ms)),
        _taps(book, one.member, one.index),
    )


def _taps(book: Book, member: int, index: int) -> tuple[TapView, ...]:
    return tuple(
        TapView(book.label(book.members[member], tap.index), tap.by, moment(Instant.from_ms(tap.time_ms)))
        for tap in taps_of(book, (member, index))
    )

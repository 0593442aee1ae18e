"""How demands, warnings and allegations are shown: how often each was said, who answered what, which evidence there is.

Words come from the record (`Texts`), everything else from the book. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from openline.base.time import Instant
from openline.line.allegation import Allegation, Allegations, Alleged
from openline.line.book import Book
from openline.line.contact import Contacts, Place, stands
from openline.line.contactview import Texts, body_of
from openline.line.demand import Demand, Demanded, Demands
from openline.line.repeating import Repeated, before_it, repetitions
from openline.line.view import EvidenceView, Time, moment
from openline.line.warning import Warned, WarningBody, Warnings


class SideView(msgspec.Struct, frozen=True):
    """How one party stands to a demand or an allegation, and its answers in order. `open`: it has said nothing."""

    party: str
    state: str
    answers: tuple[str, ...]


class DemandView(msgspec.Struct, frozen=True):
    """One demand. `times` is the how manieth time it is made; `repeats` the earlier one it names."""

    id: str
    line: str
    party: str
    time: Time
    mark: str
    code: str
    words: str
    language: str
    contact: str | None
    repeats: str | None
    times: int
    withdrawn: bool
    sides: tuple[SideView, ...]


class WarningView(msgspec.Struct, frozen=True):
    """One warning. `to` is who is warned when that is not the other side; `through` are who passed it on, in order."""

    id: str
    line: str
    party: str
    time: Time
    mark: str
    code: str
    words: str
    language: str
    to: str
    through: tuple[str, ...]
    contact: str | None
    repeats: str | None
    times: int
    withdrawn: bool


class AllegationView(msgspec.Struct, frozen=True):
    """One allegation. `evidence` tells of each party whether it has produced any, for the allegation or against it."""

    id: str
    line: str
    party: str
    time: Time
    mark: str
    code: str
    against: str
    words: str
    language: str
    evidence: tuple[EvidenceView, ...]
    withdrawn: bool
    sides: tuple[SideView, ...]


def demand_views(book: Book, texts: Texts) -> list[DemandView]:
    """Every demand of a line, in the order of the logs."""
    rows = book.state(Demands).by_place
    times = repetitions(book, rows)
    return [_demand(book, row, times[place], texts) for place, row in sorted(rows.items())]


def warning_views(book: Book, texts: Texts) -> list[WarningView]:
    """Every warning of a line, in the order of the logs."""
    rows = book.state(Warnings).by_place
    times = repetitions(book, rows)
    return [_warning(book, row, times[place], texts) for place, row in sorted(rows.items())]


def allegation_views(book: Book, texts: Texts) -> list[AllegationView]:
    """Every allegation of a line, in the order of the logs."""
    return [_allegation(book, row, texts) for _, row in sorted(book.state(Allegations).by_place.items())]


def _demand(book: Book, row: Demanded, times: int, texts: Texts) -> DemandView:
    body = body_of(texts(book.members[row.member], row.index), Demand)
    answers = {member: [index for index, _ in rows] for member, rows in row.answers.items()}
    return DemandView(
        id=_id(book, row.place),
        line=book.line,
        party=_party(book, row.member),
        time=moment(Instant.from_ms(row.time_ms)),
        mark=row.mark.name,
        code=row.code,
        words="" if body is None else body.words,
        language="" if body is None else body.language,
        contact=_contact(book, row.refs),
        repeats=_repeats(book, before_it(row, book.state(Demands).by_place)),
        times=times,
        withdrawn=not stands(book, row.place),
        sides=_sides(
            book, row.member, {member: row.state(member).value for member in range(len(book.members))}, answers
        ),
    )


def _warning(book: Book, row: Warned, times: int, texts: Texts) -> WarningView:
    body = body_of(texts(book.members[row.member], row.index), WarningBody)
    return WarningView(
        id=_id(book, row.place),
        line=book.line,
        party=_party(book, row.member),
        time=moment(Instant.from_ms(row.time_ms)),
        mark=row.mark.name,
        code=row.code,
        words="" if body is None else body.words,
        language="" if body is None else body.language,
        to=row.to,
        through=row.through,
        contact=_contact(book, row.refs),
        repeats=_repeats(book, before_it(row, book.state(Warnings).by_place)),
        times=times,
        withdrawn=not stands(book, row.place),
    )


def _allegation(book: Book, row: Alleged, texts: Texts) -> AllegationView:
    body = body_of(texts(book.members[row.member], row.index), Allegation)
    answers = {member: [reply.index for reply in rows] for member, rows in row.replies.items()}
    members = range(len(book.members))
    return AllegationView(
        id=_id(book, row.place),
        line=book.line,
        party=_party(book, row.member),
        time=moment(Instant.from_ms(row.time_ms)),
        mark=row.mark.name,
        code=row.code,
        against=row.against,
        words="" if body is None else body.words,
        language="" if body is None else body.language,
        evidence=tuple(EvidenceView(_party(book, member), row.produced(member)) for member in members),
        withdrawn=not stands(book, row.place),
        sides=_sides(book, row.member, {member: row.state(member).value for member in members}, answers),
    )


def _sides(
    book: Book, author: int, states: Mapping[int, str], answers: Mapping[int, Sequence[int]]
) -> tuple[SideView, ...]:
    return tuple(
        SideView(_party(book, member), state, tuple(_id(book, (member, index)) for index in answers.get(member, ())))
        for member, state in states.items()
        if member != author
    )


def _contact(book: Book, refs: Sequence[Place]) -> str | None:
    """The contact that an entry says it belongs to."""
    return next((_id(book, place) for place in refs if place in book.state(Contacts).by_place), None)


def _repeats(book: Book, earlier: Repeated | None) -> str | None:
    return None if earlier is None else _id(book, earlier.place)


def _party(book: Book, member: int) -> str:
    return book.labels[book.members[member]]


def _id(book: Book, place: Place) -> str:
    return book.label(book.members[place[0]], place[1])

"""How contacts are shown: each with its grid of facts by side, its readouts side by side, and requests with answers.

Values come from the book, words and sources from the record (`Texts`). Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

import msgspec

from openline.base.errors import PeerError
from openline.base.limits import BODY_BYTES_MAX
from openline.base.schema import B, unpack
from openline.base.time import Instant
from openline.line.book import Book
from openline.line.callrequest import CallRequest, Request
from openline.line.comparing import side_by_side
from openline.line.contact import Medium, Place, stands
from openline.line.correction import Correction
from openline.line.grid import GridRow, NotStated, is_disputed, meeting_claims, meeting_grid, name_of, stated_about
from openline.line.history import Held, Question, by_names, persons
from openline.line.item import Relation
from openline.line.level import Level, label_of
from openline.line.precise import When
from openline.line.readout import Published, Readout, earlier, embargoed, order_of_release, readouts_of
from openline.line.register import own_ids
from openline.line.statement import STATEMENT, About, Claim, Statement, Value
from openline.line.view import Time, moment
from openline.record.entry import Entry

Texts = Callable[[str, int], Entry]
"""An entry of the record, by its place; the book holds only what the record holds."""


class WhenView(msgspec.Struct, frozen=True):
    """A time and how exactly it is meant: minute, hour, day or about."""

    text: str
    grain: str
    time: Time


class SourceView(msgspec.Struct, frozen=True):
    """One link of a source chain."""

    who: str
    how: str


class ClaimView(msgspec.Struct, frozen=True):
    """One statement: its entry, its value as text, the words, where it comes from and how exactly it is meant.

    `named` is the statement that `stance` is about.
    """

    id: str
    party: str
    value: str
    words: str
    language: str
    sources: tuple[SourceView, ...]
    precision: str
    releasable: str
    stance: str | None
    named: str | None


class CellView(msgspec.Struct, frozen=True):
    """How one side stands on a fact: STATED, AGREED, CONTRADICTED or NOT_STATED, and what it has said."""

    party: str
    state: str
    said: tuple[ClaimView, ...]


class FactView(msgspec.Struct, frozen=True):
    """One row of the grid."""

    fact: str
    cells: tuple[CellView, ...]


class NoteView(msgspec.Struct, frozen=True):
    """What the history says: a message id, its sentence in the asked language, and its facts."""

    id: str
    text: str
    facts: dict[str, str | int]


class FoundByView(msgspec.Struct, frozen=True):
    """A name stated of a contact, by which the person asked for was found in it.

    `ids` are those of the register that led from one to the other: none where it is the spelling alone, and several
    where the register has this spelling for more than one person.
    """

    stated: str
    ids: list[str]


class ContactView(msgspec.Struct, frozen=True):
    """One contact as its first entry says. `disputed`: another entry or a statement says otherwise.

    `persons` are those stated to have taken part, `entries` every entry of the contact; `withdrawn` when none stands.
    """

    id: str
    line: str
    level: str
    medium: str
    began: WhenView
    parties: tuple[str, ...]
    elsewhere: bool
    mark: str
    persons: tuple[str, ...]
    disputed: bool
    entries: tuple[str, ...]
    readouts: tuple[str, ...]
    notes: tuple[NoteView, ...] = ()
    found_by: tuple[FoundByView, ...] = ()
    withdrawn: bool = False


class ReadoutView(msgspec.Struct, frozen=True):
    """One readout. `step` is its place in the order of release, 1 being the first; equal where nothing decides it.

    `corrected` is the text of its newest correction.
    """

    id: str
    party: str
    contact: str
    title: str
    text: str
    language: str
    released: WhenView
    embargo: Time | None
    embargoed: bool
    step: int
    corrected: str | None
    corrections: tuple[str, ...]
    translations: tuple[str, ...]
    withdrawn: bool = False


class ContactPage(msgspec.Struct, frozen=True):
    """One contact with the grid of facts by side, and the readouts in the order of release."""

    contact: ContactView
    members: tuple[str, ...]
    facts: tuple[FactView, ...]
    readouts: tuple[ReadoutView, ...]


class TaggedView(msgspec.Struct, frozen=True):
    """One fact in two readouts: same, differs, open, only-left or only-right."""

    fact: str
    outcome: str
    left: ClaimView | None
    right: ClaimView | None


class ComparisonView(msgspec.Struct, frozen=True):
    """Two readouts side by side. One of them is missing where a side has published only the other."""

    left: ReadoutView | None
    right: ReadoutView | None
    facts: tuple[TaggedView, ...]


class AnswerView(msgspec.Struct, frozen=True):
    """How a request stands with one party: open, accepted, proposed, delegated, declined, or none by the deadline."""

    party: str
    state: str
    late: bool
    answers: tuple[str, ...]


class RequestView(msgspec.Struct, frozen=True):
    """One request for a call, and what each other party has answered."""

    id: str
    line: str
    party: str
    time: Time
    mark: str
    level: str
    medium: str
    subject: str
    window: tuple[Time, ...]
    reply_by: Time | None
    withdrawn: bool
    answers: tuple[AnswerView, ...]


def contact_view(held: Held, notes: tuple[NoteView, ...] = (), question: Question | None = None) -> ContactView:
    """A contact as it is shown. `question` is the one it was found by, if it was asked for."""
    book, anchor = held.book, held.anchor
    claims = meeting_claims(book, held.meeting)
    return ContactView(
        id=held.id,
        line=held.line,
        level=label_of(anchor.level),
        medium=_name(anchor.medium),
        began=when_view(anchor.began),
        parties=anchor.parties,
        elsewhere=anchor.elsewhere,
        mark=anchor.mark.name,
        persons=tuple(persons(held)),
        disputed=is_disputed(claims, len(book.members)),
        entries=tuple(_id(book, one.place) for one in held.meeting.anchors),
        readouts=tuple(_id(book, row.place) for row in readouts_of(book, held.meeting)),
        notes=notes,
        found_by=() if question is None else tuple(FoundByView(*row) for row in by_names(held, question).items()),
        withdrawn=held.meeting.telling is None,
    )


def contact_page(held: Held, texts: Texts, now: Instant, notes: tuple[NoteView, ...] = ()) -> ContactPage:
    """A contact with all that is said of it."""
    book = held.book
    facts = tuple(_fact_view(book, row, texts) for row in meeting_grid(book, held.meeting))
    members = tuple(book.labels[origin] for origin in book.members)
    return ContactPage(contact_view(held, notes), members, facts, tuple(readout_views(held, texts, now)))


def readout_views(held: Held, texts: Texts, now: Instant) -> list[ReadoutView]:
    """The readouts of a contact in the order of release."""
    book = held.book
    steps = order_of_release(readouts_of(book, held.meeting), lambda one, two: earlier(book, one, two))
    return [_readout_view(book, row, step, texts, now) for step, rows in enumerate(steps, 1) for row in rows]


def comparison(
    book: Book, pair: tuple[Published | None, Published | None], texts: Texts, now: Instant
) -> ComparisonView:
    """Two readouts of one line side by side, with their tagged facts."""
    mark = next(row.mark for row in pair if row is not None)
    claims = [[] if row is None else stated_about(book, row.place) for row in pair]
    shown = [None if row is None else _readout_view(book, row, 0, texts, now) for row in pair]
    facts = tuple(
        TaggedView(
            row.fact.name,
            row.outcome.value,
            None if row.left is None else claim_view(book, row.left, texts),
            None if row.right is None else claim_view(book, row.right, texts),
        )
        for row in side_by_side(claims[0], claims[1], own_ids(book, mark))
    )
    return ComparisonView(shown[0], shown[1], facts)


def request_view(book: Book, request: Request, texts: Texts, now: Instant) -> RequestView:
    """A request as it stands at `now`."""
    body = body_of(texts(book.members[request.member], request.index), CallRequest)
    ends = (None, None) if body is None else (body.from_ms, body.until_ms)
    return RequestView(
        id=_id(book, request.place),
        line=book.line,
        party=book.labels[book.members[request.member]],
        time=moment(Instant.from_ms(request.time_ms)),
        mark=request.mark.name,
        level=label_of(request.level),
        medium=_name(request.medium),
        subject="" if body is None else body.subject,
        window=tuple(moment(Instant.from_ms(ms)) for ms in ends if ms is not None),
        reply_by=None if request.deadline_ms is None else moment(Instant.from_ms(request.deadline_ms)),
        withdrawn=not stands(book, request.place),
        answers=tuple(
            AnswerView(
                book.labels[origin],
                request.state(member, now).value,
                request.late(member),
                tuple(_id(book, (row.member, row.index)) for row in request.answers.get(member, ())),
            )
            for member, origin in enumerate(book.members)
            if member != request.member
        ),
    )


def claim_view(book: Book, claim: Claim, texts: Texts) -> ClaimView:
    """One statement as it is shown; what the entry of a contact says by itself has no words."""
    origin = book.members[claim.member]
    said = None
    if book.kind_at(origin, claim.index) == STATEMENT:
        said = body_of(texts(origin, claim.index), Statement)
    return ClaimView(
        id=_id(book, claim.place),
        party=book.labels[origin],
        value=shown_value(claim.fact, claim.value),
        words="" if said is None else said.words,
        language="" if said is None else said.language,
        sources=() if said is None else tuple(SourceView(row.who, _name(row.how)) for row in said.sources),
        precision=_name(claim.precision),
        releasable="all" if said is None else _name(said.releasable),
        stance=None if claim.stance is None else _name(claim.stance),
        named=None if claim.named is None else _id(book, claim.named),
    )


def shown_value(fact: About, value: Value) -> str:
    """A value as text: a level and a medium by name, a time to its grain; empty when there is none."""
    if value is None:
        return ""
    if isinstance(value, When):
        return value.shown()
    if isinstance(value, str):
        return value
    match fact:
        case About.HELD:
            return "yes" if value else "no"
        case About.LEVEL:
            return label_of(Level(value))
        case About.MEDIUM:
            return _name(Medium(value))
        case _:
            return str(value)


def when_view(when: When) -> WhenView:
    """A time as it is shown."""
    return WhenView(when.shown(), _name(when.grain), moment(when.time))


def _fact_view(book: Book, row: GridRow, texts: Texts) -> FactView:
    cells = tuple(
        CellView(
            book.labels[book.members[member]],
            name_of(cell),
            () if isinstance(cell, NotStated) else tuple(claim_view(book, claim, texts) for claim in cell.own),
        )
        for member, cell in enumerate(row.cells)
    )
    return FactView(row.fact.name, cells)


def _readout_view(book: Book, row: Published, step: int, texts: Texts, now: Instant) -> ReadoutView:
    origin = book.members[row.member]
    body = body_of(texts(origin, row.index), Readout)
    item = book.item(origin, row.index)
    assert item is not None
    corrections = item.linked(Relation.CORRECTION)
    newest = corrections[-1] if corrections else None
    corrected = None if newest is None else body_of(texts(book.members[newest.member], newest.index), Correction)
    return ReadoutView(
        id=_id(book, row.place),
        party=book.labels[origin],
        contact=_id(book, row.contact),
        title="" if body is None else body.title,
        text="" if body is None else body.text,
        language="" if body is None else body.language,
        released=when_view(row.released),
        embargo=None if row.embargo_ms is None else moment(Instant.from_ms(row.embargo_ms)),
        embargoed=embargoed(row, now),
        step=step,
        corrected=None if corrected is None else corrected.text,
        corrections=_ids(book, [(link.member, link.index) for link in corrections]),
        translations=_ids(book, [(link.member, link.index) for link in item.linked(Relation.TRANSLATION)]),
        withdrawn=not stands(book, row.place),
    )


def body_of(entry: Entry, kind: type[B]) -> B | None:
    """The body of an entry; None when it is withheld or cannot be read."""
    if entry.body is None:
        return None
    try:
        return unpack(kind, entry.body, BODY_BYTES_MAX)
    except PeerError:
        return None


def _ids(book: Book, places: Sequence[Place]) -> tuple[str, ...]:
    return tuple(_id(book, place) for place in places)


def _id(book: Book, place: Place) -> str:
    return book.label(book.members[place[0]], place[1])


def _name(value: Enum) -> str:
    return value.name.lower().replace("_", "-")

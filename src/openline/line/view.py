"""How an entry is shown: everything a console or a command line prints of it, ready for JSON.

Texts come from the record, what became of them from the book. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

import msgspec

from openline.base.errors import PeerError
from openline.base.limits import BODY_BYTES_MAX
from openline.base.schema import unpack
from openline.base.time import Instant
from openline.line.allegation import ALLEGATION_REPLY, Allegations
from openline.line.book import Book
from openline.line.contact import stands
from openline.line.deadlines import STANDARD, Deadlines, deadlines_at
from openline.line.demand import Demands
from openline.line.erasure import Erases, Erasures
from openline.line.escalation import steps_of
from openline.line.ids import party_of
from openline.line.item import Item, Link, Relation
from openline.line.message import MESSAGE, Message
from openline.line.phrase import PhraseView, fits, phrase_view
from openline.line.proword import MEANING, Proword
from openline.line.readback import steps_back
from openline.line.repeating import repetitions
from openline.line.signature import owes_signature, signatures_of
from openline.line.translation import Translations
from openline.line.warning import Warnings
from openline.line.watch import due_times
from openline.record.entry import Entry
from openline.record.ports import Arrived

RECEIVED = "RECEIVED"


class Time(msgspec.Struct, frozen=True):
    """One moment, for machines and for the watch."""

    rfc3339: str
    dtg: str


class AttachmentView(msgspec.Struct, frozen=True):
    """An attachment by size and digest."""

    size: int
    sha256: str


class StageView(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fact: which party did what, when, by whom, to which role, stated in which entry.

    `code` is a proword and `means` what it says: ROGER is `received-not-agreed`, never consent.

    `after_cancellation`: by author times it came after the entry was cancelled.
    """

    party: str
    stage: str
    time: Time
    by: str = ""
    to: str = ""
    receipt: str = ""
    reply: str = ""
    after_cancellation: bool = False
    code: str = ""
    means: str = ""


class DueView(msgspec.Struct, frozen=True):
    """When a stage is due at every party that is not the author."""

    stage: str
    time: Time


class FaultView(msgspec.Struct, frozen=True):
    """What is wrong with the entry: a message id and what fills its sentence."""

    id: str
    facts: dict[str, str | int]


class ReadBackView(msgspec.Struct, frozen=True):
    """One step of a read-back, and how the message stands with the party that reads it back after it."""

    id: str
    party: str
    step: str
    state: str
    time: Time


class EscalationView(msgspec.Struct, frozen=True):
    """One step that the node of a late watch has written: how far, for which stage, due when, reached when."""

    id: str
    party: str
    step: str
    stage: str
    due: Time
    at: Time


class TranslationView(msgspec.Struct, frozen=True):
    """One translation of an entry: into which language, by whom of which party, and how far it can be trusted.

    `state` is draft, checked or disputed, as its author says. The authentic words are those of the original.
    """

    id: str
    party: str
    language: str
    by: str
    state: str
    withdrawn: bool


class EvidenceView(msgspec.Struct, frozen=True):
    """Whether a party has produced evidence for an allegation, or against it."""

    party: str
    produced: bool


class ErasedView(msgspec.Struct, frozen=True):
    """That a party's node no longer has the body, by its own word: which party, under which class, since when."""

    party: str
    under: str
    time: Time


class EntryView(msgspec.Struct, frozen=True, kw_only=True):
    """One entry. `body` holds every field of the body by name; its text or verbatim words stand in `text` as well.

    `seq` is its arrival number at this node: another node numbers the same entries in another order.
    `translation_of` is the original of a translation, whose words are the authentic ones; `evidence` is there for an
    allegation and its replies, and `times` for a demand or warning: the how manieth time it is said.
    `signed_by` are the pseudonyms of officers who signed it personally; `unsigned`: one should have, and nobody has.
    """

    id: str
    seq: int
    line: str
    kind: str
    party: str
    label: str
    desk: str
    time: Time
    mark: str
    precedence: str | None
    reply_by: Time | None
    text: str | None
    language: str | None
    subject: str | None
    action: tuple[str, ...]
    info: tuple[str, ...]
    body: dict[str, object]
    attachments: tuple[AttachmentView, ...]
    refs: tuple[str, ...]
    due: tuple[DueView, ...]
    stages: tuple[StageView, ...]
    standing: str | None
    corrections: tuple[str, ...]
    cancellation: str | None
    translations: tuple[str, ...]
    faults: tuple[FaultView, ...]
    phrase: PhraseView | None = None
    read_backs: tuple[ReadBackView, ...] = ()
    escalations: tuple[EscalationView, ...] = ()
    translated: tuple[TranslationView, ...] = ()
    translation_of: str | None = None
    evidence: tuple[EvidenceView, ...] = ()
    times: int | None = None
    signed_by: tuple[str, ...] = ()
    unsigned: bool = False
    erased: tuple[ErasedView, ...] = ()


def moment(instant: Instant) -> Time:
    """An instant as it is shown."""
    return Time(instant.rfc3339(), instant.dtg())


def entry_view(
    book: Book, arrived: Arrived, received: Mapping[str, Instant] | None = None, deadlines: Deadlines = STANDARD
) -> EntryView:
    """An entry as it is shown. `received` is when each peer (by origin) receipted it, as far as that is known."""
    entry = arrived.entry
    leaf = entry.leaf
    item = book.item(entry.origin, entry.index)
    body = _fields(book, entry)
    place = (book.number(entry.origin), entry.index)
    precedence = leaf.precedence if item is None else item.precedence
    return EntryView(
        id=book.label(entry.origin, entry.index),
        seq=arrived.seq,
        line=book.line,
        kind=book.registry.name(leaf.kind),
        party=party_of(entry.origin),
        label=book.labels[entry.origin],
        desk=leaf.desk,
        time=moment(leaf.time),
        mark=leaf.mark.name,
        precedence=None if precedence is None else precedence.name,
        reply_by=None if leaf.deadline_ms is None else moment(Instant.from_ms(leaf.deadline_ms)),
        text=_text(body, "text") or _text(body, "words"),
        language=_text(body, "language"),
        subject=_text(body, "subject"),
        action=_texts(body, "action"),
        info=_texts(body, "info"),
        body=body,
        attachments=tuple(AttachmentView(row.size, row.digest.hex()) for row in leaf.attachments),
        refs=tuple(book.label(ref.origin, ref.index) for ref in leaf.refs),
        due=() if item is None else _due(item, deadlines_at(book, item.time, item.mark, deadlines)),
        stages=() if item is None else (*_received(book, received or {}), *_stages(book, item)),
        standing=None if item is None else item.standing.value,
        corrections=_linked(book, item, Relation.CORRECTION),
        cancellation=next(iter(_linked(book, item, Relation.CANCELLATION)), None),
        translations=_linked(book, item, Relation.TRANSLATION),
        phrase=_phrase(arrived.entry),
        read_backs=() if item is None else _read_backs(book, item),
        escalations=() if item is None else _escalations(book, item),
        translated=() if item is None else _translated(book, item),
        translation_of=translation_of(book, entry),
        evidence=_evidence(book, entry),
        times=_times(book, entry),
        signed_by=(signed := tuple(row.pseudonym for row in signatures_of(book, place))),
        unsigned=not signed and owes_signature(book, place),
        erased=tuple(_erased(book, entry)),
        faults=tuple(FaultView(row.message_id, dict(row.facts)) for row in book.faults_of(entry.origin, entry.index)),
    )


def _fields(book: Book, entry: Entry) -> dict[str, object]:
    """The body's fields by name, ready for JSON; empty when it is withheld, unreadable or of an unknown kind."""
    kind = book.registry.by_number(entry.leaf.kind)
    if kind is None or entry.body is None:
        return {}
    try:
        body = unpack(kind.body, entry.body, BODY_BYTES_MAX)
    except PeerError:
        return {}
    return {name: _shown(name, getattr(body, name)) for name in type(body).__struct_fields__}


def _shown(name: str, value: object) -> object:
    """Enumerations by name, digests in hex, times as they are read, structures inside bodies alike."""
    if name.endswith("_ms") and isinstance(value, int):
        return Instant.from_ms(value).rfc3339()
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple | list):
        return [_shown("", item) for item in value]
    if isinstance(value, msgspec.Struct):
        return {inner: _shown(inner, getattr(value, inner)) for inner in type(value).__struct_fields__}
    return value


def _erased(book: Book, entry: Entry) -> Iterator[ErasedView]:
    """Our own copy by the store, before and after the others were told; theirs by what they have told."""
    if entry.erased is not None:
        yield ErasedView(book.labels[book.me], entry.erased.under, moment(entry.erased.time))
    for row in book.state(Erasures).of(Erases.BODIES, entry.origin, entry.index):
        if book.members[row.member] != book.me:
            time = moment(Instant.from_ms(row.at_ms))
            yield ErasedView(book.labels[book.members[row.member]], row.under, time)


def _text(body: Mapping[str, object], name: str) -> str | None:
    value = body.get(name)
    return value if isinstance(value, str) else None


def _texts(body: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = body.get(name)
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _due(item: Item, deadlines: Deadlines) -> tuple[DueView, ...]:
    return tuple(DueView(stage.name, moment(time)) for stage, time in due_times(item, deadlines).items())


def _received(book: Book, received: Mapping[str, Instant]) -> list[StageView]:
    return [StageView(book.labels[origin], RECEIVED, moment(received[origin])) for origin in sorted(received)]


def _stages(book: Book, item: Item) -> list[StageView]:
    cancelled = min((link.time_ms for link in item.linked(Relation.CANCELLATION)), default=None)
    return [
        StageView(
            party=book.labels[book.members[fact.member]],
            stage=fact.stage.name,
            time=moment(fact.time),
            by=fact.by,
            to=fact.to,
            receipt=book.label(book.members[fact.member], fact.index),
            reply="" if fact.reply is None or fact.code else book.label(book.members[fact.member], fact.reply),
            after_cancellation=cancelled is not None and fact.time_ms > cancelled,
            code=Proword(fact.code).name if fact.code else "",
            means=MEANING[Proword(fact.code)].value if fact.code else "",
        )
        for fact in sorted(item.facts, key=lambda fact: (fact.member, fact.index))
    ]


def _phrase(entry: Entry) -> PhraseView | None:
    """The phrase of a message; None when there is none or it does not go with the text beside it."""
    if entry.leaf.kind != MESSAGE or entry.body is None:
        return None
    try:
        body = unpack(Message, entry.body, BODY_BYTES_MAX)
    except PeerError:
        return None
    return None if body.phrase is None or not fits(body.phrase, body.text) else phrase_view(body.phrase)


def _read_backs(book: Book, item: Item) -> tuple[ReadBackView, ...]:
    return tuple(
        ReadBackView(
            book.label(book.members[row.member], row.index),
            book.labels[book.members[row.member]],
            row.step.name,
            row.state.name,
            moment(Instant.from_ms(row.time_ms)),
        )
        for row in steps_back(book, (item.member, item.index))
    )


def _escalations(book: Book, item: Item) -> tuple[EscalationView, ...]:
    return tuple(
        EscalationView(
            book.label(book.members[row.member], row.index),
            book.labels[book.members[row.member]],
            row.step.name,
            row.stage.name,
            moment(Instant.from_ms(row.due_ms)),
            moment(Instant.from_ms(row.at_ms)),
        )
        for row in steps_of(book, (item.member, item.index))
    )


def translation_of(book: Book, entry: Entry) -> str | None:
    """The id of the original of a translation that counts; None for words that are their author's own."""
    if (book.number(entry.origin), entry.index) not in book.state(Translations).by_place:
        return None
    return book.label(entry.leaf.refs[0].origin, entry.leaf.refs[0].index)


def _translated(book: Book, item: Item) -> tuple[TranslationView, ...]:
    rows = book.state(Translations).by_place
    return tuple(
        TranslationView(
            book.label(book.members[row.member], row.index),
            book.labels[book.members[row.member]],
            row.language,
            row.by,
            row.state.name.lower(),
            not stands(book, (row.member, row.index)),
        )
        for link in item.linked(Relation.TRANSLATION)
        for row in (rows[link.member, link.index],)
    )


def _evidence(book: Book, entry: Entry) -> tuple[EvidenceView, ...]:
    """What each party has produced: of the allegation that this entry is, or replies to."""
    rows = book.state(Allegations).by_place
    ref = entry.leaf.refs[0] if entry.leaf.kind == ALLEGATION_REPLY and entry.leaf.refs else None
    origin, index = (entry.origin, entry.index) if ref is None else (ref.origin, ref.index)
    row = rows.get((book.number(origin), index)) if origin in book.members else None
    if row is None:
        return ()
    return tuple(EvidenceView(book.labels[name], row.produced(member)) for member, name in enumerate(book.members))


def _times(book: Book, entry: Entry) -> int | None:
    place = (book.number(entry.origin), entry.index)
    for rows in (book.state(Demands).by_place, book.state(Warnings).by_place):
        if place in rows:
            return repetitions(book, rows)[place]
    return None


def _linked(book: Book, item: Item | None, relation: Relation) -> tuple[str, ...]:
    links: Sequence[Link] = () if item is None else item.linked(relation)
    return tuple(book.label(book.members[link.member], link.index) for link in links)

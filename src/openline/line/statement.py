"""Kind 21, statement: what somebody says of a contact, with its author, its source chain and how exactly it is meant.

Statements, not truths (R41): nothing here decides who is right. A statement has one fact and a value typed by that
fact, or words as they were said, or both; it may say that it agrees with, or contradicts, a statement of another
party. A REMARK is always its author's and never the other side's answer. `grid.py` tells where each side stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from typing import Annotated, Literal

import msgspec

from openline.base import codec
from openline.base.errors import UsageError
from openline.base.limits import SOURCES_MAX
from openline.base.schema import Body, Row, pack
from openline.line.asking import item_for, ref_of
from openline.line.book import Book
from openline.line.contact import Medium, Place, asked_level, party_id
from openline.line.item import Item
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.level import Level
from openline.line.name import is_id, spellings
from openline.line.precise import GrainName, Precision, PrecisionName, When, key_of, precision_of, when_of
from openline.line.register import written
from openline.line.words import LANGUAGE, Language, Number, Person, Words, code_of, language_of, person_of, verbatim_of
from openline.record.entry import Draft, Mark, Ref

STATEMENT = 21
MINUTES_MAX = 10_000


class About(IntEnum):
    """What a statement is about; the numbers stand in bodies."""

    HELD = 1
    INITIATIVE = 2
    START = 3
    DURATION = 4
    LEVEL = 5
    PERSON = 6
    MEDIUM = 7
    SUBJECT = 8
    DEMAND = 9
    ANSWER = 10
    TONE = 11
    OUTCOME = 12
    FOLLOW_UP = 13
    REMARK = 14


SINGLE = frozenset({About.HELD, About.INITIATIVE, About.START, About.DURATION, About.LEVEL, About.MEDIUM})
"""Facts that have one value. Of the others a contact has as many as are stated, each standing for itself."""


class How(IntEnum):
    """How a link of the source chain has it; the numbers stand in bodies."""

    OWN = 1
    SAID = 2
    PUBLISHED = 3
    QUOTED = 4
    ANONYMOUS = 5


class Stance(IntEnum):
    """What a statement says to the one it names as ref 1; the numbers stand in bodies."""

    AGREES = 1
    CONTRADICTS = 2


class Releasable(IntEnum):
    """To whom the statement may be passed on; the numbers stand in bodies."""

    ALL = 0
    MEMBERS = 1
    OWN = 2


class Source(Row, frozen=True):
    """One link of the source chain, the first being who said it: `who` has it, and `how`."""

    who: Person
    how: How


AboutName = Literal[
    "held",
    "initiative",
    "start",
    "duration",
    "level",
    "person",
    "medium",
    "subject",
    "demand",
    "answer",
    "tone",
    "outcome",
    "follow-up",
    "remark",
]
HowName = Literal["own", "said", "published", "quoted", "anonymous"]
Value = Number | Person | When | None


class Statement(Body, frozen=True):
    """The body; ref 0 is the contact or other entry, ref 1 the statement that `stance` is about.

    `value` is by fact: 0 or 1 (HELD), a party (INITIATIVE), a time (START), minutes (DURATION), a level, a medium, a
    name (PERSON), a code for the others; a REMARK has words alone.
    """

    fact: About
    value: Value = None
    words: Words = ""
    language: Language = LANGUAGE
    sources: Annotated[tuple[Source, ...], msgspec.Meta(max_length=SOURCES_MAX)] = ()
    precision: Precision = Precision.NOT_SPECIFIED
    releasable: Releasable = Releasable.ALL
    stance: Stance | None = None


class Claim(msgspec.Struct, frozen=True):
    """A statement as the book keeps it, without its words: `key` is a digest of them where they stand for a value.

    `named` is the place of the statement that `stance` is about, `named_hash` what its leaf must hash to.
    """

    member: int
    index: int
    fact: About
    value: Value
    precision: Precision
    key: bytes
    stance: Stance | None = None
    named: Place | None = None
    named_hash: bytes = b""

    @property
    def place(self) -> Place:
        """Member and index of the entry."""
        return self.member, self.index


class Claims:
    """Every statement, by the entry it is about. Mutable; owned by the book.

    `persons` are the statements that somebody took part, by the name as `written` has it: the entry and the statement.
    """

    def __init__(self) -> None:
        self.about: dict[Place, list[Claim]] = {}
        self.by_place: dict[Place, Claim] = {}
        self.persons: dict[str, list[tuple[Place, Place]]] = {}

    def snapshot(self) -> codec.Value:
        """Every statement, in order."""
        return [
            [
                *place,
                *claim.place,
                int(claim.fact),
                _plain(claim.value),
                int(claim.precision),
                claim.key,
                None if claim.stance is None else int(claim.stance),
                None if claim.named is None else [*claim.named, claim.named_hash],
            ]
            for place, rows in sorted(self.about.items())
            for claim in sorted(rows, key=lambda row: row.place)
        ]


class SourceOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A link of the source chain as a command names it."""

    who: str
    how: HowName


class State(Arguments, frozen=True, kw_only=True):
    """Arguments of `state`: about which entry, which fact, its value as text, the words, and where it comes from.

    `named` is another statement, and `stance` what this one says to it. A person is named as published, or by the id
    of the register.
    """

    entry: str
    fact: AboutName
    value: str | None = None
    grain: GrainName | None = None
    words: str = ""
    language: str = LANGUAGE
    sources: tuple[SourceOf, ...] = ()
    precision: PrecisionName = "not-specified"
    releasable: Literal["all", "members", "own"] = "all"
    named: str | None = None
    stance: Literal["agrees", "contradicts"] | None = None


def fits(fact: About, value: Value) -> bool:
    """Whether a value is of the type of its fact. None always is: the words, or the stance, then say it."""
    match fact:
        case About.HELD:
            return value in (0, 1, None) and not isinstance(value, str | When)
        case About.START:
            return value is None or isinstance(value, When)
        case About.DURATION:
            return value is None or (isinstance(value, int) and value <= MINUTES_MAX)
        case About.LEVEL:
            return value is None or (isinstance(value, int) and value in _LEVELS)
        case About.MEDIUM:
            return value is None or (isinstance(value, int) and value in _MEDIA)
        case About.REMARK:
            return value is None
        case _:
            return value is None or isinstance(value, str)


_LEVELS = frozenset(map(int, Level))
_MEDIA = frozenset(map(int, Medium)) - {0}


def _plain(value: Value) -> codec.Value:
    return [value.ms, int(value.grain)] if isinstance(value, When) else value


def _apply(book: Book, said: Said, body: Statement) -> Sequence[Change]:
    item = book.subject(said, Takes.STATEMENT, own=None)
    if not isinstance(item, Item):
        return item
    if not fits(body.fact, body.value):
        return [book.fault(said, "fault-value-wrong", fact=body.fact.name)]
    refs = said.leaf.refs
    if (body.stance is None) is not (len(refs) < 2):
        return [book.fault(said, "fault-stance-wrong")]
    if body.value is None and not body.words.strip() and body.stance is None:
        return [book.fault(said, "fault-statement-empty")]
    named = refs[1] if body.stance is not None and refs[1].origin in book.members else None
    claim = Claim(
        said.member,
        said.entry.index,
        body.fact,
        book.word(body.value) if isinstance(body.value, str) else body.value,
        body.precision,
        key_of(body.words) if body.value is None and body.words.strip() else b"",
        body.stance,
        None if named is None else (book.number(named.origin), named.index),
        b"" if named is None else named.leaf_hash,
    )
    claims = book.state(Claims)
    claims.about.setdefault((item.member, item.index), []).append(claim)
    claims.by_place[claim.place] = claim
    if claim.fact is About.PERSON and isinstance(claim.value, str):
        named_as = claims.persons.setdefault(written(claim.value), [])
        named_as.append(((item.member, item.index), claim.place))
    return [book.changed(item, "stated")]


def _state(book: Book, asked: Asked, values: State) -> Sequence[Draft]:
    item = item_for(book, asked, values.entry, Takes.STATEMENT)
    fact = About[values.fact.upper().replace("-", "_")]
    refs = [ref_of(book, item)]
    if (values.stance is None) is not (values.named is None):
        raise UsageError("stance-wrong")
    if values.named is not None:
        refs.append(_named(book, values.named, fact, item.mark))
    if len(values.sources) > SOURCES_MAX:
        raise UsageError("sources-too-many", limit=SOURCES_MAX)
    body = Statement(
        fact=fact,
        value=_value(book, asked, values, fact),
        words=verbatim_of(values.words),
        language=language_of(values.language),
        sources=tuple(Source(person_of(row.who, "source"), How[row.how.upper()]) for row in values.sources),
        precision=precision_of(values.precision),
        releasable=Releasable[values.releasable.upper()],
        stance=None if values.stance is None else Stance[values.stance.upper()],
    )
    if not fits(fact, body.value) or (body.value is None and not body.words.strip() and body.stance is None):
        raise UsageError("statement-value-wrong", fact=values.fact, value=values.value or "")
    if fact is About.PERSON and isinstance(body.value, str) and is_id(body.value):
        _check_registered(book, body.value, item.mark)
    return [Draft(STATEMENT, pack(body), asked.desk, tuple(refs), mark=item.mark)]


def _check_registered(book: Book, name: str, mark: Mark) -> None:
    """Raises UsageError when an id of the register stands for nobody."""
    if not spellings(book, name, mark):
        raise UsageError("name-unknown", id=name, line=book.line)


def _named(book: Book, text: str, fact: About, mark: Mark) -> Ref:
    """The statement of another party that ours is about. Raises UsageError when there is none of this fact."""
    origin, index = book.find(text)
    found = book.state(Claims).by_place.get((book.number(origin), index))
    item = book.item(origin, index)
    if found is None or item is None or origin == book.me or found.fact is not fact or item.mark is not mark:
        raise UsageError("stance-not-possible", entry=book.label(origin, index), fact=fact.name)
    return book.ref(origin, index)


def _value(book: Book, asked: Asked, values: State, fact: About) -> Value:
    if values.value is None:
        return None
    if fact is About.LEVEL:
        return int(asked_level(book, asked, values.value))
    return _READ.get(fact, _code)(book, values, values.value)


def _held(_book: Book, values: State, text: str) -> Value:
    if text not in ("yes", "no"):
        raise UsageError("statement-value-wrong", fact=values.fact, value=text)
    return int(text == "yes")


def _minutes(_book: Book, values: State, text: str) -> Value:
    if not (text.isascii() and text.isdigit() and int(text) <= MINUTES_MAX):
        raise UsageError("statement-value-wrong", fact=values.fact, value=text)
    return int(text)


def _medium(_book: Book, values: State, text: str) -> Value:
    if text.upper() not in Medium.__members__:
        raise UsageError("statement-value-wrong", fact=values.fact, value=text)
    return int(Medium[text.upper()])


def _code(_book: Book, values: State, text: str) -> Value:
    return code_of(text, values.fact)


_READ: Mapping[About, Callable[[Book, State, str], Value]] = {
    About.HELD: _held,
    About.INITIATIVE: lambda book, _values, text: party_id(book, text),
    About.START: lambda _book, values, text: when_of(text, values.grain),
    About.DURATION: _minutes,
    About.PERSON: lambda _book, _values, text: person_of(text, "person"),
    About.MEDIUM: _medium,
    About.REMARK: lambda _book, _values, text: person_of(text, "remark"),
}

KIND = kind(
    STATEMENT,
    "statement",
    Statement,
    _apply,
    (verb("state", "state", "State a fact about a contact, an attempt, a request or a readout", State, _state),),
    Traits(
        fresh=Claims,
        takes=frozenset({Takes.CANCELLATION, Takes.TRANSLATION, Takes.RECEIPT}),
        refs_needed=1,
    ),
)

"""Kind 32, term: a contested term. Each party's own word for it, by language, and an agreed formula where there is one.

No party's word ever stands for the other's. A neutral formula is agreed when every party has stated the same one for
the language, letter for letter; until then it is a proposal. A party's newest entry counts, unless it was withdrawn.
What the parties have agreed on so is what a charter may take up; the formula that counts is the charter's (`force`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Annotated

import msgspec

from openline.base import codec
from openline.base.errors import UsageError
from openline.base.schema import Body, pack
from openline.line.book import Book
from openline.line.item import Standing
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.name import ID_CHARACTERS_MAX, Spelt, spelt_of
from openline.line.words import Language, language_of
from openline.record.entry import Draft, Mark

TERM = 32

_ID = r"^[a-z0-9]+([.-][a-z0-9]+)*\Z"

TermId = Annotated[str, msgspec.Meta(pattern=_ID, max_length=ID_CHARACTERS_MAX)]


class Term(Body, frozen=True):
    """The body: a party's word for a term in a language; with `neutral` the formula it proposes or agrees to."""

    id: TermId
    word: Spelt
    language: Language
    neutral: bool = False


class Stated(Enum):
    """What the parties have stated as the neutral formula of a term in one language."""

    BY_NOBODY = "nobody"
    BY_SOME = "some, the same"
    APART = "different ones"
    BY_ALL = "all, the same"


class Formula(Enum):
    """How the neutral formula of a term stands in one language."""

    NONE = "none"
    PROPOSED = "proposed"
    DISPUTED = "disputed"
    AGREED = "agreed"


FORMULA: Mapping[tuple[Formula, Stated], Formula] = {
    (Formula.NONE, Stated.BY_SOME): Formula.PROPOSED,
    (Formula.PROPOSED, Stated.BY_NOBODY): Formula.NONE,
    (Formula.PROPOSED, Stated.BY_SOME): Formula.PROPOSED,
    (Formula.PROPOSED, Stated.APART): Formula.DISPUTED,
    (Formula.PROPOSED, Stated.BY_ALL): Formula.AGREED,
    (Formula.DISPUTED, Stated.BY_SOME): Formula.PROPOSED,
    (Formula.DISPUTED, Stated.APART): Formula.DISPUTED,
    (Formula.DISPUTED, Stated.BY_ALL): Formula.AGREED,
    (Formula.AGREED, Stated.BY_SOME): Formula.PROPOSED,
    (Formula.AGREED, Stated.APART): Formula.DISPUTED,
    (Formula.AGREED, Stated.BY_ALL): Formula.AGREED,
}
"""What one entry of one party can lead to. Nothing goes from NONE to AGREED: an agreement needs the second word."""

_STANDS = {stated: stands for (_, stated), stands in FORMULA.items()}


class _Word(msgspec.Struct, frozen=True, gc=False):
    member: int
    index: int
    text: str


Row = tuple[Mark, str, str, bool]
"""Mark, id, language, and whether it is the neutral formula."""


class Terms:
    """Every word for every term of a line. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.rows: dict[Row, list[_Word]] = {}

    def snapshot(self) -> codec.Value:
        """Every word ever stated, in order."""
        return [
            [int(row[0]), *row[1:], sorted([word.member, word.index, word.text] for word in words)]
            for row, words in sorted(self.rows.items())
        ]


def terms(book: Book, mark: Mark = Mark.OPERATION) -> list[tuple[str, str]]:
    """Every term and language in which some party's word or formula stands, in order."""
    rows = {row[1:3] for row in book.state(Terms).rows if row[0] is mark}
    return [row for row in sorted(rows) if words(book, *row, mark) or formulas(book, *row, mark)]


def words(book: Book, term: str, language: str, mark: Mark = Mark.OPERATION) -> dict[str, str]:
    """Each party's own word for a term, by its origin; who has stated none is not there."""
    return _newest(book, (mark, term, language, False))


def formulas(book: Book, term: str, language: str, mark: Mark = Mark.OPERATION) -> dict[str, str]:
    """The neutral formula each party has stated, by its origin."""
    return _newest(book, (mark, term, language, True))


def formula(book: Book, term: str, language: str, mark: Mark = Mark.OPERATION) -> tuple[Formula, str | None]:
    """How the formula stands, and the formula itself, which is there only when it is AGREED."""
    stated = formulas(book, term, language, mark)
    stands = _STANDS[_stated(stated, len(book.members))]
    return stands, next(iter(stated.values())) if stands is Formula.AGREED else None


class Word(Arguments, frozen=True, kw_only=True):
    """Arguments of `term`: our own word for it."""

    id: str
    word: str
    language: str


class Propose(Arguments, frozen=True, kw_only=True):
    """Arguments of `formula`. Without `word` it is the one that stands proposed by others: we agree."""

    id: str
    language: str
    word: str | None = None


def _newest(book: Book, row: Row) -> dict[str, str]:
    """The newest word of each party, unless it has withdrawn just that: an older one never comes back by itself."""
    newest: dict[int, _Word] = {}
    for word in book.state(Terms).rows.get(row, ()):
        if word.member not in newest or word.index > newest[word.member].index:
            newest[word.member] = word
    found: dict[str, str] = {}
    for member in sorted(newest):
        item = book.item(book.members[member], newest[member].index)
        if item is not None and item.standing is Standing.OPEN:
            found[book.members[member]] = newest[member].text
    return found


def _stated(stated: Mapping[str, str], members: int) -> Stated:
    if not stated:
        return Stated.BY_NOBODY
    if len(set(stated.values())) > 1:
        return Stated.APART
    return Stated.BY_ALL if len(stated) == members else Stated.BY_SOME


def _apply(book: Book, said: Said, body: Term) -> Sequence[Change]:
    row = (said.leaf.mark, body.id, body.language, body.neutral)
    index = said.entry.index
    book.state(Terms).rows.setdefault(row, []).append(_Word(said.member, index, body.word))
    stands = formula(book, body.id, body.language, said.leaf.mark)[0]
    return [Change("term", said.entry.origin, index, stands.value if body.neutral else "new")]


def _term(book: Book, asked: Asked, values: Word) -> Sequence[Draft]:
    body = Term(id=term_of(values.id), word=spelt_of(values.word), language=language_of(values.language))
    return _once(book, asked, body)


def _formula(book: Book, asked: Asked, values: Propose) -> Sequence[Draft]:
    term, language = term_of(values.id), language_of(values.language)
    word = _proposed(book, asked, term, language) if values.word is None else spelt_of(values.word)
    return _once(book, asked, Term(id=term, word=word, language=language, neutral=True))


def _proposed(book: Book, asked: Asked, term: str, language: str) -> str:
    stated = formulas(book, term, language, asked.mark)
    theirs = {word for origin, word in stated.items() if origin != asked.me}
    if len(theirs) != 1:
        raise UsageError("formula-not-one" if theirs else "formula-not-proposed", id=term, language=language)
    return theirs.pop()


def _once(book: Book, asked: Asked, body: Term) -> Sequence[Draft]:
    row = (asked.mark, body.id, body.language, body.neutral)
    if _newest(book, row).get(asked.me) == body.word:
        return []
    return [Draft(TERM, pack(body), asked.desk, mark=asked.mark)]


def term_of(text: str) -> str:
    """A term's id. Raises UsageError when it is none."""
    if len(text) > ID_CHARACTERS_MAX or not re.match(_ID, text):
        raise UsageError("term-id-wrong", id=text[:ID_CHARACTERS_MAX])
    return text


KIND = kind(
    TERM,
    "term",
    Term,
    _apply,
    (
        verb("term", "translate", "State our own word for a contested term", Word, _term),
        verb(
            "formula", "send", "Propose a neutral formula for a term, or agree to the one proposed", Propose, _formula
        ),
    ),
    Traits(fresh=Terms, takes=frozenset({Takes.CANCELLATION})),
)

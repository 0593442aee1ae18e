"""How the register of names and the contested terms are shown: each spelling and each word with the party it is of."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from openline.base.time import Instant
from openline.line.book import Book
from openline.line.force import in_force
from openline.line.name import ids, spellings
from openline.line.term import formula, formulas, terms, words
from openline.record.entry import Mark


class SpellingView(msgspec.Struct, frozen=True):
    """One spelling: by which party, in which entry."""

    text: str
    language: str
    script: str
    source: str
    party: str
    entry: str


class NameView(msgspec.Struct, frozen=True):
    """One person or place, with the spellings of all parties."""

    id: str
    spellings: tuple[SpellingView, ...]
    line: str = ""


class TermView(msgspec.Struct, frozen=True):
    """One contested term in one language. `words` is each party's own word, `proposed` each one's neutral formula.

    `state` is none, proposed, disputed or agreed, and `agreed` the formula that all have stated alike. Neither counts
    by itself: `formula` is the one that does, of the charter in force, and there is none without it.
    """

    id: str
    language: str
    words: dict[str, str]
    proposed: dict[str, str]
    state: str
    formula: str | None
    agreed: str | None = None


def name_views(book: Book, name: str | None = None, mark: Mark = Mark.OPERATION) -> list[NameView]:
    """The register by id, or one id of it; an id without spellings is not there."""
    wanted = ids(book, mark) if name is None else [name]
    found = [NameView(each, _spellings(book, each, mark), book.line) for each in wanted]
    return [view for view in found if view.spellings]


def term_views(book: Book, now: Instant, mark: Mark = Mark.OPERATION) -> list[TermView]:
    """Every contested term by id and language, with those that the charter in force has."""
    row = in_force(book, now, mark)
    chartered = {} if row is None else row.formulas
    rows = sorted({*terms(book, mark), *chartered})
    return [_term(book, term, language, mark, chartered.get((term, language))) for term, language in rows]


def _spellings(book: Book, name: str, mark: Mark) -> tuple[SpellingView, ...]:
    return tuple(
        SpellingView(
            known.spelling.text,
            known.spelling.language,
            known.spelling.script,
            known.spelling.source,
            book.labels[book.members[known.member]],
            book.label(book.members[known.member], known.index),
        )
        for known in spellings(book, name, mark)
    )


def _term(book: Book, term: str, language: str, mark: Mark, counts: str | None) -> TermView:
    state, agreed = formula(book, term, language, mark)
    own, proposed = words(book, term, language, mark), formulas(book, term, language, mark)
    return TermView(term, language, _labelled(book, own), _labelled(book, proposed), state.value, counts, agreed)


def _labelled(book: Book, by_origin: Mapping[str, str]) -> dict[str, str]:
    return {book.labels[origin]: text for origin, text in by_origin.items()}

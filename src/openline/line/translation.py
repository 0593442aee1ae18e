"""Kind 2, translation: a text in another language, beside the original and never in its place.

The sender's words stay the authentic ones (R28). A translation names its original, its author and how far it can be
trusted; it is always made from the original: a translation of a translation is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Literal

import msgspec

from openline.base import codec
from openline.base.errors import UsageError
from openline.base.schema import Body, pack
from openline.line.asking import item_for, ref_of
from openline.line.book import Book
from openline.line.item import Item, Link, Relation
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.status import refuse_suspended
from openline.line.words import BLANK, By, Language, Text, by_of, language_of, text_of
from openline.record.entry import Draft

TRANSLATION = 2


class TranslationState(IntEnum):
    """How far a translation can be trusted; the numbers stand in bodies."""

    DRAFT = 0
    CHECKED = 1
    DISPUTED = 2


class Translation(Body, frozen=True):
    """The body; ref 0 is the original. `author` is empty when the desk that says it translated it."""

    text: Text
    language: Language
    state: TranslationState = TranslationState.DRAFT
    author: By = ""


class Translated(msgspec.Struct, frozen=True):
    """A translation as the book keeps it, without its text. `by` is its author, a person or desk of `member`."""

    member: int
    index: int
    language: str
    state: TranslationState
    by: str


class Translations:
    """Every translation, by its place. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.by_place: dict[tuple[int, int], Translated] = {}

    def snapshot(self) -> codec.Value:
        """Every translation, in order."""
        return [[*place, row.language, int(row.state), row.by] for place, row in sorted(self.by_place.items())]


class Translate(Arguments, frozen=True, kw_only=True):
    """Arguments of `translate`: of which entry, into which language, how far checked, by whom."""

    entry: str
    text: str
    language: str
    state: Literal["draft", "checked", "disputed"] = "draft"
    author: str = ""


def _apply(book: Book, said: Said, body: Translation) -> Sequence[Change]:
    original = book.subject(said, Takes.TRANSLATION, own=None)
    if not isinstance(original, Item):
        return original
    row = Translated(
        said.member, said.entry.index, book.word(body.language), body.state, book.word(body.author or said.leaf.desk)
    )
    book.state(Translations).by_place[row.member, row.index] = row
    original.link(Link(Relation.TRANSLATION, said.member, said.entry.index, said.leaf.time_ms))
    return [book.changed(original, "translated")]


def _translate(book: Book, asked: Asked, values: Translate) -> Sequence[Draft]:
    place = book.find(values.entry)
    if book.kind_at(*place) == TRANSLATION:
        raise UsageError("translation-of-translation", entry=book.label(*place))
    original = item_for(book, asked, values.entry, Takes.TRANSLATION)
    refuse_suspended(book, original.mark, original.precedence)
    body = Translation(
        text=text_of(values.text),
        language=language_of(values.language),
        state=TranslationState[values.state.upper()],
        author=by_of(values.author, asked.desk),
    )
    return [Draft(TRANSLATION, pack(body), asked.desk, (ref_of(book, original),), mark=original.mark)]


KIND = kind(
    TRANSLATION,
    "translation",
    Translation,
    _apply,
    (verb("translate", "translate", "Add a translation of an entry", Translate, _translate),),
    Traits(
        fresh=Translations,
        takes=frozenset({Takes.CANCELLATION}),
        refs_needed=1,
        erases={"text": BLANK},
    ),
)

"""Kind 31, name: spellings of one person, place or body, each with its script, its language and its source.

One id stands for one person or place on a line. Every entry adds spellings to it; those of all parties stand beside
each other, and nobody changes another's. A party takes spellings of its own back by withdrawing the entry.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Annotated

import msgspec

from openline.base import codec
from openline.base.errors import UsageError
from openline.base.limits import SPELLING_CHARACTERS_MAX, SPELLINGS_AT_ONCE_MAX, SPELLINGS_OF_A_PARTY_MAX
from openline.base.schema import Body, pack
from openline.line.book import Book
from openline.line.item import Standing
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.words import Language, language_of, reason_of
from openline.record.entry import Draft, Mark

NAME = 31
ID_CHARACTERS_MAX = 80
SOURCE_CHARACTERS_MAX = 200
UNKNOWN_SCRIPT = "Zyyy"

_ID = r"^[a-z]+:[a-z0-9]+([.-][a-z0-9]+)*\Z"
_SORTS = ("person", "place", "body")
_SCRIPT = r"^[A-Z][a-z]{3}\Z"

Id = Annotated[str, msgspec.Meta(pattern=_ID, max_length=ID_CHARACTERS_MAX)]
Spelt = Annotated[str, msgspec.Meta(min_length=1, max_length=SPELLING_CHARACTERS_MAX)]
Script = Annotated[str, msgspec.Meta(pattern=_SCRIPT)]
Source = Annotated[str, msgspec.Meta(max_length=SOURCE_CHARACTERS_MAX)]

SCRIPTS = {
    "ARABIC": "Arab",
    "ARMENIAN": "Armn",
    "BENGALI": "Beng",
    "CJK": "Hani",
    "CYRILLIC": "Cyrl",
    "DEVANAGARI": "Deva",
    "GEORGIAN": "Geor",
    "GREEK": "Grek",
    "HANGUL": "Hang",
    "HEBREW": "Hebr",
    "HIRAGANA": "Hira",
    "KATAKANA": "Kana",
    "LATIN": "Latn",
    "THAI": "Thai",
}
"""The first word of a letter's Unicode name, and the script's ISO 15924 code."""


class Spelling(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One spelling: as it is written, in which language and script (ISO 15924), and where it was found."""

    text: Spelt
    language: Language
    script: Script
    source: Source = ""


class Name(Body, frozen=True):
    """The body: the id, and the spellings this entry adds to it."""

    id: Id
    spellings: Annotated[tuple[Spelling, ...], msgspec.Meta(min_length=1, max_length=SPELLINGS_AT_ONCE_MAX)]


class Known(msgspec.Struct, frozen=True):
    """A spelling as the register holds it: added by `member` in its entry `index`."""

    member: int
    index: int
    spelling: Spelling


class Names:
    """The register of a line, by mark and id. Mutable; owned by the book.

    `changes` grows with every entry, so that whoever keeps something made of the register knows when it is old.
    """

    def __init__(self) -> None:
        self.rows: dict[tuple[Mark, str], list[Known]] = {}
        self.changes = 0

    def snapshot(self) -> codec.Value:
        """Every spelling, in order."""
        return [
            [int(mark), name, [_row(known) for known in sorted(rows, key=_place)]]
            for (mark, name), rows in sorted(self.rows.items())
        ]


def ids(book: Book, mark: Mark = Mark.OPERATION) -> list[str]:
    """Every id that has a spelling now, in order."""
    found = sorted(name for each, name in book.state(Names).rows if each is mark)
    return [name for name in found if any(True for _ in _standing(book, mark, name))]


def spellings(book: Book, name: str, mark: Mark = Mark.OPERATION) -> list[Known]:
    """The spellings of an id by author and place, without those withdrawn. The same from two entries stands once."""
    found: dict[tuple[int, Spelling], Known] = {}
    for known in sorted(_standing(book, mark, name), key=_place):
        found.setdefault((known.member, known.spelling), known)
    return list(found.values())


def script_of(text: str) -> str:
    """The script of the first letter of `text` that has one known here, by its ISO 15924 code."""
    for character in text:
        if character.isalpha():
            script = SCRIPTS.get(unicodedata.name(character, "").split(" ", 1)[0])
            if script is not None:
                return script
    return UNKNOWN_SCRIPT


class SpellingGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A spelling as a command gives it. Without `script` it is that of its letters."""

    text: str
    language: str
    script: str | None = None
    source: str = ""


class Register(Arguments, frozen=True, kw_only=True):
    """Arguments of `name`: the id, such as `person:shoigu`, and what to add to it."""

    id: str
    spellings: tuple[SpellingGiven, ...]


def _standing(book: Book, mark: Mark, name: str) -> Iterator[Known]:
    for known in book.state(Names).rows.get((mark, name), ()):
        item = book.item(book.members[known.member], known.index)
        if item is not None and item.standing is Standing.OPEN:
            yield known


def _place(known: Known) -> tuple[int, int]:
    return known.member, known.index


def _row(known: Known) -> codec.Value:
    spelling = known.spelling
    return [known.member, known.index, spelling.text, spelling.language, spelling.script, spelling.source]


def _apply(book: Book, said: Said, body: Name) -> Sequence[Change]:
    names = book.state(Names)
    rows = names.rows.setdefault((said.leaf.mark, body.id), [])
    held = sum(known.member == said.member for known in rows)
    if held + len(body.spellings) > SPELLINGS_OF_A_PARTY_MAX:
        return [book.fault(said, "fault-spellings-too-many", limit=SPELLINGS_OF_A_PARTY_MAX)]
    rows += [Known(said.member, said.entry.index, spelling) for spelling in body.spellings]
    names.changes += 1
    return [Change("name", said.entry.origin, said.entry.index, "new")]


def _name(book: Book, asked: Asked, values: Register) -> Sequence[Draft]:
    name = id_of(values.id)
    if not values.spellings:
        raise UsageError("spellings-missing", id=name)
    if len(values.spellings) > SPELLINGS_AT_ONCE_MAX:
        raise UsageError("spellings-too-many", limit=SPELLINGS_AT_ONCE_MAX)
    me = book.number(asked.me)
    ours = {known.spelling for known in spellings(book, name, asked.mark) if known.member == me}
    new = [given for given in dict.fromkeys(map(_spelling, values.spellings)) if given not in ours]
    if not new:
        return []
    held = sum(known.member == me for known in book.state(Names).rows.get((asked.mark, name), ()))
    if held + len(new) > SPELLINGS_OF_A_PARTY_MAX:
        raise UsageError("spellings-of-id-too-many", id=name, limit=SPELLINGS_OF_A_PARTY_MAX)
    return [Draft(NAME, pack(Name(id=name, spellings=tuple(new))), asked.desk, mark=asked.mark)]


def is_id(text: str) -> bool:
    """Whether this is an id of the register, and no name as people write it."""
    return len(text) <= ID_CHARACTERS_MAX and re.match(_ID, text) is not None and text.partition(":")[0] in _SORTS


def id_of(text: str) -> str:
    """An id that may be written. Raises UsageError when it is none, or of a sort this node does not write."""
    if not is_id(text):
        raise UsageError("name-id-wrong", id=text[:ID_CHARACTERS_MAX], sorts=", ".join(_SORTS))
    return text


def spelt_of(text: str) -> str:
    """A spelling. Raises UsageError when it is empty, too long, or no Unicode text."""
    if not text.strip():
        raise UsageError("text-empty")
    if len(text) > SPELLING_CHARACTERS_MAX:
        raise UsageError("spelling-too-long", characters=len(text), limit=SPELLING_CHARACTERS_MAX)
    return reason_of(text)


def _spelling(given: SpellingGiven) -> Spelling:
    text = spelt_of(given.text)
    script = script_of(text) if given.script is None else given.script
    if not re.match(_SCRIPT, script):
        raise UsageError("script-wrong", script=script[:20])
    if len(given.source) > SOURCE_CHARACTERS_MAX:
        raise UsageError("text-too-long", field="source", size=len(given.source), limit=SOURCE_CHARACTERS_MAX)
    return Spelling(text, language_of(given.language), script, reason_of(given.source))


KIND = kind(
    NAME,
    "name",
    Name,
    _apply,
    (verb("name", "translate", "Add spellings of a person or place to the register", Register, _name),),
    Traits(fresh=Names, takes=frozenset({Takes.CANCELLATION})),
)

"""What a search asks for, which texts of an entry it looks at, and the piece of a text that shows why it was found.

A query is words, never a language of its own: quotation marks, stars and hyphens only part words. Words that spell a
name of the register stand for every spelling of that name; any other is found as it is written, or by its likeness.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

import msgspec

from openline.base.errors import PeerError, UsageError
from openline.base.limits import BODY_BYTES_MAX, SEARCH_CHARACTERS_MAX, SEARCH_WORDS_MAX
from openline.base.schema import unpack
from openline.line.kinds import Registry
from openline.line.linetest import TEST, TEST_ANSWER
from openline.line.name import Names
from openline.line.tokens import Word, placed, words
from openline.record.entry import Entry

EXCERPT_CHARACTERS_MAX = 200
SPELLINGS_TOGETHER_MAX = 64
LIKENESSES_MAX = 8

_BEFORE_CHARACTERS = 60
_UNSEARCHED_FIELDS = frozenset({"action", "info", "language", "languages", "script", "to"})
_ID = "id"
_UNSEARCHED_KINDS = frozenset({TEST, TEST_ANSWER})

Both = tuple[str, ...]
"""Tokens that must stand in an entry together."""

Either = tuple[Both, ...]
"""Of which one is enough."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an entry must have: of every member of `groups` one alternative. `exact` leaves the likenesses out."""

    groups: tuple[Either, ...]
    exact: tuple[Either, ...]
    wanted: frozenset[str] = field(repr=False)

    def is_met(self, tokens: Set[str]) -> bool:
        """Whether an entry of these tokens is what was asked for, or like it."""
        return _meets(tokens, self.groups)

    def is_exact(self, tokens: Set[str]) -> bool:
        """Whether it has what was asked for as it is written, or as the register spells it."""
        return _meets(tokens, self.exact)


class Spelled:
    """The registers of some lines, for looking up what a query's words spell. Mutable; made anew when they change."""

    def __init__(self) -> None:
        self._ids: dict[tuple[Both, ...], set[str]] = {}
        self._spellings: dict[str, dict[Both, None]] = {}
        self.longest = 0

    def add(self, names: Names) -> None:
        """Take in a register, withdrawn spellings too: whoever once wrote so is to be found."""
        for (_, name), rows in names.rows.items():
            for known in rows:
                written = tuple(word.exact for word in words(known.spelling.text))
                if written:
                    self._ids.setdefault(written, set()).add(name)
                    self._spellings.setdefault(name, {})[tuple(_flat(written))] = None
                    self.longest = max(self.longest, len(written))

    def spellings(self, written: Sequence[Word]) -> list[Both]:
        """The tokens of every spelling of the names these words spell; nothing when they spell none."""
        found: dict[Both, None] = {}
        for name in sorted(self._ids.get(tuple(word.exact for word in written), ())):
            found |= self._spellings[name]
        return list(found)[:SPELLINGS_TOGETHER_MAX]


def plan(text: str, spelled: Spelled, similar: bool = True) -> Plan:
    """What `text` asks for; without `similar` only what is written so or a spelling of it in the register.

    Raises UsageError when it has no word, or more than a search takes.
    """
    if len(text) > SEARCH_CHARACTERS_MAX:
        raise UsageError("search-too-long", characters=len(text), limit=SEARCH_CHARACTERS_MAX)
    asked = words(text)
    asked = [word for word in asked if len(word.exact[0]) > 2] or asked  # The l of "l'Ukraine" asks for nothing.
    if not asked:
        raise UsageError("search-empty")
    if len(asked) > SEARCH_WORDS_MAX:
        raise UsageError("search-too-many-words", words=len(asked), limit=SEARCH_WORDS_MAX)
    exact: list[Either] = []
    groups: list[Either] = []
    for written, spellings in _parted(asked, spelled):
        exact.append(tuple(dict.fromkeys([tuple(_flat(word.exact for word in written)), *spellings])))
        groups.append((*exact[-1], *(_likenesses(written) if similar else ())))
    wanted = frozenset(token for either in groups for both in either for token in both)
    return Plan(tuple(groups), tuple(exact), wanted)


def texts_of(registry: Registry, entry: Entry) -> list[str]:
    """Every text of an entry that a search looks at: what people wrote in its body.

    Nothing of a body that is withheld, unreadable or of an unknown kind, nor of what machines send for a test.
    """
    kind = registry.by_number(entry.leaf.kind)
    if kind is None or entry.body is None or kind.number in _UNSEARCHED_KINDS:
        return []
    try:
        return list(_texts(unpack(kind.body, entry.body, BODY_BYTES_MAX)))
    except PeerError:
        return []


def excerpt(texts: Sequence[str], wanted: frozenset[str]) -> str:
    """At most 200 characters around the first word that was asked for, in one line; else the beginning."""
    for text in texts:
        for start, end, found in placed(text):
            if not wanted.isdisjoint(found):
                return _cut(text, start, end)
    return _cut(texts[0], 0, 0) if texts else ""


def _parted(asked: Sequence[Word], spelled: Spelled) -> Iterator[tuple[Sequence[Word], list[Both]]]:
    """The words one by one, but together those that spell a name; the longest name first."""
    at = 0
    while at < len(asked):
        for length in range(min(spelled.longest, len(asked) - at), 0, -1):
            spellings = spelled.spellings(asked[at : at + length])
            if spellings:
                break
        else:
            length, spellings = 1, []
        yield asked[at : at + length], spellings
        at += length


def _likenesses(written: Sequence[Word]) -> list[Both]:
    """The ways in which something may be like these words: one skeleton of each, together."""
    found: list[Both] = [()]
    for word in written:
        found = [(*both, token) for both in found for token in (word.similar or word.exact[:1])][:LIKENESSES_MAX]
    return found if any(word.similar for word in written) else []


def _meets(tokens: Set[str], groups: Sequence[Either]) -> bool:
    return all(any(tokens >= set(both) for both in either) for either in groups)


def _flat(written: Iterable[Both]) -> Iterator[str]:
    return (token for both in written for token in both)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, msgspec.Struct):
        for name in sorted(type(value).__struct_fields__, key=_ID.__eq__):  # What people wrote comes before an id.
            if name not in _UNSEARCHED_FIELDS:
                yield from _texts(getattr(value, name))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)


def _cut(text: str, start: int, end: int) -> str:
    first = max(0, start - _BEFORE_CHARACTERS)
    if first:  # A word is not begun in its middle, as far as there is a space to begin at.
        space = text.find(" ", first, start)
        first = first if space < 0 else space + 1
    room = EXCERPT_CHARACTERS_MAX - 2
    piece = " ".join(text[first : max(first + room, end)].split())[:room]
    return f"{'…' if first else ''}{piece}{'…' if first + room < len(text) else ''}"

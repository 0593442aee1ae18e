"""Kind 41, tap: who it was. An officer puts a name to an entry that the officer's own party made a moment before.

STOP is one key, and a FLASH is taken with one: who pressed it follows as an entry of its own, so that a missing tap
delays neither (R66). A tap adds a name and changes nothing else; several officers may tap, and each tap is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec

from openline.base import codec
from openline.base.errors import UsageError
from openline.base.schema import Body, pack
from openline.line.book import Book
from openline.line.contact import Place
from openline.line.kinds import Arguments, Asked, Change, Said, Traits, kind, verb
from openline.line.words import BY_CHARACTERS_MAX, by_of
from openline.record.entry import Draft

TAP = 41


class Tap(Body, frozen=True):
    """The body; ref 0 is the entry, in the author's own log."""

    by: Annotated[str, msgspec.Meta(min_length=1, max_length=BY_CHARACTERS_MAX)]


class Tapped(msgspec.Struct, frozen=True):
    """Who tapped, in which entry, when by the author's clock."""

    index: int
    time_ms: int
    by: str


class Taps:
    """Every tap by the entry it names. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.by_place: dict[Place, list[Tapped]] = {}

    def snapshot(self) -> codec.Value:
        """Every tap, in order."""
        return [
            [*place, row.index, row.time_ms, row.by] for place, rows in sorted(self.by_place.items()) for row in rows
        ]


class TapEntry(Arguments, frozen=True, kw_only=True):
    """Arguments of `tap`: which entry of ours, and who it was."""

    entry: str
    by: str


def taps_of(book: Book, place: Place) -> Sequence[Tapped]:
    """Who tapped the entry of a place, in order."""
    return book.state(Taps).by_place.get(place, ())


def _apply(book: Book, said: Said, body: Tap) -> Sequence[Change]:
    ref = said.leaf.refs[0]
    if ref.origin != said.entry.origin:
        return [book.fault(said, "fault-tap-of-others")]
    item = book.item(ref.origin, ref.index)
    if item is not None and item.mark is not said.leaf.mark:
        return [book.fault(said, "fault-mark-differs", mark=said.leaf.mark.name, expected=item.mark.name)]
    row = Tapped(said.entry.index, said.leaf.time_ms, book.word(body.by))
    book.state(Taps).by_place.setdefault((said.member, ref.index), []).append(row)
    return [Change(book.registry.name(book.kind_at(ref.origin, ref.index)), ref.origin, ref.index, "tapped")]


def _tap(book: Book, asked: Asked, values: TapEntry) -> Sequence[Draft]:
    origin, index = book.find(values.entry)
    if origin != asked.me:
        raise UsageError("tap-of-others", entry=values.entry)
    by = by_of(values.by, "")
    if not by.strip():
        raise UsageError("name-missing", field="by")
    item = book.item(origin, index)
    mark = asked.mark if item is None else item.mark
    return [Draft(TAP, pack(Tap(by=by)), asked.desk, (book.ref(origin, index),), mark=mark)]


KIND = kind(
    TAP,
    "tap",
    Tap,
    _apply,
    (verb("tap", "read", "Say who it was that made an entry of ours", TapEntry, _tap),),
    Traits(fresh=Taps, refs_needed=1),
)

"""Kind 25, readout: what one side publishes of a contact, in its own words and language (R42).

Each side has its own; neither can change the other's. The order of release follows from the release times, where
these decide it, and from what an author says came out before its own. A correction is a new entry (kind 3), and so is
a translation (kind 2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from openline.base import codec
from openline.base.errors import UsageError
from openline.base.schema import Body, pack
from openline.base.time import Instant
from openline.line.book import Book
from openline.line.contact import Contacts, Meeting, Place, meeting_of, same_mark, stands
from openline.line.item import Item
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.precise import GrainName, When, before, when_of
from openline.line.status import refuse_suspended
from openline.line.words import (
    BLANK,
    LANGUAGE,
    Language,
    Milliseconds,
    Subject,
    Text,
    language_of,
    subject_of,
    text_of,
    time_of,
)
from openline.record.entry import Draft, Mark, Ref

READOUT = 25


class Readout(Body, frozen=True):
    """The body; ref 0 is the contact, ref 1 (if any) another side's readout that came out earlier.

    `released` is when it is or was published; it is not to be passed on before `embargo_ms`.
    """

    text: Text
    released: When
    language: Language = LANGUAGE
    embargo_ms: Milliseconds | None = None
    title: Subject = ""


class Published(msgspec.Struct, frozen=True):
    """One readout as the book keeps it. `contact` is the entry it is about, `after` a readout that came out earlier."""

    member: int
    index: int
    mark: Mark
    released: When
    embargo_ms: int | None
    contact: Place
    after: Ref | None

    @property
    def place(self) -> Place:
        """Member and index of the entry."""
        return self.member, self.index


class Readouts:
    """Every readout, by entry and by the contact entry it is about. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.by_place: dict[Place, Published] = {}
        self.of: dict[Place, list[Published]] = {}

    def snapshot(self) -> codec.Value:
        """Every readout, in order."""
        return [
            [
                *place,
                int(row.mark),
                [row.released.ms, int(row.released.grain)],
                row.embargo_ms,
                list(row.contact),
                None if row.after is None else [row.after.origin, row.after.index, row.after.leaf_hash],
            ]
            for place, row in sorted(self.by_place.items())
        ]


class Publish(Arguments, frozen=True, kw_only=True):
    """Arguments of `publish`: of which contact, the text, when it is or was released (now, if not said).

    `after` is another side's readout that came out before this one.
    """

    entry: str
    text: str
    language: str = LANGUAGE
    title: str = ""
    released: str | None = None
    grain: GrainName | None = None
    embargo: str | None = None
    after: str | None = None


def readouts_of(book: Book, meeting: Meeting) -> list[Published]:
    """The readouts of a meeting that their authors have not withdrawn, by author and place."""
    state = book.state(Readouts)
    rows = (row for anchor in meeting.anchors for row in state.of.get(anchor.place, ()))
    return sorted((row for row in rows if stands(book, row.place)), key=lambda row: row.place)


def readout_of(book: Book, text: str) -> Published:
    """The readout that an entry id names. Raises UsageError when that entry is none."""
    origin, index = book.find(text)
    found = book.state(Readouts).by_place.get((book.number(origin), index))
    if found is None:
        raise UsageError("readout-unknown", entry=book.label(origin, index), line=book.line)
    return found


def earlier(book: Book, one: Published, two: Published) -> bool:
    """Whether `one` came out before `two`: its time says so, or the author of `two` does."""
    if before(one.released, two.released):
        return True
    ref = two.after
    return ref is not None and ref == book.ref(book.members[one.member], one.index)


def order_of_release(rows: Iterable[Published], first: Callable[[Published, Published], bool]) -> list[list[Published]]:
    """The readouts in the order in which they came out; those whose order nothing decides stand in one step.

    `first(a, b)` tells whether a came out before b. A circle (two authors who each name the other's as the earlier)
    is one step.
    """
    left = sorted(rows, key=lambda row: row.place)
    steps: list[list[Published]] = []
    while left:
        step = [row for row in left if not any(other is not row and first(other, row) for other in left)] or left
        steps.append(step)
        left = [row for row in left if row not in step]
    return steps


def embargoed(row: Published, now: Instant) -> bool:
    """Whether its author asks that it be not passed on yet."""
    return row.embargo_ms is not None and now.ms < row.embargo_ms


def _apply(book: Book, said: Said, body: Readout) -> Sequence[Change]:
    item = book.subject(said, Takes.STATEMENT, own=None)
    if not isinstance(item, Item):
        return item
    contact = (item.member, item.index)
    if contact not in book.state(Contacts).by_place:
        return [book.fault(said, "fault-target-wrong", target=book.registry.name(item.kind))]
    refs, leaf = said.leaf.refs, said.leaf
    after = refs[1] if len(refs) > 1 else None
    row = Published(said.member, said.entry.index, leaf.mark, body.released, body.embargo_ms, contact, after)
    state = book.state(Readouts)
    state.by_place[row.place] = row
    state.of.setdefault(contact, []).append(row)
    return [book.changed(item, "readout")]


def _publish(book: Book, asked: Asked, values: Publish) -> Sequence[Draft]:
    first = meeting_of(book, values.entry).first
    origin, index = book.find(values.entry)
    mark = same_mark(book, asked, first.place, first.mark)
    refuse_suspended(book, mark, None)
    refs = [book.ref(origin, index)]
    if values.after is not None:
        after = readout_of(book, values.after)
        if book.members[after.member] == asked.me:
            raise UsageError("readout-own", entry=values.after)
        refs.append(book.ref(book.members[after.member], after.index))
    body = Readout(
        text=text_of(values.text),
        released=when_of(asked.now.rfc3339() if values.released is None else values.released, values.grain),
        language=language_of(values.language),
        embargo_ms=None if values.embargo is None else time_of(values.embargo).ms,
        title=subject_of(values.title),
    )
    return [Draft(READOUT, pack(body), asked.desk, tuple(refs), mark=mark)]


KIND = kind(
    READOUT,
    "readout",
    Readout,
    _apply,
    (verb("publish", "release", "Publish our readout of a contact", Publish, _publish),),
    Traits(
        fresh=Readouts,
        takes=frozenset(
            {Takes.RECEIPT, Takes.TRANSLATION, Takes.CORRECTION, Takes.CANCELLATION, Takes.STATEMENT},
        ),
        refs_needed=1,
        erases={"text": BLANK, "title": ""},
    ),
)

"""Kind 45, erasure: a party says which bodies, attachments or recordings its node no longer has (R74).

It is written by the node after it has erased. It speaks of the author's own copy alone: the other side's copy is the
other side's matter. Headers, digests, receipts and proofs are not erased, by anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum, IntEnum
from typing import Annotated

import msgspec

from openline.base import codec
from openline.base.schema import Body, Row, pack
from openline.line.book import Book
from openline.line.kinds import Change, Said, Traits, kind
from openline.line.words import Code, Milliseconds, Number
from openline.record.entry import Draft, Mark

ERASURE = 45
STRETCHES_MAX = 256


class Erases(IntEnum):
    """What was erased of the entries; the numbers stand in bodies."""

    BODIES = 1
    RECORDINGS = 2


class CopyState(Enum):
    """How a party's own copy of a body, or of a recording, stands by its own word."""

    HELD = "held"
    ERASED = "erased"


class CopyAct(Enum):
    """What a party says it has done with its own copy."""

    ERASE = "erase"


COPIES: Mapping[tuple[CopyState, CopyAct], CopyState] = {
    (CopyState.HELD, CopyAct.ERASE): CopyState.ERASED,
}
"""What is erased stays erased: nothing leads back."""


class Stretch(Row, frozen=True):
    """Entries `start` to before `stop` of the log."""

    start: Number
    stop: Number


class Erasure(Body, frozen=True):
    """The body: under which retention class, when, what, and of which entries of whose log."""

    under: Code
    at_ms: Milliseconds
    what: Erases
    party: Annotated[str, msgspec.Meta(min_length=1, max_length=253)]
    stretches: Annotated[tuple[Stretch, ...], msgspec.Meta(min_length=1, max_length=STRETCHES_MAX)]


class Gone(msgspec.Struct, frozen=True):
    """One stretch that `member` says it has erased, in its entry `index`."""

    member: int
    index: int
    what: Erases
    origin: str
    start: int
    stop: int
    under: str
    at_ms: int


class Erasures:
    """Every erasure, by author and log. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.rows: dict[tuple[int, Erases, str], list[Gone]] = {}

    def of(self, what: Erases, origin: str, index: int) -> list[Gone]:
        """Who says that its copy of this entry's body, or recording, is gone; by author."""
        members = sorted(member for member, kept, log in self.rows if (kept, log) == (what, origin))
        found = (self.find(member, what, origin, index) for member in members)
        return [row for row in found if row is not None]

    def find(self, member: int, what: Erases, origin: str, index: int) -> Gone | None:
        """What `member` has said of this entry."""
        rows = self.rows.get((member, what, origin), ())
        return next((row for row in rows if row.start <= index < row.stop), None)

    def state(self, member: int, what: Erases, origin: str, index: int) -> CopyState:
        """How the copy of `member` stands, by its own word."""
        return CopyState.HELD if self.find(member, what, origin, index) is None else CopyState.ERASED

    def snapshot(self) -> codec.Value:
        """Every stretch, in order."""
        return [
            [member, int(what), origin, [[row.index, row.start, row.stop, row.under, row.at_ms] for row in rows]]
            for (member, what, origin), rows in sorted(self.rows.items())
        ]


def erasure_drafts(
    desk: str, under: str, at_ms: int, what: Erases, party: str, indexes: Iterable[int]
) -> Iterator[Draft]:
    """What to say of entries of one log, by ascending index."""
    stretches: list[Stretch] = []
    for index in indexes:
        if stretches and stretches[-1].stop == index:
            stretches[-1] = Stretch(stretches[-1].start, index + 1)
        else:
            stretches.append(Stretch(index, index + 1))
    for first in range(0, len(stretches), STRETCHES_MAX):
        some = tuple(stretches[first : first + STRETCHES_MAX])
        body = Erasure(under=under, at_ms=at_ms, what=what, party=party, stretches=some)
        yield Draft(ERASURE, pack(body), desk, mark=Mark.OPERATION)


def _apply(book: Book, said: Said, body: Erasure) -> Sequence[Change]:
    origin = next((one for one in book.members if one == f"{body.party}/line/{book.line}"), None)
    stops = [0, *(row.stop for row in body.stretches)]
    starts = [row.start for row in body.stretches]
    ascending = all(stop <= start for stop, start in zip(stops, starts, strict=False))
    if origin is None or not ascending or any(row.start >= row.stop for row in body.stretches):
        return [book.fault(said, "fault-erasure-wrong")]
    rows = book.state(Erasures).rows.setdefault((said.member, body.what, origin), [])
    if any(row.start < one.stop and one.start < row.stop for row in rows for one in body.stretches):
        return [book.fault(said, "fault-erased-already")]
    place = (said.member, said.entry.index)
    under = book.word(body.under)
    rows += [Gone(*place, body.what, origin, row.start, row.stop, under, body.at_ms) for row in body.stretches]
    return [Change("erasure", said.entry.origin, said.entry.index, "erased")]


KIND = kind(ERASURE, "erasure", Erasure, _apply, traits=Traits(fresh=Erasures))

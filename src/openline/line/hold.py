"""Kind 44, hold: a party places a legal hold over a period, entries or a whole line, or lifts one it has placed (R74).

While any party's hold stands, no member may erase what it covers. It binds by being on the record: the node refuses to
erase by its book, and its store refuses by a row that is written in the commit of the entry itself. A hold placed in
earnest binds everything; one placed in exercise or test binds what bears the same mark.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, IntEnum

import msgspec

from openline.base import codec
from openline.base.errors import PeerError, UsageError
from openline.base.limits import BODY_BYTES_MAX, REFS_MAX
from openline.base.machine import NoTransition, advance
from openline.base.schema import Body, pack, unpack
from openline.line.book import Book
from openline.line.contact import Place
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.words import Milliseconds, Reason, reason_of, time_of
from openline.record.entry import PLACE_MAX, Draft, Entry, Leaf, Mark
from openline.record.ports import LiftHold, PlaceHold

HOLD = 44


class HoldAct(IntEnum):
    """What a party does; the numbers stand in bodies."""

    PLACE = 1
    LIFT = 2


class HoldState(Enum):
    """How a hold stands."""

    NONE = "none"
    STANDING = "standing"
    LIFTED = "lifted"


HOLDS: Mapping[tuple[HoldState, HoldAct], HoldState] = {
    (HoldState.NONE, HoldAct.PLACE): HoldState.STANDING,
    (HoldState.STANDING, HoldAct.LIFT): HoldState.LIFTED,
}
"""What its author may do with a hold. One that was lifted stays lifted; whoever needs it again places another."""


class Hold(Body, frozen=True):
    """The body. PLACE has one scope: `whole`, a period, or refs to the entries held. LIFT has the hold as ref 0.

    A period is of author times, from `since_ms` to before `until_ms`; without `until_ms` it has no end.
    """

    act: HoldAct
    reason: Reason = ""
    authority: Reason = ""
    since_ms: Milliseconds | None = None
    until_ms: Milliseconds | None = None
    whole: bool = False


class Held(msgspec.Struct, frozen=True):
    """One hold as the book keeps it. `entries` are (origin, index); `lifted` is the entry that lifted it."""

    member: int
    index: int
    time_ms: int
    mark: Mark
    since_ms: int | None
    until_ms: int | None
    entries: tuple[tuple[str, int], ...]
    lifted: int | None = None

    @property
    def state(self) -> HoldState:
        """How it stands."""
        return HoldState.STANDING if self.lifted is None else HoldState.LIFTED

    def covers(self, origin: str, index: int, leaf: Leaf) -> bool:
        """Whether it covers this entry of its line, standing or not."""
        if self.mark and self.mark is not leaf.mark:
            return False
        if (origin, index) in self.entries:
            return True
        return self.since_ms is not None and self.until_ms is not None and self.since_ms <= leaf.time_ms < self.until_ms


class Holds:
    """Every hold by its entry. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.by_place: dict[Place, Held] = {}

    def standing(self) -> list[Held]:
        """Those that stand, by author and place."""
        return [row for _, row in sorted(self.by_place.items()) if row.state is HoldState.STANDING]

    def snapshot(self) -> codec.Value:
        """Every hold, in order."""
        return [
            [
                *place,
                row.time_ms,
                int(row.mark),
                row.since_ms,
                row.until_ms,
                [list(entry) for entry in row.entries],
                row.lifted,
            ]
            for place, row in sorted(self.by_place.items())
        ]


class PlaceIt(Arguments, frozen=True, kw_only=True):
    """Arguments of `hold`: the whole line, a period (RFC 3339; no end if not said) or entries; why, on whose word."""

    reason: str
    authority: str
    whole: bool = False
    since: str | None = None
    until: str | None = None
    entries: tuple[str, ...] = ()


class LiftIt(Arguments, frozen=True, kw_only=True):
    """Arguments of `lift-hold`: which hold of ours, why, on whose word."""

    entry: str
    reason: str
    authority: str


def over(book: Book, origin: str, index: int, leaf: Leaf) -> Iterator[Held]:
    """The holds that stand over an entry."""
    return (row for row in book.state(Holds).standing() if row.covers(origin, index, leaf))


def hold_writes(entries: Sequence[Entry], line: str) -> list[PlaceHold | LiftHold]:
    """What the store has to know of holds that these entries place or lift, in the same commit.

    Whatever else the book may find wrong with such an entry, the store errs on the side of holding.
    """
    found: list[PlaceHold | LiftHold] = []
    for entry in entries:
        body = _body(entry)
        if body is None:
            continue
        if body.act is HoldAct.PLACE:
            scope = scope_of(entry.leaf, body)
            if scope is not None:
                found.append(PlaceHold(entry.origin, entry.index, line, int(entry.leaf.mark), *scope))
        elif entry.leaf.refs and entry.leaf.refs[0].origin == entry.origin:
            found.append(LiftHold(entry.origin, entry.leaf.refs[0].index, entry.index))
    return found


def book_writes(book: Book) -> list[PlaceHold | LiftHold]:
    """The same of everything the book holds: for a record that was kept by a program that did not know holds."""
    found: list[PlaceHold | LiftHold] = []
    for row in book.state(Holds).by_place.values():
        origin = book.members[row.member]
        placed = PlaceHold(origin, row.index, book.line, int(row.mark), row.since_ms, row.until_ms, row.entries)
        found.append(placed)
        if row.lifted is not None:
            found.append(LiftHold(origin, row.index, row.lifted))
    return found


def scope_of(leaf: Leaf, body: Hold) -> tuple[int | None, int | None, tuple[tuple[str, int], ...]] | None:
    """The period and the entries of a hold that is placed; None when it has no scope, or more than one."""
    period = body.since_ms is not None
    if [body.whole, period, bool(leaf.refs)].count(True) != 1 or (body.until_ms is not None and not period):
        return None
    if body.whole:
        return 0, PLACE_MAX + 1, ()
    if body.since_ms is not None:
        until_ms = PLACE_MAX + 1 if body.until_ms is None else body.until_ms
        return None if until_ms <= body.since_ms else (body.since_ms, until_ms, ())
    return None, None, tuple(sorted({(ref.origin, ref.index) for ref in leaf.refs}))


def _body(entry: Entry) -> Hold | None:
    if entry.leaf.kind != HOLD or entry.body is None:
        return None
    try:
        return unpack(Hold, entry.body, BODY_BYTES_MAX)
    except PeerError:
        return None


def _apply(book: Book, said: Said, body: Hold) -> Sequence[Change]:
    if body.act is HoldAct.LIFT:
        return _apply_lift(book, said)
    scope, leaf = scope_of(said.leaf, body), said.leaf
    if scope is None:
        return [book.fault(said, "fault-hold-scope")]
    row = Held(said.member, said.entry.index, leaf.time_ms, leaf.mark, *scope)
    book.state(Holds).by_place[row.member, row.index] = row
    return [Change("hold", said.entry.origin, said.entry.index, "placed")]


def _apply_lift(book: Book, said: Said) -> Sequence[Change]:
    """Only its own party lifts a hold, so the order of one log decides."""
    holds, leaf = book.state(Holds).by_place, said.leaf
    ref = leaf.refs[0] if leaf.refs else None
    row = None if ref is None or ref.origin != said.entry.origin else holds.get((said.member, ref.index))
    if row is None or ref is None or book.ref(ref.origin, ref.index) != ref:
        return [book.fault(said, "fault-hold-unknown")]
    if row.mark is not leaf.mark:
        return [book.fault(said, "fault-mark-differs", mark=leaf.mark.name, expected=row.mark.name)]
    try:
        advance(HOLDS, row.state, HoldAct.LIFT)
    except NoTransition:
        return [book.fault(said, "fault-hold-lifted")]
    holds[said.member, row.index] = msgspec.structs.replace(row, lifted=said.entry.index)
    return [Change("hold", said.entry.origin, row.index, "lifted")]


def _place(book: Book, asked: Asked, values: PlaceIt) -> Sequence[Draft]:
    if len(values.entries) > REFS_MAX:
        raise UsageError("hold-entries-too-many", limit=REFS_MAX)
    refs = tuple(book.ref(*book.find(text)) for text in dict.fromkeys(values.entries))
    body = Hold(
        act=HoldAct.PLACE,
        reason=reason_of(values.reason, required=True),
        authority=_authority_of(values.authority),
        since_ms=None if values.since is None else time_of(values.since).ms,
        until_ms=None if values.until is None else time_of(values.until).ms,
        whole=values.whole,
    )
    draft = Draft(HOLD, pack(body), asked.desk, refs, mark=asked.mark)
    if scope_of(Leaf(HOLD, asked.now.ms, asked.desk, b"", refs=refs), body) is None:
        raise UsageError("hold-scope-wrong")
    return [draft]


def _lift(book: Book, asked: Asked, values: LiftIt) -> Sequence[Draft]:
    origin, index = book.find(values.entry)
    row = book.state(Holds).by_place.get((book.number(origin), index))
    if row is None:
        raise UsageError("hold-unknown", entry=values.entry, line=book.line)
    if origin != asked.me:
        raise UsageError("hold-of-the-other-side", entry=values.entry)
    if row.state is HoldState.LIFTED:
        raise UsageError("hold-lifted-already", entry=values.entry)
    reason = reason_of(values.reason, required=True)
    body = Hold(act=HoldAct.LIFT, reason=reason, authority=_authority_of(values.authority))
    return [Draft(HOLD, pack(body), asked.desk, (book.ref(origin, index),), mark=row.mark)]


def _authority_of(text: str) -> str:
    if not text.strip():
        raise UsageError("authority-missing")
    return reason_of(text)


KIND = kind(
    HOLD,
    "hold",
    Hold,
    _apply,
    (
        verb("hold", "declare", "Place a legal hold: nobody erases what it covers", PlaceIt, _place),
        verb("lift-hold", "declare", "Lift a legal hold of our own", LiftIt, _lift),
    ),
    Traits(fresh=Holds, takes=frozenset({Takes.RECEIPT})),
)

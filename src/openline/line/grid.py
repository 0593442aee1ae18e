"""Where each side stands on each fact of a contact: STATED, AGREED, CONTRADICTED or NOT_STATED (R41).

Silence is never consent, and the types cannot say otherwise: `Agreed` and `Contradicted` are made of pairs, a pair
is two statements of different sides, and a side without a statement can only be `NotStated`. Whether two statements
agree is what an author says by name, else a typed comparison; what neither decides stands side by side as STATED.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from openline.line.book import Book
from openline.line.contact import Anchor, Medium, Meeting, Place, standing_anchors, stands
from openline.line.precise import Match, Precision, When, normal, same_amount, same_time
from openline.line.readout import readouts_of
from openline.line.register import Spelled, own_ids, written
from openline.line.statement import SINGLE, About, Claim, Claims, Stance, Value


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement of one side and one of another."""

    own: Claim
    other: Claim

    def __post_init__(self) -> None:
        assert self.own.member != self.other.member, "nobody agrees with itself alone"


@dataclass(frozen=True, slots=True)
class NotStated:
    """The side has said nothing of it, which says nothing of what it thinks."""


@dataclass(frozen=True, slots=True)
class Stated:
    """The side has said it; nobody has said the same, or something that cannot be true together with it."""

    own: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Agreed:
    """The side and another one have said the same."""

    own: tuple[Claim, ...]
    first: Pair
    more: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Contradicted:
    """What the side has said and what another one has said cannot both be so."""

    own: tuple[Claim, ...]
    first: Pair
    more: tuple[Pair, ...] = ()


Cell = NotStated | Stated | Agreed | Contradicted

NAMES: Mapping[type[Cell], str] = {
    NotStated: "NOT_STATED",
    Stated: "STATED",
    Agreed: "AGREED",
    Contradicted: "CONTRADICTED",
}


@dataclass(frozen=True, slots=True)
class GridRow:
    """One fact, or one value of a fact that has many, and how each member stands on it, by number."""

    fact: About
    cells: tuple[Cell, ...]

    @property
    def claims(self) -> list[Claim]:
        """Every statement of the row."""
        return [claim for cell in self.cells if not isinstance(cell, NotStated) for claim in cell.own]


def name_of(cell: Cell) -> str:
    """The state of a cell in one word."""
    return NAMES[type(cell)]


def meeting_grid(book: Book, meeting: Meeting) -> tuple[GridRow, ...]:
    """The grid of a meeting of the book. A name means the id that its author has given it in the register."""
    return grid(meeting_claims(book, meeting), len(book.members), own_ids(book, meeting.first.mark))


def meeting_claims(book: Book, meeting: Meeting) -> list[Claim]:
    """All that is said of a meeting and stands: its entries, what is stated of them, and of its readouts."""
    found = [claim for anchor in standing_anchors(book, meeting) for claim in anchor_claims(anchor)]
    places = [anchor.place for anchor in meeting.anchors]
    for place in (*places, *(row.place for row in readouts_of(book, meeting))):
        found += stated_about(book, place)
    return found


def stated_about(book: Book, place: Place) -> list[Claim]:
    """The statements about one entry that their authors have not withdrawn."""
    rows = (claim for claim in book.state(Claims).about.get(place, ()) if stands(book, claim.place))
    return [claim for row in sorted(rows, key=lambda row: row.place) for claim in _sound(book, row)]


def _sound(book: Book, claim: Claim) -> Iterator[Claim]:
    """The claim, without its stance while what it names is not held or is not what it says."""
    if claim.stance is None:
        yield claim
        return
    if claim.named is not None:
        origin, index = book.members[claim.named[0]], claim.named[1]
        if book.holds(origin, index) and book.ref(origin, index).leaf_hash == claim.named_hash:
            yield claim
            return
    if claim.value is not None or claim.key:
        yield msgspec.structs.replace(claim, stance=None, named=None, named_hash=b"")


def anchor_claims(anchor: Anchor) -> list[Claim]:
    """What the entry of a contact states by itself."""
    values: dict[About, Value] = {
        About.HELD: 1,
        About.START: anchor.began,
        About.LEVEL: int(anchor.level),
        About.MEDIUM: int(anchor.medium),
    }
    if anchor.medium is Medium.NOT_STATED:
        del values[About.MEDIUM]
    return [Claim(*anchor.place, fact, value, Precision.EXACT, b"") for fact, value in values.items()]


def grid(claims: Sequence[Claim], members: int, spelled: Spelled | None = None) -> tuple[GridRow, ...]:
    """Each fact with where each of `members` stands on it, in the order of facts, then of first statements.

    Pure: the same claims give the same grid, in whatever order they come. A side of which no claim is given is
    NOT_STATED everywhere.
    """
    ordered = sorted(claims, key=lambda claim: (claim.fact, claim.place))
    by_place = {(claim.place, claim.fact): claim for claim in ordered}
    rows: dict[tuple[About, object], list[Claim]] = {}
    for claim in ordered:
        for part in _parts(claim, by_place, spelled or {}):
            rows.setdefault((claim.fact, _row_key(part, by_place, spelled or {})), []).append(part)
    return tuple(
        GridRow(fact, tuple(_cell(member, said) for member in range(members))) for (fact, _), said in rows.items()
    )


def is_disputed(claims: Sequence[Claim], members: int) -> bool:
    """Whether some fact that has one value is contradicted. Only what several sides have said can be."""
    sides: dict[About, set[int]] = {}
    for claim in claims:
        if claim.fact in SINGLE:
            sides.setdefault(claim.fact, set()).add(claim.member)
    shared = [claim for claim in claims if len(sides.get(claim.fact, ())) > 1]
    return bool(shared) and any(isinstance(cell, Contradicted) for row in grid(shared, members) for cell in row.cells)


def compare(one: Claim, two: Claim) -> Match:
    """Whether two statements of the same fact say the same, by what their authors say of them, else by their types."""
    for own, other in ((one, two), (two, one)):
        if own.stance is not None and own.named == other.place:
            return Match.SAME if own.stance is Stance.AGREES else Match.OTHER
    if one.fact not in SINGLE:
        against = (one.stance is Stance.CONTRADICTS, two.stance is Stance.CONTRADICTS)
        return Match.SAME if against[0] is against[1] else Match.OTHER
    if one.value is None or two.value is None:
        return Match.SAME if one.value is two.value and one.key == two.key != b"" else Match.OPEN
    return _TYPED.get(one.fact, _equal)(one, two)


def value_key(claim: Claim, spelled: Spelled) -> object:
    """What makes two statements of a fact with many values be about the same one: the code or name, else the words."""
    if isinstance(claim.value, str):
        if claim.fact is About.PERSON:
            return spelled.get((claim.member, written(claim.value)), normal(claim.value))
        return normal(claim.value)
    return claim.key


def _parts(claim: Claim, by_place: Mapping[tuple[Place, About], Claim], spelled: Spelled) -> tuple[Claim, ...]:
    """An answer with another value of its own, of a fact with many: the answer in that row, the value in its own."""
    if claim.named is None or claim.value is None or claim.fact in SINGLE:
        return (claim,)
    answer = msgspec.structs.replace(claim, value=None)
    own = msgspec.structs.replace(claim, stance=None, named=None, named_hash=b"")
    if (claim.named, claim.fact) not in by_place:
        return (own,)
    return (claim,) if _row_key(answer, by_place, spelled) == value_key(own, spelled) else (answer, own)


def _row_key(claim: Claim, by_place: Mapping[tuple[Place, About], Claim], spelled: Spelled) -> object:
    """Single facts have one row each; an answer to a statement stands in that statement's row."""
    if claim.fact in SINGLE:
        return None
    named, seen = claim, {claim.place}
    while named.named is not None and named.value is None:
        found = by_place.get((named.named, claim.fact))
        if found is None or found.place in seen:
            break
        seen.add(found.place)
        named = found
    return value_key(named, spelled)


def _cell(member: int, said: Sequence[Claim]) -> Cell:
    own = tuple(claim for claim in said if claim.member == member)
    if not own:
        return NotStated()
    pairs = [Pair(claim, other) for claim in own for other in said if other.member != member]
    matched = [(compare(pair.own, pair.other), pair) for pair in pairs]
    against = [pair for match, pair in matched if match is Match.OTHER]
    if against:
        return Contradicted(own, against[0], tuple(against[1:]))
    agreeing = [pair for match, pair in matched if match is Match.SAME]
    if agreeing:
        return Agreed(own, agreeing[0], tuple(agreeing[1:]))
    return Stated(own)


def _equal(one: Claim, two: Claim) -> Match:
    return Match.SAME if one.value == two.value else Match.OTHER


def _starts(one: Claim, two: Claim) -> Match:
    assert isinstance(one.value, When)
    assert isinstance(two.value, When)
    return same_time(one.value, two.value)


def _lengths(one: Claim, two: Claim) -> Match:
    assert isinstance(one.value, int)
    assert isinstance(two.value, int)
    return same_amount(one.value, one.precision, two.value, two.precision)


_TYPED: Mapping[About, Callable[[Claim, Claim], Match]] = {About.START: _starts, About.DURATION: _lengths}

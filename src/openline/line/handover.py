"""Kind 38, handover: one officer hands the watch over, the other accepts each open item and takes it, or refuses (R83).

Everything of a handover stands in one log, so its order is the order of that log. What is offered is a list of open
items by ref; who takes the watch accepts them one by one, and only then takes it. Until TAKE the offgoing officer owns
them all, from TAKE on the oncoming one: there is no moment between.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum, IntEnum
from typing import Literal

import msgspec

from openline.base import codec
from openline.base.errors import UsageError
from openline.base.limits import HANDOVER_ITEMS_MAX
from openline.base.machine import NoTransition, advance
from openline.base.schema import Body, pack
from openline.line.asking import refs_room
from openline.line.book import Book
from openline.line.item import Item, Stage
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.words import By, Number, Reason, by_of, reason_of
from openline.record.entry import Draft, Mark, Precedence, Ref

HANDOVER = 38

Place = tuple[int, int]


class Step(IntEnum):
    """What happens in a handover; the numbers stand in bodies."""

    OFFER = 1
    LIST = 2
    ACCEPT = 3
    TAKE = 4
    REFUSE = 5
    WITHDRAW = 6


class HandoverState(Enum):
    """How a handover stands."""

    OFFERED = "offered"
    TAKEN = "taken"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


HANDED: Mapping[tuple[HandoverState, Step], HandoverState] = {
    (HandoverState.OFFERED, Step.LIST): HandoverState.OFFERED,
    (HandoverState.OFFERED, Step.ACCEPT): HandoverState.OFFERED,
    (HandoverState.OFFERED, Step.TAKE): HandoverState.TAKEN,
    (HandoverState.OFFERED, Step.REFUSE): HandoverState.REFUSED,
    (HandoverState.OFFERED, Step.WITHDRAW): HandoverState.WITHDRAWN,
}
"""What may follow what. LIST goes on with the list of the offer, ACCEPT accepts items of it or newer ones."""


class Handover(Body, frozen=True):
    """The body. OFFER: its refs are open items. All other steps: ref 0 is the OFFER; LIST and ACCEPT name items after.

    `by` is left out when it is the desk itself; `to` is whom it is offered to; `left_out` how many items of the
    lowest precedence the list has no room for.
    """

    step: Step
    by: By = ""
    to: By = ""
    reason: Reason = ""
    left_out: Number = 0


class Owner(msgspec.Struct, frozen=True):
    """Who answers for an open item at one party: the name, and the entry of that party that says so."""

    name: str
    index: int


class Turn:
    """One handover. Mutable; owned by `Handovers`. `accepted` maps an item to the entry that accepted it.

    `closed` is what ended it: the entry, the name in it, and its time in milliseconds.
    """

    __slots__ = (
        "accepted",
        "closed",
        "desk",
        "index",
        "left_out",
        "listed",
        "mark",
        "member",
        "name",
        "state",
        "time_ms",
        "to",
    )

    def __init__(self, said: Said, body: Handover, listed: Sequence[Place]) -> None:
        self.member = said.member
        self.index = said.entry.index
        self.mark = said.leaf.mark
        self.time_ms = said.leaf.time_ms
        self.desk = said.leaf.desk
        self.name = body.by or said.leaf.desk
        self.to = body.to
        self.left_out = body.left_out
        self.listed = list(listed)
        self.accepted: dict[Place, int] = {}
        self.state = HandoverState.OFFERED
        self.closed: tuple[int, str, int] | None = None

    @property
    def place(self) -> Place:
        """Member and index of the OFFER."""
        return self.member, self.index

    @property
    def missing(self) -> list[Place]:
        """What is listed and not accepted yet."""
        return [place for place in self.listed if place not in self.accepted]

    def row(self) -> codec.Value:
        """Everything this handover holds."""
        return [
            self.member,
            self.index,
            int(self.mark),
            self.time_ms,
            self.desk,
            self.name,
            self.to,
            self.left_out,
            [list(place) for place in self.listed],
            [[*place, index] for place, index in sorted(self.accepted.items())],
            self.state.value,
            None if self.closed is None else list(self.closed),
        ]


class Handovers:
    """Every handover, and who owns what by them. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.by_place: dict[Place, Turn] = {}
        self.open: dict[tuple[int, Mark, str], Turn] = {}
        self.owners: dict[tuple[int, Place], Owner] = {}

    def snapshot(self) -> codec.Value:
        """Every handover and every owner, in order."""
        return [
            [turn.row() for _, turn in sorted(self.by_place.items())],
            [[member, *place, row.name, row.index] for (member, place), row in sorted(self.owners.items())],
        ]


class HandOver(Arguments, frozen=True, kw_only=True):
    """Arguments of `hand-over`: who hands over and to whom, as the other side may see them."""

    by: str = ""
    to: str = ""
    note: str = ""


class TakeOver(Arguments, frozen=True, kw_only=True):
    """Arguments of `take-over`: which handover, what is done, for `accept` with which items, and by whom."""

    entry: str
    step: Literal["accept", "take", "refuse", "withdraw"]
    items: tuple[str, ...] = ()
    by: str = ""
    reason: str = ""


def owner(book: Book, member: int, item: Item) -> Owner | None:
    """Who answers for `item` at `member`: whoever accepted it or took it over last, by the order of that log."""
    facts = [fact for fact in item.facts if fact.member == member and fact.stage is Stage.ACCEPTED]
    found = [Owner(fact.by, fact.index) for fact in facts]
    handed = book.state(Handovers).owners.get((member, (item.member, item.index)))
    return max([*found, *([handed] if handed else [])], key=lambda row: row.index, default=None)


def open_flashes(book: Book, member: int, mark: Mark = Mark.OPERATION) -> Iterator[Item]:
    """Every FLASH of another party of which something is still awaited of `member`."""
    for item in book.open_items:
        owed = item.member != member and item.mark is mark and item.missing(member)
        if item.precedence is Precedence.FLASH and owed:
            yield item


def unowned(book: Book, member: int, mark: Mark = Mark.OPERATION) -> list[Item]:
    """Open FLASHes that nobody at `member` has accepted or taken over, oldest first."""
    found = [item for item in open_flashes(book, member, mark) if owner(book, member, item) is None]
    return sorted(found, key=lambda item: (item.time_ms, item.member, item.index))


def to_hand_over(book: Book, mark: Mark) -> tuple[list[Item], int]:
    """The open items of a mark, most urgent first, and how many of the lowest precedence have no room in the list."""
    items = [item for item in book.open_items if item.mark is mark]
    items.sort(key=lambda item: (item.precedence or 0, item.time_ms, item.member, item.index))
    return items[:HANDOVER_ITEMS_MAX], max(len(items) - HANDOVER_ITEMS_MAX, 0)


def still_missing(book: Book, turn: Turn) -> list[Place]:
    """What must be accepted before the watch is taken: the list, and each FLASH that would be left with the offgoing.

    A FLASH that came after the offer has no owner, or the offgoing officer has accepted it meanwhile.
    """
    newer: list[Place] = []
    for item in open_flashes(book, turn.member, turn.mark):
        place, held = (item.member, item.index), owner(book, turn.member, item)
        if place not in turn.listed and place not in turn.accepted and (held is None or held.name == turn.name):
            newer.append(place)
    return [*turn.missing, *sorted(newer)]


def handover_of(book: Book, text: str) -> Turn:
    """The handover that an entry id names. Raises UsageError when that entry is none."""
    origin, index = book.find(text)
    found = book.state(Handovers).by_place.get((book.number(origin), index))
    if found is None:
        raise UsageError("handover-unknown", entry=book.label(origin, index), line=book.line)
    return found


def _places(book: Book, refs: Iterable[Ref]) -> list[Place]:
    """The places of refs into logs of this line, each once. By place alone: their entries may not be held yet."""
    return list(dict.fromkeys((book.number(ref.origin), ref.index) for ref in refs if ref.origin in book.members))


def _apply(book: Book, said: Said, body: Handover) -> Sequence[Change]:
    if body.step is Step.OFFER:
        return _offer(book, said, body)
    refs, origin = said.leaf.refs, said.entry.origin
    turn = book.state(Handovers).by_place.get((said.member, refs[0].index)) if refs else None
    if turn is None or book.ref(origin, turn.index) != refs[0]:
        return [book.fault(said, "fault-handover-none")]
    if turn.mark is not said.leaf.mark:
        return [book.fault(said, "fault-mark-differs", mark=said.leaf.mark.name, expected=turn.mark.name)]
    try:
        state = advance(HANDED, turn.state, body.step)
    except NoTransition:
        return [book.fault(said, "fault-handover-not-possible", step=body.step.name, state=turn.state.name)]
    if body.step in (Step.ACCEPT, Step.TAKE) and (body.by or said.leaf.desk) == turn.name:
        return [book.fault(said, "fault-handover-self")]
    if body.step is Step.TAKE and turn.missing:
        return [book.fault(said, "fault-handover-incomplete", count=len(turn.missing))]
    turn.state = state
    _take(book, said, body, turn)
    return [Change("handover", origin, turn.index, body.step.name.lower())]


def _offer(book: Book, said: Said, body: Handover) -> Sequence[Change]:
    handovers = book.state(Handovers)
    at = (said.member, said.leaf.mark, said.leaf.desk)
    if at in handovers.open:
        return [book.fault(said, "fault-handover-open")]
    turn = Turn(said, body, _places(book, said.leaf.refs))
    handovers.by_place[turn.place] = handovers.open[at] = turn
    return [Change("handover", said.entry.origin, said.entry.index, "offer")]


def _take(book: Book, said: Said, body: Handover, turn: Turn) -> None:
    handovers = book.state(Handovers)
    named = _places(book, said.leaf.refs[1:])
    name, index = book.word(body.by or said.leaf.desk), said.entry.index
    match body.step:
        case Step.LIST:
            turn.listed += [place for place in named if place not in turn.listed]
        case Step.ACCEPT:
            for place in named:
                turn.accepted.setdefault(place, index)
        case Step.TAKE:
            for place in turn.accepted:
                handovers.owners[turn.member, place] = Owner(name, index)
        case Step.REFUSE | Step.WITHDRAW | Step.OFFER:
            pass
    if turn.state is not HandoverState.OFFERED:
        turn.closed = (index, name, said.leaf.time_ms)
        del handovers.open[turn.member, turn.mark, turn.desk]


def _hand_over(book: Book, asked: Asked, values: HandOver) -> Sequence[Draft]:
    under_way = book.state(Handovers).open.get((book.number(asked.me), asked.mark, asked.desk))
    if under_way is not None:
        raise UsageError("handover-under-way", entry=book.label(asked.me, under_way.index))
    by, to = by_of(values.by, asked.desk), by_of(values.to, "")
    if to == (by or asked.desk):
        raise UsageError("handover-self", name=to)
    items, left_out = to_hand_over(book, asked.mark)
    if left_out and items[-1].precedence is Precedence.FLASH:
        raise UsageError("handover-too-many", limit=HANDOVER_ITEMS_MAX)
    refs = [book.ref(book.members[item.member], item.index) for item in items]
    room = refs_room(book)
    body = Handover(step=Step.OFFER, by=by, to=to, reason=reason_of(values.note), left_out=left_out)
    drafts = [Draft(HANDOVER, pack(body), asked.desk, tuple(refs[:room]), mark=asked.mark)]
    return [*drafts, *_naming(book, asked, Handover(step=Step.LIST, by=by), 0, refs[room:], asked.mark)]


def _naming(book: Book, asked: Asked, body: Handover, offer: Ref | int, refs: Sequence[Ref], mark: Mark) -> list[Draft]:
    """As many entries as it takes to name `refs` after the offer."""
    room = refs_room(book) - 1
    parts = [tuple(refs[start : start + room]) for start in range(0, len(refs), room)]
    return [Draft(HANDOVER, pack(body), asked.desk, (offer, *part), mark=mark) for part in parts]


def _take_over(book: Book, asked: Asked, values: TakeOver) -> Sequence[Draft]:
    turn, step = handover_of(book, values.entry), Step[values.step.upper()]
    if book.members[turn.member] != asked.me:
        raise UsageError("handover-others", entry=values.entry)
    if asked.mark not in (Mark.OPERATION, turn.mark):
        raise UsageError("mark-differs", entry=values.entry, mark=asked.mark.name, expected=turn.mark.name)
    if (turn.state, step) not in HANDED:
        raise UsageError("handover-not-possible", entry=values.entry, step=values.step, state=turn.state.value)
    by = by_of(values.by, asked.desk)
    if step in (Step.ACCEPT, Step.TAKE) and (by or asked.desk) == turn.name:
        raise UsageError("handover-self", name=turn.name)
    offer = book.ref(asked.me, turn.index)
    if step is Step.ACCEPT:
        return _accept(book, asked, values, turn, Handover(step=step, by=by))
    if step is Step.TAKE:
        missing = [book.label(book.members[member], index) for member, index in still_missing(book, turn)]
        if missing:
            raise UsageError("handover-incomplete", entry=values.entry, entries=", ".join(missing))
    body = Handover(step=step, by=by, reason=reason_of(values.reason, required=step is Step.REFUSE))
    return [Draft(HANDOVER, pack(body), asked.desk, (offer,), mark=turn.mark)]


def _accept(book: Book, asked: Asked, values: TakeOver, turn: Turn, body: Handover) -> Sequence[Draft]:
    """Entries that accept the items named; none when all are accepted already."""
    if not values.items:
        raise UsageError("handover-items-missing", entry=values.entry)
    offer, refs = book.ref(asked.me, turn.index), []
    for text in values.items:
        origin, index = book.find(text)
        item, place = book.item(origin, index), (book.number(origin), index)
        awaited = item is not None and item.mark is turn.mark and not book.is_settled(item)
        if place not in turn.listed and not awaited:
            raise UsageError("handover-item-unknown", entry=values.entry, item=text)
        if place not in turn.accepted:
            refs.append(book.ref(origin, index))
    return _naming(book, asked, body, offer, refs, turn.mark)


KIND = kind(
    HANDOVER,
    "handover",
    Handover,
    _apply,
    (
        verb("hand-over", "accept", "Hand the watch over, with every open item", HandOver, _hand_over),
        verb("take-over", "accept", "Accept items of a handover, take the watch, or refuse it", TakeOver, _take_over),
    ),
    Traits(fresh=Handovers, takes=frozenset({Takes.RECEIPT})),
)

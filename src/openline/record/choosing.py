"""Which entries go into a dispute pack: one period, or some entries and what belongs to them, of all logs of a line.

Of a period: from the first entry at or after its beginning to the last before its end, by the author's clock, without a
gap, and the headers of the two neighbours. About entries: whatever refers to them, over and over, in either log. What
these refer to is taken too, over and over, as context; an entry that refers to many is a list, and what it lists is
named as outside instead.

The record is read once from its first entry to its last, 256 at a time; 32 bytes an entry are kept for the proofs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeVar

from openline.base.errors import UsageError
from openline.base.limits import PACK_ENTRIES_MAX, PACK_REFS_FOLLOWED_MAX
from openline.base.time import Instant
from openline.identity.names import line_origin
from openline.record import packparts, parts
from openline.record.entry import Entry, Leaf
from openline.record.packparts import Contents, Edge, Named, Role, Stretch, Why, Withheld
from openline.record.ports import Head, LineOpened, RecordStore
from openline.record.ranges import FullTree
from openline.record.signers import Signers, trust_of

Progress = Callable[[int, int], None]
"""Told how much is done, and of how much."""

Place = tuple[int, int]
"""A member's number and an index."""

T = TypeVar("T", bound=IntEnum)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to pack: on whose word and when, of which line; a period or entries by (origin, index), one of both.

    `redact` are entries whose bodies stay out; with `show` only those are shown. `reason` says why, for whoever reads.
    """

    line: str
    exporter: str
    time: Instant
    since: Instant | None = None
    until: Instant | None = None
    about: tuple[tuple[str, int], ...] = ()
    redact: frozenset[tuple[str, int]] = frozenset()
    show: frozenset[tuple[str, int]] | None = None
    reason: str = ""
    attachments: bool = True


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a pack holds: its table of contents, and the trees of the logs it is of, in the order of the members."""

    contents: Contents
    trees: tuple[FullTree, ...]


@dataclass(slots=True)
class _Log:
    """One log as it is read through. Mutable. `first` and `last` are of the period."""

    origin: str
    head: Head | None
    hashes: bytearray = field(default_factory=bytearray)
    first: int | None = None
    last: int = -1

    @property
    def size(self) -> int:
        return self.head.size if self.head is not None else 0


def choose(store: RecordStore, wanted: Wanted, progress: Progress) -> Chosen:
    """What goes into the pack. Raises UsageError when there is nothing such, or too much of it."""
    line = next((one for one in store.lines() if one.line == wanted.line), None)
    if line is None:
        raise UsageError("line-unknown", line=wanted.line)
    return _Choosing(store, wanted, line).chosen(progress)


class _Choosing:
    """Makes one choice. Mutable; lives for one pack."""

    def __init__(self, store: RecordStore, wanted: Wanted, line: LineOpened) -> None:
        self._store, self._wanted, self._line = store, wanted, line
        heads = {head.origin: head for head in store.heads()}
        origins = [line_origin(party, line.line) for party in line.members]
        self._logs = [_Log(origin, heads.get(origin)) for origin in origins]
        self._members = {origin: number for number, origin in enumerate(origins)}
        self._roles: dict[Place, Role] = {}
        self._outside: set[Place] = set()
        for place in (wanted.redact, wanted.show or (), wanted.about):
            for origin, index in place:
                self._known(origin, index)

    def chosen(self, progress: Progress) -> Chosen:
        """Read everything, and again for as long as something new refers to what was taken."""
        wanted = self._wanted
        for origin, index in wanted.about:
            self._take((self._members[origin], index), Role.SUBJECT)
        self._read(progress)
        while wanted.about and self._follow():
            pass
        edges = self._period()
        self._add_context()
        if not self._roles:
            raise UsageError("pack-empty", line=wanted.line)
        return Chosen(self._contents(edges), tuple(FullTree(bytes(log.hashes)) for log in self._logs))

    def _known(self, origin: str, index: int) -> None:
        log = self._logs[self._members[origin]] if origin in self._members else None
        if log is None or not 0 <= index < log.size:
            raise UsageError("entry-unknown", entry=f"{origin}:{index}", line=self._wanted.line)

    def _take(self, place: Place, role: Role) -> None:
        self._roles[place] = min(role, self._roles.get(place, role))
        if len(self._roles) > PACK_ENTRIES_MAX:
            raise UsageError("pack-too-large", limit=PACK_ENTRIES_MAX)

    # Reading

    def _read(self, progress: Progress) -> None:
        total, done = sum(log.size for log in self._logs), 0
        for log in self._logs:
            for entry in self._entries(log):
                log.hashes += entry.leaf_hash
                self._place_in_period(log, entry)
                done += 1
                if done % parts.PACKED == 0:
                    progress(done, total)

    def _entries(self, log: _Log) -> Iterator[Entry]:
        for n, count in parts.packs(log.size):
            yield from self._store.entries(log.origin, n * parts.PACKED, n * parts.PACKED + count)

    def _place_in_period(self, log: _Log, entry: Entry) -> None:
        since, until = self._wanted.since, self._wanted.until
        if since is None or until is None:
            return
        if log.first is None and entry.leaf.time_ms >= since.ms:
            log.first = entry.index
        if entry.leaf.time_ms < until.ms:
            log.last = entry.index

    def _period(self) -> tuple[Edge, ...]:
        """Take the entries of the period, and its neighbours."""
        if self._wanted.since is None or self._wanted.until is None:
            return ()
        edges = []
        for member, log in enumerate(self._logs):
            start = log.size if log.first is None else log.first
            stop = max(start, log.last + 1)
            edges.append(Edge(start, stop))
            for index in range(max(0, start - 1), min(log.size, stop + 1)):
                self._take((member, index), Role.SUBJECT if start <= index < stop else Role.NEIGHBOUR)
        if all(edge.start == edge.stop for edge in edges):
            raise UsageError("pack-empty", line=self._wanted.line)
        return tuple(edges)

    def _follow(self) -> bool:
        """Take what refers to what was taken; whether there was more. The last look finds nothing new."""
        before, seq = len(self._roles), 0
        while rows := self._store.arrived(seq, parts.PACKED):
            for entry in (arrived.entry for arrived in rows):
                place = self._place(entry.origin, entry.index)
                named = (self._place(ref.origin, ref.index) for ref in entry.leaf.refs)
                if place is not None and any(one in self._roles for one in named):
                    self._take(place, Role.SUBJECT)
            seq = rows[-1].seq
        return len(self._roles) > before

    def _place(self, origin: str, index: int) -> Place | None:
        member = self._members.get(origin)
        return None if member is None else (member, index)

    def _add_context(self) -> None:
        """Take what they refer to, over and over; what is not taken is named."""
        todo = [place for place, role in self._roles.items() if role is Role.SUBJECT]
        while todo:
            leaf = self._leaf(todo.pop())
            named = [place for ref in leaf.refs if (place := self._place(ref.origin, ref.index)) is not None]
            for place in named:
                is_held = place[1] < self._logs[place[0]].size
                known = self._roles.get(place, Role.NEIGHBOUR)
                if known is not Role.NEIGHBOUR:
                    continue
                if is_held and len(leaf.refs) <= PACK_REFS_FOLLOWED_MAX:
                    self._take(place, Role.CONTEXT)
                    todo.append(place)
                elif place not in self._roles:
                    self._outside.add(place)
        self._outside -= self._roles.keys()

    def _leaf(self, place: Place) -> Leaf:
        member, index = place
        return self._store.entries(self._logs[member].origin, index, index + 1)[0].leaf

    # What was chosen

    def _contents(self, edges: Sequence[Edge]) -> Contents:
        wanted, line = self._wanted, self._line
        stretches = tuple(tuple(self._stretches(member)) for member in range(len(self._logs)))
        return Contents(
            version=packparts.VERSION,
            line=wanted.line,
            members=line.members,
            exporter=wanted.exporter,
            time_ms=wanted.time.ms,
            sizes=tuple(
                self._size(log, rows, edges[n].stop if edges else 0)
                for n, (log, rows) in enumerate(zip(self._logs, stretches, strict=True))
            ),
            stretches=stretches,
            since_ms=None if wanted.since is None else wanted.since.ms,
            until_ms=None if wanted.until is None else wanted.until.ms,
            edges=tuple(edges),
            about=tuple(Named(*place) for place in sorted({(self._members[row[0]], row[1]) for row in wanted.about})),
            outside=tuple(Named(*place) for place in sorted(self._outside)),
            withheld=tuple(self._withheld()),
            reason=wanted.reason,
            attachments=wanted.attachments,
        )

    def _stretches(self, member: int) -> Iterator[Stretch]:
        rows = sorted((index, role) for (other, index), role in self._roles.items() if other == member)
        return (Stretch(start, stop, role) for start, stop, role in _together(rows))

    def _size(self, log: _Log, rows: Sequence[Stretch], period_stop: int) -> int:
        """The size of the checkpoint to prove by: the newest that most parties have receipted and that covers all."""
        if not rows or log.head is None:
            return 0
        needed = log.size if period_stop == log.size else rows[-1].stop
        signers = Signers(
            trust_of(self._store.introductions(), self._line.members), self._line.line, self._line.members
        )
        newest = (self._store.newest_receipt(log.origin, name) for name in signers.mirrors(log.origin))
        receipts = [one.size for one in newest if one is not None and needed <= one.size <= log.size]
        return max({log.size, *receipts}, key=lambda size: (receipts.count(size), size))

    def _withheld(self) -> Iterator[Withheld]:
        redacted = [
            place for place, role in self._roles.items() if role is not Role.NEIGHBOUR and self._is_redacted(place)
        ]
        why = dict.fromkeys(redacted, Why.REDACTED) | dict.fromkeys(self._not_held(), Why.NOT_HELD)
        for member in range(len(self._logs)):
            rows = sorted((index, reason) for (other, index), reason in why.items() if other == member)
            yield from (Withheld(member, start, stop, reason) for start, stop, reason in _together(rows))

    def _not_held(self) -> Iterator[Place]:
        for place, role in self._roles.items():
            if role is not Role.NEIGHBOUR:
                member, index = place
                if self._store.entries(self._logs[member].origin, index, index + 1)[0].body is None:
                    yield place

    def _is_redacted(self, place: Place) -> bool:
        named = (self._logs[place[0]].origin, place[1])
        return named in self._wanted.redact or (self._wanted.show is not None and named not in self._wanted.show)


def _together(rows: Iterable[tuple[int, T]]) -> Iterator[tuple[int, int, T]]:
    """Ascending indexes with something each, put together where they follow each other and have the same."""
    start, stop = 0, 0
    same: T | None = None
    for index, value in rows:
        if same is not None and (index != stop or value is not same):
            yield start, stop, same
            same = None
        if same is None:
            start, same = index, value
        stop = index + 1
    if same is not None:
        yield start, stop, same

"""The book: what both logs of a line mean together, folded entry by entry in whatever order they arrived.

Invariants: every author's own entries come in their order; beyond that the order of arrival changes nothing, so all
members that hold the same entries hold the same book (`digest`). The book keeps no texts; who wants one reads the
record. An entry that is wrong is kept with its `Fault`, for officers to see; it never stops the fold.

Where the order could matter there is a rule: an entry whose kind needs a ref takes effect when that ref is held;
refs into the author's own log are judged at once, since that log is held up to there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TypeVar

import msgspec

from openline.base import codec
from openline.base.errors import PeerError, UsageError
from openline.base.limits import BODY_BYTES_MAX, MEMBERS_MAX
from openline.base.schema import Body, unpack
from openline.line.ids import entry_label, parse_id, party_labels
from openline.line.item import RELATIONS, Act, Fact, Item, Link, Relation, Stage
from openline.line.kept import HASH_BYTES, Bucket, Deferred, Kept, Log, Waiting
from openline.line.kinds import Change, Kind, Registry, Said, State, Takes
from openline.record.entry import Mark, Ref
from openline.record.ports import Arrived

S = TypeVar("S", bound=State)

_MINUTE_MS = 60_000
_DETAIL_CHARACTERS_MAX = 200


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with an entry: a message id and its facts. The entry stands in the record all the same."""

    origin: str
    index: int
    message_id: str
    facts: tuple[tuple[str, str | int], ...] = ()


class Book:
    """The fold of one line. Mutable; owned by the line's turn. `members` are the origins, sorted; `me` is ours."""

    def __init__(self, registry: Registry, line: str, members: Sequence[str], me: str) -> None:
        assert 1 < len(members) <= MEMBERS_MAX
        assert list(members) == sorted(set(members))
        assert me in members
        self.registry = registry
        self.line = line
        self.members = tuple(members)
        self.me = me
        self.labels = party_labels(self.members)
        self._kinds = {kind.number: kind for kind in registry.kinds}
        self._numbers = {origin: number for number, origin in enumerate(self.members)}
        self._logs = [Log() for _ in self.members]
        self._open: dict[Bucket, dict[tuple[int, int], Item]] = {}
        self._faults: dict[tuple[int, int], list[Fault]] = {}
        self._waiting: dict[tuple[int, int], list[Waiting]] = {}
        made = [(kind.number, kind.fresh()) for kind in registry.kinds if kind.fresh is not None]
        self._states = {type(state): state for _, state in made}
        self._states_in_order = [state for _, state in sorted(made, key=lambda pair: pair[0])]
        self._words: dict[str, str] = {}
        self._gone: frozenset[int] = frozenset()
        self._closed: set[int] = set()

    # Reading

    def number(self, origin: str) -> int:
        """The member's number, its place among the sorted origins."""
        return self._numbers[origin]

    def size(self, origin: str) -> int:
        """How many entries of a log are folded in."""
        return len(self._logs[self._numbers[origin]].items)

    def label(self, origin: str, index: int) -> str:
        """The entry's id for people, such as `bravo:14`."""
        return f"{self.labels[origin]}:{index}" if origin in self.labels else entry_label(self.members, origin, index)

    def find(self, text: str) -> tuple[str, int]:
        """The origin and index an id names. Raises UsageError when no such entry is held."""
        origin, index = parse_id(text, self.line, self.members)
        if index >= self.size(origin):
            raise UsageError("entry-unknown", entry=text, line=self.line)
        return origin, index

    def holds(self, origin: str, index: int) -> bool:
        """Whether the entry is folded in."""
        return origin in self._numbers and index < self.size(origin)

    def kind_at(self, origin: str, index: int) -> int:
        """The kind number of an entry held."""
        return self._logs[self._numbers[origin]].kinds[index]

    def ref(self, origin: str, index: int) -> Ref:
        """How another entry names this one, which is held."""
        return Ref(origin, index, self._logs[self._numbers[origin]].hash_at(index))

    def item(self, origin: str, index: int) -> Item | None:
        """What is kept of an entry that others may refer to; None for other kinds and for what is not held."""
        return self._logs[self._numbers[origin]].items[index] if self.holds(origin, index) else None

    def item_at(self, member: int, index: int) -> Item | None:
        """The same by the member's number, for an entry that is held."""
        return self._logs[member].items[index]

    def stages(self, origin: str, index: int) -> dict[str, dict[Stage, tuple[Fact, ...]]]:
        """What each party stated for an entry, by its origin. PASSED may stand per role, ANSWERED per reply."""
        found: dict[str, dict[Stage, tuple[Fact, ...]]] = {}
        item = self.item(origin, index)
        for fact in sorted(item.facts, key=lambda fact: fact.index) if item else ():
            row = found.setdefault(self.members[fact.member], {})
            row[fact.stage] = (*row.get(fact.stage, ()), fact)
        return found

    def is_gone(self, member: int) -> bool:
        """Whether a member has left or was removed: nothing is awaited of it any more."""
        return member in self._gone

    def present(self, members: Iterable[int] | None = None) -> list[int]:
        """Of `members`, all of them by default, those that are not gone."""
        return [one for one in (range(len(self.members)) if members is None else members) if one not in self._gone]

    def is_settled(self, item: Item) -> bool:
        """Whether nothing is awaited of anyone who is not gone."""
        return item.settled(len(self.members), self._gone)

    @property
    def open_items(self) -> Iterable[Item]:
        """Every item of which something is still awaited."""
        return (item for items in self._open.values() for item in items.values())

    @property
    def open_buckets(self) -> Mapping[Bucket, Mapping[tuple[int, int], Item]]:
        """The same, gathered by what decides when they are due."""
        return self._open

    @property
    def faults(self) -> list[Fault]:
        """Every fault, by member and place."""
        return [fault for place in sorted(self._faults) for fault in self.faults_of(self.members[place[0]], place[1])]

    def faults_of(self, origin: str, index: int) -> list[Fault]:
        """What is wrong with one entry."""
        found = self._faults.get((self._numbers[origin], index), [])
        return sorted(found, key=lambda fault: (fault.message_id, fault.facts))

    @property
    def waiting(self) -> int:
        """How many refs name entries that are not held yet."""
        return sum(len(rows) for rows in self._waiting.values())

    def count(self, kind: int, mark: Mark = Mark.OPERATION) -> int:
        """How many entries of a kind, known or not, carry `mark`. What is exercise is never counted as operation."""
        return sum(log.counts.get(kind << 2 | mark, 0) for log in self._logs)

    def state(self, kept: type[S]) -> S:
        """The state a kind keeps, by its class."""
        found = self._states[kept]
        assert isinstance(found, kept)
        return found

    # Growing

    def apply(self, arrived: Arrived) -> tuple[Change, ...]:
        """Fold in the next entry of its log; what changed, in order."""
        entry = arrived.entry
        leaf = entry.leaf
        member = self._numbers[entry.origin]
        log = self._logs[member]
        assert entry.index == len(log.items), "an author's entries come in their order, each once"
        kind = self._kinds.get(leaf.kind)
        closed = member in self._closed
        item = Item.of(member, entry.index, leaf) if kind is not None and kind.takes and not closed else None
        log.hashes += entry.leaf_hash
        log.kinds.append(leaf.kind)
        log.items.append(item)
        tally = leaf.kind << 2 | leaf.mark
        log.counts[tally] = log.counts.get(tally, 0) + 1
        said = Said(member, entry)
        changes: Sequence[Change]
        if closed:
            changes = [self.fault(said, "fault-left")]
        elif kind is None:
            changes = [Change(self.registry.name(leaf.kind), entry.origin, entry.index, "unknown")]
        else:
            changes = self._read(kind, said)
        if item is not None:
            self.review(item)
        if self._waiting and (member, entry.index) in self._waiting:
            for waiting in self._waiting.pop((member, entry.index)):
                changes = [*changes, *self._arrived(waiting)]
        return tuple(changes)

    def _read(self, kind: Kind, said: Said) -> Sequence[Change]:
        data = said.entry.body if said.entry.erased is None else said.entry.erased.outline
        if data is None:
            return [self.fault(said, "fault-body-withheld")]
        try:
            body = unpack(kind.body, data, BODY_BYTES_MAX)
        except PeerError as why:
            detail = str(why.facts.get("detail", ""))[:_DETAIL_CHARACTERS_MAX]
            return [self.fault(said, "fault-body-wrong", reason=why.message_id, detail=detail)]
        refs = said.entry.leaf.refs
        if len(refs) < kind.refs_needed:
            return [self.fault(said, "fault-refs-missing", count=kind.refs_needed)]
        for ref in refs:
            if not self._holds_right(said, ref):
                return self._refer(kind, said, body)
        return kind.apply(self, said, body)

    def _refer(self, kind: Kind, said: Said, body: Body) -> list[Change]:
        """Take in an entry of which some ref is not held yet, or wrong."""
        refs = said.leaf.refs
        deferred = Deferred(kind.number, said, body)
        changes: list[Change] = []
        for place, ref in enumerate(refs):
            needed = place < kind.refs_needed
            if self._is_ahead(said, ref):
                deferred.missing += needed
                rows = self._waiting.setdefault((self._numbers[ref.origin], ref.index), [])
                rows.append(Waiting(said, ref, deferred if needed else None))
            elif not self._holds_right(said, ref):
                changes.append(self._wrong(said, ref))
                deferred.bad |= needed or (kind.refs_needed > 0 and ref.origin == said.entry.origin)
        if deferred.missing:
            changes.append(Change(kind.name, said.entry.origin, said.entry.index, "waiting"))
        elif not deferred.bad:
            changes += kind.apply(self, said, body)
        return changes

    def _arrived(self, waiting: Waiting) -> list[Change]:
        changes: list[Change] = []
        right = self._holds_right(waiting.said, waiting.ref)
        if not right:
            changes.append(self._wrong(waiting.said, waiting.ref))
        deferred = waiting.deferred
        if deferred is not None:
            deferred.missing -= 1
            deferred.bad |= not right
            if not deferred.missing and not deferred.bad:
                changes += self._kinds[deferred.kind].apply(self, deferred.said, deferred.body)
                self._review_own(deferred.said)
        return changes

    def _review_own(self, said: Said) -> None:
        item = self._logs[said.member].items[said.entry.index]
        if item is not None:
            self.review(item)

    def _is_ahead(self, said: Said, ref: Ref) -> bool:
        """Whether the entry named may still come: another member's, beyond what is held."""
        member = self._numbers.get(ref.origin)
        return member is not None and member != said.member and ref.index >= len(self._logs[member].items)

    def _holds_right(self, said: Said, ref: Ref) -> bool:
        """Whether the entry named is held, said before this one, and the one that is meant."""
        member, index = self._numbers.get(ref.origin), ref.index
        if member is None or (member == said.member and index >= said.entry.index):
            return False
        return self._logs[member].hashes[index * HASH_BYTES : (index + 1) * HASH_BYTES] == ref.leaf_hash

    def _wrong(self, said: Said, ref: Ref) -> Change:
        return self.fault(said, "fault-ref-wrong", ref=self.label(ref.origin, ref.index))

    # For the kinds

    def subject(self, said: Said, takes: Takes, own: bool | None) -> Item | list[Change]:
        """The item `said` is about, its first ref; else what to answer, a fault as a rule.

        `own` says whose it must be: the author's own (True), another's (False), anyone's (None). It must bear the
        same mark, so that nothing said in exercise touches what is real. About a kind not known here there is
        nothing to say.
        """
        leaf = said.entry.leaf
        ref = leaf.refs[0]
        log = self._logs[self._numbers[ref.origin]]
        item, kind = log.items[ref.index], self._kinds.get(log.kinds[ref.index])
        if kind is None:
            return []
        if item is None or takes not in kind.takes:
            return [self.fault(said, "fault-target-wrong", target=kind.name)]
        if own is not None and own is not (item.member == said.member):
            return [self.fault(said, "fault-others-entry" if own else "fault-own-entry")]
        if item.mark is not leaf.mark:
            return [self.fault(said, "fault-mark-differs", mark=leaf.mark.name, expected=item.mark.name)]
        return item

    def review(self, item: Item) -> None:
        """Look again whether anything is still awaited of `item`, after it changed."""
        if item.precedence is None or item.is_open is not item.settled(len(self.members), self._gone):
            return
        deadline_minute = None if item.deadline_ms is None else item.deadline_ms // _MINUTE_MS
        bucket = Bucket(item.precedence, item.time_ms // _MINUTE_MS, deadline_minute)
        if not item.is_open:
            self._open.setdefault(bucket, {})[item.member, item.index] = item
        else:
            del self._open[bucket][item.member, item.index]
            if not self._open[bucket]:
                del self._open[bucket]
        item.is_open = not item.is_open

    def change(self, item: Item, act: Act, said: Said) -> None:
        """Let the author's `act` count for an item of its own, and for the correction that stands in its place.

        Raises NoTransition when the table does not allow it.
        """
        corrected = item.newest(Relation.CORRECTION)
        link = Link(RELATIONS[act], said.member, said.entry.index, said.leaf.time_ms)
        newer = None if corrected is None else self._logs[corrected.member].items[corrected.index]
        for changed in (each for each in (item, newer) if each is not None):
            changed.change(act, link)
            self.review(changed)
        if act is Act.CANCEL:
            self._kinds[item.kind].withdrawn(self, (item.member, item.index))

    def close_log(self, member: int) -> None:
        """The member has said its last: what follows in its log is kept, and has no effect."""
        self._closed.add(member)

    def set_gone(self, members: Iterable[int]) -> None:
        """These members are gone, all others are not: look again at everything that is awaited."""
        self._gone = frozenset(members)
        for item in [item for log in self._logs for item in log.items if item is not None]:
            self.review(item)

    def changed(self, item: Item, what: str) -> Change:
        """The change of an item."""
        return Change(self._kinds[item.kind].name, self.members[item.member], item.index, what)

    def fault(self, said: Said, message_id: str, **facts: str | int) -> Change:
        """Note what is wrong with an entry."""
        origin, index = said.entry.origin, said.entry.index
        fault = Fault(origin, index, message_id, tuple(sorted(facts.items())))
        self._faults.setdefault((said.member, index), []).append(fault)
        return Change(self.registry.name(said.leaf.kind), origin, index, "fault")

    def word(self, text: str) -> str:
        """The one copy of a text that many facts share, such as a desk's name."""
        return self._words.setdefault(text, text)

    # Comparing

    def snapshot(self) -> codec.Value:
        """Everything the book holds, in one order: equal for all members that hold the same entries."""
        return [
            self.line,
            list(self.members),
            [
                [
                    len(log.items),
                    sha256(log.hashes).digest(),
                    [[tally, count] for tally, count in sorted(log.counts.items())],
                    [item.snapshot() for item in log.items if item is not None],
                ]
                for log in self._logs
            ],
            sorted([item.member, item.index] for item in self.open_items),
            [
                [fault.origin, fault.index, fault.message_id, [list(row) for row in fault.facts]]
                for fault in self.faults
            ],
            sorted(
                [*place, row.said.member, row.said.entry.index] for place, rows in self._waiting.items() for row in rows
            ),
            [state.snapshot() for state in self._states_in_order],
            [sorted(self._gone), sorted(self._closed)],
        ]

    def digest(self) -> bytes:
        """SHA-256 of the snapshot."""
        return sha256(codec.encode(self.snapshot())).digest()

    # Keeping

    def kept(self) -> Kept:
        """All that the book holds, as it is, not a copy: to be written out before the next entry is folded in."""
        held = (self._logs, self._open, self._faults, self._waiting, self._states_in_order)
        return Kept(self.line, self.members, *held, self._gone, self._closed)

    def fits(self, kept: Kept) -> bool:
        """Whether this was kept by a book of the same line and kinds."""
        same_states = [type(state) for state in kept.states] == [type(state) for state in self._states_in_order]
        return same_states and (kept.line, kept.members) == (self.line, self.members)

    def take(self, kept: Kept) -> None:
        """Go on from what another book of this program kept, which fits. Only of an empty book.

        What is taken is believed: whoever gives it must have made sure where it comes from.
        """
        assert self.fits(kept)
        assert not any(log.items for log in self._logs), "a book that holds something takes no other's place"
        self._logs, self._open, self._faults, self._waiting = kept.logs, kept.open, kept.faults, kept.waiting
        self._states_in_order = kept.states
        self._states = {type(state): state for state in kept.states}
        self._gone, self._closed = kept.gone, kept.closed

"""Retention, as the desk runs it: what is old enough loses its words here, unless a hold stands over it.

A body is erased when a class of the configuration has its kind and mark and its time is over; it was receipted by
every peer (else it could not be delivered), nothing is awaited of it, the book found nothing wrong with it, and no hold
stands over it. Then the other side is told (kind 45). An attachment goes when every entry that names it was erased. The
sound files of a call go when a class has `recording-chunk`, and all that is on the record of the call is old enough.

The store erases nothing that a hold covers, whatever is asked of it here; what it did is read back and told.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from openline.base.errors import UsageError
from openline.base.limits import BODY_BYTES_MAX
from openline.base.schema import unpack
from openline.base.text import is_name
from openline.base.time import DAY_US, Instant
from openline.line.book import Book
from openline.line.erasure import CopyState, Erases, Erasures, erasure_drafts
from openline.line.hold import HOLD, Held, Hold, Holds, book_writes, over
from openline.line.ids import party_of
from openline.line.kinds import Registry
from openline.line.outline import outline_of
from openline.node.config import RetentionClass
from openline.node.lines import LineState
from openline.node.long import Progress, long_work
from openline.node.views import HoldView, Officer, RetentionRow, RetentionView
from openline.record.entry import PLACE_MAX, Attachment, Draft, Entry, Erased, Mark
from openline.record.ports import Erase, RecordStore
from openline.voice.call import Calls
from openline.voice.recording import RECORDING_CHUNK
from openline.voice.recording import Recordings as OnRecord

if TYPE_CHECKING:
    from openline.node.service import Node

DESK = "node"
_AT_ONCE = 256
_FOREVER_MS = PLACE_MAX

_Words = Callable[[str, int], tuple[str, str]]
_WORDS = ("due", "erased", "held", "open", "faulty", "undelivered", "attachments", "recordings")


@dataclass(frozen=True, slots=True)
class Rule:
    """One retention class: which kinds and marks it has, and how old they become."""

    name: str
    kinds: frozenset[int]
    marks: frozenset[Mark]
    days: int
    attachments: bool

    def has(self, entry: Entry, now: Instant) -> bool:
        """Whether an entry is of the class and its time is over."""
        leaf = entry.leaf
        return leaf.kind in self.kinds and leaf.mark in self.marks and leaf.time.plus(self.days * DAY_US) <= now


@dataclass(slots=True)
class Seen:
    """What a look through the record has found. Mutable while it is made.

    `due` are bodies whose time is over, `gone` those erased here, by class, `kept` the digests of attachments that an
    entry names which was not erased, and `named` those of entries that were, with the class.
    """

    due: list[tuple[Rule, str, int]] = field(default_factory=list)
    gone: dict[tuple[str, str, int], list[int]] = field(default_factory=dict)
    kept: set[bytes] = field(default_factory=set)
    named: dict[Attachment, str] = field(default_factory=dict)


def rules_of(rows: Sequence[RetentionClass], registry: Registry, file: str = "openline.toml") -> list[Rule]:
    """The classes of the configuration. Raises UsageError for a kind that cannot be erased, or stands in two."""
    rules: list[Rule] = []
    taken: set[tuple[int, Mark]] = set()
    for row in rows:
        kinds = [registry.by_name(name) for name in row.kinds]
        for name, kind in zip(row.kinds, kinds, strict=True):
            if kind is None or not (kind.erases or kind.number == RECORDING_CHUNK):
                raise UsageError("retention-kind-kept", file=file, name=row.name, kind=name)
        marks = frozenset(Mark[mark] for mark in row.marks)
        numbers = frozenset(kind.number for kind in kinds if kind is not None)
        places = {(number, mark) for number in numbers for mark in marks}
        if not is_name(row.name) or taken & places or row.name in {rule.name for rule in rules}:
            detail = f"retention {row.name!r}: each name, and each kind and mark, once"
            raise UsageError("config-wrong", file=file, detail=detail)
        taken |= places
        rules.append(Rule(row.name, numbers, marks, row.days, row.attachments))
    return rules


class Retaining:
    """The desk's hand on holds and retention. Used from the event loop only."""

    def __init__(self, node: Node) -> None:
        self._kept = node
        self._rules = rules_of(node.config.retention, node.registry)
        self._running = asyncio.Lock()

    def reconcile(self) -> None:
        """Let the store know of holds that arrived while this program did not know what a hold is."""
        node = self._kept
        known = {(row.hold.origin, row.hold.index): row.lifted for row in node.store.holds()}
        held = {
            (book.members[row.member], row.index): row.lifted
            for book in node.books()
            for row in book.state(Holds).by_place.values()
        }
        if any(known.get(place, -1) != lifted for place, lifted in held.items()):
            writes = [write for book in node.books() for write in book_writes(book)]
            node.tasks.spawn(node.commit(writes), "holds")

    def holds(self, who: Officer, line: str | None) -> list[HoldView]:
        """Every hold of a line, those that stand first, each group newest first. Raises UsageError."""
        desk = self._kept.desk
        desk.allow(who, "read")
        book = desk.state(line).keeper.book
        rows = sorted(book.state(Holds).by_place.values(), key=lambda row: (row.lifted is None, row.time_ms))
        return [hold_view(book, row, partial(_body_of, self._kept.store, book)) for row in reversed(rows)]

    def retention(self, who: Officer) -> RetentionView:
        """The classes, and the kinds that may stand in one. Raises UsageError."""
        self._kept.desk.allow(who, "read")
        registry = self._kept.registry
        name = registry.name
        rows = tuple(
            RetentionRow(
                rule.name,
                tuple(sorted(map(name, rule.kinds))),
                tuple(mark.name for mark in Mark if mark in rule.marks),
                rule.days,
                rule.attachments,
            )
            for rule in self._rules
        )
        kinds = [kind.name for kind in registry.kinds if kind.erases or kind.number == RECORDING_CHUNK]
        return RetentionView(rows, tuple(kinds))

    async def retain(self, who: Officer, dry_run: bool) -> AsyncIterator[Mapping[str, object]]:
        """Erase what is due, or only count it: progress, then what was done in each line and class."""
        node = self._kept
        node.desk.allow(who, "declare")
        async with self._running:
            now, seen = node.clock.now(), Seen()
            work = partial(look, node.store, node.registry, self._rules, now, seen)
            async for row in long_work(work):
                if row["type"] == "progress":
                    yield row
            counts = {(line, rule.name): Counter[str]() for line in node.lines for rule in self._rules}
            for line, state in node.lines.items():
                await self._erase_bodies(state, seen, now, counts, dry_run)
                for rule in self._rules:
                    found = self._recordings(state, rule, now)
                    counts[line, rule.name]["recordings"] = len(found)
                    if not dry_run:
                        await self._erase_recordings(state, rule, found, now)
            if not dry_run:
                await self._tell_and_clean(counts, now)
            table = [
                {"line": line, "class": name, **{word: count[word] for word in _WORDS}}
                for (line, name), count in counts.items()
            ]
            yield {"type": "result", "dry_run": dry_run, "classes": table}

    # Bodies

    async def _erase_bodies(
        self, state: LineState, seen: Seen, now: Instant, counts: Mapping[tuple[str, str], Counter[str]], dry_run: bool
    ) -> None:
        book = state.keeper.book
        of_line = [row for row in seen.due if row[1] in book.members]
        for first in range(0, len(of_line), _AT_ONCE):
            some: list[Erase] = []
            for rule, origin, index in of_line[first : first + _AT_ONCE]:
                (entry,) = self._kept.store.entries(origin, index, index + 1)
                count = counts[book.line, rule.name]
                count["due"] += 1
                why = _why_kept(state, entry)
                if why:
                    count[why] += 1
                    continue
                outline = outline_of(self._kept.registry, entry)
                assert outline is not None, "a kind that may be erased has an outline"
                count["erased"] += 1
                some.append(Erase(entry, Erased(rule.name, now, outline)))
            if some and not dry_run:
                await self._kept.commit(some)
                self._forget(state, [write.entry for write in some])

    def _forget(self, state: LineState, entries: Sequence[Entry]) -> None:
        """Nothing of these may stay in memory, or in the index of the search."""
        node, seqs = self._kept, list[int]()
        for entry in entries:
            state.keeper.held.forget(entry.origin, entry.index)
            arrived = node.store.arrival(entry.origin, entry.index)
            if arrived is not None and arrived.entry.body is None:
                seqs.append(arrived.seq)
        if node.searching is not None:
            node.searching.forget(seqs)

    async def _tell_and_clean(self, counts: Mapping[tuple[str, str], Counter[str]], now: Instant) -> None:
        """Erase attachments that only erased entries name, and tell the peers what they were not told yet."""
        node, seen = self._kept, Seen()
        async for _ in long_work(partial(look, node.store, node.registry, (), now, seen)):
            pass
        under = {rule.name: rule for rule in self._rules}
        for attachment, name in seen.named.items():
            rule = under.get(name)
            if rule is None or not rule.attachments or attachment.digest in seen.kept:
                continue
            if node.blobs.complete(attachment.digest):
                await node.blob_work(partial(_erase_blob, node, attachment, name, now))
                for (_, one), count in counts.items():
                    count["attachments"] += one == name
        for state in node.lines.values():
            drafts = list(self._untold(state, seen))
            for draft in drafts:
                await node.turns.say(state.keeper, [draft], None)

    def _untold(self, state: LineState, seen: Seen) -> Iterator[Draft]:
        """What we have erased and not told, by class and moment."""
        book = state.keeper.book
        me, told = book.number(book.me), book.state(Erasures)
        for (origin, under, at_ms), indexes in sorted(seen.gone.items()):
            if origin in book.members:
                fresh = [one for one in indexes if told.state(me, Erases.BODIES, origin, one) is CopyState.HELD]
                if fresh:
                    yield from erasure_drafts(DESK, under, at_ms, Erases.BODIES, party_of(origin), fresh)

    # Recordings

    def _recordings(self, state: LineState, rule: Rule, now: Instant) -> list[tuple[int, int]]:
        """The calls whose sound files are due: by place of the call."""
        if RECORDING_CHUNK not in rule.kinds:
            return []
        book, recordings = state.keeper.book, self._kept.desk.telephone.recordings
        return [
            place
            for place in sorted(book.state(OnRecord).by_call)
            if book.state(Calls).by_place[place].ended
            and recordings.file_count(state, place)
            and all(self._is_over(book, rule, entry, now) for entry in self._chunks(book, place))
        ]

    def _is_over(self, book: Book, rule: Rule, entry: Entry, now: Instant) -> bool:
        held = next(over(book, entry.origin, entry.index, entry.leaf), None)
        return held is None and rule.has(entry, now)

    def _chunks(self, book: Book, place: tuple[int, int]) -> Iterator[Entry]:
        """What is on the record of the recording of a call, by both sides."""
        for rows in book.state(OnRecord).by_call[place].values():
            for row in rows:
                yield from self._kept.store.entries(book.members[row.author], row.place, row.place + 1)

    async def _erase_recordings(
        self, state: LineState, rule: Rule, places: Sequence[tuple[int, int]], now: Instant
    ) -> None:
        book, me = state.keeper.book, state.keeper.me
        gone: dict[str, set[int]] = {}
        for place in places:
            self._kept.desk.telephone.recordings.erase(state, place)
            for entry in self._chunks(book, place):
                if book.state(Erasures).state(me, Erases.RECORDINGS, entry.origin, entry.index) is CopyState.HELD:
                    gone.setdefault(entry.origin, set()).add(entry.index)
        for origin, indexes in sorted(gone.items()):
            what, party = Erases.RECORDINGS, party_of(origin)
            for draft in erasure_drafts(DESK, rule.name, now.ms, what, party, sorted(indexes)):
                await self._kept.turns.say(state.keeper, [draft], None)


def look(
    store: RecordStore, registry: Registry, rules: Sequence[Rule], now: Instant, seen: Seen, progress: Progress
) -> None:
    """Look at every entry once. For a thread of its own: it reads the whole record."""
    total, seq = sum(head.size for head in store.heads()), 0
    while rows := store.arrived(seq, _AT_ONCE):
        for entry in (arrived.entry for arrived in rows):
            erased = entry.erased
            if erased is None:
                seen.kept.update(attachment.digest for attachment in entry.leaf.attachments)
            else:
                seen.gone.setdefault((entry.origin, erased.under, erased.time.ms), []).append(entry.index)
                seen.named.update(dict.fromkeys(entry.leaf.attachments, erased.under))
            rule = next((rule for rule in rules if rule.has(entry, now)), None)
            if rule is not None and entry.body is not None and outline_of(registry, entry) is not None:
                seen.due.append((rule, entry.origin, entry.index))
        seq = rows[-1].seq
        progress(seq, total)


def hold_view(book: Book, row: Held, words: _Words) -> HoldView:
    """One hold as it is shown."""
    origin = book.members[row.member]
    placed, lifted = words(origin, row.index), None if row.lifted is None else words(origin, row.lifted)
    period = row.since_ms is not None and row.until_ms is not None
    whole = row.since_ms == 0 and row.until_ms is not None and row.until_ms > _FOREVER_MS
    return HoldView(
        id=book.label(origin, row.index),
        line=book.line,
        party=party_of(origin),
        state=row.state.name,
        mark=row.mark.name,
        at=Instant.from_ms(row.time_ms).rfc3339(),
        whole=whole,
        since=_shown(row.since_ms) if period and not whole else None,
        until=_shown(row.until_ms) if period and not whole else None,
        entries=tuple(book.label(*entry) for entry in row.entries),
        reason=placed[0],
        authority=placed[1],
        lifted=None if row.lifted is None else book.label(origin, row.lifted),
        lifted_reason="" if lifted is None else lifted[0],
        lifted_authority="" if lifted is None else lifted[1],
    )


def _shown(ms: int | None) -> str | None:
    """A moment of a period; the end of one that has no end is none."""
    return None if ms is None or ms > _FOREVER_MS else Instant.from_ms(ms).rfc3339()


def _body_of(store: RecordStore, book: Book, origin: str, index: int) -> tuple[str, str]:
    """Reason and authority of a hold; empty where its body is not here."""
    found = store.entries(origin, index, index + 1)
    kind = book.registry.by_number(HOLD)
    if not found or found[0].body is None or kind is None:
        return "", ""
    body = unpack(Hold, found[0].body, BODY_BYTES_MAX)
    return body.reason, body.authority


def _why_kept(state: LineState, entry: Entry) -> str:
    """Why a body whose time is over stays for now; empty when it does not."""
    book = state.keeper.book
    if next(over(book, entry.origin, entry.index, entry.leaf), None) is not None:
        return "held"
    if entry.origin == book.me and entry.index >= min(state.keeper.receipted.values(), default=0):
        return "undelivered"
    item = book.item(entry.origin, entry.index)
    if item is not None and item.is_open:
        return "open"
    return "faulty" if book.faults_of(entry.origin, entry.index) else ""


def _erase_blob(node: Node, attachment: Attachment, under: str, now: Instant) -> int:
    node.blobs.erase(attachment, under, now)
    return 0

"""The search of a node: an index that follows the record in a thread of its own, and what is found by it.

The index is filled after the commit and outside the turn, in small batches with pauses between, so that it takes no
more than a part of one core from the line; under a flood it falls behind and catches up later. After a crash it goes on
from the last entry it holds. What it finds is looked up in the record and compared before anybody sees it: a spoiled
index can leave something out until it is made anew, but never show what is not there. No failure of it stops a node.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from openline import __version__
from openline.base.errors import BusyError, StoreError
from openline.identity.names import split_origin
from openline.line.kinds import Registry
from openline.line.search import Plan, excerpt, texts_of
from openline.line.tokens import VERSION, tokens
from openline.node.journal import Journal
from openline.record.entry import Entry, Mark
from openline.record.ports import Arrived, RecordStore
from openline.store.search import Filed, SearchIndex, Wanted

BATCH = 128
PAUSE_S = 0.03
GATHER_S = 0.2
TROUBLE_S = 30.0
TOLD_EVERY = 100_000
_FULL = "store-disk-full"


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found. `similar`: its words are only like those asked for."""

    arrived: Arrived
    excerpt: str
    similar: bool


class Searching:
    """The index of one node. `find` in any thread; the rest from the event loop's thread."""

    def __init__(self, path: Path, store: RecordStore, registry: Registry, journal: Journal) -> None:
        self._path = path
        self._store = store
        self._registry = registry
        self._journal = journal
        self._made_by = f"{VERSION}/{__version__}/{','.join(str(kind.number) for kind in registry.kinds)}"
        self._index: SearchIndex | None = None
        self._spoiled = False
        self._trusted = False
        self._gone: set[int] = set()
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="search", daemon=True)
        self.seq = 0

    def start(self) -> None:
        """Begin to follow the record."""
        self._thread.start()

    def grew(self) -> None:
        """The record has grown."""
        self._wake.set()

    def forget(self, seqs: Iterable[int]) -> None:
        """These entries have lost their bodies: nothing of them may be kept."""
        with self._lock:
            self._gone.update(seqs)
        self._wake.set()

    def close(self) -> None:
        """End the thread and close the index. Safe to call twice."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._index is not None:
            self._index.close()
            self._index = None

    def find(self, plan: Plan, wanted: Wanted, count: int) -> list[Hit]:
        """At most `count` entries, newest first. Raises BusyError while there is no index to ask."""
        index = self._index
        if index is None:
            raise BusyError("search-not-ready")
        found: list[Hit] = []
        before = wanted.before
        while True:
            left = count - len(found)
            try:
                seqs = index.find(Wanted(wanted.groups, wanted.marks, wanted.since_ms, wanted.until_ms, before), left)
            except StoreError as why:
                self._spoiled = True
                self._wake.set()
                raise BusyError("search-not-ready") from why
            found += [hit for seq in seqs if (hit := self._hit(seq, plan)) is not None]
            if len(seqs) < left or len(found) == count:
                return found
            before = seqs[-1]

    def _hit(self, seq: int, plan: Plan) -> Hit | None:
        rows = self._store.arrived(seq - 1, 1)
        if not rows or rows[0].seq != seq:
            return None
        if rows[0].entry.body is None:
            self.forget([seq])
            return None
        texts = texts_of(self._registry, rows[0].entry)
        held = tokens(texts)
        if not plan.is_met(held):
            return None
        return Hit(rows[0], excerpt(texts, plan.wanted), not plan.is_exact(held))

    # In the thread

    def work(self) -> bool:
        """Take in the next entries; False when there are none. Raises StoreError: see `recover`."""
        if self._spoiled:
            raise StoreError("store-corrupt", path=str(self._path), detail="a search failed")
        index = self._opened()
        self._forget_gone(index)
        return self._step(index)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                if self.work():
                    self._stop.wait(PAUSE_S)
                else:
                    self._wake.wait()
                    self._wake.clear()
                    self._stop.wait(GATHER_S)
            except StoreError as why:
                self._stop.wait(self.recover(why))

    def _opened(self) -> SearchIndex:
        """The index, when it is of this record. It is kept before that is known: who renews it must have it."""
        index = self._index or SearchIndex(self._path, self._made_by)
        if self._index is None or not self._trusted:
            self._index = index
            seq, leaf_hash = index.held()
            if seq and not self._is_ours(seq, leaf_hash):
                raise StoreError("store-wrong-file", path=str(self._path))
            self.seq, self._trusted = seq, True
        return index

    def _is_ours(self, seq: int, leaf_hash: bytes) -> bool:
        rows = self._store.arrived(seq - 1, 1)
        return bool(rows) and rows[0].seq == seq and rows[0].entry.leaf_hash == leaf_hash

    def recover(self, why: StoreError) -> float:
        """A full disk is waited for; anything else is answered by a new index. Returns the seconds until the next try.

        An index that had not come anywhere would fare no better at once.
        """
        self._journal.say("search-trouble", fault=why.message_id, held=self.seq)
        was, self._spoiled = self.seq, False
        if why.message_id != _FULL and self._index is not None:
            try:
                self._index.renew()
                self.seq, self._trusted = 0, True
            except StoreError as again:
                self._journal.say("search-trouble", fault=again.message_id, held=0)
                was = 0
        return 0.0 if was and why.message_id != _FULL else TROUBLE_S

    def _step(self, index: SearchIndex) -> bool:
        rows = self._store.arrived(self.seq, BATCH)
        if not rows:
            return False
        filed = [entry for arrived in rows if (entry := self._filed(arrived)) is not None]
        index.add(filed, rows[-1].seq, rows[-1].entry.leaf_hash)
        if rows[-1].seq // TOLD_EVERY > self.seq // TOLD_EVERY:
            self._journal.say("search-made", held=rows[-1].seq)
        self.seq = rows[-1].seq
        return True

    def _filed(self, arrived: Arrived) -> Filed | None:
        entry = arrived.entry
        found = tokens(texts_of(self._registry, entry))
        return Filed(arrived.seq, entry.leaf.time_ms, tuple(_marks(entry)), frozenset(found)) if found else None

    def _forget_gone(self, index: SearchIndex) -> None:
        with self._lock:
            gone, self._gone = self._gone, set()
        if gone:
            try:
                index.remove(sorted(gone))
            except StoreError:
                self.forget(gone)
                raise


def kind_mark(number: int) -> str:
    """What entries of a kind are filed under."""
    return f"zk{number}"


def mark_mark(mark: Mark) -> str:
    """What entries of a mark are filed under."""
    return f"zm{int(mark)}"


def line_mark(line: str) -> str:
    """What entries of a line are filed under."""
    return f"zl{line.encode().hex()}"


def party_mark(party: str) -> str:
    """What entries of a party are filed under."""
    return f"zp{party.encode().hex()}"


def _marks(entry: Entry) -> Iterable[str]:
    yield kind_mark(entry.leaf.kind)
    yield mark_mark(entry.leaf.mark)
    place = split_origin(entry.origin)
    if place is not None:
        yield party_mark(place[0])
        yield line_mark(place[1])

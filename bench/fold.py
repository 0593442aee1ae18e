"""(f) The fold of a whole record into a book, and (g) the search over it, on one core.

The floor of the fold is what anybody must do who reads the record at all: fetch the rows, hash leaf and body, and
have the library decode both, no question asked. Both are measured slice by slice in turn, in seconds of the processor,
so that what else the machine does weighs on both alike.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import cbor2

from bench.record import LINE, NAMES, ORIGINS, MadeUp
from openline.line.book import Book
from openline.line.search import Spelled, excerpt, plan, texts_of
from openline.line.tokens import tokens
from openline.node.searching import kind_mark, mark_mark
from openline.node.snapshot import read_snapshot, take_snapshot, write_snapshot
from openline.node.wiring import registry
from openline.record.entry import Mark
from openline.record.ports import Arrived
from openline.store.search import Filed, SearchIndex, Wanted
from openline.store.sqlite import SqliteStore
from openline.store.statements import statements

T = TypeVar("T")

SLICE = 2_048
ASKED_TIMES = 3


@dataclass(frozen=True, slots=True)
class Fold:
    """What the fold of a record took, in seconds of the processor, beside its floor and the reading alone."""

    entries: int
    floor_s: float
    read_s: float
    fold_s: float
    book: Book


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """What `work` took in seconds of the processor, and what it answered."""
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


def fold(path: Path) -> Fold:
    """Fold the record at `path`, slice by slice beside the floor."""
    store = SqliteStore(path)
    book = Book(registry(), LINE, ORIGINS, ORIGINS[0])
    sql = statements("record")["arrived"]
    seq, floor_s, read_s, fold_s = 0, 0.0, 0.0, 0.0

    def bare() -> None:
        for _, _, _, leaf, salt, body in store._readers.rows(sql, (seq, SLICE)):  # noqa: SLF001 - nothing but the rows
            assert isinstance(leaf, bytes)
            assert isinstance(salt, bytes)
            assert isinstance(body, bytes)
            sha256(b"\0" + leaf).digest()
            sha256(salt + body).digest()
            cbor2.loads(leaf)
            cbor2.loads(body)

    def read() -> list[Arrived]:
        return store.arrived(seq, SLICE)

    def apply() -> None:
        for arrived in rows:
            book.apply(arrived)

    gc.disable()  # As a node does at its start: nothing of a book is garbage.
    while True:
        floor_s += timed(bare)[0]
        took, rows = timed(read)
        if not rows:
            break
        read_s, fold_s = read_s + took, fold_s + took + timed(apply)[0]
        seq = rows[-1].seq
    gc.enable()
    store.close()
    return Fold(seq, floor_s, read_s, fold_s, book)


def snapshot(path: Path, folded: Fold) -> tuple[float, float, float]:
    """Megabytes of a snapshot of the whole, and what writing and reading it take, in seconds of the processor."""
    store, place, key = SqliteStore(path), path.with_name("books.snapshot"), bytes(32)
    taken = take_snapshot([folded.book], [], store.heads(), folded.entries)
    assert taken is not None
    written_s, _ = timed(lambda: write_snapshot(place, key, taken))
    loaded_s, found = timed(lambda: read_snapshot(place, key, store))
    assert found is not None
    store.close()
    return place.stat().st_size / 1e6, written_s, loaded_s


def questions(made: MadeUp) -> list[str]:
    """A fixed set: names, frequent words, rare ones, several together, and one that is not there."""
    common, middle, rare = made.words.words[:6], made.words.words[200:206], made.words.words[15_000:15_006]
    several = [f"{common[0]} {middle[0]}", f"{common[1]} {rare[0]}", " ".join(middle[1:5]), f"{NAMES[0]} {common[2]}"]
    return [*NAMES, *common, *middle, *rare, *several, "nowhereatall"]


def fill(index: SearchIndex, store: SqliteStore) -> None:
    """Have the index take in the whole record."""
    kinds, seq = registry(), 0
    while rows := store.arrived(seq, SLICE):
        filed = [
            Filed(
                row.seq,
                row.entry.leaf.time_ms,
                (kind_mark(row.entry.leaf.kind), mark_mark(row.entry.leaf.mark)),
                frozenset(held),
            )
            for row in rows
            if (held := tokens(texts_of(kinds, row.entry)))
        ]
        seq = rows[-1].seq
        index.add(filed, seq, rows[-1].entry.leaf_hash)


def search(path: Path, made: MadeUp) -> list[float]:
    """Milliseconds of each question under each filter, hits and excerpts included."""
    store, index, kinds = SqliteStore(path), SearchIndex(path.with_name("search.db"), "bench"), registry()
    fill(index, store)

    def ask(question: str, marks: tuple[str, ...]) -> None:
        asked = plan(question, Spelled())
        for seq in index.find(Wanted(asked.groups, marks), 50):
            texts = texts_of(kinds, store.arrived(seq - 1, 1)[0].entry)
            assert asked.is_met(tokens(texts))
            excerpt(texts, asked.wanted)

    took: list[float] = []
    for marks in ((), (mark_mark(Mark.OPERATION),), (kind_mark(1), mark_mark(Mark.EXERCISE))):
        for question in questions(made) * ASKED_TIMES:
            begun = time.perf_counter()
            ask(question, marks)
            took.append((time.perf_counter() - begun) * 1e3)
    index.close()
    store.close()
    return took

"""Random histories against a plain model: whatever is written, refused, torn or restarted, a store answers like it.

The model is the list of writes that are durable, folded anew for every question. A commit whose disk failed may
have happened or not; the store says which after it was opened again, and then it is all of it or nothing.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from openline.base.errors import StoreError
from openline.base.time import Instant
from openline.record.ports import (
    Append,
    Command,
    Evidence,
    Head,
    Introduction,
    LineOpened,
    OpenLog,
    Quarantine,
    Receipt,
    SaltKey,
    Seal,
    Write,
)
from openline.store.memory import Crash, Fault, MemoryDisk, MemoryStore
from openline.store.sqlite import SqliteStore
from tests.store.authors import LINE, NOW, Author, Store, contents
from tests.store.faulty_disk import FaultyDisk, crashed

ORIGINS = [f"{name}.example/line/alpha-bravo" for name in ("alpha", "bravo", "charlie")]
KEYS = [f"key {number}" for number in range(4)]
Contents = tuple[Sequence[object], ...]


class MemoryWorld:
    """A memory store and the disk below it. Faults end as planned."""

    faults = tuple(Fault)

    def __init__(self) -> None:
        self._disk = MemoryDisk()
        self.store: Store = MemoryStore(self._disk)

    def restart(self) -> None:
        self.store = MemoryStore(self._disk)

    def rival(self) -> None:
        MemoryStore(self._disk).claim()

    def plan(self, fault: Fault) -> None:
        self._disk.faults.planned[self._disk.faults.commits + 1] = fault

    def crash(self) -> None:
        self.restart()

    def close(self) -> None:
        self.store.close()


class SqliteWorld:
    """A SQLite store over a disk that can fail. After a failure the process crashes or the store is closed."""

    faults = (Fault.LOST, Fault.KEPT)

    def __init__(self) -> None:
        self._scratch = Path(tempfile.mkdtemp())
        self._disk = FaultyDisk()
        self._lives = 0
        self._folder = self._scratch / "0"
        self._folder.mkdir()
        self.store: Store = self._opened()

    def restart(self) -> None:
        self.store.close()
        self.store = self._opened()

    def rival(self) -> None:
        (self._folder / "record.db.lock").unlink()
        rival = self._opened()
        rival.claim()
        rival.close()

    def plan(self, fault: Fault) -> None:
        self._disk.fail("sync" if fault is Fault.KEPT else "write")

    def crash(self) -> None:
        self._disk.failing = None
        self._lives += 1
        before, self._folder = self._folder, crashed(self._folder, self._scratch / str(self._lives))
        self.store.close()
        shutil.rmtree(before)
        self.store = self._opened()

    def close(self) -> None:
        self.store.close()
        self._disk.unregister()
        shutil.rmtree(self._scratch)

    def _opened(self) -> SqliteStore:
        return SqliteStore(self._folder / "record.db", create=True)


World = MemoryWorld | SqliteWorld


def folded(writes: Sequence[Write]) -> Contents:
    """What a store must answer after `writes`."""
    heads: dict[str, Head] = {}
    for write in writes:
        match write:
            case OpenLog(origin, line, own, salt_key):
                heads.setdefault(origin, Head(origin, line, own, 0, None, b"", salt_key, False))
            case Append(_, signed, frontier):
                head = heads[signed.origin]
                heads[signed.origin] = replace(head, size=signed.size, signed=signed, frontier=frontier)
            case Quarantine(origin, held):
                heads[origin] = replace(heads[origin], quarantined=held)
            case SaltKey(origin, salt_key):
                heads[origin] = replace(heads[origin], salt_key=salt_key)
            case _:
                pass
    appends = [write for write in writes if isinstance(write, Append)]
    arrived = [entry for append in appends for entry in append.entries]
    return (
        list(heads.values()),
        _lines(writes),
        [write for write in writes if isinstance(write, Introduction)],
        [write for write in writes if isinstance(write, Evidence)],
        list(enumerate(arrived, 1)),
        [[entry for entry in arrived if entry.origin == origin] for origin in heads],
        [[append.signed for append in appends if append.signed.origin == origin] for origin in heads],
        [_receipts(writes, origin) for origin in heads],
        [_seals(writes, origin) for origin in heads],
        [_command(writes, key) for key in KEYS],
    )


def answered(store: Store) -> Contents:
    """What a store does answer, in the shape of the model."""
    heads, lines, introductions, evidence, _, *rest = contents(store)
    arrived = [(item.seq, item.entry) for item in store.arrived(0, 10_000)]
    return heads, lines, introductions, evidence, arrived, *rest, [store.command(key) for key in KEYS]


class StoreMachine(RuleBasedStateMachine):
    """One store and its model. Subclasses say on which world."""

    world: World

    @initialize()
    def begin(self) -> None:
        self.durable: list[Write] = []
        self.authors = {origin: Author(origin, own=origin == ORIGINS[0]) for origin in ORIGINS}
        self.world.store.claim()
        self.commit([self.authors[ORIGINS[0]].opened])

    @rule(picks=st.data(), count=st.integers(1, 5))
    def commits(self, picks: st.DataObject, count: int) -> None:
        self.commit(list(self.writes(picks, count)))

    @rule(picks=st.data(), count=st.integers(1, 4))
    def is_torn(self, picks: st.DataObject, count: int) -> None:
        writes = list(self.writes(picks, count))
        fault = picks.draw(st.sampled_from(self.world.faults))
        self.world.plan(fault)
        before, after = folded(self.durable), folded([*self.durable, *writes])
        with suppress(StoreError, Crash):
            self.world.store.commit(writes)
            assert before == after, "the disk was not needed, or did not fail"
        assert answered(self.world.store) in (before, after)
        self.world.crash()
        found = answered(self.world.store)
        happened = found == after
        assert happened or found == before, "half a commit"
        if isinstance(self.world, MemoryWorld):
            assert found == (after if fault in (Fault.KEPT, Fault.CRASH_AFTER) else before)
        self.world.store.claim()
        if happened:
            self.durable += writes
        self.rewind()

    @rule(picks=st.data(), origin=st.sampled_from(ORIGINS), count=st.integers(0, 2))
    def is_refused(self, picks: st.DataObject, origin: str, count: int) -> None:
        others = list(self.writes(picks, count))
        self.authors[origin].says(b"never stored")
        with pytest.raises(StoreError):
            self.world.store.commit([*others, self.authors[origin].says(b"after a gap")])
        self.restarts()
        self.rewind()

    @rule()
    def restarts(self) -> None:
        self.world.restart()
        self.world.store.claim()

    @rule()
    def crashes(self) -> None:
        self.world.crash()
        self.world.store.claim()

    @rule()
    def rests(self) -> None:
        self.world.store.rest()

    @rule()
    def is_fenced_by_a_rival(self) -> None:
        self.world.rival()
        with pytest.raises(StoreError, check=lambda why: why.message_id == "store-fenced"):
            self.world.store.commit([])
        self.restarts()

    @invariant()
    def answers_like_the_model(self) -> None:
        if not hasattr(self, "durable"):
            return
        assert answered(self.world.store) == folded(self.durable)

    def teardown(self) -> None:
        self.world.close()

    def commit(self, writes: list[Write]) -> None:
        self.world.store.commit(writes)
        self.durable += writes

    def rewind(self) -> None:
        """Authors go on from what is durable."""
        sizes = {head.origin: head.size for head in self.world.store.heads()}
        for origin, author in self.authors.items():
            author.back_to(sizes.get(origin, 0))

    def writes(self, picks: st.DataObject, count: int) -> Iterator[Write]:
        opened = {write.origin for write in self.durable if isinstance(write, OpenLog)}
        for _ in range(count):
            author = self.authors[picks.draw(st.sampled_from(ORIGINS))]
            if author.origin not in opened:
                opened.add(author.origin)
                yield author.opened
            yield self.write(picks, author)

    def write(self, picks: st.DataObject, author: Author) -> Write:
        size, number = picks.draw(st.integers(1, 9)), picks.draw(st.integers(0, 3))
        match picks.draw(st.sampled_from(range(10))):
            case 0:
                return Receipt(author.origin, size, f"{number}/mirror", number, bytes(number))
            case 1:
                return Seal(author.origin, size, bytes(32), f"{number}/seal", number, bytes(number))
            case 2:
                refs = tuple(entry.ref for entry in author.entries[:number])
                return Command(KEYS[number], LINE, refs, Instant(NOW + size))
            case 3:
                return Evidence(LINE, author.origin, "log-forked", NOW, bytes(size))
            case 4:
                return Introduction("bravo.example", bytes(size), "officer", NOW)
            case 5:
                return LineOpened(f"line {number}", ("alpha.example", f"{size}.example"), NOW)
            case 6:
                return Quarantine(author.origin, number > 1)
            case 7:
                return SaltKey(author.origin, bytes(size))
            case _:
                bodies = picks.draw(st.lists(st.binary(max_size=40), min_size=1, max_size=4))
                return author.says(*bodies, withheld=number == 0)


class MemoryMachine(StoreMachine):
    """On memory."""

    def __init__(self) -> None:
        super().__init__()
        self.world = MemoryWorld()


class SqliteMachine(StoreMachine):
    """On SQLite."""

    def __init__(self) -> None:
        super().__init__()
        self.world = SqliteWorld()


@pytest.mark.parametrize("machine", [MemoryMachine, SqliteMachine])
def test_any_history_reads_like_the_model(machine: type[StoreMachine]) -> None:
    examples = max(settings().max_examples // 4, 1)
    run_state_machine_as_test(machine, settings=settings(max_examples=examples, stateful_step_count=25))


def _receipts(writes: Sequence[Write], origin: str) -> list[Receipt]:
    """The first of each place, by size and then by cosigner."""
    mine = [write for write in reversed(writes) if isinstance(write, Receipt) and write.origin == origin]
    first = {(receipt.size, receipt.cosigner): receipt for receipt in mine}
    return [first[place] for place in sorted(first)]


def _seals(writes: Sequence[Write], origin: str) -> list[Seal]:
    """The first of each place, in the order they came."""
    found: dict[tuple[int, str], Seal] = {}
    for write in writes:
        if isinstance(write, Seal) and write.origin == origin:
            found.setdefault((write.size, write.cosigner), write)
    return list(found.values())


def _lines(writes: Sequence[Write]) -> list[LineOpened]:
    found: dict[str, LineOpened] = {}
    for write in writes:
        if isinstance(write, LineOpened):
            found.setdefault(write.line, write)
    return list(found.values())


def _command(writes: Sequence[Write], key: str) -> Command | None:
    return next((write for write in writes if isinstance(write, Command) and write.key == key), None)

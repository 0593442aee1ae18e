"""The writer thread: order, commits together, and the end after a failure. No test waits for a clock."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from openline.base.errors import StoreError
from openline.record.ports import Write
from openline.store import writer as writer_module
from openline.store.memory import Fault, MemoryDisk, MemoryStore
from openline.store.writer import ENTRIES_MAX, SUBMISSIONS_MAX, Writer
from tests.store.authors import ALPHA, Author, Engine

Heard = list[tuple[int, str | None]]


class HeldStore(MemoryStore):
    """A memory store whose first commit waits until it is let go, so that submissions gather behind it."""

    def __init__(self, disk: MemoryDisk) -> None:
        super().__init__(disk)
        self.entered = threading.Event()
        self.let_go = threading.Event()
        self.sizes: list[int] = []
        self.rested = threading.Event()

    def commit(self, writes: Sequence[Write]) -> None:
        self.entered.set()
        self.let_go.wait()
        self.sizes.append(len(writes))
        super().commit(writes)

    def rest(self) -> None:
        self.rested.set()


def held(*faults: tuple[int, Fault]) -> tuple[Author, HeldStore, Writer]:
    disk = MemoryDisk()
    disk.faults.planned.update(faults)
    author, store = Author(), HeldStore(disk)
    store.claim()
    writer = Writer(store)
    writer.submit([author.opened], lambda _error: None)
    store.entered.wait()
    return author, store, writer


def hearing(heard: Heard, number: int) -> writer_module.OnDone:
    return lambda error: heard.append((number, error.message_id if error else None))


def test_what_waits_behind_a_commit_goes_into_the_next_one_together() -> None:
    author, store, writer = held()
    heard: Heard = []
    for number in range(10):
        writer.submit([author.says(b"%d" % number), author.receipt(number + 1)], hearing(heard, number))
    store.let_go.set()
    writer.close()
    assert store.sizes == [1, 20]
    assert heard == [(number, None) for number in range(10)]
    assert [entry.body for entry in store.entries(ALPHA, 0, 99)] == [b"%d" % number for number in range(10)]


def test_one_commit_takes_no_more_than_its_limits() -> None:
    author, store, writer = held()
    for _ in range(SUBMISSIONS_MAX + 1):
        writer.submit([author.says(b"x")], lambda _error: None)
    for _ in range(3):
        writer.submit([author.says(*[b"x"] * (ENTRIES_MAX // 2))], lambda _error: None)
    store.let_go.set()
    writer.close()
    assert store.sizes == [1, SUBMISSIONS_MAX, 3, 1]


def test_the_first_failure_ends_it_for_everything_after() -> None:
    author, store, writer = held((2, Fault.LOST))
    heard: Heard = []
    for number in range(SUBMISSIONS_MAX + 1):
        writer.submit([author.says(b"x")], hearing(heard, number))
    store.let_go.set()
    writer.close()
    assert heard == [(number, "store-broken") for number in range(SUBMISSIONS_MAX + 1)]
    assert store.sizes == [1, SUBMISSIONS_MAX], "nothing is even tried after a failure"
    writer.submit([], hearing(heard, -1))
    assert heard[-1] == (-1, "store-broken")


def test_a_write_that_failed_and_was_kept_is_not_acknowledged() -> None:
    author, store, writer = held((2, Fault.KEPT))
    heard: Heard = []
    writer.submit([author.says(b"kept")], hearing(heard, 0))
    store.let_go.set()
    writer.close()
    assert heard == [(0, "store-broken")]
    assert store.heads()[0].size == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_bug_leaves_nobody_waiting() -> None:
    author, store, writer = held()
    heard: Heard = []
    writer.submit([author.says()], hearing(heard, 0))
    store.let_go.set()
    writer._thread.join()
    writer.submit([author.opened], hearing(heard, 1))
    writer.close()
    assert heard == [(0, "store-broken"), (1, "store-broken")]


def test_the_store_rests_when_nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "IDLE_S", 0)
    _, store, writer = held()
    store.let_go.set()
    assert store.rested.wait(10)
    writer.close()


def test_close_commits_what_waits_and_may_come_twice() -> None:
    author, store, writer = held()
    heard: Heard = []
    writer.submit([author.says(b"last words")], hearing(heard, 0))
    store.let_go.set()
    writer.close()
    writer.close()
    assert heard == [(0, None)]
    assert not writer._thread.is_alive()


def test_both_engines_commit_from_the_thread(engine: Engine) -> None:
    author, store = Author(), engine.open()
    writer, heard = Writer(store), list[StoreError | None]()
    writer.submit([author.opened], heard.append)
    for number in range(300):
        writer.submit([author.says(b"%d" % number)], heard.append)
    writer.close()
    assert heard == [None] * 301
    assert store.heads()[0].size == 300
    assert [item.seq for item in store.arrived(0, 999)] == list(range(1, 301))

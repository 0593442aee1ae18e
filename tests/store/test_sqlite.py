"""What only the record on SQLite has: triggers, the lock and the fence between processes, kill -9, a full disk."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import apsw
import pytest

from openline.base.errors import StoreError
from openline.record.ports import Command, Evidence, Introduction, LineOpened, Seal
from openline.store.database import connect
from openline.store.sqlite import SqliteStore
from tests.store.authors import ALPHA, LINE, NOW, Author, contents, open_bypassing_the_lock
from tests.store.children import child
from tests.store.faulty_disk import FaultyDisk, crashed


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "record.db"


def opened(path: Path) -> SqliteStore:
    store = SqliteStore(path, create=True)
    store.claim()
    return store


def filled(path: Path) -> SqliteStore:
    author, store = Author(), opened(path)
    store.commit([author.opened, author.says(b"one", b"two"), author.receipt(2)])
    store.commit(
        [
            LineOpened(LINE, ("alpha.example", "bravo.example"), NOW),
            Seal(ALPHA, 2, bytes(32), "seal", 1, bytes(10)),
            Evidence(LINE, ALPHA, "log-forked", NOW, b"bytes"),
            Introduction("bravo.example", b"proof", "officer", NOW),
            Command("key", LINE, (), NOW),
        ]
    )
    return store


# Append-only


@pytest.mark.parametrize("table", ["entry", "checkpoint", "receipt", "seal", "evidence", "introduction"])
@pytest.mark.parametrize(
    "change",
    ["DELETE FROM {}", "UPDATE {} SET {} = {}", "INSERT OR REPLACE INTO {} SELECT * FROM {}"],
)
def test_what_was_recorded_is_neither_changed_nor_removed(path: Path, table: str, change: str) -> None:
    store = filled(path)
    before = contents(store)
    column = {"evidence": "data", "introduction": "proof", "entry": "body"}.get(table, "signature")
    names = (table, table) if "INSERT" in change else (table, column, column)
    by_hand = connect(path)
    with pytest.raises(apsw.ConstraintError, match="never"):
        by_hand.execute(change.format(*names))
    by_hand.close()
    assert contents(store) == before
    store.close()


@pytest.mark.parametrize(
    "change", ["size = 1", "own = 0", "origin = 'other'", "log = 7"], ids=["shrunk", "disowned", "renamed", "moved"]
)
def test_a_log_is_neither_shrunk_nor_renamed(path: Path, change: str) -> None:
    filled(path).close()
    by_hand = connect(path)
    with pytest.raises(apsw.ConstraintError, match="only grows"):
        by_hand.execute(f"UPDATE head SET {change}")
    with pytest.raises(apsw.ConstraintError, match="never removed"):
        by_hand.execute("DELETE FROM head")
    by_hand.close()


# One node at a time


def test_a_second_node_on_one_record_is_turned_away(path: Path) -> None:
    with child("hold", path) as node:
        assert node.hears() == "open"
        with pytest.raises(StoreError) as why:
            SqliteStore(path)
        assert why.value.message_id == "store-in-use"
        node.is_told("go on")
        assert node.hears() == "committed"


def test_a_second_node_that_gets_past_the_lock_fences_the_first(path: Path) -> None:
    with child("hold", path) as node:
        assert node.hears() == "open"
        second = open_bypassing_the_lock(path)
        second.claim()
        node.is_told("go on")
        assert node.hears() == ""
        assert node.process.wait() != 0
        second.commit([Author().says(b"from the second")])
        assert [entry.body for entry in second.entries(ALPHA, 0, 9)] == [b"from the second"]
        second.close()


def test_a_node_that_ended_leaves_no_lock(path: Path) -> None:
    with child("hold", path) as node:
        assert node.hears() == "open"
        node.is_killed()
    opened(path).close()


# The end of a process, the end of a disk


@pytest.mark.parametrize("task", ["write", "write-grouped"])
def test_what_was_acknowledged_before_kill_9_is_there(path: Path, task: str) -> None:
    for acknowledged_min in (1, 60, 300):
        with child(task, path) as node:
            for _ in range(acknowledged_min):
                last = int(node.hears())
            last = int(([str(last), *node.is_killed()])[-1])
        store = opened(path)
        held = store.entries(ALPHA, 0, 100_000)
        assert len(held) >= last >= acknowledged_min
        assert [entry.body for entry in held] == [b"entry %d" % number for number in range(len(held))]
        assert [item.seq for item in store.arrived(0, 100_000)] == list(range(1, len(held) + 1))
        if task == "write":
            assert len(store.receipts(ALPHA, 0)) == len(held), "an entry and its receipt are one commit"
        assert store.checkpoint(ALPHA, len(held)) is not None
        store.close()
        path.unlink()


def test_a_full_disk_stops_the_store_and_loses_nothing(path: Path) -> None:
    with child("fill", path, 600_000) as node:
        size, message_id = node.hears().split()
    assert message_id == "store-disk-full"
    assert int(size) > 10
    store = opened(path)
    assert len(store.entries(ALPHA, 0, 1_000)) >= int(size)
    author = Author()
    author.says(*[bytes(20_480)] * store.heads()[0].size)
    store.commit([author.says(b"there is room again")])
    store.close()


def test_a_file_that_may_not_grow_is_a_full_disk(path: Path) -> None:
    author, store = Author(), opened(path)
    store.commit([author.opened, author.says(b"one")])
    pages = store._database._writer.execute("PRAGMA page_count").fetchall()[0][0]
    store._database._writer.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError) as why:
        store.commit([author.says(bytes(60_000))])
    assert why.value.message_id == "store-disk-full"
    assert store.heads()[0].size == 1
    store.close()


@pytest.mark.parametrize(("call", "message_id"), [("write", "store-disk-full"), ("sync", "store-broken")])
def test_a_disk_that_fails_a_commit_stops_the_store(path: Path, call: str, message_id: str) -> None:
    disk = FaultyDisk()
    author, store = Author(), opened(path)
    store.commit([author.opened])
    disk.fail(call)
    with pytest.raises(StoreError) as why:
        store.commit([author.says(b"one")])
    assert why.value.message_id == message_id
    with pytest.raises(StoreError):
        store.commit([])
    store.close()
    disk.unregister()


def test_a_commit_whose_sync_failed_may_be_there_after_a_crash(tmp_path: Path) -> None:
    """Why nothing in memory may be trusted after a StoreError: this process still reads the record without it."""
    disk = FaultyDisk()
    author, store = Author(), opened(tmp_path / "record.db")
    store.commit([author.opened])
    disk.fail("sync")
    with pytest.raises(StoreError):
        store.commit([author.says(b"one")])
    assert store.heads()[0].size == 0
    after = opened(crashed(tmp_path, tmp_path / "after") / "record.db")
    assert after.heads()[0].size == 1
    after.close()
    store.close()
    disk.unregister()


def test_every_commit_is_synced_before_it_returns(path: Path) -> None:
    disk = FaultyDisk()
    author, store = Author(), opened(path)
    store.commit([author.opened])
    counts = [disk.syncs]
    for number in range(20):
        store.commit([author.says(b"%d" % number), author.receipt(number + 1)])
        counts.append(disk.syncs)
    assert all(later > earlier for earlier, later in pairwise(counts))
    store.close()
    disk.unregister()


# Opening


def test_a_record_that_is_missing_is_not_begun_anew(path: Path) -> None:
    with pytest.raises(StoreError) as why:
        SqliteStore(path)
    assert why.value.message_id == "store-missing"
    assert not path.exists()


def test_the_record_is_its_owners_alone(path: Path) -> None:
    store = filled(path)
    for file in path.parent.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file.name
    store.close()


def test_a_closed_record_is_one_file(path: Path) -> None:
    filled(path).close()
    assert {file.name for file in path.parent.iterdir()} == {"record.db", "record.db.lock"}


def test_no_table_that_grows_is_read_from_end_to_end(path: Path) -> None:
    """Reads and writes go by index, so the record may grow for years."""
    store = filled(path)
    by_hand = connect(path)
    whole = {"heads", "lines", "introductions", "evidence", "tallies", "sizes", "logs", "prune_commands"}
    whole |= {"quarantine_own", "claim", "epoch", "holds"}
    for name, sql in store._sql.items():
        plan = by_hand.execute(f"EXPLAIN QUERY PLAN {sql}", _values(sql)).fetchall()
        scans = [row[3] for row in plan if str(row[3]).startswith("SCAN")]
        assert not scans or name in whole, (name, scans)
    by_hand.close()
    store.close()


def _values(sql: str) -> dict[str, None]:
    return dict.fromkeys(re.findall(r":(\w+)", sql))

"""A SQLite file as openline opens it: its settings, its write-ahead log, its readers, its migrations."""

from __future__ import annotations

import threading
from pathlib import Path

import apsw
import pytest

from openline.base.errors import StoreError
from openline.store import database
from openline.store.check import RECORD
from openline.store.database import Database, connect, migrate
from openline.store.statements import migrations
from tests.store.authors import Author
from tests.store.faulty_disk import FaultyDisk


class CountingDatabase(Database):
    """Counts how often the write-ahead log was carried over."""

    carried = 0

    def _carry_over(self) -> None:
        self.carried += 1
        super()._carry_over()


def opened(folder: Path) -> Database:
    return Database(folder / "record.db", RECORD, create=True)


def add_line(store: Database, number: int, bytes_long: int = 1) -> None:
    with store.transaction() as connection:
        connection.execute("INSERT INTO line (id, time_us) VALUES (?, 0)", (f"{number} {'x' * bytes_long}",))


def _add_two_of_a_name(store: Database) -> None:
    with store.transaction() as connection:
        for _ in range(2):
            connection.execute("INSERT INTO line (id, time_us) VALUES ('same', 0)")


def count(store: Database) -> int:
    return int(str(store.readers.rows("SELECT count(*) FROM line")[0][0]))


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("cell_size_check", 1),
        ("recursive_triggers", 1),
        ("trusted_schema", 0),
        ("user_version", len(migrations("record"))),
        ("application_id", RECORD.application_id),
    ],
)
def test_a_file_is_opened_with_these_settings(tmp_path: Path, setting: str, value: object) -> None:
    store = opened(tmp_path)
    assert store._writer.execute(f"PRAGMA {setting}").fetchall() == [(value,)]
    store.close()


# Transactions


def test_an_error_within_a_transaction_undoes_it_and_ends_writing(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with pytest.raises(StoreError, match="store-broken"):
        _add_two_of_a_name(store)
    with pytest.raises(StoreError) as why:
        add_line(store, 1)
    assert why.value.message_id == "store-broken"
    assert count(store) == 0
    store.close()


def test_a_writer_elsewhere_is_in_use(tmp_path: Path) -> None:
    store = opened(tmp_path)
    other = connect(tmp_path / "record.db")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError) as why:
        add_line(store, 1)
    assert why.value.message_id == "store-in-use"
    other.close()
    store.close()


# Readers


def test_reads_go_on_while_a_commit_is_under_way_and_see_it_only_when_it_has_returned(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with store.transaction() as connection:
        connection.execute("INSERT INTO line (id, time_us) VALUES ('a', 0)")
        assert count(store) == 0
    assert count(store) == 1
    store.close()


def test_many_threads_read_at_once(tmp_path: Path) -> None:
    store = opened(tmp_path)
    counts: list[int] = []

    def reads() -> None:
        counts.extend(count(store) for _ in range(50))

    threads = [threading.Thread(target=reads) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(50):
        add_line(store, number)
    for thread in threads:
        thread.join()
    assert len(counts) == 200
    assert set(counts) <= set(range(51))
    store.close()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with pytest.raises(StoreError) as why:
        store.readers.rows("DELETE FROM line")
    assert why.value.message_id == "store-read-only"
    store.close()


def test_a_closed_file_is_not_read(tmp_path: Path) -> None:
    store = opened(tmp_path)
    count(store)
    store.close()
    with pytest.raises(StoreError) as why:
        count(store)
    assert why.value.message_id == "store-broken"


# The write-ahead log


def test_rest_lets_the_log_be_written_over_in_place(tmp_path: Path) -> None:
    store = opened(tmp_path)
    wal = tmp_path / "record.db-wal"
    sizes = []
    for number in range(200):
        add_line(store, number, 2_000)
        if number % 50 == 49:
            store.rest()
            sizes.append(wal.stat().st_size)
    assert max(sizes) < 1.5 * sizes[0], "the log grew although it was carried over"
    store.close()


def test_without_rest_the_log_stays_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WAL_PAGES_MAX", 100)
    store = opened(tmp_path)
    for number in range(300):
        add_line(store, number, 2_000)
    assert (tmp_path / "record.db-wal").stat().st_size < 130 * 4_200
    store.close()


def test_a_long_read_does_not_make_every_commit_carry_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a backup pins its snapshot the log grows; it is tried again only now and then."""
    monkeypatch.setattr(database, "WAL_PAGES_MAX", 100)
    store = CountingDatabase(tmp_path / "record.db", RECORD, create=True)
    add_line(store, 0)
    reading = connect(tmp_path / "record.db")
    reading.execute("BEGIN")
    reading.execute("SELECT count(*) FROM line").fetchall()
    for number in range(1, 201):
        add_line(store, number, 2_000)
    assert 5 < store.carried < 20
    assert store._wal_pages > 600
    reading.close()
    for number in range(201, 301):
        add_line(store, number, 2_000)
    assert store._wal_pages < 120
    store.close()


def test_nothing_is_carried_over_for_a_few_pages(tmp_path: Path) -> None:
    disk = FaultyDisk()
    store = opened(tmp_path)
    add_line(store, 0)
    before = disk.syncs
    store.rest()
    assert disk.syncs == before
    store.close()
    disk.unregister()


def test_a_rest_that_fails_ends_writing(tmp_path: Path) -> None:
    disk = FaultyDisk()
    store = opened(tmp_path)
    for number in range(100):
        add_line(store, number, 2_000)
    disk.fail("sync")
    with pytest.raises(StoreError):
        store.rest()
    with pytest.raises(StoreError):
        add_line(store, 100)
    assert count(store) == 100
    store.close()
    disk.unregister()


# Migrations


def test_a_migration_is_made_whole_or_not_at_all() -> None:
    connection = apsw.Connection(":memory:")
    with pytest.raises(apsw.SQLError):
        migrate(connection, RECORD, ("CREATE TABLE one (x)", "CREATE TABLE two (x"), 0)
    assert connection.execute("SELECT count(*) FROM sqlite_schema").fetchall() == [(0,)]
    assert connection.execute("PRAGMA user_version").fetchall() == [(0,)]


def test_a_migration_goes_on_from_the_version_it_finds() -> None:
    connection = apsw.Connection(":memory:")
    migrate(connection, RECORD, ("CREATE TABLE one (x)",), 0)
    migrate(connection, RECORD, ("ALTER TABLE one ADD COLUMN y", "CREATE TABLE two (x)"), 1)
    assert connection.execute("PRAGMA user_version").fetchall() == [(3,)]
    assert connection.execute("SELECT count(*) FROM sqlite_schema").fetchall() == [(2,)]


def test_authors_of_tests_make_entries_that_hold() -> None:
    """The other tests rest on this: the made-up logs have real leaves and real trees."""
    author = Author()
    said = author.says(b"one", b"two")
    assert (said.base, said.signed.size, len(said.signed.root)) == (0, 2, 32)

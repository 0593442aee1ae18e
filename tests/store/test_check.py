"""What a start refuses, each with a sentence of its own; and the long check, which finds any changed byte."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import apsw
import pytest

from openline.base.errors import StoreError
from openline.record.entry import Attachment
from openline.store import check
from openline.store.check import check_digests, check_library, check_trees
from openline.store.database import connect
from openline.store.sqlite import SqliteStore
from tests.store.authors import BRAVO, Author, blobs_at
from tests.store.children import child

PAGE = 4_096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "record.db"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody can look into; pytest's own cannot be entered by others."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


def filled(path: Path, bodies: int = 200) -> None:
    alpha, bravo, store = Author(), Author(BRAVO), SqliteStore(path, create=True)
    store.claim()
    store.commit([alpha.opened, bravo.opened, bravo.says(b"one")])
    for number in range(0, bodies, 10):
        store.commit([alpha.says(*[b"body %d " % count * 20 for count in range(number, number + 10)])])
    store.close()


def refused(path: Path, create: bool = False) -> str:
    with pytest.raises(StoreError) as why:
        SqliteStore(path, create)
    assert not (path.parent / "record.db-wal").exists(), "what was refused is closed again"
    return why.value.message_id


def without_guards(path: Path, *changes: str) -> None:
    """Change what triggers forbid, as a hostile hand would."""
    connection = connect(path)
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")]
    for change in (*(f"DROP TRIGGER {name}" for name in names), *changes):
        connection.execute(change)
    connection.close()


# The library, the folder, the file


@pytest.mark.parametrize("version", ["3.40.1", "3.51.2", "3.7.0", "3.9.99"])
def test_a_library_that_may_corrupt_is_refused(version: str) -> None:
    with pytest.raises(StoreError) as why:
        check_library(version)
    assert (why.value.message_id, why.value.facts["version"]) == ("store-sqlite-too-old", version)


@pytest.mark.parametrize("version", ["3.51.3", "3.54.1", "3.100.0", "4.0.0"])
def test_a_newer_library_is_taken(version: str) -> None:
    check_library(version)


def test_the_library_is_looked_at_before_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.40.1")
    assert refused(path, create=True) == "store-sqlite-too-old"
    assert list(path.parent.iterdir()) == []


def test_a_folder_that_is_missing_is_not_made(tmp_path: Path) -> None:
    assert refused(tmp_path / "none" / "record.db", create=True) == "store-folder-missing"


def test_a_folder_one_may_not_write_to(open_folder: Path) -> None:
    filled(open_folder / "record.db")
    (open_folder / "record.db").chmod(0o666)
    open_folder.chmod(0o555)
    with child("open-as-nobody", open_folder / "record.db") as node:
        assert node.hears() == f"store-read-only {open_folder}"


def test_a_file_one_may_not_write_to(open_folder: Path) -> None:
    filled(open_folder / "record.db")
    (open_folder / "record.db").chmod(0o444)
    (open_folder / "record.db.lock").unlink()
    open_folder.chmod(0o777)
    with child("open-as-nobody", open_folder / "record.db") as node:
        assert node.hears() == f"store-read-only {open_folder / 'record.db'}"


def test_a_lock_that_is_anothers(open_folder: Path) -> None:
    filled(open_folder / "record.db")
    (open_folder / "record.db.lock").chmod(0o400)
    open_folder.chmod(0o777)
    with child("open-as-nobody", open_folder / "record.db") as node:
        assert node.hears() == f"store-read-only {open_folder / 'record.db.lock'}"


def test_a_disk_with_next_to_no_room(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(path)
    monkeypatch.setattr(check, "FREE_BYTES_MIN", 2**60)
    assert refused(path) == "store-disk-full"


def test_remains_of_a_lost_record_are_not_written_over(path: Path) -> None:
    path.with_name("record.db-wal").write_bytes(b"the only copy of the last entries")
    with pytest.raises(StoreError) as why:
        SqliteStore(path, create=True)
    assert why.value.message_id == "store-missing"
    assert path.with_name("record.db-wal").read_bytes() == b"the only copy of the last entries"


def test_an_empty_file_is_no_record_unless_it_is_being_made(path: Path) -> None:
    path.touch()
    assert refused(path) == "store-corrupt"
    SqliteStore(path, create=True).close()


def test_a_file_that_is_something_else(path: Path) -> None:
    path.write_bytes(b"a letter to the watch, not a database at all\n" * 200)
    assert refused(path) == "store-wrong-file"
    assert refused(path, create=True) == "store-wrong-file"


def test_a_database_of_someone_else(path: Path) -> None:
    connection = apsw.Connection(str(path))
    connection.execute("CREATE TABLE accounts (name)")
    connection.close()
    assert refused(path) == "store-wrong-file"


def test_attachments_are_not_a_record(path: Path) -> None:
    blobs_at(path, create=True).close()
    assert refused(path) == "store-wrong-file"


def test_a_record_of_a_newer_openline(path: Path) -> None:
    filled(path)
    without_guards(path, "PRAGMA user_version = 99")
    assert refused(path) == "store-schema-too-new"


# Pages


def test_a_page_written_over_is_found_at_the_start(path: Path) -> None:
    filled(path)
    _overwrite(path, 7 * PAGE, os.urandom(PAGE))
    assert refused(path) == "store-corrupt"


def test_a_file_cut_short_is_found_at_the_start(path: Path) -> None:
    filled(path)
    os.truncate(path, path.stat().st_size // 2)
    assert refused(path) == "store-corrupt"


def test_a_damaged_page_that_no_start_looked_at_is_found_when_it_is_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "PAGES_BYTES_MAX", 0)
    filled(path)
    connection = connect(path)
    leaves = connection.execute("SELECT pageno FROM dbstat WHERE name = 'entry' AND pagetype = 'leaf'").fetchall()
    connection.close()
    _overwrite(path, (int(str(leaves[len(leaves) // 2][0])) - 1) * PAGE, os.urandom(PAGE))
    store = SqliteStore(path)
    with pytest.raises(StoreError) as why:
        store.arrived(0, 1_000)
    assert why.value.message_id == "store-corrupt"
    store.close()


def test_a_write_the_disk_forgot_is_found_at_the_start(path: Path) -> None:
    """An index page as it was earlier is a sound page; only a comparison with the table shows it."""
    filled(path)
    connection = connect(path)
    root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_entry_1'")
    offset = (int(str(root.fetchall()[0][0])) - 1) * PAGE
    connection.close()
    before = path.read_bytes()[offset : offset + PAGE]
    author, store = Author(), SqliteStore(path)
    author.says(*[b"body %d " % count * 20 for count in range(200)])
    store.claim()
    store.commit([author.says(b"forgotten by the index")])
    store.close()
    _overwrite(path, offset, before)
    assert refused(path) == "store-corrupt"


# Tables that must agree


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM entry WHERE log = 1 AND idx = 199",
        "DELETE FROM checkpoint WHERE log = 1 AND size = 200",
        "UPDATE head SET size = 199 WHERE log = 1",
        "DELETE FROM head WHERE log = 2",
    ],
)
def test_tables_that_do_not_agree_are_found_at_the_start(path: Path, change: str) -> None:
    filled(path)
    without_guards(path, "PRAGMA foreign_keys = OFF", change)
    assert refused(path) == "store-corrupt"


# Every byte


def test_the_long_check_passes_what_was_written(path: Path) -> None:
    filled(path)
    store = SqliteStore(path)
    told: list[tuple[int, int]] = []
    check_trees(store, path, lambda done, total: told.append((done, total)))
    assert told[-1] == (201, 201)
    store.close()


@pytest.mark.parametrize("column", ["leaf", "salt", "body"])
def test_one_changed_byte_of_an_entry_is_found(path: Path, column: str) -> None:
    filled(path)
    connection = connect(path)
    value = bytearray(connection.execute(f"SELECT {column} FROM entry WHERE idx = 150").fetchall()[0][0])  # type: ignore[arg-type] # these columns are bytes
    connection.close()
    value[9] ^= 1
    without_guards(path, f"UPDATE entry SET {column} = x'{value.hex()}' WHERE log = 1 AND idx = 150")
    store = SqliteStore(path)
    with pytest.raises(StoreError, match="store-corrupt"):
        check_trees(store, path, _silent)
    store.close()


def test_a_missing_entry_is_found(path: Path) -> None:
    filled(path)
    without_guards(path, "DELETE FROM entry WHERE log = 1 AND idx = 100")
    store = SqliteStore(path)
    with pytest.raises(StoreError, match="store-corrupt"):
        check_trees(store, path, _silent)
    store.close()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE checkpoint SET root = zeroblob(32) WHERE log = 1 AND size = 200",
        "UPDATE head SET frontier = zeroblob(8) WHERE log = 1",
    ],
)
def test_a_tree_that_is_not_what_was_signed_is_found(path: Path, change: str) -> None:
    filled(path)
    without_guards(path, change)
    store = SqliteStore(path)
    with pytest.raises(StoreError, match="store-corrupt"):
        check_trees(store, path, _silent)
    store.close()


def test_a_changed_attachment_is_found(tmp_path: Path) -> None:
    path, data = tmp_path / "blobs.db", b"map sheet" * 1_000
    blobs = blobs_at(path, create=True)
    blobs.write(Attachment(len(data), sha256(data).digest()), 0, data)
    check_digests(blobs, path, _silent)
    blobs.close()
    without_guards(path, "UPDATE chunk SET data = zeroblob(9000)")
    blobs = blobs_at(path)
    with pytest.raises(StoreError, match="store-corrupt"):
        check_digests(blobs, path, _silent)
    blobs.close()


def _silent(_done: int, _total: int) -> None:
    pass


def _overwrite(path: Path, offset: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(data)

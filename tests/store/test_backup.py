"""Backups: taken while a node writes, checked when they are put back, and quarantined then."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path

import apsw
import pytest

from openline.base.errors import OpenlineError, StoreError, UsageError
from openline.record.entry import Attachment
from openline.record.ports import Quarantine
from openline.store import backup as backup_module
from openline.store.backup import backup, read_manifest, restore
from openline.store.check import check_digests, check_trees
from openline.store.lock import Lock
from openline.store.sqlite import SqliteStore
from tests.store.authors import ALPHA, BRAVO, Author, blobs_at, contents
from tests.store.children import child
from tests.store.faulty_disk import FaultyDisk

SHEET = b"map sheet" * 300_000


def silent(_done: int, _total: int) -> None:
    pass


def filled(folder: Path, entries: int = 50) -> tuple[Author, SqliteStore]:
    alpha, bravo = Author(), Author(BRAVO, own=False)
    store = SqliteStore(folder / "record.db", create=True)
    store.claim()
    store.commit([alpha.opened, bravo.opened, bravo.says(b"from bravo")])
    for number in range(entries):
        store.commit([alpha.says(b"entry %d" % number), alpha.receipt(number + 1)])
    blobs = blobs_at(folder / "blobs.db", create=True)
    blobs.write(Attachment(len(SHEET), sha256(SHEET).digest()), 0, SHEET)
    blobs.close()
    return alpha, store


def taken(folder: Path) -> Path:
    target = folder / "monday"
    backup(folder / "record.db", folder / "blobs.db", target, silent)
    return target


def put_back(source: Path, folder: Path) -> list[str]:
    folder.mkdir(exist_ok=True)
    return restore(source, folder / "record.db", folder / "blobs.db", silent)


def refused(source: Path, folder: Path) -> str:
    with pytest.raises(OpenlineError) as why:
        put_back(source, folder)
    return why.value.message_id


# Taking one


def test_a_backup_of_a_running_node_is_whole(tmp_path: Path) -> None:
    _, store = filled(tmp_path)
    before = contents(store)
    target = taken(tmp_path)
    assert sorted(file.name for file in target.iterdir()) == ["blobs.db", "manifest.json", "record.db"]
    assert target.stat().st_mode & 0o077 == 0
    copy = SqliteStore(target / "record.db")
    assert contents(copy) == before
    copy.close()
    store.close()


def test_a_backup_says_what_it_holds(tmp_path: Path) -> None:
    filled(tmp_path)[1].close()
    target = taken(tmp_path)
    manifest = json.loads((target / "manifest.json").read_text())
    assert manifest["format"] == 1
    assert manifest["logs"] == [
        {"origin": ALPHA, "own": True, "size": 50},
        {"origin": BRAVO, "own": False, "size": 1},
    ]
    for file in manifest["files"]:
        data = (target / file["name"]).read_bytes()
        assert (len(data), sha256(data).hexdigest()) == (file["size"], file["sha256"])


def test_a_node_that_writes_all_the_while_is_copied_as_it_was_at_the_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_module, "_PAGES_AT_ONCE", 8)
    author, store = filled(tmp_path, entries=200)
    told: list[int] = []

    def go_on(done: int, _total: int) -> None:
        store.commit([author.says(b"meanwhile"), author.receipt(len(author.entries))])
        store.rest()
        told.append(done)

    backup(tmp_path / "record.db", tmp_path / "blobs.db", tmp_path / "copy", go_on)
    assert len(told) > 20
    assert told == sorted(told), "the copy never begins anew"
    copy = SqliteStore(tmp_path / "copy" / "record.db")
    assert copy.heads()[0].size == len(copy.receipts(ALPHA, 0)) == 200
    check_trees(copy, tmp_path, silent)
    copy.close()
    store.close()


def test_another_process_may_take_the_backup(tmp_path: Path) -> None:
    author, store = filled(tmp_path)
    with child("back-up", tmp_path) as node:
        while node.process.poll() is None and not (tmp_path / "copy").exists():
            store.commit([author.says(b"meanwhile")])
        assert node.hears() == "copied"
    assert {log.origin: log.size for log in read_manifest(tmp_path / "copy").logs}[ALPHA] >= 50
    store.close()


def test_progress_goes_up_to_the_whole(tmp_path: Path) -> None:
    filled(tmp_path)[1].close()
    told: list[tuple[int, int]] = []
    target = tmp_path / "monday"
    backup(tmp_path / "record.db", tmp_path / "blobs.db", target, lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    told.clear()
    (tmp_path / "new").mkdir()
    restore(
        target,
        tmp_path / "new/record.db",
        tmp_path / "new/blobs.db",
        lambda done, total: told.append((done, total)),
    )
    assert told[-1][0] == told[-1][1]


def test_nothing_is_written_over(tmp_path: Path) -> None:
    filled(tmp_path)[1].close()
    (tmp_path / "monday").mkdir()
    with pytest.raises(UsageError, match="backup-target-exists"):
        taken(tmp_path)


def test_a_backup_without_a_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="store-missing"):
        taken(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_backup_to_a_folder_that_is_missing_is_refused(tmp_path: Path) -> None:
    filled(tmp_path)[1].close()
    with pytest.raises(StoreError) as why:
        backup(tmp_path / "record.db", tmp_path / "blobs.db", tmp_path / "none" / "monday", silent)
    assert why.value.message_id == "store-broken"


def test_a_backup_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    filled(tmp_path)[1].close()
    (tmp_path / "record.db").write_bytes(os.urandom(8_192))
    with pytest.raises(StoreError, match="store-wrong-file"):
        taken(tmp_path)
    assert not [file for file in tmp_path.iterdir() if "monday" in file.name]


def test_a_damaged_record_is_not_passed_on_as_a_backup(tmp_path: Path) -> None:
    filled(tmp_path, entries=300)[1].close()
    with (tmp_path / "record.db").open("r+b") as file:
        file.seek(20 * 4_096)
        file.write(os.urandom(4_096))
    with pytest.raises(StoreError, match="store-corrupt"):
        taken(tmp_path)


# Putting one back


def test_a_restored_record_is_the_one_that_was_taken_with_our_logs_quarantined(tmp_path: Path) -> None:
    author, store = filled(tmp_path)
    held = (store.arrived(0, 999), store.receipts(ALPHA, 0), store.lines())
    target = taken(tmp_path)
    epoch = store.claim()
    store.close()
    new = tmp_path / "new"
    assert put_back(target, new) == [ALPHA]
    again = SqliteStore(new / "record.db")
    assert (again.arrived(0, 999), again.receipts(ALPHA, 0), again.lines()) == held
    assert [(head.origin, head.quarantined) for head in again.heads()] == [(ALPHA, True), (BRAVO, False)]
    assert again.claim() > epoch - 1
    again.commit([author.says(b"taken back from the peer"), Quarantine(ALPHA, False)])
    blobs = blobs_at(new / "blobs.db")
    check_digests(blobs, new, silent)
    assert len(list(blobs.digests())) == 1
    blobs.close()
    again.close()


def test_only_the_record_and_its_attachments_are_put_there(tmp_path: Path) -> None:
    filled(tmp_path)[1].close()
    put_back(taken(tmp_path), tmp_path / "new")
    names = {file.name for file in (tmp_path / "new").iterdir()}
    assert names == {"record.db", "record.db.lock", "blobs.db", "blobs.db.lock"}
    assert (tmp_path / "new" / "record.db").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["record.db", "record.db-wal", "blobs.db", "blobs.db-wal"])
def test_files_in_the_way_are_left_alone(tmp_path: Path, name: str) -> None:
    filled(tmp_path)[1].close()
    target = taken(tmp_path)
    new = tmp_path / "new"
    new.mkdir()
    (new / name).write_bytes(b"in the way")
    assert refused(target, new) == "restore-in-the-way"
    assert (new / name).read_bytes() == b"in the way"


def test_nothing_is_put_under_a_running_node(tmp_path: Path) -> None:
    filled(tmp_path)[1].close()
    target = taken(tmp_path)
    new = tmp_path / "new"
    new.mkdir()
    lock = Lock(new / "record.db")
    assert refused(target, new) == "store-in-use"
    lock.release()
    assert put_back(target, new) == [ALPHA]


@pytest.mark.parametrize("name", ["record.db", "blobs.db"])
@pytest.mark.parametrize("damage", ["changed", "cut"])
def test_a_damaged_backup_is_refused_whole(tmp_path: Path, name: str, damage: str) -> None:
    filled(tmp_path)[1].close()
    target = taken(tmp_path)
    data = bytearray((target / name).read_bytes())
    data[len(data) // 2] ^= 1
    (target / name).write_bytes(data if damage == "changed" else data[:-1])
    assert refused(target, tmp_path / "new") == "backup-damaged"
    assert not (tmp_path / "new" / "record.db").exists()
    assert not (tmp_path / "new" / "blobs.db").exists()


@pytest.mark.parametrize(
    "manifest",
    [None, b"", b"{}", b'{"format": 2, "files": [], "logs": []}', b'{"format": 1, "files": [], "logs": []}'],
)
def test_a_folder_that_is_no_backup_is_refused(tmp_path: Path, manifest: bytes | None) -> None:
    source = tmp_path / "source"
    source.mkdir()
    if manifest is not None:
        (source / "manifest.json").write_bytes(manifest)
    assert refused(source, tmp_path / "new") == "backup-not-found"


def test_a_manifest_that_names_a_missing_file_is_refused(tmp_path: Path) -> None:
    filled(tmp_path)[1].close()
    target = taken(tmp_path)
    (target / "blobs.db").unlink()
    assert refused(target, tmp_path / "new") == "backup-damaged"


def test_a_restore_that_was_cut_leaves_no_record_and_can_be_repeated(tmp_path: Path) -> None:
    filled(tmp_path)[1].close()
    target, new = taken(tmp_path), tmp_path / "new"
    new.mkdir()
    (new / "record.db.restoring").write_bytes(b"half")
    assert put_back(target, new) == [ALPHA]


def test_a_copy_that_does_not_fit_on_the_disk_says_so(tmp_path: Path) -> None:
    filled(tmp_path)[1].close()
    disk = _FullForCopies()
    with pytest.raises(StoreError, match="store-disk-full"):
        taken(tmp_path)
    disk.unregister()
    assert not (tmp_path / "monday").exists()


class _FullForCopies(FaultyDisk):
    """No room for anything below a folder that is being made."""

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802 - the name SQLite knows
        where = (name if isinstance(name, str) else name.filename()) if name else ""
        if ".partial" in where:
            raise apsw.FullError("no room")
        return super().xOpen(name, flags)

"""What is looked at before a store is trusted: each finding is a StoreError with a sentence that says what to do.

At every start: the library, the folder, the file's kind and version, its pages, and that the tables agree with
each other. `check_trees` and `check_digests` are the long form: they find any changed byte, and they are the
doctor's, not the start's.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import cast

import apsw

from openline.base.errors import StoreError
from openline.record.entry import Attachment
from openline.record.ports import BlobStore, RecordStore
from openline.record.tree import Frontier
from openline.store.failures import corrupt, os_error, store_error
from openline.store.statements import migrations, statements

# Older ones may corrupt a database whose write-ahead log is reset while it is read (3.7.0 to 3.51.2).
LIBRARY_VERSION_MIN = (3, 51, 3)

# A node that starts with less would stop within minutes; better not to start.
FREE_BYTES_MIN = 8 * 1_048_576

# Above this the pages are not all read at every start; the doctor still reads them.
PAGES_BYTES_MAX = 256 * 1_048_576

_ENTRIES_AT_ONCE = 1_000
_BYTES_AT_ONCE = 1_048_576


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of database file: the name of its SQL, and the number in its header by which it is known."""

    name: str
    application_id: int


RECORD = Kind("record", int.from_bytes(b"olrc", "big"))
BLOBS = Kind("blobs", int.from_bytes(b"olbl", "big"))
OFFICERS = Kind("officers", int.from_bytes(b"olof", "big"))
SEARCH = Kind("search", int.from_bytes(b"olse", "big"))

Progress = Callable[[int, int], None]


def check_library(version: str) -> None:
    """Raises StoreError when the SQLite library is one that may corrupt a database."""
    if tuple(int(part) for part in version.split(".")) < LIBRARY_VERSION_MIN:
        raise StoreError("store-sqlite-too-old", version=version)


def check_place(path: Path, create: bool) -> None:
    """Look at the folder of the database `path`, and whether it is there when it must be. Raises StoreError."""
    folder = path.parent
    if not folder.is_dir():
        raise StoreError("store-folder-missing", path=str(folder))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StoreError("store-read-only", path=str(folder))
    try:
        space = os.statvfs(folder)
        size = path.stat().st_size if path.exists() else None
    except OSError as why:
        raise os_error(why, path) from why
    if space.f_bavail * space.f_frsize < FREE_BYTES_MIN:
        raise StoreError("store-disk-full", path=str(folder))
    if create and not size:
        if any(remains.exists() for remains in companions(path)):
            raise StoreError("store-missing", path=str(path))
    elif size is None:
        raise StoreError("store-missing", path=str(path))
    elif size == 0:
        raise corrupt(path, "the file is empty")


def companions(path: Path) -> tuple[Path, ...]:
    """The files SQLite keeps beside a database that was not closed."""
    return tuple(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))


def check_kind(connection: apsw.Connection, path: Path, kind: Kind) -> int:
    """The schema version of an opened file; 0 when it is new. Raises StoreError when it is not of this kind."""
    try:
        version, application_id, tables = (
            cast("int", connection.execute(sql).fetchall()[0][0])
            for sql in ("PRAGMA user_version", "PRAGMA application_id", "SELECT count(*) FROM sqlite_schema")
        )
    except apsw.Error as why:
        raise store_error(why, path, connection.system_errno) from why
    if application_id != kind.application_id and (tables or version or application_id):
        raise StoreError("store-wrong-file", path=str(path))
    if version > len(migrations(kind.name)):
        raise StoreError("store-schema-too-new", path=str(path), version=version)
    return version


def check_pages(connection: apsw.Connection, path: Path, thorough: bool = False) -> None:
    """Read the pages of a file. Raises StoreError when one is not as SQLite writes it.

    Unless `thorough`, indexes are not compared with their tables, and a file above `PAGES_BYTES_MAX` is passed.
    """
    if not thorough and path.stat().st_size > PAGES_BYTES_MAX:
        return
    try:
        rows = connection.execute("PRAGMA integrity_check(1)" if thorough else "PRAGMA quick_check(1)").fetchall()
    except apsw.Error as why:
        raise store_error(why, path, connection.system_errno) from why
    if rows != [("ok",)]:
        raise corrupt(path, str(rows[0][0]))


def check_tallies(connection: apsw.Connection, path: Path) -> None:
    """Whether heads, entries, checkpoints and arrival numbers of a record agree. Raises StoreError."""
    sql = statements("record")
    try:
        tallies = connection.execute(sql["tallies"]).fetchall()
        last_seq = connection.execute(sql["last_seq"]).fetchall()[0][0]
    except apsw.Error as why:
        raise store_error(why, path, connection.system_errno) from why
    total = 0
    for origin, size, last_idx, signed_size in cast("list[tuple[str, int, int | None, int | None]]", tallies):
        held = 0 if last_idx is None else last_idx + 1
        if not size == held == (signed_size or 0):
            raise corrupt(path, f"{origin}: size {size}, entries {held}, signed {signed_size or 0}")
        total += size
    if total != last_seq:
        raise corrupt(path, f"the logs hold {total} entries, {last_seq} have arrived")


def check_trees(store: RecordStore, path: Path, progress: Progress) -> None:
    """Recompute every log from its entries and compare it with its newest signed checkpoint.

    `path` names the record in the error. `progress` is told entries done and in all. Raises StoreError.
    """
    heads = store.heads()
    done, total = 0, sum(head.size for head in heads)
    for head in heads:
        tree = Frontier()
        while entries := store.entries(head.origin, tree.size, tree.size + _ENTRIES_AT_ONCE):
            for entry in entries:
                if entry.index != tree.size:
                    raise corrupt(path, f"{head.origin}: entry {tree.size} is missing")
                tree.append(entry.leaf_hash)
            done += len(entries)
            progress(done, total)
        if tree.size != head.size or tree.pack() != head.frontier:
            raise corrupt(path, f"{head.origin}: the entries do not make the tree")
        if head.size and (head.signed is None or head.signed.root != tree.root()):
            raise corrupt(path, f"{head.origin}: the entries are not what was signed")


def check_digests(blobs: BlobStore, path: Path, progress: Progress) -> None:
    """Hash every complete attachment again. Raises StoreError when one is not what its digest says.

    `path` names the file in the error. `progress` is told attachments done and in all.
    """
    attachments = list(blobs.digests())
    for number, attachment in enumerate(attachments, 1):
        if not _holds(blobs, attachment):
            raise corrupt(path, f"attachment {attachment.digest.hex()}")
        progress(number, len(attachments))


def _holds(blobs: BlobStore, attachment: Attachment) -> bool:
    hashed, offset = sha256(), 0
    while data := blobs.read(attachment.digest, offset, _BYTES_AT_ONCE):
        hashed.update(data)
        offset += len(data)
    return offset == attachment.size and hashed.digest() == attachment.digest

"""Copies of a node's store: made while it runs, checked and put back while it does not.

A backup is a folder: `record.db`, `blobs.db` and `manifest.json` with their sizes and SHA-256. Each file is one
snapshot. The record is taken first: every attachment it names was durable before, so the later copy of the
attachments has it. Keys and the configuration are not in it.

**A restored record is behind the peer's.** Signing on from it would fork our own log. So `restore` marks every log
of our own quarantined, before the record stands under its name: it stays so until the peer's tip is known and our
missing entries have come back from the peer.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import cast

import apsw
import msgspec

from openline.base.errors import StoreError, UsageError
from openline.store.check import BLOBS, RECORD, Kind, Progress, check_kind, check_pages, companions
from openline.store.database import connect
from openline.store.failures import os_error, store_error
from openline.store.lock import Lock
from openline.store.statements import statements

MANIFEST = "manifest.json"
_PAGES_AT_ONCE = 256
_BYTES_AT_ONCE = 1_048_576
_KINDS = {"record.db": RECORD, "blobs.db": BLOBS}


class BackedUpFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of a backup: its size in bytes and its SHA-256 in hex."""

    name: str
    size: int
    sha256: str


class BackedUpLog(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A log of the record in a backup and how many entries of it there are."""

    origin: str
    own: bool
    size: int


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup holds. `format` is 1."""

    format: int
    files: tuple[BackedUpFile, ...]
    logs: tuple[BackedUpLog, ...]


def backup(record_path: Path, blobs_path: Path, target: Path, progress: Progress) -> Manifest:
    """Copy a store, running or not, into the new folder `target`; `progress` is told bytes done and in all.

    `target` appears only when it is whole. Raises UsageError when it is there already, StoreError otherwise.
    """
    if target.exists():
        raise UsageError("backup-target-exists", path=str(target))
    sources = {"record.db": record_path, "blobs.db": blobs_path}
    for source in sources.values():
        if not source.exists():
            raise StoreError("store-missing", path=str(source))
    with _os_errors(target):
        partial = Path(mkdtemp(prefix=f".{target.name}.", suffix=".partial", dir=target.parent))
        try:
            meter = _Meter(progress, sum(source.stat().st_size for source in sources.values()))
            for name, source in sources.items():
                _copy_database(source, partial / name, _KINDS[name], meter)
            manifest = Manifest(1, tuple(_describe(partial / name) for name in sources), _logs(partial))
            (partial / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
            _sync(partial / MANIFEST)
            _sync(partial)
            partial.rename(target)
            _sync(target.parent)
            meter.end()
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return manifest


def restore(source: Path, record_path: Path, blobs_path: Path, progress: Progress) -> list[str]:
    """Put the backup in the folder `source` in place; returns the origins of our own logs, now quarantined.

    Nothing is replaced: files in the way must have been moved. Raises UsageError when they were not or when the
    backup is not whole, StoreError when the disk fails or a node runs on these files.
    """
    targets = {"blobs.db": blobs_path, "record.db": record_path}
    manifest = read_manifest(source)
    fresh = {name: path.with_name(path.name + ".restoring") for name, path in targets.items()}
    with _locked(targets.values()), _os_errors(record_path), _removed_at_the_end(fresh.values()):
        for path in targets.values():
            _refuse_in_the_way(path)
        meter = _Meter(progress, sum(file.size for file in manifest.files))
        for file in manifest.files:
            _copy_file(source / file.name, fresh[file.name], file, meter)
        quarantined = _quarantine_own(fresh["record.db"])
        # The record last: whoever finds it finds its attachments, and finds it quarantined.
        for name, path in targets.items():
            _sync(fresh[name])
            fresh[name].rename(path)
            _sync(path.parent)
    return quarantined


def read_manifest(source: Path) -> Manifest:
    """The manifest of a backup. Raises UsageError when the folder does not hold a backup this version knows."""
    try:
        manifest = msgspec.json.decode((source / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError) as why:
        raise UsageError("backup-not-found", path=str(source)) from why
    if manifest.format != 1 or {file.name for file in manifest.files} != set(_KINDS):
        raise UsageError("backup-not-found", path=str(source))
    return manifest


class _Meter:
    """Adds up what was copied. Mutable; owned by one backup or restore."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def add(self, size: int) -> None:
        self._done += size
        self._progress(min(self._done, self._total), self._total)

    def end(self) -> None:
        """What was not yet in the file when it was measured makes no difference at the end."""
        self._progress(self._total, self._total)


def _copy_database(source: Path, target: Path, kind: Kind, meter: _Meter) -> None:
    """One snapshot of `source`, however long it takes and whatever is committed meanwhile, read once over."""
    reading, writing = connect(source), connect(target, create=True)
    try:
        check_kind(reading, source, kind)
        # An open read transaction pins the snapshot; without it each commit of the node would begin the copy anew.
        reading.execute("BEGIN")
        page_size = cast("int", reading.execute("PRAGMA page_size").fetchall()[0][0])
        reading.execute("SELECT count(*) FROM sqlite_schema").fetchall()
        with writing.backup("main", reading, "main") as copying:
            copied = 0
            while not copying.done:
                copying.step(_PAGES_AT_ONCE)
                meter.add((copying.page_count - copying.remaining - copied) * page_size)
                copied = copying.page_count - copying.remaining
        writing.close()
        writing = connect(target)
        writing.execute("PRAGMA journal_mode = DELETE").fetchall()
        check_pages(writing, target, thorough=True)
    except apsw.Error as why:
        raise store_error(why, target, writing.system_errno) from why
    finally:
        reading.close()
        writing.close()
    _sync(target)


def _describe(path: Path) -> BackedUpFile:
    hashed = sha256()
    with path.open("rb") as file:
        while data := file.read(_BYTES_AT_ONCE):
            hashed.update(data)
    return BackedUpFile(path.name, path.stat().st_size, hashed.hexdigest())


def _logs(folder: Path) -> tuple[BackedUpLog, ...]:
    path = folder / "record.db"
    connection = connect(path)
    try:
        rows = connection.execute(statements("record")["sizes"]).fetchall()
    except apsw.Error as why:
        raise store_error(why, path, connection.system_errno) from why
    finally:
        connection.close()
    return tuple(BackedUpLog(origin, bool(own), size) for origin, own, size in cast("list[tuple[str, int, int]]", rows))


def _refuse_in_the_way(path: Path) -> None:
    for found in (path, *companions(path)):
        if found.exists():
            raise UsageError("restore-in-the-way", path=str(found))


def _copy_file(source: Path, target: Path, expected: BackedUpFile, meter: _Meter) -> None:
    if not source.is_file():
        raise UsageError("backup-damaged", path=str(source))
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    hashed, size = sha256(), 0
    with source.open("rb") as reading, target.open("wb") as writing:
        while data := reading.read(_BYTES_AT_ONCE):
            hashed.update(data)
            size += len(data)
            writing.write(data)
            meter.add(len(data))
    if (size, hashed.hexdigest()) != (expected.size, expected.sha256):
        raise UsageError("backup-damaged", path=str(source))


def _quarantine_own(path: Path) -> list[str]:
    connection = connect(path)
    try:
        check_kind(connection, path, RECORD)
        sql = statements("record")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(sql["claim"]).fetchall()
        rows = connection.execute(sql["quarantine_own"]).fetchall()
        connection.execute("COMMIT")
    except apsw.Error as why:
        raise store_error(why, path, connection.system_errno) from why
    finally:
        connection.close()
    return [cast("str", row[0]) for row in rows]


def _sync(path: Path) -> None:
    """Make a file's content, or a folder's names, durable."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextmanager
def _locked(paths: Iterable[Path]) -> Iterator[None]:
    with ExitStack() as held:
        for path in paths:
            held.callback(Lock(path).release)
        yield


@contextmanager
def _removed_at_the_end(paths: Iterable[Path]) -> Iterator[None]:
    try:
        yield
    finally:
        for path in paths:
            path.unlink(missing_ok=True)


@contextmanager
def _os_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as why:
        raise os_error(why, Path(why.filename) if isinstance(why.filename, str) else path) from why

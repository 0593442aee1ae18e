"""One SQLite file as openline uses it: locked, checked, migrated, opened one way, written by one connection.

Settings: write-ahead log, every commit synced to disk (`synchronous = FULL`, never weaker), foreign keys, cell
checks. Reads run on connections of their own, from any thread, while the writer commits.

The write-ahead log is written over in place once it has been carried into the file. That is done when the owner
rests (`rest`), or before a commit when the log has grown to `WAL_PAGES_MAX`; never by SQLite in the middle of a
commit.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import apsw

from openline.base.errors import StoreError
from openline.store.check import Kind, check_kind, check_library, check_pages, check_place
from openline.store.failures import os_error, store_error
from openline.store.lock import Lock
from openline.store.statements import migrations

Cell = None | int | str | bytes
Row = tuple["apsw.SQLiteValue", ...]

# 4 MiB: once in some two hundred commits without a rest, one waits a millisecond or two. A larger log would seldom
# be carried over but long be growing, and a commit that makes its file grow costs half as much again.
WAL_PAGES_MAX = 1_024
WAL_PAGES_AT_REST = 64

_BUSY_MS = 250
_SETTINGS = """
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA secure_delete = ON;
PRAGMA recursive_triggers = ON;
PRAGMA cell_size_check = ON;
PRAGMA trusted_schema = OFF;
PRAGMA cache_size = -16000;
"""


class Readers:
    """Connections for reading. A read borrows one and may run in any thread; as many are opened as read at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._free: list[apsw.Connection] = []
        self._closed = False

    def rows(self, sql: str, values: tuple[Cell, ...] = ()) -> list[Row]:
        """Every row of one statement, as of the last commit that returned. Raises StoreError."""
        connection = self._borrow()
        try:
            return connection.execute(sql, values).fetchall()
        except apsw.Error as why:
            raise store_error(why, self.path, connection.system_errno) from why
        finally:
            self._free.append(connection)
            if self._closed:
                self.close()

    def close(self) -> None:
        """Close what is not borrowed; what is, closes when it comes back."""
        self._closed = True
        while self._free:
            self._free.pop().close()

    def _borrow(self) -> apsw.Connection:
        if self._closed:
            raise StoreError("store-broken", path=str(self.path), detail="the store is closed")
        try:
            return self._free.pop()
        except IndexError:
            return connect(self.path, settings=_SETTINGS + "PRAGMA query_only = ON;")


class Database:
    """An open file: `readers`, and `transaction` for the one writer. Mutable; owned by the store on it."""

    def __init__(self, path: Path, kind: Kind, create: bool) -> None:
        """Lock, check, migrate and open the file at `path`; make it when `create`. Raises StoreError."""
        check_library(apsw.sqlite_lib_version())
        check_place(path, create)
        self.path = path
        self.readers = Readers(path)
        self._lock = Lock(path)
        self._broken = False
        self._wal_pages = self._wal_carried = 0
        try:
            self._writer = connect(path, create)
        except StoreError:
            self._lock.release()
            raise
        try:
            self._prepare(kind)
        except StoreError:
            self.close()
            raise

    @contextmanager
    def transaction(self) -> Iterator[apsw.Connection]:
        """One transaction on the writing connection: durable when the block has ended without an error.

        Raises StoreError. After any error nothing more can be written: whether the last write happened is not
        known to the caller, so the store must be opened again.
        """
        if self._broken:
            raise StoreError("store-broken", path=str(self.path), detail="a write failed, or it was closed")
        self._broken = True
        try:
            if self._wal_pages - self._wal_carried >= WAL_PAGES_MAX:
                self._carry_over()
            self._writer.execute("BEGIN IMMEDIATE")
            yield self._writer
            self._writer.execute("COMMIT")
            self._broken = False
        except apsw.Error as why:
            raise store_error(why, self.path, self._writer.system_errno) from why
        finally:
            if self._broken:
                self._roll_back()

    def rest(self) -> None:
        """Carry the write-ahead log into the file; to be called when nothing waits. Raises StoreError."""
        if self._broken or self._wal_pages - self._wal_carried < WAL_PAGES_AT_REST:
            return
        try:
            self._carry_over()
        except apsw.Error as why:
            self._broken = True
            raise store_error(why, self.path, self._writer.system_errno) from why

    def wipe(self) -> None:
        """Leave nothing of what was just erased in the write-ahead log, unless a long read needs it. Raises StoreError.

        Freed space within the file is written over by SQLite itself (`secure_delete`).
        """
        try:
            self._writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except apsw.BusyError:
            return  # The next one carries it over.
        except apsw.Error as why:
            self._broken = True
            raise store_error(why, self.path, self._writer.system_errno) from why

    def close(self) -> None:
        """Close everything and give the lock back. Safe to call twice."""
        self._broken = True
        self.readers.close()
        with suppress(apsw.Error):  # A failing close loses nothing: every commit is in the write-ahead log.
            self._writer.close()
        self._lock.release()

    def _prepare(self, kind: Kind) -> None:
        version = check_kind(self._writer, self.path, kind)
        try:
            if self._writer.readonly("main"):
                raise StoreError("store-read-only", path=str(self.path))
            if self._writer.execute("PRAGMA journal_mode = WAL").fetchall() != [("wal",)]:
                raise StoreError("store-broken", path=str(self.path), detail="no write-ahead log on this disk")
            migrate(self._writer, kind, migrations(kind.name)[version:], version)
        except apsw.Error as why:
            raise store_error(why, self.path, self._writer.system_errno) from why
        check_pages(self._writer, self.path)
        self._writer.set_wal_hook(self._on_commit)

    def _on_commit(self, _connection: apsw.Connection, _name: str, pages: int) -> int:
        if pages < self._wal_pages:  # It was carried over whole, and is now written from its beginning.
            self._wal_carried = 0
        self._wal_pages = pages
        return apsw.SQLITE_OK

    def _carry_over(self) -> None:
        # A long read, such as a backup, keeps it from being carried over; then it grows, and is tried again later.
        self._writer.wal_checkpoint()
        self._wal_carried = self._wal_pages

    def _roll_back(self) -> None:
        with suppress(apsw.Error):  # SQLite has rolled back by itself, or the file is lost to us anyway.
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")


def connect(path: Path, create: bool = False, settings: str = _SETTINGS) -> apsw.Connection:
    """A connection with openline's settings; to a new file, for its owner only, when `create`. Raises StoreError."""
    if create:
        _make(path)
    try:
        connection = apsw.Connection(str(path), apsw.SQLITE_OPEN_READWRITE)
    except apsw.Error as why:
        raise store_error(why, path) from why
    connection.set_busy_timeout(_BUSY_MS)
    try:
        connection.execute(settings).fetchall()  # A setting that answers must not end the list.
    except apsw.Error as why:
        error = store_error(why, path, connection.system_errno)
        connection.close()
        raise error from why
    return connection


def _make(path: Path) -> None:
    """An empty file, unless there is one. SQLite gives its companions the same rights."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        pass
    except OSError as why:
        raise os_error(why, path) from why


def migrate(connection: apsw.Connection, kind: Kind, scripts: tuple[str, ...], version: int) -> None:
    """Bring a file from `version` on through `scripts`, all or nothing. Raises apsw.Error."""
    if not scripts:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for script in scripts:
            connection.execute(script)
        connection.execute(f"PRAGMA user_version = {version + len(scripts)}")
        connection.execute(f"PRAGMA application_id = {kind.application_id}")
        connection.execute("COMMIT")
    except apsw.Error:
        connection.execute("ROLLBACK")
        raise

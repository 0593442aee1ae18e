"""The search index: tokens of entries by arrival number, in a SQLite file of its own beside the record.

Derived from the record and never part of it: not backed up, not exported, and made anew whenever it cannot be what
this program made of this record. It holds tokens only, no texts; those of an entry that loses its body are removed
from the file, not only hidden. A failure here is a StoreError of the search alone, and must never stop a node.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import apsw

from openline.base.errors import StoreError
from openline.base.limits import SEARCH_FREE_BYTES_MIN
from openline.base.time import DAY_US
from openline.store.check import SEARCH, check_kind, companions
from openline.store.database import Cell, Readers, connect, migrate
from openline.store.failures import os_error, store_error
from openline.store.statements import migrations, statements

Groups = Sequence[Sequence[Sequence[str]]]
"""Of each group one alternative must stand, and of that all tokens."""

_DAY_MS = DAY_US // 1000
_SEQ_MAX = 2**63 - 1
_SETTINGS = """
PRAGMA synchronous = NORMAL;
PRAGMA secure_delete = ON;
PRAGMA cell_size_check = ON;
PRAGMA trusted_schema = OFF;
PRAGMA cache_size = -16000;
"""


@dataclass(frozen=True, slots=True)
class Filed:
    """An entry as the index takes it: arrival number, author time, what it is filed under, and its tokens."""

    seq: int
    time_ms: int
    marks: tuple[str, ...]
    tokens: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: tokens, marks that must all stand, a period by author time, and below which number."""

    groups: Groups
    marks: tuple[str, ...] = ()
    since_ms: int | None = None
    until_ms: int | None = None
    before: int | None = None


class SearchIndex:
    """An open index. Reads in any thread; `add`, `remove`, `renew`, `close` in one at a time. All raise StoreError."""

    def __init__(self, path: Path, made_by: str) -> None:
        """Open the index at `path`; when there is none, or one that another program made, an empty one."""
        self._path = path
        self._made_by = made_by
        self._sql = statements("search")
        try:
            self._open()
        except StoreError:
            self.renew()

    def held(self) -> tuple[int, bytes]:
        """The arrival number and the leaf hash of the last entry looked at; 0 and empty when there is none."""
        _, seq, leaf_hash = cast("tuple[str, int, bytes]", self._rows("state")[0])
        return seq, leaf_hash

    def add(self, filed: Iterable[Filed], seq: int, leaf_hash: bytes) -> None:
        """Take in entries, and note that the record was looked at up to `seq`; all or nothing."""
        self._leave_room()
        with self._transaction() as run:
            for entry in filed:
                run("add_words", entry.seq, " ".join((*entry.marks, *entry.tokens)))
                run("add_said", entry.seq, entry.time_ms)
                run("add_day", entry.time_ms // _DAY_MS, entry.seq)
            run("advance", seq, leaf_hash)

    def remove(self, seqs: Iterable[int]) -> None:
        """Remove the tokens of entries from the file: the index is merged anew without them. Takes its time."""
        with self._transaction() as run:
            for seq in seqs:
                run("remove_words", seq)
                run("remove_said", seq)
            run("optimize")
        try:
            self._writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except apsw.Error as why:
            raise store_error(why, self._path, self._writer.system_errno) from why

    def find(self, wanted: Wanted, count: int) -> list[int]:
        """The arrival numbers of at most `count` entries, newest first."""
        query = expression([*wanted.groups, *(((mark,),) for mark in wanted.marks)])
        first, last = 1, _SEQ_MAX if wanted.before is None else wanted.before - 1
        if wanted.since_ms is None and wanted.until_ms is None:
            rows = self._rows("find", query, first, last, count)
            return [cast("int", row[0]) for row in rows]
        since = 0 if wanted.since_ms is None else wanted.since_ms
        until = _SEQ_MAX if wanted.until_ms is None else wanted.until_ms
        low, high = cast("tuple[int, int]", self._rows("span", since // _DAY_MS, until // _DAY_MS)[0])
        rows = self._rows("find_in_period", query, max(first, low), min(last, high), since, until, count)
        return [cast("int", row[0]) for row in rows]

    def renew(self) -> None:
        """Begin anew with an empty index, whatever is there."""
        with suppress(AttributeError):
            self.close()
        try:
            for file in (self._path, *companions(self._path)):
                file.unlink(missing_ok=True)
        except OSError as why:
            raise os_error(why, self._path) from why
        self._open(create=True)

    def close(self) -> None:
        """Close the file. Safe to call twice."""
        self._readers.close()
        with suppress(apsw.Error):  # Whatever is lost here is made again.
            self._writer.close()

    def _open(self, create: bool = False) -> None:
        if not create and not self._path.exists():
            raise StoreError("store-missing", path=str(self._path))
        self._readers = Readers(self._path)
        self._writer = connect(self._path, create, _SETTINGS)
        try:
            version = check_kind(self._writer, self._path, SEARCH)
            self._writer.execute("PRAGMA journal_mode = WAL").fetchall()
            migrate(self._writer, SEARCH, migrations(SEARCH.name)[version:], version)
            rows = self._writer.execute(self._sql["state"]).fetchall()
            if not rows:
                self._writer.execute(self._sql["begin"], (self._made_by,))
            elif rows[0][0] != self._made_by:
                raise StoreError("store-wrong-file", path=str(self._path))
        except apsw.Error as why:
            error = store_error(why, self._path, self._writer.system_errno)
            self.close()
            raise error from why
        except StoreError:
            self.close()
            raise

    @contextmanager
    def _transaction(self) -> Iterator[_Run]:
        run = _Run(self._writer, self._sql)
        try:
            with self._writer:
                yield run
        except apsw.Error as why:
            raise store_error(why, self._path, self._writer.system_errno) from why

    def _rows(self, name: str, *values: Cell) -> list[tuple[apsw.SQLiteValue, ...]]:
        return self._readers.rows(self._sql[name], values)

    def _leave_room(self) -> None:
        """The record needs the disk more than the search does."""
        try:
            space = os.statvfs(self._path.parent)
        except OSError as why:
            raise os_error(why, self._path) from why
        if space.f_bavail * space.f_frsize < SEARCH_FREE_BYTES_MIN:
            raise StoreError("store-disk-full", path=str(self._path.parent))


class _Run:
    """Runs named statements of one connection."""

    def __init__(self, connection: apsw.Connection, sql: Mapping[str, str]) -> None:
        self._connection = connection
        self._sql = sql

    def __call__(self, name: str, *values: Cell) -> None:
        self._connection.execute(self._sql[name], values)


def expression(groups: Groups) -> str:
    """The groups in the words of FTS5. Tokens are of small letters and digits: none can be an operator."""
    assert all(token.isalnum() and token.isascii() for either in groups for both in either for token in both)
    return " AND ".join(_either(either) for either in groups)


def _either(either: Sequence[Sequence[str]]) -> str:
    return "(" + " OR ".join("(" + " AND ".join(f'"{token}"' for token in both) + ")" for both in either) + ")"

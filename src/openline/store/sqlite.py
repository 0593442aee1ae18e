"""The record on SQLite: one file, one writer, every commit synced to disk before it returns.

A commit is one transaction: it checks the epoch, then makes its writes in order. Nothing here remembers what a
failed commit left behind: after one, the store only reads (see `Database.transaction`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import apsw

from openline.base.errors import StoreError
from openline.base.time import DAY_US
from openline.record.ports import (
    Append,
    Command,
    Erase,
    Evidence,
    Introduction,
    LiftHold,
    LineOpened,
    OpenLog,
    PlaceHold,
    Quarantine,
    Receipt,
    SaltKey,
    Seal,
    Write,
)
from openline.record.tree import Frontier
from openline.store.check import RECORD, check_tallies
from openline.store.database import Cell, Database
from openline.store.reading import RecordReader, pack_refs
from openline.store.writes import assert_sound, commands_end, fenced, not_open


class SqliteStore(RecordReader):
    """The RecordStore of a node. Reads in any thread; `claim`, `commit`, `rest` and `close` in one at a time."""

    def __init__(self, path: Path, create: bool = False) -> None:
        """Open the record at `path`; make an empty one when there is none and `create`.

        Raises StoreError: see `check` and `lock` for what is refused.
        """
        self._database = Database(path, RECORD, create)
        super().__init__(self._database.readers)
        self._epoch = 0
        self._writing: _Writing | None = None
        try:
            with self._database.transaction() as connection:
                check_tallies(connection, path)
        except StoreError:
            self.close()
            raise

    def claim(self) -> int:
        """Become the one writer: raise the epoch and return it. Raises StoreError."""
        with self._database.transaction() as connection:
            self._epoch = cast("int", connection.execute(self._sql["claim"]).fetchall()[0][0])
            self._writing = _Writing(connection, self._sql)
        return self._epoch

    def commit(self, writes: Sequence[Write]) -> None:
        """Make all `writes` durable in one transaction, in order. Raises StoreError; see the contract."""
        assert self._writing is not None, "claim the store before writing"
        with self._database.transaction() as connection:
            if connection.execute(self._sql["epoch"]).fetchall()[0][0] != self._epoch:
                raise fenced("the store was claimed again")
            for write in writes:
                self._writing.make(write)
        if any(isinstance(write, Erase) for write in writes):
            self._database.wipe()

    def rest(self) -> None:
        """Do what can wait, because nothing else does. Raises StoreError."""
        self._database.rest()

    def close(self) -> None:
        """Release the store. Safe to call twice."""
        self._database.close()


class _Writing:
    """Makes writes within a transaction. Mutable; begun anew by every claim.

    What it remembers (the logs' numbers, the last arrival number) holds because no one else writes in its epoch,
    and because a store whose commit failed makes no more.
    """

    def __init__(self, connection: apsw.Connection, sql: Mapping[str, str]) -> None:
        self._connection = connection
        self._sql = sql
        self._logs = dict(cast("list[tuple[str, int]]", connection.execute(sql["logs"]).fetchall()))
        self._seq = cast("int", connection.execute(sql["last_seq"]).fetchall()[0][0])
        self._pruned_day = 0

    def make(self, write: Write) -> None:
        """Make one write. Raises apsw.Error, or StoreError when it does not fit."""
        match write:
            case Append():
                self._append(write)
            case Receipt(origin, size, cosigner, time_s, signature):
                self._run("add_receipt", self._log(origin), size, cosigner, time_s, signature)
            case Command():
                self._keep_command(write)
            case Seal(origin, size, root, cosigner, time_s, signature):
                self._run("add_seal", self._log(origin), size, cosigner, time_s, root, signature)
            case Evidence(line, origin, fault, time, data):
                self._run("add_evidence", line, origin, fault, int(time), data)
            case Introduction(party, proof, confirmed_by, time):
                self._run("add_introduction", party, proof, confirmed_by, int(time))
            case Quarantine() | SaltKey():
                self._change_head(write)
            case PlaceHold() | LiftHold() | Erase():
                self._retain(write)
            case OpenLog() | LineOpened():
                self._open(write)

    def _append(self, append: Append) -> None:
        assert_sound(append)
        signed, log = append.signed, self._log(append.signed.origin)
        self._run("grow", signed.size, append.frontier, log, append.base)
        if self._connection.changes() != 1:
            raise fenced(f"{signed.origin} is not of size {append.base}")
        rows = [
            (seq, log, entry.index, entry.leaf_bytes, entry.salt, entry.body)
            for seq, entry in enumerate(append.entries, self._seq + 1)
        ]
        self._connection.executemany(self._sql["add_entry"], rows)
        self._seq += len(rows)
        self._run("add_checkpoint", log, signed.size, signed.root, signed.signature)

    def _retain(self, write: PlaceHold | LiftHold | Erase) -> None:
        log = self._log(write.entry.origin if isinstance(write, Erase) else write.origin)
        match write:
            case Erase():
                self._erase(write, log)
            case PlaceHold(_, index, line, mark, since_ms, until_ms, entries):
                self._run("place_hold", log, index, line, mark, since_ms, until_ms)
                for origin, target in entries:
                    self._run("hold_entry", log, index, origin, target)
            case LiftHold(_, index, by):
                self._run("lift_hold", by, log, index)

    def _erase(self, write: Erase, log: int) -> None:
        """Only where no hold stands; the triggers would stop the node where this statement let one through."""
        entry, erased = write.entry, write.erased
        values = (entry.leaf.time_ms, int(entry.leaf.mark), erased.under, int(erased.time), erased.outline)
        self._run("mark_erased", *values, log, entry.index)
        self._run("erase_body", log, entry.index)

    def _keep_command(self, command: Command) -> None:
        self._run("add_command", command.key, command.line, pack_refs(command.refs), int(command.time))
        day = command.time // DAY_US
        if day != self._pruned_day:
            self._run("prune_commands", commands_end(command))
            self._pruned_day = day

    def _change_head(self, write: Quarantine | SaltKey) -> None:
        log = self._log(write.origin)
        match write:
            case Quarantine(_, held):
                self._run("quarantine", int(held), log)
            case SaltKey(_, salt_key):
                self._run("set_salt_key", salt_key, log)

    def _open(self, write: OpenLog | LineOpened) -> None:
        match write:
            case OpenLog():
                self._open_log(write)
            case LineOpened():
                self._open_line(write)

    def _open_log(self, write: OpenLog) -> None:
        if write.origin in self._logs:
            return
        log = len(self._logs) + 1
        empty = Frontier().pack()
        self._run("open_log", log, write.origin, write.line, int(write.own), empty, write.salt_key)
        self._logs[write.origin] = log

    def _open_line(self, write: LineOpened) -> None:
        rows = self._connection.execute(self._sql["open_line"], (write.line, int(write.time))).fetchall()
        for place, party in enumerate(write.members if rows else ()):
            self._run("add_member", cast("int", rows[0][0]), place, party)

    def _run(self, name: str, *values: Cell) -> None:
        self._connection.execute(self._sql[name], values)

    def _log(self, origin: str) -> int:
        try:
            return self._logs[origin]
        except KeyError:
            raise not_open(origin) from None

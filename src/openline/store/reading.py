"""The reads of a record on SQLite. They run in any thread, while the writer commits, and see whole commits only.

A stored body that does not have the digest its leaf names is not handed out: that is `store-corrupt`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import TypeVar, cast

from openline.base import codec
from openline.base.errors import PeerError
from openline.base.time import Instant
from openline.record.entry import Entry, Erased, Ref, body_digest, read_entry
from openline.record.ports import (
    Arrived,
    Command,
    Evidence,
    Head,
    HoldRow,
    Introduction,
    LineOpened,
    PlaceHold,
    Receipt,
    Seal,
    Signed,
)
from openline.store.database import Cell, Readers
from openline.store.failures import corrupt
from openline.store.statements import statements

T = TypeVar("T")

COUNT_MAX = 2**63 - 1
"""More rows than any table has: what stands for "every one" behind a LIMIT."""

_COMMAND_BYTES_MAX = 1_048_576


class RecordReader:
    """Every read of the RecordStore contract; see there for what each answers. All raise StoreError."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self._sql = statements("record")

    def heads(self) -> list[Head]:
        """Every log of the store."""
        rows = self._rows(tuple[str, str, int, int, bytes, bytes, int, bytes | None, bytes | None], "heads")
        return [
            Head(
                origin=origin,
                line=line,
                own=bool(own),
                size=size,
                signed=None if root is None or signature is None else Signed(origin, size, root, signature),
                frontier=frontier,
                salt_key=salt_key,
                quarantined=bool(quarantined),
            )
            for origin, line, own, size, frontier, salt_key, quarantined, root, signature in rows
        ]

    def lines(self) -> list[LineOpened]:
        """Every line, oldest first."""
        rows = self._rows(tuple[str, int, str], "lines")
        return [
            LineOpened(line, tuple(row[2] for row in members), Instant(time_us))
            for (line, time_us), members in groupby(rows, key=lambda row: row[:2])
        ]

    def introductions(self) -> list[Introduction]:
        """Every accepted invitation, oldest first."""
        rows = self._rows(tuple[str, bytes, str, int], "introductions")
        return [Introduction(party, proof, by, Instant(time_us)) for party, proof, by, time_us in rows]

    def entries(self, origin: str, start: int, stop: int) -> list[Entry]:
        """Entries `start` to `stop` (exclusive) of a log, those that exist, in order."""
        rows = self._rows(tuple[int, bytes, bytes, bytes | None], "entries", origin, start, stop)
        return [self._entry(origin, *row) for row in rows]

    def arrived(self, after_seq: int, count: int) -> list[Arrived]:
        """The next at most `count` entries after arrival number `after_seq`, in arrival order."""
        rows = self._rows(tuple[int, str, int, bytes, bytes, bytes | None], "arrived", after_seq, count)
        return [Arrived(row[0], self._entry(*row[1:])) for row in rows]

    def arrival(self, origin: str, index: int) -> Arrived | None:
        """One entry with its arrival number, if it is there."""
        rows = self._rows(tuple[int, bytes, bytes, bytes | None], "arrival", origin, index)
        return Arrived(rows[0][0], self._entry(origin, index, *rows[0][1:])) if rows else None

    def checkpoints(self, origin: str, after_size: int, count: int) -> list[Signed]:
        """Signed checkpoints of a log larger than `after_size`, smallest first, at most `count`."""
        rows = self._rows(tuple[int, bytes, bytes], "checkpoints", origin, after_size, count)
        return [Signed(origin, *row) for row in rows]

    def checkpoint(self, origin: str, size: int) -> Signed | None:
        """The signed checkpoint at exactly `size`, if there is one."""
        rows = self._rows(tuple[int, bytes, bytes], "checkpoint", origin, size)
        return Signed(origin, *rows[0]) if rows else None

    def receipts(self, origin: str, after_size: int, count: int | None = None) -> list[Receipt]:
        """Receipts for sizes above `after_size`, smallest first, at most `count`; without it every one there is."""
        values = (origin, after_size, COUNT_MAX if count is None else count)
        rows = self._rows(tuple[int, str, int, bytes], "receipts", *values)
        return [Receipt(origin, *row) for row in rows]

    def newest_receipt(self, origin: str, cosigner: str) -> Receipt | None:
        """The receipt of the largest size by `cosigner`."""
        rows = self._rows(tuple[int, str, int, bytes], "newest_receipt", origin, cosigner)
        return Receipt(origin, *rows[0]) if rows else None

    def seals(self, origin: str) -> list[Seal]:
        """Seals of a log, oldest first."""
        rows = self._rows(tuple[int, bytes, str, int, bytes], "seals", origin)
        return [Seal(origin, *row) for row in rows]

    def is_sealed(self, origin: str, size: int, cosigner: str) -> bool:
        """Whether `cosigner`'s seal of exactly this size is there."""
        return bool(self._rows(tuple[int], "is_sealed", origin, size, cosigner))

    def command(self, key: str) -> Command | None:
        """What an idempotency key has made, if anything."""
        rows = self._rows(tuple[str, bytes, int], "command", key)
        return Command(key, rows[0][0], self._refs(rows[0][1]), Instant(rows[0][2])) if rows else None

    def evidence(self) -> list[Evidence]:
        """Everything kept as evidence, oldest first."""
        rows = self._rows(tuple[str, str, str, int, bytes], "evidence")
        return [Evidence(line, origin, fault, Instant(us), data) for line, origin, fault, us, data in rows]

    def holds(self) -> list[HoldRow]:
        """Every hold, lifted ones too, by log and place."""
        rows = self._rows(tuple[str, int, str, int, int | None, int | None, int | None], "holds")
        return [HoldRow(PlaceHold(*row[:6], entries=self._held(row[0], row[1])), row[6]) for row in rows]

    def _held(self, holder: str, index: int) -> tuple[tuple[str, int], ...]:
        return tuple(self._rows(tuple[str, int], "held_entries", holder, index))

    def _rows(self, _shape: type[T], name: str, *values: Cell) -> list[T]:
        return cast("list[T]", self._readers.rows(self._sql[name], values))

    def _entry(self, origin: str, index: int, leaf: bytes, salt: bytes, body: bytes | None) -> Entry:
        try:
            entry = read_entry(origin, index, leaf, salt, body)
        except PeerError as why:
            raise corrupt(self._readers.path, f"the leaf of entry {index} of {origin}") from why
        if body is None:
            rows = self._rows(tuple[str, int, bytes], "erasure", origin, index)
            return replace(entry, erased=Erased(rows[0][0], Instant(rows[0][1]), rows[0][2])) if rows else entry
        if body_digest(salt, body) != entry.leaf.digest:
            raise corrupt(self._readers.path, f"the body of entry {index} of {origin}")
        return entry

    def _refs(self, data: bytes) -> tuple[Ref, ...]:
        try:
            return unpack_refs(data)
        except PeerError as why:
            raise corrupt(self._readers.path, "the entries of a command") from why


def pack_refs(refs: Sequence[Ref]) -> bytes:
    """The refs of a command as the store keeps them."""
    return codec.encode([[ref.origin, ref.index, ref.leaf_hash] for ref in refs])


def unpack_refs(data: bytes) -> tuple[Ref, ...]:
    """What `pack_refs` made. Raises PeerError when the bytes are not readable."""
    rows = cast("list[tuple[str, int, bytes]]", codec.decode(data, _COMMAND_BYTES_MAX))
    return tuple(Ref(*row) for row in rows)

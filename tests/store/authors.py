"""Helpers: authors that write logs without keys (a store never asks who signed), and engines to keep them in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256, sha512
from pathlib import Path
from typing import Protocol

from openline.base.time import Instant
from openline.record.entry import Entry, Leaf, body_digest, make_entry, salt_for
from openline.record.ports import Append, Head, OpenLog, Receipt, RecordStore, Signed, Write
from openline.record.tree import Frontier
from openline.store.blobs import Blobs, SqliteChunks
from openline.store.memory import MemoryDisk, MemoryStore
from openline.store.sqlite import SqliteStore

LINE = "alpha-bravo"
ALPHA = "alpha.example/line/alpha-bravo"
BRAVO = "bravo.example/line/alpha-bravo"
NOW = Instant.from_ms(1_780_000_000_000)


class Author:
    """Writes one log, ahead of every store: what it makes is for a store of the size it has reached."""

    def __init__(self, origin: str = ALPHA, own: bool = True) -> None:
        self.origin = origin
        self.own = own
        self.salt_key = sha256(origin.encode()).digest()
        self.entries: list[Entry] = []
        self._tree = Frontier()

    @property
    def opened(self) -> OpenLog:
        return OpenLog(self.origin, LINE, self.own, self.salt_key)

    def says(self, *bodies: bytes, withheld: bool = False) -> Append:
        base = self._tree.size
        for index, body in enumerate(bodies, base):
            salt = salt_for(self.salt_key, index)
            leaf = Leaf(1, NOW.ms + index, "watch", body_digest(salt, body))
            self.entries.append(make_entry(self.origin, index, leaf, salt, None if withheld else body))
            self._tree.append(self.entries[-1].leaf_hash)
        return Append(tuple(self.entries[base:]), self.signed(), self._tree.pack())

    def back_to(self, size: int) -> None:
        """Forget what was written after `size`: the store has lost it, or never had it."""
        del self.entries[size:]
        self._tree = Frontier()
        for entry in self.entries:
            self._tree.append(entry.leaf_hash)

    def signed(self) -> Signed:
        root = self._tree.root()
        return Signed(self.origin, self._tree.size, root, sha512(root).digest())

    def receipt(self, size: int, cosigner: str = f"{BRAVO}/mirror") -> Receipt:
        return Receipt(self.origin, size, cosigner, NOW.seconds, sha512(b"%d" % size).digest())


class Store(RecordStore, Protocol):
    """What both engines offer: the contract, and rest."""

    def rest(self) -> None: ...


class Engine:
    """Somewhere to keep one record: every `open` finds what the store before it left."""

    def __init__(self, name: str, opened: Callable[[], Store]) -> None:
        self.name = name
        self._opened = opened
        self._stores: list[Store] = []

    def open(self, *writes: Write, claim: bool = True) -> Store:
        store = self._opened()
        self._stores.append(store)
        if claim:
            store.claim()
        if writes:
            store.commit(writes)
        return store

    def reopen(self, store: Store) -> Store:
        store.close()
        return self.open()

    def close(self) -> None:
        for store in self._stores:
            store.close()


def memory_engine(disk: MemoryDisk | None = None) -> Engine:
    kept = disk or MemoryDisk()
    return Engine("memory", lambda: MemoryStore(kept))


def sqlite_engine(folder: Path) -> Engine:
    return Engine("sqlite", lambda: open_bypassing_the_lock(folder / "record.db"))


def open_bypassing_the_lock(path: Path) -> SqliteStore:
    """As when the lock file was removed, or lies on a disk that does not know locks."""
    path.with_name(path.name + ".lock").unlink(missing_ok=True)
    return SqliteStore(path, create=True)


def blobs_at(path: Path, create: bool = False) -> Blobs:
    """The attachments in a file."""
    return Blobs(SqliteChunks(path, create))


def contents(store: RecordStore) -> tuple[Sequence[object], ...]:
    """Everything a store answers about its logs, to compare one store with another or with itself later."""
    heads: list[Head] = store.heads()
    return (
        heads,
        store.lines(),
        store.introductions(),
        store.evidence(),
        store.arrived(0, 10_000),
        [store.entries(head.origin, 0, 10_000) for head in heads],
        [store.checkpoints(head.origin, 0, 10_000) for head in heads],
        [store.receipts(head.origin, 0) for head in heads],
        [store.seals(head.origin) for head in heads],
    )

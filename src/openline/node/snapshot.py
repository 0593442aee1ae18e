"""Snapshots: the books of a node as they were at one arrival number, so that a start folds only what came after.

A snapshot is derived, may be lost at any time, and is never believed against the record. It counts only when it was
written by this node (a MAC under a key of its own) and this very program (its sources, hashed), and when the record
holds just the entries it was made of: for every log the same checkpoint at the same size, and the same place in the
order of arrival. Anything else is refused, and the fold begins at zero.

It is written in pickle, which may hold any object of ours and is read back in a second. That is safe for the MAC, and
`_Reader` makes nothing but our own classes and a few plain containers all the same.
"""

from __future__ import annotations

import gc
import io
import os
import pickle
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b, sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import IO, NamedTuple, Protocol, cast

import msgspec

from openline.base.errors import StoreError
from openline.identity.keys import NodeSecrets
from openline.identity.names import line_origin
from openline.line.book import Book
from openline.line.kept import Kept
from openline.line.kinds import Registry
from openline.node.folder import Folder
from openline.node.founding import newest_card
from openline.record.entry import Attachment
from openline.record.ports import Arrived, Head, LineOpened, Signed
from openline.store.database import Readers
from openline.store.failures import os_error
from openline.store.reading import RecordReader

MAGIC = b"openline-snapshot/v1\n"
MAC_BYTES = 32
_FOLD_COUNT = 2_048

_PLAIN = {
    ("array", "_array_reconstructor"),
    ("array", "array"),
    ("builtins", "bytearray"),
    ("builtins", "dict"),
    ("builtins", "frozenset"),
    ("builtins", "list"),
    ("builtins", "set"),
    ("collections", "OrderedDict"),
    ("collections", "defaultdict"),
    ("collections", "deque"),
    ("msgspec._core", "rebuild"),
}


class Reading(Protocol):
    """What is asked of the record before a snapshot of it is believed."""

    def checkpoint(self, origin: str, size: int) -> Signed | None:
        """The signed checkpoint at exactly `size`, if there is one."""
        ...

    def arrival(self, origin: str, index: int) -> Arrived | None:
        """One entry with its arrival number, if it is there."""
        ...


class Named(NamedTuple):
    """An attachment that an entry names: on which line, by whose log."""

    line: str
    origin: str
    attachment: Attachment


class Snapshot(NamedTuple):
    """Books at arrival number `seq`. `tips` are size and root of every log that had entries, by origin."""

    program: bytes
    seq: int
    tips: dict[str, tuple[int, bytes]]
    books: list[Kept]
    named: list[Named]


def snapshot_key(secrets: NodeSecrets) -> bytes:
    """The key of this node's snapshots."""
    return blake2b(b"openline-snapshot-key/v1", key=secrets.log.seed, digest_size=32).digest()


def take_snapshot(books: Sequence[Book], named: Sequence[Named], heads: Sequence[Head], seq: int) -> Snapshot | None:
    """The books as they are, when they hold just what the record's heads say; else None: ask again later."""
    tips = {head.origin: (head.size, head.signed.root) for head in heads if head.signed is not None}
    held = {origin: book.size(origin) for book in books for origin in book.members if book.size(origin)}
    if held != {origin: size for origin, (size, _) in tips.items()} or sum(held.values()) != seq:
        return None
    return Snapshot(program_mark(), seq, tips, [book.kept() for book in books], list(named))


def write_snapshot(path: Path, key: bytes, snapshot: Snapshot) -> None:
    """Write it in the place of an older one, whole or not at all. Raises StoreError when it cannot be written."""
    fresh = path.with_name(path.name + ".new")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            hashing = _Hashing(file, key)
            hashing.write(MAGIC)
            with nothing_is_garbage():
                pickle.dump(snapshot, cast("IO[bytes]", hashing), protocol=5)
            file.write(hashing.digest())
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(path)
    except OSError as why:
        raise os_error(why, path) from why
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as why:
        raise StoreError("snapshot-not-possible", detail=str(why)) from why


def read_snapshot(path: Path, key: bytes, store: Reading) -> Snapshot | None:
    """The snapshot at `path`; None when there is none, or when it is not one of this node, program and record."""
    try:
        data = memoryview(path.read_bytes())
    except OSError:
        return None
    whole, mac = data[:-MAC_BYTES], data[-MAC_BYTES:]
    if bytes(data[: len(MAGIC)]) != MAGIC or blake2b(whole, key=key, digest_size=MAC_BYTES).digest() != mac:
        return None
    try:
        with nothing_is_garbage():
            snapshot = _Reader(io.BytesIO(whole[len(MAGIC) :])).load()
    except (pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError, TypeError, ValueError):
        return None
    if not isinstance(snapshot, Snapshot) or snapshot.program != program_mark():
        return None
    return snapshot if is_of(snapshot, store) else None


def is_of(snapshot: Snapshot, store: Reading) -> bool:
    """Whether the record's first `seq` entries are just those the snapshot was made of. Raises StoreError."""
    if sum(size for size, _ in snapshot.tips.values()) != snapshot.seq:
        return False
    return all(_is_tip(store, snapshot.seq, origin, size, root) for origin, (size, root) in snapshot.tips.items())


def restored(snapshot: Snapshot, books: Mapping[str, Book]) -> bool:
    """Put what was kept into the empty books by line; False, and nothing done, when it does not fit."""
    if not all(kept.line in books and books[kept.line].fits(kept) for kept in snapshot.books):
        return False
    for kept in snapshot.books:
        books[kept.line].take(kept)
    return True


@contextmanager
def nothing_is_garbage() -> Iterator[None]:
    """Keep the collector from looking for circles among what is only built: an eighth of the time of a fold."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@cache
def program_mark() -> bytes:
    """What tells this program from any other: every source file, the interpreter and the library of structures."""
    hashed = sha256(f"{platform.python_version()} {msgspec.__version__}".encode())
    for name, text in sorted(_sources(files("openline"), "")):
        hashed.update(f"\n{name} {len(text)}\n".encode() + text)
    return hashed.digest()


def make_snapshot(folder: Folder, registry: Registry) -> int:
    """Write a snapshot of the record as it stands, from the last one on, without the node that runs. Returns its seq.

    For a process of its own: it takes a core for some seconds, and as much memory as the books. Raises OpenlineError.
    """
    readers = Readers(folder.record)
    store = RecordReader(readers)
    key = snapshot_key(folder.secrets())
    heads, seq = store.heads(), 0
    books, named = _empty(store, registry), list[Named]()
    last = read_snapshot(folder.snapshot, key, store)
    if last is not None and restored(last, books):
        seq, named = last.seq, last.named
    by_origin = {origin: book for book in books.values() for origin in book.members}
    until = sum(head.size for head in heads)
    while seq < until:
        for arrived in store.arrived(seq, min(_FOLD_COUNT, until - seq)):
            entry, seq = arrived.entry, arrived.seq
            by_origin[entry.origin].apply(arrived)
            named += [Named(by_origin[entry.origin].line, entry.origin, one) for one in entry.leaf.attachments]
    snapshot = take_snapshot(list(books.values()), named, heads, seq)
    if snapshot is not None:
        write_snapshot(folder.snapshot, key, snapshot)
    readers.close()
    return seq


class _Hashing:
    """A file that hashes what is written to it."""

    def __init__(self, file: IO[bytes], key: bytes) -> None:
        self._file = file
        self._hash = blake2b(key=key, digest_size=MAC_BYTES)

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        return self._file.write(data)

    def digest(self) -> bytes:
        return self._hash.digest()


class _Reader(pickle.Unpickler):
    """Makes classes of this program and plain containers, nothing else."""

    def find_class(self, module_name: str, global_name: str, /) -> object:
        """The class of a name. Raises UnpicklingError for anything that is none of ours."""
        if (module_name, global_name) in _PLAIN:
            return super().find_class(module_name, global_name)
        if module_name.startswith("openline."):
            found = super().find_class(module_name, global_name)
            if isinstance(found, type):
                return found
        raise pickle.UnpicklingError(f"{module_name}.{global_name} is not of a snapshot")


def _is_tip(store: Reading, seq: int, origin: str, size: int, root: bytes) -> bool:
    """Whether the log is the one that was snapshot, and its next entry arrived later.

    Of every log that, and as many entries in all as have arrived: then the first `seq` are just these.
    """
    signed, after = store.checkpoint(origin, size), store.arrival(origin, size)
    return signed is not None and signed.root == root and (after is None or after.seq > seq)


def _empty(store: RecordReader, registry: Registry) -> dict[str, Book]:
    me = newest_card(store).party
    return {opened.line: _book(registry, opened, me) for opened in store.lines()}


def _book(registry: Registry, opened: LineOpened, me: str) -> Book:
    members = tuple(line_origin(party, opened.line) for party in opened.members)
    return Book(registry, opened.line, members, line_origin(me, opened.line))


def _sources(folder: Traversable, place: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for file in folder.iterdir():
        name = f"{place}/{file.name}"
        if file.is_dir():
            found += _sources(file, name)
        elif name.endswith(".py"):
            found.append((name, file.read_bytes()))
    return found

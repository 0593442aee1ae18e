"""Snapshots: a start from one gives the books of a whole fold, and what is wrong with one is never believed."""

from __future__ import annotations

import os
import pickle
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.record import LINE, ORIGINS, write_record
from openline.base.errors import StoreError
from openline.line.book import Book
from openline.node import snapshot as module
from openline.node.snapshot import (
    MAC_BYTES,
    Named,
    Snapshot,
    read_snapshot,
    restored,
    snapshot_key,
    take_snapshot,
    write_snapshot,
)
from openline.node.wiring import registry
from openline.record.entry import Attachment
from openline.record.ports import Head
from openline.store.sqlite import SqliteStore
from tests.node.houses import ALPHA, BRAVO, secrets_of

KEY = bytes(range(32))
ENTRIES = 3_000


@dataclass
class Place:
    """A record, and the snapshot beside it."""

    store: SqliteStore
    path: Path

    def read(self, key: bytes = KEY) -> Snapshot | None:
        return read_snapshot(self.path, key, self.store)

    def folded(self, until: int = ENTRIES, onto: Book | None = None, after: int = 0) -> Book:
        book = onto or empty()
        for arrived in self.store.arrived(after, until - after):
            book.apply(arrived)
        return book


def empty() -> Book:
    return Book(registry(), LINE, ORIGINS, ORIGINS[0])


@pytest.fixture
def place(tmp_path: Path) -> Place:
    write_record(tmp_path / "record.db", ENTRIES)
    return Place(SqliteStore(tmp_path / "record.db"), tmp_path / "books.snapshot")


def written(place: Place, until: int = ENTRIES) -> Snapshot:
    book = place.folded(until)
    heads = [
        head if head.signed is None else at_size(place, head, book.size(head.origin)) for head in place.store.heads()
    ]
    taken = take_snapshot([book], [Named(LINE, ORIGINS[0], Attachment(3, bytes(32)))], heads, until)
    assert taken is not None
    write_snapshot(place.path, KEY, taken)
    return taken


def at_size(place: Place, head: Head, size: int) -> Head:
    """The head as it was when the log had this size."""
    signed = place.store.checkpoint(head.origin, size)
    assert signed is not None, "a snapshot is taken where the record stood between two turns"
    return Head(head.origin, head.line, head.own, size, signed, b"", b"", False)


def between_turns(place: Place, near: int) -> int:
    """An arrival number near this one at which every log has a checkpoint of its size."""
    for seq in range(near, ENTRIES):
        book = place.folded(seq)
        if all(place.store.checkpoint(origin, book.size(origin)) is not None for origin in ORIGINS):
            return seq
    raise AssertionError


def test_a_start_from_a_snapshot_is_a_start_from_the_record(place: Place) -> None:
    whole = place.folded()
    assert not whole.faults
    cut = between_turns(place, ENTRIES // 2)
    written(place, cut)
    found = place.read()
    assert found is not None
    assert (found.seq, found.named) == (cut, [Named(LINE, ORIGINS[0], Attachment(3, bytes(32)))])
    book = empty()
    assert restored(found, {LINE: book})
    assert book.digest() == place.folded(cut).digest()
    assert place.folded(onto=book, after=cut).digest() == whole.digest()


def test_no_snapshot_is_taken_of_books_that_are_not_where_the_record_is(place: Place) -> None:
    heads = place.store.heads()
    assert take_snapshot([place.folded(ENTRIES - 1)], [], heads, ENTRIES - 1) is None
    assert take_snapshot([place.folded()], [], heads, ENTRIES - 1) is None
    assert take_snapshot([place.folded()], [], heads, ENTRIES) is not None


def test_without_a_snapshot_there_is_none(place: Place) -> None:
    assert place.read() is None


def test_any_byte_changed_is_noticed(place: Place) -> None:
    written(place)
    data = place.path.read_bytes()
    chance = random.Random(7)
    for at in [
        0,
        5,
        20,
        21,
        22,
        len(data) - 1,
        len(data) - MAC_BYTES,
        *(chance.randrange(len(data)) for _ in range(20)),
    ]:
        place.path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert place.read() is None, at
    place.path.write_bytes(data)
    assert place.read() is not None


@pytest.mark.parametrize("kept", [0, 1, 21, 40, 10_000, -1])
def test_a_torn_snapshot_is_refused(place: Place, kept: int) -> None:
    written(place)
    place.path.write_bytes(place.path.read_bytes()[:kept])
    assert place.read() is None


def test_another_node_s_snapshot_is_refused(place: Place) -> None:
    written(place)
    assert place.read(bytes(32)) is None
    assert snapshot_key(secrets_of(ALPHA)) != snapshot_key(secrets_of(BRAVO))


def test_another_program_s_snapshot_is_refused(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    written(place)
    monkeypatch.setattr(module, "program_mark", lambda: bytes(32))
    assert place.read() is None


def test_a_snapshot_of_another_record_is_refused(place: Place, tmp_path: Path) -> None:
    written(place)
    (tmp_path / "other").mkdir()
    write_record(tmp_path / "other/record.db", ENTRIES, seed=2)
    other = Place(SqliteStore(tmp_path / "other/record.db"), place.path)
    assert other.read() is None


def test_a_snapshot_newer_than_the_record_is_refused(place: Place, tmp_path: Path) -> None:
    """As after a restore: the record is what counts, however much a snapshot knows."""
    written(place)
    (tmp_path / "older").mkdir()
    write_record(tmp_path / "older/record.db", ENTRIES - 700)
    older = Place(SqliteStore(tmp_path / "older/record.db"), place.path)
    assert older.read() is None


Change = Callable[[Snapshot], Snapshot]
CHANGES: dict[str, Change] = {
    "another root": lambda one: one._replace(tips={**one.tips, ORIGINS[0]: (one.tips[ORIGINS[0]][0], bytes(32))}),
    "another size": lambda one: one._replace(tips={**one.tips, ORIGINS[0]: (5, one.tips[ORIGINS[0]][1])}),
    "a log left out": lambda one: one._replace(tips={ORIGINS[0]: one.tips[ORIGINS[0]]}),
    "another number": lambda one: one._replace(seq=one.seq - 1),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_snapshot_that_does_not_fit_the_record_is_refused_though_its_mac_is_right(place: Place, name: str) -> None:
    write_snapshot(place.path, KEY, CHANGES[name](written(place)))
    assert place.read() is None


def test_the_same_entries_in_another_order_of_arrival_are_another_record(place: Place) -> None:
    """As when peers give a record back after a restore: the checkpoints are right, the numbers are not."""
    cut = between_turns(place, ENTRIES // 2)
    taken = written(place, cut)

    class Otherwise:
        def checkpoint(self, origin: str, size: int) -> object:
            return place.store.checkpoint(origin, size)

        def arrival(self, origin: str, index: int) -> object:
            found = place.store.arrival(origin, index)
            moved = found is not None and origin == ORIGINS[1] and found.seq > cut
            return type(found)(found.seq - cut, found.entry) if moved and found is not None else found

    assert module.is_of(taken, place.store)
    assert not module.is_of(taken, Otherwise())  # type: ignore[arg-type] # the two questions, answered otherwise


class Mischief:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("true",)


@pytest.mark.parametrize("value", [Mischief(), os.system, print, Path("/")], ids=["call", "function", "print", "path"])
def test_nothing_but_our_own_classes_is_ever_made(place: Place, value: object) -> None:
    """Even under our own MAC."""
    with place.path.open("wb") as file:
        hashing = module._Hashing(file, KEY)
        hashing.write(module.MAGIC)
        hashing.write(pickle.dumps(value, protocol=5))
        file.write(hashing.digest())
    assert place.read() is None


class OwnMischief:
    """Has a function of this program called, and no other."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)

    def __reduce__(self) -> tuple[object, tuple[str, bytes]]:
        return _leave_a_trace, (self.path, b"trace")


def _leave_a_trace(path: str, data: bytes) -> None:
    Path(path).write_bytes(data)


def test_no_function_of_ours_is_ever_called(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_leave_a_trace", _leave_a_trace, raising=False)
    monkeypatch.setattr(_leave_a_trace, "__module__", "openline.node.snapshot")
    with place.path.open("wb") as file:
        hashing = module._Hashing(file, KEY)
        hashing.write(module.MAGIC)
        hashing.write(pickle.dumps(OwnMischief(tmp_path / "trace"), protocol=5))
        file.write(hashing.digest())
    assert place.read() is None
    assert not (tmp_path / "trace").exists()


def test_another_line_s_books_are_not_put_in(place: Place) -> None:
    written(place)
    found = place.read()
    assert found is not None
    assert not restored(found, {})
    assert not restored(found, {LINE: Book(registry(), "other", ORIGINS, ORIGINS[0])})


def test_what_cannot_be_written_out_is_an_error_that_harms_nothing(place: Place) -> None:
    taken = written(place)
    before = place.path.read_bytes()
    with pytest.raises(StoreError):
        write_snapshot(place.path, KEY, taken._replace(named=[lambda: None]))  # type: ignore[list-item] # what no kind may keep
    assert place.path.read_bytes() == before
    with pytest.raises(StoreError):
        write_snapshot(place.path / "nowhere", KEY, taken)


def test_every_kind_s_state_can_be_written_out() -> None:
    """Of the kinds a node knows: one whose state cannot would leave every node without snapshots."""
    kept = pickle.loads(pickle.dumps(empty().kept(), protocol=5))
    other = empty()
    other.take(kept)
    assert other.digest() == empty().digest()


def test_only_the_owner_may_read_it(place: Place) -> None:
    written(place)
    assert place.path.stat().st_mode & 0o777 == 0o600

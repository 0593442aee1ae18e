"""What is held of a line's logs: the newest in memory, the rest from the store, roots where no checkpoint stands."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.node import held
from openline.node.held import Holdings
from openline.record.entry import Entry
from openline.record.tree import root_of
from openline.store.memory import MemoryDisk, MemoryStore
from tests.store.authors import ALPHA, BRAVO, Author


class Counting(MemoryStore):
    """A memory store that counts the entries it reads."""

    read = 0

    def entries(self, origin: str, start: int, stop: int) -> list[Entry]:
        rows = super().entries(origin, start, stop)
        self.read += len(rows)
        return rows


def stored(*batches: int) -> tuple[Holdings, Author, Counting]:
    """A log with a checkpoint after each of `batches` entries, in the store and not in memory."""
    author, store = Author(), Counting(MemoryDisk())
    store.claim()
    store.commit([author.opened])
    for count in batches:
        store.commit([author.says(*(b"body" for _ in range(count)))])
    return Holdings(store), author, store


def true_root(author: Author, size: int) -> bytes:
    return root_of([entry.leaf_hash for entry in author.entries[:size]])


def test_what_a_turn_adds_is_found_before_it_is_durable() -> None:
    holdings, author, _ = stored(2)
    append = author.says(b"fresh")
    holdings.add(append)
    assert holdings.entry(ALPHA, 2) == append.entries[0]
    assert holdings.signed_at(ALPHA, 3) == append.signed
    assert holdings.root_at(ALPHA, 3) == append.signed.root
    assert holdings.leaf_hash_at(ALPHA, 2) == append.entries[0].leaf_hash


def test_older_places_come_from_the_store() -> None:
    holdings, author, _ = stored(2, 3)
    assert holdings.entry(ALPHA, 1) == author.entries[1]
    assert list(holdings.entries(ALPHA, 1, 4)) == author.entries[1:4]
    assert holdings.root_at(ALPHA, 2) == true_root(author, 2)


def test_entries_partly_in_memory_come_whole() -> None:
    holdings, author, store = stored(2)
    append = author.says(b"fresh")
    holdings.add(append)
    store.commit([append])
    assert list(holdings.entries(ALPHA, 1, 3)) == author.entries[1:3]


def test_what_is_not_held_is_none() -> None:
    holdings, _, _ = stored(2)
    assert holdings.entry(ALPHA, 2) is None
    assert holdings.leaf_hash_at(BRAVO, 0) is None
    assert holdings.signed_at(ALPHA, 1) is None
    assert holdings.root_at(ALPHA, 3) is None
    assert holdings.root_at(BRAVO, 1) is None
    assert holdings.root_at(ALPHA, 0) is None
    assert holdings.root_at(ALPHA, 2**47) is None


def test_the_next_checkpoint_is_found_from_any_place() -> None:
    holdings, _, _ = stored(2, 3)
    assert [(found := holdings.signed_from(ALPHA, size)) and found.size for size in range(1, 7)] == [
        2,
        2,
        5,
        5,
        5,
        None,
    ]
    assert [one.size for one in holdings.signed_between(ALPHA, 0, 5)] == [2, 5]
    assert [one.size for one in holdings.signed_between(ALPHA, 2, 5)] == [5]
    assert [one.size for one in holdings.signed_between(ALPHA, 0, 4)] == [2]
    assert holdings.signed_between(ALPHA, 5, 5) == []


def test_checkpoints_beyond_one_reading_are_all_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "_RECENT_MAX", 2)
    holdings, _, _ = stored(1, 1, 1, 1, 1)
    assert [one.size for one in holdings.signed_between(ALPHA, 0, 5)] == [1, 2, 3, 4, 5]
    assert [one.size for one in holdings.signed_between(ALPHA, 1, 4)] == [2, 3, 4]


# Memory


def test_only_so_many_entries_and_checkpoints_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "_RECENT_MAX", 3)
    holdings, author, store = stored()
    for number in range(10):
        append = author.says(b"%d" % number)
        holdings.add(append)
        store.commit([append])
    assert len(holdings._entries) == len(holdings._signed) == 3
    assert list(holdings.entries(ALPHA, 0, 10)) == author.entries, "the rest is read again"


def test_long_bodies_leave_memory_earlier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "_RECENT_BYTES_MAX", 100_000)
    holdings, author, _ = stored()
    for _ in range(20):
        holdings.add(author.says(bytes(30_000)))
    assert len(holdings._entries) == 3
    assert holdings._bytes <= 100_000


def test_the_bytes_in_memory_are_counted_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "_RECENT_MAX", 5)
    holdings, author, _ = stored()
    for size in (1, 2_000, 30, 400, 5, 60_000, 7):
        holdings.add(author.says(bytes(size), withheld=size == 30))
    kept: Sequence[Entry] = list(holdings._entries.values())
    assert holdings._bytes == sum(len(entry.leaf_bytes) + len(entry.body or b"") for entry in kept)


# Roots where no checkpoint stands


@given(st.lists(st.integers(1, 60), min_size=1, max_size=8))
def test_any_root_is_right_in_whatever_order_they_are_asked_for(sizes: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(held, "_STATION", 8)
        holdings, author, _ = stored(60)
        assert [holdings.root_at(ALPHA, size) for size in sizes] == [true_root(author, size) for size in sizes]


def test_a_peer_that_names_ever_other_sizes_makes_us_read_no_more_than_a_station(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(held, "_STATION", 8)
    holdings, _, store = stored(200)
    holdings.root_at(ALPHA, 199)
    for size in range(198, 0, -1):
        before = store.read
        assert holdings.root_at(ALPHA, size)
        assert store.read - before <= 9


def test_a_long_walk_is_done_in_pieces_and_comes_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "_STATION", 8)
    monkeypatch.setattr(held, "_STATIONS_AT_ONCE", 4)
    holdings, author, store = stored(200)
    answers = []
    for _ in range(7):
        before = store.read
        answers.append(holdings.root_at(ALPHA, 199))
        assert store.read - before <= 5 * 8 + 1
    assert answers == [None] * 5 + [true_root(author, 199)] * 2

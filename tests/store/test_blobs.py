"""Attachments: collected in pieces, resumed where they stood, whole only when the digest is right; both engines."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import OpenlineError, PeerError, StoreError
from openline.base.limits import BLOB_CHUNK_BYTES
from openline.record.entry import Attachment
from openline.store.blobs import GATHERING_MAX, Blobs, SqliteChunks
from openline.store.memory import Crash, Fault, MemoryDisk
from openline.store.memory_chunks import MemoryChunks
from tests.store.authors import blobs_at
from tests.store.children import child
from tests.store.faulty_disk import crashed

Opened = Callable[[], Blobs]
MAP = b"map sheet 31 " * 200_000  # 2.6 MB: two chunks and a part


@pytest.fixture(params=["memory", "sqlite"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:
    """Opens the blobs; what was open before is as good as crashed."""
    disk, folders, stores = MemoryDisk(), [tmp_path], list[Blobs]()

    def from_memory() -> Blobs:
        return Blobs(MemoryChunks(disk))

    def from_sqlite() -> Blobs:
        if stores:
            folders.append(crashed(folders[-1], tmp_path / str(len(folders))))
        stores.append(blobs_at(folders[-1] / "blobs.db", create=True))
        return stores[-1]

    yield from_memory if request.param == "memory" else from_sqlite
    for store in stores:
        store.close()


def named(data: bytes) -> Attachment:
    return Attachment(len(data), sha256(data).digest())


def sent(blobs: Blobs, data: bytes, start: int = 0, stop: int | None = None, piece: int = 65_536) -> int:
    """Write `data` from `start` to `stop` in pieces; where it stands then."""
    end = len(data) if stop is None else stop
    for offset in range(start, end, piece):
        assert blobs.write(named(data), offset, data[offset : min(offset + piece, end)]) == min(offset + piece, end)
    return blobs.begin(named(data))


def why(act: Callable[[], object]) -> str:
    with pytest.raises(OpenlineError) as caught:
        act()
    return caught.value.message_id


# Whole


@pytest.mark.parametrize("size", [1, 512, BLOB_CHUNK_BYTES - 1, BLOB_CHUNK_BYTES, BLOB_CHUNK_BYTES + 1, len(MAP)])
def test_a_blob_that_came_whole_is_read_back(opened: Opened, size: int) -> None:
    data, blobs = MAP[:size], opened()
    assert blobs.begin(named(data)) == 0
    assert not blobs.complete(named(data).digest)
    assert sent(blobs, data) == size
    for after in (blobs, opened()):
        assert after.complete(named(data).digest)
        assert after.read(named(data).digest, 0, size + 10) == data
        assert list(after.digests()) == [named(data)]


def test_a_blob_may_be_written_at_once(opened: Opened) -> None:
    blobs = opened()
    assert blobs.write(named(MAP), 0, MAP) == len(MAP)
    assert blobs.read(named(MAP).digest, 0, len(MAP)) == MAP


def test_an_empty_blob_is_whole_as_soon_as_it_is_begun(opened: Opened) -> None:
    blobs = opened()
    assert blobs.begin(named(b"")) == 0
    assert blobs.complete(named(b"").digest)
    assert blobs.read(named(b"").digest, 0, 10) == b""


@pytest.mark.parametrize("offset", [0, 1, BLOB_CHUNK_BYTES - 1, BLOB_CHUNK_BYTES, len(MAP) - 1, len(MAP), len(MAP) + 9])
def test_any_part_is_read_across_chunks(opened: Opened, offset: int) -> None:
    blobs = opened()
    sent(blobs, MAP)
    for size in (0, 1, 65_536, BLOB_CHUNK_BYTES + 1):
        assert blobs.read(named(MAP).digest, offset, size) == MAP[offset : offset + size]


def test_a_blob_that_is_here_takes_nothing_more(opened: Opened) -> None:
    blobs = opened()
    sent(blobs, b"here")
    assert blobs.begin(named(b"here")) == 4
    assert why(lambda: blobs.write(named(b"here"), 0, b"here")) == "blob-piece-misplaced"
    assert why(lambda: blobs.write(named(b"here"), 4, b"")) == "blob-piece-misplaced"


def test_what_is_not_whole_is_not_read(opened: Opened) -> None:
    blobs = opened()
    sent(blobs, MAP, stop=100_000)
    with pytest.raises(StoreError, match="blob-missing"):
        blobs.read(named(MAP).digest, 0, 10)
    with pytest.raises(StoreError, match="blob-missing"):
        blobs.read(bytes(32), 0, 10)
    assert list(blobs.digests()) == []


# Resumed


def test_a_transfer_that_was_cut_goes_on_exactly_where_it_stood(opened: Opened) -> None:
    blobs = opened()
    assert sent(blobs, MAP, stop=1_500_007) == 1_500_007
    after_crash = opened()
    assert after_crash.begin(named(MAP)) == 1_500_007
    assert sent(after_crash, MAP, start=1_500_007) == len(MAP)
    assert after_crash.read(named(MAP).digest, 0, len(MAP)) == MAP


def test_a_crash_costs_at_most_the_chunk_that_was_gathering(opened: Opened) -> None:
    blobs = opened()
    for offset in range(0, 2_000_000, 50_000):
        blobs.write(named(MAP), offset, MAP[offset : offset + 50_000])
    after_crash = opened()
    assert after_crash.begin(named(MAP)) == BLOB_CHUNK_BYTES
    assert sent(after_crash, MAP, start=BLOB_CHUNK_BYTES) == len(MAP)


def test_closing_keeps_what_has_gathered(tmp_path: Path) -> None:
    blobs = blobs_at(tmp_path / "blobs.db", create=True)
    blobs.write(named(MAP), 0, MAP[:12_345])
    blobs.close()
    blobs.close()
    blobs = blobs_at(tmp_path / "blobs.db")
    assert blobs.begin(named(MAP)) == 12_345
    blobs.close()


def test_many_blobs_may_come_side_by_side(opened: Opened) -> None:
    blobs = opened()
    all_data = [bytes([number]) * 100_000 for number in range(GATHERING_MAX + 3)]
    for offset in range(0, 100_000, 20_000):
        for data in all_data:
            blobs.write(named(data), offset, data[offset : offset + 20_000])
    assert {blobs.read(named(data).digest, 0, 100_000) == data for data in all_data} == {True}


# Refused


@pytest.mark.parametrize(("offset", "data"), [(1, b"x"), (99, b"x"), (0, b"more than there is")])
def test_a_piece_that_does_not_fit_is_refused_and_changes_nothing(opened: Opened, offset: int, data: bytes) -> None:
    blobs = opened()
    assert why(lambda: blobs.write(named(b"small"), offset, data)) == "blob-piece-misplaced"
    assert sent(blobs, b"small") == 5


def test_a_blob_with_the_wrong_digest_is_removed(opened: Opened) -> None:
    blobs, wrong = opened(), Attachment(len(MAP), bytes(32))
    blobs.write(wrong, 0, MAP[:-1])
    with pytest.raises(PeerError, match="blob-digest-wrong"):
        blobs.write(wrong, len(MAP) - 1, MAP[-1:])
    assert not blobs.complete(bytes(32))
    assert blobs.begin(wrong) == 0
    assert opened().begin(wrong) == 0


def test_pieces_forged_before_a_crash_are_found_in_the_end(opened: Opened) -> None:
    blobs = opened()
    blobs.write(named(MAP), 0, b"x" * (BLOB_CHUNK_BYTES + 1))
    after_crash = opened()
    stands = after_crash.begin(named(MAP))
    assert stands == BLOB_CHUNK_BYTES
    with pytest.raises(PeerError, match="blob-digest-wrong"):
        sent(after_crash, MAP, start=stands)
    assert sent(after_crash, MAP) == len(MAP)


def test_a_lie_about_the_size_does_not_hinder_the_truth(opened: Opened) -> None:
    blobs, truth = opened(), named(b"truth")
    lie = Attachment(9, truth.digest)
    blobs.write(lie, 0, b"truth")
    assert sent(blobs, b"truth") == 5
    assert blobs.complete(truth.digest)
    assert why(lambda: blobs.begin(lie)) == "blob-digest-wrong"
    with pytest.raises(PeerError, match="blob-digest-wrong"):
        blobs.write(lie, 5, b"more")
    assert blobs.read(truth.digest, 0, 9) == b"truth"


def test_an_empty_blob_with_another_digest_is_refused(opened: Opened) -> None:
    assert why(lambda: opened().begin(Attachment(0, bytes(32)))) == "blob-digest-wrong"


# Together with others


def test_a_whole_blob_is_read_while_another_comes(tmp_path: Path) -> None:
    blobs = blobs_at(tmp_path / "blobs.db", create=True)
    sent(blobs, MAP)
    read: list[bool] = []

    def reads() -> None:
        for _ in range(20):
            read.append(blobs.read(named(MAP).digest, 0, len(MAP)) == MAP)

    threads = [threading.Thread(target=reads) for _ in range(3)]
    for thread in threads:
        thread.start()
    sent(blobs, MAP[::-1])
    for thread in threads:
        thread.join()
    assert read == [True] * 60
    blobs.close()


def test_a_complete_blob_is_neither_changed_nor_removed(tmp_path: Path) -> None:
    chunks = SqliteChunks(tmp_path / "blobs.db", create=True)
    sent(Blobs(chunks), b"kept")
    with pytest.raises(StoreError, match="store-broken"):
        chunks.remove(named(b"kept"))
    assert chunks.read(named(b"kept").digest, 0, 9) == b"kept"
    chunks.close()


def test_kill_9_in_the_middle_costs_at_most_one_chunk(tmp_path: Path) -> None:
    path, size = tmp_path / "blobs.db", 6_000_000
    with child("receive", path, size) as node:
        said = 0
        while said < 3_000_000:
            said = int(node.hears())
        said = int([str(said), *node.is_killed()][-1])
    data = bytes(size)
    blobs = blobs_at(path)
    stands = blobs.begin(named(data))
    assert said - BLOB_CHUNK_BYTES < stands <= said + 65_536
    assert sent(blobs, data, start=stands) == size
    blobs.close()


@given(
    pieces=st.lists(st.integers(1, 400_000), max_size=12),
    faults=st.dictionaries(st.integers(1, 6), st.sampled_from(Fault)),
)
def test_whatever_fails_a_transfer_ends_whole(pieces: list[int], faults: dict[int, Fault]) -> None:
    """Lost, kept and crashed chunks: after each, the receiver begins again where the store says it stands."""
    disk = MemoryDisk()
    disk.blob_faults.planned.update(faults)
    blobs, attachment, sizes = Blobs(MemoryChunks(disk)), named(MAP), iter(pieces)
    while not blobs.complete(attachment.digest):
        try:
            stands = blobs.begin(attachment)
            piece = next(sizes, 65_536)
            blobs.write(attachment, stands, MAP[stands : stands + piece])
        except (StoreError, Crash):
            blobs = Blobs(MemoryChunks(disk))
    assert blobs.read(attachment.digest, 0, len(MAP)) == MAP

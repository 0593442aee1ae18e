"""A log as files: the paths of the specification, everything read back, proofs from tiles, and flipped bytes."""

from __future__ import annotations

from collections import Counter, UserDict
from hashlib import sha256

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import PeerError
from openline.record.checkpoint import Checkpoint, write_checkpoint
from openline.record.tiles import (
    CHECKPOINT_PATH,
    TILE_WIDTH,
    TileReader,
    bundle_path,
    read_bundle,
    read_log,
    read_tile,
    tile_path,
    tiles_of,
    write_bundles,
    write_log,
    write_tiles,
)
from openline.record.tree import EMPTY_ROOT, consistency_proof, inclusion_proof, leaf_hash, root_of
from tests.identity.vectors import read_vectors
from tests.record.samples import ORIGIN, by_log


class Path(msgspec.Struct):
    n: int
    level: int
    width: int
    path: str


class Counts(msgspec.Struct):
    size: int
    full: list[int]
    partial: list[int]


class Log(msgspec.Struct):
    size: int
    root: str
    files: dict[str, str]


class Vectors(msgspec.Struct):
    paths: list[Path]
    counts: Counts
    log: Log


VECTORS = read_vectors("tiles.json", Vectors)
LEAVES = [number.to_bytes(2, "big") * 3 for number in range(700)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
SIZES = [0, 1, 2, 255, 256, 257, 511, 512, 513, 700]


def log_of(size: int) -> tuple[dict[str, bytes], Checkpoint]:
    """The first `size` leaves as files, and their checkpoint."""
    checkpoint = Checkpoint(ORIGIN, size, root_of(HASHES[:size]))
    return dict(write_log(LEAVES[:size], write_checkpoint(checkpoint, [by_log(checkpoint)]))), checkpoint


@pytest.mark.parametrize("vector", VECTORS.paths, ids=lambda vector: vector.path)
def test_paths(vector: Path) -> None:
    assert tile_path(vector.level, vector.n, vector.width) == vector.path


def test_the_numbers_of_tiles_of_the_specification() -> None:
    tiles = list(tiles_of(VECTORS.counts.size))
    full = Counter(level for level, _, width in tiles if width == TILE_WIDTH)
    partial = {level: width for level, _, width in tiles if width < TILE_WIDTH}
    assert [full[level] for level in range(3)] == VECTORS.counts.full
    assert [partial[level] for level in range(3)] == VECTORS.counts.partial


def test_a_whole_log() -> None:
    assert root_of(HASHES).hex() == VECTORS.log.root
    files = dict([*write_bundles(LEAVES), *write_tiles(HASHES)])
    assert {path: sha256(data).hexdigest() for path, data in files.items()} == VECTORS.log.files


@pytest.mark.parametrize("size", SIZES)
def test_a_log_reads_as_it_was_written(size: int) -> None:
    files, checkpoint = log_of(size)
    assert read_log(files, checkpoint) == LEAVES[:size]
    named = {tile_path(*tile) for tile in tiles_of(size)}
    named |= {bundle_path(n, width) for level, n, width in tiles_of(size) if level == 0}
    assert files.keys() == named | {CHECKPOINT_PATH}


@pytest.mark.parametrize("size", SIZES[1:])
def test_tiles_give_the_proofs_of_the_tree(size: int) -> None:
    files, checkpoint = log_of(size)
    reader = TileReader(files, size)
    assert reader.root(0, size) == checkpoint.root
    for index in {0, size // 2, max(0, size - 2), size - 1}:
        assert reader.leaf(index) == LEAVES[index]
        assert reader.inclusion_proof(index) == inclusion_proof(HASHES[:size], index)
    for old in {0, 1, size // 3, min(256, size), size}:
        assert reader.consistency_proof(old) == consistency_proof(HASHES[:size], old)


def test_the_empty_log_has_no_tile() -> None:
    assert TileReader({}, 0).root(0, 0) == EMPTY_ROOT
    assert list(tiles_of(0)) == []


def test_a_proof_from_a_large_log_reads_a_few_tiles() -> None:
    size = 66_000
    hashes = [leaf_hash(number.to_bytes(3, "big")) for number in range(size)]
    files = dict(write_tiles(hashes))
    read: list[str] = []

    class Counting(UserDict[str, bytes]):
        def __getitem__(self, path: str) -> bytes:
            read.append(path)
            return super().__getitem__(path)

    reader = TileReader(Counting(files), size)
    assert reader.inclusion_proof(65_535) == inclusion_proof(hashes, 65_535)
    assert reader.consistency_proof(300) == consistency_proof(hashes, 300)
    assert len(set(read)) <= 8


def test_one_flipped_byte_anywhere_is_found_with_its_file() -> None:
    files, checkpoint = log_of(300)
    for path, data in files.items():
        if path == CHECKPOINT_PATH:
            continue
        for place in range(0, len(data), 97):
            changed = {**files, path: data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :]}
            with pytest.raises(PeerError) as caught:
                read_log(changed, checkpoint)
            assert caught.value.message_id in ("tile-wrong", "tiles-root-differs")
            if not path.startswith("tile/entries"):
                assert caught.value.facts["detail"] == path


def test_a_missing_file_is_named() -> None:
    files, checkpoint = log_of(300)
    for path in files.keys() - {CHECKPOINT_PATH}:
        with pytest.raises(PeerError, match="tile-missing") as caught:
            read_log({name: data for name, data in files.items() if name != path}, checkpoint)
        assert caught.value.facts == {"path": path}


def test_a_log_that_lost_its_last_entry_is_found() -> None:
    files, _ = log_of(299)
    _, checkpoint = log_of(300)
    with pytest.raises(PeerError, match="tile-missing"):
        read_log(files, checkpoint)


@pytest.mark.parametrize("data", [b"", b"\0", b"\0\1", b"\0\1aa", b"\0\1a\0\1b", b"\0\1a\0"])
def test_a_bundle_of_another_length_is_refused(data: bytes) -> None:
    with pytest.raises(PeerError, match="tile-wrong"):
        read_bundle(data, 1)


def test_a_tile_of_another_width_is_refused() -> None:
    assert read_tile(HASHES[0] + HASHES[1], 2) == HASHES[:2]
    for width in (1, 3):
        with pytest.raises(PeerError, match="tile-wrong"):
            read_tile(HASHES[0] + HASHES[1], width)


@pytest.mark.fuzz
@given(st.binary(max_size=40), st.integers(1, 3))
def test_any_bytes_are_a_bundle_or_refused(data: bytes, width: int) -> None:
    try:
        leaves = read_bundle(data, width)
    except PeerError:
        return
    assert dict(write_bundles(leaves)) == {bundle_path(0, width): data}

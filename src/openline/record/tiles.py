"""A log as files (https://c2sp.org/tlog-tiles): the tree in tiles of 256 hashes, the entries in bundles of 256.

    checkpoint                        the signed note
    tile/<level>/<n>[.p/<width>]      concatenated hashes; level 0 are leaf hashes, each level up is the roots
                                      of full tiles below; `.p/<width>` marks a tile that is not full
    tile/entries/<n>[.p/<width>]      u16 big-endian length and leaf, one after the other

<n> is written in groups of three digits, all but the last after an `x`: 1234067 is `x001/x234/067`. Files are
given and taken as (path, bytes); what they lie on (a folder, a zip) is the caller's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from openline.base.errors import PeerError
from openline.record.checkpoint import Checkpoint
from openline.record.tree import (
    HASH_BYTES,
    consistency_ranges,
    inclusion_ranges,
    leaf_hash,
    range_root,
    root_of,
)

CHECKPOINT_PATH = "checkpoint"
TILE_WIDTH = 256
_TILE_HEIGHT = 8


def tile_path(level: int, n: int, width: int = TILE_WIDTH) -> str:
    """The path of tile `n` of `level`, `width` hashes wide."""
    return f"tile/{level}/{_numbered(n, width)}"


def bundle_path(n: int, width: int = TILE_WIDTH) -> str:
    """The path of entry bundle `n`, `width` entries long."""
    return f"tile/entries/{_numbered(n, width)}"


def tiles_of(size: int) -> Iterator[tuple[int, int, int]]:
    """Every tile of a tree of `size` leaves as (level, n, width): level by level, left to right."""
    level, count = 0, size
    while count:
        full, partial = divmod(count, TILE_WIDTH)
        yield from ((level, n, TILE_WIDTH) for n in range(full))
        if partial:
            yield level, full, partial
        level, count = level + 1, full


def write_tiles(hashes: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """Every hash tile of the tree over these leaf hashes, as (path, bytes)."""
    level, row = 0, list(hashes)
    while row:
        above: list[bytes] = []
        for n, start in enumerate(range(0, len(row), TILE_WIDTH)):
            tile = row[start : start + TILE_WIDTH]
            yield tile_path(level, n, len(tile)), b"".join(tile)
            if len(tile) == TILE_WIDTH:
                above.append(root_of(tile))
        level, row = level + 1, above


def write_bundles(leaves: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """Every entry bundle of these leaves, as (path, bytes). A leaf has at most 65,535 bytes."""
    for n, start in enumerate(range(0, len(leaves), TILE_WIDTH)):
        bundle = leaves[start : start + TILE_WIDTH]
        yield bundle_path(n, len(bundle)), b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in bundle)


def write_log(leaves: Sequence[bytes], note: bytes) -> Iterator[tuple[str, bytes]]:
    """A whole log as (path, bytes): the checkpoint note over exactly these leaves, bundles, tiles."""
    yield CHECKPOINT_PATH, note
    yield from write_bundles(leaves)
    yield from write_tiles([leaf_hash(leaf) for leaf in leaves])


def read_tile(data: bytes, width: int) -> list[bytes]:
    """The hashes of a tile. Raises PeerError `tile-wrong` when it is not `width` hashes wide."""
    if len(data) != HASH_BYTES * width:
        raise PeerError("tile-wrong", detail="length")
    return [data[start : start + HASH_BYTES] for start in range(0, len(data), HASH_BYTES)]


def read_bundle(data: bytes, width: int) -> list[bytes]:
    """The leaves of an entry bundle. Raises PeerError `tile-wrong` when it does not hold exactly `width`."""
    leaves: list[bytes] = []
    place = 0
    while place < len(data) and len(leaves) < width:
        stop = place + 2 + int.from_bytes(data[place : place + 2], "big")
        if stop > len(data):
            break
        leaves.append(data[place + 2 : stop])
        place = stop
    if place != len(data) or len(leaves) != width:
        raise PeerError("tile-wrong", detail="entries")
    return leaves


def read_log(files: Mapping[str, bytes], checkpoint: Checkpoint) -> list[bytes]:
    """The leaves of a log after everything was computed again: the root, and every tile.

    Raises PeerError `tile-missing` with the path of a file that is not there, `tile-wrong` with that of one that
    is not what the leaves give, and `tiles-root-differs` when the leaves do not have the checkpoint's root.
    """
    leaves: list[bytes] = []
    for level, n, width in tiles_of(checkpoint.size):
        if level == 0:
            leaves += read_bundle(_file(files, bundle_path(n, width)), width)
    hashes = [leaf_hash(leaf) for leaf in leaves]
    if root_of(hashes) != checkpoint.root:
        raise PeerError("tiles-root-differs", origin=checkpoint.origin, size=checkpoint.size)
    for path, tile in write_tiles(hashes):
        if _file(files, path) != tile:
            raise PeerError("tile-wrong", detail=path)
    return leaves


class TileReader:
    """Proofs and single leaves of a tiled log, reading only the tiles they need. Nothing it answers is verified.

    Raises PeerError `tile-missing` or `tile-wrong` where a file is not there or has the wrong length.
    """

    def __init__(self, files: Mapping[str, bytes], size: int) -> None:
        self._files = files
        self._size = size

    def leaf(self, index: int) -> bytes:
        """The leaf at `index`."""
        assert 0 <= index < self._size
        n, place = divmod(index, TILE_WIDTH)
        width = self._width(0, n)
        return read_bundle(_file(self._files, bundle_path(n, width)), width)[place]

    def inclusion_proof(self, index: int) -> list[bytes]:
        """The inclusion proof of leaf `index` in the whole log."""
        return [self.root(*place) for place in inclusion_ranges(index, self._size)]

    def consistency_proof(self, old_size: int) -> list[bytes]:
        """The proof that the whole log extends its first `old_size` entries."""
        return [self.root(*place) for place in consistency_ranges(old_size, self._size)]

    def root(self, start: int, stop: int) -> bytes:
        """The root over leaves `start` to `stop`: the whole log, or a range that a proof names."""
        return range_root(start, stop, self._full_root) if stop > start else root_of(())

    def _full_root(self, start: int, stop: int) -> bytes | None:
        """The root of a full subtree that stands in a tile; None when the range is not one."""
        count, level = stop - start, 0
        while count >= TILE_WIDTH and count % TILE_WIDTH == 0:
            count, level = count // TILE_WIDTH, level + 1
        if count & (count - 1):
            return None
        n, place = divmod(start >> _TILE_HEIGHT * level, TILE_WIDTH)
        width = self._width(level, n)
        return root_of(read_tile(_file(self._files, tile_path(level, n, width)), width)[place : place + count])

    def _width(self, level: int, n: int) -> int:
        return min(TILE_WIDTH, (self._size >> _TILE_HEIGHT * level) - n * TILE_WIDTH)


def _file(files: Mapping[str, bytes], path: str) -> bytes:
    data = files.get(path)
    if data is None:
        raise PeerError("tile-missing", path=path)
    return data


def _numbered(n: int, width: int) -> str:
    assert 0 < width <= TILE_WIDTH
    groups = [f"{n % 1000:03d}"]
    while n := n // 1000:
        groups.append(f"x{n % 1000:03d}")
    return "/".join(reversed(groups)) + (f".p/{width}" if width < TILE_WIDTH else "")

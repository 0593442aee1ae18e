"""Second step of an audit: a log's tree computed again from its entries, and compared with the tiles.

The leaf hashes stand in the bundle twice, in the entries and in the tiles of level 0. When they disagree, the root
of the signed checkpoint says which of them is what was signed; so a changed entry is named, and what hangs on the
tree (older checkpoints, references) can still be checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from openline.record import parts
from openline.record.shelf import Shelf
from openline.record.tiles import TILE_WIDTH, bundle_path, tile_path
from openline.record.tree import EMPTY_ROOT, HASH_BYTES, Frontier, leaf_hash, root_of
from openline.record.verdict import Findings, Severity

Counted = Callable[[int], None]
"""Told how many more entries were read."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A log as the bundle states it: where its files stand, its size, its newest signed root when there is one."""

    origin: str
    folder: str
    size: int
    root: bytes | None


@dataclass(frozen=True, slots=True)
class Tree:
    """A log's tree as far as it could be computed. `hashes` and `roots` are concatenated, 32 bytes each.

    `proven` says that it has the root of the newest signed checkpoint; `blamed` that entries were named as changed.
    """

    hashes: bytes
    roots: bytes
    proven: bool
    blamed: bool

    @property
    def size(self) -> int:
        """How many entries it covers."""
        return len(self.hashes) // HASH_BYTES

    def leaf_hash(self, index: int) -> bytes:
        """The hash of a leaf below `size`."""
        return self.hashes[HASH_BYTES * index : HASH_BYTES * (index + 1)]

    def root(self, size: int) -> bytes:
        """The root of the first `size` entries, at most all of them."""
        return self.roots[HASH_BYTES * size : HASH_BYTES * (size + 1)]


@dataclass(frozen=True, slots=True)
class _Pack:
    """The leaf hashes of up to 256 entries, from both places; None where the file is not there.

    Short of `width` hashes where a file ends too early; `whole` says that the entries can be read to the end.
    """

    n: int
    width: int
    entries: bytes | None
    tile: bytes | None
    whole: bool


def rebuild(shelf: Shelf, log: Claimed, findings: Findings, counted: Counted) -> Tree:
    """The tree of a log; everything about it that is wrong or missing becomes a finding."""
    read = list(_read(shelf, log, counted))
    entries = b"".join(_padded(pack, pack.entries or pack.tile) for pack in read)
    roots = _roots(entries)
    proven = len(entries) == log.size * HASH_BYTES and roots[-HASH_BYTES:] == log.root
    if not proven:
        tiles = b"".join(_padded(pack, pack.tile or pack.entries) for pack in read)
        others = _roots(tiles) if tiles != entries else roots
        if len(tiles) == log.size * HASH_BYTES and others[-HASH_BYTES:] == log.root:
            entries, roots, proven = tiles, others, True
    blamed = False
    for pack in read:
        start = HASH_BYTES * parts.PACKED * pack.n
        blamed |= _compare(log, pack, entries[start : start + HASH_BYTES * pack.width], proven, findings)
    if len(entries) < log.size * HASH_BYTES:
        missing = range(len(entries) // HASH_BYTES, log.size)
        findings.entries(Severity.MISSING, "audit-entries-missing", log.origin, missing)
        shelf.pass_over(log.folder)
    else:
        _check_upper_tiles(shelf, log, entries if proven else None, findings)
    return Tree(entries, roots, proven, blamed)


def _read(shelf: Shelf, log: Claimed, counted: Counted) -> Iterator[_Pack]:
    """The packs up to the first that stands in neither place: the size is only what somebody states."""
    for n, width in parts.packs(log.size):
        data = shelf.take(log.folder + bundle_path(n, width), parts.LEAVES_BYTES)
        tile = shelf.take(log.folder + tile_path(0, n, width), parts.TILE_BYTES)
        if data is None and tile is None:
            return
        leaves, whole = parts.read_leaves(data or b"", width)
        hashes = None if data is None else b"".join(map(leaf_hash, leaves))
        yield _Pack(n, width, hashes, tile, whole)
        counted(width)


def _padded(pack: _Pack, hashes: bytes | None) -> bytes:
    """Exactly `width` hashes; zeros, which are nobody's hash, where there are too few."""
    size = HASH_BYTES * pack.width
    return (hashes or b"")[:size].ljust(size, b"\0")


def _roots(hashes: bytes) -> bytes:
    """The roots of every size from 0 on, concatenated."""
    frontier = Frontier()
    roots = [EMPTY_ROOT]
    for start in range(0, len(hashes), HASH_BYTES):
        frontier.append(hashes[start : start + HASH_BYTES])
        roots.append(frontier.root())
    return b"".join(roots)


def _compare(log: Claimed, pack: _Pack, right: bytes, proven: bool, findings: Findings) -> bool:
    """Name what differs from the hashes that are `right`; whether that is an entry."""
    first = parts.PACKED * pack.n
    if pack.entries is None:
        place = range(first, first + pack.width)
        findings.entries(Severity.MISSING, "audit-entries-missing", log.origin, place)
        return False
    wrong = _differing(_padded(pack, pack.entries), right)
    if pack.tile is not None and pack.tile != right:
        if proven:
            findings.false("audit-file-wrong", name=log.folder + tile_path(0, pack.n, pack.width), detail="hash")
        else:
            wrong = wrong or _differing(_padded(pack, pack.tile), right)
    if not pack.whole and not wrong:
        findings.false("audit-file-wrong", name=log.folder + bundle_path(pack.n, pack.width), detail="entries")
    # Where the entries cannot be read to the end, only the first is known to be changed.
    for run in runs_in(wrong if pack.whole else wrong[:1]):
        place = range(first + run[0], first + run[-1] + 1)
        findings.entries(Severity.FALSE, "audit-entry-changed", log.origin, place)
    return bool(wrong)


def _differing(left: bytes, right: bytes) -> list[int]:
    if left == right:
        return []
    size = HASH_BYTES
    return [at // size for at in range(0, len(right), size) if left[at : at + size] != right[at : at + size]]


def runs_in(places: Sequence[int]) -> Iterator[list[int]]:
    """Consecutive numbers together."""
    for _, run in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        yield [place for _, place in run]


def _check_upper_tiles(shelf: Shelf, log: Claimed, hashes: bytes | None, findings: Findings) -> None:
    """Compare the tiles above level 0 with the tree; without `hashes` they are only counted as read."""
    level, count = 1, log.size // TILE_WIDTH
    row = _level_above(hashes) if hashes is not None else None
    while count:
        for n, width in parts.packs(count):
            name = log.folder + tile_path(level, n, width)
            tile = shelf.take(name, parts.TILE_BYTES)
            start = HASH_BYTES * TILE_WIDTH * n
            if tile is not None and row is not None and tile != row[start : start + HASH_BYTES * width]:
                findings.false("audit-file-wrong", name=name, detail="hash")
        level, count = level + 1, count // TILE_WIDTH
        row = _level_above(row) if row is not None else None


def _level_above(row: bytes) -> bytes:
    """The roots of the full tiles of a level, concatenated."""
    tile = HASH_BYTES * TILE_WIDTH
    full = (row[start : start + tile] for start in range(0, len(row) - tile + 1, tile))
    return b"".join(root_of([one[at : at + HASH_BYTES] for at in range(0, tile, HASH_BYTES)]) for one in full)

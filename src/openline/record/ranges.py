"""One proof for many entries of a log: that those disclosed stand where they are said to stand, and nothing between.

The tree over a log (RFC 6962) is walked from the left. Where a subtree holds no disclosed entry, its root is taken from
the proof; where it is a disclosed entry, the entry's leaf hash. The root that comes out is the one that was signed or
it is not. Every hash of the inclusion proof of every disclosed entry (RFC 6962 2.1.1) is among these or computed on
the way, so `inclusion_proof` gives the standard proof of each. A run of disclosed entries has no room for one more.

`runs` are (start, stop), ascending, apart from each other and not empty. Form: docs/spec/pack.md.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from openline.record.tree import HASH_BYTES, consistency_ranges, inclusion_ranges, node_hash, range_root

Run = tuple[int, int]


def runs_of(indexes: Iterable[int]) -> list[Run]:
    """The runs of these indexes, which ascend strictly."""
    runs: list[Run] = []
    for index in indexes:
        if runs and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    return runs


def gaps(runs: Sequence[Run], size: int) -> Iterator[Run]:
    """The subtrees of a tree of `size` that hold no disclosed entry, from the left: what the proof is made of."""
    return (part for part in _parts(runs, size) if not _is_disclosed(runs, part[0]))


def root_from(runs: Sequence[Run], size: int, leaves: bytes, proof: bytes) -> bytes | None:
    """The root of a tree of `size` by the leaf hashes of its disclosed entries and the proof, both concatenated.

    None when there is not just as much of both as the tree takes. `size` is at least 1.
    """
    disclosed = sum(stop - start for start, stop in runs)
    if len(leaves) != disclosed * HASH_BYTES or (runs and runs[-1][1] > size):
        return None
    given = _Given(leaves), _Given(proof)

    def part_root(start: int, stop: int) -> bytes | None:
        if _is_part(runs, start, stop):
            return given[0 if _is_disclosed(runs, start) else 1].next()
        return None

    try:
        root = range_root(0, size, part_root)
    except _Short:
        return None
    return root if given[1].at == len(proof) else None


def _parts(runs: Sequence[Run], size: int) -> Iterator[Run]:
    """The subtrees that are not looked into: disclosed entries, and subtrees without one; from the left."""
    todo = [(0, size)] if size else []
    while todo:
        start, stop = todo.pop()
        if _is_part(runs, start, stop):
            yield start, stop
        else:
            middle = start + (1 << ((stop - start - 1).bit_length() - 1))
            todo += [(middle, stop), (start, middle)]


def _is_part(runs: Sequence[Run], start: int, stop: int) -> bool:
    return stop - start == 1 or not _touches(runs, start, stop)


def _touches(runs: Sequence[Run], start: int, stop: int) -> bool:
    """Whether a disclosed entry stands from `start` to `stop`."""
    place = bisect_right(runs, start, key=lambda run: run[1])
    return place < len(runs) and runs[place][0] < stop


def _is_disclosed(runs: Sequence[Run], index: int) -> bool:
    return _touches(runs, index, index + 1)


class _Short(Exception):
    """There are fewer hashes than the tree takes."""


class _Given:
    """Hashes, one after the other. Mutable."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def next(self) -> bytes:
        found = self._data[self.at : self.at + HASH_BYTES]
        if len(found) != HASH_BYTES:
            raise _Short
        self.at += HASH_BYTES
        return found


class FullTree:
    """All leaf hashes of a log and the roots of its full subtrees: 64 bytes an entry. Never changes once made."""

    def __init__(self, leaves: bytes) -> None:
        self.size = len(leaves) // HASH_BYTES
        self._levels = [leaves]
        while len(self._levels[-1]) >= 2 * HASH_BYTES:
            below = self._levels[-1]
            pairs = range(0, len(below) - 2 * HASH_BYTES + 1, 2 * HASH_BYTES)
            rows = (
                node_hash(below[at : at + HASH_BYTES], below[at + HASH_BYTES : at + 2 * HASH_BYTES]) for at in pairs
            )
            self._levels.append(b"".join(rows))

    def leaf(self, index: int) -> bytes:
        """The leaf hash of an entry."""
        return self._levels[0][index * HASH_BYTES : (index + 1) * HASH_BYTES]

    def root(self, start: int, stop: int) -> bytes:
        """The root over entries `start` to `stop`: of the whole, or of a range that a proof names."""
        return range_root(start, stop, self._full)

    def proof(self, runs: Sequence[Run], size: int) -> bytes:
        """The proof for the disclosed entries in the tree of the first `size` entries, concatenated."""
        return b"".join(self.root(*gap) for gap in gaps(runs, size))

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The inclusion proof of one entry (RFC 6962 2.1.1)."""
        return [self.root(*place) for place in inclusion_ranges(index, size)]

    def consistency(self, old_size: int, size: int) -> list[bytes]:
        """The proof that the tree of `size` extends that of `old_size` (RFC 6962 2.1.2)."""
        return [self.root(*place) for place in consistency_ranges(old_size, size)]

    def _full(self, start: int, stop: int) -> bytes | None:
        count = stop - start
        if count & (count - 1):
            return None
        level = count.bit_length() - 1
        place = (start >> level) * HASH_BYTES
        return self._levels[level][place : place + HASH_BYTES]

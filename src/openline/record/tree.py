"""The Merkle tree of a log (RFC 6962 section 2.1, SHA-256): roots, the growing frontier, proofs and checks.

A leaf hash is SHA-256(0x00, leaf), a node SHA-256(0x01, left, right), the empty tree SHA-256 of nothing. All
hashes are 32 bytes. Checks answer True or False; they never raise, whatever a peer puts into a proof.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

from openline.base.errors import PeerError

HASH_BYTES = 32
SIZE_MAX = 2**63 - 1
EMPTY_ROOT = sha256().digest()


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf: SHA-256(0x00, leaf)."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children: SHA-256(0x01, left, right)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a tree: the roots of its full subtrees, largest first; all it takes to grow.

    Mutable; owned by the log that grows. Appending costs one hash on average, the root one per subtree.
    """

    __slots__ = ("_roots", "size")

    def __init__(self) -> None:
        self.size = 0
        self._roots: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add one leaf, given by its 32-byte hash."""
        roots, full, node = self._roots, self.size, leaf
        while full & 1:
            node = sha256(b"\x01" + roots.pop() + node).digest()
            full >>= 1
        roots.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root of the tree so far."""
        roots = self._roots
        if not roots:
            return EMPTY_ROOT
        node = roots[-1]
        for left in roots[-2::-1]:
            node = sha256(b"\x01" + left + node).digest()
        return node

    def copy(self) -> Frontier:
        """A frontier that grows on its own from here."""
        other = Frontier()
        other.size = self.size
        other._roots = self._roots.copy()
        return other

    def pack(self) -> bytes:
        """The size (u64 big-endian) and the roots, largest subtree first; no bytes for the empty tree."""
        return self.size.to_bytes(8, "big") + b"".join(self._roots) if self.size else b""

    @classmethod
    def unpack(cls, data: bytes) -> Frontier:
        """Read what `pack` wrote. Raises PeerError `frontier-wrong` when it is anything else."""
        frontier = cls()
        if not data:
            return frontier
        size = int.from_bytes(data[:8], "big")
        if not 0 < size <= SIZE_MAX or len(data) != 8 + HASH_BYTES * size.bit_count():
            raise PeerError("frontier-wrong", size=len(data))
        frontier.size = size
        frontier._roots = [data[start : start + HASH_BYTES] for start in range(8, len(data), HASH_BYTES)]
        return frontier


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, or over the roots of equal full subtrees; `EMPTY_ROOT` of none."""
    level = list(hashes)
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        pairs = [sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        # An odd last node rises unhashed: it is the root of the smaller, right subtree.
        level = [*pairs, level[-1]] if len(level) & 1 else pairs
    return level[0]


def inclusion_proof(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The proof (RFC 6962 2.1.1) that leaf `index` stands in the tree over all of `hashes`."""
    return [root_of(hashes[start:stop]) for start, stop in inclusion_ranges(index, len(hashes))]


def consistency_proof(hashes: Sequence[bytes], old_size: int) -> list[bytes]:
    """The proof (RFC 6962 2.1.2) that the tree over `hashes` extends the one over its first `old_size`."""
    return [root_of(hashes[start:stop]) for start, stop in consistency_ranges(old_size, len(hashes))]


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """The leaf ranges (start, stop) whose roots make the inclusion proof, from the leaf's sibling upwards."""
    assert 0 <= index < size
    ranges: list[tuple[int, int]] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _left_size(stop - start)
        if index < middle:
            ranges.append((middle, stop))
            stop = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(old_size: int, size: int) -> list[tuple[int, int]]:
    """The leaf ranges whose roots make the consistency proof, in order; none for an empty or equal tree."""
    assert 0 <= old_size <= size
    if old_size in (0, size):
        return []
    ranges: list[tuple[int, int]] = []
    start, stop = 0, size
    while stop != old_size:
        middle = start + _left_size(stop - start)
        if old_size <= middle:
            ranges.append((middle, stop))
            stop = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:
        ranges.append((start, stop))
    return ranges[::-1]


def range_root(start: int, stop: int, full_root: Callable[[int, int], bytes | None]) -> bytes:
    """The root over leaves `start` to `stop`, asking `full_root` first and splitting where it answers None.

    `full_root` must answer for single leaves. The range must be one that a proof names (RFC 6962 2.1).
    """
    root = full_root(start, stop)
    if root is not None:
        return root
    middle = start + _left_size(stop - start)
    return node_hash(range_root(start, middle, full_root), range_root(middle, stop, full_root))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows that the leaf hash `leaf` stands at `index` of the tree (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes((leaf, root, *proof)):
        return False
    place, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            node = node_hash(node, sibling)
        place >>= 1
        last >>= 1
    return last == 0 and node == root


def verify_consistency(old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree (size, root) extends (old_size, old_root) (RFC 9162 2.1.4.2).

    An empty tree is extended by every tree, and a tree by itself, both with an empty proof.
    """
    if not 0 <= old_size <= size or not _are_hashes((old_root, root, *proof)):
        return False
    if old_size in (0, size):
        expected = EMPTY_ROOT if old_size == 0 else root
        return not proof and old_root == expected and (size > 0 or root == expected)
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        return False
    place, last = old_size - 1, size - 1
    while place & 1:
        place >>= 1
        last >>= 1
    old_node = node = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old_node = node_hash(sibling, old_node)
            node = node_hash(sibling, node)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            node = node_hash(node, sibling)
        place >>= 1
        last >>= 1
    return last == 0 and old_node == old_root and node == root


def _left_size(size: int) -> int:
    """The largest power of two below `size`: how RFC 6962 splits a tree."""
    return 1 << ((size - 1).bit_length() - 1)


def _are_hashes(values: Sequence[bytes]) -> bool:
    return all(len(value) == HASH_BYTES for value in values)

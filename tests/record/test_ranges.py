"""One proof for many entries: it gives the root of the tree, and no other choice of entries fits it."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from openline.record.ranges import FullTree, gaps, root_from, runs_of
from openline.record.tree import consistency_proof, inclusion_proof, root_of, verify_consistency, verify_inclusion

HASHES = [sha256(bytes((n,))).digest() for n in range(80)]


def leaves(count: int) -> bytes:
    return b"".join(HASHES[:count])


def chosen(count: int, bits: int) -> list[int]:
    return [n for n in range(count) if bits >> n & 1]


def test_every_choice_of_a_small_tree_gives_its_root() -> None:
    for count in range(1, 9):
        tree = FullTree(leaves(count))
        for bits in range(1 << count):
            runs = runs_of(chosen(count, bits))
            some = b"".join(HASHES[n] for n in chosen(count, bits))
            assert root_from(runs, count, some, tree.proof(runs, count)) == root_of(HASHES[:count])


@given(st.integers(1, 80), st.integers(0, 2**80 - 1), st.integers(0, 2**80 - 1))
def test_a_proof_fits_no_other_choice_of_as_many_entries(count: int, bits: int, other: int) -> None:
    tree, ours, theirs = FullTree(leaves(count)), chosen(count, bits), chosen(count, other)
    some = b"".join(HASHES[n] for n in ours)
    root = root_from(runs_of(ours), count, some, tree.proof(runs_of(ours), count))
    assert root == root_of(HASHES[:count])
    if ours != theirs:
        assert root_from(runs_of(theirs), count, some, tree.proof(runs_of(ours), count)) != root


@given(st.integers(1, 40), st.integers(1, 2**40 - 1), st.integers(0, 10_000))
def test_one_flipped_byte_gives_another_root_or_none(count: int, bits: int, at: int) -> None:
    tree, ours = FullTree(leaves(count)), chosen(count, bits)
    some, proof = b"".join(HASHES[n] for n in ours), tree.proof(runs_of(ours), count)
    both = bytearray(some + proof)
    both[at % len(both)] ^= 1
    changed = root_from(runs_of(ours), count, bytes(both[: len(some)]), bytes(both[len(some) :]))
    assert changed != root_of(HASHES[:count])


def test_what_is_too_short_or_too_long_gives_no_root() -> None:
    tree = FullTree(leaves(7))
    runs = runs_of([2, 3])
    some, proof = HASHES[2] + HASHES[3], tree.proof(runs, 7)
    assert root_from(runs, 7, some, proof[:-32]) is None
    assert root_from(runs, 7, some, proof + HASHES[0]) is None
    assert root_from(runs, 7, some[:32], proof) is None
    assert root_from([(2, 9)], 7, some, proof) is None
    assert root_from([(2, 4)], 2**62, some, proof) is None


def test_the_proof_of_nothing_is_the_root_and_of_everything_is_nothing() -> None:
    tree = FullTree(leaves(6))
    assert tree.proof([], 6) == root_of(HASHES[:6])
    assert tree.proof([(0, 6)], 6) == b""
    assert list(gaps([(1, 3)], 6)) == [(0, 1), (3, 4), (4, 6)]


@given(st.integers(1, 80), st.data())
def test_the_standard_proofs_are_those_of_rfc_6962(count: int, data: st.DataObject) -> None:
    tree = FullTree(leaves(count))
    size = data.draw(st.integers(1, count))
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    assert tree.inclusion(index, size) == inclusion_proof(HASHES[:size], index)
    assert tree.consistency(old, size) == consistency_proof(HASHES[:size], old)
    assert verify_inclusion(tree.leaf(index), index, size, tree.inclusion(index, size), tree.root(0, size))
    assert verify_consistency(old, tree.root(0, old), size, tree.root(0, size), tree.consistency(old, size))

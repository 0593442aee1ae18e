"""The tree: the Certificate Transparency reference, every small proof, and no proof for what is not so."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import PeerError
from openline.record.tree import (
    EMPTY_ROOT,
    SIZE_MAX,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    range_root,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tests.identity.vectors import read_vectors


class Inclusion(msgspec.Struct):
    index: int
    size: int
    proof: list[str]


class Consistency(msgspec.Struct):
    old_size: int
    size: int
    proof: list[str]


class Frontiers(msgspec.Struct):
    packed: list[str]


class Vectors(msgspec.Struct):
    leaves: list[str]
    roots: list[str]
    inclusion: list[Inclusion]
    consistency: list[Consistency]
    frontiers: Frontiers


VECTORS = read_vectors("tree.json", Vectors)
HASHES = [leaf_hash(bytes.fromhex(leaf)) for leaf in VECTORS.leaves]
SMALL = 65
MANY = [leaf_hash(b"entry %d" % number) for number in range(SMALL)]
ROOTS = [root_of(MANY[:size]) for size in range(SMALL + 1)]


def test_the_reference_roots() -> None:
    assert [root_of(HASHES[:size]).hex() for size in range(9)] == VECTORS.roots
    assert root_of(HASHES).hex().startswith("5dc9da79a70659a9")
    assert VECTORS.roots[0] == EMPTY_ROOT.hex()


@pytest.mark.parametrize("vector", VECTORS.inclusion, ids=lambda vector: vector.index)
def test_the_reference_inclusion_proofs(vector: Inclusion) -> None:
    proof = inclusion_proof(HASHES[: vector.size], vector.index)
    assert [one.hex() for one in proof] == vector.proof


@pytest.mark.parametrize("vector", VECTORS.consistency, ids=lambda vector: f"{vector.old_size}-{vector.size}")
def test_the_reference_consistency_proofs(vector: Consistency) -> None:
    proof = consistency_proof(HASHES[: vector.size], vector.old_size)
    assert [one.hex() for one in proof] == vector.proof


def test_frontiers() -> None:
    frontier = Frontier()
    for size, packed in enumerate(VECTORS.frontiers.packed):
        assert frontier.pack().hex() == packed
        assert Frontier.unpack(bytes.fromhex(packed)).root().hex() == VECTORS.roots[size]
        if size < len(HASHES):
            frontier.append(HASHES[size])


def test_a_frontier_knows_the_root_after_every_leaf() -> None:
    frontier = Frontier()
    assert (frontier.size, frontier.root()) == (0, EMPTY_ROOT)
    for size, one in enumerate(MANY, 1):
        frontier.append(one)
        assert (frontier.size, frontier.root()) == (size, ROOTS[size])


def test_a_copy_grows_on_its_own() -> None:
    frontier = Frontier()
    for one in MANY[:7]:
        frontier.append(one)
    copy = frontier.copy()
    copy.append(MANY[7])
    assert (frontier.size, frontier.root()) == (7, ROOTS[7])
    assert (copy.size, copy.root()) == (8, ROOTS[8])


def test_a_frontier_is_taken_up_at_every_size() -> None:
    frontier = Frontier()
    for size, one in enumerate(MANY, 1):
        frontier = Frontier.unpack(frontier.pack())
        frontier.append(one)
        assert frontier.root() == ROOTS[size]


@pytest.mark.parametrize(
    "data", [bytes(8), bytes(7), b"\0" * 7 + b"\x01", b"\0" * 7 + b"\x03" + bytes(32), b"\xff" * 8 + bytes(64 * 32)]
)
def test_what_is_no_frontier_is_refused(data: bytes) -> None:
    with pytest.raises(PeerError, match="frontier-wrong"):
        Frontier.unpack(data)


@pytest.mark.fuzz
@given(st.binary(max_size=120))
def test_any_bytes_are_a_frontier_or_refused(data: bytes) -> None:
    try:
        frontier = Frontier.unpack(data)
    except PeerError:
        return
    assert frontier.pack() == data


def test_every_small_inclusion_proof_shows_its_leaf_and_no_other() -> None:
    for size in range(1, SMALL + 1):
        for index in range(size):
            proof = inclusion_proof(MANY[:size], index)
            assert verify_inclusion(MANY[index], index, size, proof, ROOTS[size])
            assert not verify_inclusion(MANY[index], index, size, proof, ROOTS[size - 1])
            assert not verify_inclusion(MANY[index - 1], index, size, proof, ROOTS[size]) or size == 1
            assert not verify_inclusion(MANY[index], (index + 1) % size, size, proof, ROOTS[size]) or size == 1
            assert not verify_inclusion(MANY[index], index, size, [*proof, EMPTY_ROOT], ROOTS[size])
            assert not proof or not verify_inclusion(MANY[index], index, size, proof[:-1], ROOTS[size])


def test_every_small_consistency_proof_shows_its_prefix_and_no_other() -> None:
    for size in range(SMALL + 1):
        for old in range(size + 1):
            proof = consistency_proof(MANY[:size], old)
            assert verify_consistency(old, ROOTS[old], size, ROOTS[size], proof)
            assert not verify_consistency(old, ROOTS[old], size, ROOTS[size], [*proof, EMPTY_ROOT])
            assert not verify_consistency(old, MANY[0][::-1], size, ROOTS[size], proof)
            assert not verify_consistency(old, ROOTS[old], size, MANY[0][::-1], proof) or old == 0 < size
            assert not proof or not verify_consistency(old, ROOTS[old], size, ROOTS[size], proof[:-1])
            assert old == 0 or not verify_consistency(old - 1, ROOTS[old], size, ROOTS[size], proof)


def test_a_rewritten_past_has_no_consistency_proof() -> None:
    rewritten = [leaf_hash(b"rewritten"), *MANY[1:]]
    for old in range(1, 20):
        proof = consistency_proof(rewritten[:20], old)
        assert not verify_consistency(old, ROOTS[old], 20, root_of(rewritten[:20]), proof)


def test_a_log_cannot_shrink() -> None:
    assert not verify_consistency(5, ROOTS[5], 4, ROOTS[4], [])
    assert not verify_consistency(-1, ROOTS[5], 4, ROOTS[4], [])


def test_the_empty_tree_has_one_root() -> None:
    assert verify_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    assert not verify_consistency(0, ROOTS[1], 0, ROOTS[1], [])
    assert not verify_consistency(0, EMPTY_ROOT, 0, ROOTS[1], [])


@given(st.data())
def test_a_proof_with_one_bit_changed_shows_nothing(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, SMALL))
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size - 1))
    place, bit = data.draw(st.integers(0, 31)), data.draw(st.integers(0, 7))

    def changed(proof: list[bytes]) -> list[bytes]:
        which = data.draw(st.integers(0, len(proof) - 1))
        one = bytearray(proof[which])
        one[place] ^= 1 << bit
        return [*proof[:which], bytes(one), *proof[which + 1 :]]

    inclusion = inclusion_proof(MANY[:size], index)
    assert not verify_inclusion(MANY[index], index, size, changed(inclusion), ROOTS[size])
    consistency = consistency_proof(MANY[:size], old)
    assert not verify_consistency(old, ROOTS[old], size, ROOTS[size], changed(consistency))


@pytest.mark.fuzz
@given(st.integers(-2, SIZE_MAX), st.integers(-2, SIZE_MAX), st.lists(st.binary(max_size=33), max_size=70), st.binary())
def test_checks_only_answer(small: int, large: int, proof: list[bytes], root: bytes) -> None:
    assert not verify_inclusion(root, small, large, proof, root) or large == 1
    assert not verify_consistency(small, root, large, root, proof) or small == large


def test_hashes_of_another_length_show_nothing() -> None:
    # The node over both is the same bytes, cut in another place.
    assert verify_inclusion(MANY[0], 0, 2, [MANY[1]], ROOTS[2])
    assert not verify_inclusion(MANY[0] + MANY[1][:1], 0, 2, [MANY[1][1:]], ROOTS[2])
    assert not verify_inclusion(MANY[0], 0, 2, [MANY[1][:-1]], ROOTS[2])


def test_a_range_is_split_where_no_full_root_is_known() -> None:
    known = {(place, place + 1): one for place, one in enumerate(MANY)}
    asked: list[tuple[int, int]] = []

    def full_root(start: int, stop: int) -> bytes | None:
        asked.append((start, stop))
        return known.get((start, stop))

    assert range_root(0, 3, full_root) == node_hash(node_hash(MANY[0], MANY[1]), MANY[2]) == ROOTS[3]
    assert asked == [(0, 3), (0, 2), (0, 1), (1, 2), (2, 3)]

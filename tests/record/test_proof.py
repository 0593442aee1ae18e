"""Proofs of one entry that stand alone: vectors, round trips, and every flipped byte."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import PeerError
from openline.identity.keys import VerifierKey
from openline.record.checkpoint import Checkpoint, write_checkpoint
from openline.record.proof import (
    PROOF_BYTES_MAX,
    PROOF_HASHES_MAX,
    Proof,
    parse_proof,
    verify_proof,
    write_proof,
)
from openline.record.tree import inclusion_proof, leaf_hash, root_of
from tests.identity.vectors import read_vectors
from tests.record.samples import KEYS, ORIGIN, RECEIPT_KEY, by_log, by_mirror, flips


class ProofVector(msgspec.Struct):
    what: str
    leaf: str
    index: int
    extra: str
    proof: str


class Refused(msgspec.Struct):
    why: str
    proof: str


class Vectors(msgspec.Struct):
    vkeys: list[str]
    proofs: list[ProofVector]
    refused: list[Refused]


VECTORS = read_vectors("proof.json", Vectors)
LEAVES = [b"entry %d" % number for number in range(20)]


def proof_of(index: int, size: int = 20, extra: bytes = b"") -> Proof:
    """The proof of an entry of a small log of alpha's, with bravo's receipt."""
    hashes = [leaf_hash(leaf) for leaf in LEAVES[:size]]
    checkpoint = Checkpoint(ORIGIN, size, root_of(hashes))
    note = write_checkpoint(checkpoint, [by_log(checkpoint), by_mirror(checkpoint)])
    return Proof(index, tuple(inclusion_proof(hashes, index)), note, extra)


@pytest.mark.parametrize("vector", VECTORS.proofs, ids=lambda vector: vector.what)
def test_proofs(vector: ProofVector) -> None:
    proof = parse_proof(vector.proof.encode())
    assert write_proof(proof) == vector.proof.encode()
    assert (proof.index, proof.extra.hex()) == (vector.index, vector.extra)
    keys = [VerifierKey.parse(text) for text in VECTORS.vkeys]
    assert verify_proof(proof, bytes.fromhex(vector.leaf), keys).by_log


@pytest.mark.parametrize("vector", VECTORS.refused, ids=lambda vector: vector.why)
def test_what_is_no_proof_is_refused(vector: Refused) -> None:
    with pytest.raises(PeerError, match="proof-"):
        parse_proof(vector.proof.encode())


def test_every_entry_is_proved_in_every_size() -> None:
    for size in range(1, len(LEAVES) + 1):
        for index in range(size):
            proof = parse_proof(write_proof(proof_of(index, size)))
            opened = verify_proof(proof, LEAVES[index], KEYS)
            assert opened.checkpoint.size == size


def test_another_entry_is_not_proved() -> None:
    with pytest.raises(PeerError, match="proof-fails"):
        verify_proof(proof_of(3), LEAVES[4], KEYS)
    moved = Proof(4, proof_of(3).hashes, proof_of(3).checkpoint)
    with pytest.raises(PeerError, match="proof-fails"):
        verify_proof(moved, LEAVES[3], KEYS)


def test_a_receipt_alone_does_not_prove_an_entry() -> None:
    with pytest.raises(PeerError, match="proof-unsigned"):
        verify_proof(proof_of(3), LEAVES[3], [RECEIPT_KEY])
    with pytest.raises(PeerError, match="checkpoint-unsigned"):
        verify_proof(proof_of(3), LEAVES[3], [])


def test_a_proof_beyond_the_limits_is_refused() -> None:
    with pytest.raises(PeerError, match="proof-too-large"):
        parse_proof(bytes(PROOF_BYTES_MAX + 1))
    with pytest.raises(PeerError, match="proof-too-large"):
        parse_proof(write_proof(Proof(0, (bytes(32),) * (PROOF_HASHES_MAX + 1), b"")))
    longest = Proof(0, (bytes(32),) * PROOF_HASHES_MAX, b"")
    assert parse_proof(write_proof(longest)) == longest


def test_one_flipped_byte_is_refused_or_unsigns_or_is_in_the_extra_data() -> None:
    data = write_proof(proof_of(3, extra=b"whatever helps"))
    honest = verify_proof(parse_proof(data), LEAVES[3], KEYS)
    for place, changed in flips(data):
        try:
            proof = parse_proof(changed)
            opened = verify_proof(proof, LEAVES[3], KEYS)
        except PeerError:
            continue
        assert opened.checkpoint == honest.checkpoint, place
        assert set(opened.verified) <= set(honest.verified)
        assert proof.extra != b"whatever helps" or len(opened.verified) == 1


proofs = st.builds(
    Proof,
    st.integers(0, 2**63 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63).map(tuple),
    st.binary(max_size=50),
    st.binary(max_size=50),
)


@given(proofs)
def test_a_proof_reads_as_it_was_written(proof: Proof) -> None:
    assert parse_proof(write_proof(proof)) == proof


@pytest.mark.fuzz
@given(st.data())
def test_any_bytes_are_a_proof_or_refused(data: st.DataObject) -> None:
    whole = VECTORS.proofs[1].proof.encode()
    place = data.draw(st.integers(0, len(whole)))
    made = whole[:place] + data.draw(st.binary(max_size=9)) + whole[place + data.draw(st.integers(0, 9)) :]
    try:
        proof = parse_proof(made)
    except PeerError:
        return
    assert write_proof(proof) == made

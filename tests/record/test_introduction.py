"""Introductions: the identity log, the invitation, and everyone who would like to be somebody else."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from openline.base.errors import PeerError
from openline.base.time import Instant
from openline.identity.card import Card, pack_card, unpack_card
from openline.identity.keys import RootSecrets
from openline.identity.names import identity_origin
from openline.identity.trust import Trust
from openline.record.checkpoint import Checkpoint, log_line, seal, stamped_line, write_checkpoint
from openline.record.introduction import (
    make_invitation,
    open_identity_log,
    open_invitation,
    sign_identity_log,
)
from openline.record.proof import Proof, parse_proof, write_proof
from openline.record.tree import inclusion_proof, leaf_hash, root_of
from tests.identity.parties import ALPHA, ALPHA_NEXT_ROOT, ALPHA_ROOT, BRAVO, BRAVO_ROOT, DAY_MS, MALLORY, MALLORY_ROOT
from tests.identity.vectors import read_vectors
from tests.record.samples import TIME_S, flips


class InvitationVector(msgspec.Struct):
    cards: int
    invitation: str
    party: str
    fingerprint: str
    size: int
    root: str
    time_s: int


class Vectors(msgspec.Struct):
    invitations: list[InvitationVector]


class CardBytes(msgspec.Struct):
    bytes: str


class Cards(msgspec.Struct):
    cards: list[CardBytes]


VECTORS = read_vectors("invitation.json", Vectors).invitations
CARDS = [unpack_card(bytes.fromhex(one.bytes)) for one in read_vectors("card.json", Cards).cards]
LEAVES = [pack_card(card) for card in CARDS]


def root_note(
    cards: Sequence[Card], root: RootSecrets, party: str, *, plain: bool = True, sealed: bool = True
) -> bytes:
    """An identity log's checkpoint signed without asking whether the cards may say so."""
    hashes = [leaf_hash(pack_card(card)) for card in cards]
    checkpoint = Checkpoint(identity_origin(party), len(cards), root_of(hashes))
    keys = root.keys(party)
    lines = [log_line(keys[0], root.ed25519.sign(checkpoint.body()))] if plain else []
    if sealed:
        lines.append(stamped_line(keys[1], TIME_S, seal(checkpoint, root.mldsa44, keys[1].name, TIME_S)))
    return write_checkpoint(checkpoint, lines)


def invitation_of(cards: Sequence[Card], index: int, note: bytes) -> bytes:
    """An invitation file put together by hand."""
    hashes = [leaf_hash(pack_card(card)) for card in cards]
    return write_proof(Proof(index, tuple(inclusion_proof(hashes, index)), note, pack_card(cards[index])))


def _opens(data: bytes) -> bool:
    try:
        open_invitation(data)
    except PeerError:
        return False
    return True


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.cards)
def test_invitations(vector: InvitationVector) -> None:
    invitation = open_invitation(vector.invitation.encode(), vector.fingerprint)
    assert invitation.card == CARDS[vector.cards - 1]
    assert (invitation.card.party, invitation.fingerprint) == (vector.party, vector.fingerprint)
    assert invitation.checkpoint == Checkpoint("alpha.example/identity", vector.size, bytes.fromhex(vector.root))
    assert invitation.time_s == vector.time_s


def test_an_invitation_is_opened_confirmed_and_renewed() -> None:
    trust = Trust()
    first = open_invitation(VECTORS[0].invitation.encode())
    trust.accept_first(first.card, VECTORS[0].fingerprint, Instant.from_ms(1), "watch officer")
    for vector in VECTORS[1:]:
        trust.renew(open_invitation(vector.invitation.encode()).card)
    assert trust.card("alpha.example") == CARDS[2]


def test_an_invitation_is_a_proof_that_others_can_check() -> None:
    proof = parse_proof(make_invitation(CARDS[:2], ALPHA_ROOT, TIME_S))
    assert (proof.index, proof.extra) == (1, LEAVES[1])
    assert proof.hashes == (leaf_hash(LEAVES[0]),)


def test_an_invitation_of_another_root_does_not_match_a_known_fingerprint() -> None:
    impostor = make_invitation([replace(MALLORY, party="alpha.example")], MALLORY_ROOT, TIME_S)
    assert open_invitation(impostor).card.party == "alpha.example"
    with pytest.raises(PeerError, match="invitation-other-root"):
        open_invitation(impostor, ALPHA.fingerprint())


def test_one_flipped_byte_anywhere_in_an_invitation_is_refused() -> None:
    data = VECTORS[1].invitation.encode()
    for place, changed in flips(data, step=3):
        assert not _opens(changed), f"nobody missed the byte at {place}"


def test_an_invitation_must_bring_the_newest_card() -> None:
    note = sign_identity_log(CARDS[:2], ALPHA_ROOT, TIME_S)
    with pytest.raises(PeerError, match="invitation-wrong"):
        open_invitation(invitation_of(CARDS[:2], 0, note))


def test_an_invitation_without_a_card_is_refused() -> None:
    proof = parse_proof(VECTORS[0].invitation.encode())
    with pytest.raises(PeerError, match="invitation-wrong"):
        open_invitation(write_proof(Proof(proof.index, proof.hashes, proof.checkpoint)))
    with pytest.raises(PeerError, match="invitation-wrong"):
        open_invitation(write_proof(Proof(proof.index, proof.hashes, proof.checkpoint, bytes(20_000))))


def test_a_card_that_the_root_did_not_log_is_refused() -> None:
    proof = parse_proof(VECTORS[0].invitation.encode())
    swapped = pack_card(replace(ALPHA, tls_pins=MALLORY.tls_pins))
    with pytest.raises(PeerError, match="proof-fails"):
        open_invitation(write_proof(Proof(proof.index, proof.hashes, proof.checkpoint, swapped)))


@pytest.mark.parametrize(("plain", "sealed"), [(True, False), (False, True)])
def test_one_of_the_two_root_signatures_is_not_enough(plain: bool, sealed: bool) -> None:
    note = root_note([ALPHA], ALPHA_ROOT, "alpha.example", plain=plain, sealed=sealed)
    with pytest.raises(PeerError, match="identity-log-unsigned"):
        open_invitation(invitation_of([ALPHA], 0, note))
    with pytest.raises(PeerError, match="identity-log-unsigned"):
        open_identity_log([LEAVES[0]], note)


def test_a_party_cannot_be_introduced_by_another_identity_log() -> None:
    note = root_note([ALPHA], ALPHA_ROOT, "bravo.example")
    with pytest.raises(PeerError, match="checkpoint-unsigned"):
        open_invitation(invitation_of([ALPHA], 0, note))


def test_a_whole_identity_log() -> None:
    log = open_identity_log(LEAVES, sign_identity_log(CARDS, ALPHA_NEXT_ROOT, TIME_S))
    assert list(log.cards) == CARDS
    assert (log.checkpoint.size, log.time_s) == (3, TIME_S)


def test_an_identity_log_with_a_card_changed_dropped_or_added_is_refused() -> None:
    note = sign_identity_log(CARDS[:2], ALPHA_ROOT, TIME_S)
    other = pack_card(replace(CARDS[1], endpoints=()))
    for leaves in ([LEAVES[0], other], LEAVES[:1], [LEAVES[1]]):
        with pytest.raises(PeerError, match="identity-log-differs"):
            open_identity_log(leaves, note)
    with pytest.raises(PeerError, match="checkpoint-unsigned"):
        open_identity_log(LEAVES, note)
    with pytest.raises(PeerError, match="card-not-newer"):
        open_identity_log([LEAVES[1], LEAVES[0]], note)
    with pytest.raises(PeerError, match="identity-log-empty"):
        open_identity_log([], note)


def test_one_flipped_byte_in_a_logged_card_is_refused() -> None:
    note = sign_identity_log(CARDS[:2], ALPHA_ROOT, TIME_S)
    for _, changed in flips(LEAVES[0], step=7):
        with pytest.raises(PeerError):
            open_identity_log([changed, LEAVES[1]], note)


def test_a_root_that_was_not_promised_cannot_take_over() -> None:
    theft = replace(MALLORY, party="alpha.example", valid_from_ms=ALPHA.valid_from_ms + DAY_MS, log_keys=ALPHA.log_keys)
    with pytest.raises(PeerError, match="card-root-unknown"):
        sign_identity_log([ALPHA, theft], MALLORY_ROOT, TIME_S)
    note = root_note([ALPHA, theft], MALLORY_ROOT, "alpha.example")
    with pytest.raises(PeerError, match="card-root-unknown"):
        open_identity_log([pack_card(ALPHA), pack_card(theft)], note)


def test_only_the_root_that_the_newest_card_names_can_sign() -> None:
    with pytest.raises(PeerError, match="card-root-unknown"):
        make_invitation([BRAVO], ALPHA_ROOT, TIME_S)
    assert open_invitation(make_invitation([BRAVO], BRAVO_ROOT, TIME_S)).card == BRAVO


@pytest.mark.fuzz
@given(st.data())
def test_any_bytes_are_an_invitation_or_refused(data: st.DataObject) -> None:
    whole = VECTORS[1].invitation.encode()
    place = data.draw(st.integers(0, len(whole)))
    made = whole[:place] + data.draw(st.binary(max_size=9)) + whole[place + data.draw(st.integers(0, 9)) :]
    if made != whole:
        with pytest.raises(PeerError):
            open_invitation(made)

"""Whom we accept: first by voice, then by root only; and which key speaks for whom."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from openline.base.errors import PeerError, UsageError
from openline.base.time import Instant
from openline.identity.card import Card
from openline.identity.keys import KIND_COSIGNATURE, KIND_ED25519, KIND_MLDSA44, VerifierKey, tls_pin
from openline.identity.names import line_origin, mirror_name
from openline.identity.trust import Accepted, Trust
from tests.identity.parties import (
    ALPHA,
    ALPHA_NEXT_ROOT,
    ALPHA_NODE,
    BRAVO,
    BRAVO_NODE,
    DAY_MS,
    LINE,
    MALLORY,
    MALLORY_NODE,
    MALLORY_ROOT,
    node,
)

NOW = Instant.from_ms(1_790_000_500_123)
OFFICER = "watch officer (L. Berg)"
ALPHA_LOG = line_origin("alpha.example", LINE)
BRAVO_LOG = line_origin("bravo.example", LINE)


def both() -> Trust:
    """Trust in alpha and bravo."""
    trust = Trust()
    for card in (ALPHA, BRAVO):
        trust.accept_first(card, card.fingerprint(), NOW, OFFICER)
    return trust


def test_a_party_is_accepted_by_the_digits_a_person_heard() -> None:
    trust = Trust()
    accepted = trust.accept_first(ALPHA, ALPHA.fingerprint().replace(" ", "-"), NOW, OFFICER)
    assert accepted == Accepted(ALPHA, ALPHA.fingerprint(), NOW, OFFICER)
    assert trust.card("alpha.example") == ALPHA
    assert trust.accepted() == [accepted]


def test_digits_of_another_root_accept_nobody() -> None:
    trust = Trust()
    for digits in (BRAVO.fingerprint(), ALPHA.fingerprint()[:-1], ""):
        with pytest.raises(UsageError, match="trust-digits-differ"):
            trust.accept_first(ALPHA, digits, NOW, OFFICER)
    assert trust.accepted() == []
    assert trust.card("alpha.example") is None


def test_a_stranger_with_a_known_name_is_not_accepted_as_new() -> None:
    impostor = replace(MALLORY, party="alpha.example")
    with pytest.raises(UsageError, match="trust-known-party"):
        both().accept_first(impostor, impostor.fingerprint(), NOW, OFFICER)


def test_a_lost_root_is_replaced_by_voice_only() -> None:
    trust = both()
    anew = replace(ALPHA, root_ed25519=MALLORY_ROOT.ed25519.public, root_mldsa44=MALLORY_ROOT.mldsa44.public)
    with pytest.raises(UsageError, match="trust-digits-differ"):
        trust.accept_anew(anew, ALPHA.fingerprint(), NOW, OFFICER)
    trust.accept_anew(anew, anew.fingerprint(), NOW.plus(1_000), OFFICER)
    assert trust.card("alpha.example") == anew
    with pytest.raises(UsageError, match="trust-unknown-party"):
        trust.accept_anew(MALLORY, MALLORY.fingerprint(), NOW, OFFICER)


def test_a_newer_card_of_the_same_root_replaces_the_card() -> None:
    trust = both()
    second = node(0xD1)
    card = replace(
        ALPHA,
        valid_from_ms=ALPHA.valid_from_ms + DAY_MS,
        log_keys=(*ALPHA.log_keys, (second.log.public, 100, ALPHA_LOG)),
        tls_pins=(tls_pin(second.tls.public),),
    )
    renewed = trust.renew(card)
    assert (renewed.card, renewed.since, renewed.confirmed_by) == (card, NOW, OFFICER)
    assert trust.log_key(ALPHA_LOG, 99) == VerifierKey(ALPHA_LOG, KIND_ED25519, ALPHA_NODE.log.public)
    assert trust.log_key(ALPHA_LOG, 100) == VerifierKey(ALPHA_LOG, KIND_ED25519, second.log.public)
    assert trust.party_by_pin(tls_pin(second.tls.public)) == "alpha.example"
    assert trust.party_by_pin(tls_pin(ALPHA_NODE.tls.public)) is None


def test_the_promised_root_replaces_the_root() -> None:
    trust = both()
    card = replace(
        ALPHA,
        valid_from_ms=ALPHA.valid_from_ms + DAY_MS,
        root_ed25519=ALPHA_NEXT_ROOT.ed25519.public,
        root_mldsa44=ALPHA_NEXT_ROOT.mldsa44.public,
        next_root=ALPHA_NEXT_ROOT.next_root("alpha.example"),
    )
    assert trust.renew(card).fingerprint == card.fingerprint() != ALPHA.fingerprint()


def test_the_card_we_hold_renews_nothing() -> None:
    trust = both()
    assert trust.renew(ALPHA) == trust.accepted()[0]


@pytest.mark.parametrize(
    ("card", "fault"),
    [
        (replace(ALPHA, valid_from_ms=ALPHA.valid_from_ms - 1), "card-not-newer"),
        (replace(MALLORY, party="alpha.example", valid_from_ms=ALPHA.valid_from_ms + 1), "card-root-unknown"),
        (replace(ALPHA, valid_from_ms=ALPHA.valid_from_ms + 1, log_keys=()), "card-past-changed"),
        (replace(ALPHA, valid_from_ms=ALPHA.valid_from_ms + 1, tls_pins=BRAVO.tls_pins), "card-key-taken"),
    ],
)
def test_a_card_that_may_not_follow_changes_nothing(card: Card, fault: str) -> None:
    trust = both()
    before = trust.accepted()
    with pytest.raises(PeerError, match=fault):
        trust.renew(card)
    assert trust.accepted() == before


def test_an_unknown_party_cannot_renew() -> None:
    with pytest.raises(UsageError, match="trust-unknown-party"):
        both().renew(MALLORY)


@pytest.mark.parametrize(
    "card",
    [
        replace(MALLORY, tls_pins=(*MALLORY.tls_pins, *ALPHA.tls_pins)),
        replace(MALLORY, receipt_keys=ALPHA.receipt_keys),
        replace(MALLORY, log_keys=((ALPHA.receipt_keys[0][0], 0, ""),)),
        replace(MALLORY, seal_keys=((ALPHA.root_mldsa44, 0, ""),)),
    ],
)
def test_a_card_that_claims_anothers_key_is_refused(card: Card) -> None:
    trust = both()
    with pytest.raises(PeerError, match="card-key-taken"):
        trust.accept_first(card, card.fingerprint(), NOW, OFFICER)
    assert trust.card("mallory.example") is None


def test_a_pin_names_its_party() -> None:
    trust = both()
    assert trust.party_by_pin(tls_pin(BRAVO_NODE.tls.public)) == "bravo.example"
    assert trust.party_by_pin(tls_pin(MALLORY_NODE.tls.public)) is None


def test_keys_bear_the_names_they_sign_under() -> None:
    trust = both()
    assert trust.log_key(ALPHA_LOG, 7) == VerifierKey(ALPHA_LOG, KIND_ED25519, ALPHA_NODE.log.public)
    assert trust.seal_key(ALPHA_LOG, 7) == VerifierKey(ALPHA_LOG, KIND_MLDSA44, ALPHA_NODE.seal.public)
    mirror = mirror_name(BRAVO_LOG)
    assert trust.receipt_key("bravo.example", ALPHA_LOG, 7) == VerifierKey(
        mirror, KIND_COSIGNATURE, BRAVO_NODE.receipt.public
    )
    assert trust.mirror_seal_key("bravo.example", ALPHA_LOG, 7) == VerifierKey(
        mirror, KIND_MLDSA44, BRAVO_NODE.seal.public
    )
    assert [key.name for key in trust.keys(ALPHA_LOG, 7)] == [ALPHA_LOG, ALPHA_LOG, mirror, mirror]


def test_a_revoked_key_receipts_nothing_from_its_end_on() -> None:
    trust = both()
    ended = (*BRAVO.receipt_keys, (b"", 40, ALPHA_LOG))
    trust.renew(replace(BRAVO, valid_from_ms=BRAVO.valid_from_ms + 1, receipt_keys=ended))
    assert trust.receipt_key("bravo.example", ALPHA_LOG, 39) is not None
    assert trust.receipt_key("bravo.example", ALPHA_LOG, 40) is None
    assert trust.receipt_key("bravo.example", line_origin("alpha.example", "other"), 40) is not None


def test_nobody_speaks_for_strangers_or_for_what_is_no_line_log() -> None:
    trust = both()
    for origin in (line_origin("mallory.example", LINE), "alpha.example/identity", "alpha.example", ""):
        assert trust.log_key(origin, 1) is None
        assert trust.seal_key(origin, 1) is None
    assert trust.receipt_key("mallory.example", ALPHA_LOG, 1) is None
    assert trust.receipt_key("bravo.example", "alpha.example/identity", 1) is None
    assert trust.mirror_seal_key("bravo.example", "alpha.example/identity", 1) is None
    assert trust.keys("alpha.example/identity", 1) == []


def test_trust_is_kept_and_taken_up_again() -> None:
    kept = [one.pack() for one in both().accepted()]
    trust = Trust(Accepted.unpack(data) for data in kept)
    assert trust.accepted() == both().accepted()
    assert trust.party_by_pin(tls_pin(BRAVO_NODE.tls.public)) == "bravo.example"


def test_what_another_trust_has_accepted_is_adopted() -> None:
    trust = Trust()
    for accepted in both().accepted():
        trust.adopt(accepted)
    assert trust.accepted() == both().accepted()
    assert trust.party_by_pin(tls_pin(BRAVO_NODE.tls.public)) == "bravo.example"


@pytest.mark.fuzz
@given(st.data())
def test_any_bytes_are_an_acceptance_or_refused(data: st.DataObject) -> None:
    whole = Accepted(ALPHA, ALPHA.fingerprint(), NOW, OFFICER).pack()
    place = data.draw(st.integers(0, len(whole)))
    made = whole[:place] + data.draw(st.binary(max_size=9)) + whole[place + data.draw(st.integers(0, 9)) :]
    with suppress(PeerError):
        assert Accepted.unpack(made).card.party

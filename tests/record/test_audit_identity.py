"""From fingerprint to keys: only a root the auditor has heard, or one it promised, makes a card count."""

from __future__ import annotations

import msgspec
import pytest

from openline.record.introduction import make_invitation
from openline.record.verdict import Severity, State
from tests.identity.parties import (
    ALPHA,
    ALPHA_NEXT_ROOT,
    ALPHA_NODE,
    ALPHA_ROOT,
    BRAVO,
    BRAVO_ROOT,
    MALLORY,
    MALLORY_ROOT,
    card_of,
)
from tests.record.lines import ROOTS, bundle_of, files_of, judge, packed, talk
from tests.record.samples import flips
from tests.record.tampering import Files

TIME_S = 1_790_000_000
FIRST = "identity/alpha.example/0000.tlog-proof"
SECOND = "identity/alpha.example/0001.tlog-proof"
LATER = msgspec.structs.replace(ALPHA, valid_from_ms=ALPHA.valid_from_ms + 1)
ROTATED = msgspec.structs.replace(
    LATER,
    root_ed25519=ALPHA_NEXT_ROOT.ed25519.public,
    root_mldsa44=ALPHA_NEXT_ROOT.mldsa44.public,
    next_root=b"",
)


@pytest.fixture(scope="module")
def files() -> Files:
    return files_of(bundle_of(talk((1,)).alpha))


def told(files: Files, roots: dict[str, str] | None = ROOTS) -> list[tuple[Severity, str, str]]:
    return [
        (finding.severity, finding.message_id, str(finding.facts.get("party", "")))
        for finding in judge(packed(files), roots).findings
    ]


def test_without_fingerprints_the_bundle_says_what_to_compare(files: Files) -> None:
    verdict = judge(packed(files), None)
    assert verdict.state is State.INCOMPLETE
    assert {finding.facts["party"]: finding.facts["fingerprint"] for finding in verdict.findings} == ROOTS
    assert dict(verdict.fingerprints) == ROOTS


def test_one_fingerprint_of_two_is_not_enough(files: Files) -> None:
    alone = {"alpha.example": ROOTS["alpha.example"]}
    assert told(files, alone) == [(Severity.MISSING, "audit-root-not-given", "bravo.example")]


def test_digits_may_be_grouped_as_one_likes(files: Files) -> None:
    assert told(files, {party: digits.replace(" ", "-") for party, digits in ROOTS.items()}) == []


def test_a_fingerprint_of_somebody_else_is_a_false_root(files: Files) -> None:
    wrong = {**ROOTS, "alpha.example": MALLORY.fingerprint()}
    assert told(files, wrong) == [(Severity.FALSE, "audit-root-differs", "alpha.example")]


def test_a_fingerprint_nobody_needs_is_told(files: Files) -> None:
    more = {**ROOTS, "mallory.example": MALLORY.fingerprint()}
    assert told(files, more) == [(Severity.NOTE, "audit-root-unused", "mallory.example")]


def test_a_party_without_introduction_leaves_the_record_incomplete_and_nobody_is_blamed(files: Files) -> None:
    for party in ROOTS:
        without = {name: data for name, data in files.items() if not name.startswith(f"identity/{party}/")}
        assert told(without) == [(Severity.MISSING, "audit-identity-missing", party)]


def test_a_later_card_of_the_same_root_counts(files: Files) -> None:
    more = {**files, SECOND: make_invitation([ALPHA, LATER], ALPHA_ROOT, TIME_S)}
    assert told(more) == []


def test_a_root_that_the_known_root_promised_counts_for_either_fingerprint(files: Files) -> None:
    rotated = {**files, SECOND: make_invitation([ALPHA, ROTATED], ALPHA_NEXT_ROOT, TIME_S)}
    assert told(rotated) == []
    assert told(rotated, {**ROOTS, "alpha.example": ROTATED.fingerprint()}) == []
    assert [party for party, _ in judge(packed(rotated)).fingerprints] == ["alpha.example"] * 2 + ["bravo.example"]


def test_a_root_that_nobody_promised_is_false(files: Files) -> None:
    stolen = card_of("alpha.example", ALPHA.names, MALLORY_ROOT, ALPHA_NODE, ALPHA.valid_from_ms + 1)
    swapped = {**files, SECOND: make_invitation([stolen], MALLORY_ROOT, TIME_S)}
    assert told(swapped) == [(Severity.FALSE, "audit-identity-broken", "alpha.example")]


def test_a_party_that_was_paired_anew_is_known_by_its_new_root(files: Files) -> None:
    lost = card_of("alpha.example", ALPHA.names, MALLORY_ROOT, ALPHA_NODE, ALPHA.valid_from_ms - 1)
    anew = {**files, FIRST: make_invitation([lost], MALLORY_ROOT, TIME_S), SECOND: files[FIRST]}
    assert told(anew) == []


def test_an_old_card_cannot_be_brought_back(files: Files) -> None:
    """It may have a key that the newer one ended: whoever stole that key would be believed again."""
    revoked = msgspec.structs.replace(LATER, log_keys=(*ALPHA.log_keys, (b"", 1, "")))
    old, new = files[FIRST], make_invitation([ALPHA, revoked], ALPHA_ROOT, TIME_S)
    between = make_invitation(
        [card_of("alpha.example", ALPHA.names, MALLORY_ROOT, ALPHA_NODE, ALPHA.valid_from_ms)], MALLORY_ROOT, TIME_S
    )
    for order in ((new, old), (old, new, old), (new, between, old)):
        shown = {f"identity/alpha.example/{n:04d}.tlog-proof": proof for n, proof in enumerate(order)}
        assert told({**files, **shown}) == [(Severity.FALSE, "audit-identity-broken", "alpha.example")]


def test_what_a_revoked_key_signed_is_void(files: Files) -> None:
    revoked = msgspec.structs.replace(LATER, log_keys=(*ALPHA.log_keys, (b"", 1, "")))
    findings = told({**files, SECOND: make_invitation([ALPHA, revoked], ALPHA_ROOT, TIME_S)})
    assert (Severity.FALSE, "audit-checkpoint-wrong", "") in findings
    assert (Severity.FALSE, "audit-signature-wrong", "") in findings


def test_the_introduction_of_another_party_is_no_introduction(files: Files) -> None:
    swapped = {**files, FIRST: files["identity/bravo.example/0000.tlog-proof"]}
    assert (Severity.FALSE, "audit-identity-wrong", "alpha.example") in told(swapped)


def test_a_card_that_claims_another_partys_keys_is_false(files: Files) -> None:
    thief = msgspec.structs.replace(BRAVO, receipt_keys=ALPHA.receipt_keys)
    stolen = {**files, "identity/bravo.example/0000.tlog-proof": make_invitation([thief], BRAVO_ROOT, TIME_S)}
    assert (Severity.FALSE, "audit-identity-wrong", "bravo.example") in told(stolen)


def test_a_flipped_byte_in_an_introduction_is_noticed(files: Files) -> None:
    for place, data in flips(files[FIRST], 97):
        assert judge(packed({**files, FIRST: data})).state is State.FALSE, f"byte {place}"

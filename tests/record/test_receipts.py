"""Receipts and seals: what one side gives, the other can check, and nobody else's passes for it."""

from __future__ import annotations

from dataclasses import replace

from openline.base.time import Instant
from openline.identity.keys import (
    KIND_COSIGNATURE,
    KIND_MLDSA44,
    Ed25519Secret,
    MlDsaSecret,
    VerifierKey,
)
from openline.record.ports import Signed
from openline.record.receipts import check_receipt, check_seal, checkpoint_of, give_receipt, give_seal

ALPHA = "alpha.example/line/alpha-bravo"
BRAVO = "bravo.example/line/alpha-bravo"
NOW = Instant(1_700_000_000_123_456)
SIGNED = Signed(ALPHA, 7, bytes(range(32)), bytes(64))
SECRET = Ed25519Secret(b"r" * 32)
SEAL_SECRET = MlDsaSecret(b"s" * 32)
KEY = VerifierKey(f"{BRAVO}/mirror", KIND_COSIGNATURE, SECRET.public)
SEAL_KEY = VerifierKey(f"{BRAVO}/mirror", KIND_MLDSA44, SEAL_SECRET.public)


def test_a_receipt_is_given_under_the_mirror_name_in_whole_seconds_and_checks() -> None:
    receipt = give_receipt(SIGNED, BRAVO, SECRET, NOW)
    assert (receipt.cosigner, receipt.time_s, receipt.size) == (f"{BRAVO}/mirror", 1_700_000_000, 7)
    assert check_receipt(receipt, SIGNED, KEY)


def test_a_receipt_holds_for_its_time_its_root_and_its_key_only() -> None:
    receipt = give_receipt(SIGNED, BRAVO, SECRET, NOW)
    assert not check_receipt(replace(receipt, time_s=receipt.time_s + 1), SIGNED, KEY)
    assert not check_receipt(receipt, replace(SIGNED, root=bytes(32)), KEY)
    other = VerifierKey(KEY.name, KIND_COSIGNATURE, Ed25519Secret(b"x" * 32).public)
    assert not check_receipt(receipt, SIGNED, other)


def test_a_seal_holds_for_the_name_it_was_made_under() -> None:
    seal = give_seal(SIGNED, f"{BRAVO}/mirror", SEAL_SECRET, NOW)
    assert check_seal(seal, SEAL_KEY)
    assert not check_seal(seal, VerifierKey(BRAVO, KIND_MLDSA44, SEAL_SECRET.public))
    assert not check_seal(replace(seal, size=8), SEAL_KEY)


def test_the_checkpoint_is_what_was_signed() -> None:
    assert (
        checkpoint_of(SIGNED).body()
        == b"alpha.example/line/alpha-bravo\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    )

"""Receipts and seals as the record keeps them: given by us, checked when they are a peer's."""

from __future__ import annotations

from openline.base.time import Instant
from openline.identity.keys import Ed25519Secret, MlDsaSecret, VerifierKey
from openline.identity.names import mirror_name
from openline.record.checkpoint import Checkpoint, cosign, seal, verify_cosignature, verify_seal
from openline.record.ports import Receipt, Seal, Signed


def checkpoint_of(signed: Signed) -> Checkpoint:
    """The checkpoint that was signed."""
    return Checkpoint(signed.origin, signed.size, signed.root)


def give_receipt(signed: Signed, own_origin: str, secret: Ed25519Secret, now: Instant) -> Receipt:
    """Our mirror cosignature over a peer's log. It must not leave before the entries and it are durable."""
    signature = cosign(checkpoint_of(signed), secret, now.seconds)
    return Receipt(signed.origin, signed.size, mirror_name(own_origin), now.seconds, signature)


def check_receipt(receipt: Receipt, signed: Signed, key: VerifierKey) -> bool:
    """Whether `receipt` is `key`'s over the checkpoint `signed` states."""
    assert (receipt.origin, receipt.size) == (signed.origin, signed.size)
    return verify_cosignature(checkpoint_of(signed), key.public, receipt.time_s, receipt.signature)


def give_seal(signed: Signed, cosigner: str, secret: MlDsaSecret, now: Instant) -> Seal:
    """Our ML-DSA-44 signature over a log, under `cosigner`: its origin when it is ours, else our mirror name."""
    signature = seal(checkpoint_of(signed), secret, cosigner, now.seconds)
    return Seal(signed.origin, signed.size, signed.root, cosigner, now.seconds, signature)


def check_seal(one: Seal, key: VerifierKey) -> bool:
    """Whether `one` is `key`'s seal over the log it names."""
    return verify_seal(Checkpoint(one.origin, one.size, one.root), key, one.time_s, one.signature)

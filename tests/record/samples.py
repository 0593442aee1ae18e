"""Shared by the tests of the record: alpha's log on the line, its keys, and every way to flip one byte."""

from __future__ import annotations

from collections.abc import Iterator

from openline.identity.keys import KIND_COSIGNATURE, KIND_ED25519, KIND_MLDSA44, VerifierKey
from openline.identity.names import line_origin, mirror_name
from openline.record.checkpoint import Checkpoint, cosign, log_line, seal, stamped_line, write_checkpoint
from openline.record.note import NoteSignature
from tests.identity.parties import ALPHA_NODE, BRAVO_NODE, LINE

TIME_S = 1_790_000_123
ORIGIN = line_origin("alpha.example", LINE)
MIRROR = mirror_name(line_origin("bravo.example", LINE))
LOG_KEY = VerifierKey(ORIGIN, KIND_ED25519, ALPHA_NODE.log.public)
SEAL_KEY = VerifierKey(ORIGIN, KIND_MLDSA44, ALPHA_NODE.seal.public)
RECEIPT_KEY = VerifierKey(MIRROR, KIND_COSIGNATURE, BRAVO_NODE.receipt.public)
MIRROR_SEAL_KEY = VerifierKey(MIRROR, KIND_MLDSA44, BRAVO_NODE.seal.public)
KEYS = [LOG_KEY, RECEIPT_KEY, SEAL_KEY, MIRROR_SEAL_KEY]


def by_log(checkpoint: Checkpoint) -> NoteSignature:
    """Alpha's signature line."""
    return log_line(LOG_KEY, ALPHA_NODE.log.sign(checkpoint.body()))


def by_mirror(checkpoint: Checkpoint) -> NoteSignature:
    """Bravo's receipt line."""
    return stamped_line(RECEIPT_KEY, TIME_S, cosign(checkpoint, BRAVO_NODE.receipt, TIME_S))


def full_note(checkpoint: Checkpoint) -> bytes:
    """The checkpoint with all four signatures it may bear."""
    seals = [
        stamped_line(key, TIME_S, seal(checkpoint, secret, key.name, TIME_S))
        for key, secret in ((SEAL_KEY, ALPHA_NODE.seal), (MIRROR_SEAL_KEY, BRAVO_NODE.seal))
    ]
    return write_checkpoint(checkpoint, [by_log(checkpoint), by_mirror(checkpoint), *seals])


def flips(data: bytes, step: int = 1) -> Iterator[tuple[int, bytes]]:
    """`data` with one bit of one byte changed: its place and the bytes, for every `step`th place."""
    for place in range(0, len(data), step):
        yield place, data[:place] + bytes((data[place] ^ (1 << place % 7),)) + data[place + 1 :]

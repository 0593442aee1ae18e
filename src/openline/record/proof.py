"""A proof that one entry is in a log, in one file that stands alone (https://c2sp.org/tlog-proof@v1).

    c2sp.org/tlog-proof@v1
    extra <base64>              only when there is extra data; nothing vouches for it
    index <decimal>
    <base64 hash>               zero or more: the inclusion proof, from the leaf's sibling upwards
                                an empty line
    <the checkpoint, a signed note, verbatim>

Such a file is the detached signature of one entry: with the entry, the log's key and this file anyone can check
it offline. Reading is strict, so what was read can be written again byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openline.base.errors import PeerError
from openline.base.limits import NOTE_BYTES_MAX
from openline.identity.armor import from_base64, to_base64
from openline.identity.keys import VerifierKey
from openline.record.checkpoint import Opened, open_checkpoint, parse_number
from openline.record.tree import HASH_BYTES, leaf_hash, verify_inclusion

PROOF_BYTES_MAX = 4 * NOTE_BYTES_MAX
PROOF_HASHES_MAX = 63
_HEADER = "c2sp.org/tlog-proof@v1\n"


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof as it was read: nothing in it is verified. `checkpoint` is the signed note, `extra` any bytes."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""


def write_proof(proof: Proof) -> bytes:
    """The bytes of a `.tlog-proof` file."""
    extra = f"extra {to_base64(proof.extra)}\n" if proof.extra else ""
    hashes = "".join(f"{to_base64(one)}\n" for one in proof.hashes)
    return f"{_HEADER}{extra}index {proof.index}\n{hashes}\n".encode() + proof.checkpoint


def parse_proof(data: bytes) -> Proof:
    """Read a proof; the checkpoint in it is not looked at.

    Raises PeerError `proof-too-large` above the limits, `proof-wrong` for anything that is not exactly a proof.
    """
    if len(data) > PROOF_BYTES_MAX:
        raise PeerError("proof-too-large", size=len(data), limit=PROOF_BYTES_MAX)
    head, blank, checkpoint = data.partition(b"\n\n")
    if not blank or not head.isascii():
        raise PeerError("proof-wrong", detail="no checkpoint")
    lines = head.decode().split("\n")
    if f"{lines.pop(0)}\n" != _HEADER:
        raise PeerError("proof-wrong", detail="header")
    extra = _base64(lines.pop(0)[len("extra ") :]) if lines and lines[0].startswith("extra ") else None
    if extra == b"":
        raise PeerError("proof-wrong", detail="empty extra")
    index = parse_number(lines[0][len("index ") :]) if lines and lines[0].startswith("index ") else None
    if index is None:
        raise PeerError("proof-wrong", detail="index")
    if len(lines) > 1 + PROOF_HASHES_MAX:
        raise PeerError("proof-too-large", size=len(lines) - 1, limit=PROOF_HASHES_MAX)
    hashes = tuple(_base64(line) for line in lines[1:])
    if not all(len(one) == HASH_BYTES for one in hashes):
        raise PeerError("proof-wrong", detail="hash")
    return Proof(index, hashes, checkpoint, extra or b"")


def verify_proof(proof: Proof, leaf: bytes, keys: Iterable[VerifierKey]) -> Opened:
    """Check that `leaf` stands in the log at the proof's index, by the log's own signature; the open checkpoint.

    Raises PeerError `proof-unsigned` when the log itself has not signed with one of `keys`, `proof-fails` when
    the leaf is not where the proof says, and as `open_checkpoint` does.
    """
    opened = open_checkpoint(proof.checkpoint, keys)
    checkpoint = opened.checkpoint
    if not opened.by_log:
        raise PeerError("proof-unsigned", origin=checkpoint.origin)
    if not verify_inclusion(leaf_hash(leaf), proof.index, checkpoint.size, proof.hashes, checkpoint.root):
        raise PeerError("proof-fails", origin=checkpoint.origin, index=proof.index)
    return opened


def _base64(text: str) -> bytes:
    try:
        return from_base64(text)
    except ValueError as why:
        raise PeerError("proof-wrong", detail="base64") from why

"""Checkpoints: what a log was at a size, and the three signatures that may stand under it.

| kind | signed by | over | spec |
|---|---|---|---|
| 0x01 | the log's owner | the body | signed-note@v1.0.0 |
| 0x04 | a keeper of the log (receipt) | time and body | tlog-cosignature@v1.0.1 |
| 0x06 | owner or keeper (seal, ML-DSA-44) | name, time, origin, size, root | tlog-cosignature@v1.1.0-rc.1 |

A body has exactly three lines; extension lines are refused, since ML-DSA signatures do not cover them.
Times are whole seconds since the epoch, as C2SP has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from openline.base.errors import PeerError
from openline.identity.armor import from_base64, to_base64
from openline.identity.keys import (
    KIND_COSIGNATURE,
    KIND_ED25519,
    KIND_MLDSA44,
    Ed25519Secret,
    MlDsaSecret,
    VerifierKey,
    verify_ed25519,
    verify_mldsa44,
)
from openline.identity.names import is_key_name
from openline.record.note import Note, NoteSignature, format_note, parse_note
from openline.record.tree import EMPTY_ROOT, HASH_BYTES, SIZE_MAX

TIME_S_MAX = 2**63 - 1
_TIME_BYTES = 8
_SEAL_LABEL = b"subtree/v1\n\0"
_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,18})\Z")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The first `size` entries of log `origin` have this 32-byte root."""

    origin: str
    size: int
    root: bytes

    def body(self) -> bytes:
        """The note text: origin, size and base64 root, a line each (tlog-checkpoint@v1.0.0)."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n".encode()


@dataclass(frozen=True, slots=True)
class Verified:
    """A signature that was checked and holds. `time_s` is None for a plain log signature: it has no time."""

    key: VerifierKey
    time_s: int | None
    signature: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """A checkpoint and the signatures of known keys under it, all of which hold; there is at least one."""

    checkpoint: Checkpoint
    verified: tuple[Verified, ...]

    def by(self, kind: int, name: str) -> Verified | None:
        """The first signature of `kind` under `name`."""
        return next((one for one in self.verified if (one.key.kind, one.key.name) == (kind, name)), None)

    @property
    def by_log(self) -> bool:
        """Whether the log itself signed: a plain or ML-DSA key whose name is the origin."""
        owner = self.checkpoint.origin
        return any(self.by(kind, owner) is not None for kind in (KIND_ED25519, KIND_MLDSA44))


def parse_body(text: str) -> Checkpoint:
    """Read a note text as a checkpoint. Raises PeerError `checkpoint-wrong` unless it is its three lines."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise PeerError("checkpoint-wrong", detail="lines")
    origin, size, root = lines[0], parse_number(lines[1]), _root(lines[2])
    if not is_key_name(origin):
        raise PeerError("checkpoint-wrong", detail="origin")
    if size is None:
        raise PeerError("checkpoint-wrong", detail="size")
    if root is None or (size == 0 and root != EMPTY_ROOT):
        raise PeerError("checkpoint-wrong", detail="root")
    return Checkpoint(origin, size, root)


def parse_number(text: str) -> int | None:
    """A decimal without leading zeros, at most 2^63 - 1; None when `text` is not one."""
    number = int(text) if _NUMBER.match(text) else None
    return number if number is None or number <= SIZE_MAX else None


def cosignature_message(checkpoint: Checkpoint, time_s: int) -> bytes:
    """What a receipt signs: `cosignature/v1`, the time, and the whole body."""
    return b"cosignature/v1\ntime %d\n%b" % (time_s, checkpoint.body())


def cosign(checkpoint: Checkpoint, secret: Ed25519Secret, time_s: int) -> bytes:
    """The 64-byte receipt of `checkpoint`: we hold these entries, durably, since `time_s` at the latest."""
    assert 0 <= time_s <= TIME_S_MAX
    return secret.sign(cosignature_message(checkpoint, time_s))


def verify_cosignature(checkpoint: Checkpoint, public: bytes, time_s: int, signature: bytes) -> bool:
    """Whether `signature` is a receipt of `checkpoint` at `time_s` by `public` (Ed25519). Never raises."""
    if not 0 <= time_s <= TIME_S_MAX:
        return False
    return verify_ed25519(public, signature, cosignature_message(checkpoint, time_s))


def seal_message(checkpoint: Checkpoint, name: str, time_s: int) -> bytes:
    """What an ML-DSA-44 key signs under `name`: the `cosigned_message` structure over the whole tree."""
    signer, origin = name.encode(), checkpoint.origin.encode()
    return b"".join(
        (
            _SEAL_LABEL,
            bytes((len(signer),)),
            signer,
            time_s.to_bytes(8, "big"),
            bytes((len(origin),)),
            origin,
            bytes(8),
            checkpoint.size.to_bytes(8, "big"),
            checkpoint.root,
        )
    )


def seal(checkpoint: Checkpoint, secret: MlDsaSecret, name: str, time_s: int) -> bytes:
    """A 2,420-byte ML-DSA-44 signature of `checkpoint` under `name`."""
    assert 0 <= time_s <= TIME_S_MAX
    assert is_key_name(name)
    assert is_key_name(checkpoint.origin)
    return secret.sign(seal_message(checkpoint, name, time_s))


def verify_seal(checkpoint: Checkpoint, key: VerifierKey, time_s: int, signature: bytes) -> bool:
    """Whether `signature` is one of `checkpoint` at `time_s` by `key` under its name. Never raises."""
    if key.kind != KIND_MLDSA44 or not 0 <= time_s <= TIME_S_MAX or not is_key_name(checkpoint.origin):
        return False
    return verify_mldsa44(key.public, signature, seal_message(checkpoint, key.name, time_s))


def log_line(key: VerifierKey, signature: bytes) -> NoteSignature:
    """The note line of a plain 0x01 signature."""
    assert key.kind == KIND_ED25519
    return NoteSignature(key.name, key.key_id, signature)


def stamped_line(key: VerifierKey, time_s: int, signature: bytes) -> NoteSignature:
    """The note line of a receipt (0x04) or a seal (0x06): the time, u64 big-endian, then the signature."""
    assert key.kind in (KIND_COSIGNATURE, KIND_MLDSA44)
    return NoteSignature(key.name, key.key_id, time_s.to_bytes(_TIME_BYTES, "big") + signature)


def write_checkpoint(checkpoint: Checkpoint, lines: Iterable[NoteSignature]) -> bytes:
    """The signed note of `checkpoint` with these signature lines."""
    return format_note(checkpoint.body().decode(), lines)


def read_checkpoint(data: bytes) -> tuple[Checkpoint, Note]:
    """Read a checkpoint note without verifying anything. Raises PeerError when it is not one."""
    note = parse_note(data)
    return parse_body(note.text), note


def open_checkpoint(data: bytes, keys: Iterable[VerifierKey]) -> Opened:
    """Read a checkpoint note and check every signature of a known key; lines of other keys are ignored.

    Raises PeerError `checkpoint-signature-wrong` when a known key's signature does not hold,
    `checkpoint-unsigned` when no known key has signed, and as `read_checkpoint` does.
    """
    checkpoint, note = read_checkpoint(data)
    known = {(key.name, key.key_id): key for key in keys}
    verified: list[Verified] = []
    for line in note.signatures:
        key = known.get((line.name, line.key_id))
        if key is None:
            continue
        one = _verify(checkpoint, key, line.signature)
        if one is None:
            raise PeerError("checkpoint-signature-wrong", origin=checkpoint.origin, name=key.name)
        verified.append(one)
    if not verified:
        raise PeerError("checkpoint-unsigned", origin=checkpoint.origin)
    return Opened(checkpoint, tuple(verified))


def _verify(checkpoint: Checkpoint, key: VerifierKey, payload: bytes) -> Verified | None:
    if key.kind == KIND_ED25519:
        holds = verify_ed25519(key.public, payload, checkpoint.body())
        return Verified(key, None, payload) if holds else None
    time_s, signature = int.from_bytes(payload[:_TIME_BYTES], "big"), payload[_TIME_BYTES:]
    if key.kind == KIND_COSIGNATURE:
        holds = verify_cosignature(checkpoint, key.public, time_s, signature)
    else:
        holds = verify_seal(checkpoint, key, time_s, signature)
    return Verified(key, time_s, signature) if holds else None


def _root(text: str) -> bytes | None:
    try:
        root = from_base64(text)
    except ValueError:
        return None
    return root if len(root) == HASH_BYTES else None

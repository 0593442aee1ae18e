"""The frames of the link: a u32 length, then one CBOR array `[type, ...]`. Spec: docs/spec/link.md.

Every frame is idempotent and may arrive on any session in any order. A log is named by its member's number, the
place of the party in the line's sorted list of parties. Unknown types are skipped, so a newer peer may say more.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntFlag
from typing import Annotated, get_args

import msgspec

from openline.base import codec
from openline.base.errors import PeerError
from openline.base.limits import FRAME_BYTES_MAX, VOICE_FRAME_BYTES_MAX

PROTOCOL = 1
PROTOCOL_MIN = 1

VOICE = "voice"
"""The feature of a node that carries sound: it takes VOICE frames, and datagrams beside the session."""

Number = Annotated[int, msgspec.Meta(ge=0, lt=2**48)]
Hash = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
Ed25519Signature = Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Sound = Annotated[bytes, msgspec.Meta(max_length=VOICE_FRAME_BYTES_MAX)]


class Presence(IntFlag):
    """What a node knows of its own people; travels in HELLO, PING and PONG so that silence can be classified."""

    NOBODY = 0
    CONSOLE = 1
    OFFICER = 2
    LINGUIST = 4


class Tip(msgspec.Struct, frozen=True, array_like=True):
    """How far a log is held: its newest checkpoint with the owner's signature; root and signature None when empty."""

    member: Number
    size: Number
    root: Hash | None
    signature: Ed25519Signature | None


class Hello(msgspec.Struct, frozen=True, array_like=True, tag=1):
    """First on every session, both ways. `receipted` is how far we hold the listener's receipts for our own log."""

    versions: tuple[Number, Number]
    line: Name
    members: tuple[Name, ...]
    me: Number
    path: Name
    time_ms: Number
    salt_key: Hash
    presence: Number
    tips: tuple[Tip, ...]
    receipted: Number
    features: tuple[Name, ...] = ()


class Push(msgspec.Struct, frozen=True, array_like=True, tag=2):
    """Entries of a log from `base` on, thin (record.thin), and the owner's signature over the tree at their end."""

    member: Number
    base: Number
    base_ms: Number
    items: list[object]
    signature: Ed25519Signature


class Ack(msgspec.Struct, frozen=True, array_like=True, tag=3):
    """The sender holds `member`'s log durably up to `size`: its mirror cosignature. Cumulative."""

    member: Number
    size: Number
    time_s: Number
    signature: Ed25519Signature


class Want(msgspec.Struct, frozen=True, array_like=True, tag=4):
    """Send `member`'s log again from entry `start` on."""

    member: Number
    start: Number


class WantBlob(msgspec.Struct, frozen=True, array_like=True, tag=5):
    """Send an attachment from byte `offset` on."""

    digest: Hash
    offset: Number


class Blob(msgspec.Struct, frozen=True, array_like=True, tag=6):
    """A piece of an attachment."""

    digest: Hash
    offset: Number
    data: bytes


class HaveBlob(msgspec.Struct, frozen=True, array_like=True, tag=7):
    """The sender holds the whole attachment."""

    digest: Hash


class SealFrame(msgspec.Struct, frozen=True, array_like=True, tag=8):
    """An ML-DSA-44 signature over a log's first `size` entries by `cosigner`: as log if its own, else as mirror."""

    member: Number
    size: Number
    cosigner: Number
    time_s: Number
    signature: bytes


class Card(msgspec.Struct, frozen=True, array_like=True, tag=9):
    """The sender's newest invitation file (tlog-proof bytes)."""

    proof: bytes


class Evidence(msgspec.Struct, frozen=True, array_like=True, tag=10):
    """A checkpoint the sender holds, signed by the log's owner: "compare it with yours"."""

    tip: Tip


class Ping(msgspec.Struct, frozen=True, array_like=True, tag=11):
    """Proof of life. `size` is the sender's own log; `time_ms` its clock."""

    number: Number
    time_ms: Number
    size: Number
    presence: Number


class Pong(msgspec.Struct, frozen=True, array_like=True, tag=12):
    """Answer to a ping, with its number and time sent back."""

    number: Number
    ping_ms: Number
    time_ms: Number
    presence: Number


class Bye(msgspec.Struct, frozen=True, array_like=True, tag=13):
    """The sender closes this session. `reason` is a message id ("stopping", or why the listener was refused)."""

    reason: Name


class Voice(msgspec.Struct, frozen=True, array_like=True, tag=14):
    """Sound, or a word about it, for whoever carries sound (docs/spec/voice-wire.md). The link does not read it."""

    data: Sound


Frame = Hello | Push | Ack | Want | WantBlob | Blob | HaveBlob | SealFrame | Card | Evidence | Ping | Pong | Bye | Voice

_KINDS: Mapping[int, type[Frame]] = {int(kind.__struct_config__.tag): kind for kind in get_args(Frame)}


def encode_frame(frame: Frame) -> bytes:
    """The frame as it goes on a stream: u32 big-endian length, then CBOR."""
    data = codec.encode(msgspec.to_builtins(frame, builtin_types=(bytes,)))
    assert len(data) <= FRAME_BYTES_MAX
    return len(data).to_bytes(4, "big") + data


def decode_frame(data: bytes) -> Frame | None:
    """The frame in `data` (without its length), or None when its type is not known here.

    Raises PeerError for anything else.
    """
    value = codec.decode(data, FRAME_BYTES_MAX)
    if not isinstance(value, list) or not value or type(value[0]) is not int:
        raise PeerError("peer-frame-wrong", detail="not a frame")
    kind = _KINDS.get(value[0])
    if kind is None:
        return None
    try:
        return msgspec.convert(value, kind, builtin_types=(bytes,))
    except msgspec.ValidationError as why:
        raise PeerError("peer-frame-wrong", detail=str(why)) from why

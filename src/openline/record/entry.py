"""One entry of a log: a small header (the leaf) that commits to a salted body.

The leaf is what the tree hashes and what every party may see; the body travels beside it and may be withheld
or erased without touching the tree. Format: docs/spec/entry.md. This module never asks what a kind means.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import cast

import msgspec

from openline.base import codec
from openline.base.errors import PeerError
from openline.base.limits import ATTACHMENTS_MAX, BLOB_BYTES_MAX, LEAF_BYTES_MAX, MEMBERS_MAX, REFS_MAX
from openline.base.time import Instant
from openline.record.tree import leaf_hash

VERSION = 1
SALT_BYTES = 16
KIND_MAX = 2**16 - 1
PLACE_MAX = 2**48 - 1  # indexes, sizes and times
_BODY_PREFIX = b"openline-body/v1\0"
_SALT_PREFIX = b"openline-salt/v1\0"
_DESK_CHARACTERS_MAX = 64
_HASH_BYTES = 32


class Precedence(IntEnum):
    """How urgent an entry is; the numbers stand in leaf field 8."""

    FLASH = 0
    IMMEDIATE = 1
    PRIORITY = 2
    ROUTINE = 3


class Mark(IntEnum):
    """Whether an entry is real; the numbers stand in leaf field 10, OPERATION is left out."""

    OPERATION = 0
    EXERCISE = 1
    TEST = 2


_FIELDS_NEEDED = frozenset(range(5))
_FIELDS_KNOWN = frozenset(range(11))
_PRECEDENCES = tuple(Precedence)
_MARKS = tuple(Mark)


class Seen(msgspec.Struct, frozen=True, gc=False):
    """Before writing this, the author held `origin`'s log of `size` entries with this root."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Ref:
    """Another entry, bound by its place and its leaf hash."""

    origin: str
    index: int
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class Attachment:
    """A blob the entry names: its size in bytes and its SHA-256."""

    size: int
    digest: bytes


class Leaf(msgspec.Struct, frozen=True, gc=False):
    """The header of an entry. Times are milliseconds since the epoch, as the author's clock said."""

    kind: int
    time_ms: int
    desk: str
    digest: bytes
    seen: tuple[Seen, ...] = ()
    refs: tuple[Ref, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    precedence: Precedence | None = None
    deadline_ms: int | None = None
    mark: Mark = Mark.OPERATION

    @property
    def time(self) -> Instant:
        """When the author's clock said it was written."""
        return Instant.from_ms(self.time_ms)


@dataclass(frozen=True, slots=True)
class Erased:
    """That a body was erased here: under which retention class, when, and what the fold still needs of it.

    The outline is the body without its words. It proves nothing; it is never sent.
    """

    under: str
    time: Instant
    outline: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A leaf in its place. `body` is None when it is withheld or erased; `salt` then has no use.

    `erased` says when and why this node erased it, None when it did not.
    """

    origin: str
    index: int
    leaf: Leaf
    leaf_bytes: bytes
    leaf_hash: bytes
    salt: bytes
    body: bytes | None
    erased: Erased | None = None

    @property
    def ref(self) -> Ref:
        """How other entries name this one."""
        return Ref(self.origin, self.index, self.leaf_hash)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is about to be said. A ref that is an integer names a draft said together with this one, by place."""

    kind: int
    body: bytes
    desk: str
    refs: tuple[Ref | int, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    precedence: Precedence | None = None
    deadline: Instant | None = None
    mark: Mark = Mark.OPERATION


def salt_for(salt_key: bytes, index: int) -> bytes:
    """The 16-byte salt of entry `index`: each can be shown alone without showing its neighbours'."""
    return hmac.digest(salt_key, _SALT_PREFIX + index.to_bytes(8, "big"), "sha256")[:SALT_BYTES]


def body_digest(salt: bytes, body: bytes) -> bytes:
    """SHA-256 over prefix, salt and body: leaf field 4."""
    return sha256(_BODY_PREFIX + salt + body).digest()


def make_entry(origin: str, index: int, leaf: Leaf, salt: bytes, body: bytes | None) -> Entry:
    """Put `leaf` in its place. Raises PeerError when the leaf is longer than a leaf may be."""
    leaf_bytes = encode_leaf(leaf)
    if len(leaf_bytes) > LEAF_BYTES_MAX:
        raise PeerError("peer-value-too-large", size=len(leaf_bytes), limit=LEAF_BYTES_MAX)
    return Entry(origin, index, leaf, leaf_bytes, leaf_hash(leaf_bytes), salt, body)


def read_entry(origin: str, index: int, leaf_bytes: bytes, salt: bytes, body: bytes | None) -> Entry:
    """An entry from stored or received bytes. Raises PeerError when the leaf is not one."""
    return Entry(origin, index, decode_leaf(leaf_bytes), leaf_bytes, leaf_hash(leaf_bytes), salt, body)


def encode_leaf(leaf: Leaf) -> bytes:
    """The leaf's one encoding: a CBOR map with keys 0 to 10, absent fields left out."""
    fields: dict[int, codec.Value] = {0: VERSION, 1: leaf.kind, 2: leaf.time_ms, 3: leaf.desk, 4: leaf.digest}
    if leaf.seen:
        fields[5] = [[seen.origin, seen.size, seen.root] for seen in leaf.seen]
    if leaf.refs:
        fields[6] = [[ref.origin, ref.index, ref.leaf_hash] for ref in leaf.refs]
    if leaf.attachments:
        fields[7] = [[attachment.size, attachment.digest] for attachment in leaf.attachments]
    if leaf.precedence is not None:
        fields[8] = int(leaf.precedence)
    if leaf.deadline_ms is not None:
        fields[9] = leaf.deadline_ms
    if leaf.mark:
        fields[10] = int(leaf.mark)
    return codec.encode(fields)


def decode_leaf(data: bytes) -> Leaf:
    """Read a leaf. Raises PeerError for anything that is not exactly one."""
    fields = codec.decode(data, LEAF_BYTES_MAX)
    if not isinstance(fields, dict) or not _FIELDS_NEEDED <= fields.keys() <= _FIELDS_KNOWN:
        raise PeerError("peer-leaf-wrong", detail="fields")
    if type(fields[0]) is not int or fields[0] != VERSION:
        raise PeerError("peer-leaf-wrong", detail="version")
    return Leaf(
        leaf_number(fields[1], KIND_MAX),
        leaf_number(fields[2], PLACE_MAX),
        desk_text(fields[3]),
        _hash(fields[4]),
        tuple([Seen(*_place(row)) for row in leaf_rows(fields, 5, MEMBERS_MAX)]) if 5 in fields else (),
        tuple([Ref(*_place(row)) for row in leaf_rows(fields, 6, REFS_MAX)]) if 6 in fields else (),
        tuple([leaf_attachment(row) for row in leaf_rows(fields, 7, ATTACHMENTS_MAX)]) if 7 in fields else (),
        _PRECEDENCES[leaf_number(fields[8], 3)] if 8 in fields else None,
        leaf_number(fields[9], PLACE_MAX) if 9 in fields else None,
        _MARKS[leaf_number(fields[10], 2, low=1)] if 10 in fields else Mark.OPERATION,
    )


def desk_text(value: codec.Value) -> str:
    """A desk's name as the record carries it. Raises PeerError when it is not 1 to 64 characters of text."""
    if not isinstance(value, str) or not 1 <= len(value) <= _DESK_CHARACTERS_MAX:
        raise PeerError("peer-leaf-wrong", detail="desk")
    return value


def leaf_rows(fields: Mapping[int, codec.Value], key: int, limit: int) -> Sequence[Sequence[codec.Value]]:
    """A repeated field, absent or 1 to `limit` rows. Raises PeerError when it is not."""
    if key not in fields:
        return ()
    rows = fields[key]
    if type(rows) is not list or not 1 <= len(rows) <= limit:
        raise PeerError("peer-leaf-wrong", detail=f"field {key}")
    for row in rows:
        if type(row) is not list:
            raise PeerError("peer-leaf-wrong", detail=f"field {key}")
    return cast("Sequence[Sequence[codec.Value]]", rows)


def _place(row: Sequence[codec.Value]) -> tuple[str, int, bytes]:
    if len(row) != 3 or not isinstance(row[0], str):
        raise PeerError("peer-leaf-wrong", detail="reference")
    return row[0], leaf_number(row[1], PLACE_MAX), _hash(row[2])


def leaf_attachment(row: Sequence[codec.Value]) -> Attachment:
    """An attachment's row. Raises PeerError when it is not one."""
    if len(row) != 2:
        raise PeerError("peer-leaf-wrong", detail="attachment")
    return Attachment(leaf_number(row[0], BLOB_BYTES_MAX), _hash(row[1]))


def leaf_number(value: codec.Value, high: int = PLACE_MAX, low: int = 0) -> int:
    """A whole number from `low` to `high`. Raises PeerError when it is not."""
    if type(value) is not int or not low <= value <= high:
        raise PeerError("peer-leaf-wrong", detail="number")
    return value


def _hash(value: codec.Value) -> bytes:
    if not isinstance(value, bytes) or len(value) != _HASH_BYTES:
        raise PeerError("peer-leaf-wrong", detail="hash")
    return value

"""Thin entries: what a PUSH carries once everything the receiver can compute is left out.

A thin entry is `[header, body]`. The header is the leaf's map without version and digest; `seen` is
`[member, size]` and `refs` is `[member, index]` rows (the receiver holds those roots and hashes); the time is the
distance to the push's base time. An entry that cannot be rebuilt this way, or whose body is withheld, travels whole: its header is the leaf's bytes and its salt
stands third.
A wrong rebuild cannot pass: the signature over the tree would not hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, cast

from openline.base import codec
from openline.base.errors import PeerError
from openline.base.limits import BODY_BYTES_MAX, LEAF_BYTES_MAX
from openline.record.entry import (
    SALT_BYTES,
    Attachment,
    Entry,
    Leaf,
    Mark,
    Precedence,
    Ref,
    Seen,
    body_digest,
    desk_text,
    make_entry,
    read_entry,
    salt_for,
)


class Lookup(Protocol):
    """What both ends of a push already hold."""

    def root_at(self, origin: str, size: int) -> bytes | None:
        """The root of `origin`'s log at `size`, or None when it is not held."""
        ...

    def leaf_hash_at(self, origin: str, index: int) -> bytes | None:
        """The leaf hash of an entry, or None when it is not held."""
        ...



def thin(entry: Entry, members: Sequence[str], base_ms: int) -> list[codec.Value]:
    """`entry` as a push carries it. `members` are the line's origins in order; `base_ms` is the push's base time."""
    leaf = entry.leaf
    places = [row.origin for row in leaf.seen] + [row.origin for row in leaf.refs]
    if entry.body is None or leaf.time_ms < base_ms or any(origin not in members for origin in places):
        return [entry.leaf_bytes, entry.body, entry.salt]
    header: dict[int, codec.Value] = {1: leaf.kind, 3: leaf.desk}
    if leaf.time_ms != base_ms:
        header[2] = leaf.time_ms - base_ms
    if leaf.seen:
        header[5] = [[members.index(row.origin), row.size] for row in leaf.seen]
    if leaf.refs:
        header[6] = [[members.index(row.origin), row.index] for row in leaf.refs]
    if leaf.attachments:
        header[7] = [[row.size, row.digest] for row in leaf.attachments]
    if leaf.precedence is not None:
        header[8] = int(leaf.precedence)
    if leaf.deadline_ms is not None:
        header[9] = leaf.deadline_ms
    if leaf.mark:
        header[10] = int(leaf.mark)
    return [header, entry.body]


class Thickener:
    """Rebuilds the entries of one push: a log, its salt key, the line's members, and what is already held."""

    def __init__(self, origin: str, salt_key: bytes, members: Sequence[str], held: Lookup) -> None:
        self._origin = origin
        self._salt_key = salt_key
        self._members = members
        self._held = held
        self._fresh: dict[int, bytes] = {}

    def rebuild(self, item: codec.Value, index: int, base_ms: int) -> Entry:
        """The entry at `index`. Raises PeerError when `item` is not a thin entry or names what is not held."""
        if not isinstance(item, list) or not 2 <= len(item) <= 3:
            raise PeerError("peer-push-wrong", detail="item")
        header, body = item[0], item[1]
        if body is not None and (not isinstance(body, bytes) or len(body) > BODY_BYTES_MAX):
            raise PeerError("peer-push-wrong", detail="body")
        if isinstance(header, bytes) and len(item) == 3:
            entry = self._whole(header, index, item[2], body)
        elif isinstance(header, dict) and body is not None and len(item) == 2:
            salt = salt_for(self._salt_key, index)
            leaf = self._leaf(header, base_ms, body_digest(salt, body))
            entry = make_entry(self._origin, index, leaf, salt, body)
        else:
            raise PeerError("peer-push-wrong", detail="header")
        self._fresh[index] = entry.leaf_hash
        return entry

    def _whole(self, leaf_bytes: bytes, index: int, salt: codec.Value, body: bytes | None) -> Entry:
        if not isinstance(salt, bytes) or len(salt) not in (0, SALT_BYTES):
            raise PeerError("peer-push-wrong", detail="salt")
        if len(leaf_bytes) > LEAF_BYTES_MAX:
            raise PeerError("peer-value-too-large", size=len(leaf_bytes), limit=LEAF_BYTES_MAX)
        entry = read_entry(self._origin, index, leaf_bytes, salt, body)
        if body is not None and body_digest(salt, body) != entry.leaf.digest:
            raise PeerError("peer-push-wrong", detail="body digest")
        return entry

    def _leaf(self, header: Mapping[int, codec.Value], base_ms: int, digest: bytes) -> Leaf:
        try:
            return Leaf(
                kind=_int(header[1]),
                time_ms=base_ms + _int(header.get(2, 0)),
                desk=desk_text(header[3]),
                digest=digest,
                seen=tuple(self._seen(*row) for row in _pairs(header.get(5, ()))),
                refs=tuple(self._ref(*row) for row in _pairs(header.get(6, ()))),
                attachments=tuple(
                    Attachment(_int(size), cast("bytes", name)) for size, name in _rows(header.get(7, ()))
                ),
                precedence=Precedence(_int(header[8])) if 8 in header else None,
                deadline_ms=_int(header[9]) if 9 in header else None,
                mark=Mark(_int(header.get(10, 0))),
            )
        except (KeyError, IndexError, ValueError, TypeError) as why:
            raise PeerError("peer-push-wrong", detail=type(why).__name__) from why

    def _seen(self, member: int, size: int) -> Seen:
        origin = self._members[member]
        root = self._held.root_at(origin, size)
        if root is None:
            raise PeerError("peer-names-unheld", origin=origin, index=size)
        return Seen(origin, size, root)

    def _ref(self, member: int, index: int) -> Ref:
        origin = self._members[member]
        fresh = self._fresh.get(index) if origin == self._origin else None
        leaf_hash = fresh or self._held.leaf_hash_at(origin, index)
        if leaf_hash is None:
            raise PeerError("peer-names-unheld", origin=origin, index=index)
        return Ref(origin, index, leaf_hash)


def _int(value: codec.Value) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("not a number")
    return value


def _rows(value: codec.Value) -> list[tuple[codec.Value, codec.Value]]:
    return [(first, second) for first, second in cast("list[list[codec.Value]]", value)]


def _pairs(value: codec.Value) -> list[tuple[int, int]]:
    return [(_int(first), _int(second)) for first, second in _rows(value)]

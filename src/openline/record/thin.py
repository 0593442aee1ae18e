"""Thin entries: what a PUSH carries once everything the receiver can compute is left out.

A thin entry is `[header, body]`. The header is the leaf's map without version and digest; `seen` is
`[member, size]` and `refs` is `[member, index]` rows (of the author's log and the receiver's own,
which the receiver holds); the time is the
distance to the push's base time. An entry that cannot be rebuilt this way, or whose body is withheld, travels whole:
its header is the leaf's bytes and its salt stands third. What is rebuilt passes the same checks as a leaf that is
read, so whatever is accepted can be read back from the store.

A wrong rebuild cannot pass: the signature over the tree would not hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from openline.base import codec
from openline.base.errors import PeerError
from openline.base.limits import ATTACHMENTS_MAX, BODY_BYTES_MAX, LEAF_BYTES_MAX, MEMBERS_MAX, REFS_MAX
from openline.record.entry import (
    KIND_MAX,
    SALT_BYTES,
    Entry,
    Leaf,
    Mark,
    Precedence,
    Ref,
    Seen,
    body_digest,
    desk_text,
    leaf_attachment,
    leaf_number,
    leaf_rows,
    make_entry,
    read_entry,
    salt_for,
)

_HEADER_KEYS = frozenset({1, 2, 3, 5, 6, 7, 8, 9, 10})


class Lookup(Protocol):
    """What both ends of a push already hold."""

    def root_at(self, origin: str, size: int) -> bytes | None:
        """The root of `origin`'s log at `size`, or None when it is not held."""
        ...

    def leaf_hash_at(self, origin: str, index: int) -> bytes | None:
        """The leaf hash of an entry, or None when it is not held."""
        ...


def thin(entry: Entry, members: Sequence[str], base_ms: int, reader: str | None = None) -> list[codec.Value]:
    """`entry` as a push carries it.

    `members` are the line's origins in order; `base_ms` is the push's base time. With `reader`, the log of the one
    it goes to, what names a third party's log goes whole: the reader may not hold that far, and no entry may wait
    for somebody else's.
    """
    leaf = entry.leaf
    named = {row.origin for row in leaf.seen} | {row.origin for row in leaf.refs}
    if entry.body is None or leaf.time_ms < base_ms or not named <= _held_by(reader, entry, members):
        return whole(entry)
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


def _held_by(reader: str | None, entry: Entry, members: Sequence[str]) -> set[str]:
    return set(members) if reader is None else {entry.origin, reader}


def whole(entry: Entry) -> list[codec.Value]:
    """`entry` as it travels when the receiver may lack what a thin one is rebuilt from."""
    return [entry.leaf_bytes, entry.body, entry.salt]


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
        if not {1, 3} <= header.keys() <= _HEADER_KEYS:
            raise PeerError("peer-push-wrong", detail="header fields")
        attachments = leaf_rows(header, 7, ATTACHMENTS_MAX)
        return Leaf(
            kind=leaf_number(header[1], KIND_MAX),
            time_ms=leaf_number(base_ms + leaf_number(header.get(2, 0))),
            desk=desk_text(header[3]),
            digest=digest,
            seen=tuple(self._seen(*_pair(row)) for row in leaf_rows(header, 5, MEMBERS_MAX)),
            refs=tuple(self._ref(*_pair(row)) for row in leaf_rows(header, 6, REFS_MAX)),
            attachments=tuple(leaf_attachment(row) for row in attachments),
            precedence=Precedence(leaf_number(header[8], 3)) if 8 in header else None,
            deadline_ms=leaf_number(header[9]) if 9 in header else None,
            mark=Mark(leaf_number(header[10], 2, low=1)) if 10 in header else Mark.OPERATION,
        )

    def _member(self, number: int) -> str:
        if number >= len(self._members):
            raise PeerError("peer-push-wrong", detail="member")
        return self._members[number]

    def _seen(self, member: int, size: int) -> Seen:
        origin = self._member(member)
        root = self._held.root_at(origin, size)
        if root is None:
            raise PeerError("peer-names-unheld", origin=origin, index=size)
        return Seen(origin, size, root)

    def _ref(self, member: int, index: int) -> Ref:
        origin = self._member(member)
        fresh = self._fresh.get(index) if origin == self._origin else None
        leaf_hash = fresh or self._held.leaf_hash_at(origin, index)
        if leaf_hash is None:
            raise PeerError("peer-names-unheld", origin=origin, index=index)
        return Ref(origin, index, leaf_hash)


def _pair(row: Sequence[codec.Value]) -> tuple[int, int]:
    if len(row) != 2:
        raise PeerError("peer-push-wrong", detail="row")
    return leaf_number(row[0]), leaf_number(row[1])

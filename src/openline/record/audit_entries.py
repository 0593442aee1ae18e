"""Fourth step of an audit: every entry read, in an order in which nothing is named before it is there.

Bodies against digests, `seen` and refs against the other logs' trees, attachments against their digests, and the
times (`record.audit_times`). A withheld body is counted, not held against anyone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from openline.base.errors import PeerError
from openline.record import parts
from openline.record.audit_times import Clocks, Held
from openline.record.audit_tree import Claimed, Counted, Tree
from openline.record.entry import Attachment, Leaf, Ref, Seen, body_digest, decode_leaf
from openline.record.shelf import Shelf
from openline.record.tiles import bundle_path
from openline.record.tree import leaf_hash
from openline.record.verdict import UNKNOWN_MS, Findings, Severity

_DAMAGED = -1


@dataclass(slots=True)
class Walked:
    """One log as it is walked through. Mutable; `done` counts its entries so far.

    `held` says, by party, when it held how much of this log.
    """

    log: Claimed
    party: str
    tree: Tree
    clocks: Clocks
    held: Mapping[str, Held]
    done: int = 0
    bodies_withheld: int = 0
    attachments: int = 0
    attachments_withheld: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """One entry as an audit has read it. `body` is None when it is withheld, or is not what was signed.

    `hash_at` gives the leaf hash of an entry of the same log.
    """

    origin: str
    index: int
    leaf: Leaf
    body: bytes | None
    hash_at: Callable[[int], bytes]


class Reader(Protocol):
    """Who looks into entries for what they mean, which this room never asks."""

    def take(self, read: Read, findings: Findings) -> None:
        """The next entry of its log."""
        ...


@dataclass(frozen=True, slots=True)
class _Item:
    """The next entry of a log; `leaf` is None when what stands there was not signed, or is no entry."""

    leaf: Leaf | None
    body: bytes | None


class _Stream:
    """The entries of one log still to come. Mutable; `head` is the next, None at the end."""

    def __init__(self, walked: Walked, items: Iterator[_Item]) -> None:
        self.walked, self._items = walked, items
        self.head = next(items, None)

    def advance(self) -> None:
        self.head = next(self._items, None)


class EntryAudit:
    """Walks through the entries of all logs together. Mutable; lives for one audit."""

    def __init__(
        self, shelf: Shelf, with_bodies: bool, findings: Findings, counted: Counted, readers: Sequence[Reader] = ()
    ) -> None:
        self._shelf, self._with_bodies, self._findings, self._counted = shelf, with_bodies, findings, counted
        self._readers = readers
        self._logs: dict[str, Walked] = {}
        self._blobs: dict[bytes, int] = {}
        self._named: set[bytes] = set()

    def walk(self, logs: Sequence[Walked]) -> None:
        """Read every entry of every log, and every attachment."""
        self._logs = {one.log.origin: one for one in logs}
        self._measure_blobs()
        streams = [_Stream(one, self._items(one)) for one in logs]
        while pending := [stream for stream in streams if stream.head is not None]:
            if not any(self._run(stream) for stream in pending):
                # Entries that name each other in a circle: hashes forbid it, so some were found false already.
                self._take(pending[0])
        for digest in sorted(self._blobs.keys() - self._named):
            self._shelf.stray(parts.blob_path(digest))

    # Reading

    def _measure_blobs(self) -> None:
        """The size of every attachment; one whose content has not the digest in its name is damaged."""
        for name in self._shelf.below(parts.BLOBS):
            digest = parts.digest_in(name)
            if digest is None:
                continue
            hashed, size = sha256(), 0
            for chunk in self._shelf.chunks(name):
                hashed.update(chunk)
                size += len(chunk)
            self._blobs[digest] = size if hashed.digest() == digest else _DAMAGED

    def _items(self, walked: Walked) -> Iterator[_Item]:
        log, tree = walked.log, walked.tree
        for n, width in parts.packs(tree.size):
            name = log.folder + bundle_path(n, min(width, log.size - n * parts.PACKED))
            data = self._shelf.find(name, parts.LEAVES_BYTES)
            found, _ = parts.read_leaves(data or b"", width)
            first = n * parts.PACKED
            leaves = [self._leaf(walked, first + place, data) for place, data in enumerate(found)]
            leaves += [None] * (width - len(leaves))
            bodies = self._check_bodies(walked, n, leaves)
            bodies += [None] * (width - len(bodies))
            for leaf, body in zip(leaves, bodies, strict=True):
                yield _Item(leaf, body)
            self._counted(width)

    def _leaf(self, walked: Walked, index: int, data: bytes) -> Leaf | None:
        if leaf_hash(data) != walked.tree.leaf_hash(index):
            return None
        try:
            return decode_leaf(data)
        except PeerError as why:
            place = (walked.log.origin, index)
            self._findings.entry(Severity.FALSE, "audit-entry-unreadable", place, detail=why.message_id)
            return None

    def _check_bodies(self, walked: Walked, n: int, leaves: Sequence[Leaf | None]) -> list[bytes | None]:
        """The bodies that are there and what was signed, by place; None for any other, and fewer when they end."""
        if not self._with_bodies:
            walked.bodies_withheld += len(leaves)
            return []
        name = parts.numbered(walked.log.folder + parts.BODIES, n)
        data = self._shelf.take(name, parts.BODIES_BYTES)
        if data is None:
            return []
        held: list[bytes | None] = []
        bodies, whole = parts.read_bodies(data, len(leaves))
        changed = False
        for place, leaf in enumerate(leaves):
            body = bodies[place] if place < len(bodies) else None
            right = body is not None and leaf is not None and body_digest(*body) == leaf.digest
            held.append(body[1] if body is not None and right else None)
            if place < len(bodies) and body is None:
                walked.bodies_withheld += 1
            elif not right and (body is None or leaf is not None):
                changed = True
                where = (walked.log.origin, n * parts.PACKED + place)
                self._findings.entry(Severity.FALSE, "audit-body-changed", where)
                if not whole:
                    return held  # What follows cannot be told apart.
        if not whole and not changed:
            self._findings.false("audit-file-wrong", name=name, detail="bodies")
        return held

    # Walking

    def _run(self, stream: _Stream) -> bool:
        """Take entries while all they name is there; whether there was one."""
        before = stream.walked.done
        while stream.head is not None and self._is_ready(stream.head.leaf):
            self._take(stream)
        return stream.walked.done > before

    def _is_ready(self, leaf: Leaf | None) -> bool:
        if leaf is None:
            return True
        return all(self._is_there(*place) for place in _named(leaf))

    def _is_there(self, origin: str, size: int) -> bool:
        """Whether the first `size` entries of a log have been walked; also when they never will be."""
        other = self._logs.get(origin)
        return other is None or size <= other.done or size > other.tree.size

    def _take(self, stream: _Stream) -> None:
        walked, item = stream.walked, stream.head
        assert item is not None
        leaf, place = item.leaf, (walked.log.origin, walked.done)
        if leaf is None:
            walked.clocks.add(UNKNOWN_MS, (), self._findings)
        else:
            walked.clocks.add(leaf.time_ms, self._bounds(walked, leaf), self._findings)
            for seen in leaf.seen:
                self._check_seen(place, seen)
            for ref in leaf.refs:
                self._check_ref(place, ref)
            for attachment in leaf.attachments:
                self._check_attachment(walked, place, attachment)
            for reader in self._readers:
                reader.take(Read(*place, leaf, item.body, walked.tree.leaf_hash), self._findings)
        walked.done += 1
        stream.advance()

    def _bounds(self, walked: Walked, leaf: Leaf) -> Iterator[int]:
        """The times the entry cannot precede, by what it names."""
        for origin, size in _named(leaf):
            other = self._logs.get(origin)
            if other is not None and 0 < size <= other.done:
                yield other.clocks.not_before[size - 1]
        for seen in leaf.seen:
            other = self._logs.get(seen.origin)
            held = other.held.get(walked.party) if other is not None else None
            if held is not None:
                yield held.since_ms(seen.size)

    def _check_seen(self, place: tuple[str, int], seen: Seen) -> None:
        other = self._logs.get(seen.origin)
        if other is None:
            self._findings.entry(Severity.NOTE, "audit-names-elsewhere", place, other=seen.origin)
            return
        named = self._findings.log(seen.origin)
        if seen.size > other.tree.size:
            self._findings.entry(Severity.MISSING, "audit-seen-missing", place, other=named, size=seen.size)
        elif other.tree.root(seen.size) != seen.root:
            self._findings.entry(Severity.FALSE, "audit-seen-differs", place, other=named, size=seen.size)

    def _check_ref(self, place: tuple[str, int], ref: Ref) -> None:
        other = self._logs.get(ref.origin)
        if other is None:
            self._findings.entry(Severity.NOTE, "audit-names-elsewhere", place, other=ref.origin)
            return
        named = self._findings.label(ref.origin, ref.index)
        if ref.index >= other.tree.size:
            self._findings.entry(Severity.MISSING, "audit-ref-missing", place, other=named)
        elif other.tree.leaf_hash(ref.index) != ref.leaf_hash:
            self._findings.entry(Severity.FALSE, "audit-ref-differs", place, other=named)

    def _check_attachment(self, walked: Walked, place: tuple[str, int], attachment: Attachment) -> None:
        walked.attachments += 1
        self._named.add(attachment.digest)
        size = self._blobs.get(attachment.digest)
        if size is None:
            walked.attachments_withheld += 1
        elif size != attachment.size:
            name = parts.blob_path(attachment.digest)
            self._findings.entry(Severity.FALSE, "audit-attachment-changed", place, name=name)


def _named(leaf: Leaf) -> Iterator[tuple[str, int]]:
    """What an entry names of any log: origin, and the size the log had at least."""
    for seen in leaf.seen:
        yield seen.origin, seen.size
    for ref in leaf.refs:
        yield ref.origin, ref.index + 1

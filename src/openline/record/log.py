"""The two ways a log grows: append to our own, accept from its owner. Nothing else ever adds an entry.

Both are pure: they compute what must be committed and say so; the caller commits and only then lets a signature
leave. Both keep the tree's frontier in memory, so a growth costs the entries, not the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openline.base import codec
from openline.base.errors import ForkError, PeerError, UsageError
from openline.base.limits import BATCH_BYTES_MAX, BATCH_ENTRIES_MAX, LEAF_BYTES_MAX, NAME_BYTES_MAX
from openline.base.time import Instant
from openline.identity.keys import Ed25519Secret, verify_ed25519
from openline.record.checkpoint import Checkpoint
from openline.record.entry import Draft, Entry, Leaf, Seen, body_digest, make_entry, salt_for
from openline.record.ports import Append, Head, Signed
from openline.record.thin import Lookup, Thickener
from openline.record.tree import Frontier


@dataclass(frozen=True, slots=True)
class Pushed:
    """The record part of a PUSH: entries from `base` on, rebuilt relative to `base_ms`, and the owner's signature."""

    base: int
    base_ms: int
    items: Sequence[codec.Value]
    signature: bytes


class Log:
    """A log as we hold it. Mutable; owned by the line's turn."""

    def __init__(self, head: Head) -> None:
        self.origin = head.origin
        self.signed = head.signed
        self.salt_key = head.salt_key
        self._frontier = Frontier.unpack(head.frontier)

    @property
    def size(self) -> int:
        """Entries in the log."""
        return self._frontier.size

    def check(self, pushed: Pushed, public: bytes, members: Sequence[str], held: Lookup) -> Append | None:
        """What accepting `pushed` would commit; None when it brings nothing new. Changes nothing.

        `public` is the owner's Ed25519 key, `members` the line's origins in order. The push must not start
        beyond the log's size. Raises PeerError when the entries cannot be rebuilt or the signature does not hold
        over our tree with them.
        """
        assert pushed.base <= self.size, "a push that leaves a gap is answered with WANT, not checked"
        fresh = pushed.items[self.size - pushed.base :]
        if not fresh:
            return None
        thickener = Thickener(self.origin, self.salt_key, members, held)
        frontier = self._frontier.copy()
        entries: list[Entry] = []
        for item in fresh:
            entries.append(thickener.rebuild(item, frontier.size, pushed.base_ms))
            frontier.append(entries[-1].leaf_hash)
        checkpoint = Checkpoint(self.origin, frontier.size, frontier.root())
        if not verify_ed25519(public, pushed.signature, checkpoint.body()):
            raise PeerError("peer-push-unsigned", origin=self.origin, size=checkpoint.size)
        signed = Signed(self.origin, checkpoint.size, checkpoint.root, pushed.signature)
        return Append(tuple(entries), signed, frontier.pack())

    def take(self, append: Append) -> None:
        """Advance to what `check` allowed; the caller commits `append` in the same turn."""
        assert append.base == self.size
        self._frontier = Frontier.unpack(append.frontier)
        self.signed = append.signed


class OwnLog(Log):
    """Our log of one line. Entries appended since the last `seal` are pending.

    Taking entries from a peer (`check`, `take`) is how a restored log gets its own entries back.
    """

    def __init__(self, head: Head, secret: Ed25519Secret) -> None:
        super().__init__(head)
        self.quarantined = head.quarantined
        self._secret = secret
        self._sealed = self._frontier.copy()
        self._pending: list[Entry] = []
        self._pending_bytes = 0
        self._seen: dict[str, Seen] = {}

    @property
    def pending_bytes(self) -> int:
        """About how many bytes the entries weigh that were appended since the last `seal`."""
        return self._pending_bytes

    def has_room(self, drafts: Sequence[Draft]) -> bool:
        """Whether `drafts` fit beside what is pending. An empty batch takes whatever `fits`."""
        fits = self._pending_bytes + _weight(drafts) <= BATCH_BYTES_MAX
        return fits and len(self._pending) + len(drafts) <= BATCH_ENTRIES_MAX

    def append(self, drafts: Sequence[Draft], now: Instant, seen: Sequence[Seen] = ()) -> list[Entry]:
        """Add `drafts` at the end, in order, written `now`; pending until `seal`.

        `seen` is where the peers' logs stand; what has not advanced since our last entry is left out.
        Raises UsageError when the log is quarantined; nothing was added then. There must be room (`has_room`).
        """
        if self.quarantined:
            raise UsageError("log-quarantined", origin=self.origin)
        assert self.has_room(drafts), "a batch must fit one frame: the caller waits for the next turn"
        made: list[Entry] = []
        news = tuple(row for row in seen if row.size and self._seen.get(row.origin) != row)
        for draft in drafts:
            made.append(self._make(draft, now, made, () if made else news))
        for entry in made:
            self._frontier.append(entry.leaf_hash)
        self._seen.update((row.origin, row) for row in news)
        self._pending += made
        self._pending_bytes += _weight(drafts)
        return made

    def discard(self) -> None:
        """Take back what is pending: nobody has seen it, and it must not be signed."""
        self._frontier = self._sealed.copy()
        self._pending, self._pending_bytes, self._seen = [], 0, {}

    def seal(self) -> Append | None:
        """Sign the log as it stands: the append to commit for everything pending, or None."""
        if not self._pending:
            return None
        checkpoint = Checkpoint(self.origin, self._frontier.size, self._frontier.root())
        signature = self._secret.sign(checkpoint.body())
        self.signed = Signed(self.origin, checkpoint.size, checkpoint.root, signature)
        append = Append(tuple(self._pending), self.signed, self._frontier.pack())
        self._pending, self._pending_bytes, self._sealed = [], 0, self._frontier.copy()
        return append

    def take(self, append: Append) -> None:
        """Take back entries of our own that a peer held; there must be none pending."""
        assert not self._pending, "a log that waits for its own entries must not have written new ones"
        super().take(append)
        self._sealed = self._frontier.copy()

    def _make(self, draft: Draft, now: Instant, made: Sequence[Entry], seen: tuple[Seen, ...]) -> Entry:
        index = self._frontier.size + len(made)
        salt = salt_for(self.salt_key, index)
        leaf = Leaf(
            kind=draft.kind,
            time_ms=now.ms,
            desk=draft.desk,
            digest=body_digest(salt, draft.body),
            seen=seen,
            refs=tuple(made[ref].ref if isinstance(ref, int) else ref for ref in draft.refs),
            attachments=draft.attachments,
            precedence=draft.precedence,
            deadline_ms=draft.deadline.ms if draft.deadline is not None else None,
            mark=draft.mark,
        )
        return make_entry(self.origin, index, leaf, salt, draft.body)


def fits(drafts: Sequence[Draft]) -> bool:
    """Whether `drafts` fit one batch, and so one commit and one frame."""
    return len(drafts) <= BATCH_ENTRIES_MAX and _weight(drafts) <= BATCH_BYTES_MAX


def _weight(drafts: Sequence[Draft]) -> int:
    """At most how many bytes `drafts` take in a frame: short leaves are the rule, refs and attachments the rest.

    Refs count in full: an entry that is given back after a restore travels whole.
    """
    return sum(len(draft.body) + min(LEAF_BYTES_MAX, 256 + _names(draft)) for draft in drafts)


def _names(draft: Draft) -> int:
    return 64 * len(draft.attachments) + (NAME_BYTES_MAX + 56) * len(draft.refs)


def check_signed(theirs: Signed, public: bytes) -> None:
    """Raises PeerError when `theirs` is not signed by the log's owner, whose Ed25519 key is `public`."""
    checkpoint = Checkpoint(theirs.origin, theirs.size, theirs.root)
    if not verify_ed25519(public, theirs.signature, checkpoint.body()):
        raise PeerError("peer-checkpoint-unsigned", origin=theirs.origin, size=theirs.size)


def compare(root: bytes | None, theirs: Signed) -> None:
    """Check a signed statement about a log against our `root` of it at that size; None when we do not hold it so far.

    Raises ForkError when they differ: its owner has signed two histories.
    """
    if root is not None and root != theirs.root:
        raise ForkError("log-forked", origin=theirs.origin, size=theirs.size)

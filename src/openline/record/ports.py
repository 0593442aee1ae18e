"""The storage contract: what a RecordStore must do, whatever engine makes it real.

**One commit is one transaction.** `commit(writes)` makes all of them durable (synced to disk) or none, and
returns only then. Nothing computed from a write may leave the process before its commit returned.

**One writer.** The store has an epoch, and every log a head row with its size. An Append names the size it
extends, and every commit carries the epoch the store was claimed with; when either differs the whole commit raises
StoreError("store-fenced") and nothing is written. `claim()` raises the epoch, so a second node on the same store
fences the first. This one compare-and-set is the optimistic lock, the fence and the guard against forking our own
log. After a failed commit a store only reads, until it is opened again.

**A failed write may have happened.** After a StoreError from `commit` nothing in memory may be trusted: the node
stops, and recovery is an ordinary start, which reads what is there.

**Order.** Every appended entry gets the next arrival number `seq`, 1, 2, 3 ..., over all logs of the store. It is
local (the peer numbers differently) and is what event replay and the fold at start go by.

**Append-only.** There is no write that changes or removes an entry, a checkpoint or a receipt. One write takes a body
away (`Erase`); header, digest and proofs stay. While a hold of any party stands over an entry the store itself does not
take its body away, whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from openline.base.time import Instant
from openline.record.entry import Attachment, Entry, Erased, Ref


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint of a log with its owner's Ed25519 signature (64 bytes)."""

    origin: str
    size: int
    root: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """A mirror cosignature (C2SP 0x04): `cosigner` holds the log up to `size`, durably, since `time_s`."""

    origin: str
    size: int
    cosigner: str
    time_s: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class Seal:
    """An ML-DSA-44 signature (C2SP 0x06) over a log's first `size` entries by `cosigner`."""

    origin: str
    size: int
    root: bytes
    cosigner: str
    time_s: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class OpenLog:
    """Write: begin a log, empty. `own` says whether this node signs it. Opening an open log changes nothing."""

    origin: str
    line: str
    own: bool
    salt_key: bytes


@dataclass(frozen=True, slots=True)
class SaltKey:
    """Write: the salt key a peer's log uses, as its HELLO told and a push of it has proved."""

    origin: str
    salt_key: bytes


@dataclass(frozen=True, slots=True)
class Append:
    """Write: entries `base` to `signed.size` of a log, the signed checkpoint over them, and the frontier after."""

    entries: tuple[Entry, ...]
    signed: Signed
    frontier: bytes

    @property
    def base(self) -> int:
        """The size the log must have for this append."""
        return self.signed.size - len(self.entries)


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Write: `held` true keeps a log from growing until the peer's tip of it is known; false frees it."""

    origin: str
    held: bool


@dataclass(frozen=True, slots=True)
class Command:
    """Write: the entries an idempotency key has made, so that the same key makes no others (kept 7 days)."""

    key: str
    line: str
    refs: tuple[Ref, ...]
    time: Instant


@dataclass(frozen=True, slots=True)
class Evidence:
    """Write: bytes that prove or suggest a wrong, kept for ever. `fault` is a message id."""

    line: str
    origin: str
    fault: str
    time: Instant
    data: bytes


@dataclass(frozen=True, slots=True)
class Introduction:
    """Write: an accepted invitation (tlog-proof bytes) of a party, who confirmed it and when; newest counts."""

    party: str
    proof: bytes
    confirmed_by: str
    time: Instant


@dataclass(frozen=True, slots=True)
class LineOpened:
    """Write: a line by its id and the party ids of its members, sorted, this node's own among them."""

    line: str
    members: tuple[str, ...]
    time: Instant


@dataclass(frozen=True, slots=True)
class PlaceHold:
    """Write: the legal hold that entry `index` of `origin` placed. Placing it again changes nothing.

    It stands over the entries of the line with author times from `since_ms` to before `until_ms`, and over `entries`
    (origin, index). One of mark 0 over all, any other over entries of its own mark.
    """

    origin: str
    index: int
    line: str
    mark: int
    since_ms: int | None
    until_ms: int | None
    entries: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class LiftHold:
    """Write: entry `by` of the same log lifted the hold that entry `index` placed. One that is lifted stays so."""

    origin: str
    index: int
    by: int


@dataclass(frozen=True, slots=True)
class Erase:
    """Write: take away the body of an entry that is here, if no hold stands over it; `erased` says why and when.

    Whether it was done is seen by reading the entry again.
    """

    entry: Entry
    erased: Erased


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A hold as the store has it. `lifted` is the entry of its log that lifted it, None while it stands."""

    hold: PlaceHold
    lifted: int | None


Write = (
    OpenLog
    | SaltKey
    | Append
    | Receipt
    | Seal
    | Quarantine
    | Command
    | Evidence
    | Introduction
    | LineOpened
    | PlaceHold
    | LiftHold
    | Erase
)


@dataclass(frozen=True, slots=True)
class Head:
    """Where a log stands: its newest signed checkpoint (None while empty), frontier and flags."""

    origin: str
    line: str
    own: bool
    size: int
    signed: Signed | None
    frontier: bytes
    salt_key: bytes
    quarantined: bool


@dataclass(frozen=True, slots=True)
class Arrived:
    """An entry with its local arrival number."""

    seq: int
    entry: Entry


class RecordStore(Protocol):
    """One node's record. All methods are synchronous; reads see every commit that has returned."""

    def claim(self) -> int:
        """Become the one writer: raise the epoch and return it. Raises StoreError."""
        ...

    def commit(self, writes: Sequence[Write]) -> None:
        """Make all `writes` durable in one transaction, in order. Raises StoreError; see the contract above."""
        ...

    def heads(self) -> list[Head]:
        """Every log of the store."""
        ...

    def lines(self) -> list[LineOpened]:
        """Every line, oldest first."""
        ...

    def introductions(self) -> list[Introduction]:
        """Every accepted invitation, oldest first."""
        ...

    def entries(self, origin: str, start: int, stop: int) -> list[Entry]:
        """Entries `start` to `stop` (exclusive) of a log, those that exist, in order."""
        ...

    def arrived(self, after_seq: int, count: int) -> list[Arrived]:
        """The next at most `count` entries after arrival number `after_seq`, in arrival order."""
        ...

    def arrival(self, origin: str, index: int) -> Arrived | None:
        """One entry with its arrival number, if it is there."""
        ...

    def checkpoints(self, origin: str, after_size: int, count: int) -> list[Signed]:
        """Signed checkpoints of a log larger than `after_size`, smallest first, at most `count`."""
        ...

    def checkpoint(self, origin: str, size: int) -> Signed | None:
        """The signed checkpoint at exactly `size`, if there is one."""
        ...

    def receipts(self, origin: str, after_size: int, count: int | None = None) -> list[Receipt]:
        """Receipts for sizes above `after_size`, smallest first, at most `count`; without it every one there is."""
        ...

    def newest_receipt(self, origin: str, cosigner: str) -> Receipt | None:
        """The receipt of the largest size by `cosigner`."""
        ...

    def seals(self, origin: str) -> list[Seal]:
        """Seals of a log, oldest first."""
        ...

    def is_sealed(self, origin: str, size: int, cosigner: str) -> bool:
        """Whether `cosigner`'s seal of exactly this size is there."""
        ...

    def command(self, key: str) -> Command | None:
        """What an idempotency key has made, if anything."""
        ...

    def evidence(self) -> list[Evidence]:
        """Everything kept as evidence, oldest first."""
        ...

    def holds(self) -> list[HoldRow]:
        """Every hold, lifted ones too, by log and place."""
        ...

    def close(self) -> None:
        """Release the store. Safe to call twice."""
        ...


class BlobStore(Protocol):
    """Attachments by SHA-256 digest, in a store of their own. Chunks are durable before the entry that names them."""

    def begin(self, attachment: Attachment) -> int:
        """How many bytes of it are durable already; where to go on writing."""
        ...

    def write(self, attachment: Attachment, offset: int, data: bytes) -> int:
        """Add bytes at `offset` (which must be where it stands); returns bytes written so far, durable or not.

        A wrong digest at the end removes the blob and raises PeerError("blob-digest-wrong").
        """
        ...

    def read(self, digest: bytes, offset: int, size: int) -> bytes:
        """At most `size` bytes at `offset`; empty at the end. Raises StoreError when the blob is not complete."""
        ...

    def complete(self, digest: bytes) -> bool:
        """Whether the whole blob is here and durable."""
        ...

    def digests(self) -> Iterable[Attachment]:
        """Every complete blob."""
        ...

    def erase(self, attachment: Attachment, under: str, time: Instant) -> None:
        """Take a blob away under a retention class; it is not taken in again. Raises StoreError."""
        ...

    def close(self) -> None:
        """Release the store."""
        ...

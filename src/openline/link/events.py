"""What the engine is told (events: things that happened) and what it orders (effects).

A session is one authenticated TLS connection on a path; its number is the caller's and is never used again.
Members are numbered by their place in the line's sorted list of parties.
"""

from __future__ import annotations

from dataclasses import dataclass

from openline.base.time import Instant
from openline.link.frames import Frame, Presence, Push, Tip

# Events


@dataclass(frozen=True, slots=True)
class Opened:
    """A session with `peer` is up on `path`; `dialled` says whether we dialled it."""

    session: int
    peer: int
    path: str
    dialled: bool


@dataclass(frozen=True, slots=True)
class Closed:
    """A session has ended. `reason` is a message id."""

    session: int
    reason: str


@dataclass(frozen=True, slots=True)
class FrameArrived:
    """A frame came in whole; `size_bytes` counts its length prefix too."""

    session: int
    frame: Frame
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Grew:
    """Our own log is durable up to `tip`; the growth weighs `size_bytes` and holds a FLASH or not.

    At start one Grew is given per checkpoint that some peer has not receipted, oldest first. Entries of our own
    that a peer gave back after a restore are growth like any other.
    """

    tip: Tip
    size_bytes: int
    flash: bool


@dataclass(frozen=True, slots=True)
class Held:
    """We hold a peer's log durably up to `tip` and have cosigned it (`time_s`, `signature`)."""

    tip: Tip
    time_s: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class Receipted:
    """`peer`'s receipt for our log up to `size` was verified and is durable."""

    peer: int
    size: int


@dataclass(frozen=True, slots=True)
class Refused:
    """What came on `session` about `member`'s log was refused by the record. `held` is the newest tip we hold.

    Pushes of that log that were offered after it and are now beyond the log's size count as never offered.
    """

    session: int
    member: int
    fault: str
    held: Tip


@dataclass(frozen=True, slots=True)
class BlobNeeded:
    """An accepted entry of `member` names an attachment that is durable here only up to `offset`."""

    member: int
    digest: bytes
    size: int
    offset: int


@dataclass(frozen=True, slots=True)
class BlobStored:
    """A received piece is stored; the attachment now stands at `offset` bytes (`size` when complete).

    An offset no larger than before says that the store has thrown away what it had beyond: it is fetched again.
    """

    digest: bytes
    offset: int


@dataclass(frozen=True, slots=True)
class BlobOffered:
    """We hold this attachment whole and an entry of ours names it: peers may ask for it."""

    digest: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Gone:
    """`peer` is no longer a member: its sessions end, and from now on nothing is sent to it or taken of it."""

    peer: int


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """What the node knows of its own people now."""

    presence: Presence


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed. Given at least once a second, and at the time `Engine.wakes_at` names."""


@dataclass(frozen=True, slots=True)
class Stopping:
    """The node stops in good order: say so to every peer."""


Event = (
    Opened
    | Closed
    | FrameArrived
    | Grew
    | Held
    | Receipted
    | Refused
    | BlobNeeded
    | BlobStored
    | BlobOffered
    | Gone
    | PresenceChanged
    | Tick
    | Stopping
)

# Effects


@dataclass(frozen=True, slots=True)
class Send:
    """Put this frame on this session."""

    session: int
    frame: Frame


@dataclass(frozen=True, slots=True)
class SendEntries:
    """Put a PUSH of `member`'s log, entries `start` to `stop`, on this session.

    `stop` is the size of a signed checkpoint; where it is not (older entries, a peer's own log), the caller goes on
    to the next checkpoint. What does not fit in PUSH_BYTES_MAX goes as several PUSH frames in order, each up to
    a checkpoint.
    """

    session: int
    member: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class SendBlob:
    """Put `size` bytes at `offset` of an attachment on this session."""

    session: int
    digest: bytes
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Offer:
    """Ask the record to accept this push (it starts at or below the log's size).

    `salt_key` is what the HELLO of its session says that the peer's log uses; the push has to prove it.
    """

    session: int
    push: Push
    salt_key: bytes


@dataclass(frozen=True, slots=True)
class OfferReceipt:
    """Ask the record to verify and keep `peer`'s receipt for our own log."""

    session: int
    peer: int
    size: int
    time_s: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class OfferOthersReceipt:
    """Ask the record to verify and keep `peer`'s receipt for the log of `member`, which is neither ours nor its own."""

    session: int
    peer: int
    member: int
    size: int
    time_s: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class OfferTip:
    """Ask the record to compare what `peer` says of a log with what we hold."""

    session: int
    peer: int
    tip: Tip


@dataclass(frozen=True, slots=True)
class OfferSeal:
    """Ask the record to verify and keep a seal by member `cosigner`."""

    session: int
    member: int
    size: int
    cosigner: int
    time_s: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class OfferCard:
    """Ask the record to check and keep `peer`'s newest card."""

    session: int
    peer: int
    proof: bytes


@dataclass(frozen=True, slots=True)
class OfferBlob:
    """Ask the blob store to keep a piece."""

    session: int
    digest: bytes
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class BlobDelivered:
    """`peer` holds the whole attachment."""

    peer: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class OwnTip:
    """`peer` holds our own log up to `size` (its tip of it is known now). Larger than ours: we are restored."""

    peer: int
    size: int


@dataclass(frozen=True, slots=True)
class Greeted:
    """The HELLO of a session was accepted, and both ends have these `features`. Not ordered when they share none."""

    session: int
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drop:
    """End this session; `reason` is a message id."""

    session: int
    reason: str


Effect = (
    Send
    | SendEntries
    | SendBlob
    | Offer
    | OfferReceipt
    | OfferOthersReceipt
    | OfferTip
    | OfferSeal
    | OfferCard
    | OfferBlob
    | BlobDelivered
    | OwnTip
    | Greeted
    | Drop
)

# Health


@dataclass(frozen=True, slots=True)
class PathHealth:
    """One path to one peer: sessions up on it, when it was last heard, median round trip, and its state's name."""

    peer: int
    path: str
    state: str
    sessions: int
    heard: Instant | None
    round_trip_us: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class PeerHealth:
    """One peer: when any path last heard it, what its node says of its people, its clock's offset, what it holds.

    `holds` and `receipted` are sizes of our own log. `down` says that nothing was heard for DOWN_AFTER_US.
    """

    peer: int
    heard: Instant | None
    presence: Presence
    clock_offset_us: int | None
    holds: int
    receipted: int
    path_in_use: str | None
    down: bool

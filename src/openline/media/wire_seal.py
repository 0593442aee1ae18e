"""Datagrams under SRTP: AEAD_AES_256_GCM of RFC 7714 by libsrtp, one key for each epoch. Spec: docs/spec/voice-wire.md.

A `Sealer` is the one sender of its direction. It takes the sequence numbers it is given and begins an epoch whenever
they do not rise, so no key sees a number twice; libsrtp would refuse the second as well. An `Opener` takes each number
once and says of the rest why not. An epoch that is new to it counts only once a datagram of it has proved itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from struct import Struct

from pylibsrtp import Error, Policy, Session

from openline.base.limits import WIRE_DATAGRAM_BYTES_MAX, WIRE_WINDOW_DATAGRAMS
from openline.media.wire_keys import EPOCHS, Direction

LIVES = 1 << 16
"""How often one session may be handed to a sender that knows nothing of the last one."""

SEAL_BYTES = 28
"""What protection adds to a payload: the header (12) and the tag (16)."""

_HEADER = Struct("!BBHII")  # RFC 3550 section 5.1; the timestamp's place carries the epoch
_HEADER_BYTES = 12
_VERSION_2 = 0x80
_EPOCHS_OF_A_LIFE = EPOCHS // LIVES


class Kind(IntEnum):
    """What a datagram is, as its RTP payload type."""

    SOUND = 96
    PROBE = 97
    ANSWER = 98


class Refusal(Enum):
    """Why a datagram was not taken."""

    LARGE = "large"
    MALFORMED = "malformed"
    UNKNOWN = "unknown"
    MISPLACED = "misplaced"
    FORGED = "forged"
    REPLAYED = "replayed"


@dataclass(frozen=True, slots=True)
class Label:
    """What a datagram says of itself in clear. Believe it only when an Opener has opened the datagram."""

    kind: Kind
    sequence: int
    epoch: int
    ssrc: int

    @property
    def life(self) -> int:
        """Which of the senders of this session it comes from."""
        return self.epoch // _EPOCHS_OF_A_LIFE

    @property
    def index(self) -> int:
        """The place among all datagrams of this direction of the session: 48 bits, only ever rising at the sender."""
        return self.epoch << 16 | self.sequence


def read_label(data: bytes) -> Label | Refusal:
    """The label of a received datagram; LARGE or MALFORMED when it cannot be one of ours."""
    if len(data) > WIRE_DATAGRAM_BYTES_MAX:
        return Refusal.LARGE
    if len(data) < SEAL_BYTES:
        return Refusal.MALFORMED
    first, kind, sequence, epoch, ssrc = _HEADER.unpack_from(data)
    if first != _VERSION_2 or kind not in _KINDS:
        return Refusal.MALFORMED
    return Label(_KINDS[kind], sequence, epoch, ssrc)


_KINDS = {int(kind): kind for kind in Kind}


class Sealer:
    """Protects what one end sends in one session. Owns the epoch; nobody else may ever seal with this direction."""

    def __init__(self, direction: Direction, life: int) -> None:
        """`life` counts the hand-overs of this session before this one: 0 when it is new."""
        assert 0 <= life < LIVES
        self._direction = direction
        self._last = -1
        self._end = (life + 1) * _EPOCHS_OF_A_LIFE
        self.epoch = life * _EPOCHS_OF_A_LIFE
        self._srtp = _srtp(direction, self.epoch)

    @property
    def exhausted(self) -> bool:
        """Whether nothing more can be sealed: only after 65,536 epochs."""
        return self.epoch == self._end

    def seal(self, kind: Kind, sequence: int, payload: bytes) -> bytes | None:
        """The datagram of `payload` with this sequence number (16 bits); None when exhausted."""
        if sequence <= self._last:
            self.renew()
        if self.exhausted:
            return None
        self._last = sequence
        header = _HEADER.pack(_VERSION_2, kind, sequence, self.epoch, self._direction.ssrc)
        return self._srtp.protect(header + payload)

    def renew(self) -> None:
        """Go on in a new epoch, unless this one is untouched."""
        if self._last >= 0 and not self.exhausted:
            self.epoch += 1
            self._last = -1
            if not self.exhausted:
                self._srtp = _srtp(self._direction, self.epoch)


class Opener:
    """Opens what the other end sends in one session: the newest epoch that proved itself, and the one before.

    One that is `closed` knows nothing of what its predecessor took: until the sender names an epoch it has not used
    yet (`since`), everything may be a replay and is refused as one.
    """

    def __init__(self, direction: Direction, closed: bool) -> None:
        self._direction = direction
        self._floor = EPOCHS if closed else 0
        self._proved: dict[int, Session] = {}
        self._candidate: tuple[int, Session] | None = None

    @property
    def closed(self) -> bool:
        """Whether nothing can be opened before `since` was called."""
        return self._floor == EPOCHS

    def since(self, epoch: int) -> None:
        """The sender uses this epoch and later ones from now on; earlier ones are over."""
        self._floor = epoch
        self._proved = {old: srtp for old, srtp in self._proved.items() if old >= epoch}

    def open(self, label: Label, data: bytes) -> bytes | Refusal:
        """The payload of a datagram that nobody but the other end can have made, and that was not taken before."""
        srtp = self._proved.get(label.epoch) or self._untried(label.epoch)
        if srtp is None:
            return Refusal.REPLAYED
        try:
            opened = srtp.unprotect(data)
        except Error as why:
            return Refusal.REPLAYED if why.args[0].startswith("replay") else Refusal.FORGED
        if label.epoch not in self._proved:
            self._prove(label.epoch, srtp)
        return opened[_HEADER_BYTES:]

    def _untried(self, epoch: int) -> Session | None:
        """Anybody can write any epoch on a datagram, so a single untried one is kept."""
        if epoch < max(self._floor, *self._proved, 0):
            return None
        if self._candidate is None or self._candidate[0] != epoch:
            self._candidate = epoch, _srtp(self._direction, epoch)
        return self._candidate[1]

    def _prove(self, epoch: int, srtp: Session) -> None:
        newest = max(self._proved, default=None)
        self._proved = {epoch: srtp} if newest is None else {newest: self._proved[newest], epoch: srtp}
        self._candidate = None


def _srtp(direction: Direction, epoch: int) -> Session:
    policy = Policy(direction.key(epoch), Policy.SSRC_SPECIFIC, direction.ssrc, Policy.SRTP_PROFILE_AEAD_AES_256_GCM)
    policy.window_size = WIRE_WINDOW_DATAGRAMS
    return Session(policy)

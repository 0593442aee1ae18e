"""One TLS session as a carrier of sound: its keys, where its datagrams go, and what has proved itself on it.

Owned by its path. Times are microseconds of a clock that nobody sets.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from openline.media.wire_keys import WireKeys, wire_keys
from openline.media.wire_seal import Kind, Label, Opener, Refusal, Sealer
from openline.media.wire_socket import Place, WireSocket


@dataclass(frozen=True, slots=True)
class Handed:
    """A session as the node hands it over, once its HELLO was accepted.

    `secret` is what `wire_keys.voice_secret` gives; the hosts and ports are those of its TCP connection, numeric.
    `life` counts the voice processes that were handed this session before.
    """

    number: int
    peer: str
    path: str
    dialled: bool
    secret: bytes = field(repr=False)
    own: tuple[str, int]
    theirs: tuple[str, int]
    life: int = 0


class WireSession:
    """Mutable. `place` is where the peer takes datagrams, if we dialled; whoever answered learns it by path.

    `proved` says that a probe was answered by UDP and none is overdue; `asked` is when the oldest probe on the stream
    that is still unanswered went out, and `met` whether one was ever answered. `sent` and `taken` count datagrams,
    `taken` those of the sender's present `life`.
    """

    __slots__ = (
        "asked",
        "dialled",
        "ended",
        "life",
        "met",
        "newest",
        "number",
        "opener",
        "place",
        "proved",
        "sealer",
        "sent",
        "socket",
        "ssrc",
        "taken",
    )

    def __init__(self, handed: Handed, place: Place | None, socket: WireSocket | None) -> None:
        keys: WireKeys = wire_keys(handed.secret, handed.dialled)
        self.number = handed.number
        self.dialled = handed.dialled
        self.ssrc = keys.theirs.ssrc
        self.sealer = Sealer(keys.ours, handed.life)
        self.opener = Opener(keys.theirs, closed=handed.life > 0)
        self.place = place
        self.socket = socket
        self.proved = False
        self.asked: int | None = None
        self.met = False
        self.ended: int | None = None
        self.newest = -1
        self.life = 0
        self.sent = 0
        self.taken = 0

    @property
    def usable(self) -> bool:
        """Whether datagrams can leave on it at all."""
        return self.socket is not None and not self.sealer.exhausted

    def send(self, kind: Kind, sequence: int, payload: bytes, place: Place) -> bool:
        """One datagram, protected; False when the system does not take it."""
        datagram = self.sealer.seal(kind, sequence, payload)
        if self.socket is None or datagram is None:
            return False
        self.sent += 1
        return self.socket.send(datagram, place)

    def take(self, label: Label, data: bytes) -> bytes | Refusal:
        """The payload of a datagram that came for this session, counted; or why it is refused."""
        opened = self.opener.open(label, data)
        if isinstance(opened, bytes):
            self.taken = 1 if label.life != self.life else self.taken + 1
            self.life = label.life
        return opened

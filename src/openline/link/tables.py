"""What the engine knows, and the step it is in: the line, its peers, our own log, open sessions, effects so far.

Here are the moves that both our own events and a peer's frames make: a session ends, answers, is pinged.
"""

from __future__ import annotations

from dataclasses import dataclass

from openline.base.time import Instant
from openline.link import pulse
from openline.link.events import Drop, Effect, Send
from openline.link.frames import PROTOCOL, PROTOCOL_MIN, Ack, Bye, Frame, Hello, Presence, Tip
from openline.link.holding import Holding
from openline.link.paths import Happening, Paths, PathSpec, Session, State
from openline.link.peer import Peer


@dataclass(frozen=True, slots=True)
class Known:
    """What the record knows of one other member at start.

    `tip` is the newest of its log that we hold, `receipted` how far it receipted ours, `cosigned` our newest
    receipt for its log (as the frame that repeats it).
    """

    tip: Tip
    receipted: int = 0
    cosigned: Ack | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """What an engine is made from: the line, its `members` in order, which of them we are (`me`), where logs stand.

    `tip` is our own log's; `peers` has one Known for every other member. `features` are what we say we can do beside
    the frames that everybody knows.
    """

    line: str
    members: tuple[str, ...]
    me: int
    salt_key: bytes
    tip: Tip
    peers: tuple[Known, ...]
    paths: tuple[PathSpec, ...] = ()
    presence: Presence = Presence.NOBODY
    features: tuple[str, ...] = ()


MEMBER_LEFT = "hello-member-left"
"""Why a session with a party that is no longer a member is ended, or not begun."""


class Tables:
    """Mutable; owned by the engine. `now` is steady time, `clock` the node's, `out` the effects of this step."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.me = setup.me
        self.presence = setup.presence
        self.paths = Paths(setup.paths)
        self.sessions = self.paths.sessions
        self.blobs: dict[bytes, int] = {}
        weighed_from = min((known.receipted for known in setup.peers), default=0)
        self.own = Holding(setup.tip, own=True, weighed_from=weighed_from)
        self.peers = {known.tip.member: self._peer(known) for known in setup.peers}
        assert sorted([self.me, *self.peers]) == list(range(len(setup.members))), "one Known for every other member"
        self.gone: list[Holding] = []
        self.stopping = False
        self.clock = Instant(0)
        self.now = 0
        self.out: list[Effect] = []
        self._steady = pulse.Steady()

    def begin(self, now: Instant) -> list[Effect]:
        """Begin a step. The list that its effects will be in."""
        self.clock = now
        self.now = self._steady.at(now)
        self.out = []
        return self.out

    @property
    def shift_us(self) -> int:
        """Steady time minus the node's clock."""
        return self._steady.shift_us

    def down(self, peer: Peer) -> bool:
        """Whether the peer counts as down."""
        return self._steady.down(peer.life.heard)

    def send(self, session: Session, frame: Frame) -> None:
        """Put a frame on a session."""
        self.out.append(Send(session.number, frame))

    def hello(self, session: Session) -> Hello:
        """Our HELLO for `session`."""
        setup = self.setup
        peers = self.peers.values()
        return Hello(
            versions=(PROTOCOL_MIN, PROTOCOL),
            line=setup.line,
            members=setup.members,
            me=setup.me,
            path=session.path.spec.name or "unnamed",
            time_ms=self.clock.ms,
            salt_key=setup.salt_key,
            presence=int(self.presence),
            tips=(self.own.tip, *(peer.theirs.holding.tip for peer in peers), *(log.tip for log in self.gone)),
            receipted=self.peers[session.peer].receipted,
            features=setup.features,
        )

    def refuse(self, session: Session, reason: str) -> None:
        """Say why, and end the session."""
        self.send(session, Bye(reason))
        self.drop(session, reason)

    def drop(self, session: Session, reason: str) -> None:
        """End the session."""
        self.out.append(Drop(session.number, reason))
        self.ended(session, reason)

    def ended(self, session: Session, reason: str) -> None:
        """The session is no more. What it carried goes over another at once."""
        self.paths.close(session, reason)
        peer = self.peers[session.peer]
        peer.mine.flash_due.discard(session.number)
        if peer.session is session:
            peer.choose(self.now, self.out)

    def others_logs(self, peer: Peer) -> list[Holding]:
        """The logs of third parties, as seen by `peer`: it hears what we receipt of them, so that its record has it."""
        return [*(other.theirs.holding for other in self.peers.values() if other is not peer), *self.gone]

    def part(self, number: int) -> None:
        """A peer is no longer a member. What it has said is still told to the others, as tips."""
        peer = self.peers.get(number)
        if peer is None:
            return
        for session in [one for one in self.sessions.values() if one.peer == number]:
            self.refuse(session, MEMBER_LEFT)
        self.gone.append(peer.theirs.holding)
        del self.peers[number]
        if self.peers:
            self.own.forget(min(other.mine.held for other in self.peers.values()))

    def answered(self, session: Session) -> None:
        """Something sent on the session was answered on it: it works."""
        session.doubted = 0
        peer = self.peers[session.peer]
        if session.state is State.STALLED:
            session.pings.clear()
            session.happened(Happening.ANSWERED)
            if session is peer.session:
                for flow in peer.flows:
                    flow.bear(self.now)
        peer.choose(self.now, self.out)

    def beat(self, session: Session) -> None:
        """Ping the session."""
        ping = pulse.ping(session, self.now, self.clock.ms, self.own.size, int(self.presence))
        self.send(session, ping)

    def _peer(self, known: Known) -> Peer:
        its = Holding(known.tip, own=False, weighed_from=known.tip.size, ack=known.cosigned)
        return Peer(self.own, its, known.receipted, self.paths, self.blobs)

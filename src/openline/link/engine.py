"""The link of one line: told what happens, answers with what to do. No clock, no randomness, no input or output.

What must hold:
- Every effect names a session that is open and, HELLO and BYE apart, greeted; after Drop a session is never named.
- A tip, a size or a receipt leaves only after an event said that it is durable.
- Nothing about authenticity is decided here: what a peer claims is offered to the record, which checks it. A false
  claim can cost its own author bytes and delay, nobody else.
- The work of an event does not grow with the backlog.

`now` is the node's clock; timers run on steady time made of it (`pulse.Steady`). The rules of each frame are in
`hearing`, what is owed in `flow` and `intake`, and all of them in docs/spec/link.md.
"""

from __future__ import annotations

from openline.base.time import Instant
from openline.link import pulse
from openline.link.events import (
    BlobNeeded,
    BlobOffered,
    BlobStored,
    Closed,
    Drop,
    Effect,
    Event,
    FrameArrived,
    Gone,
    Grew,
    Held,
    Opened,
    PathHealth,
    PeerHealth,
    PresenceChanged,
    Receipted,
    Refused,
    Send,
    Stopping,
    Tick,
)
from openline.link.frames import Ack, Bye, Evidence
from openline.link.hearing import Hearing
from openline.link.paths import Happening, Path, PathSpec, Session, State
from openline.link.peer import Peer
from openline.link.tables import MEMBER_LEFT, Known, Setup, Tables

__all__ = ["Engine", "Known", "PathSpec", "Setup"]

_FAULTS_MAX = 3


class Engine:
    """Mutable; owned by the line's turn, which calls nothing but these methods."""

    def __init__(self, setup: Setup) -> None:
        self._tables = Tables(setup)
        self._hearing = Hearing(self._tables)

    def step(self, event: Event, now: Instant) -> list[Effect]:
        """What to do, in order, because of `event`."""
        out = self._tables.begin(now)
        match event:
            case FrameArrived():
                session = self._tables.sessions.get(event.session)
                if session is not None:
                    self._hearing.frame(session, event.frame)
            case Grew():
                self._grew(event)
            case Held():
                self._held(event)
            case Receipted():
                self._receipted(event)
            case Tick():
                self._tick()
            case BlobNeeded() | BlobStored() | BlobOffered():
                self._blob(event)
            case Gone(peer):
                self._tables.part(peer)
            case Opened() | Closed() | Refused() | PresenceChanged() | Stopping():
                self._rare(event)
        return out

    def wakes_at(self) -> Instant | None:
        """When the engine next needs a Tick, by the node's clock; None when only an event can change anything."""
        tables = self._tables
        next_due = min(map(pulse.due, tables.sessions.values()), default=pulse.NEVER)
        for peer in tables.peers.values():
            next_due = min(next_due, peer.due())
        return None if next_due == pulse.NEVER else Instant(next_due - tables.shift_us)

    def session_for(self, peer: int) -> int | None:
        """The session in use for `peer`: where a SEAL or a CARD goes. None while there is none."""
        session = self._tables.peers[peer].session
        return None if session is None else session.number

    def paths(self) -> tuple[PathHealth, ...]:
        """How every path to a member stands: the configured ones, then those that only a peer named."""
        rows = self._tables.paths.health(self._tables.shift_us)
        return tuple(path for path in rows if path.peer in self._tables.peers)

    def health(self) -> tuple[PeerHealth, ...]:
        """How every peer stands."""
        return tuple(self._peer_health(peer) for peer in self._tables.peers.values())

    # Our record

    def _grew(self, grew: Grew) -> None:
        tables = self._tables
        tables.own.grow(grew.tip, grew.size_bytes)
        for peer in tables.peers.values():
            if grew.flash:
                peer.mine.flash = grew.tip.size
                peer.mine.flash_due = self._all_but_in_use(peer)
            if peer.back.came or peer.back.missing:
                self._took_back(peer)
            peer.send(tables.now, tables.out)

    def _receipted(self, receipted: Receipted) -> None:
        peer = self._tables.peers.get(receipted.peer)
        if peer is not None:
            peer.has_receipted(receipted.size)

    def _took_back(self, peer: Peer) -> None:
        tables = self._tables
        for session in peer.back.held(tables.now):
            if session.greeted:
                tables.send(session, Evidence(tables.own.tip))

    def _all_but_in_use(self, peer: Peer) -> set[int]:
        return {session.number for session in self._tables.paths.greeted(peer.number) if session is not peer.session}

    def _held(self, held: Held) -> None:
        tables = self._tables
        peer = tables.peers.get(held.tip.member)
        if peer is None:
            return
        holding = peer.theirs.holding
        holding.advance(held.tip)
        if holding.ack is None or held.tip.size > holding.ack.size:
            holding.ack = Ack(held.tip.member, held.tip.size, held.time_s, held.signature)
        peer.refill.answered(held.tip.size, tables.now)
        sessions = [session for session in peer.theirs.held(tables.now) if session.greeted]
        if not sessions and peer.session is not None:
            sessions = [peer.session]
        for session in sessions:
            tables.send(session, holding.ack)
        for other in tables.peers.values():
            if other is not peer and other.session is not None:
                tables.send(other.session, holding.ack)
        if not peer.blobs.idle:
            peer.send(tables.now, tables.out)

    def _refused(self, refused: Refused) -> None:
        tables = self._tables
        session = tables.sessions.get(refused.session)
        for peer in tables.peers.values():
            intake = peer.intake(refused.member)
            if intake is not None:
                intake.refused(session)
        if session is None or not session.greeted:
            return
        peer = tables.peers[session.peer]
        peer.receipt_offered = peer.receipted
        session.faults += 1
        if refused.held.size:
            tables.send(session, Evidence(refused.held))
        if session.faults >= _FAULTS_MAX:
            tables.drop(session, refused.fault)

    # Attachments

    def _blob(self, event: BlobNeeded | BlobStored | BlobOffered) -> None:
        tables = self._tables
        match event:
            case BlobNeeded():
                if event.member in tables.peers:
                    tables.peers[event.member].blobs.need(event)
                    tables.peers[event.member].send(tables.now, tables.out)
            case BlobStored():
                for peer in tables.peers.values():
                    self._blob_stored(peer, event)
            case BlobOffered():
                tables.blobs[event.digest] = event.size

    def _blob_stored(self, peer: Peer, event: BlobStored) -> None:
        tables = self._tables
        if peer.blobs.stored(event.digest, event.offset) and peer.session is not None:
            peer.blobs.tell(peer.session, tables.out)
            peer.send(tables.now, tables.out)

    # Sessions, time, ourselves

    def _rare(self, event: Opened | Closed | Refused | PresenceChanged | Stopping) -> None:
        tables = self._tables
        match event:
            case Opened():
                self._opened(event)
            case Closed():
                session = tables.sessions.get(event.session)
                if session is not None:
                    tables.ended(session, event.reason)
            case Refused():
                self._refused(event)
            case PresenceChanged():
                tables.presence = event.presence
                for peer in tables.peers.values():
                    if peer.session is not None:
                        tables.beat(peer.session)
            case Stopping():
                tables.stopping = True
                for session in list(tables.sessions.values()):
                    tables.refuse(session, "stopping")

    def _opened(self, opened: Opened) -> None:
        tables = self._tables
        peer = tables.peers.get(opened.peer)
        if peer is None:
            tables.out += [Send(opened.session, Bye(MEMBER_LEFT)), Drop(opened.session, MEMBER_LEFT)]
            return
        session = tables.paths.open(opened, tables.now)
        if tables.stopping:
            tables.refuse(session, "stopping")
            return
        session.ours_at_open = peer.mine.held
        session.theirs_at_open = peer.refill.held
        tables.send(session, tables.hello(session))
        crowded_out = tables.paths.crowded_out(session)
        if crowded_out is not None:
            tables.refuse(crowded_out, "path-crowded")

    def _tick(self) -> None:
        tables = self._tables
        for session in list(tables.sessions.values()):
            reason = pulse.silent(session, tables.now)
            if reason is not None:
                tables.drop(session, reason)
            elif session.greeted:
                self._look_at(session)
        for peer in tables.peers.values():
            if peer.session is not None and any(flow.overdue(tables.now) for flow in peer.flows):
                self._doubt(peer.session.path)
            peer.late(tables.now, tables.out)
            peer.ask(tables.now, tables.out)
            if not peer.blobs.idle:
                peer.send(tables.now, tables.out)

    def _look_at(self, session: Session) -> None:
        tables = self._tables
        peer = tables.peers[session.peer]
        if session.ping_at <= tables.now:
            tables.beat(session)
        if session.state is State.UP and (
            pulse.unanswered(session, tables.now) or (session is peer.session and peer.stalls(tables.now))
        ):
            session.happened(Happening.UNANSWERED)
            self._doubt(session.path)
            peer.choose(tables.now, tables.out)

    def _doubt(self, path: Path) -> None:
        """Something on `path` is late: ask every session of it whether it still works. One that does not will stall."""
        for session in path.sessions:
            if session.greeted and not session.pings:
                self._tables.beat(session)

    def _peer_health(self, peer: Peer) -> PeerHealth:
        tables = self._tables
        heard = peer.life.heard
        return PeerHealth(
            peer=peer.number,
            heard=None if heard is None else Instant(heard - tables.shift_us),
            presence=peer.life.presence,
            clock_offset_us=peer.life.clock_offset_us,
            holds=peer.mine.held,
            receipted=peer.receipted,
            path_in_use=peer.session.path.spec.name if peer.session is not None else None,
            down=tables.down(peer),
        )

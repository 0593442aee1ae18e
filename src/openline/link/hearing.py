"""What each frame of a peer does. Before its HELLO a session is heard in nothing but HELLO and BYE.

A frame that names what is not ours to take or give (a third party's log, an attachment nobody offered) is ignored.
"""

from __future__ import annotations

from openline.base.text import is_name
from openline.base.time import Instant
from openline.link import pulse
from openline.link.events import (
    BlobDelivered,
    Greeted,
    OfferCard,
    OfferOthersReceipt,
    OfferReceipt,
    OfferSeal,
    OfferTip,
    OwnTip,
)
from openline.link.frames import (
    Ack,
    Blob,
    Bye,
    Card,
    Evidence,
    Frame,
    HaveBlob,
    Hello,
    Ping,
    Pong,
    Push,
    SealFrame,
    Tip,
    Voice,
    Want,
    WantBlob,
)
from openline.link.greeting import reason_given, refusal, statements, states
from openline.link.paths import Happening, Session, State
from openline.link.peer import Peer
from openline.link.tables import Tables

_UNNAMED = "unnamed"


class Hearing:
    """The rules of arriving frames. Keeps nothing itself; all it changes is in the engine's tables."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def frame(self, session: Session, frame: Frame) -> None:
        """Act on a frame that came on an open session."""
        tables = self._tables
        peer = tables.peers[session.peer]
        session.heard = peer.life.heard = tables.now
        if session.state is State.GREETING:
            self._first(session, peer, frame)
            return
        match frame:
            case Push():
                intake = peer.intake(frame.member)
                if intake is not None:
                    intake.arrived(frame, session, tables.now, tables.out)
            case Ack():
                self._ack(session, peer, frame)
            case Want():
                self._want(session, peer, frame)
            case Evidence():
                self._evidence(session, peer, frame.tip)
            case SealFrame() | Card():
                self._proof(session, frame)
            case WantBlob() | Blob() | HaveBlob():
                self._blob(session, peer, frame)
            case Hello() | Ping() | Pong() | Bye() | Voice():
                self._life(session, peer, frame)

    def _first(self, session: Session, peer: Peer, frame: Frame) -> None:
        tables = self._tables
        if isinstance(frame, Bye):
            tables.drop(session, reason_given(frame.reason))
        elif isinstance(frame, Hello):
            reason = refusal(frame, tables.setup.line, tables.setup.members, session.peer)
            if reason is not None:
                tables.refuse(session, reason)
            else:
                self._greeted(session, peer, frame)

    def _greeted(self, session: Session, peer: Peer, hello: Hello) -> None:
        tables = self._tables
        if not session.path.spec.name:
            tables.paths.rename(session, hello.path if is_name(hello.path) else _UNNAMED)
        session.happened(Happening.GREETED)
        session.ping_at = tables.now
        peer.life.told(hello.presence)
        peer.life.greeted(Instant.from_ms(hello.time_ms), tables.clock)
        session.salt_key = hello.salt_key
        features = tuple(feature for feature in tables.setup.features if feature in hello.features)
        if features:
            tables.out.append(Greeted(session.number, features))
        self._compare(session, peer, hello)
        peer.receipt_offered = min(peer.receipted, peer.mine.held)
        ack = peer.theirs.holding.ack
        if ack is not None and ack.size > hello.receipted:
            tables.send(session, ack)
        for log in tables.others_logs(peer):
            if log.ack is not None:
                tables.send(session, log.ack)
        tables.beat(session)
        peer.blobs.tell(session, tables.out)
        for flow in peer.flows:
            flow.hurry()
        peer.late(tables.now, tables.out)
        peer.choose(tables.now, tables.out)
        if peer.mine.flash > peer.mine.held and session is not peer.session:
            peer.mine.flash_due.add(session.number)
            peer.send(tables.now, tables.out)

    def _compare(self, session: Session, peer: Peer, hello: Hello) -> None:
        tables = self._tables
        tips = statements(hello.tips, len(tables.setup.members))
        for tip in tips.values():
            tables.out.append(OfferTip(session.number, peer.number, tip))
        ours, theirs = (tips[log].size if log in tips else 0 for log in (tables.me, peer.number))
        tables.out.append(OwnTip(peer.number, ours))
        peer.theirs.told(theirs, session, tables.now)
        peer.back.told(ours, session, tables.now)
        for flow, holds, at_open in (
            (peer.mine, ours, session.ours_at_open),
            (peer.refill, theirs, session.theirs_at_open),
        ):
            if holds < at_open:
                flow.back_to(holds)
            else:
                flow.answered(holds, tables.now)

    def _ack(self, session: Session, peer: Peer, ack: Ack) -> None:
        tables = self._tables
        own = tables.own
        if ack.member not in (tables.me, peer.number) and ack.member < len(tables.setup.members):
            offer = OfferOthersReceipt(session.number, peer.number, ack.member, ack.size, ack.time_s, ack.signature)
            tables.out.append(offer)
        if ack.member != tables.me or ack.size > own.size:
            return
        if session.doubted or session.state is State.STALLED:
            tables.answered(session)
        if ack.size > peer.receipt_offered:
            peer.receipt_offered = ack.size
            receipt = OfferReceipt(session.number, peer.number, ack.size, ack.time_s, ack.signature)
            tables.out.append(receipt)
        if peer.mine.answered(ack.size, tables.now):
            if own.may_forget():
                own.forget(min(other.mine.held for other in tables.peers.values()))
            peer.send(tables.now, tables.out)

    def _want(self, session: Session, peer: Peer, want: Want) -> None:
        tables = self._tables
        flow = peer.flow(want.member)
        if flow is None or want.start > flow.holding.size or flow.in_pipe(want.start, session):
            return
        if flow.waits and peer.session is not None and peer.session is not session:
            peer.session.doubted = max(tables.now, 1)
        flow.answered(want.start, tables.now)
        flow.back_to(want.start)
        peer.choose(tables.now, tables.out)

    def _evidence(self, session: Session, peer: Peer, tip: Tip) -> None:
        tables = self._tables
        if not states(tip, len(tables.setup.members)):
            return
        tables.out.append(OfferTip(session.number, peer.number, tip))
        if tip.member == peer.number:
            self._owner_holds(session, peer, tip.size)

    def _owner_holds(self, session: Session, peer: Peer, size: int) -> None:
        tables = self._tables
        peer.theirs.told(size, session, tables.now)
        if peer.refill.answered(size, tables.now):
            peer.send(tables.now, tables.out)

    def _proof(self, session: Session, frame: SealFrame | Card) -> None:
        tables = self._tables
        if isinstance(frame, Card):
            tables.out.append(OfferCard(session.number, session.peer, frame.proof))
        elif max(frame.member, frame.cosigner) < len(tables.setup.members):
            seal = (frame.member, frame.size, frame.cosigner, frame.time_s, frame.signature)
            tables.out.append(OfferSeal(session.number, *seal))

    def _blob(self, session: Session, peer: Peer, frame: WantBlob | Blob | HaveBlob) -> None:
        tables = self._tables
        match frame:
            case Blob():
                peer.blobs.arrived(session, frame, tables.out)
            case WantBlob():
                peer.blobs.wanted(frame, tables.now)
                peer.send(tables.now, tables.out)
            case HaveBlob():
                if peer.blobs.delivered(frame.digest):
                    tables.out.append(BlobDelivered(peer.number, frame.digest))

    def _life(self, session: Session, peer: Peer, frame: Hello | Ping | Pong | Bye | Voice) -> None:
        tables = self._tables
        match frame:
            case Ping():
                peer.life.told(frame.presence)
                tables.send(session, Pong(frame.number, frame.time_ms, tables.clock.ms, int(tables.presence)))
                self._owner_holds(session, peer, frame.size)
            case Pong():
                self._pong(session, peer, frame)
            case Bye():
                tables.drop(session, reason_given(frame.reason))
            case Hello() | Voice():  # the second of its kind; sound, which is handed on before it comes here
                pass

    def _pong(self, session: Session, peer: Peer, pong: Pong) -> None:
        tables = self._tables
        took = pulse.ponged(session, pong, tables.now)
        if took is None:
            return
        peer.life.told(pong.presence)
        usual = session.meter.round_trip or took
        peer.life.ponged(Instant.from_ms(pong.time_ms), tables.clock, took, usual)
        peer.blobs.heard(session, pong.number)
        tables.answered(session)

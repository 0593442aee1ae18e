"""Between sessions and lines: routes what arrives to the line's engine, and carries out what the engine orders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from openline.base.errors import PeerError, StoreError
from openline.base.limits import HELLO_WITHIN_US, PUSH_BYTES_MAX
from openline.base.time import SECOND_US
from openline.link import events as link
from openline.link.frames import VOICE, Blob, Bye, Frame, Hello, Voice, decode_frame, encode_frame
from openline.node.keeper import Keeper, Outward
from openline.node.pushes import pushes
from openline.node.turn import Turns
from openline.record.ports import BlobStore
from openline.transport.session import Session

_LENGTH_BYTES = 4
_OPEN_BYTES_MAX = 8 * PUSH_BYTES_MAX
_FAULTY_ENDS = frozenset({"session-frame-too-large"})
"""What the transport ends a session for and no honest peer does; the bytes were not taken in."""


class SoundCarrier(Protocol):
    """Who carries sound. It hears of each session that may, once its HELLO was accepted, until its end."""

    def opened(self, session: Session, line: str) -> None:
        """A session of `line` may carry sound from now on."""

    def ended(self, session: Session, at_once: bool) -> None:
        """It is over; `at_once` when its keys must not serve on."""

    def stream(self, session: Session, data: bytes) -> None:
        """The data of a VOICE frame came on it."""


class Switchboard:
    """Every session of the node. Mutable; used from the event loop only.

    `keep_card` hears of a peer's newer card; `store_blob` keeps a received piece and answers later with BlobStored.
    `faulty` hears of bytes that no honest peer sends. VOICE frames go to `carrier` past the turns: no commit holds
    them up, and they hold up no other frame.
    """

    def __init__(
        self,
        blobs: BlobStore,
        keep_card: Callable[[Keeper, link.OfferCard], None],
        store_blob: Callable[[Keeper, link.OfferBlob], None],
        delivered: Callable[[Keeper, link.BlobDelivered], None],
        faulty: Callable[[Session, Keeper | None, str, bytes], None],
    ) -> None:
        self.turns: Turns
        self.lines: dict[str, Keeper] = {}
        self.carrier: SoundCarrier | None = None
        self._blobs = blobs
        self._keep_card = keep_card
        self._store_blob = store_blob
        self._delivered = delivered
        self._faulty = faulty
        self._sessions: dict[int, Session] = {}
        self._line_of: dict[int, Keeper] = {}
        self._nameless: dict[int, float | None] = {}
        self._sounding: dict[int, SoundCarrier] = {}
        self._paused: list[Session] = []
        self._open_bytes = 0

    def receiver(self, line: str | None) -> LineReceiver:
        """Who hears from sessions dialled for `line`, or from accepted ones (None: their HELLO names the line)."""
        return LineReceiver(self, line)

    def sessions(self) -> Sequence[Session]:
        """Every session that is up."""
        return list(self._sessions.values())

    def open(self, session: Session, line: str | None) -> None:
        """A session is up."""
        self._sessions[session.number] = session
        if line is None:
            self._nameless[session.number] = None
        else:
            self._join(session, self.lines[line])

    def frames(self, session: Session, datas: list[bytes]) -> None:
        """Frames have arrived."""
        keeper = self._line_of.get(session.number)
        happened: list[link.Event] = []
        for data in datas:
            try:
                frame = decode_frame(data)
            except PeerError as why:
                self._faulty(session, keeper, why.message_id, data)
                session.close(why.message_id)
                break
            if frame is None:
                continue
            if isinstance(frame, Voice):
                self._sound(session, keeper, happened, frame)
                continue
            if keeper is None:
                keeper = self._admit(session, frame)
                if keeper is None:
                    return
            self._open_bytes += len(data)
            happened.append(link.FrameArrived(session.number, frame, len(data) + _LENGTH_BYTES))
        if keeper is not None and happened:
            self.turns.tell(keeper, *happened)
        if self._open_bytes > _OPEN_BYTES_MAX:
            session.pause()
            self._paused.append(session)

    def expire(self, steady_s: float) -> None:
        """End answered sessions that have not named a line in time; `steady_s` is a clock that nobody sets.

        Before a session names its line no engine watches over it.
        """
        for number, since in list(self._nameless.items()):
            if since is None:
                self._nameless[number] = steady_s
            elif steady_s - since >= HELLO_WITHIN_US / SECOND_US:
                self._nameless.pop(number)
                self._sessions[number].close("path-no-hello")

    def close(self, session: Session, reason: str) -> None:
        """A session is over."""
        self._sessions.pop(session.number, None)
        self._nameless.pop(session.number, None)
        keeper = self._line_of.pop(session.number, None)
        carrier = self._sounding.pop(session.number, None)
        if carrier is not None:
            carrier.ended(session, reason in _FAULTY_ENDS)
        if reason in _FAULTY_ENDS:
            self._faulty(session, keeper, reason, b"")
        if keeper is not None:
            self.turns.tell(keeper, link.Closed(session.number, reason))

    def carry_out(self, keeper: Keeper, effects: Iterable[Outward]) -> None:
        """Do what a line's engine orders. Orders for sessions that are gone are dropped: the record knows."""
        used: dict[int, Session] = {}
        for effect in effects:
            match effect:
                case link.OfferCard():
                    self._keep_card(keeper, effect)
                case link.OfferBlob():
                    self._store_blob(keeper, effect)
                case link.BlobDelivered():
                    self._delivered(keeper, effect)
                case link.Greeted():
                    self._greeted(keeper, effect)
                case link.Send() | link.SendEntries() | link.SendBlob() | link.Drop():
                    session = self._sessions.get(effect.session)
                    if session is not None:
                        used[session.number] = session
                        self._order(keeper, session, effect)
        for session in used.values():
            session.flush()

    def breathe(self) -> None:
        """A turn has been committed: read on where reading was stopped."""
        self._open_bytes = 0
        for session in self._paused:
            session.resume()
        self._paused.clear()

    def _sound(self, session: Session, keeper: Keeper | None, happened: list[link.Event], frame: Voice) -> None:
        """Hand sound on. Before the HELLO of its session was accepted it is dropped; that may have come just now."""
        if session.number not in self._sounding and keeper is not None and happened:
            self.turns.tell(keeper, *happened)
            happened.clear()
        carrier = self._sounding.get(session.number)
        if carrier is not None:
            carrier.stream(session, frame.data)

    def _greeted(self, keeper: Keeper, greeted: link.Greeted) -> None:
        session = self._sessions.get(greeted.session)
        if session is not None and self.carrier is not None and VOICE in greeted.features:
            self._sounding[session.number] = self.carrier
            self.carrier.opened(session, keeper.setup.line)

    def _order(
        self, keeper: Keeper, session: Session, effect: link.Send | link.SendEntries | link.SendBlob | link.Drop
    ) -> None:
        match effect:
            case link.Send(_, frame):
                session.send(encode_frame(frame))
            case link.SendEntries():
                reader = keeper.setup.members.index(session.peer)
                for push in pushes(effect, keeper.setup.origins, reader, keeper.held):
                    session.send(encode_frame(push))
            case link.SendBlob(_, digest, offset, size):
                try:
                    data = self._blobs.read(digest, offset, size)
                except StoreError:
                    return
                session.send(encode_frame(Blob(digest, offset, data)))
            case link.Drop(_, reason):
                session.close(reason)

    def _admit(self, session: Session, frame: Frame) -> Keeper | None:
        keeper = self.lines.get(frame.line) if isinstance(frame, Hello) else None
        self._nameless.pop(session.number, None)
        if keeper is None or session.peer not in keeper.setup.members or session.peer == keeper.setup.me:
            session.send(encode_frame(Bye("line-unknown")))
            session.close("line-unknown")
            return None
        self._join(session, keeper)
        return keeper

    def _join(self, session: Session, keeper: Keeper) -> None:
        self._line_of[session.number] = keeper
        peer = keeper.setup.members.index(session.peer)
        self.turns.tell(keeper, link.Opened(session.number, peer, session.path, session.dialled))


class LineReceiver:
    """A transport.Receiver for one line's dialled sessions, or for every accepted one."""

    def __init__(self, switchboard: Switchboard, line: str | None) -> None:
        self._switchboard = switchboard
        self._line = line

    def opened(self, session: Session) -> None:
        """`session` is up."""
        self._switchboard.open(session, self._line)

    def frames(self, session: Session, frames: list[bytes]) -> None:
        """Frames came whole."""
        self._switchboard.frames(session, frames)

    def closed(self, session: Session, reason: str) -> None:
        """`session` is over."""
        self._switchboard.close(session, reason)

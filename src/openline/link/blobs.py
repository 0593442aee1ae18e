"""Attachments: last on every session, in pieces that each delay a FLASH no more than a quarter of a second.

The receiver leads. It asks for one attachment at a time (WANT-BLOB with the bytes it has), and asks again after
every stored piece: that is also the answer that opens the sender's window. The sender sends only while none of
its entries wait. After a loss either end goes on from what is stored, on the session then in use. A session loses
nothing while it lasts, so a request that is repeated means only that a piece is slow, until a ping has proved more.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from openline.link.events import BlobNeeded, Effect, OfferBlob, Send, SendBlob
from openline.link.frames import Blob, HaveBlob, WantBlob
from openline.link.meter import RESEND_AFTER_MAX_US, Piece
from openline.link.paths import Session
from openline.link.pulse import NEVER

_TOLD_MAX = 1_024


class Fetch:
    """An attachment we lack. `news` says that the sender should hear how far we are."""

    __slots__ = ("again", "digest", "due", "news", "offered", "session", "size", "stored")

    def __init__(self, needed: BlobNeeded) -> None:
        self.digest = needed.digest
        self.size = needed.size
        self.stored = needed.offset
        self.offered = needed.offset
        self.session: Session | None = None
        self.news = True
        self.due = NEVER
        self.again = 0


class Serving:
    """The attachment a peer asks for now: its bytes are stored there up to `stored` and sent up to `sent`."""

    __slots__ = ("digest", "peak", "pieces", "sent", "session", "size", "stored")

    def __init__(self, digest: bytes, size: int, offset: int) -> None:
        self.digest = digest
        self.size = size
        self.session: Session | None = None
        self.pieces: deque[Piece] = deque()
        self.peak = offset
        self.go_back_to(offset)

    def go_back_to(self, offset: int) -> None:
        """Nothing from `offset` on counts as sent."""
        self.stored = offset
        self.sent = offset
        self.pieces.clear()


class Blobs:
    """Attachments from and to one peer. Mutable; owned by the peer's entry in the engine.

    `offered` is what we may send, by digest, shared by all peers. `_told` is what we have said to hold, and the
    session and ping after which the peer has surely heard it.
    """

    __slots__ = ("_delivered", "_fetches", "_offered", "_serving", "_told")

    def __init__(self, offered: Mapping[bytes, int]) -> None:
        self._offered = offered
        self._fetches: dict[bytes, Fetch] = {}
        self._serving: Serving | None = None
        self._told: dict[bytes, tuple[Session | None, int]] = {}
        self._delivered: set[bytes] = set()

    @property
    def idle(self) -> bool:
        """Whether there is nothing to ask for and nothing to send."""
        return not self._fetches and self._serving is None

    # What we lack

    def need(self, needed: BlobNeeded) -> None:
        """Fetch this attachment, after those named before it; or go on from elsewhere with one being fetched."""
        if needed.offset >= needed.size:
            return
        self._fetches[needed.digest] = Fetch(needed)

    def arrived(self, session: Session, blob: Blob, out: list[Effect]) -> None:
        """A piece came in: offer what of it follows on what we have, drop the rest."""
        fetch = self._fetches.get(blob.digest)
        if fetch is None or not blob.offset <= fetch.offered < blob.offset + len(blob.data) <= fetch.size:
            return
        data = blob.data[fetch.offered - blob.offset :]
        out.append(OfferBlob(session.number, fetch.digest, fetch.offered, data))
        fetch.offered += len(data)

    def stored(self, digest: bytes, offset: int) -> bool:
        """An attachment stands at `offset` bytes, no further than before when it begins anew there.

        Returns whether it was being fetched here.
        """
        fetch = self._fetches.get(digest)
        if fetch is None:
            return False
        if offset <= fetch.stored:
            fetch.offered = offset
        fetch.stored = offset
        fetch.offered = max(fetch.offered, offset)
        fetch.news = True
        fetch.again = 0
        if offset >= fetch.size:
            del self._fetches[digest]
            self._told[digest] = (None, 0)
            if len(self._told) > _TOLD_MAX:
                del self._told[next(iter(self._told))]
        return True

    def ask(self, session: Session, now: int, out: list[Effect]) -> None:
        """Say on `session` how far the attachment now wanted is, if that is news, or nothing came for too long."""
        fetch = self._next()
        if fetch is not None and not fetch.news and now >= fetch.due:
            fetch.again += 1
            fetch.offered = fetch.stored
            fetch.news = True
            fetch = self._next()
        if fetch is None or not (fetch.news or fetch.session is not session or now >= fetch.due):
            return
        fetch.news = False
        fetch.session = session
        fetch.due = now + min(session.meter.stalled_after_us << min(fetch.again, 16), RESEND_AFTER_MAX_US)
        out.append(Send(session.number, WantBlob(fetch.digest, fetch.stored)))

    @property
    def ask_at(self) -> int:
        """When `ask` next needs to be called."""
        fetch = self._next()
        return NEVER if fetch is None else fetch.due

    def _next(self) -> Fetch | None:
        """The attachment to ask for: of those least asked for in vain the first, so that a lost one stops no other."""
        return min(self._fetches.values(), key=lambda fetch: fetch.again, default=None)

    def tell(self, session: Session, out: list[Effect]) -> None:
        """Say on `session` which attachments we hold whole, as far as the peer may not have heard it."""
        for digest, (said_on, _) in self._told.items():
            if said_on is None or not said_on.greeted:
                self._told[digest] = (session, session.pings_sent + 1)
                out.append(Send(session.number, HaveBlob(digest)))

    def heard(self, session: Session, ping: int) -> None:
        """The peer has answered ping number `ping` on `session`, so it has had all that was said there before."""
        if self._told:
            self._told = {
                digest: (said_on, after)
                for digest, (said_on, after) in self._told.items()
                if said_on is not session or after > ping
            }

    # What the peer lacks

    def wanted(self, want: WantBlob, now: int) -> None:
        """The peer holds `want.offset` bytes of an attachment and wants the rest. Unknown ones are ignored."""
        size = self._offered.get(want.digest, 0)
        if want.offset >= size:
            return
        serving = self._serving
        if serving is None or serving.digest != want.digest:
            self._serving = Serving(want.digest, size, want.offset)
        elif serving.stored < want.offset <= serving.sent:
            _progress(serving, want.offset, now)
        elif want.offset > serving.sent or not _under_way(serving):
            serving.go_back_to(want.offset)

    def pump(self, session: Session, now: int, out: list[Effect]) -> None:
        """Send the next pieces on `session`, as many as may be unanswered."""
        serving = self._serving
        if serving is None:
            return
        if serving.session is not session:
            serving.session = session
            serving.go_back_to(serving.stored)
        piece_max, in_flight_max = session.meter.blob_piece_bytes, session.meter.blob_in_flight_max(now)
        while serving.sent < serving.size:
            size = min(piece_max, serving.size - serving.sent)
            in_flight = serving.sent - serving.stored
            if in_flight >= in_flight_max:
                return
            piece = Piece(serving.sent, serving.sent + size, size, session.meter)
            session.meter.blob_left(piece, in_flight, now)
            piece.thin = piece.thin or serving.size - serving.stored < in_flight_max
            piece.fresh = piece.start >= serving.peak
            serving.peak = max(serving.peak, piece.stop)
            serving.pieces.append(piece)
            out.append(SendBlob(session.number, serving.digest, serving.sent, size))
            serving.sent += size

    def delivered(self, digest: bytes) -> bool:
        """The peer says it holds this attachment whole. Whether that is news of one that we offered."""
        if self._serving is not None and self._serving.digest == digest:
            self._serving = None
        if digest not in self._offered or digest in self._delivered:
            return False
        self._delivered.add(digest)
        return True


def _progress(serving: Serving, offset: int, now: int) -> None:
    serving.stored = offset
    newest = None
    while serving.pieces and serving.pieces[0].stop <= offset:
        newest = serving.pieces.popleft()
        newest.meter.delivered += newest.weight
    if newest is not None and newest.fresh:
        newest.meter.answered(newest, now)


def _under_way(serving: Serving) -> bool:
    """Whether the oldest piece may still arrive: no ping that was sent after it on its session was answered."""
    session = serving.session
    return session is not None and bool(serving.pieces) and serving.pieces[0].at >= session.proved

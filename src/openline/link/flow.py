"""What one peer is still owed of one log: pieces in flight, the window they must fit in, and when to send again.

A flow goes forward only (`sent`), up to what we hold; answers are cumulative (`held`). Sending again is always the
same move: go back to what the peer holds and cut fresh, larger pieces from there, on whatever session is in use
now. Every piece is idempotent, so going back too far costs bytes and nothing else.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from openline.base.limits import PUSH_BYTES_MAX
from openline.link.events import Effect, SendEntries
from openline.link.holding import Holding
from openline.link.meter import RESEND_AFTER_MAX_US, Piece
from openline.link.paths import Session
from openline.link.pulse import NEVER

_PIECE_BYTES_MIN = 2_048


class Window:
    """Bytes of entries that one peer has not answered, over all flows to it."""

    __slots__ = ("in_flight",)

    def __init__(self) -> None:
        self.in_flight = 0


class Flow:
    """One log on its way to one peer. Mutable; owned by the peer's entry in the engine.

    `since` is when the oldest piece became the next to be answered: a slow path is not a dead one.
    `flash` is the size up to which a FLASH goes over every session, `flash_due` the sessions it has not gone over yet.
    """

    __slots__ = (
        "_again",
        "_peak",
        "_pieces",
        "_window",
        "flash",
        "flash_due",
        "held",
        "holding",
        "resend_at",
        "sent",
        "since",
    )

    def __init__(self, holding: Holding, held: int, window: Window) -> None:
        self.holding = holding
        self.held = held
        self.sent = held
        self._peak = held
        self.flash = 0
        self.flash_due: set[int] = set()
        self.resend_at = NEVER
        self.since = 0
        self._again = 0
        self._pieces: deque[Piece] = deque()
        self._window = window

    @property
    def owed(self) -> bool:
        """Whether the peer does not hold all we hold."""
        return self.held < self.holding.size

    @property
    def unsent(self) -> bool:
        """Whether something waits that was never sent, or must be sent again."""
        return self.sent < self.holding.size

    @property
    def waits(self) -> bool:
        """Whether anything waits for an answer."""
        return bool(self._pieces)

    @property
    def stalls_at(self) -> int:
        """When the oldest piece has waited so long that its session counts as stalled."""
        return self.since + self._pieces[0].meter.stalled_after_us if self._pieces else NEVER

    def pump(self, session: Session, now: int, out: list[Effect]) -> None:
        """Send on `session` what is unsent and fits in the window. One piece may always go.

        Pieces are as large as they may be rather than as large as there is room: small ones cost a signature each.
        """
        size = self.holding.size
        while self.sent < size:
            in_flight, in_flight_max = self._window.in_flight, session.meter.in_flight_max
            piece_max = min(PUSH_BYTES_MAX, max(_PIECE_BYTES_MIN, in_flight_max // 4))
            stop, weight = self.holding.cut(self.sent, piece_max)
            if in_flight and in_flight + weight > in_flight_max:
                return
            self._send(Piece(self.sent, stop, weight, session.meter), now)
            out.append(SendEntries(session.number, self.holding.member, self.sent, stop))
            self.sent = stop

    def flash_over(self, sessions: Iterable[Session], out: list[Effect]) -> None:
        """Send the newest FLASH, and all before it that the peer lacks, over those of `sessions` still due.

        One that could not take so much at once has to wait until less is unanswered.
        """
        if self.held >= self.flash:
            self.flash_due.clear()
            return
        weight = self.holding.weight(self.held, self.flash)
        for session in sessions:
            if session.number in self.flash_due and weight <= session.meter.in_flight_max:
                self.flash_due.discard(session.number)
                out.append(SendEntries(session.number, self.holding.member, self.held, self.flash))

    def answered(self, size: int, now: int) -> bool:
        """The peer holds the log up to `size`. Whether that is news."""
        if size <= self.held:
            return False
        self.held = size
        self.sent = max(self.sent, size)
        newest = None
        while self._pieces and self._pieces[0].stop <= size:
            newest = self._pieces.popleft()
            newest.meter.delivered += newest.weight
            self._window.in_flight -= newest.weight
        if newest is not None and newest.fresh:
            newest.meter.answered(newest, now)
        self._again = 0
        self.since = now
        self._set_alarm()
        return True

    def back_to(self, start: int) -> None:
        """Nothing from `start` on counts as sent any more."""
        for piece in self._pieces:
            self._window.in_flight -= piece.weight
        self._pieces.clear()
        self.sent = start
        self.held = min(self.held, start)
        self.resend_at = NEVER

    def again(self) -> None:
        """Go back to what the peer holds, and be twice as patient from now on."""
        self._again += 1
        self.back_to(self.held)

    def hurry(self) -> None:
        """The peer was heard anew: patience starts over."""
        self._again = 0
        self._set_alarm()

    def bear(self, now: int) -> None:
        """The session was heard again: the oldest piece waits from now on."""
        self.since = now
        self._set_alarm()

    def overdue(self, now: int) -> bool:
        """Whether the oldest piece should have been answered by now."""
        return now >= self.resend_at

    def lost(self, session: Session) -> bool:
        """Whether the oldest piece went over `session`, arrived, and was not answered.

        Sessions keep order: the answer to a ping that was sent after it proves that it arrived. Anything less is
        only slow, and sending it again on the same session would make it slower.
        """
        return bool(self._pieces) and self._pieces[0].at < session.proved

    def wait(self, now: int) -> None:
        """Nothing can be done about the oldest piece now: look again later."""
        if self._pieces:
            self.resend_at = now + self._patience(self._pieces[0])

    def in_pipe(self, start: int, session: Session) -> bool:
        """Whether entry `start` is on its way on `session`, so that a WANT that crosses it asks for nothing new."""
        for piece in self._pieces:
            if piece.start <= start < piece.stop:
                return piece.meter is session.meter and piece.at >= session.proved
        return False

    def _send(self, piece: Piece, now: int) -> None:
        piece.fresh = piece.start >= self._peak
        piece.meter.left(piece, self._window.in_flight, now)
        self._peak = max(self._peak, piece.stop)
        self._window.in_flight += piece.weight
        self._pieces.append(piece)
        if len(self._pieces) == 1:
            self.since = now
            self._set_alarm()

    def _set_alarm(self) -> None:
        self.resend_at = self.since + self._patience(self._pieces[0]) if self._pieces else NEVER

    def _patience(self, oldest: Piece) -> int:
        patience = oldest.meter.resend_after_us + oldest.meter.takes_us(oldest.weight)
        return min(patience << min(self._again, 16), RESEND_AFTER_MAX_US)

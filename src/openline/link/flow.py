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

    `flash` is the size up to which a FLASH goes over every session, `flash_due` the sessions it has not gone over yet.
    """

    __slots__ = ("_again", "_pieces", "_window", "flash", "flash_due", "held", "holding", "peak", "resend_at", "sent")

    def __init__(self, holding: Holding, held: int, window: Window) -> None:
        self.holding = holding
        self.held = held
        self.sent = held
        self.peak = held
        self.flash = 0
        self.flash_due: set[int] = set()
        self.resend_at = NEVER
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

    def oldest(self) -> Piece | None:
        """The piece that has waited longest for its answer."""
        return self._pieces[0] if self._pieces else None

    def pump(self, session: Session, now: int, out: list[Effect]) -> None:
        """Send on `session` what is unsent and fits in the window. One piece may always go."""
        size = self.holding.size
        while self.sent < size:
            in_flight = self._window.in_flight
            room = session.meter.in_flight_max - in_flight
            if room <= 0 and in_flight:
                return
            piece_max = min(PUSH_BYTES_MAX, max(_PIECE_BYTES_MIN, session.meter.in_flight_max // 4))
            stop, weight = self.holding.cut(self.sent, min(room, piece_max))
            if weight > room and in_flight:
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

    def overdue(self, now: int) -> bool:
        """Whether the oldest piece should have been answered by now."""
        return now >= self.resend_at

    def overdue_here(self, now: int) -> bool:
        """Whether it is worth sending the oldest piece again on the very session that carries it."""
        return bool(self._pieces) and now >= self._stalled_at(self._pieces[0])

    def wait_here(self) -> None:
        """There is no other session: look again when it is worth sending again on the same."""
        if self._pieces:
            self.resend_at = self._stalled_at(self._pieces[0])

    def in_pipe(self, start: int, session: Session, now: int) -> bool:
        """Whether entry `start` is on its way on `session`, and may still be.

        Sessions keep order, so a WANT that crosses it asks for nothing new.
        """
        for piece in self._pieces:
            if piece.start <= start < piece.stop:
                return piece.meter is session.meter and now - piece.at < piece.meter.stalled_after_us
        return False

    def _send(self, piece: Piece, now: int) -> None:
        piece.fresh = piece.start >= self.peak
        piece.meter.left(piece, self._window.in_flight, now)
        self.peak = max(self.peak, piece.stop)
        self._window.in_flight += piece.weight
        self._pieces.append(piece)
        if len(self._pieces) == 1:
            self._set_alarm()

    def _set_alarm(self) -> None:
        if not self._pieces:
            self.resend_at = NEVER
            return
        oldest = self._pieces[0]
        patience = oldest.meter.resend_after_us << min(self._again, 16)
        self.resend_at = oldest.at + min(patience, RESEND_AFTER_MAX_US)

    def _stalled_at(self, piece: Piece) -> int:
        patience = piece.meter.stalled_after_us << min(self._again, 16)
        return piece.at + min(patience, RESEND_AFTER_MAX_US)

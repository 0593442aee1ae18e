"""What a session is worth: its round trip, how long its pushes take to be answered, and its rate.

A path says nothing about itself, so everything is measured from what is sent and answered anyway. The rate is
what was delivered between the sending of a piece and its answer (as in BBR): it is right whether the pipe, the
peer's disk or we ourselves are the bound; a sample taken while we had little to send may raise it, never lower it.

What is on the way follows from rate and round trip, and the round trip is seen only by what waits behind nothing of
ours: else each wait would allow a longer one. So an attachment, which alone can fill a path for minutes, makes room
now and then to look at it anew.
"""

from __future__ import annotations

from openline.base.limits import (
    BLOB_PIECE_BYTES_MAX,
    BLOB_PIECE_BYTES_MIN,
    IN_FLIGHT_BYTES_MAX,
    IN_FLIGHT_BYTES_MIN,
    RESEND_AFTER_MIN_US,
)
from openline.base.time import SECOND_US

RESEND_AFTER_MAX_US = 30 * SECOND_US
STALLED_AFTER_MIN_US = 3 * SECOND_US
_RESEND_AFTER_UNMEASURED_US = SECOND_US
_RATE_UNMEASURED = 1_200
_LOOK_EVERY_US = 10 * SECOND_US
_LOOK_EVERY_ROUND_TRIPS = 16


class Meter:
    """The measures of one session. Owned by it."""

    __slots__ = ("_answer", "_base", "_looked", "delivered", "in_flight_max", "rate", "round_trip")

    def __init__(self) -> None:
        self.round_trip: int | None = None
        self.rate = 0
        self.delivered = 0
        self.in_flight_max = IN_FLIGHT_BYTES_MIN
        self._answer: int | None = None
        self._base = 0
        self._looked = 0

    def ponged(self, took_us: int) -> None:
        """A ping was answered after `took_us`."""
        self.round_trip = took_us if self.round_trip is None else self.round_trip + (took_us - self.round_trip) // 8

    def left(self, piece: Piece, in_flight: int, now: int) -> None:
        """`piece` goes out now, `in_flight` bytes ahead of it."""
        piece.at = now
        piece.delivered = self.delivered
        piece.thin = (in_flight + piece.weight) * 2 < self.in_flight_max

    def blob_left(self, piece: Piece, in_flight: int, now: int) -> None:
        """`piece` of an attachment goes out now, `in_flight` bytes of it ahead."""
        self.left(piece, in_flight, now)
        piece.blob = True
        piece.looks = self._looks(now)
        piece.thin = in_flight + piece.weight < self._pipe_bytes

    def answered(self, piece: Piece, now: int) -> None:
        """`piece`, the newest that one answer covers, was answered now. `delivered` already counts it."""
        took = max(now - piece.at, 1)
        self._answer = took if self._answer is None else self._answer + (took - self._answer) // 8
        self._see_base(piece, took, now)
        rate = (self.delivered - piece.delivered) * SECOND_US // took
        if rate > self.rate:
            self.rate = rate
        elif not piece.thin:
            self.rate += (rate - self.rate) // 8
        window = 2 * self.rate * max(self._base, RESEND_AFTER_MIN_US) // SECOND_US
        self.in_flight_max = min(max(window, IN_FLIGHT_BYTES_MIN), IN_FLIGHT_BYTES_MAX)

    @property
    def resend_after_us(self) -> int:
        """How long an answer may take before the same is sent on another session."""
        longest = max(self.round_trip or 0, self._answer or 0)
        return max(RESEND_AFTER_MIN_US, 3 * longest) if longest else _RESEND_AFTER_UNMEASURED_US

    def takes_us(self, weight: int) -> int:
        """About how long `weight` bytes take on their way; an unknown path may be a slow modem."""
        return weight * SECOND_US // (self.rate or _RATE_UNMEASURED)

    @property
    def stalled_after_us(self) -> int:
        """How long an answer may take before the session counts as stalled."""
        return max(STALLED_AFTER_MIN_US, 4 * max(self.round_trip or 0, self._answer or 0))

    @property
    def blob_piece_bytes(self) -> int:
        """A piece of an attachment that takes about a quarter of a second, so that a FLASH waits no longer."""
        return min(max(self.rate // 4, BLOB_PIECE_BYTES_MIN), BLOB_PIECE_BYTES_MAX)

    def blob_in_flight_max(self, now: int) -> int:
        """Bytes of an attachment below which a further piece may go: two pieces, or one and a half round trips.

        Two round trips while answers show that nothing waits yet, so that a long path is filled soon; less than one
        when it is time to look at the round trip.
        """
        if self._looks(now):
            most = max(self.blob_piece_bytes, self._pipe_bytes * 3 // 4)
        else:
            half_trips = 4 if (self._answer or 0) < self._base * 5 // 4 else 3
            most = max(2 * self.blob_piece_bytes, self._pipe_bytes * half_trips // 2)
        return min(most, IN_FLIGHT_BYTES_MAX)

    @property
    def _pipe_bytes(self) -> int:
        return self.rate * self._base // SECOND_US

    def _looks(self, now: int) -> bool:
        """Whether no answer has shown the round trip for so long that it must be looked at."""
        return now - self._looked >= max(_LOOK_EVERY_US, _LOOK_EVERY_ROUND_TRIPS * self._base) and self._base > 0

    def _see_base(self, piece: Piece, took: int, now: int) -> None:
        base = self._base
        if piece.looks or not base:
            self._base, self._looked = took, now
        elif took <= base + base // 8:
            self._base, self._looked = min(took, base), now
        elif not piece.blob:
            self._base = min(took, base + base // 64 + 1)


class Piece:
    """Something on the way: `start` to `stop` (entries of a log, bytes of an attachment), `weight` in bytes.

    `at` is when it was sent, over the session whose `meter` it is; `fresh` says that none of it was ever sent
    before, so that its answer measures; `thin` that little was on the way with it. A piece of a `blob` that `looks`
    had so little of the attachment before it that its answer shows the round trip.
    """

    __slots__ = ("at", "blob", "delivered", "fresh", "looks", "meter", "start", "stop", "thin", "weight")

    def __init__(self, start: int, stop: int, weight: int, meter: Meter) -> None:
        self.start = start
        self.stop = stop
        self.weight = weight
        self.meter = meter
        self.fresh = True
        self.at = 0
        self.delivered = 0
        self.thin = False
        self.blob = False
        self.looks = False

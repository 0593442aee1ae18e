"""What one path does in each direction: share of loss, length of bursts, reordering, round trip.

`Inbound` counts what arrives here by the SRTP sequence numbers, and makes the reception of our report. `Outbound`
learns from the peer's reports what became of ours. Nothing is sent only to measure but probes. Times are in
microseconds of one clock; sequence numbers are those of SRTP, which has refused forged and repeated ones before.
"""

from __future__ import annotations

from openline.voice.datagram import Reception
from openline.voice.frame import SEQUENCES, ahead
from openline.voice.redundancy import UNMEASURED, Loss

GRACE = 8
"""A datagram counts as lost when this many later numbers are known; if it comes after all, it is taken back."""

_COUNTERS = 1 << 32
_GRACE_ALL = (1 << GRACE) - 1
_HELD_US_MAX = _COUNTERS - 1
_TIMES_KEPT = 1_024
_BURST_COUNTED_MAX = 16
_FAST, _SLOW = 1 - 2 ** (-1 / 25), 1 - 2 ** (-1 / 400)
_MEASURED_AFTER = 50
_CHANCE = 3.0
_CHANCE_MIN = 0.01


class Inbound:
    """One path towards us. Mutable; owned by its Path.

    `_known` has one bit for each of the GRACE highest numbers, the highest lowest; numbers before the first count as
    known, so that nothing is lost that was never sent. `burst` is the mean length of the last runs of losses.
    """

    __slots__ = ("_highest", "_known", "_missing", "burst", "bursts", "heard", "lost", "received", "reordered")

    def __init__(self) -> None:
        self.received = 0
        self.lost = 0
        self.bursts = 0
        self.reordered = 0
        self.burst = 1.0
        self.heard: int | None = None
        self._highest = 0
        self._known = _GRACE_ALL
        self._missing = 0

    def arrived(self, sequence: int, now: int) -> None:
        """A datagram with this SRTP sequence number (16 bits) came."""
        if self.heard is None:
            self._highest = sequence
        self.received += 1
        by = ahead(sequence, self._highest % SEQUENCES)
        if by > 0:
            self._move(by)
            self._highest += by
        elif by < 0:
            self._came_late(-by)
        if by >= 0:
            self.heard = now

    def reception(self, path: int, heard: bool, now: int) -> Reception:
        """What a report says of this path, which has been heard at least once."""
        assert self.heard is not None
        return Reception(
            path,
            heard,
            self._highest % _COUNTERS,
            self.received % _COUNTERS,
            self.lost % _COUNTERS,
            self.bursts % _COUNTERS,
            min(max(now - self.heard, 0), _HELD_US_MAX),
        )

    def _move(self, by: int) -> None:
        """The highest number rises: the numbers that leave the grace are known or lost, and a gap beyond it is."""
        for place in range(GRACE - 1, max(GRACE - 1 - by, -1), -1):
            self._settle(0 if self._known >> place & 1 else 1)
        if by > GRACE:
            self._settle(by - GRACE)
        self._known = (self._known << by | 1) & _GRACE_ALL if by < GRACE else 1

    def _settle(self, lost: int) -> None:
        if lost:
            self.lost += lost
            self.bursts += not self._missing
            self._missing += lost
        elif self._missing:
            self.burst += (min(self._missing, _BURST_COUNTED_MAX) - self.burst) / 8
            self._missing = 0

    def _came_late(self, behind: int) -> None:
        self.reordered += 1
        if behind < GRACE:
            self._known |= 1 << behind
        elif self.lost:
            self.lost -= 1


class _Shares:
    """Received, lost and bursts of late: the older a datagram, the less it counts."""

    __slots__ = ("_rate", "bursts", "lost", "received")

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self.received = 0.0
        self.lost = 0.0
        self.bursts = 0.0

    def add(self, received: int, lost: int, bursts: int) -> None:
        kept = (1 - self._rate) ** (received + lost)
        self.received = self.received * kept + received
        self.lost = max(self.lost * kept + lost, 0.0)
        self.bursts = self.bursts * kept + bursts

    @property
    def share(self) -> float:
        total = self.received + self.lost
        return self.lost / total if total else 0.0

    @property
    def burst(self) -> float:
        return max(self.lost / self.bursts, 1.0) if self.bursts > 0 else 1.0


class Outbound:
    """One path towards the peer, as its reports tell. Mutable; owned by its Path.

    `heard` is whether the peer hears the path, `unheard_since` since when it says that it does not.
    """

    __slots__ = ("_counted", "_fast", "_last", "_sent", "_slow", "heard", "round_trip_us", "unheard_since")

    def __init__(self) -> None:
        self.heard = True
        self.unheard_since: int | None = None
        self.round_trip_us: int | None = None
        self._sent: dict[int, tuple[int, int]] = {}
        self._last: Reception | None = None
        self._fast, self._slow = _Shares(_FAST), _Shares(_SLOW)
        self._counted = 0

    def sent(self, sequence: int, now: int) -> None:
        """A datagram with this SRTP sequence number (16 bits) goes out now."""
        self._sent[sequence % _TIMES_KEPT] = (sequence, now)

    def told(self, reception: Reception, now: int) -> None:
        """The peer's newest report says this. What was lost while the path was silent is no measure of it."""
        last, self._last = self._last, reception
        was_heard, self.heard = self.heard, reception.heard
        if not reception.heard:
            self.unheard_since = now if self.unheard_since is None else self.unheard_since
            return
        self.unheard_since = None
        if last is None or not was_heard:
            return
        received = (reception.received - last.received) % _COUNTERS
        lost = _signed(reception.lost - last.lost)
        bursts = _signed(reception.bursts - last.bursts)
        if received >= SEQUENCES or not 0 <= received + lost < SEQUENCES or bursts < 0:
            return
        self._counted += received
        for shares in (self._fast, self._slow):
            shares.add(received, lost, bursts)

    def echoed(self, reception: Reception, now: int) -> None:
        """A report that came on this very path says when it last heard us: one round trip, smoothed."""
        sequence, at = self._sent.get(reception.highest % _TIMES_KEPT, (-1, 0))
        took = now - at - reception.held_us
        if sequence != reception.highest % SEQUENCES or took < 0:
            return
        self.round_trip_us = (
            took if self.round_trip_us is None else self.round_trip_us + (took - self.round_trip_us) // 8
        )

    @property
    def loss(self) -> Loss:
        """What the path does to our datagrams: of late, unless the last second is worse than by chance."""
        if self._counted < _MEASURED_AFTER:
            return UNMEASURED
        slow, burst = self._slow.share, self._slow.burst
        spread = (slow * (1 - slow) * (2 * burst - 1) * _FAST / 2) ** 0.5
        fast = self._fast.share
        return Loss(fast if fast > slow + _CHANCE_MIN + _CHANCE * spread else slow, burst)


def _signed(difference: int) -> int:
    """The difference of two counters modulo 2^32, which may have gone down a little."""
    return (difference + _COUNTERS // 2) % _COUNTERS - _COUNTERS // 2

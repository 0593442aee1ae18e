"""What a leg counts of one stream it hears, for the report it owes the sender (RFC 3550 appendix A).

The share reported lost steers the sender: told too much, a browser spends its bits on repairs that nobody needs and
sounds worse. So a number counts as lost only when a whole interval has passed since a higher one came; what comes
late within it was never lost.
"""

from __future__ import annotations

from openline.media.rtcp import Block, middle
from openline.voice.frame import SEQUENCES, TIMESTAMPS, Codec, ahead

CLOCK_HZ = {Codec.OPUS: 48_000, Codec.PCMU: 8_000, Codec.PCMA: 8_000, Codec.G722: 8_000}
"""Timestamps a second (RFC 7587, RFC 3551; G.722 has 8,000 by an old mistake that stays)."""

DROPOUT_MAX = 3_000
"""A stream whose numbers jump by more has begun anew (RFC 3550 A.1)."""

_REPORT_UNITS = 65_536


class Reception:
    """One source, as it is heard. Duplicates never come here: SRTP refuses replays."""

    def __init__(self, source: int, sequence: int) -> None:
        """Begins with the packet `sequence`, which is still to be `heard`."""
        self.source = source
        self.frames = 0
        self._jitter = 0.0
        self._transit: float | None = None
        self._last_report = (0, 0.0)
        self._base = self._highest = self._settled = self._received = self._recent = 0
        self._reported_expected = self._reported_lost = 0
        self._begin(sequence)

    @property
    def lost(self) -> int:
        """How many numbers below the last settled one have never come."""
        return max(0, self._settled - self._base + 1 - (self._received - self._recent))

    def heard(self, sequence: int, timestamp: int, now: float, rate_hz: int) -> None:
        """A packet has come at `now` (s, any steady clock)."""
        step = ahead(sequence, self._highest % SEQUENCES)
        if abs(step) > DROPOUT_MAX:
            self._begin(sequence)
            step = ahead(sequence, self._highest % SEQUENCES)
        number = self._highest + step
        self._highest = max(self._highest, number)
        self._base = min(self._base, number)
        self._received += 1
        self._recent += number > self._settled
        self.frames += 1
        self._tremble(now * rate_hz - timestamp)

    def reported(self, ntp: int, now: float) -> None:
        """The sender has reported at its time `ntp`."""
        self._last_report = (middle(ntp), now)

    def block(self, now: float) -> Block:
        """The report on this source. To be called once an interval: it begins the next one."""
        expected, lost = self._settled - self._base + 1, self.lost
        new, new_lost = expected - self._reported_expected, lost - self._reported_lost
        fraction = min(255, new_lost * 256 // new) if new > 0 and new_lost > 0 else 0
        self._reported_expected, self._reported_lost = expected, lost
        self._settled, self._recent = self._highest, 0
        last, at = self._last_report
        since = int((now - at) * _REPORT_UNITS) & 0xFFFFFFFF if last else 0
        return Block(self.source, fraction, lost, self._highest, int(self._jitter) & 0xFFFFFFFF, last, since)

    def _begin(self, sequence: int) -> None:
        """Nothing is settled yet: the first number is still to be counted."""
        self._base = sequence + SEQUENCES
        self._highest = self._settled = self._base - 1
        self._received = self._recent = 0
        self._reported_expected = self._reported_lost = 0

    def _tremble(self, transit: float) -> None:
        """Smooth how unevenly packets come, in timestamp units (RFC 3550 A.8)."""
        if self._transit is not None:
            uneven = abs(transit - self._transit) % TIMESTAMPS
            self._jitter += (min(uneven, TIMESTAMPS - uneven) - self._jitter) / 16
        self._transit = transit

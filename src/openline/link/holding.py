"""A log as far as we hold it, ours or a peer's: its newest tip, what is offered to the record, where pieces may end.

Sizes and weights only; the entries are the record's. What we own is weighed as it grows (`grow`); older parts and
peers' logs are not, and are cut into runs of BATCH_ENTRIES_MAX entries, since no batch is longer.
"""

from __future__ import annotations

from bisect import bisect_right

from openline.base.limits import BATCH_ENTRIES_MAX
from openline.link.frames import Ack, Tip

_MARKS_MAX = 65_536
_MARKS_BEFORE_FORGETTING = 512
_ENTRY_BYTES_GUESSED = 256


class Holding:
    """One log, `own` or a peer's. Mutable; owned by the engine.

    `offered` is the size the record will have when it accepts all we offered it. `ack` is our newest receipt.
    `_sizes[0]` is where weighing begins; `_totals[n]` are the bytes from there to `_sizes[n]`.
    """

    __slots__ = ("_forget_at", "_sizes", "_totals", "ack", "member", "offered", "own", "size", "tip")

    def __init__(self, tip: Tip, own: bool, weighed_from: int, ack: Ack | None = None) -> None:
        self.own = own
        self.member = tip.member
        self.tip = tip
        self.size = tip.size
        self.offered = tip.size
        self.ack = ack
        self._sizes = [min(weighed_from, tip.size)]
        self._totals = [0]
        self._forget_at = _MARKS_BEFORE_FORGETTING

    def advance(self, tip: Tip) -> None:
        """We hold the log durably up to `tip`, if that is news."""
        if tip.size > self.size:
            self.tip = tip
            self.size = tip.size
            self.offered = max(self.offered, tip.size)

    def grow(self, tip: Tip, size_bytes: int) -> None:
        """Our own log is durable up to `tip`; the part since the checkpoint before weighs `size_bytes`."""
        if tip.size > self.size and self._sizes[-1] != self.size:
            self._sizes, self._totals = [self.size], [0]
        if tip.size > self._sizes[-1]:
            self._sizes.append(tip.size)
            self._totals.append(self._totals[-1] + size_bytes)
            if len(self._sizes) > _MARKS_MAX:
                self._drop(_MARKS_MAX // 2)
        self.advance(tip)

    def cut(self, start: int, bytes_max: int) -> tuple[int, int]:
        """Where a piece from `start` stops, and its weight: as many checkpoints as `bytes_max` has room for, or one."""
        sizes, totals = self._sizes, self._totals
        place = bisect_right(sizes, start) - 1
        if place < 0 or place == len(sizes) - 1:
            stop = min(start + BATCH_ENTRIES_MAX, sizes[0] if place < 0 else self.size)
            return stop, (stop - start) * _ENTRY_BYTES_GUESSED
        before = totals[place]
        last = max(bisect_right(totals, before + bytes_max) - 1, place + 1)
        return sizes[last], totals[last] - before

    def weight(self, start: int, stop: int) -> int:
        """About how many bytes the entries `start` to `stop` are."""
        sizes, totals = self._sizes, self._totals
        if start < sizes[0] or stop > sizes[-1]:
            return (stop - start) * _ENTRY_BYTES_GUESSED
        return totals[bisect_right(sizes, stop) - 1] - totals[bisect_right(sizes, start) - 1]

    def may_forget(self) -> bool:
        """Whether so much is weighed that it pays to call `forget`."""
        return len(self._sizes) > self._forget_at

    def forget(self, below: int) -> None:
        """Every peer holds the log up to `below`: its older checkpoints are not needed to cut pieces."""
        self._drop(max(bisect_right(self._sizes, below) - 1, 0))
        self._forget_at = max(2 * len(self._sizes), _MARKS_BEFORE_FORGETTING)

    def _drop(self, count: int) -> None:
        del self._sizes[:count]
        del self._totals[:count]

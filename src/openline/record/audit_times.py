"""When each entry was written, by signed times alone: the interval an author's clock is held against.

Not after: another party's receipt (or seal) of a size that covers the entry; it had the entry then.
Not before, the latest of: what holds for the entry before it; what holds for the entries it names in `seen` and
refs, for it names hashes nobody could foresee; and its author's own receipt of the log it has seen.

Receipts carry whole seconds, cut off, so one of second t bounds at t from below and at t + 0.999 s from above.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from openline.base.limits import CLOCK_SKEW_WARN_US
from openline.base.time import Instant
from openline.record.verdict import UNKNOWN_MS, Findings, Severity

Receipts = Sequence[tuple[int, int]]
"""Size and time in seconds, in any order."""

_SECOND_MS = 1_000
_TIME_S_MAX = 2**48 // _SECOND_MS
_SKEW_MS = CLOCK_SKEW_WARN_US // 1_000


class Clocks:
    """The three times of every entry of one log. Mutable: entries are added in order, one after the other."""

    def __init__(self, origin: str, size: int, receipts: Iterable[tuple[int, int]]) -> None:
        self.origin = origin
        self.not_before = array("q")
        self.claimed = array("q")
        self.not_after = _not_after(size, _bounded(receipts))
        self._latest = UNKNOWN_MS

    def add(self, claimed_ms: int, after: Iterable[int], findings: Findings) -> None:
        """Add the next entry: what its author's clock said, and the times it cannot precede (-1: no bound)."""
        index = len(self.claimed)
        bound = max((self.not_before[-1] if index else UNKNOWN_MS, *after))
        self.not_before.append(bound)
        self.claimed.append(claimed_ms)
        if claimed_ms == UNKNOWN_MS:
            return
        place = (self.origin, index)
        if claimed_ms < self._latest:
            _tell(findings, "audit-time-backwards", place, claimed_ms, self._latest)
        self._latest = claimed_ms
        limit = self.not_after[index]
        if bound != UNKNOWN_MS and claimed_ms + _SKEW_MS < bound:
            _tell(findings, "audit-time-too-early", place, claimed_ms, bound)
        if limit != UNKNOWN_MS and claimed_ms > limit + _SKEW_MS:
            _tell(findings, "audit-time-too-late", place, claimed_ms, limit)


class Held:
    """When a party held how much of another's log, by its own receipts."""

    def __init__(self, receipts: Receipts) -> None:
        rows = _bounded(receipts)
        self._sizes = [size for size, _ in rows]
        self._times = list(accumulate((time_s for _, time_s in rows), max))

    def since_ms(self, size: int) -> int:
        """A time before which the party did not hold `size` entries; -1 when its receipts do not tell."""
        place = bisect_right(self._sizes, size)
        return self._times[place - 1] * _SECOND_MS if place else UNKNOWN_MS


def held_by(receipts: Mapping[str, Receipts]) -> dict[str, Held]:
    """By party, when it held how much of one log."""
    return {party: Held(rows) for party, rows in receipts.items()}


def _bounded(receipts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """By size, with times that fit an entry's: a receipt may claim any second up to 2^63."""
    return sorted((size, min(time_s, _TIME_S_MAX)) for size, time_s in receipts)


def _not_after(size: int, receipts: Receipts) -> array[int]:
    """For each entry the earliest time of a receipt that covers it, given receipts by size."""
    row = array("q", [UNKNOWN_MS]) * size
    earliest, stop = UNKNOWN_MS, size
    for covered, time_s in reversed(receipts):
        start = min(covered, stop)
        row[start:stop] = array("q", [earliest]) * (stop - start)
        stop = start
        time_ms = time_s * _SECOND_MS + _SECOND_MS - 1
        earliest = time_ms if earliest == UNKNOWN_MS else min(earliest, time_ms)
    row[:stop] = array("q", [earliest]) * stop
    return row


def _tell(findings: Findings, message_id: str, place: tuple[str, int], claimed_ms: int, bound_ms: int) -> None:
    facts = {"time": Instant.from_ms(claimed_ms).rfc3339(), "bound": Instant.from_ms(bound_ms).rfc3339()}
    findings.entry(Severity.NOTE, message_id, place, **facts)

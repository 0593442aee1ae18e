"""When each entry of a dispute pack was written, by signed times alone: the bounds its author's clock is held against.

Not after: the earliest receipt by another party, or seal that is not the owner's own, of a size that covers the entry.
Not before: its author's own receipt of what it had seen of another log, and what holds for the entries of its log
before it. A pack has fewer entries than the record, so it may bound less than a bundle does, never more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openline.base.limits import CLOCK_SKEW_WARN_US
from openline.base.time import Instant
from openline.record.audit_times import Held
from openline.record.packlog import Packed
from openline.record.verdict import UNKNOWN_MS, Findings, Interval, Severity

_SECOND_MS = 1_000
_SKEW_MS = CLOCK_SKEW_WARN_US // 1_000
_TIME_S_MAX = 2**48 // _SECOND_MS


def times_of(log: Packed, held: Mapping[str, Mapping[str, Held]], findings: Findings) -> list[Interval]:
    """The times of the entries of a log, in order. `held` says of each log, by party, when it held how much."""
    after = _not_after(log)
    found, bound, latest = list[Interval](), UNKNOWN_MS, UNKNOWN_MS
    for at, leaf in enumerate(log.leaves):
        place = (log.origin, log.indexes[at])
        if leaf is None:
            found.append(Interval(None, None, _instant(after[at])))
            continue
        seen = (held.get(one.origin, {}).get(log.party) for one in leaf.seen)
        since = (one.since_ms(row.size) for one, row in zip(seen, leaf.seen, strict=True) if one is not None)
        bound = max((bound, *since))
        if leaf.time_ms < latest:
            _tell(findings, "audit-time-backwards", place, leaf.time_ms, latest)
        latest = leaf.time_ms
        if bound != UNKNOWN_MS and leaf.time_ms + _SKEW_MS < bound:
            _tell(findings, "audit-time-too-early", place, leaf.time_ms, bound)
        if after[at] != UNKNOWN_MS and leaf.time_ms > after[at] + _SKEW_MS:
            _tell(findings, "audit-time-too-late", place, leaf.time_ms, after[at])
        found.append(Interval(_instant(bound), leaf.time, _instant(after[at])))
    return found


def _not_after(log: Packed) -> list[int]:
    rows = sorted(log.vouched.by_others(log.origin))
    found, earliest, at = [UNKNOWN_MS] * len(log.indexes), UNKNOWN_MS, len(rows)
    for place in range(len(log.indexes) - 1, -1, -1):
        while at and rows[at - 1][0] > log.indexes[place]:
            at -= 1
            time_ms = min(rows[at][1], _TIME_S_MAX) * _SECOND_MS + _SECOND_MS - 1
            earliest = time_ms if earliest == UNKNOWN_MS else min(earliest, time_ms)
        found[place] = earliest
    return found


def last_receipt(logs: Sequence[Packed], member: int) -> Instant | None:
    """When another party last receipted this log, as far as the pack tells."""
    times = [time_s for rows in logs[member].vouched.receipts.values() for _, time_s in rows]
    return Instant.from_ms(min(max(times), _TIME_S_MAX) * _SECOND_MS) if times else None


def _instant(ms: int) -> Instant | None:
    return None if ms == UNKNOWN_MS else Instant.from_ms(ms)


def _tell(findings: Findings, message_id: str, place: tuple[str, int], claimed_ms: int, bound_ms: int) -> None:
    facts = {"time": Instant.from_ms(claimed_ms).rfc3339(), "bound": Instant.from_ms(bound_ms).rfc3339()}
    findings.entry(Severity.NOTE, message_id, place, **facts)

"""The one order of entries in reports: an entry comes after what its author had seen and after what it refers to.

What that leaves open is settled by author time, then origin, then index, so every member prints the same report.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from heapq import heapify, heappop, heappush

from openline.record.entry import Entry

Place = tuple[str, int]
_Rank = tuple[int, str, int]


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """`entries`, of any logs and in any order, in the order of reports. What is not among them counts as come before.

    A circle (only a forged record has one: each of two entries claims to have seen the other) is cut at the entry
    that comes first by time, origin and index among those next in their logs.
    """
    held = {(entry.origin, entry.index): entry for entry in entries}
    by_log: dict[str, list[int]] = defaultdict(list)
    for origin, index in sorted(held):
        by_log[origin].append(index)
    blockers: dict[Place, set[Place]] = {}
    blocked: dict[Place, list[Place]] = defaultdict(list)
    for place, entry in held.items():
        blockers[place] = set(_before(entry, by_log, held)) - {place}
        for earlier in blockers[place]:
            blocked[earlier].append(place)
    return [held[place] for place in _walk(held, by_log, blockers, blocked)]


def _before(entry: Entry, by_log: dict[str, list[int]], held: dict[Place, Entry]) -> Iterator[Place]:
    """What must stand before `entry`: its predecessor, the last it had seen of each log, and what it refers to."""
    seen = [(row.origin, row.size) for row in entry.leaf.seen]
    for origin, size in [(entry.origin, entry.index), *seen]:
        indexes = by_log.get(origin, [])
        count = bisect_left(indexes, size)
        if count:
            yield origin, indexes[count - 1]
    for ref in entry.leaf.refs:
        if (ref.origin, ref.index) in held:
            yield ref.origin, ref.index


def _walk(
    held: dict[Place, Entry],
    by_log: dict[str, list[int]],
    blockers: dict[Place, set[Place]],
    blocked: dict[Place, list[Place]],
) -> Iterator[Place]:
    ready = [_rank(held[place]) for place in held if not blockers[place]]
    heapify(ready)
    nexts = {origin: iter(indexes) for origin, indexes in by_log.items()}
    heads = {origin: next(indexes) for origin, indexes in nexts.items()}
    while heads:
        if ready:
            _, origin, index = heappop(ready)
        else:
            _, origin, index = min(_rank(held[place]) for place in heads.items())
            blockers[origin, index].clear()
        assert heads[origin] == index, "whatever is ready has its predecessor printed"
        yield origin, index
        following = next(nexts[origin], None)
        if following is None:
            del heads[origin]
        else:
            heads[origin] = following
        for later in blocked[origin, index]:
            if (origin, index) in blockers[later]:
                blockers[later].remove((origin, index))
                if not blockers[later]:
                    heappush(ready, _rank(held[later]))


def _rank(entry: Entry) -> _Rank:
    return entry.leaf.time_ms, entry.origin, entry.index

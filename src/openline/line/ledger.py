"""The silence ledger: every silence of the line, what each side says of it, and where they differ (R5, R71).

Statements whose times meet are one silence. Each side's own begin, end and cause stand beside each other; where only
some sides state that the line was silent, that is a gap, and says whose statement is missing. Nothing is averaged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from openline.line.book import Book
from openline.line.check import Date, dates, missed, skipped
from openline.line.silence import Silences, Silent
from openline.record.entry import Mark

Span = tuple[int, int]
"""From (inclusive) to (exclusive), in milliseconds."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of a silence that only the members `told_by` state."""

    begin_ms: int
    end_ms: int
    told_by: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Episode:
    """One silence: the statements whose times meet, in order, and what they leave open.

    `end_ms` is None while some statement lasts; `silent_parties` (member numbers) have stated nothing of it.
    """

    begin_ms: int
    end_ms: int | None
    told: tuple[Silent, ...]
    gaps: tuple[Gap, ...]
    silent_parties: tuple[int, ...]


def ledger(book: Book, since_ms: int, until_ms: int, mark: Mark = Mark.OPERATION) -> list[Episode]:
    """The silences that touch the time from `since_ms` to before `until_ms`, by their beginning.

    A statement that lasts is taken to reach `until_ms`.
    """
    rows = [row for row in book.state(Silences).by_place.values() if row.mark is mark and row.since_ms < until_ms]
    rows.sort(key=lambda row: (row.since_ms, row.origin, row.index))
    found = [_episode(book, group, until_ms) for group in _meeting(rows, until_ms)]
    return [row for row in found if row.end_ms is None or row.end_ms >= since_ms]


def skipped_dates(book: Book, since_ms: int, until_ms: int, mark: Mark = Mark.OPERATION) -> list[Date]:
    """The checks of a period that every party has said are skipped: no silence, by agreement (R8)."""
    return [date for date in dates(book, mark, since_ms, until_ms) if skipped(book, date)]


def missed_dates(book: Book, since_ms: int, until_ms: int, mark: Mark = Mark.OPERATION) -> list[Date]:
    """The checks of a period that some party says were missed, and that were not skipped by agreement."""
    return [date for date in dates(book, mark, since_ms, until_ms) if missed(book, date)]


def span_of(row: Silent, until_ms: int) -> Span:
    """From when to when a statement reaches; one that lasts reaches `until_ms`. Never less than nothing."""
    end = until_ms if row.until_ms is None else row.until_ms
    return row.since_ms, max(end, row.since_ms)


def union(spans: Iterable[Span]) -> list[Span]:
    """The same time without overlaps, in order."""
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined


def within_ms(spans: Iterable[Span], begin_ms: int, end_ms: int) -> int:
    """How much of the time from `begin_ms` to `end_ms` the spans cover together."""
    return sum(max(min(end, end_ms) - max(begin, begin_ms), 0) for begin, end in union(spans))


def _meeting(rows: Sequence[Silent], until_ms: int) -> Iterator[list[Silent]]:
    """Rows in order of their beginning, gathered where one begins before an earlier one has ended."""
    group: list[Silent] = []
    reach = 0
    for row in rows:
        if group and row.since_ms > reach:
            yield group
            group = []
        reach = max(reach if group else 0, span_of(row, until_ms)[1])
        group.append(row)
    if group:
        yield group


def _episode(book: Book, told: Sequence[Silent], until_ms: int) -> Episode:
    by_member: dict[int, list[Span]] = {}
    for row in told:
        by_member.setdefault(book.number(row.origin), []).append(span_of(row, until_ms))
    lasts = any(row.until_ms is None for row in told)
    spans = [span for each in by_member.values() for span in each]
    quiet = tuple(member for member in range(len(book.members)) if member not in by_member)
    return Episode(
        begin_ms=min(begin for begin, _ in spans),
        end_ms=None if lasts else max(end for _, end in spans),
        told=tuple(told),
        gaps=tuple(_gaps(by_member, len(book.members))),
        silent_parties=quiet,
    )


def _gaps(by_member: dict[int, list[Span]], members: int) -> Iterator[Gap]:
    """The parts that some state and not all, each as long as it can be."""
    cuts = sorted({cut for spans in by_member.values() for span in spans for cut in span})
    open_gap: Gap | None = None
    for begin, end in pairwise(cuts):
        told_by = tuple(
            member
            for member, spans in sorted(by_member.items())
            if any(first <= begin and end <= last for first, last in spans)
        )
        if open_gap is not None and open_gap.end_ms == begin and open_gap.told_by == told_by:
            open_gap = Gap(open_gap.begin_ms, end, told_by)
            continue
        if open_gap is not None:
            yield open_gap
        open_gap = Gap(begin, end, told_by) if told_by and len(told_by) < members else None
    if open_gap is not None:
        yield open_gap

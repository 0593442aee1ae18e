"""Calls for the monthly line report: rung by whom, answered by whom, and how fast. Every member computes the same."""

from __future__ import annotations

from collections.abc import Iterator

from openline.line.book import Book
from openline.line.ids import party_of
from openline.line.report import CallsRow, Month, speed
from openline.record.entry import Mark
from openline.voice.call import Calls


def calls_of(book: Book, month: Month, mark: Mark) -> list[CallsRow]:
    """The calls of a month, by who rang and who was rung. A party that rang does not answer itself."""
    return list(_rows(book, month, mark))


def _rows(book: Book, month: Month, mark: Mark) -> Iterator[CallsRow]:
    calls = [call for call in book.state(Calls).by_place.values() if call.mark is mark and month.has(call.time_ms)]
    for one in range(len(book.members)):
        rung = [call for call in calls if call.member == one]
        for other in range(len(book.members)):
            if rung and other != one:
                times = [max(call.answered_ms[other] - call.time_ms, 0) for call in rung if other in call.answered_ms]
                names = party_of(book.members[one]), party_of(book.members[other])
                yield CallsRow(*names, len(rung), speed(times))

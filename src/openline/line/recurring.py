"""Calls that recur: asked for and accepted like any call, and each of their dates was kept, skipped, or is ahead (R44).

A request for a call may recur: its window is that of the first date, and `every_ms` later comes the next one. It is
agreed with whoever has accepted it, from then until it answers otherwise or the request is withdrawn. A date is kept
by a contact of these parties at this level that may have begun in its window; one contact keeps one date.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from openline.base.time import DAY_US, HOUR_US, Instant
from openline.line.book import Book
from openline.line.callrequest import Request, Requests, RequestState
from openline.line.contact import stands
from openline.line.history import Held, Question, contacts
from openline.line.ids import party_of
from openline.line.item import Relation

_DAY_MS, _HOUR_MS = DAY_US // 1000, HOUR_US // 1000

Span = tuple[int, int | None]
"""From when (ms) until before when; without an end so far."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A contact every `every_us` that begins within `window_us` of its date: `first`, and on until `until`."""

    first: Instant
    window_us: int
    every_us: int
    until: Instant | None = None

    def __post_init__(self) -> None:
        assert 0 < self.window_us <= self.every_us, "dates do not overlap"

    def due(self, number: int) -> Instant:
        """When the window of a date begins; the first is number 1."""
        return self.first.plus((number - 1) * self.every_us)

    def numbers(self, now: Instant, count: int) -> range:
        """The numbers of the newest `count` dates that have begun, and of the next one."""
        newest = max(0, (now - self.first) // self.every_us + 1)
        last = newest + 1
        if self.until is not None:
            last = min(last, -((self.first - self.until) // self.every_us))
        return range(max(1, last - count), last + 1)


class Kept(Enum):
    """What became of a date."""

    KEPT = "kept"
    SKIPPED = "skipped"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Slot:
    """One date of a recurrence, its number from 1 on, and the contact that kept it."""

    number: int
    due: Instant
    kept: Kept
    held: Held | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """A request that recurs, with one party, and when that party had accepted it, by its own clock."""

    book: Book
    request: Request
    member: int
    agreed: tuple[Span, ...]

    @property
    def recurrence(self) -> Recurrence:
        """Its dates."""
        request = self.request
        assert request.from_ms is not None
        assert request.until_ms is not None
        assert request.every_ms is not None
        return Recurrence(
            Instant.from_ms(request.from_ms),
            (request.until_ms - request.from_ms) * 1000,
            request.every_ms * 1000,
            None if request.last_ms is None else Instant.from_ms(request.last_ms),
        )

    @property
    def question(self) -> Question:
        """Which contacts keep its dates."""
        request, members = self.request, self.book.members
        parties = frozenset({party_of(members[request.member]), party_of(members[self.member])})
        return Question(level=request.level, parties=parties, mark=request.mark)

    def holds(self, slot: Slot) -> bool:
        """Whether a date was agreed: accepted before its window was over, and not given up before it began."""
        begin, end = slot.due.ms, slot.due.plus(self.recurrence.window_us).ms
        return any(since < end and (until is None or begin < until) for since, until in self.agreed)


def slots(books: Sequence[Book], question: Question, recurrence: Recurrence, now: Instant, count: int) -> list[Slot]:
    """The newest `count` dates up to `now`, and the next one. A date is skipped once its window is over."""
    found: list[Slot] = []
    used: set[str] = set()
    numbers = recurrence.numbers(now, count)
    held_then = _between(books, question, recurrence, numbers)
    began = [held.began.ms for held in held_then]
    for number in numbers:
        due = recurrence.due(number)
        end = due.plus(recurrence.window_us)
        near = held_then[bisect_left(began, due.ms - _DAY_MS) : bisect_left(began, end.ms + _HOUR_MS)]
        rows = [held for held in near if _may_be(held, due, end) and f"{held.line}/{held.id}" not in used]
        kept = Kept.KEPT if rows else Kept.SKIPPED if now >= end else Kept.AHEAD
        used |= {f"{held.line}/{held.id}" for held in rows[:1]}
        found.append(Slot(number, due, kept, rows[0] if rows else None))
    return found


def agreements(book: Book) -> Iterator[Agreement]:
    """Every request of a line that recurs, with each party that has ever accepted it, the oldest first."""
    recurring = (request for request in book.state(Requests).by_place.values() if request.every_ms is not None)
    for request in sorted(recurring, key=lambda request: (request.time_ms, request.place)):
        for member in sorted(request.answers):
            spans = tuple(_agreed(book, request, member))
            if spans:
                yield Agreement(book, request, member, spans)


def dates(books: Sequence[Book], agreement: Agreement, now: Instant, count: int) -> list[Slot]:
    """The dates of a recurring call that were agreed."""
    found = slots(books, agreement.question, agreement.recurrence, now, count)
    return [slot for slot in found if agreement.holds(slot)]


def _between(books: Sequence[Book], question: Question, recurrence: Recurrence, numbers: range) -> list[Held]:
    """The contacts that may have begun in the window of one of these dates, by when they began."""
    if not numbers:
        return []
    since = Instant(max(0, recurrence.due(numbers[0]) - DAY_US))
    until = recurrence.due(numbers[-1]).plus(recurrence.window_us + HOUR_US)
    asked = Question(level=question.level, parties=question.parties, since=since, until=until, mark=question.mark)
    return contacts(books, asked)


def _may_be(held: Held, begin: Instant, end: Instant) -> bool:
    """Whether a contact may have begun in a window, as exactly as that is known."""
    first, after = held.anchor.began.span
    return first < end.ms and begin.ms < after


def _agreed(book: Book, request: Request, member: int) -> Iterator[Span]:
    since: int | None = None
    for row in request.answers[member]:
        if row.state is RequestState.ACCEPTED:
            since = row.time_ms if since is None else since
        elif since is not None:
            yield since, row.time_ms
            since = None
    if since is not None:
        yield since, _withdrawn_ms(book, request)


def _withdrawn_ms(book: Book, request: Request) -> int | None:
    item = book.item_at(*request.place)
    if item is None or stands(book, request.place):
        return None
    return min((link.time_ms for link in item.linked(Relation.CANCELLATION)), default=None)

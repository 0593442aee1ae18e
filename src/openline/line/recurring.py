"""Contacts that recur: a recurrence is a value, and each of its dates was kept, skipped, or is still to come (R44)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from msgspec.structs import replace

from openline.base.time import Instant
from openline.line.book import Book
from openline.line.history import Held, Question, contacts


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A contact every `every_us` from `first` on, before `until`; within `tolerance_us` either side keeps a date."""

    first: Instant
    every_us: int
    tolerance_us: int
    until: Instant | None = None

    def __post_init__(self) -> None:
        assert 0 <= 2 * self.tolerance_us < self.every_us, "a contact can keep one date only"


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


def slots(books: Sequence[Book], question: Question, recurrence: Recurrence, now: Instant) -> list[Slot]:
    """Every date up to `now` and the next one. A date is skipped once its tolerance is over without a contact."""
    found: list[Slot] = []
    due, number = recurrence.first, 1
    while recurrence.until is None or due < recurrence.until:
        rows = contacts(
            books,
            replace(
                question, since=_plus(due, -recurrence.tolerance_us), until=_plus(due, recurrence.tolerance_us + 1000)
            ),
        )
        over = now > due.plus(recurrence.tolerance_us)
        kept = Kept.KEPT if rows else Kept.SKIPPED if over else Kept.AHEAD
        found.append(Slot(number, due, kept, rows[0] if rows else None))
        if due > now:
            break
        due, number = due.plus(recurrence.every_us), number + 1
    return found


def _plus(moment: Instant, us: int) -> Instant:
    return Instant(max(0, moment + us))

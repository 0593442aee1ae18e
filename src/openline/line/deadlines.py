"""How long each precedence gives: by the charter in force when an entry was written, else as the node is configured.

An older entry keeps the clock it was written under: a new charter never makes anything late, or not late, afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from openline.base.time import HOUR_US, MINUTE_US, Instant
from openline.line.book import Book
from openline.line.clause import DueTerms
from openline.line.force import Charters, in_force, spells_of
from openline.record.entry import Mark, Precedence


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The window of each precedence, and how long an answer to a test may take; microseconds."""

    flash_us: int = 10 * MINUTE_US
    immediate_us: int = 30 * MINUTE_US
    priority_us: int = 3 * HOUR_US
    routine_us: int = 6 * HOUR_US
    test_answer_us: int = 5 * MINUTE_US

    def window_us(self, precedence: Precedence) -> int:
        """The full window of a precedence."""
        return (self.flash_us, self.immediate_us, self.priority_us, self.routine_us)[precedence]


STANDARD = Deadlines()


def deadlines_at(book: Book, at: Instant, mark: Mark, default: Deadlines) -> Deadlines:
    """What holds for an entry of this time and mark; `default` is the configuration, where no charter is in force."""
    row = in_force(book, at, mark)
    return default if row is None else _chartered(row.due, default)


def shortest(book: Book, default: Deadlines) -> Deadlines:
    """For each precedence the shortest window there ever was: nothing of the book is due before that."""
    found = [default]
    for mark in book.state(Charters).agreed:
        found += [_chartered(spell.charter.due, default) for spell in spells_of(book, mark)]
    return Deadlines(*(min(getattr(one, field.name) for one in found) for field in fields(Deadlines)))


def _chartered(due: DueTerms, default: Deadlines) -> Deadlines:
    return replace(
        default,
        flash_us=due.flash * MINUTE_US,
        immediate_us=due.immediate * MINUTE_US,
        priority_us=due.priority * MINUTE_US,
        routine_us=due.routine * MINUTE_US,
    )

"""Which line checks are due, late, missed or skipped, by fixed Zulu times; and whose presence is overdue (R3, R8, R85).

Pure: the schedule is a value (the configuration's, or the charter's), the rest is in the book. What a node says of
itself by it, `check_duties`, is said once: as soon as it is in the book nothing is left to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise

from openline.base.errors import UsageError
from openline.base.limits import CHECKS_TOLD_AGAIN_US
from openline.base.machine import advance
from openline.base.time import DAY_US, HOUR_US, MINUTE_US, Instant
from openline.line.book import Book
from openline.line.check import Checks, Form, Word, draft_of_miss, kept, skipped, word_of
from openline.line.force import changes_within, in_force
from openline.line.status import LineState, declared
from openline.record.entry import Draft, Mark

_TIME = re.compile(r"([01][0-9]|2[0-3])([0-5][0-9])Z\Z")


class Slot(Enum):
    """How the check of a date stands."""

    AHEAD = "ahead"
    DUE = "due"
    LATE = "late"
    MISSED = "missed"
    SKIPPED = "skipped"
    KEPT = "kept"


class Passing(Enum):
    """What moves the check of a date: three times that pass, and what the parties do."""

    BEGINS = "may be made"
    ENDS = "late from now on"
    OVER = "waited for long enough"
    AGREED = "skip agreed"
    MADE = "made and answered"


SLOTS: Mapping[tuple[Slot, Passing], Slot] = {
    (Slot.AHEAD, Passing.BEGINS): Slot.DUE,
    (Slot.DUE, Passing.ENDS): Slot.LATE,
    (Slot.LATE, Passing.OVER): Slot.MISSED,
    (Slot.AHEAD, Passing.AGREED): Slot.SKIPPED,
    (Slot.DUE, Passing.AGREED): Slot.SKIPPED,
    (Slot.LATE, Passing.AGREED): Slot.SKIPPED,
    (Slot.MISSED, Passing.AGREED): Slot.SKIPPED,
    (Slot.AHEAD, Passing.MADE): Slot.KEPT,
    (Slot.DUE, Passing.MADE): Slot.KEPT,
    (Slot.LATE, Passing.MADE): Slot.KEPT,
    (Slot.MISSED, Passing.MADE): Slot.KEPT,
    (Slot.SKIPPED, Passing.MADE): Slot.KEPT,
}
"""What was done comes first, then what was agreed, then what the clock says. A SKIP taken back was never agreed."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Checks at `times_us` after 0000Z, of each of `forms`. It may be made `early_us` before, is late from `late_us`
    after, and missed from `over_us` after. An officer on watch gives a sign every `presence_us`; 0: never asked.
    """

    times_us: tuple[int, ...] = (6 * HOUR_US, 18 * HOUR_US)
    forms: tuple[Form, ...] = (Form.TEXT, Form.VOICE)
    early_us: int = 15 * MINUTE_US
    late_us: int = 15 * MINUTE_US
    over_us: int = HOUR_US
    presence_us: int = 30 * MINUTE_US


STANDARD = Schedule()


@dataclass(frozen=True, slots=True)
class Watchkeeping:
    """What a node goes by: its own schedule, where there is no charter; since when it runs; each desk's last sign."""

    schedule: Schedule
    since: Instant
    signs: Mapping[str, Instant] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Due:
    """The check of one form at one date."""

    form: Form
    due: Instant
    slot: Slot


def time_of_day(text: str) -> int:
    """Microseconds after midnight of a time such as `0600Z`. Raises UsageError."""
    match = _TIME.match(text)
    if match is None:
        raise UsageError("check-time-wrong", time=text)
    return int(match[1]) * HOUR_US + int(match[2]) * MINUTE_US


def due_dates(schedule: Schedule, since: Instant, until: Instant) -> Iterator[Instant]:
    """Every date from `since` to before `until`, in order."""
    day = since - since % DAY_US
    while day < until:
        yield from (Instant(day + time) for time in sorted(set(schedule.times_us)) if since <= day + time < until)
        day += DAY_US


def dates(
    book: Book, default: Schedule, since: Instant, until: Instant, mark: Mark
) -> Iterator[tuple[Instant, Schedule]]:
    """Every date from `since` to before `until` with the schedule it is of, by the charter then in force."""
    moments = [since, *changes_within(book, mark, since, until), until]
    for begin, end in pairwise(moments):
        schedule = schedule_at(book, begin, mark, default)
        yield from ((due, schedule) for due in due_dates(schedule, begin, end))


def schedule_at(book: Book, at: Instant, mark: Mark, default: Schedule) -> Schedule:
    """The schedule that holds at a moment: of the charter in force, else `default`, the node's own."""
    row = in_force(book, at, mark)
    if row is None:
        return default
    terms = row.checks
    return Schedule(
        times_us=tuple(minute * MINUTE_US for minute in terms.times),
        forms=tuple(map(Form, terms.forms)),
        early_us=terms.early * MINUTE_US,
        late_us=terms.late * MINUTE_US,
        over_us=terms.over * MINUTE_US,
        presence_us=terms.presence * MINUTE_US,
    )


def slot(book: Book, schedule: Schedule, form: Form, due: Instant, now: Instant, mark: Mark = Mark.OPERATION) -> Slot:
    """How the check of a date stands, from the book and the clock: the table walked in the order of its events."""
    date = (mark, form, due.ms)
    ended = now > due.plus(schedule.late_us)
    passed = {
        Passing.BEGINS: now >= due.plus(-schedule.early_us),
        Passing.ENDS: ended,
        Passing.OVER: ended and now >= due.plus(schedule.over_us),
        Passing.AGREED: skipped(book, date),
        Passing.MADE: kept(book, date),
    }
    state = Slot.AHEAD
    for what in Passing:
        if passed[what]:
            state = advance(SLOTS, state, what)
    return state


def checks_around(book: Book, schedule: Schedule, now: Instant, mark: Mark = Mark.OPERATION) -> list[Due]:
    """The checks of the day before and the day after `now`, in order; `schedule` where no charter is in force."""
    found = dates(book, schedule, Instant(max(now - DAY_US, 0)), now.plus(DAY_US), mark)
    return [Due(form, due, slot(book, by, form, due, now, mark)) for due, by in found for form in by.forms]


def watch_duties(
    book: Book, keeping: Watchkeeping, now: Instant, desk: str, mark: Mark = Mark.OPERATION
) -> list[Draft]:
    """What our node has to say of checks and of officers on watch now; nothing while we are under EMCON."""
    if declared(book, book.me, mark).state is LineState.EMCON:
        return []
    return [*check_duties(book, keeping, now, desk, mark), *presence_duties(book, keeping, now, desk, mark)]


def check_duties(
    book: Book, keeping: Watchkeeping, now: Instant, desk: str, mark: Mark = Mark.OPERATION
) -> Iterator[Draft]:
    """That a check was missed, once for each that we have not spoken of; nothing of what was due before we ran."""
    begin = Instant(max(keeping.since, now - CHECKS_TOLD_AGAIN_US))
    me = book.number(book.me)
    for due, schedule in dates(book, keeping.schedule, begin, now, mark):
        for form in schedule.forms:
            silent = word_of(book, (mark, form, due.ms), me) is Word.NOTHING
            if silent and slot(book, schedule, form, due, now, mark) is Slot.MISSED:
                yield draft_of_miss(form, due.ms, desk, mark)


def presence_duties(
    book: Book, keeping: Watchkeeping, now: Instant, desk: str, mark: Mark = Mark.OPERATION
) -> Iterator[Draft]:
    """That an officer on watch gave no sign, once for each absence."""
    schedule = schedule_at(book, now, mark, keeping.schedule)
    me = book.number(book.me)
    told = {(row.desk, row.due_ms) for row in book.state(Checks).absences if (row.member, row.mark) == (me, mark)}
    for name, sign in sorted(keeping.signs.items()):
        due = sign.plus(schedule.presence_us)
        if schedule.presence_us and due.plus(schedule.late_us) <= now and (name, due.ms) not in told:
            yield draft_of_miss(Form.PRESENCE, due.ms, desk, mark, by=name)

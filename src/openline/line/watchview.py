"""How the watch is shown: handovers, checks, absences and who owns what; and the silence ledger. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import msgspec

from openline.base.time import Instant
from openline.line.book import Book
from openline.line.charterview import CharterRow, charter_rows
from openline.line.check import CallUp, Checks, Date, answer, took_ms
from openline.line.handover import Handovers, HandoverState, Turn, owner, still_missing, to_hand_over, unowned
from openline.line.ids import party_of
from openline.line.ledger import Episode, ledger, missed_dates, skipped_dates
from openline.line.report import ChecksRow, check_rows
from openline.line.schedule import Schedule, checks_around
from openline.line.silence import Silent
from openline.line.view import Time, moment
from openline.record.entry import Mark

_FOR_EVER_MS = 2**53

R = TypeVar("R", Turn, CallUp)


class HandoverView(msgspec.Struct, frozen=True):
    """One handover. `missing` must be accepted before it can be taken; for `left_out` items the list has no room."""

    id: str
    party: str
    desk: str
    by: str
    to: str
    mark: str
    state: str
    offered: Time
    listed: tuple[str, ...]
    accepted: tuple[str, ...]
    missing: tuple[str, ...]
    left_out: int
    closed_by: str | None
    closed: Time | None


class CheckAnswerView(msgspec.Struct, frozen=True):
    """How one party has answered a call-up."""

    party: str
    by: str
    time: Time
    took_ms: int


class CheckView(msgspec.Struct, frozen=True):
    """One call-up and its answers."""

    id: str
    form: str
    party: str
    by: str
    mark: str
    time: Time
    due: Time | None
    answers: tuple[CheckAnswerView, ...]


class DateView(msgspec.Struct, frozen=True):
    """The check of one form at one date, and how it stands: ahead, due, late, missed, skipped, kept."""

    form: str
    due: Time
    state: str


class AbsenceView(msgspec.Struct, frozen=True):
    """An officer on watch who gave no sign by `due`."""

    id: str
    party: str
    desk: str
    due: Time


class OwnedView(msgspec.Struct, frozen=True):
    """An open item, and who answers for it on our side; None while nobody has accepted or taken it."""

    id: str
    precedence: str
    owner: str | None


class WatchLogView(msgspec.Struct, frozen=True):
    """The watch of a line under one mark, newest first. `unowned` are open FLASHes without an owner on our side.

    `scores` are the call-ups on record, by who asked and who answered.
    """

    line: str
    mark: str
    dates: tuple[DateView, ...]
    open: tuple[OwnedView, ...]
    unowned: tuple[str, ...]
    handovers: tuple[HandoverView, ...]
    checks: tuple[CheckView, ...]
    absences: tuple[AbsenceView, ...]
    scores: tuple[ChecksRow, ...]


class ToldView(msgspec.Struct, frozen=True):
    """One party's statement of a silence: whose, about whom, why, from when, until when."""

    id: str
    party: str
    about: str
    cause: str
    begin: Time
    end: Time | None


class GapView(msgspec.Struct, frozen=True):
    """A part of a silence that only some parties state."""

    begin: Time
    end: Time
    told_by: tuple[str, ...]


class EpisodeView(msgspec.Struct, frozen=True):
    """One silence. `not_stated` are the parties that have said nothing of it."""

    begin: Time
    end: Time | None
    told: tuple[ToldView, ...]
    gaps: tuple[GapView, ...]
    not_stated: tuple[str, ...]


class LedgerView(msgspec.Struct, frozen=True):
    """The silences of a line in a period, the checks skipped by agreement or missed, and the charters in force then."""

    line: str
    mark: str
    silences: tuple[EpisodeView, ...]
    skipped: tuple[DateView, ...]
    missed: tuple[DateView, ...]
    charters: tuple[CharterRow, ...] = ()


def watch_log(book: Book, schedule: Schedule, now: Instant, mark: Mark, count: int) -> WatchLogView:
    """The watch of a line: what is due, what is open and whose, and the newest `count` of each kind of entry."""
    checks = book.state(Checks)
    me = book.number(book.me)
    handovers = [turn for turn in book.state(Handovers).by_place.values() if turn.mark is mark]
    call_ups = [row for row in checks.call_ups.values() if row.mark is mark]
    absences = [row for row in checks.absences if row.mark is mark]
    return WatchLogView(
        line=book.line,
        mark=mark.name,
        dates=tuple(
            DateView(row.form.name.lower(), moment(row.due), row.slot.value)
            for row in checks_around(book, schedule, now, mark)
        ),
        open=tuple(_owned(book, me, mark)),
        unowned=tuple(_label(book, item.member, item.index) for item in unowned(book, me, mark)),
        handovers=tuple(handover_view(book, turn) for turn in _newest(handovers, count)),
        checks=tuple(_check(book, row) for row in _newest(call_ups, count)),
        absences=tuple(
            AbsenceView(_label(book, row.member, row.index), _party(book, row.member), row.desk, _time(row.due_ms))
            for row in sorted(absences, key=lambda row: (row.due_ms, row.member, row.index), reverse=True)[:count]
        ),
        scores=tuple(check_rows(book, mark, 0, _FOR_EVER_MS)),
    )


def handover_view(book: Book, turn: Turn) -> HandoverView:
    """One handover."""
    missing = still_missing(book, turn) if turn.state is HandoverState.OFFERED else turn.missing
    return HandoverView(
        id=_label(book, *turn.place),
        party=_party(book, turn.member),
        desk=turn.desk,
        by=turn.name,
        to=turn.to,
        mark=turn.mark.name,
        state=turn.state.value,
        offered=_time(turn.time_ms),
        listed=tuple(_label(book, *place) for place in turn.listed),
        accepted=tuple(_label(book, *place) for place in sorted(turn.accepted)),
        missing=tuple(_label(book, *place) for place in missing),
        left_out=turn.left_out,
        closed_by=None if turn.closed is None else turn.closed[1],
        closed=None if turn.closed is None else _time(turn.closed[2]),
    )


def ledger_view(book: Book, since_ms: int, until_ms: int, mark: Mark) -> LedgerView:
    """The silence ledger of a period."""
    return LedgerView(
        line=book.line,
        mark=mark.name,
        silences=tuple(_episode(book, row) for row in ledger(book, since_ms, until_ms, mark)),
        skipped=_dates(skipped_dates(book, since_ms, until_ms, mark), "skipped"),
        missed=_dates(missed_dates(book, since_ms, until_ms, mark), "missed"),
        charters=tuple(charter_rows(book, mark, since_ms, until_ms)),
    )


def _newest(rows: Sequence[R], count: int) -> list[R]:
    return sorted(rows, key=lambda row: (row.time_ms, row.member, row.index), reverse=True)[:count]


def _owned(book: Book, me: int, mark: Mark) -> Iterator[OwnedView]:
    for item in to_hand_over(book, mark)[0]:
        found = owner(book, me, item)
        name = item.precedence.name if item.precedence is not None else "-"
        yield OwnedView(_label(book, item.member, item.index), name, None if found is None else found.name)


def _check(book: Book, row: CallUp) -> CheckView:
    facts = [answer(book, row, member) for member in range(len(book.members)) if member != row.member]
    answers = tuple(
        CheckAnswerView(_party(book, fact.member), fact.by, moment(fact.time), took_ms(row, fact))
        for fact in facts
        if fact is not None
    )
    due = None if row.due_ms is None else _time(row.due_ms)
    party, label = _party(book, row.member), _label(book, *row.place)
    return CheckView(label, row.form.name.lower(), party, row.by, row.mark.name, _time(row.time_ms), due, answers)


def _episode(book: Book, row: Episode) -> EpisodeView:
    return EpisodeView(
        begin=_time(row.begin_ms),
        end=None if row.end_ms is None else _time(row.end_ms),
        told=tuple(_told(book, one) for one in row.told),
        gaps=tuple(
            GapView(_time(gap.begin_ms), _time(gap.end_ms), tuple(_party(book, member) for member in gap.told_by))
            for gap in row.gaps
        ),
        not_stated=tuple(_party(book, member) for member in row.silent_parties),
    )


def _told(book: Book, row: Silent) -> ToldView:
    cause = row.cause.name.lower().replace("_", "-")
    end = None if row.until_ms is None else _time(row.until_ms)
    return ToldView(book.label(row.origin, row.index), party_of(row.origin), row.peer, cause, _time(row.since_ms), end)


def _dates(dates: Sequence[Date], state: str) -> tuple[DateView, ...]:
    return tuple(DateView(form.name.lower(), _time(due_ms), state) for _, form, due_ms in dates)


def _label(book: Book, member: int, index: int) -> str:
    return book.label(book.members[member], index)


def _party(book: Book, member: int) -> str:
    return party_of(book.members[member])


def _time(time_ms: int) -> Time:
    return moment(Instant.from_ms(time_ms))

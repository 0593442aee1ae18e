"""The monthly line report: figures that every member computes alike from the shared record, to the same bytes (R9).

A report names the sizes of the logs it was computed at; whoever holds these entries computes these bytes, in whatever
order they arrived. So it has nothing that one node alone knows: no paths, no configuration, no clock of the reader. An
entry belongs to the month of its author's time. What is exercise or test stands in a section of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from statistics import median_low

import msgspec

from openline.base.errors import UsageError
from openline.base.time import DAY_US, SECOND_US, Instant
from openline.line.book import Book
from openline.line.charterview import CharterRow, charter_rows
from openline.line.check import CallUp, Checks, Form, answer, dates, kept, missed, skipped, took_ms
from openline.line.ids import party_of
from openline.line.item import Item, Stage
from openline.line.ledger import Span, span_of, within_ms
from openline.line.linetest import Trial, Trials
from openline.line.message import MESSAGE
from openline.line.silence import Silences, Silent
from openline.record.entry import Entry, Mark, Precedence

FORMAT = "openline.report/1"

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])\Z")
_DAY_MS = DAY_US // 1000


class Speed(msgspec.Struct, frozen=True):
    """How many, and how fast in milliseconds: the lower median and the worst; None where there was none."""

    count: int
    median_ms: int | None = None
    worst_ms: int | None = None


class KindRow(msgspec.Struct, frozen=True):
    """How many entries of a kind each party has made."""

    kind: str
    by: dict[str, int]


class TestsRow(msgspec.Struct, frozen=True):
    """Tests by one party as another has answered them; `garbled` answers show that the text did not arrive whole."""

    asked_by: str
    answered_by: str
    made: int
    garbled: int
    answers: Speed


class ChecksRow(msgspec.Struct, frozen=True):
    """Call-ups of one form by one party, as another has answered them."""

    form: str
    asked_by: str
    answered_by: str
    made: int
    answers: Speed


class DatesRow(msgspec.Struct, frozen=True):
    """What the record says of the dates of one form of check."""

    form: str
    kept: int
    skipped: int
    missed: int


class SilenceRow(msgspec.Struct, frozen=True):
    """Silences of one cause, as one party states them of another, and how long within the month."""

    cause: str
    told_by: str
    about: str
    count: int
    lasting: int
    total_ms: int
    longest_ms: int


class StageRow(msgspec.Struct, frozen=True):
    """Of the messages of one precedence by one party: how many reached a stage at another, and how fast."""

    precedence: str
    sent_by: str
    stated_by: str
    sent: int
    stages: dict[str, Speed]


class CallsRow(msgspec.Struct, frozen=True):
    """Calls rung by one party, as another has answered them."""

    rung_by: str
    answered_by: str
    made: int
    answers: Speed


class DayRow(msgspec.Struct, frozen=True):
    """One day of the month, for the plots. `silent_ms` is when any party states a silence."""

    tests: int
    answers: int
    worst_answer_ms: int | None
    messages: int
    silent_ms: int


class Section(msgspec.Struct, frozen=True):
    """Everything of one mark."""

    mark: str
    kinds: tuple[KindRow, ...]
    tests: tuple[TestsRow, ...]
    checks: tuple[ChecksRow, ...]
    dates: tuple[DatesRow, ...]
    absences: dict[str, int]
    silences: tuple[SilenceRow, ...]
    messages: tuple[StageRow, ...]
    calls: tuple[CallsRow, ...]
    days: tuple[DayRow, ...]
    charters: tuple[CharterRow, ...] = ()


class LineReport(msgspec.Struct, frozen=True):
    """The report. `at` names how many entries of each party's log it was computed at."""

    report: str
    line: str
    month: str
    begin_at: str
    end_at: str
    at: dict[str, int]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month by UTC: its name, and its times in milliseconds, the end exclusive."""

    name: str
    begin_ms: int
    end_ms: int

    def has(self, time_ms: int) -> bool:
        """Whether a time is in it."""
        return self.begin_ms <= time_ms < self.end_ms


@dataclass(slots=True)
class Tally:
    """What is counted while the entries are folded. Mutable; owned by whoever folds. Order does not matter."""

    month: Month
    counts: dict[tuple[Mark, int, str], int] = field(default_factory=dict)
    latest_ms: int = 0

    def add(self, entry: Entry) -> None:
        """Count one entry."""
        leaf = entry.leaf
        self.latest_ms = max(self.latest_ms, leaf.time_ms)
        if self.month.has(leaf.time_ms):
            place = (leaf.mark, leaf.kind, entry.origin)
            self.counts[place] = self.counts.get(place, 0) + 1


Calls = Callable[[Book, Month, Mark], Sequence[CallsRow]]
"""Where calls come from: their kind stands above this room."""


def month_of(text: str) -> Month:
    """The month of a name such as `2026-11`. Raises UsageError when it is none."""
    match = _MONTH.match(text)
    if match is None:
        raise UsageError("month-wrong", month=text)
    year, month = int(match[1]), int(match[2])
    after = (year + month // 12, month % 12 + 1)
    return Month(text, _midnight_ms(year, month), _midnight_ms(*after))


def speed(times_ms: Iterable[int]) -> Speed:
    """The count, lower median and worst of some times."""
    found = list(times_ms)
    return Speed(len(found), median_low(found), max(found)) if found else Speed(0)


def line_report(book: Book, tally: Tally, calls: Calls | None = None) -> LineReport:
    """The report of what `book` holds; `tally` has counted the same entries."""
    month = tally.month
    return LineReport(
        report=FORMAT,
        line=book.line,
        month=month.name,
        begin_at=Instant.from_ms(month.begin_ms).rfc3339(),
        end_at=Instant.from_ms(month.end_ms).rfc3339(),
        at={party_of(origin): book.size(origin) for origin in book.members},
        sections=tuple(_section(book, tally, mark, calls) for mark in sorted(Mark)),
    )


def report_bytes(report: LineReport) -> bytes:
    """The canonical bytes: JSON, keys sorted, no white space, UTF-8, whole numbers only."""
    return msgspec.json.encode(report, order="sorted")


def report_digest(report: LineReport) -> str:
    """SHA-256 of the canonical bytes, in hex: what two officers compare by voice."""
    return sha256(report_bytes(report)).hexdigest()


def check_rows(book: Book, mark: Mark, since_ms: int, until_ms: int) -> Iterator[ChecksRow]:
    """The score of the call-ups of a period: by form, by who asked, and by who answered."""
    rows = [row for row in book.state(Checks).call_ups.values() if row.mark is mark]
    rows = [row for row in rows if since_ms <= row.time_ms < until_ms]
    for form in Form:
        for one, other in _pairs(book):
            made = [row for row in rows if row.form is form and row.member == one]
            if made:
                name = form.name.lower()
                yield ChecksRow(name, _name(book, one), _name(book, other), len(made), _answers(book, made, other))


def _midnight_ms(year: int, month: int) -> int:
    return int(datetime(year, month, 1, tzinfo=UTC).timestamp()) * SECOND_US // 1000


def _section(book: Book, tally: Tally, mark: Mark, calls: Calls | None) -> Section:
    month = tally.month
    trials = [test for test in book.state(Trials).by_place.values() if test.mark is mark and month.has(test.time_ms)]
    silences = _silences(book, tally, mark)
    items = [item for item in _items(book) if item.mark is mark and month.has(item.time_ms)]
    return Section(
        mark=mark.name,
        kinds=tuple(_kinds(book, tally, mark)),
        tests=tuple(_tests(book, trials)),
        checks=tuple(check_rows(book, mark, month.begin_ms, month.end_ms)),
        dates=tuple(_dates(book, month, mark)),
        absences=_absences(book, month, mark),
        silences=tuple(_silence_rows(silences)),
        messages=tuple(_messages(book, items)),
        calls=() if calls is None else tuple(calls(book, month, mark)),
        days=tuple(_days(month, trials, items, [span for _, span in silences])),
        charters=tuple(charter_rows(book, mark, month.begin_ms, month.end_ms)),
    )


def _pairs(book: Book) -> Iterator[tuple[int, int]]:
    """Every party with every other one."""
    members = range(len(book.members))
    return ((one, other) for one in members for other in members if one != other)


def _name(book: Book, member: int) -> str:
    return party_of(book.members[member])


def _items(book: Book) -> Iterator[Item]:
    """Every message held."""
    for member, origin in enumerate(book.members):
        for index in range(book.size(origin)):
            item = book.item_at(member, index)
            if item is not None and item.kind == MESSAGE and item.precedence is not None:
                yield item


def _kinds(book: Book, tally: Tally, mark: Mark) -> Iterator[KindRow]:
    for number in sorted({kind for each, kind, _ in tally.counts if each is mark}):
        by = {party_of(origin): tally.counts.get((mark, number, origin), 0) for origin in book.members}
        yield KindRow(book.registry.name(number), by)


def _tests(book: Book, trials: Sequence[Trial]) -> Iterator[TestsRow]:
    for one, other in _pairs(book):
        made = [test for test in trials if test.member == one]
        answers = [(test, test.answers[other]) for test in made if other in test.answers]
        if made:
            yield TestsRow(
                _name(book, one),
                _name(book, other),
                len(made),
                sum(not row.right for _, row in answers),
                speed(max(row.time_ms - test.time_ms, 0) for test, row in answers),
            )


def _answers(book: Book, made: Sequence[CallUp], other: int) -> Speed:
    found = ((row, answer(book, row, other)) for row in made)
    return speed(took_ms(row, fact) for row, fact in found if fact is not None)


def _dates(book: Book, month: Month, mark: Mark) -> Iterator[DatesRow]:
    found = list(dates(book, mark, month.begin_ms, month.end_ms))
    for form in Form:
        own = [date for date in found if date[1] is form]
        if own:
            kept_ones = [date for date in own if kept(book, date)]
            skipped_ones = [date for date in own if date not in kept_ones and skipped(book, date)]
            missed_ones = [date for date in own if missed(book, date)]
            yield DatesRow(form.name.lower(), len(kept_ones), len(skipped_ones), len(missed_ones))


def _absences(book: Book, month: Month, mark: Mark) -> dict[str, int]:
    rows = [row for row in book.state(Checks).absences if row.mark is mark and month.has(row.due_ms)]
    found = {_name(book, member): sum(row.member == member for row in rows) for member in range(len(book.members))}
    return {name: count for name, count in found.items() if count}


def _silences(book: Book, tally: Tally, mark: Mark) -> list[tuple[Silent, Span]]:
    """The silences that touch the month, each within it. One that lasts reaches the newest entry of the record."""
    month, found = tally.month, []
    for _, row in sorted(book.state(Silences).by_place.items()):
        begin, end = span_of(row, max(tally.latest_ms, row.since_ms))
        if row.mark is mark and begin < month.end_ms and end >= month.begin_ms:
            found.append((row, (max(begin, month.begin_ms), min(end, month.end_ms))))
    return found


def _silence_rows(silences: Sequence[tuple[Silent, Span]]) -> Iterator[SilenceRow]:
    for cause, origin, peer in sorted({(row.cause, row.origin, row.peer) for row, _ in silences}):
        own = [(row, span) for row, span in silences if (row.cause, row.origin, row.peer) == (cause, origin, peer)]
        lengths = [end - begin for _, (begin, end) in own]
        lasting = sum(row.until_ms is None for row, _ in own)
        yield SilenceRow(
            cause.name.lower().replace("_", "-"),
            party_of(origin),
            peer,
            len(own),
            lasting,
            sum(lengths),
            max(lengths),
        )


def _messages(book: Book, items: Sequence[Item]) -> Iterator[StageRow]:
    for precedence in Precedence:
        for one, other in _pairs(book):
            sent = [item for item in items if item.precedence is precedence and item.member == one]
            if sent:
                stages = {stage.name: _reached(sent, other, stage) for stage in Stage}
                yield StageRow(precedence.name, _name(book, one), _name(book, other), len(sent), stages)


def _reached(sent: Sequence[Item], other: int, stage: Stage) -> Speed:
    """When each message first reached a stage, by the order of the other's log."""
    times: list[int] = []
    for item in sent:
        facts = [fact for fact in item.facts if fact.member == other and fact.stage is stage]
        if facts:
            first = min(facts, key=lambda fact: fact.index)
            times.append(max(first.time_ms - item.time_ms, 0))
    return speed(times)


def _days(month: Month, trials: Sequence[Trial], items: Sequence[Item], spans: Sequence[Span]) -> Iterator[DayRow]:
    for begin in range(month.begin_ms, month.end_ms, _DAY_MS):
        end = begin + _DAY_MS
        tests = [test for test in trials if begin <= test.time_ms < end]
        took = [max(row.time_ms - test.time_ms, 0) for test in tests for row in test.answers.values()]
        messages = sum(begin <= item.time_ms < end for item in items)
        yield DayRow(len(tests), len(took), max(took, default=None), messages, within_ms(spans, begin, end))


def sizes_of(text: str, members: Mapping[str, str]) -> dict[str, int]:
    """The sizes by origin of `alpha:120,bravo:98`; `members` maps what parties are called to their origins.

    Raises UsageError when a party is missing, unknown or named twice.
    """
    found: dict[str, int] = {}
    for part in text.split(","):
        name, _, size = part.strip().rpartition(":")
        origin = members.get(name)
        if origin is None or origin in found or re.fullmatch(r"[0-9]{1,15}", size) is None:
            raise UsageError("report-sizes-wrong", sizes=text)
        found[origin] = int(size)
    if found.keys() != set(members.values()):
        raise UsageError("report-sizes-wrong", sizes=text)
    return found

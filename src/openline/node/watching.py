"""The desk's view of the watch: its log, the silence ledger, and the monthly report of a line.

The report is computed from the record at named sizes, in a thread: whoever holds the same entries gets the same bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from openline.base.catalogue import sentence
from openline.base.errors import UsageError
from openline.base.time import DAY_US, MINUTE_US, Instant
from openline.line.book import Book
from openline.line.check import Form
from openline.line.ids import party_of
from openline.line.precise import day_of
from openline.line.report import LineReport, Month, Tally, line_report, month_of, report_bytes, sizes_of
from openline.line.reportpage import page
from openline.line.schedule import Schedule, time_of_day
from openline.line.watchview import LedgerView, WatchLogView, ledger_view, watch_log
from openline.line.words import time_of
from openline.node.chartering import Chartering
from openline.node.config import ChecksConfig
from openline.node.recalling import DAY_CHARACTERS
from openline.node.views import Officer
from openline.record.ports import Arrived, RecordStore
from openline.voice.callreport import calls_of

READ_COUNT = 2_048
LEDGER_DAYS = 31


def schedule_of(checks: ChecksConfig) -> Schedule:
    """The schedule of the configuration, which holds where no charter is in force."""
    return Schedule(
        times_us=tuple(map(time_of_day, checks.times)),
        forms=tuple(Form[form.upper()] for form in checks.forms),
        early_us=checks.early_minutes * MINUTE_US,
        late_us=checks.late_minutes * MINUTE_US,
        over_us=checks.over_minutes * MINUTE_US,
        presence_us=checks.presence_minutes * MINUTE_US,
    )


class Watching(Chartering):
    """The desk's eye on the watch. Reads only."""

    def watch_log(self, who: Officer, line: str | None, mark: str | None, count: int) -> WatchLogView:
        """What is due, what is open and whose, handovers, checks, absences. Raises UsageError."""
        self.allow(who, "read")
        book = self.state(line).keeper.book
        schedule, now = schedule_of(self._shown.config.checks), self._shown.clock.now()
        return watch_log(book, schedule, now, self.mark_of(mark), count)

    def silences(
        self, who: Officer, line: str | None, since: str | None, until: str | None, mark: str | None
    ) -> LedgerView:
        """The silence ledger of a period, the last month when it is not given. Raises UsageError."""
        self.allow(who, "read")
        now = self._shown.clock.now()
        begin = Instant(max(now - LEDGER_DAYS * DAY_US, 0)) if since is None else _moment(since)
        end = now if until is None else _moment(until)
        return ledger_view(self.state(line).keeper.book, begin.ms, end.ms, self.mark_of(mark))

    async def report(self, who: Officer, line: str | None, month: str, at: str | None) -> bytes:
        """The canonical bytes of the report of a month, at the sizes named or those held now. Raises UsageError."""
        return report_bytes(await self._report(who, line, month, at))

    async def _report(self, who: Officer, line: str | None, month: str, at: str | None) -> LineReport:
        self.allow(who, "read")
        book, wanted = self.state(line).keeper.book, month_of(month)
        sizes = _sizes(book, at)
        work = asyncio.get_running_loop().run_in_executor(None, report_at, self._shown.store, book, sizes, wanted)
        return await work

    async def report_page(self, who: Officer, line: str | None, month: str, at: str | None) -> str:
        """The same on one page of HTML, in the officer's language. Raises UsageError."""
        report = await self._report(who, line, month, at)

        def words(name: str, facts: Mapping[str, str | int]) -> str:
            return sentence(name, facts, who.language)

        return page(report, words, who.language)


def report_at(store: RecordStore, like: Book, sizes: Mapping[str, int], month: Month) -> LineReport:
    """The report of the entries that `sizes` names, folded anew. `like` says of which line; nothing of it is read."""
    book, tally = Book(like.registry, like.line, like.members, like.members[0]), Tally(month)
    for origin in like.members:
        for start in range(0, sizes[origin], READ_COUNT):
            for entry in store.entries(origin, start, min(start + READ_COUNT, sizes[origin])):
                book.apply(Arrived(1, entry))
                tally.add(entry)
    return line_report(book, tally, calls_of)


def _sizes(book: Book, at: str | None) -> dict[str, int]:
    held = {origin: book.size(origin) for origin in book.members}
    if at is None:
        return held
    called = {party_of(origin): origin for origin in book.members}
    named = sizes_of(at, called | {label: origin for origin, label in book.labels.items()})
    for origin, size in named.items():
        if size > held[origin]:
            raise UsageError("report-ahead", party=party_of(origin), held=held[origin], size=size)
    return named


def _moment(text: str) -> Instant:
    return day_of(text)[0] if len(text) == DAY_CHARACTERS else time_of(text)

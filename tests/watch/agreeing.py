"""Reports and histories at the end of a watch: the same at both nodes, and what truly was entered."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from openline.line.book import Book
from openline.line.history import (
    Held,
    Question,
    attempts,
    channels,
    contacts,
    days_without,
    highest_since,
    nth,
    persons,
    previous,
)
from openline.line.level import Level
from openline.line.report import Tally, line_report, month_of, report_bytes
from openline.record.entry import Mark

if TYPE_CHECKING:
    from tests.watch.watches import Watch

MONTH = "2026-11"


def reports_agree(watch: Watch) -> None:
    """Both nodes make the same bytes of the month, and each mark counts what was said under it, no more."""
    made = [_report(watch, book) for book in watch.world.books.values()]
    assert made[0] == made[1], "two reports of one record"
    book = watch.world.alpha
    tally = _tally(watch)
    for section in line_report(book, tally).sections:
        counted = {row.kind: sum(row.by.values()) for row in section.kinds}
        said = {
            book.registry.name(kind): count
            for (kind, mark), count in watch.truth.said.items()
            if mark.name == section.mark
        }
        assert counted == said, f"the report counts {counted} as {section.mark}, and it was {said}"


def histories_agree(watch: Watch) -> None:
    """Both nodes answer alike, and as who has a list of all contacts and attempts would."""
    for mark in Mark:
        for level in (None, *Level):
            question = Question(level=level, mark=mark)
            told = [_history(book, question) for book in watch.world.books.values()]
            assert told[0] == told[1], "two histories of one record"
            true = sorted(
                (ms, label)
                for label, (each, at, ms) in watch.truth.contacts.items()
                if each is mark and level in (None, at)
            )
            held = contacts([watch.world.alpha], question)
            assert sorted((row.began.ms, row.id) for row in held) == true, "contacts that were not, or not these"
            tried = [
                label for label, (each, at) in watch.truth.attempts.items() if each is mark and level in (None, at)
            ]
            assert len(attempts([watch.world.bravo], question)) == len(tried), "attempts that were not, or not these"


def _report(watch: Watch, book: Book) -> bytes:
    return report_bytes(line_report(book, _tally(watch)))


def _tally(watch: Watch) -> Tally:
    tally = Tally(month_of(MONTH))
    for entries in watch.world.logs.values():
        for entry in entries:
            tally.add(entry)
    return tally


def _history(book: Book, question: Question) -> list[object]:
    rows = contacts([book], question)
    for one, two in pairwise(rows):
        before = previous([book], question, two)
        assert before is not None
        assert before.id == one.id, "the contact before a contact is another one"
    assert [nth([book], question, row) for row in rows] == list(range(1, len(rows) + 1))
    return [[_of_one(book, question, row) for row in rows], [one.level for one in channels([book], question)]]


def _of_one(book: Book, question: Question, held: Held) -> object:
    top = highest_since([book], question, held)
    days = days_without([book], question, held)
    return held.id, persons(held), top and top.id, days and days[0]

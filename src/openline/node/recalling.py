"""What the desk remembers of contacts: which there were, what each side says of them, readouts and requests.

Contacts of all lines are asked for together unless one is named. Under a demonstration clock everything that is
entered is an exercise, and so is what is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import nlargest
from operator import itemgetter

from openline.base.errors import UsageError
from openline.base.time import Instant
from openline.line.book import Book
from openline.line.callrequest import Requests
from openline.line.contact import meeting_of, party_id
from openline.line.contactview import (
    ComparisonView,
    ContactPage,
    ContactView,
    NoteView,
    RequestView,
    comparison,
    contact_page,
    contact_view,
    request_view,
)
from openline.line.force import own_levels
from openline.line.history import Held, Question, contacts, looked_up
from openline.line.ids import split_id
from openline.line.level import Level, level_of
from openline.line.notes import Note, notes, parallel_notes, recurring_notes
from openline.line.precise import day_of
from openline.line.readout import Published, Readouts, earlier, order_of_release, readouts_of
from openline.line.register import ids_of
from openline.line.stop import Stops
from openline.line.stopview import StopView, stop_view
from openline.line.words import time_of
from openline.node.replaying import Replaying
from openline.node.telling import told
from openline.node.views import ContactsAsked, Officer
from openline.record.entry import Entry, Mark

DAY_CHARACTERS = len("2022-05-13")
COUNT = 50


class Recalling(Replaying):
    """The desk's memory. Reads only."""

    def contacts(self, who: Officer, asked: ContactsAsked) -> list[ContactView]:
        """The contacts that are asked for, newest first, each with what the history says of it. Raises UsageError."""
        self.allow(who, "read")
        books = self.books(asked.line)
        question = looked_up(books, self.question(books, asked))
        rows = contacts(books, question, asked.count)[::-1]
        return [
            contact_view(held, told_of, question)
            for held, told_of in zip(rows, self._history(books, question, rows, who), strict=True)
        ]

    def contact(self, who: Officer, line: str | None, text: str) -> ContactPage:
        """One contact, named by an entry of it or by the day it began. Raises UsageError."""
        self.allow(who, "read")
        found = self._found(line, text)
        if len(found) > 1:
            raise _many(text, found)
        (held,) = found
        books = self.books(line)
        question = Question(level=held.level, mark=held.anchor.mark)
        (told_of,) = self._history(books, question, [held], who)
        return contact_page(held, self.entry_at, self._shown.clock.now(), told_of)

    def compare(self, who: Officer, line: str | None, left: str, right: str) -> list[ComparisonView]:
        """Readouts side by side, named by themselves, or by a contact or its day.

        Two contacts: each side's readouts of both. One contact twice: the first readout beside each other one.
        Raises UsageError.
        """
        self.allow(who, "read")
        book, pairs = self._pairs(line, left, right)
        now = self._shown.clock.now()
        return [comparison(book, pair, self.entry_at, now) for pair in pairs]

    def requests(
        self, who: Officer, line: str | None, until: str | None = None, count: int = COUNT
    ) -> list[RequestView]:
        """The newest requests for a call, or the newest before `until`, newest first. Raises UsageError."""
        self.allow(who, "read")
        now, before = self._shown.clock.now(), None if until is None else _moment(until).ms
        rows = (
            ((request.time_ms, book.line, *request.place), book, request)
            for book in self.books(line)
            for request in book.state(Requests).by_place.values()
            if before is None or request.time_ms < before
        )
        newest = nlargest(count, rows, key=itemgetter(0))
        return [request_view(book, request, self.entry_at, now) for _, book, request in newest]

    def stops(self, who: Officer, line: str | None, until: str | None = None, count: int = COUNT) -> list[StopView]:
        """Every STOP that stands, then the newest others, or the newest before `until`. Raises UsageError."""
        self.allow(who, "read")
        now, before = self._shown.clock.now(), None if until is None else _moment(until).ms
        found = [
            (row.place in book.state(Stops).standing, (row.time_ms, book.line, *row.place), book, row)
            for book in self.books(line)
            for row in book.state(Stops).by_place.values()
        ]
        standing = [each for each in found if each[0]]
        others = [each for each in found if not each[0] and (before is None or each[3].time_ms < before)]
        newest = [*nlargest(len(standing), standing, key=itemgetter(1)), *nlargest(count, others, key=itemgetter(1))]
        return [stop_view(book, row, self.entry_at, now) for _, _, book, row in newest]

    def books(self, line: str | None) -> list[Book]:
        """The book of a line, or of all. Raises UsageError."""
        states = list(self._shown.lines.values()) if line is None else [self.state(line)]
        return [state.keeper.book for state in states]

    def question(self, books: Sequence[Book], asked: ContactsAsked) -> Question:
        """What is asked of the history. A name means what the registers of all lines have of it. Raises UsageError."""
        party = None if asked.party is None else _party(books, asked.party)
        mark = self.mark_of(asked.mark)
        return Question(
            level=None if asked.level is None else level_of(asked.level, self._own_levels(books)),
            at_least=asked.at_least,
            parties=frozenset() if party is None else frozenset({party}),
            person=asked.person,
            since=None if asked.since is None else _moment(asked.since),
            until=None if asked.until is None else _moment(asked.until),
            mark=mark,
            ids=None if asked.person is None else ids_of(self.books(None), mark),
        )

    def _own_levels(self, books: Sequence[Book]) -> dict[str, Level]:
        """What we call levels by the charters now in force; a name that means two ranks on two lines means neither."""
        found: dict[str, set[Level]] = {}
        for book in books:
            for label, level in own_levels(book, book.me, self._shown.clock.now(), self.mark_of(None)).items():
                found.setdefault(label, set()).add(level)
        return {label: min(levels) for label, levels in found.items() if len(levels) == 1}

    def _history(
        self, books: Sequence[Book], question: Question, rows: Sequence[Held], who: Officer
    ) -> Iterator[tuple[NoteView, ...]]:
        """What the history says of each contact; of one that was withdrawn, nothing."""
        every = self.books(None)
        recurring = recurring_notes(every, self._shown.clock.now())
        known = ids_of(every, question.mark)
        for held in rows:
            found: list[Note] = []
            if held.meeting.telling is not None:
                kept = recurring.get(f"{held.line}/{held.id}")
                found += [*notes(books, question, held), *([] if kept is None else [kept])]
                found += parallel_notes(every, held, known)
            yield tuple(NoteView(note.id, told(note, who.language), note.facts) for note in found)

    def _found(self, line: str | None, text: str) -> list[Held]:
        """The contacts that an entry id names, or those that began on a day; at least one. Raises UsageError.

        Exercises of a day are those meant only when nothing real was on it.
        """
        if ":" in text:
            named, _, _ = split_id(text)
            book = self.state(named or line or self._only(text)).keeper.book
            meeting = meeting_of(book, text)
            return [Held(book, meeting, meeting.telling or meeting.first)]
        begin, end = day_of(text)
        books, usual = self.books(line), self.mark_of(None)
        for mark in (usual, *(mark for mark in Mark if mark is not usual)):
            found = contacts(books, Question(since=begin, until=end, mark=mark))
            if found:
                return found
        raise UsageError("contact-of-day-unknown", day=text)

    def _only(self, text: str) -> str | None:
        """The line whose members an id without a line can be about, when there is one such line only."""
        label = split_id(text)[1]
        lines = [line for line, state in self._shown.lines.items() if label in state.keeper.book.labels.values()]
        return lines[0] if len(lines) == 1 else None

    def _pairs(
        self, line: str | None, left: str, right: str
    ) -> tuple[Book, list[tuple[Published | None, Published | None]]]:
        one, two = self._readout(line, left), self._readout(line, right)
        if one is not None and two is not None and one[0] is two[0]:
            return one[0], [(one[1], two[1])]
        lefts, rights = self._found(line, left), self._found(line, right)
        chosen = [
            (first, second)
            for first in lefts
            for second in rights
            if (first.line, first.level, first.parties) == (second.line, second.level, second.parties)
        ]
        if len(chosen) != 1:
            raise _many(right if len(rights) > 1 else left, [*lefts, *rights])
        ((first, second),) = chosen
        pairs = _of_one(first) if first.meeting is second.meeting else _of_two(first, second)
        if not pairs:
            raise UsageError("readouts-missing", entry=first.id)
        return first.book, pairs

    def _readout(self, line: str | None, text: str) -> tuple[Book, Published] | None:
        """The readout that an entry id names; None when it names something else, or a day."""
        if ":" not in text:
            return None
        named, _, _ = split_id(text)
        book = self.state(named or line or self._only(text)).keeper.book
        origin, index = book.find(text)
        row = book.state(Readouts).by_place.get((book.number(origin), index))
        return None if row is None else (book, row)

    def entry_at(self, origin: str, index: int) -> Entry:
        """An entry that the book holds."""
        arrived = self._shown.store.arrival(origin, index)
        assert arrived is not None, "the book holds only what the record holds"
        return arrived.entry


def _of_two(first: Held, second: Held) -> list[tuple[Published | None, Published | None]]:
    """Each side's newest readouts of two contacts."""
    sides = [{row.member: row for row in readouts_of(held.book, held.meeting)} for held in (first, second)]
    return [(sides[0].get(member), sides[1].get(member)) for member in sorted({*sides[0], *sides[1]})]


def _of_one(held: Held) -> list[tuple[Published | None, Published | None]]:
    """The readout of one contact that came out first, beside each other side's."""
    steps = order_of_release(readouts_of(held.book, held.meeting), lambda one, two: earlier(held.book, one, two))
    rows = [row for step in steps for row in step]
    return [(rows[0], row) for row in rows[1:] if row.member != rows[0].member] or [(row, None) for row in rows[:1]]


def _moment(text: str) -> Instant:
    return day_of(text)[0] if len(text) == DAY_CHARACTERS else time_of(text)


def _party(books: Sequence[Book], name: str) -> str:
    """The party id that some line knows by this name; else the name itself."""
    found = {party_id(book, name) for book in books} - {name}
    return found.pop() if len(found) == 1 else name


def _many(text: str, found: Sequence[Held]) -> UsageError:
    entries = sorted({f"{held.line}/{held.id}" for held in found})
    return UsageError("contacts-of-day-many", day=text, entries=", ".join(entries))

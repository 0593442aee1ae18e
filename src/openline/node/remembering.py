"""What the desk remembers beside single contacts: names, recurring calls, demands, warnings, allegations, overviews."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from openline.base.errors import UsageError
from openline.line.book import Book
from openline.line.contactview import NoteView, contact_view
from openline.line.demandview import (
    AllegationView,
    DemandView,
    WarningView,
    allegation_views,
    demand_views,
    warning_views,
)
from openline.line.history import Question, contacts, looked_up
from openline.line.historyview import NamePage, OverviewView, RecurringView, channel_views, recurring_view
from openline.line.lexicon import name_views
from openline.line.name import is_id
from openline.line.notes import overview
from openline.line.recurring import agreements
from openline.line.register import ids_of, meant
from openline.node.recalling import Recalling
from openline.node.telling import told
from openline.node.views import ContactsAsked, Officer

DATES_SHOWN = 50

V = TypeVar("V", DemandView, WarningView, AllegationView)


class Remembering(Recalling):
    """The rest of the desk's memory. Reads only."""

    def overview(self, who: Officer, asked: ContactsAsked) -> OverviewView:
        """What there is to say of all contacts that are asked for, and their channels. Raises UsageError."""
        self.allow(who, "read")
        books = self.books(asked.line)
        question = looked_up(books, self.question(books, asked))
        rows = tuple(NoteView(note.id, told(note, who.language), note.facts) for note in overview(books, question))
        return OverviewView(rows, channel_views(books, question))

    def name(self, who: Officer, text: str, mark: str | None) -> NamePage:
        """What the registers of all lines have of a name, and the contacts it appears in. Raises UsageError."""
        self.allow(who, "read")
        books = self.books(None)
        asked = self.mark_of(mark)
        known = ids_of(books, asked)
        ids = sorted(filter(is_id, meant(text, known)))
        names = tuple(view for book in books for name in ids for view in name_views(book, name, asked))
        question = Question(person=text, mark=asked, ids=known)
        rows = contacts(books, question)
        if not names and not rows:
            raise UsageError("name-nowhere", name=text)
        return NamePage(names, tuple(contact_view(held, (), question) for held in reversed(rows)))

    def recurring(self, who: Officer, line: str | None) -> list[RecurringView]:
        """Every call that recurs by agreement, the oldest first, with its dates. Raises UsageError."""
        self.allow(who, "read")
        now, books = self._shown.clock.now(), self.books(None)
        return [
            recurring_view(books, agreement, self.entry_at, now, DATES_SHOWN)
            for book in self.books(line)
            for agreement in agreements(book)
        ]

    def demands(self, who: Officer, line: str | None) -> list[DemandView]:
        """Every demand, newest first. Raises UsageError."""
        return self._newest(who, line, lambda book: demand_views(book, self.entry_at))

    def warnings(self, who: Officer, line: str | None) -> list[WarningView]:
        """Every warning, newest first. Raises UsageError."""
        return self._newest(who, line, lambda book: warning_views(book, self.entry_at))

    def allegations(self, who: Officer, line: str | None) -> list[AllegationView]:
        """Every allegation, newest first. Raises UsageError."""
        return self._newest(who, line, lambda book: allegation_views(book, self.entry_at))

    def _newest(self, who: Officer, line: str | None, views: Callable[[Book], Sequence[V]]) -> list[V]:
        self.allow(who, "read")
        found = [view for book in self.books(line) for view in views(book)]
        return sorted(found, key=lambda view: (view.time.rfc3339, view.line, view.id), reverse=True)

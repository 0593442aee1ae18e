"""The desk's view of charters: those of a line, one beside what is in force, and what waits for our answer."""

from __future__ import annotations

from openline.line.book import Book
from openline.line.charter import charter_of
from openline.line.charterview import CharterPage, ChartersView, charter_page, charters_view
from openline.line.force import Chartered, in_force
from openline.node.remembering import Remembering
from openline.node.views import Officer


class Chartering(Remembering):
    """The desk's eye on charters. Reads only."""

    def charters(self, who: Officer, line: str | None, mark: str | None, count: int) -> ChartersView:
        """The newest charters of a line, and which is in force. Raises UsageError."""
        self.allow(who, "read")
        book, now = self.state(line).keeper.book, self._shown.clock.now()
        return charters_view(book, self.entry_at, now, self.mark_of(mark), count)

    def charter(self, who: Officer, line: str | None, entry_id: str, against: str | None) -> CharterPage:
        """One charter beside the one in force, or beside the one named by `against`. Raises UsageError."""
        self.allow(who, "read")
        book, now = self.state(line).keeper.book, self._shown.clock.now()
        row = charter_of(book, entry_id)
        other = self._in_force(book, row) if against is None else charter_of(book, against)
        return charter_page(book, row, other, self.entry_at, now)

    def _in_force(self, book: Book, row: Chartered) -> Chartered | None:
        found = in_force(book, self._shown.clock.now(), row.mark)
        return None if found is row else found

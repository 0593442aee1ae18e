"""What the console asks of the desk's memory: contacts, officers and signatures, charters, and the watch.

A part of `console.ports`, by the same rules.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from openline.node.charterviews import CharterPage, ChartersView
from openline.node.historyviews import AllegationView, DemandView, NamePage, OverviewView, RecurringView, WarningView
from openline.node.views import (
    ComparisonView,
    ContactPage,
    ContactsAsked,
    ContactView,
    Enrolled,
    Officer,
    RequestView,
    SignaturesView,
    SigningView,
    StopView,
)
from openline.node.watchviews import LedgerView, SopView, WatchLogView


class Recalling(Protocol):
    """What there was between the parties, and what each of them says of it."""

    def contacts(self, who: Officer, asked: ContactsAsked) -> Sequence[ContactView]:
        """The contacts that are asked for, newest first."""
        ...

    def contact(self, who: Officer, line: str | None, text: str) -> ContactPage:
        """One contact with its grid of facts by side, named by an entry or by its day."""
        ...

    def compare(self, who: Officer, line: str | None, left: str, right: str) -> Sequence[ComparisonView]:
        """Readouts side by side."""
        ...

    def requests(self, who: Officer, line: str | None, until: str | None, count: int) -> Sequence[RequestView]:
        """Every request for a call, newest first."""
        ...

    def overview(self, who: Officer, asked: ContactsAsked) -> OverviewView:
        """What there is to say of all contacts that are asked for, and their channels."""
        ...

    def name(self, who: Officer, text: str, mark: str | None) -> NamePage:
        """A name or an id: its spellings on all lines, and the contacts it appears in."""
        ...

    def recurring(self, who: Officer, line: str | None) -> Sequence[RecurringView]:
        """Every call that recurs by agreement, with its dates."""
        ...

    def demands(self, who: Officer, line: str | None) -> Sequence[DemandView]:
        """Every demand, newest first."""
        ...

    def warnings(self, who: Officer, line: str | None) -> Sequence[WarningView]:
        """Every warning, newest first."""
        ...

    def allegations(self, who: Officer, line: str | None) -> Sequence[AllegationView]:
        """Every allegation, newest first."""
        ...

    def stops(self, who: Officer, line: str | None, until: str | None, count: int) -> Sequence[StopView]:
        """Every STOP, those that stand first."""
        ...


class Signing(Protocol):
    """Officers and personal signatures."""

    def officers_are(self, rows: Sequence[Enrolled]) -> None:
        """Who the officers are; what the record lacks of it is written."""
        ...

    def next_pseudonym(self, taken: Collection[str]) -> str:
        """A pseudonym that is not in `taken`, and that no record of ours has ever had."""
        ...

    def signatures(self, who: Officer, line: str | None, count: int) -> SignaturesView:
        """Officers, signatures, and what is not signed."""
        ...

    def signing(self, who: Officer, line: str | None, entry: str, host: str) -> SigningView:
        """What the passkey of this officer is to sign."""
        ...


class Chartering(Protocol):
    """The charter of a line."""

    def charters(self, who: Officer, line: str | None, mark: str | None, count: int) -> ChartersView:
        """The newest charters of a line, and which is in force."""
        ...

    def charter(self, who: Officer, line: str | None, entry_id: str, against: str | None) -> CharterPage:
        """One charter beside the one in force, or beside the one named by `against`."""
        ...


class Watching(Protocol):
    """The watch of a line, and what the record says of the line itself."""

    def watch_log(self, who: Officer, line: str | None, mark: str | None, count: int) -> WatchLogView:
        """What is due, what is open and whose, handovers, checks, absences."""
        ...

    def sop(self, who: Officer, line: str | None) -> SopView:
        """What the watch does by the rules of this node, in the asker's language."""
        ...

    def silences(
        self, who: Officer, line: str | None, since: str | None, until: str | None, mark: str | None
    ) -> LedgerView:
        """The silence ledger of a period."""
        ...

    async def report(self, who: Officer, line: str | None, month: str, at: str | None) -> bytes:
        """The canonical bytes of the report of a month, at the sizes named or at those held now."""
        ...

    async def report_page(self, who: Officer, line: str | None, month: str, at: str | None) -> str:
        """The same on one page of HTML."""
        ...

"""What the console asks of the desk, and nothing more: `openline.node.desk.Desk` is held to this by the type checker.

Every method runs on the node's event loop. Refusals come as the errors of `base.errors`; `console.answers` turns
each into its HTTP status. Nothing here is stored or decided by the console.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Protocol

import msgspec

from openline.console.memberports import Membering
from openline.console.packports import Packing, Replaying
from openline.console.watchports import Chartering, Recalling, Signing, Watching
from openline.node.historyviews import (
    AllegationView,
    DemandView,
    NamePage,
    OverviewView,
    RecurringView,
    WarningView,
)
from openline.node.views import (
    AttachmentView,
    CallView,
    ComparisonView,
    ContactPage,
    ContactsAsked,
    ContactView,
    Enrolled,
    EntryView,
    EventView,
    Finding,
    FoundView,
    GateView,
    InvitationView,
    LegAnswerView,
    LegView,
    LineView,
    NameView,
    Officer,
    RawEntryView,
    RequestView,
    SaidView,
    Search,
    SignaturesView,
    SigningView,
    StatusView,
    StopView,
    TermView,
)

__all__ = [
    "AllegationView",
    "AttachmentView",
    "CallView",
    "ComparisonView",
    "ContactPage",
    "ContactView",
    "ContactsAsked",
    "DemandView",
    "Desk",
    "Enrolled",
    "EntryView",
    "EventView",
    "Finding",
    "FoundView",
    "GateView",
    "InvitationView",
    "LegAnswerView",
    "LegView",
    "LineView",
    "NamePage",
    "NameView",
    "Officer",
    "OverviewView",
    "RawEntryView",
    "RecurringView",
    "RequestView",
    "SaidView",
    "Search",
    "SignaturesView",
    "SigningView",
    "StatusView",
    "StopView",
    "TermView",
    "VerbView",
    "WarningView",
]


class VerbView(Protocol):
    """One verb of the line: what a role must be able to do, one line of help, and the shape of its arguments."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def capability(self) -> str:
        """What the officer's role must allow."""
        ...

    @property
    def summary(self) -> str:
        """One line of help."""
        ...

    @property
    def arguments(self) -> type[msgspec.Struct]:
        """The shape of its arguments."""
        ...


class Saying(Protocol):
    """Putting something on the record."""

    def verbs(self) -> Mapping[str, VerbView]:
        """Every verb, by name."""
        ...

    def line_of(self, line: str | None) -> str:
        """The line named, or the only one there is. Raises UsageError."""
        ...

    async def say(  # noqa: PLR0913 - one call of one verb has this many facts, all of them by name
        self,
        who: Officer,
        line: str | None,
        verb: str,
        arguments: object,
        *,
        key: str | None,
        mark: str,
        wait: str,
        timeout_s: float,
    ) -> SaidView:
        """Put one thing on the record and wait until `wait` is reached or `timeout_s` is over."""
        ...

    async def say_many(  # noqa: PLR0913 - the same facts as `say`
        self,
        who: Officer,
        line: str | None,
        verb: str,
        many: Sequence[object],
        *,
        key: str | None,
        mark: str,
        wait: str,
        timeout_s: float,
    ) -> Sequence[SaidView]:
        """The same for many at once: all are recorded or none is."""
        ...

    async def upload(self, chunks: AsyncIterator[bytes], size: int, digest_hex: str) -> AttachmentView:
        """Keep an attachment; `chunks` go on from `upload_offset`."""
        ...

    async def upload_offset(self, digest_hex: str, size: int) -> int:
        """How many bytes of this attachment are durable here already."""
        ...


class Reading(Protocol):
    """Looking at the record."""

    def status(self, language: str) -> StatusView:
        """The node at a glance."""
        ...

    def entry(self, who: Officer, line: str | None, entry_id: str) -> EntryView:
        """One entry, with its text. Looking is not saying: nothing is recorded."""
        ...

    def entries(  # noqa: PLR0913 - each is a filter, all but two by name
        self,
        who: Officer,
        line: str | None,
        *,
        kind: str | None,
        origin: str | None,
        open_only: bool,
        before: int | None,
        count: int,
    ) -> Sequence[EntryView]:
        """Entries by arrival, newest first."""
        ...

    async def search(self, who: Officer, asked: Search) -> FoundView:
        """Entries by their words, newest first."""
        ...

    def names(self, who: Officer, line: str | None, name: str | None, mark: str | None) -> Sequence[NameView]:
        """The register of names, or one id of it."""
        ...

    def terms(self, who: Officer, line: str | None, mark: str | None) -> Sequence[TermView]:
        """The contested terms."""
        ...

    def log_entries(self, line: str, origin: str, start: int, count: int) -> Sequence[RawEntryView]:
        """Leaves of one log as they are, for who wants to check them without us."""
        ...

    def blob(self, digest_hex: str) -> Iterator[bytes]:
        """An attachment in chunks. Raises UsageError before the first one."""
        ...

    def export(self, line: str, bodies: bool, attachments: bool, release: bool = False) -> AsyncIterator[bytes]:
        """The line's record as one bundle (`.olx`); with `release` without what is not for everybody."""
        ...

    def verify(self, line: str) -> AsyncIterator[object]:
        """Check our own record again: progress, then the verdict."""
        ...

    def events(self, after: int | None, language: str) -> AsyncIterator[Sequence[EventView]]:
        """What happens, from arrival number `after` on, with a beat every two seconds; all that there is at a time."""
        ...


class Calling(Protocol):
    """The telephone."""

    def calls(self, who: Officer, line: str | None, *, open_only: bool, count: int) -> Sequence[CallView]:
        """Calls, newest first."""
        ...

    def call(self, who: Officer, line: str | None, call_id: str) -> CallView:
        """One call."""
        ...

    def gate(self, who: Officer, line: str | None, call_id: str, *, is_open: bool) -> GateView:
        """Open or close the gate of the asker's leg, at once."""
        ...

    def legs(self, who: Officer) -> Sequence[LegView]:
        """Every leg, and those that ended lately."""
        ...

    async def offer_leg(self, who: Officer, sdp: str) -> LegAnswerView:
        """Make a leg of what the browser of the asker's session offers."""
        ...

    def close_leg(self, who: Officer, leg: int) -> LegView:
        """End a leg of the asker's position."""
        ...


class Keeping(Protocol):
    """Running the node."""

    def console_connected(self, who: Officer) -> None:
        """A console listens."""
        ...

    def console_gone(self, who: Officer) -> None:
        """It no longer does."""
        ...

    def noted(self, who: Officer, what: str, reason: str) -> None:
        """Write one fact into the node's log: nobody was asked before `what`, for this reason."""
        ...

    def watch_on(self, who: Officer) -> None:
        """An officer is on watch."""
        ...

    def watch_off(self, who: Officer) -> None:
        """The officer has left the watch."""
        ...

    def card(self) -> bytes:
        """Our own invitation, as a file."""
        ...

    def backup(self, target: str) -> AsyncIterator[object]:
        """Write a backup: progress, then what was written."""
        ...

    def doctor(self, language: str) -> Sequence[Finding]:
        """What is right and what is wrong with this node."""
        ...

    def metrics(self) -> str:
        """Counters and gauges in the Prometheus text format."""
        ...


class Desk(
    Saying, Reading, Recalling, Chartering, Signing, Watching, Calling, Replaying, Packing, Membering, Keeping, Protocol
):
    """The whole desk."""

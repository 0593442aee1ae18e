"""How the history is shown beside the contacts: its channels, calls that recur with their dates, and names."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from openline.base.time import Instant
from openline.line.book import Book
from openline.line.callrequest import CallRequest
from openline.line.contactview import ContactView, NoteView, Texts, body_of
from openline.line.history import Channel, Question, channels
from openline.line.ids import party_of
from openline.line.level import label_of
from openline.line.lexicon import NameView
from openline.line.recurring import Agreement, Kept, dates
from openline.line.view import Time, moment


class ChannelView(msgspec.Struct, frozen=True):
    """One way these parties are in contact: on which line, at which level, how often, and the last contact."""

    line: str
    level: str
    parties: tuple[str, ...]
    contacts: int
    last: str


class OverviewView(msgspec.Struct, frozen=True):
    """What is said of all contacts that were asked for, and over which parallel channels they went."""

    notes: tuple[NoteView, ...]
    channels: tuple[ChannelView, ...]


class DateView(msgspec.Struct, frozen=True):
    """One date of a recurring call: when its window begins, kept, skipped or ahead, and the contact that kept it."""

    number: int
    due: Time
    kept: str
    contact: str | None


class RecurringView(msgspec.Struct, frozen=True):
    """A call that recurs, by the request it was agreed by, with one party. `stands` while the agreement does.

    `dates` are the newest ones that were agreed; `skipped` counts among these.
    """

    id: str
    line: str
    party: str
    mark: str
    level: str
    subject: str
    every_minutes: int
    stands: bool
    skipped: int
    dates: tuple[DateView, ...]


class NamePage(msgspec.Struct, frozen=True):
    """What the registers have of a name, and the contacts in which it is stated, newest first."""

    names: tuple[NameView, ...]
    contacts: tuple[ContactView, ...]


def channel_views(books: Sequence[Book], question: Question) -> tuple[ChannelView, ...]:
    """The parallel channels of the contacts asked for, the highest first."""
    return tuple(_channel(channel) for channel in channels(books, question))


def recurring_view(
    books: Sequence[Book], agreement: Agreement, texts: Texts, now: Instant, count: int
) -> RecurringView:
    """A recurring call with its newest dates, at most `count`, and the next one."""
    book, request = agreement.book, agreement.request
    body = body_of(texts(book.members[request.member], request.index), CallRequest)
    found = dates(books, agreement, now, count)
    rows = [
        DateView(
            slot.number,
            moment(slot.due),
            slot.kept.value,
            None if slot.held is None else f"{slot.held.line}/{slot.held.id}",
        )
        for slot in found
    ]
    assert request.every_ms is not None
    return RecurringView(
        id=book.label(book.members[request.member], request.index),
        line=book.line,
        party=party_of(book.members[agreement.member]),
        mark=request.mark.name,
        level=label_of(request.level),
        subject="" if body is None else body.subject,
        every_minutes=request.every_ms // 60_000,
        stands=agreement.agreed[-1][1] is None,
        skipped=sum(slot.kept is Kept.SKIPPED for slot in found),
        dates=tuple(rows),
    )


def _channel(channel: Channel) -> ChannelView:
    newest = channel.contacts[-1]
    parties = tuple(sorted(channel.parties))
    return ChannelView(
        channel.line, label_of(channel.level), parties, len(channel.contacts), f"{newest.line}/{newest.id}"
    )

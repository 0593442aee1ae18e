"""How charters are shown: each with what every party said to it, and clause by clause beside the one in force.

Texts come from the record, everything else from the book. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from openline.base.limits import BODY_BYTES_MAX
from openline.base.schema import unpack
from openline.base.time import Instant
from openline.line.book import Book
from openline.line.charter import CharterAnswer
from openline.line.clause import Charter, clauses
from openline.line.contactview import Texts
from openline.line.force import Chartered, Charters, Told, in_force, spells_of, spells_within, state_of
from openline.line.ids import party_of
from openline.line.view import AttachmentView, Time, moment
from openline.record.entry import Entry, Mark


class CharterRow(msgspec.Struct, frozen=True):
    """A charter that was in force in a period, and from when to when; `leaf` is its leaf hash in hex."""

    id: str
    leaf: str
    begin_at: str
    end_at: str | None


class CharterWordView(msgspec.Struct, frozen=True):
    """One word of a party: in which entry, when, and why."""

    id: str
    word: str
    desk: str
    time: Time
    reason: str


class CharterSideView(msgspec.Struct, frozen=True):
    """How one party stands to a charter by its own last word, and every word of it. Silence is `asked`."""

    party: str
    stand: str
    words: tuple[CharterWordView, ...]


class ClauseView(msgspec.Struct, frozen=True):
    """One clause by name, as a text."""

    clause: str
    text: str


class CharterView(msgspec.Struct, frozen=True):
    """One charter. `begin` and `end` are when it was in force, as far as that is known; `waiting` has not answered."""

    id: str
    line: str
    party: str
    desk: str
    mark: str
    time: Time
    state: str
    valid_from: Time | None
    begin: Time | None
    end: Time | None
    answer_by: Time | None
    waiting: tuple[str, ...]
    leaf: str
    sides: tuple[CharterSideView, ...]
    clauses: tuple[ClauseView, ...]
    attachments: tuple[AttachmentView, ...]


class ClauseChangeView(msgspec.Struct, frozen=True):
    """One clause in two charters; None where a charter has no such clause. `change`: same, changed, added, removed."""

    clause: str
    change: str
    before: str | None
    after: str | None


class CharterPage(msgspec.Struct, frozen=True):
    """One charter beside another, that in force unless it is named: clause by clause."""

    charter: CharterView
    against: str | None
    changes: tuple[ClauseChangeView, ...]


class ChartersView(msgspec.Struct, frozen=True):
    """The charters of a line under one mark, newest first. `in_force` is the one that holds now.

    Where it is null, or lacks a clause, the node goes by its own configuration.
    """

    line: str
    mark: str
    in_force: str | None
    charters: tuple[CharterView, ...]


def charters_view(book: Book, texts: Texts, now: Instant, mark: Mark, count: int) -> ChartersView:
    """The newest `count` charters of a line under one mark, newest first."""
    rows = [row for row in book.state(Charters).by_place.values() if row.mark is mark]
    rows.sort(key=lambda row: (row.time_ms, row.place), reverse=True)
    holds = in_force(book, now, mark)
    shown = tuple(charter_view(book, row, texts, now) for row in rows[:count])
    return ChartersView(book.line, mark.name, None if holds is None else _id(book, holds), shown)


def charter_view(book: Book, row: Chartered, texts: Texts, now: Instant) -> CharterView:
    """One charter as it stands at `now`."""
    origin = book.members[row.member]
    entry = texts(origin, row.index)
    leaf = entry.leaf
    spell = next((one for one in spells_of(book, row.mark) if one.charter is row), None)
    end_ms = row.ends_ms if spell is None else spell.end_ms
    return CharterView(
        id=_id(book, row),
        line=book.line,
        party=book.labels[origin],
        desk=leaf.desk,
        mark=row.mark.name,
        time=moment(leaf.time),
        state=state_of(book, row, now).value,
        valid_from=_time(row.from_ms or None),
        begin=None if spell is None else _time(spell.begin_ms),
        end=_time(end_ms),
        answer_by=_time(leaf.deadline_ms),
        waiting=tuple(book.labels[book.members[member]] for member in row.waiting),
        leaf=entry.leaf_hash.hex(),
        sides=tuple(_side(book, row, member, texts) for member in row.parties),
        clauses=tuple(ClauseView(*clause) for clause in _clauses(entry).items()),
        attachments=tuple(AttachmentView(each.size, each.digest.hex()) for each in leaf.attachments),
    )


def charter_page(book: Book, row: Chartered, against: Chartered | None, texts: Texts, now: Instant) -> CharterPage:
    """A charter and what it would change in `against`, or in nothing where that is None."""
    before = {} if against is None else _clauses(texts(book.members[against.member], against.index))
    after = _clauses(texts(book.members[row.member], row.index))
    names = dict.fromkeys((*after, *before))
    changes = tuple(_change(name, before.get(name), after.get(name)) for name in names)
    return CharterPage(charter_view(book, row, texts, now), None if against is None else _id(book, against), changes)


def charter_rows(book: Book, mark: Mark, since_ms: int, until_ms: int) -> Iterator[CharterRow]:
    """The charters of a mark that were in force at some moment of a period, in order: for the report and the ledger."""
    for spell in spells_within(book, mark, since_ms, until_ms):
        origin, index = book.members[spell.charter.member], spell.charter.index
        begin = Instant.from_ms(spell.begin_ms).rfc3339()
        end = None if spell.end_ms is None else Instant.from_ms(spell.end_ms).rfc3339()
        yield CharterRow(f"{party_of(origin)}:{index}", book.ref(origin, index).leaf_hash.hex(), begin, end)


def _clauses(entry: Entry) -> dict[str, str]:
    assert entry.body is not None, "the book took it in, so its body was there and could be read"
    return clauses(unpack(Charter, entry.body, BODY_BYTES_MAX), entry.leaf.attachments)


def _change(name: str, before: str | None, after: str | None) -> ClauseChangeView:
    word = "added" if before is None else "removed" if after is None else "same" if before == after else "changed"
    return ClauseChangeView(name, word, before, after)


def _side(book: Book, row: Chartered, member: int, texts: Texts) -> CharterSideView:
    words = tuple(_word(book, told, texts) for told in row.words.get(member, ()))
    return CharterSideView(book.labels[book.members[member]], row.stand(member).value, words)


def _word(book: Book, told: Told, texts: Texts) -> CharterWordView:
    origin = book.members[told.member]
    entry = texts(origin, told.index)
    assert entry.body is not None, "the book took it in, so its body was there and could be read"
    reason = unpack(CharterAnswer, entry.body, BODY_BYTES_MAX).reason
    word = told.word.name.lower()
    return CharterWordView(book.label(origin, told.index), word, entry.leaf.desk, moment(entry.leaf.time), reason)


def _id(book: Book, row: Chartered) -> str:
    return book.label(book.members[row.member], row.index)


def _time(time_ms: int | None) -> Time | None:
    return None if time_ms is None else moment(Instant.from_ms(time_ms))

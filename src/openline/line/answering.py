"""What answers of the other side have in common, whether to a request, a demand or an allegation (R40, R45).

Ref 0 of an answer is what it answers: an entry of another party, of the same mark. Each kind has its own table of
what may be answered when. An answer that counts is its party's ANSWERED: nothing more is awaited of that party.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, IntEnum
from typing import Protocol, TypeVar

from openline.base.errors import UsageError
from openline.base.machine import NoTransition, advance
from openline.line.book import Book
from openline.line.contact import Place
from openline.line.item import Fact, Stage
from openline.line.kinds import Change, Said
from openline.record.entry import Mark

S = TypeVar("S", bound=Enum)
W = TypeVar("W", bound=IntEnum)
Table = Mapping[tuple[S, W], S]


class Answerable(Protocol):
    """What the book keeps of an entry that others answer."""

    @property
    def member(self) -> int:
        """Whose it is."""
        ...

    @property
    def mark(self) -> Mark:
        """Whether it is real."""
        ...


R = TypeVar("R", bound=Answerable)


def target_of(book: Book, said: Said, rows: Mapping[Place, R], is_own_too: bool = False) -> R | Change:
    """What an answer answers, or the fault: there is no such entry, it is the answerer's own, or of another mark.

    With `is_own_too` an author may say something of its own.
    """
    ref = said.leaf.refs[0]
    row = rows.get((book.number(ref.origin), ref.index))
    if row is None:
        return book.fault(said, "fault-target-wrong", target=book.registry.name(book.kind_at(ref.origin, ref.index)))
    if row.member == said.member and not is_own_too:
        return book.fault(said, "fault-answers-own")
    if row.mark is not said.leaf.mark:
        return book.fault(said, "fault-mark-differs", mark=said.leaf.mark.name, expected=row.mark.name)
    return row


def answered(book: Book, said: Said, table: Table[S, W], before: S, word: W) -> S | Change:
    """How the answerer stands after `word`, or the fault where the table does not allow it."""
    try:
        return advance(table, before, word)
    except NoTransition:
        return book.fault(said, "fault-answer-not-possible", answer=word.name, state=before.name)


def settle(book: Book, said: Said, what: str) -> Change:
    """Let `said` count as its party's ANSWERED; what changed of the entry it answers."""
    ref = said.leaf.refs[0]
    item = book.item(ref.origin, ref.index)
    assert item is not None, "what can be answered is an item"
    if not item.holds(said.member, Stage.ANSWERED, "", said.entry.index) and not item.full(said.member):
        by = book.word(said.leaf.desk)
        item.state(Fact(said.member, said.entry.index, Stage.ANSWERED, said.leaf.time_ms, by, "", said.entry.index))
        book.review(item)
    return book.changed(item, what)


def check_possible(table: Table[S, W], state: S, word: W, entry: str) -> None:
    """Raises UsageError when `word` is no answer to what `entry` names, as we stand to it."""
    if (state, word) not in table:
        raise UsageError(
            "answer-not-possible", entry=entry, answer=word.name.lower().replace("_", "-"), state=state.value
        )

"""What is said again: which earlier entry of its own author a demand or a warning repeats, and how often by now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from openline.line.book import Book
from openline.line.contact import Place
from openline.line.kinds import Said
from openline.record.entry import Mark


class Repeated(Protocol):
    """A row of the book that may repeat an earlier one."""

    @property
    def member(self) -> int:
        """Whose it is."""
        ...

    @property
    def index(self) -> int:
        """Where it stands in its author's log."""
        ...

    @property
    def mark(self) -> Mark:
        """Whether it is real."""
        ...

    @property
    def refs(self) -> tuple[Place, ...]:
        """The entries it names."""
        ...

    @property
    def place(self) -> Place:
        """Member and index."""
        ...


def earlier_of(book: Book, said: Said) -> tuple[Place, ...]:
    """The entries of members that an entry names; those of its own author only when the hash is right."""
    found = []
    for ref in said.leaf.refs:
        own = ref.origin == said.entry.origin
        if ref.origin in book.members and (not own or _right(book, said, ref.index, ref.leaf_hash)):
            found.append((book.number(ref.origin), ref.index))
    return tuple(found)


def before_it(row: Repeated, rows: Mapping[Place, Repeated]) -> Repeated | None:
    """The earlier row of the same author, kind and mark that `row` repeats."""
    for place in row.refs:
        earlier = rows.get(place)
        if earlier is not None and earlier.member == row.member and earlier.mark is row.mark:
            return earlier
    return None


def repeats(row: Repeated, rows: Mapping[Place, Repeated]) -> int:
    """The how manieth time it is said: 1 for what repeats nothing. An entry names only earlier ones, so this ends."""
    count, now = 1, before_it(row, rows)
    while now is not None:
        count, now = count + 1, before_it(now, rows)
    return count


def _right(book: Book, said: Said, index: int, leaf_hash: bytes) -> bool:
    return index < said.entry.index and book.ref(said.entry.origin, index).leaf_hash == leaf_hash

"""What is said again: which earlier entry of its own author a demand or a warning repeats, and how often by now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from openline.line.book import Book
from openline.line.contact import Place, stands
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


def repetitions(book: Book, rows: Mapping[Place, Repeated]) -> dict[Place, int]:
    """The how manieth time each row is said: 1 for what repeats nothing. What was withdrawn does not count.

    All that repeat the same first one are counted together, whichever of them each one names.
    """
    first: dict[Place, Place] = {}
    counts: dict[Place, int] = {}
    found: dict[Place, int] = {}
    for place, row in sorted(rows.items()):  # By author and index, and an entry names only earlier ones.
        earlier = before_it(row, rows)
        first[place] = place if earlier is None else first[earlier.place]
        counts[first[place]] = counts.get(first[place], 0) + stands(book, place)
        found[place] = max(1, counts[first[place]])
    return found


def _right(book: Book, said: Said, index: int, leaf_hash: bytes) -> bool:
    return index < said.entry.index and book.ref(said.entry.origin, index).leaf_hash == leaf_hash

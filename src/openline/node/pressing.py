"""One saying at a time about one thing: of two officers who press at once, the second is told how it stands by then.

A verb is checked against the book, and the book holds an entry only once it is committed. Without this, both would pass
the same check, and the second entry would stand in the record as a fault that no officer has made. What needs no check
against what is being said just now is never held up: messages, and a STOP above all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from openline.base.errors import UsageError
from openline.line.book import Book
from openline.record.entry import Entry

NEVER_HELD_UP = frozenset({"send", "service", "stop", "test"})
"""Verbs that may be said by several at once: each saying is one of its own."""

_SUBJECTS = ("entry", "call")

Thing = tuple[str, str, int]
"""A line with an entry of it, or a line with a verb and -1."""


class Pressing:
    """What is being recorded just now, by the thing it is about. Mutable; owned by the desk, on its event loop."""

    def __init__(self) -> None:
        self._under_way: dict[Thing, asyncio.Future[list[Entry]]] = {}

    async def turn(self, thing: Thing | None) -> None:
        """Wait until nothing about `thing` is under way. Whatever follows without waiting comes before all others."""
        while thing in self._under_way:
            await asyncio.wait([self._under_way[thing]])

    def begin(self, thing: Thing | None, recording: asyncio.Future[list[Entry]]) -> None:
        """From now on, until it is over, `thing` is being spoken of."""
        if thing is None:
            return
        assert thing not in self._under_way, "whoever begins has had the turn"
        self._under_way[thing] = recording
        recording.add_done_callback(lambda _: self._under_way.pop(thing))


def thing_of(book: Book, verb: str, many: Sequence[object]) -> Thing | None:
    """What a saying is about: the entry it names, else all this verb says on the line; None for what never waits."""
    if verb in NEVER_HELD_UP or len(many) != 1:
        return None
    arguments = many[0] if isinstance(many[0], Mapping) else {}
    for name in _SUBJECTS:
        named = arguments.get(name)
        if isinstance(named, str):
            try:
                origin, index = book.find(named)
            except UsageError:  # The verb itself says what is wrong with it.
                return None
            return book.line, origin, index
    return book.line, verb, -1

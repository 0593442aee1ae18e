"""Desk phones that ring for a STOP (R66), beside every console: at once, at both ends.

A STOP of the other side rings until somebody here has displayed, taken or answered it at a position, whoever else
picks up: a phone has no name that could stand on the record. To pick up is a minute of quiet, and no more. A STOP of
our own rings once, so that everybody here knows of it; it is not ours to answer. The phone that is picked up hears
nothing for a few seconds and is hung up: the display has said what it rang for.

Used from the node's event loop only. Nothing here waits for the disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openline.base.limits import PHONE_RINGS_S, STOP_PHONES_AGAIN_S, STOP_PHONES_QUIET_S
from openline.base.time import SECOND_US
from openline.line.book import Book
from openline.line.kinds import Change
from openline.line.stop import Stopping, Stops
from openline.media.words import Order, RingPhones, StopPhones
from openline.node.live import Key
from openline.record.entry import Mark

if TYPE_CHECKING:
    from openline.node.service import Node


@dataclass(slots=True)
class _Bell:
    """One STOP that rings: the voice process's number for it, when that was told last, and until when it is quiet."""

    number: int
    told_s: float
    quiet_s: float = 0.0


class StopBells:
    """Every STOP for which desk phones ring. Mutable; owned by the telephone.

    `number` gives a number that no call has; `say` tells the voice process.
    """

    def __init__(self, node: Node, number: Callable[[], int], say: Callable[[Order], None]) -> None:
        self._node = node
        self._number = number
        self._say = say
        self._bells: dict[Key, _Bell] = {}

    def committed(self, line: str, changes: list[Change]) -> None:
        """Something about STOPs has changed on a line."""
        if any(change.kind in ("stop", "stop-answer") for change in changes):
            self._follow(line)

    def tick(self) -> None:
        """Once a second: phones that have given up ring again."""
        for line in self._node.lines:
            self._follow(line)

    def ready(self) -> None:
        """A voice process has begun, and rings for nothing yet."""
        self._bells.clear()
        self.tick()

    def picked_up(self, number: int) -> bool:
        """A phone was picked up that rang for this number. Whether that was a STOP; then it is quiet for a while."""
        bell = next((bell for bell in self._bells.values() if bell.number == number), None)
        if bell is not None:
            bell.quiet_s = self._now_s() + STOP_PHONES_QUIET_S
        return bell is not None

    def _follow(self, line: str) -> None:
        book = self._node.lines[line].keeper.book
        rows = {Key(line, *row.place): row for row in book.state(Stops).standing.values() if self._rings(book, row)}
        for key in [key for key in self._bells if key.line == line and key not in rows]:
            self._say(StopPhones(self._bells.pop(key).number))
        for key, row in rows.items():
            self._ring(book, key, row)

    def _ring(self, book: Book, key: Key, row: Stopping) -> None:
        now_s, bell = self._now_s(), self._bells.get(key)
        if bell is None:
            bell = self._bells[key] = _Bell(self._number(), now_s)
        elif now_s < max(bell.told_s + STOP_PHONES_AGAIN_S, bell.quiet_s) or self._is_ours(book, row):
            return
        bell.told_s = now_s
        party = book.labels[book.members[row.member]]
        self._say(RingPhones(bell.number, f"STOP {party}" if row.mark is Mark.OPERATION else f"EXERCISE STOP {party}"))

    def _rings(self, book: Book, row: Stopping) -> bool:
        if self._is_ours(book, row):
            return self._node.clock.now() - row.began < PHONE_RINGS_S * SECOND_US
        me, item = book.number(book.me), book.item_at(*row.place)
        return me in row.owing(len(book.members)) and item is not None and not item.stated(me)

    @staticmethod
    def _is_ours(book: Book, row: Stopping) -> bool:
        return book.members[row.member] == book.me

    @staticmethod
    def _now_s() -> float:
        return asyncio.get_running_loop().time()

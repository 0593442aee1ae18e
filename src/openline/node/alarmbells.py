"""Desk phones that ring beside every console: for a STOP at once, at both ends (R66), and for what is late (R22).

What our watch is late with rings from the step of its escalation that calls the voice bell, until the stage that is
late is stated. A STOP of the other side rings until somebody here has displayed, taken or answered it at a position,
whoever else picks up: a phone has no name that could stand on the record. To pick up is a minute of quiet, and no
more. A STOP of our own rings once, so that everybody here knows of it; it is not ours to answer. The phone that is
picked up hears nothing for a few seconds and is hung up: the display has said what it rang for.

Used from the node's event loop only. Nothing here waits for the disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openline.base.limits import PHONE_RINGS_S, STOP_PHONES_AGAIN_S, STOP_PHONES_QUIET_S
from openline.base.time import SECOND_US
from openline.line.book import Book
from openline.line.contact import Place
from openline.line.escalation import RECORDED
from openline.line.kinds import Change
from openline.line.stop import Stopping, Stops
from openline.line.watch import WAKES, Awaited, Wake, owed_steps
from openline.media.words import Order, RingPhones, StopPhones
from openline.node.live import Key
from openline.record.entry import Mark

if TYPE_CHECKING:
    from openline.node.service import Node


@dataclass(frozen=True, slots=True)
class _Alarm:
    """What the phones' displays say, and whether they ring again when they have given up."""

    who: str
    again: bool


@dataclass(slots=True)
class _Bell:
    """One alarm that rings: the voice process's number for it, when that was told last, and until when it is quiet."""

    number: int
    told_s: float
    quiet_s: float = 0.0


class AlarmBells:
    """Every alarm for which desk phones ring. Mutable; owned by the telephone.

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
        """A phone was picked up that rang for this number. Whether that was an alarm; then it is quiet for a while."""
        bell = next((bell for bell in self._bells.values() if bell.number == number), None)
        if bell is not None:
            bell.quiet_s = self._now_s() + STOP_PHONES_QUIET_S
        return bell is not None

    def _follow(self, line: str) -> None:
        book = self._node.lines[line].keeper.book
        alarms = {Key(line, *place): alarm for place, alarm in (*self._stops(book), *self._late(book))}
        for key in [key for key in self._bells if key.line == line and key not in alarms]:
            self._say(StopPhones(self._bells.pop(key).number))
        for key, alarm in alarms.items():
            self._ring(key, alarm)

    def _ring(self, key: Key, alarm: _Alarm) -> None:
        now_s, bell = self._now_s(), self._bells.get(key)
        if bell is None:
            bell = self._bells[key] = _Bell(self._number(), now_s)
        elif now_s < max(bell.told_s + STOP_PHONES_AGAIN_S, bell.quiet_s) or not alarm.again:
            return
        bell.told_s = now_s
        self._say(RingPhones(bell.number, alarm.who))

    def _stops(self, book: Book) -> Iterator[tuple[Place, _Alarm]]:
        for row in book.state(Stops).standing.values():
            if self._rings(book, row):
                yield row.place, _Alarm(_who(book, "STOP", row.member, row.mark), not self._is_ours(book, row))

    def _late(self, book: Book) -> Iterator[tuple[Place, _Alarm]]:
        now = self._node.clock.now()
        for place, stage, _, steps in owed_steps(book, now, self._node.deadlines):
            item = book.item_at(*place)
            assert item is not None, "what is owed is an item"
            called = any(at <= now and Wake.VOICE in WAKES[step] for at, step in steps)
            if called and stage is not Awaited.STOP and item.precedence in RECORDED:
                yield place, _Alarm(_who(book, item.precedence.name, item.member, item.mark), again=True)

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


def _who(book: Book, what: str, member: int, mark: Mark) -> str:
    """What a display says: what it is and whose, and first of all that it is not real."""
    told = f"{what} {book.labels[book.members[member]]}"
    return told if mark is Mark.OPERATION else f"{mark.name} {told}"

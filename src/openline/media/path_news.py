"""What the node is told of paths: when something changes that an officer would want to know, and not more often.

Pure; the time is an argument, in microseconds of a clock that nobody sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openline.base.time import SECOND_US
from openline.media.wire_carriage import PathSound
from openline.media.words import PathIs

EVERY_US = SECOND_US
"""A path is told of at most once in this time."""

UNKNOWN = -1
_LOSS_MOVED = 10
_TRIP_MOVED_PERCENT = 20


class PathNews:
    """What was said last of each path. Mutable; owned by the house."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], tuple[PathIs, int]] = {}

    def look(self, facts: Iterable[PathSound], now: int) -> Iterator[PathIs]:
        """What is to be said now of the paths as they stand."""
        for fact in facts:
            line, _, party = fact.peer.partition(" ")
            word = PathIs(
                line,
                party,
                fact.path,
                fact.carriage.value,
                _known(fact.round_trip_us),
                _known(fact.loss_out),
                _known(fact.loss_in),
                fact.trouble,
            )
            last, at = self._said.get((fact.peer, fact.path), (None, now - EVERY_US))
            if now - at >= EVERY_US and (last is None or _differs(word, last)):
                self._said[fact.peer, fact.path] = word, now
                yield word


def _known(value: int | None) -> int:
    return UNKNOWN if value is None else value


def _differs(word: PathIs, last: PathIs) -> bool:
    return (
        (word.carriage, word.trouble) != (last.carriage, last.trouble)
        or _moved(word.loss_out, last.loss_out, _LOSS_MOVED)
        or _moved(word.loss_in, last.loss_in, _LOSS_MOVED)
        or _moved(word.round_trip_us, last.round_trip_us, last.round_trip_us * _TRIP_MOVED_PERCENT // 100 + 1)
    )


def _moved(value: int, last: int, by: int) -> bool:
    """Whether a figure has moved so far, or is known now and was not, or the other way round."""
    return (value == UNKNOWN) != (last == UNKNOWN) or abs(value - last) >= by

"""Who sits in a call here, as the voice process is told: positions, phones, and interpreters with their two lists.

The record names desks; sound knows legs. A list is made of the legs that are seated now, and anew when they change.
"""

from __future__ import annotations

from collections.abc import Sequence

from openline.media.words import SeatRow
from openline.node.legs import PHONE, Leg
from openline.voice.call import Part
from openline.voice.seats import Kind


def seat_rows(seated: Sequence[Leg], part: Part) -> tuple[SeatRow, ...]:
    """A row for each of the legs that are `seated`, in their order. `part` is our own in the call."""
    return tuple(_row(leg, seated, part) for leg in seated)


def _row(leg: Leg, seated: Sequence[Leg], part: Part) -> SeatRow:
    arrangement = part.interpreters.get(leg.desk)
    if arrangement is None:
        return SeatRow(leg.number, Kind.PHONE if leg.kind == PHONE else Kind.POSITION)
    listens, speaks = (
        tuple(other.number for other in seated if other.desk in desks and other is not leg)
        for desks in (arrangement.listens, arrangement.speaks)
    )
    return SeatRow(leg.number, Kind.INTERPRETER, listens, speaks)

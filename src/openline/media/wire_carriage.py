"""How sound can go on a path, as values: the table CARRIAGE, the pace of probes, and what is told of a path."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from openline.base.limits import WIRE_GRACE_US
from openline.base.time import MINUTE_US, SECOND_US


class Carriage(Enum):
    """How sound goes out on a path."""

    DEAD = "dead"
    STREAM = "stream"
    BOTH = "both"
    UDP = "udp"


class Happening(Enum):
    """What changes it."""

    OPENED = "opened"
    UDP_ANSWERED = "udp answered"
    UDP_LATE = "udp late"
    UDP_SILENT = "udp silent"
    STREAM_ANSWERED = "stream answered"
    STREAM_SILENT = "stream silent"
    ENDED = "ended"


CARRIAGE: dict[tuple[Carriage, Happening], Carriage] = {
    (Carriage.DEAD, Happening.OPENED): Carriage.STREAM,
    (Carriage.DEAD, Happening.STREAM_ANSWERED): Carriage.STREAM,
    (Carriage.DEAD, Happening.UDP_ANSWERED): Carriage.UDP,
    (Carriage.STREAM, Happening.UDP_ANSWERED): Carriage.UDP,
    (Carriage.STREAM, Happening.STREAM_SILENT): Carriage.DEAD,
    (Carriage.UDP, Happening.UDP_LATE): Carriage.BOTH,
    (Carriage.BOTH, Happening.UDP_ANSWERED): Carriage.UDP,
    (Carriage.BOTH, Happening.UDP_SILENT): Carriage.STREAM,
    (Carriage.STREAM, Happening.ENDED): Carriage.DEAD,
    (Carriage.UDP, Happening.ENDED): Carriage.DEAD,
    (Carriage.BOTH, Happening.ENDED): Carriage.DEAD,
}


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a path probes and how long it waits, in microseconds; a measured round trip is added to the waits.

    A probe goes every `idle_us` where UDP carries, every `away_us` where it does not or a newer session waits; every
    `busy_us` while ten payloads a second are sent, and for `soon_us` after UDP was lost; every `again_us` while one is
    unanswered. That puts UDP in doubt after `late_us` and out of use after `silent_us`; on the stream it stops the
    sound after `stale_us`, where the round trip adds no more than as much again. Keys of a session that ended serve
    for `grace_us`.
    """

    idle_us: int = 5 * SECOND_US
    away_us: int = 2 * SECOND_US
    busy_us: int = SECOND_US // 2
    again_us: int = SECOND_US // 4
    soon_us: int = MINUTE_US
    late_us: int = 3 * SECOND_US // 4
    silent_us: int = 3 * SECOND_US
    stale_us: int = SECOND_US
    grace_us: int = WIRE_GRACE_US


class Unsent(Enum):
    """Why something was not sent."""

    LARGE = "large"
    REFUSED = "refused"
    STALE = "stale"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class PathSound:
    """How sound goes to `peer` on `path`, for the screen and the record.

    Loss is in thousandths of our datagrams (`loss_out`) and of theirs (`loss_in`), as counted lately, None when
    unknown. `trouble` is what the system said when no UDP socket could be had.
    """

    peer: str
    path: str
    carriage: Carriage
    since: int
    round_trip_us: int | None
    loss_out: int | None
    loss_in: int | None
    session: int | None
    trouble: str

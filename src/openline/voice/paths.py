"""The paths that voice has to one peer: which are heard, which carry sound, which can be relied on, what is due.

A path stands as the table HEALTH says. It is SILENT when other paths bring what it should have brought too, or when
nothing has come for longer than probes leave between them; DEAD when that lasts. Sound goes on every path that is not
dead, and on all of them when all are dead, so that the first moment of a path's return is used. Only a path that is
heard at both ends is relied on when offsets are chosen.

A Paths is told the time and looked at (`look`) every 20 ms or so; it sends nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from openline.base.errors import UsageError
from openline.base.limits import (
    VOICE_PATH_DEAD_AFTER_US,
    VOICE_PATH_LOST_AFTER_US,
    VOICE_PATH_SILENT_AFTER_US,
    VOICE_PATHS_MAX,
    VOICE_PROBE_EVERY_US,
    VOICE_REPORT_EVERY_US,
)
from openline.base.machine import advance
from openline.base.time import SECOND_US
from openline.voice.datagram import Reception, Report
from openline.voice.frame import SEQUENCES, ahead
from openline.voice.meter import Inbound, Outbound
from openline.voice.redundancy import Loss

MISSED_DATAGRAMS = 8
"""So many on another path since a path last brought one make it silent; more where losses come in long runs."""

_MISSED_BURSTS = 4

REPORT_AT_LEAST_EVERY_US = SECOND_US
_REPORT_AFTER_DATAGRAMS = 8
_URGENT_TIMES = 3
_URGENT_EVERY_US = 40_000


class State(Enum):
    """How a path towards us stands."""

    HEARD = "heard"
    SILENT = "silent"
    DEAD = "dead"


class Happening(Enum):
    """What moves it."""

    ARRIVED = "arrived"
    MISSED = "missed"
    STAYED_SILENT = "stayed silent"


HEALTH: dict[tuple[State, Happening], State] = {
    (State.HEARD, Happening.ARRIVED): State.HEARD,
    (State.HEARD, Happening.MISSED): State.SILENT,
    (State.SILENT, Happening.STAYED_SILENT): State.DEAD,
    (State.SILENT, Happening.ARRIVED): State.HEARD,
    (State.DEAD, Happening.ARRIVED): State.HEARD,
}


class Path:
    """One path. Mutable; owned by its Paths. `since` is when it was last heard, or opened."""

    __slots__ = ("_others", "_received", "inbound", "number", "outbound", "sent_at", "since", "state")

    def __init__(self, number: int, now: int) -> None:
        self.number = number
        self.inbound = Inbound()
        self.outbound = Outbound()
        self.state = State.HEARD
        self.since = now
        self.sent_at = now - VOICE_PROBE_EVERY_US
        self._others: dict[int, int] = {}
        self._received = -1

    def happened(self, happening: Happening) -> None:
        """Move along the table."""
        self.state = advance(HEALTH, self.state, happening)

    @property
    def relied_on(self) -> bool:
        """Whether both ends hear it."""
        return self.state is State.HEARD and self.outbound.heard

    def carries(self, now: int) -> bool:
        """Whether sound may go on it: not when it is dead in either direction."""
        unheard = self.outbound.unheard_since
        return self.state is not State.DEAD and (unheard is None or now - unheard < VOICE_PATH_DEAD_AFTER_US)

    def missed(self, others: dict[int, int]) -> int:
        """How much the busiest other path has brought since this one last did; `others` are all receipts by path."""
        if self._received != self.inbound.received:
            self._received = self.inbound.received
            self._others = others
        return max((count - self._others.get(path, count) for path, count in others.items()), default=0)


class Paths:
    """All paths to one peer. Mutable; owned by whoever sends and reads its datagrams. Times are in microseconds."""

    __slots__ = ("_news", "_number", "_paths", "_received", "_reported_at", "_told", "peer_frames", "peer_lost")

    def __init__(self) -> None:
        self._paths: dict[int, Path] = {}
        self._number = 0
        self._reported_at = 0
        self._received: dict[int, int] = {}
        self._news = 0
        self._told: int | None = None
        self.peer_frames = 0
        self.peer_lost = 0

    def open(self, number: int, now: int) -> None:
        """A path has its keys. One that had others before begins anew. Raises UsageError when there are too many."""
        if number not in self._paths and len(self._paths) >= VOICE_PATHS_MAX:
            raise UsageError("voice-too-many-paths", limit=VOICE_PATHS_MAX)
        self._paths[number] = Path(number, now)
        self._received.pop(number, None)

    def close(self, number: int) -> None:
        """A path's keys are gone."""
        self._paths.pop(number, None)
        self._received.pop(number, None)
        self._news = _URGENT_TIMES

    def path(self, number: int) -> Path:
        """What is known of one path, for those who show it."""
        return self._paths[number]

    def sent(self, number: int, sequence: int, now: int) -> None:
        """A datagram goes out on a path with this SRTP sequence number."""
        path = self._paths[number]
        path.outbound.sent(sequence, now)
        path.sent_at = now

    def arrived(self, number: int, sequence: int, now: int) -> None:
        """An authentic datagram came on a path with this SRTP sequence number."""
        path = self._paths[number]
        path.inbound.arrived(sequence, now)
        path.since = now
        if path.state is not State.HEARD:
            path.happened(Happening.ARRIVED)
            self._news = _URGENT_TIMES

    def told(self, number: int, report: Report, now: int) -> int:
        """A report came on a path. Answers how many more frames the peer has lost for good since the last one.

        The same report comes on several paths, and an old one may come late: what counts is the newest.
        """
        for reception in report.paths:
            if reception.path == number:
                self._paths[number].outbound.echoed(reception, now)
        if self._told is not None and ahead(report.number, self._told) <= 0:
            return 0
        first, self._told = self._told is None, report.number
        for reception in report.paths:
            if reception.path in self._paths:
                self._paths[reception.path].outbound.told(reception, now)
        more = report.lost - self.peer_lost
        self.peer_frames, self.peer_lost = report.frames, report.lost
        return 0 if first else max(more, 0)

    def look(self, now: int) -> bool:
        """Let time pass. Answers whether a path has fallen silent or died."""
        received = {path.number: path.inbound.received for path in self._paths.values()}
        changed = False
        for path in self._paths.values():
            missed, silence = path.missed(received), now - path.since
            enough = max(MISSED_DATAGRAMS, _MISSED_BURSTS * path.inbound.burst)
            outdone = missed >= enough and silence >= VOICE_PATH_SILENT_AFTER_US
            if path.state is State.HEARD and (outdone or silence >= VOICE_PATH_LOST_AFTER_US):
                path.happened(Happening.MISSED)
                self._news = _URGENT_TIMES
                changed = True
            if path.state is State.SILENT and silence >= VOICE_PATH_DEAD_AFTER_US:
                path.happened(Happening.STAYED_SILENT)
                changed = True
        return changed

    @property
    def lost(self) -> bool:
        """Whether no path is heard at all."""
        return all(path.state is not State.HEARD for path in self._paths.values())

    def carrying(self, now: int) -> list[int]:
        """The paths that sound and reports go on: those that are not dead, or all of them."""
        return [path.number for path in self._paths.values() if path.carries(now)] or list(self._paths)

    def relied_on(self) -> list[Loss]:
        """What the paths do that both ends hear."""
        return [path.outbound.loss for path in self._paths.values() if path.relied_on]

    def probes_due(self, now: int) -> list[int]:
        """The paths on which nothing has gone out for as long as a probe waits. Each is to be probed now.

        A probe that cannot leave counts as one: a path that takes nothing is not asked at every look.
        """
        due = [path for path in self._paths.values() if now - path.sent_at >= VOICE_PROBE_EVERY_US]
        for path in due:
            path.sent_at = now
        return [path.number for path in due]

    def report_due(self, frames: int, lost: int, now: int) -> Report | None:
        """The report to send now on every path that carries, if it is time; `frames` and `lost` are its totals.

        Often while there is sound, each second while anything comes at all, and at once, three times, when a path has
        fallen silent or is heard again: the one who speaks must know, and that report may be lost as well.
        """
        if not self._is_due(now):
            return None
        self._reported_at = now
        self._news = max(self._news - 1, 0)
        self._received = {path.number: path.inbound.received for path in self._paths.values()}
        self._number = (self._number + 1) % SEQUENCES
        receptions = tuple(self._receptions(now))
        return Report(self._number, frames % (1 << 32), lost % (1 << 32), receptions) if receptions else None

    def _is_due(self, now: int) -> bool:
        since = now - self._reported_at
        if self._news:
            return since >= _URGENT_EVERY_US or self._news == _URGENT_TIMES
        receipts = ((path.inbound.received, self._received.get(path.number, 0)) for path in self._paths.values())
        new = max((received - before for received, before in receipts), default=0)
        wait = VOICE_REPORT_EVERY_US if new >= _REPORT_AFTER_DATAGRAMS else REPORT_AT_LEAST_EVERY_US
        return new > 0 and since >= wait

    def _receptions(self, now: int) -> Iterator[Reception]:
        for number, path in sorted(self._paths.items()):
            if path.inbound.heard is not None:
                yield path.inbound.reception(number, path.state is State.HEARD, now)

"""Sessions and the paths they run on: the state of each, and which session of a peer is in use.

A session walks the table HEALTH. A path is in the best state of its sessions, and DOWN when it has none.
Only a session whose HELLO was accepted (UP or STALLED) is ever sent anything but HELLO and BYE.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from openline.base.limits import SESSIONS_PER_PATH_MAX
from openline.base.machine import advance
from openline.base.time import Instant
from openline.link.events import Opened, PathHealth
from openline.link.meter import Meter


class State(Enum):
    """How a session stands."""

    DOWN = "down"
    GREETING = "greeting"
    UP = "up"
    STALLED = "stalled"


class Happening(Enum):
    """What moves it."""

    OPENED = "opened"
    GREETED = "greeted"
    UNANSWERED = "unanswered"
    ANSWERED = "answered"
    ENDED = "ended"


HEALTH: dict[tuple[State, Happening], State] = {
    (State.DOWN, Happening.OPENED): State.GREETING,
    (State.GREETING, Happening.GREETED): State.UP,
    (State.UP, Happening.UNANSWERED): State.STALLED,
    (State.STALLED, Happening.ANSWERED): State.UP,
    (State.GREETING, Happening.ENDED): State.DOWN,
    (State.UP, Happening.ENDED): State.DOWN,
    (State.STALLED, Happening.ENDED): State.DOWN,
}

_BEST_FIRST = (State.UP, State.STALLED, State.GREETING, State.DOWN)
_NEVER_MEASURED = 2**62


@dataclass(frozen=True, slots=True)
class PathSpec:
    """A way to reach `peer`, as configured. `sessions` is how many the dialling side keeps on it."""

    name: str
    peer: int
    metered: bool = False
    sessions: int = 1


class Path:
    """One path to one peer. `configured` is false for a path that only the peer knows by name."""

    __slots__ = ("configured", "heard", "reason", "sessions", "spec")

    def __init__(self, spec: PathSpec, configured: bool) -> None:
        self.spec = spec
        self.configured = configured
        self.sessions: list[Session] = []
        self.heard: int | None = None
        self.reason = ""


class Session:
    """One TLS connection. Mutable; owned by `Paths`, its pulse by `link.pulse`, its meter by whoever sends.

    `doubted` is when something sent on it was last resent elsewhere, 0 when it has answered since. All that was
    sent before `proved` has arrived. `salt_key` is what the peer's HELLO told. The two sizes are what the peer held of
    our log and of its own when the session opened, as far as we knew: a HELLO that names less tells of a loss.
    """

    __slots__ = (
        "dialled",
        "doubted",
        "faults",
        "heard",
        "meter",
        "number",
        "opened",
        "ours_at_open",
        "path",
        "peer",
        "ping_at",
        "pings",
        "pings_sent",
        "proved",
        "salt_key",
        "state",
        "theirs_at_open",
    )

    def __init__(self, opened: Opened, path: Path, now: int) -> None:
        self.number = opened.session
        self.peer = opened.peer
        self.dialled = opened.dialled
        self.path = path
        self.state = advance(HEALTH, State.DOWN, Happening.OPENED)
        self.opened = now
        self.heard = now
        self.meter = Meter()
        self.doubted = 0
        self.faults = 0
        self.pings: dict[int, int] = {}
        self.pings_sent = 0
        self.ping_at = now
        self.proved = 0
        self.salt_key = b""
        self.ours_at_open = 0
        self.theirs_at_open = 0

    @property
    def greeted(self) -> bool:
        """Whether it may carry frames."""
        return self.state is State.UP or self.state is State.STALLED

    def happened(self, happening: Happening) -> None:
        """Move along the table."""
        self.state = advance(HEALTH, self.state, happening)

    @property
    def _class(self) -> tuple[bool, bool, int]:
        return self.state is State.STALLED, self.path.spec.metered, self.doubted

    def rank(self) -> tuple[bool, bool, int, int, int]:
        """Smaller is better: answering, not metered, not doubted (else longest ago), near."""
        return *self._class, self._distance, self.number

    def clearly_better_than(self, other: Session) -> bool:
        """Whether it pays to change over from `other`: a better class, or half the round trip."""
        if self._class != other._class:
            return self._class < other._class
        return self._distance * 2 < other._distance

    @property
    def _distance(self) -> int:
        return _NEVER_MEASURED if self.meter.round_trip is None else self.meter.round_trip


class Paths:
    """Every path and every open session. Owned by the engine."""

    def __init__(self, specs: Iterable[PathSpec]) -> None:
        self._paths = {(spec.peer, spec.name): Path(spec, configured=True) for spec in specs}
        self.sessions: dict[int, Session] = {}

    def open(self, opened: Opened, now: int) -> Session:
        """Take in a new session."""
        path = self._path(opened.peer, opened.path)
        session = Session(opened, path, now)
        path.sessions.append(session)
        self.sessions[session.number] = session
        return session

    def rename(self, session: Session, name: str) -> None:
        """Put an accepted session, whose path we could not know, on the path its HELLO names."""
        nameless = session.path
        nameless.sessions.remove(session)
        self._forget(nameless)
        session.path = self._path(session.peer, name)
        session.path.sessions.append(session)

    def close(self, session: Session, reason: str) -> None:
        """Take a session out; its path remembers why."""
        session.happened(Happening.ENDED)
        del self.sessions[session.number]
        session.path.sessions.remove(session)
        session.path.heard = max(session.heard, session.path.heard or 0)
        session.path.reason = reason
        self._forget(session.path)

    def crowded_out(self, session: Session) -> Session | None:
        """The session that must go because `session` is one too many on its path: the one longest not heard."""
        sessions = session.path.sessions
        if len(sessions) <= SESSIONS_PER_PATH_MAX:
            return None
        return min((other for other in sessions if other is not session), key=lambda other: (other.heard, other.number))

    def greeted(self, peer: int) -> Iterator[Session]:
        """The sessions that may carry frames to `peer`, oldest first."""
        return (session for session in self.sessions.values() if session.peer == peer and session.greeted)

    def choose(self, peer: int, in_use: Session | None) -> Session | None:
        """The session to use for `peer` from now on: the one in use unless another is clearly better."""
        best = min(self.greeted(peer), key=Session.rank, default=None)
        if best is None or in_use is None or not in_use.greeted:
            return best
        return best if best is not in_use and best.clearly_better_than(in_use) else in_use

    def health(self, shift_us: int) -> tuple[PathHealth, ...]:
        """How every path stands. Times are moved back by `shift_us`."""
        return tuple(_health(path, shift_us) for path in self._paths.values())

    def _path(self, peer: int, name: str) -> Path:
        path = self._paths.get((peer, name))
        if path is None:
            path = self._paths[peer, name] = Path(PathSpec(name, peer), configured=False)
        return path

    def _forget(self, path: Path) -> None:
        if not path.configured and not path.sessions:
            del self._paths[path.spec.peer, path.spec.name]


def _health(path: Path, shift_us: int) -> PathHealth:
    states = [session.state for session in path.sessions]
    state = min(states, key=_BEST_FIRST.index, default=State.DOWN)
    heard = max((session.heard for session in path.sessions if session.greeted), default=path.heard)
    trips = sorted(trip for session in path.sessions if (trip := session.meter.round_trip) is not None)
    return PathHealth(
        peer=path.spec.peer,
        path=path.spec.name,
        state=state.name,
        sessions=sum(session.greeted for session in path.sessions),
        heard=None if heard is None else Instant(heard - shift_us),
        round_trip_us=trips[len(trips) // 2] if trips else None,
        reason="" if state is State.UP else path.reason,
    )

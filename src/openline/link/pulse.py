"""Proof of life: heartbeats, what counts as silence, what a peer says of its people, and its clock.

A session is pinged every HEARTBEAT_US from the moment it is greeted; any frame proves life. One that answers
nothing is stalled, one that says nothing for DOWN_AFTER_US is ended.
"""

from __future__ import annotations

from openline.base.limits import DOWN_AFTER_US, HEARTBEAT_US, HELLO_WITHIN_US
from openline.link.frames import Ping, Pong, Presence
from openline.link.paths import Session, State

NEVER = 2**63
_PINGS_KEPT = 8


class Steady:
    """Time that never runs backwards, made from a clock that may be set back.

    Steady time is the clock's plus `shift_us`. A clock set forward looks like a long pause: sessions are ended and
    opened again, nothing else.
    """

    __slots__ = ("_last", "shift_us")

    def __init__(self) -> None:
        self.shift_us = 0
        self._last = 0

    def at(self, now: int) -> int:
        """Steady time when the clock says `now`."""
        steady = now + self.shift_us
        if steady < self._last:
            self.shift_us += self._last - steady
            steady = self._last
        self._last = steady
        return steady

    def down(self, heard: int | None) -> bool:
        """Whether one who was `heard` then, in steady time, counts as down at the last known time."""
        return heard is None or self._last - heard >= DOWN_AFTER_US


class Life:
    """What one peer told of itself. `clock_offset_us` is its clock minus ours, from the quickest answers."""

    __slots__ = ("_measured", "clock_offset_us", "heard", "presence")

    def __init__(self) -> None:
        self.heard: int | None = None
        self.presence = Presence.NOBODY
        self.clock_offset_us: int | None = None
        self._measured = False

    def told(self, presence: int) -> None:
        """The peer's node says who is there. Bits we do not know are dropped."""
        self.presence = Presence(presence & _PRESENCE_KNOWN)

    def greeted(self, peer_time_us: int, clock: int) -> None:
        """A HELLO said what time it is there: a first estimate, late by its own journey."""
        if not self._measured:
            self.clock_offset_us = peer_time_us - clock

    def ponged(self, peer_time_us: int, clock: int, took_us: int, usual_us: int) -> None:
        """A pong that `took_us` said what time it is there. Slower than usual tells less than what we know."""
        if took_us <= usual_us or not self._measured:
            self._measured = True
            self.clock_offset_us = peer_time_us + took_us // 2 - clock


_PRESENCE_KNOWN = int(Presence.CONSOLE | Presence.OFFICER | Presence.LINGUIST)


def ping(session: Session, now: int, clock_ms: int, size: int, presence: int) -> Ping:
    """The next ping of `session`, noted as unanswered. Heartbeats keep their beat, however late one is."""
    session.pings_sent += 1
    session.pings[session.pings_sent] = now
    if len(session.pings) > _PINGS_KEPT:
        del session.pings[next(iter(session.pings))]
    if session.ping_at <= now:
        session.ping_at += HEARTBEAT_US * (1 + (now - session.ping_at) // HEARTBEAT_US)
    return Ping(session.pings_sent, clock_ms, size, presence)


def ponged(session: Session, pong: Pong, now: int) -> int | None:
    """How long the answered ping took, or None when there was no such ping. Older pings count as answered too."""
    sent = session.pings.get(pong.number)
    if sent is None:
        return None
    session.pings = {number: at for number, at in session.pings.items() if number > pong.number}
    session.proved = sent
    took = max(now - sent, 1)
    session.meter.ponged(took)
    return took


def silent(session: Session, now: int) -> str | None:
    """The message id of why `session` must end, if it must."""
    if session.state is State.GREETING:
        return "path-no-hello" if now - session.opened >= HELLO_WITHIN_US else None
    return "path-silent" if now - session.heard >= DOWN_AFTER_US else None


def unanswered(session: Session, now: int) -> bool:
    """Whether a ping has gone unanswered for so long that the session counts as stalled."""
    return now - next(iter(session.pings.values()), now) >= session.meter.stalled_after_us


def due(session: Session) -> int:
    """When `session` next needs a look."""
    if session.state is State.GREETING:
        return session.opened + HELLO_WITHIN_US
    next_due = min(session.ping_at, session.heard + DOWN_AFTER_US)
    if session.pings and session.state is State.UP:
        return min(next_due, next(iter(session.pings.values())) + session.meter.stalled_after_us)
    return next_due

"""A conversation with an engine on one page: `play >> event << effect << effect >> event ...`.

`>>` gives the engine an event, after checking that every effect of the one before was named. `<<` names the next
effect, `<< REST` all that are left. `later(us)` is a Tick after that time, `says(session, frame)`
a frame that came in. Two parties: alpha is member 0 and, unless told otherwise, us; bravo is member 1.
"""

from __future__ import annotations

from dataclasses import dataclass

from openline.base.time import SECOND_US, Instant
from openline.link.engine import Engine, Known, PathSpec, Setup
from openline.link.events import Effect, Event, FrameArrived, Grew, Held, Offer, Opened, Send, Tick
from openline.link.frames import PROTOCOL, PROTOCOL_MIN, Ack, Frame, Hello, Ping, Pong, Presence, Push, Tip

ALPHA, BRAVO, CHARLIE = 0, 1, 2
LINE = "alpha-bravo"
MEMBERS = ("alpha.example", "bravo.example")
START = Instant.from_ms(1_790_000_000_000)
SALT_KEY, BRAVOS_SALT_KEY = bytes(32), bytes([1]) * 32
PATHS = (PathSpec("fibre", BRAVO), PathSpec("radio", BRAVO, metered=True))


class _Rest:
    """Everything that is left."""


REST = _Rest()


@dataclass(frozen=True)
class Later:
    """A Tick, `us` after now."""

    us: int


def later(us: int) -> Later:
    """Let time pass, then tick."""
    return Later(us)


class Play:
    """One engine and its clock."""

    def __init__(self, engine: Engine, now: Instant = START) -> None:
        self.engine = engine
        self.now = now
        self.left: list[Effect] = []

    def __rshift__(self, event: Event | Later) -> Play:
        assert not self.left, f"not named: {self.left}"
        if isinstance(event, Later):
            self.now = self.now.plus(event.us)
            event = Tick()
        self.left = self.engine.step(event, self.now)
        return self

    def __lshift__(self, effect: Effect | _Rest) -> Play:
        if isinstance(effect, _Rest):
            self.left = []
        else:
            assert self.left, f"nothing more happens; {effect} was expected"
            assert self.left.pop(0) == effect
        return self

    def pass_by(self, us: int) -> Play:
        """Let time pass without a tick."""
        self.now = self.now.plus(us)
        return self

    def until(self, us: int) -> list[Effect]:
        """All that happens in the next `us`, ticking when the engine asks for it and once a second."""
        end, happened = self.now.plus(us), list(self.left)
        while True:
            wakes = self.engine.wakes_at()
            at = min(self.now.plus(SECOND_US), end if wakes is None else wakes)
            if at > end or self.now == end:
                break
            assert at >= self.now
            self.now = Instant(at)
            self.left = self.engine.step(Tick(), self.now)
            happened += self.left
            wakes = self.engine.wakes_at()
            assert wakes is None or wakes > self.now, "the engine asks for ticks in vain"
        self.now, self.left = end, []
        return happened


def tip(member: int, size: int) -> Tip:
    """A tip; every size has bytes of its own."""
    if size == 0:
        return Tip(member, 0, None, None)
    return Tip(member, size, size.to_bytes(32, "big"), bytes([member]) * 32 + size.to_bytes(32, "big"))


def receipt(member: int, size: int) -> Ack:
    """The other side's receipt for `member`'s log."""
    return Ack(member, size, 1_790_000_000, b"r" * 56 + size.to_bytes(8, "big"))


def setup(
    own: int = 0,
    theirs: int = 0,
    receipted: int = 0,
    cosigned: int | None = None,
    paths: tuple[PathSpec, ...] = PATHS,
    presence: Presence = Presence.NOBODY,
) -> Setup:
    """Alpha's setup: sizes of our log and of bravo's as we hold it; we have cosigned all of it unless told."""
    size = theirs if cosigned is None else cosigned
    known = Known(tip(BRAVO, theirs), receipted, receipt(BRAVO, size) if size else None)
    return Setup(LINE, MEMBERS, ALPHA, SALT_KEY, tip(ALPHA, own), (known,), paths, presence)


def play(own: int = 0, theirs: int = 0, receipted: int = 0, cosigned: int | None = None) -> Play:
    """Alpha's engine, at the start."""
    return Play(Engine(setup(own, theirs, receipted, cosigned)))


def opened(session: int, path: str = "fibre") -> Opened:
    """A session with bravo is up."""
    return Opened(session, BRAVO, path, dialled=True)


def says(session: int, frame: Frame) -> FrameArrived:
    """A frame came in."""
    return FrameArrived(session, frame, 100)


def hello(*, own: int = 0, theirs: int = 0, receipted: int | None = None, time_ms: int = START.ms) -> Hello:
    """Bravo's HELLO: `own` is the size of its own log, `theirs` how much of ours it holds."""
    return Hello(
        versions=(PROTOCOL_MIN, PROTOCOL),
        line=LINE,
        members=MEMBERS,
        me=BRAVO,
        path="fibre",
        time_ms=time_ms,
        salt_key=BRAVOS_SALT_KEY,
        presence=0,
        tips=(tip(BRAVO, own), tip(ALPHA, theirs)),
        receipted=own if receipted is None else receipted,
    )


def greeted(talk: Play, session: int = 1, path: str = "fibre", answer: Hello | None = None, us: int = 1_000) -> Play:
    """A session opened and greeted both ways, its first ping answered after `us`. Nothing of it is left to name."""
    talk >> opened(session, path) << REST
    talk >> says(session, answer or hello()) << REST
    return pong(talk, session, us)


def pong(talk: Play, session: int = 1, us: int = 1_000, number: int = 1, presence: int = 0) -> Play:
    """Bravo answers a ping after `us`."""
    talk.pass_by(us)
    return talk >> says(session, Pong(number, talk.now.ms, talk.now.ms, presence)) << REST


def grew(size: int, size_bytes: int = 200, flash: bool = False) -> Grew:
    """Our log grew."""
    return Grew(tip(ALPHA, size), size_bytes, flash)


def held(size: int, member: int = BRAVO) -> Held:
    """We hold a member's log, bravo's unless told."""
    ack = receipt(member, size)
    return Held(tip(member, size), ack.time_s, ack.signature)


def push(base: int, stop: int, member: int = BRAVO) -> Push:
    """Entries of a log, without content."""
    return Push(member, base, 0, [None] * (stop - base), bytes(64))


def offer(session: int, pushed: Push) -> Offer:
    """What the record is asked when `pushed` has come."""
    return Offer(session, pushed, BRAVOS_SALT_KEY)


def pings(effects: list[Effect]) -> list[Ping]:
    """The pings among effects."""
    return [effect.frame for effect in effects if isinstance(effect, Send) and isinstance(effect.frame, Ping)]


LONG = 600 * SECOND_US

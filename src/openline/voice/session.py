"""One call on a line, as one headquarters sees it: how it stands, and what may happen next.

The table CALL is the whole truth of what is possible; what it does not name is refused (`NoTransition`). A call rings
at every position and phone at once and is answered at any of them. Whether our officers are heard is `speaks`, which
the node's own gate asks: a closed gate, a hold, and lost media all say no. Lost media is a state and no end: the same
call goes on, as it stood, when the first path is back.

The call's entries in the record (ring, answer, gate, hold, end, losses) are made from these steps by whoever holds it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from openline.base.machine import NoTransition, advance


class State(Enum):
    """How a call stands. UP and LOST come with the gate closed or open; HELD has it closed."""

    IDLE = "idle"
    RINGING_OUT = "ringing out"
    RINGING_IN = "ringing in"
    UP = "up, gate closed"
    UP_OPEN = "up, gate open"
    HELD = "held"
    LOST = "lost, gate closed"
    LOST_OPEN = "lost, gate open"
    LOST_HELD = "lost, held"
    ENDED = "ended"


class Event(Enum):
    """What happens to it. RING, ANSWER and END may be ours or the peer's; the gate and the hold are our own."""

    RING = "we ring"
    RUNG = "the peer rings"
    ANSWER = "answered"
    NOBODY = "nobody answered"
    OPEN_GATE = "gate opened"
    CLOSE_GATE = "gate closed"
    HOLD = "held"
    RESUME = "resumed"
    MEDIA_LOST = "media lost"
    MEDIA_BACK = "media back"
    END = "ended"


CALL: dict[tuple[State, Event], State] = {
    (State.IDLE, Event.RING): State.RINGING_OUT,
    (State.IDLE, Event.RUNG): State.RINGING_IN,
    # Both rang at once: at both ends somebody stands there.
    (State.RINGING_OUT, Event.RUNG): State.UP,
    (State.RINGING_OUT, Event.ANSWER): State.UP,
    (State.RINGING_OUT, Event.NOBODY): State.ENDED,
    (State.RINGING_OUT, Event.END): State.ENDED,
    (State.RINGING_IN, Event.ANSWER): State.UP,
    (State.RINGING_IN, Event.NOBODY): State.ENDED,
    (State.RINGING_IN, Event.END): State.ENDED,
    (State.UP, Event.OPEN_GATE): State.UP_OPEN,
    (State.UP, Event.HOLD): State.HELD,
    (State.UP, Event.MEDIA_LOST): State.LOST,
    (State.UP, Event.END): State.ENDED,
    (State.UP_OPEN, Event.CLOSE_GATE): State.UP,
    (State.UP_OPEN, Event.HOLD): State.HELD,
    (State.UP_OPEN, Event.MEDIA_LOST): State.LOST_OPEN,
    (State.UP_OPEN, Event.END): State.ENDED,
    # The key that was down when the call was held comes up.
    (State.HELD, Event.CLOSE_GATE): State.HELD,
    (State.HELD, Event.RESUME): State.UP,
    (State.HELD, Event.MEDIA_LOST): State.LOST_HELD,
    (State.HELD, Event.END): State.ENDED,
    (State.LOST, Event.OPEN_GATE): State.LOST_OPEN,
    (State.LOST, Event.HOLD): State.LOST_HELD,
    (State.LOST, Event.MEDIA_BACK): State.UP,
    (State.LOST, Event.END): State.ENDED,
    (State.LOST_OPEN, Event.CLOSE_GATE): State.LOST,
    (State.LOST_OPEN, Event.HOLD): State.LOST_HELD,
    (State.LOST_OPEN, Event.MEDIA_BACK): State.UP_OPEN,
    (State.LOST_OPEN, Event.END): State.ENDED,
    (State.LOST_HELD, Event.CLOSE_GATE): State.LOST_HELD,
    (State.LOST_HELD, Event.RESUME): State.LOST,
    (State.LOST_HELD, Event.MEDIA_BACK): State.HELD,
    (State.LOST_HELD, Event.END): State.ENDED,
}

_LOST = frozenset({State.LOST, State.LOST_OPEN, State.LOST_HELD})
_OVER_OR_NOT_BEGUN = frozenset({State.IDLE, State.ENDED})


@dataclass(frozen=True, slots=True)
class Session:
    """One call as it goes on. `rings_at` are the seats where it rings here, `answered_at` the one that answered."""

    state: State = State.IDLE
    rings_at: frozenset[int] = frozenset()
    answered_at: int | None = None

    def rung(self, seats: Iterable[int]) -> Session:
        """The peer rings: at all these seats. When we ring it too, the call is up and nothing rings."""
        state = advance(CALL, self.state, Event.RUNG)
        return replace(self, state=state, rings_at=frozenset(seats) if state is State.RINGING_IN else frozenset())

    def answered(self, seat: int) -> Session:
        """An officer answers at this seat; everywhere else the ringing stops.

        Raises NoTransition when the call does not ring there: another was quicker, or it is over.
        """
        if seat not in self.rings_at:
            raise NoTransition(f"it does not ring at {seat}")
        return replace(self.after(Event.ANSWER), answered_at=seat)

    def after(self, event: Event) -> Session:
        """The call after `event`. Raises NoTransition when the table does not allow it."""
        state = advance(CALL, self.state, event)
        return replace(self, state=state, rings_at=self.rings_at if state is State.RINGING_IN else frozenset())

    @property
    def speaks(self) -> bool:
        """Whether what our officers say goes out; also while media are lost, to use a path's return at once."""
        return self.state in {State.UP_OPEN, State.LOST_OPEN}

    @property
    def hears(self) -> bool:
        """Whether what the peer says is given to our officers."""
        return self.state in {State.UP, State.UP_OPEN, State.LOST, State.LOST_OPEN}

    @property
    def lost(self) -> bool:
        """Whether all media are gone."""
        return self.state in _LOST

    @property
    def under_way(self) -> bool:
        """Whether it has begun and is not over."""
        return self.state not in _OVER_OR_NOT_BEGUN

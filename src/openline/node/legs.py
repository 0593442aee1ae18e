"""The legs of a node: whose sound is connected, from which console session or desk phone, and why one is over.

A leg is of one position, and takes its place in every call in which that position takes part. The voice process
numbers them; a number comes again once its leg is over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openline.base.catalogue import sentence
from openline.base.limits import LEGS_OVER_SHOWN_MAX
from openline.base.time import Instant
from openline.node.views import LegView, Officer

BROWSER, PHONE = "browser", "phone"
CONNECTING, UP, OVER = "connecting", "up", "over"


@dataclass(slots=True)
class Leg:
    """One leg. Mutable; owned by Legs. `session` is empty for a phone's; reason and cause are message ids.

    `held` says that a phone has put us on hold.
    """

    number: int
    desk: str
    session: str
    phone: str
    since: Instant
    state: str = CONNECTING
    reason: str = ""
    cause: str = ""
    held: bool = False

    @property
    def kind(self) -> str:
        """What is at its other end."""
        return PHONE if self.phone else BROWSER

    def view(self, language: str) -> LegView:
        """How it is shown."""
        why = " ".join(sentence(one, {}, language) for one in (self.reason, self.cause) if one)
        return LegView(
            self.number, self.desk, self.kind, self.phone, self.state, self.since.rfc3339(), self.reason, why
        )


class Legs:
    """Every leg of a node, oldest first, and those that ended lately. Mutable; owned by the telephone."""

    def __init__(self) -> None:
        self._open: dict[int, Leg] = {}
        self._over: dict[int, Leg] = {}

    def offered(self, number: int, desk: str, session: str, now: Instant) -> Leg:
        """A browser of a session is connecting."""
        return self._begin(Leg(number, desk, session, "", now))

    def rang(self, number: int, desk: str, phone: str, now: Instant) -> Leg:
        """A desk phone has been picked up, or has dialled us."""
        return self._begin(Leg(number, desk, "", phone, now))

    def find(self, number: int) -> Leg | None:
        """A leg that is not over."""
        return self._open.get(number)

    def shown(self, number: int) -> Leg | None:
        """A leg, over or not."""
        return self._open.get(number) or self._over.get(number)

    def up(self, number: int, now: Instant) -> None:
        """Sound passes to and from it."""
        leg = self._open[number]
        leg.state, leg.since = UP, now

    def end(self, number: int, reason: str, cause: str, now: Instant) -> Leg | None:
        """It is over; None when there is no such leg."""
        leg = self._open.pop(number, None)
        if leg is None:
            return None
        leg.state, leg.since, leg.reason, leg.cause = OVER, now, reason, cause
        self._over.pop(number, None)
        self._over[number] = leg
        while len(self._over) > LEGS_OVER_SHOWN_MAX:
            del self._over[next(iter(self._over))]
        return leg

    def seated(self, desks: Iterable[str]) -> list[Leg]:
        """The legs that are up, of these positions."""
        wanted = frozenset(desks)
        return [leg for leg in self._open.values() if leg.state == UP and leg.desk in wanted]

    def of_session(self, session: str) -> list[Leg]:
        """The legs of a console session."""
        return [leg for leg in self._open.values() if session and leg.session == session]

    def speaks_for(self, who: Officer) -> Leg | None:
        """The leg whose gate an officer's key opens: of the asking session, else the newest of the position."""
        own = [leg for leg in self.of_session(who.session) if leg.state == UP]
        found = own or self.seated((who.desk,))
        return found[-1] if found else None

    @property
    def open(self) -> list[Leg]:
        """Every leg that is not over."""
        return list(self._open.values())

    def counts(self) -> dict[str, int]:
        """How many are up, by kind."""
        kinds = [leg.kind for leg in self._open.values() if leg.state == UP]
        return {kind: kinds.count(kind) for kind in (BROWSER, PHONE)}

    def views(self, language: str) -> list[LegView]:
        """Every leg, those that are over last."""
        rows = [*self._open.values(), *(leg for number, leg in self._over.items() if number not in self._open)]
        return [leg.view(language) for leg in rows]

    def _begin(self, leg: Leg) -> Leg:
        self._open[leg.number] = leg
        return leg

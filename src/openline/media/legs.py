"""The legs of one voice process: their numbers, and the browsers among them, one for each console session.

A number is given again as late as possible, so that a word about a leg that has ended meets no other one.
"""

from __future__ import annotations

from collections.abc import Callable

from openline.base.errors import OpenlineError, UsageError
from openline.base.limits import LEGS_MAX
from openline.media.answering import ANSWERS_AS
from openline.media.bridge import LEGS
from openline.media.browser import BrowserLeg, Settings, Whose, make_leg
from openline.media.phone_leg import PhoneLeg
from openline.media.ports import Leg, LegOwner
from openline.media.words import Answered, Offer, Refused


class Legs:
    """Mutable; owned by the house. `others` are the numbers that are taken elsewhere, by phones that ring."""

    def __init__(self, owner: LegOwner, settings: Settings, others: Callable[[], set[int]]) -> None:
        self._owner = owner
        self._settings = settings
        self._others = others
        self._legs: dict[int, Leg] = {}
        self._offered: set[int] = set()
        self._of_session: dict[str, int] = {}
        self._newest = ANSWERS_AS

    def number(self) -> int:
        """The number of the next leg. Raises UsageError when there are as many legs as may be."""
        taken = self._legs.keys() | self._offered | self._others()
        if len(taken) >= LEGS_MAX:
            raise UsageError("legs-too-many", limit=LEGS_MAX)
        for step in range(1, LEGS):
            number = (self._newest + step) % LEGS
            if number != ANSWERS_AS and number not in taken:
                self._newest = number
                return number
        raise AssertionError("there are more numbers than legs may be")

    async def offer(self, word: Offer) -> Answered | Refused:
        """Answer a browser. The leg that its console session had before ends."""
        try:
            number = self.number()
            self._offered.add(number)
            try:
                leg, sdp = await make_leg(word.sdp, number, self._owner, Whose(word.desk, word.session), self._settings)
            finally:
                self._offered.discard(number)
        except OpenlineError as why:
            return Refused(word.request, why.message_id, dict(why.facts))
        self._legs[number] = leg
        older = self._of_session.get(word.session)
        self._of_session[word.session] = number
        if older is not None:
            self.close(older, "leg-replaced")
        return Answered(word.request, number, sdp)

    def joined(self, leg: Leg) -> None:
        """A leg that was made elsewhere is up."""
        self._legs[leg.number] = leg

    def on_hold(self) -> list[int]:
        """The phones that have put us on hold."""
        return [number for number, leg in self._legs.items() if isinstance(leg, PhoneLeg) and leg.held]

    def close(self, number: int, reason: str) -> None:
        """End a leg; an unknown one does no harm."""
        if number in self._legs:
            self._legs[number].close(reason)

    def close_all(self, reason: str) -> None:
        """End every leg."""
        for leg in list(self._legs.values()):
            leg.close(reason)

    def forget(self, leg: Leg) -> bool:
        """A leg has ended; whether it was one of these."""
        if self._legs.get(leg.number) is not leg:
            return False
        del self._legs[leg.number]
        if isinstance(leg, BrowserLeg) and self._of_session.get(leg.facts.session) == leg.number:
            del self._of_session[leg.facts.session]
        return True

"""Who tries codes and passkeys too often must wait. Only attempts that were refused count, for each address apart.

A desk that is kept out says nothing of the others: a flood from one address locks nobody else out. Mutable, bounded;
used from the event loop only.
"""

from __future__ import annotations

from openline.base.errors import BusyError
from openline.base.limits import ATTEMPTS_ADDRESSES_MAX, ATTEMPTS_FORGOTTEN_US, ATTEMPTS_MAX
from openline.base.time import Instant
from openline.console.sessions import Clock


class Attempts:
    """Refused attempts by address, each address with those of the last minute."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._refused: dict[str, list[Instant]] = {}

    def check(self, address: str) -> None:
        """Raises BusyError `login-too-often` when this address was refused too often lately."""
        if len(self._lately(address)) >= ATTEMPTS_MAX:
            raise BusyError("login-too-often")

    def refused(self, address: str) -> None:
        """One more attempt was refused."""
        rows = [*self._lately(address), self._clock.now()]
        self._refused.pop(address, None)
        self._refused[address] = rows
        while len(self._refused) > ATTEMPTS_ADDRESSES_MAX:
            del self._refused[next(iter(self._refused))]

    def _lately(self, address: str) -> list[Instant]:
        now = self._clock.now()
        return [at for at in self._refused.get(address, ()) if 0 <= now - at < ATTEMPTS_FORGOTTEN_US]

"""How much one address may say: what a flood costs before anything of it is read.

An address has a bucket of knocks that refills steadily. Whoever finds it empty is not heard until he is quiet for a
while, and only the first time is worth a line in the log. Pure; `now_s` is an argument.
"""

from __future__ import annotations

from collections import OrderedDict
from enum import Enum

from openline.base.limits import SIP_ADDRESSES_MAX


class Knock(Enum):
    """What becomes of a knock: REFUSED is the first one of a flood, IGNORED each that follows."""

    ADMITTED = "admitted"
    REFUSED = "refused"
    IGNORED = "ignored"


class SipGate:
    """Buckets by address. `burst` knocks at once, one more each `refill_ms`; the longest unseen is forgotten first."""

    def __init__(self, burst: int, refill_ms: int) -> None:
        self._refill_s = refill_ms / 1000
        self._full_s = burst * self._refill_s
        # When a bucket would be full again, and whether it has been found empty: the whole state of one.
        self._buckets: OrderedDict[str, tuple[float, bool]] = OrderedDict()

    def knock(self, address: str, now_s: float) -> Knock:
        """Count a knock from `address`. One that floods is heard again when it has let half of its bucket come back."""
        full_at, flooding = self._buckets.pop(address, (now_s, False))
        full_at = max(full_at, now_s) + self._refill_s
        if full_at - now_s <= (self._full_s / 2 if flooding else self._full_s):
            self._keep(address, full_at, flooding=False)
            return Knock.ADMITTED
        self._keep(address, now_s + self._full_s, flooding=True)
        return Knock.IGNORED if flooding else Knock.REFUSED

    def empty(self, address: str, now_s: float) -> bool:
        """Whether a knock from `address` would not be admitted. Counts none."""
        full_at, flooding = self._buckets.get(address, (now_s, False))
        left_s = max(full_at, now_s) + self._refill_s - now_s
        return left_s > (self._full_s / 2 if flooding else self._full_s)

    def _keep(self, address: str, full_at: float, *, flooding: bool) -> None:
        self._buckets[address] = full_at, flooding
        if len(self._buckets) > SIP_ADDRESSES_MAX:
            self._buckets.popitem(last=False)

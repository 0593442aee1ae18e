"""Who may knock: bounds what strangers cost before they have shown a pinned key.

Three rules. An address has a bucket of knocks that refills slowly. At most so many guests stand inside without
having shown their key; when one more comes, the oldest goes, because an honest guest is through in two round
trips and a slow one is an attack. An address that has shown a pinned key is trusted: it needs no bucket, and goes
last. Sans-IO; `now_us` is an argument.
"""

from __future__ import annotations

from collections import OrderedDict
from ipaddress import IPv6Address, ip_address

ADDRESSES_MAX = 4_096
TRUSTED_MAX = 64
_V6_HOME_BITS = 64


class Gate:
    """The gate of one listener. It owns the buckets, the guests inside and the trusted addresses."""

    def __init__(self, guests_max: int, burst: int, refill_us: int) -> None:
        """At most `guests_max` guests inside; `burst` knocks at once from an address, one more each `refill_us`."""
        self._guests_max = guests_max
        self._refill_us = refill_us
        self._full_us = burst * refill_us
        # When a bucket would be full again: the whole state of a bucket in one number.
        self._full_at: OrderedDict[str, int] = OrderedDict()
        self._guests: dict[int, str] = {}
        self._trusted: OrderedDict[str, None] = OrderedDict()

    def knock(self, address: str, now_us: int) -> bool:
        """Whether a connection from `address` may come in. Counts it."""
        home = _home(address)
        if home in self._trusted:
            return True
        full_at = max(self._full_at.pop(home, now_us), now_us) + self._refill_us
        admitted = full_at - now_us <= self._full_us
        self._full_at[home] = full_at if admitted else full_at - self._refill_us
        if len(self._full_at) > ADDRESSES_MAX:
            self._full_at.popitem(last=False)
        return admitted

    def enter(self, guest: int, address: str) -> int | None:
        """Let `guest` in. Answers which guest has to go for it, if any."""
        self._guests[guest] = _home(address)
        if len(self._guests) <= self._guests_max:
            return None
        strangers = (number for number, home in self._guests.items() if home not in self._trusted)
        return next(strangers, next(iter(self._guests)))

    def prove(self, guest: int) -> None:
        """`guest` has shown a pinned key: its address is trusted from now on."""
        home = self._guests.pop(guest, None)
        if home is not None:
            self._trusted[home] = None
            self._trusted.move_to_end(home)
            self._full_at.pop(home, None)
            if len(self._trusted) > TRUSTED_MAX:
                self._trusted.popitem(last=False)

    def leave(self, guest: int) -> None:
        """`guest` is gone without having shown a key."""
        self._guests.pop(guest, None)


def _home(address: str) -> str:
    """What one person holds: an IPv4 address, or a whole /64 of IPv6."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return f"{int(parsed) >> (128 - _V6_HOME_BITS):x}"

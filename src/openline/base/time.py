"""Time as the record keeps it: whole microseconds since 1970-01-01T00:00Z, never a float, never a local zone.

The wire and the record carry milliseconds; `Instant.from_ms` is the one place they enter.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_LATEST_MS = 253_402_300_799_999  # 9999-12-31T23:59:59.999Z, the last that can be written as RFC 3339


class Instant(int):
    """A moment, in microseconds since the epoch, UTC. Differences are plain integers of microseconds."""

    __slots__ = ()

    @classmethod
    def from_ms(cls, ms: int) -> Instant:
        """The moment of a wire value in milliseconds, clamped to the years RFC 3339 can write."""
        return cls(min(max(ms, 0), _LATEST_MS) * 1000)

    @property
    def ms(self) -> int:
        """Milliseconds, truncated: what the wire and the record carry."""
        return self // 1000

    @property
    def seconds(self) -> int:
        """Whole seconds, truncated: what C2SP cosignatures carry."""
        return self // SECOND_US

    def plus(self, us: int) -> Instant:
        """This moment moved by `us` microseconds."""
        return Instant(self + us)

    def rfc3339(self) -> str:
        """`2026-11-21T22:31:04.123Z`: milliseconds, always Z."""
        return f"{_to_the_second(self.seconds)}.{self.ms % 1000:03d}Z"

    def dtg(self) -> str:
        """The date-time group of the watch: `212231Z NOV 26`."""
        return _group(self.seconds // 60)

    def clock(self) -> str:
        """The hour alone, for lines of one day: `22:31:04Z`."""
        return f"{datetime.fromtimestamp(self.seconds, UTC):%H:%M:%S}Z"


@lru_cache(maxsize=256)
def _to_the_second(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}"


def from_rfc3339(text: str) -> Instant:
    """Read an RFC 3339 time that carries its zone.

    Raises ValueError for anything else, a time without zone included.
    """
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        raise ValueError("time without zone")
    delta = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return Instant((delta.days * 86_400 + delta.seconds) * SECOND_US + delta.microseconds)


@lru_cache(maxsize=256)
def _group(minutes: int) -> str:
    moment = datetime.fromtimestamp(minutes * 60, UTC)
    return f"{moment:%d%H%M}Z {_MONTHS[moment.month - 1]} {moment:%y}"

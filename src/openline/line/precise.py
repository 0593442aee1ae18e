"""Times and amounts with how exactly they are meant, and whether two of them can be the same.

Nothing is guessed: a comparison answers SAME, OTHER, or OPEN where what was said does not decide it. Texts are never
compared by meaning: two are the same when Unicode normalisation makes them equal, and otherwise merely stand side by
side.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import Enum, IntEnum
from hashlib import sha256
from typing import Literal

from openline.base.errors import UsageError
from openline.base.schema import Row
from openline.base.time import DAY_US, HOUR_US, MINUTE_US, Instant
from openline.line.words import Milliseconds, time_of

KEY_BYTES = 12


class Grain(IntEnum):
    """How exactly a time is meant; the numbers stand in bodies. ABOUT: within an hour either side."""

    MINUTE = 0
    HOUR = 1
    DAY = 2
    ABOUT = 3


class Precision(IntEnum):
    """How exactly an amount is meant; the numbers stand in bodies. ABOUT: a quarter less to a quarter more."""

    EXACT = 0
    ABOUT = 1
    AT_LEAST = 2
    NOT_SPECIFIED = 3


class Match(Enum):
    """Whether two things said are the same."""

    SAME = "same"
    OTHER = "other"
    OPEN = "open"


GrainName = Literal["minute", "hour", "day", "about"]
PrecisionName = Literal["exact", "about", "at-least", "not-specified"]

_GRAIN_MS: Mapping[Grain, int] = {
    Grain.MINUTE: MINUTE_US // 1000,
    Grain.HOUR: HOUR_US // 1000,
    Grain.DAY: DAY_US // 1000,
    Grain.ABOUT: HOUR_US // 1000,
}
_DAY_MS = DAY_US // 1000


class When(Row, frozen=True):
    """A time and its grain. With DAY the time is the beginning of the day, by UTC."""

    ms: Milliseconds
    grain: Grain

    @property
    def time(self) -> Instant:
        """The time, which says more than is meant."""
        return Instant.from_ms(self.ms)

    @property
    def span(self) -> tuple[int, int]:
        """From when (ms) until before when it may have been."""
        width = _GRAIN_MS[self.grain]
        if self.grain is Grain.ABOUT:
            return self.ms - width, self.ms + width + 1
        begin = self.ms - self.ms % width  # Whoever wrote it may not have rounded it.
        return begin, begin + width

    def shown(self) -> str:
        """`2022-05-13` for a day, else the date and the minute."""
        text = self.time.rfc3339()
        if self.grain is Grain.DAY:
            return text[:10]
        return f"{'~' if self.grain is Grain.ABOUT else ''}{text[:16]}Z"


def when_of(text: str, grain: GrainName | None) -> When:
    """A time as a command gives it: a date alone is a day. Raises UsageError when it cannot be read."""
    if len(text) == len("2022-05-13") and "T" not in text:
        return When(time_of(f"{text}T00:00:00Z").ms, Grain.DAY)
    chosen = Grain.MINUTE if grain is None else Grain[grain.upper()]
    ms = time_of(text).ms
    return When(ms - ms % _GRAIN_MS[chosen] if chosen is not Grain.ABOUT else ms, chosen)


def precision_of(name: PrecisionName) -> Precision:
    """The precision of a name that the arguments allow."""
    return Precision[name.upper().replace("-", "_")]


def same_time(one: When, two: When) -> Match:
    """SAME when both can be the same moment, else OTHER."""
    (one_from, one_until), (two_from, two_until) = one.span, two.span
    return Match.SAME if one_from < two_until and two_from < one_until else Match.OTHER


def before(one: When, two: When) -> bool:
    """Whether `one` was certainly before `two`."""
    return one.span[1] <= two.span[0]


def same_amount(one: int, how_one: Precision, two: int, how_two: Precision) -> Match:
    """SAME when both can be the same, OTHER when they cannot, OPEN when a side does not say how exact it is."""
    if Precision.NOT_SPECIFIED in (how_one, how_two):
        return Match.SAME if one == two else Match.OPEN
    (low_one, high_one), (low_two, high_two) = _range(one, how_one), _range(two, how_two)
    return Match.SAME if low_one <= high_two and low_two <= high_one else Match.OTHER


def same_text(one: str, two: str) -> Match:
    """SAME when the texts are equal once normalised; else OPEN: nobody's words are compared by their meaning."""
    return Match.SAME if normal(one) == normal(two) else Match.OPEN


def normal(text: str) -> str:
    """`text` in the one form in which texts are compared: NFKC, with every run of white space as one space."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def key_of(text: str) -> bytes:
    """A short digest of the normal form: what the book keeps instead of a text."""
    return sha256(normal(text).encode()).digest()[:KEY_BYTES]


def days_between(earlier: Instant, later: Instant) -> int:
    """Calendar days by UTC from one to the other: 84 from 18 February to 13 May."""
    return later.ms // _DAY_MS - earlier.ms // _DAY_MS


def day_of(text: str) -> tuple[Instant, Instant]:
    """The day that a date such as `2022-05-13` names: its beginning and its end. Raises UsageError."""
    if len(text) != len("2022-05-13"):
        raise UsageError("time-unreadable", time=text)
    begin = time_of(f"{text}T00:00:00Z")
    return begin, begin.plus(DAY_US)


def _range(amount: int, how: Precision) -> tuple[float, float]:
    if how is Precision.ABOUT:
        return amount * 3 / 4, amount * 5 / 4
    return amount, float("inf") if how is Precision.AT_LEAST else amount

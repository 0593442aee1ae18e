"""Times as officers type them: `2300Z`, `212300Z`, `212300Z NOV 26`, `+30m`, or RFC 3339; and as they are echoed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from openline.base.errors import UsageError
from openline.base.time import DAY_US, HOUR_US, MINUTE_US, SECOND_US, Instant, from_rfc3339

_CLOCK = re.compile(r"(?P<hour>\d\d)(?P<minute>\d\d)Z\Z", re.IGNORECASE)
_DAY = re.compile(
    r"(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)Z(?:\s*(?P<month>[A-Z]{3})\s*(?P<year>\d\d))?\Z", re.IGNORECASE
)
_AFTER = re.compile(r"\+(?:(?P<d>\d{1,3})d)?(?:(?P<h>\d{1,4})h)?(?:(?P<m>\d{1,5})m)?\Z", re.IGNORECASE)
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def read_deadline(text: str, now: Instant) -> Instant:
    """The next moment after `now` that `text` names.

    A clock time is today's or tomorrow's; a day of the month is this month's or the next that has it. Raises
    UsageError when it cannot be read or is not in the future.
    """
    asked = text.strip()
    try:
        moment = _read(asked, now)
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise UsageError("time-unreadable", time=text)
    if moment <= now:
        raise UsageError("reply-by-past", time=moment.dtg(), now=now.dtg())
    return moment


def in_full(moment: Instant, now: Instant) -> str:
    """A deadline repeated so that nobody can mistake it: `212300Z NOV 26, in 29 min`."""
    return f"{moment.dtg()}, in {length(moment - now)}"


def length(us: int) -> str:
    """A span in the largest two units that say it."""
    if us < MINUTE_US:
        return f"{max(us, 0) // SECOND_US} s"
    if us < HOUR_US:
        return f"{us // MINUTE_US} min"
    if us < DAY_US:
        return f"{us // HOUR_US} h {us % HOUR_US // MINUTE_US} min"
    return f"{us // DAY_US} d {us % DAY_US // HOUR_US} h"


def local(moment: Instant) -> str:
    """The same moment on this machine's clock, with its zone: `00:31 EET`."""
    return datetime.fromtimestamp(moment.seconds, UTC).astimezone().strftime("%H:%M %Z")


def _read(text: str, now: Instant) -> Instant | None:
    if match := _AFTER.match(text):
        days, hours, minutes = (int(match[unit] or 0) for unit in "dhm")
        span = days * DAY_US + hours * HOUR_US + minutes * MINUTE_US
        return now.plus(span) if span else None
    if match := _CLOCK.match(text):
        today = _midnight(now) + timedelta(hours=_hour(match), minutes=_minute(match))
        return _first_after(now, iter((today, today + timedelta(days=1))))
    if match := _DAY.match(text):
        if match["month"]:
            month = _MONTHS.index(match["month"].upper()) + 1
            return _instant(datetime(2000 + int(match["year"]), month, *_day_hour_minute(match), tzinfo=UTC))
        return _first_after(now, _months_with(_midnight(now), *_day_hour_minute(match)))
    return from_rfc3339(text)


def _months_with(today: datetime, day: int, hour: int, minute: int) -> Iterator[datetime]:
    """This day of this month and of the twelve after it, where there is one."""
    for later in range(13):
        year, month = divmod(today.year * 12 + today.month - 1 + later, 12)
        try:
            yield datetime(year, month + 1, day, hour, minute, tzinfo=UTC)
        except ValueError:
            continue


def _first_after(now: Instant, moments: Iterator[datetime]) -> Instant | None:
    return next((instant for moment in moments if (instant := _instant(moment)) > now), None)


def _midnight(now: Instant) -> datetime:
    return datetime.fromtimestamp(now.seconds, UTC).replace(hour=0, minute=0, second=0)


def _instant(moment: datetime) -> Instant:
    return Instant(int(moment.timestamp()) * SECOND_US)


def _day_hour_minute(match: re.Match[str]) -> tuple[int, int, int]:
    return int(match["day"]), _hour(match), _minute(match)


def _hour(match: re.Match[str]) -> int:
    hour = int(match["hour"])
    if hour > 23:
        raise ValueError(hour)
    return hour


def _minute(match: re.Match[str]) -> int:
    minute = int(match["minute"])
    if minute > 59:
        raise ValueError(minute)
    return minute

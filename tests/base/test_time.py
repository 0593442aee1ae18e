"""Time is whole microseconds in UTC; how it is written for a record, a watch and a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.time import DAY_US, HOUR_US, MINUTE_US, SECOND_US, Instant, from_rfc3339

MOMENT = Instant.from_ms(1_795_300_264_123)  # 2026-11-21T22:31:04.123Z
LATEST = Instant.from_ms(2**62)

moments = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9999, 12, 31)).map(  # noqa: DTZ001 - Hypothesis adds the zone below
    lambda naive: naive.replace(tzinfo=UTC)
)


def _instant(moment: datetime) -> Instant:
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return Instant((since.days * 86_400 + since.seconds) * SECOND_US + since.microseconds)


def test_one_moment_in_every_form() -> None:
    assert MOMENT.rfc3339() == "2026-11-21T22:31:04.123Z"
    assert MOMENT.dtg() == "212231Z NOV 26"
    assert MOMENT.clock() == "22:31:04Z"
    assert MOMENT.ms == 1_795_300_264_123
    assert MOMENT.seconds == 1_795_300_264


def test_units_are_what_they_say() -> None:
    assert (SECOND_US, MINUTE_US, HOUR_US, DAY_US) == (10**6, 60 * 10**6, 3_600 * 10**6, 86_400 * 10**6)


def test_times_are_cut_off_and_never_rounded_up() -> None:
    late = Instant(1_999_999)
    assert (late.ms, late.seconds) == (1_999, 1)
    assert late.rfc3339() == "1970-01-01T00:00:01.999Z"


def test_the_wire_is_clamped_to_years_that_can_be_written() -> None:
    assert Instant.from_ms(-1) == 0
    assert LATEST.rfc3339() == "9999-12-31T23:59:59.999Z"
    assert LATEST.dtg() == "312359Z DEC 99"
    assert from_rfc3339(LATEST.rfc3339()) == LATEST


def test_moving_a_moment_gives_a_moment_and_a_difference_is_a_plain_number() -> None:
    later = MOMENT.plus(90 * SECOND_US)
    assert isinstance(later, Instant)
    assert later - MOMENT == 90 * SECOND_US
    assert later.clock() == "22:32:34Z"


@given(st.integers(0, 253_402_300_799_999))
def test_what_is_written_is_read_again_to_the_millisecond(ms: int) -> None:
    moment = Instant.from_ms(ms)
    assert from_rfc3339(moment.rfc3339()) == moment
    assert moment.ms == ms


@given(moments)
def test_the_date_time_group_names_the_same_minute(moment: datetime) -> None:
    group = _instant(moment).dtg()
    months = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
    assert group == f"{moment:%d%H%M}Z {months[moment.month - 1]} {moment.year % 100:02d}"


@given(moments, st.integers(-14 * 60, 14 * 60))
def test_a_time_is_the_same_moment_in_whatever_zone_it_is_written(moment: datetime, offset_min: int) -> None:
    try:
        elsewhere = moment.astimezone(timezone(timedelta(minutes=offset_min)))
    except OverflowError:
        return
    assert from_rfc3339(elsewhere.isoformat()) == _instant(moment)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-11-21T22:31:04Z", "2026-11-21T22:31:04.000Z"),
        ("2026-11-21T22:31:04.5Z", "2026-11-21T22:31:04.500Z"),
        (" 2026-11-22T00:31:04+02:00\n", "2026-11-21T22:31:04.000Z"),
        ("2026-11-21T12:31:04-10:00", "2026-11-21T22:31:04.000Z"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"),
    ],
)
def test_zones_and_fractions_are_read(text: str, same: str) -> None:
    assert from_rfc3339(text).rfc3339() == same


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-21T22:31:04",
        "2026-11-21",
        "22:31Z",
        "212231Z NOV 26",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-11-21T25:00:00Z",
        "now",
        "１２",
    ],
)
def test_a_time_without_zone_or_of_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_rfc3339(text)


def test_a_moment_has_no_place_for_anything_else() -> None:
    with pytest.raises(AttributeError):
        setattr(MOMENT, "zone", "UTC")  # noqa: B010 - what the types do not allow must not be possible either

"""Times as officers type them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import UsageError
from openline.base.time import DAY_US, HOUR_US, MINUTE_US, SECOND_US, Instant, from_rfc3339
from openline.cli.times import in_full, length, local, read_deadline

NOW = from_rfc3339("2026-11-21T22:31:04.500Z")


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2300Z", "2026-11-21T23:00:00Z"),
        ("2300z", "2026-11-21T23:00:00Z"),
        ("2231Z", "2026-11-22T22:31:00Z"),
        ("0600Z", "2026-11-22T06:00:00Z"),
        ("212300Z", "2026-11-21T23:00:00Z"),
        ("212200Z", "2026-12-21T22:00:00Z"),
        ("310100Z", "2026-12-31T01:00:00Z"),
        ("010000Z", "2026-12-01T00:00:00Z"),
        ("212300Z NOV 26", "2026-11-21T23:00:00Z"),
        ("010600ZJAN27", "2027-01-01T06:00:00Z"),
        ("+30m", "2026-11-21T23:01:04.5Z"),
        ("+1h30m", "2026-11-22T00:01:04.5Z"),
        ("+2d", "2026-11-23T22:31:04.5Z"),
        ("2026-11-22T00:00:00+02:00", "2026-11-21T22:00:00Z"),
        (" 2300Z ", "2026-11-21T23:00:00Z"),
    ],
)
def test_a_time_is_the_next_one_that_has_this_name(typed: str, moment: str) -> None:
    if from_rfc3339(moment) > NOW:
        assert read_deadline(typed, NOW) == from_rfc3339(moment)
    else:
        with pytest.raises(UsageError, match="reply-by-past"):
            read_deadline(typed, NOW)


@pytest.mark.parametrize(
    "typed",
    ["", "2300", "2560Z", "2460Z", "322300Z", "002300Z", "212300Z XYZ 26", "300000Z FEB 27", "+", "+0m", "30m", "soon"],
)
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="time-unreadable"):
        read_deadline(typed, NOW)


@pytest.mark.parametrize("typed", ["212300Z NOV 25", "2020-01-01T00:00:00Z"])
def test_a_time_that_has_passed_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="reply-by-past"):
        read_deadline(typed, NOW)


@given(st.text(max_size=20))
def test_any_text_is_a_time_to_come_or_a_refusal(typed: str) -> None:
    with suppress(UsageError):
        assert read_deadline(typed, NOW) > NOW


def test_a_deadline_is_repeated_in_full() -> None:
    assert in_full(NOW.plus(29 * MINUTE_US), NOW) == "212300Z NOV 26, in 29 min"


@pytest.mark.parametrize(
    ("us", "told"),
    [
        (-5, "0 s"),
        (14 * SECOND_US, "14 s"),
        (6 * MINUTE_US, "6 min"),
        (HOUR_US + 2 * MINUTE_US, "1 h 2 min"),
        (2 * DAY_US + 3 * HOUR_US, "2 d 3 h"),
    ],
)
def test_a_span_is_told_in_the_units_that_matter(us: int, told: str) -> None:
    assert length(us) == told


def test_a_local_time_has_its_zone() -> None:
    hour, zone = local(Instant(NOW)).split(" ")
    assert len(hour) == 5
    assert zone

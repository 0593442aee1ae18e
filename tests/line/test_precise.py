"""Times and amounts are compared as exactly as they are meant, and nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import UsageError
from openline.base.time import DAY_US, from_rfc3339
from openline.line.precise import (
    Grain,
    Match,
    Precision,
    When,
    before,
    day_of,
    days_between,
    key_of,
    normal,
    precision_of,
    same_amount,
    same_text,
    same_time,
    when_of,
)

MAY_13 = when_of("2022-05-13", None)


def test_a_date_alone_is_a_day() -> None:
    assert When(from_rfc3339("2022-05-13T00:00:00Z").ms, Grain.DAY) == MAY_13
    assert MAY_13.shown() == "2022-05-13"


@pytest.mark.parametrize(
    ("text", "grain", "shown"),
    [
        ("2022-05-13T14:37:12Z", None, "2022-05-13T14:37Z"),
        ("2022-05-13T14:37:12+02:00", "hour", "2022-05-13T12:00Z"),
        ("2022-05-13T14:37:12Z", "day", "2022-05-13"),
        ("2022-05-13T14:37:12Z", "about", "~2022-05-13T14:37Z"),
    ],
)
def test_a_time_is_cut_to_its_grain(text: str, grain: None, shown: str) -> None:
    assert when_of(text, grain).shown() == shown


@pytest.mark.parametrize("text", ["", "13 May", "2022-05-13T14:37", "2022-13-01", "1900-01-01T00:00:00Z"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        when_of(text, None)


@pytest.mark.parametrize(
    ("one", "two", "match"),
    [
        (("2022-05-13", None), ("2022-05-13T23:59:00Z", None), Match.SAME),
        (("2022-05-13", None), ("2022-05-14T00:00:00Z", None), Match.OTHER),
        (("2022-05-13T14:00:00Z", "about"), ("2022-05-13T14:59:00Z", None), Match.SAME),
        (("2022-05-13T14:00:00Z", "about"), ("2022-05-13T15:01:00Z", None), Match.OTHER),
        (("2022-05-13T14:00:00Z", None), ("2022-05-13T14:01:00Z", None), Match.OTHER),
    ],
)
def test_times_are_the_same_when_their_spans_meet(one: tuple[str, None], two: tuple[str, None], match: Match) -> None:
    assert same_time(when_of(*one), when_of(*two)) is match
    assert same_time(when_of(*two), when_of(*one)) is match


def test_before_is_certain_or_it_is_not() -> None:
    assert before(MAY_13, when_of("2022-05-14", None))
    assert not before(MAY_13, when_of("2022-05-13T23:59:00Z", None))


@pytest.mark.parametrize(
    ("one", "two", "match"),
    [
        ((60, "about"), (60, "exact"), Match.SAME),
        ((60, "about"), (45, "exact"), Match.SAME),
        ((60, "about"), (44, "exact"), Match.OTHER),
        ((60, "at-least"), (90, "exact"), Match.SAME),
        ((60, "at-least"), (59, "exact"), Match.OTHER),
        ((60, "not-specified"), (60, "exact"), Match.SAME),
        ((60, "not-specified"), (61, "exact"), Match.OPEN),
    ],
)
def test_amounts_are_compared_as_exactly_as_they_are_meant(
    one: tuple[int, str], two: tuple[int, str], match: Match
) -> None:
    (first, how_first), (second, how_second) = one, two
    how_one, how_two = Precision[how_first.upper().replace("-", "_")], Precision[how_second.upper().replace("-", "_")]
    assert same_amount(first, how_one, second, how_two) is match
    assert same_amount(second, how_two, first, how_one) is match


@given(st.integers(0, 1000), st.sampled_from(Precision), st.integers(0, 1000), st.sampled_from(Precision))
def test_who_comes_first_never_matters(one: int, how_one: Precision, two: int, how_two: Precision) -> None:
    assert same_amount(one, how_one, two, how_two) is same_amount(two, how_two, one, how_one)
    assert same_amount(one, how_one, one, how_two) is Match.SAME


def test_texts_are_the_same_in_one_normal_form_and_never_by_meaning() -> None:
    assert same_text("l’appel\u00a0: fini", "l’appel : fini") is Match.SAME
    assert same_text("Cafe\u0301", "Café") is Match.SAME
    assert same_text("a cease-fire", "a ceasefire") is Match.OPEN
    assert key_of("a  b\n") == key_of("a b") != key_of("A b")
    assert normal(" a\u00a0\tb ") == "a b"


def test_days_are_counted_by_the_calendar() -> None:
    begin, end = day_of("2022-02-18")
    assert days_between(begin, from_rfc3339("2022-05-13T00:00:00Z")) == 84
    assert days_between(end.plus(-1), end) == 1
    assert end - begin == DAY_US
    with pytest.raises(UsageError):
        day_of("18 February")


def test_precisions_have_names() -> None:
    assert precision_of("at-least") is Precision.AT_LEAST


def test_about_reaches_an_hour_to_either_side_and_no_further() -> None:
    about = When(from_rfc3339("2022-05-13T14:00:00Z").ms, Grain.ABOUT)
    for text, match in (
        ("2022-05-13T13:00:00Z", Match.SAME),
        ("2022-05-13T15:00:00Z", Match.SAME),
        ("2022-05-13T12:59:00Z", Match.OTHER),
        ("2022-05-13T15:01:00Z", Match.OTHER),
    ):
        assert same_time(about, When(from_rfc3339(text).ms, Grain.MINUTE)) is match, text


def test_a_day_that_another_node_has_not_rounded_is_that_day() -> None:
    late = When(from_rfc3339("2022-05-13T23:59:00Z").ms, Grain.DAY)
    assert same_time(late, When(from_rfc3339("2022-05-14T01:00:00Z").ms, Grain.MINUTE)) is Match.OTHER
    assert same_time(late, When(from_rfc3339("2022-05-13T00:00:00Z").ms, Grain.MINUTE)) is Match.SAME


def test_about_an_hour_is_58_minutes_and_is_not_half_an_hour() -> None:
    assert same_amount(60, Precision.ABOUT, 58, Precision.EXACT) is Match.SAME
    assert same_amount(60, Precision.ABOUT, 44, Precision.EXACT) is Match.OTHER
    assert same_amount(60, Precision.ABOUT, 58, Precision.NOT_SPECIFIED) is Match.OPEN
    assert same_amount(60, Precision.EXACT, 58, Precision.EXACT) is Match.OTHER

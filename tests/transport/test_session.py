"""Numbers are never used twice, and a metered path is dialled less often."""

from __future__ import annotations

from openline.base.limits import DIAL_BACKOFF_MAX_US, DIAL_BACKOFF_METERED_MAX_US
from openline.transport.session import Rules, next_number


def test_no_number_is_given_twice() -> None:
    numbers = [next_number() for _ in range(100)]
    assert sorted(set(numbers)) == numbers


def test_a_metered_path_pauses_longer() -> None:
    assert Rules().backoff_max_us == DIAL_BACKOFF_MAX_US
    assert Rules(metered=True).backoff_max_us == DIAL_BACKOFF_METERED_MAX_US

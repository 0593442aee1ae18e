"""The clock: the one place that asks for time and randomness, the demonstration's clock, and jumps that are noticed."""

from __future__ import annotations

from openline.base.limits import CLOCK_SKEW_WARN_US
from openline.base.time import HOUR_US, SECOND_US, Instant
from openline.node.clock import DemoClock, Jump, Jumps, SystemClock

START = Instant.from_ms(1_790_000_000_000)


def test_the_system_clock_goes_on_and_is_no_exercise() -> None:
    clock = SystemClock()
    first, second = clock.now(), clock.now()
    assert first <= second
    assert first.rfc3339() > "2024"
    assert not clock.exercise


def test_entropy_has_the_size_asked_for_and_never_comes_twice() -> None:
    clock = SystemClock()
    assert len({clock.entropy(32) for _ in range(50)}) == 50
    assert [len(clock.entropy(size)) for size in (0, 1, 32)] == [0, 1, 32]


def test_a_demonstration_stands_at_another_day_and_marks_all_as_exercise() -> None:
    clock = DemoClock(START - SystemClock().now())
    assert 0 <= clock.now() - START < 60 * SECOND_US
    assert clock.exercise


def test_time_that_passes_as_it_should_is_no_jump() -> None:
    jumps = Jumps()
    for second in range(100):
        drift_us = 200 * second  # 200 ppm, more than a clock is off
        assert jumps.look(START.plus(second * SECOND_US + drift_us), 500.0 + second) is None
    assert jumps.last is None


def test_a_clock_that_is_set_is_noticed_once_by_how_much_and_when() -> None:
    jumps = Jumps()
    assert jumps.look(START, 7.0) is None, "the first look has nothing to compare with"
    forward = START.plus(HOUR_US + SECOND_US)
    assert jumps.look(forward, 8.0) == HOUR_US
    assert jumps.look(forward.plus(SECOND_US), 9.0) is None
    assert jumps.last == Jump(forward, HOUR_US)
    back = START.plus(3 * SECOND_US)
    assert jumps.look(back, 10.0) == -HOUR_US
    assert jumps.last == Jump(back, -HOUR_US)


def test_a_loop_that_was_held_up_is_no_jump() -> None:
    jumps = Jumps()
    jumps.look(START, 0.0)
    assert jumps.look(START.plus(HOUR_US), 3_600.0) is None


def test_a_correction_below_the_limit_passes() -> None:
    jumps = Jumps()
    jumps.look(START, 0.0)
    assert jumps.look(START.plus(SECOND_US + CLOCK_SKEW_WARN_US - 1), 1.0) is None
    assert jumps.look(START.plus(2 * SECOND_US + 2 * CLOCK_SKEW_WARN_US - 1), 2.0) == CLOCK_SKEW_WARN_US

"""Loss from two totals, whatever reports come or do not come."""

from __future__ import annotations

from openline.media.wire_loss import Loss

ONE = 1, 0


def test_nothing_is_known_before_anything_was_counted() -> None:
    loss = Loss()
    assert loss.permille is None
    loss.count(ONE, 10, 10)
    assert loss.permille is None, "the first report is where counting begins"


def test_a_tenth_lost_is_a_hundred_thousandths() -> None:
    loss = Loss()
    for turn in range(20):
        loss.count(ONE, 100 * turn, 90 * turn)
    assert loss.permille == 100


def test_what_was_lost_long_ago_fades() -> None:
    loss = Loss()
    loss.count(ONE, 0, 0)
    loss.count(ONE, 100, 50)
    assert loss.permille == 500
    for turn in range(1, 40):
        loss.count(ONE, 100 + 100 * turn, 50 + 100 * turn)
    assert loss.permille == 0


def test_reports_that_never_came_change_nothing() -> None:
    every, some = Loss(), Loss()
    for turn in range(100):
        every.count(ONE, 10 * turn, 8 * turn)
        if turn % 7 == 0:
            some.count(ONE, 10 * turn, 8 * turn)
    assert every.permille == some.permille == 200


def test_an_older_report_is_passed_over() -> None:
    loss = Loss()
    loss.count(ONE, 0, 0)
    loss.count(ONE, 100, 90)
    loss.count(ONE, 50, 95)
    loss.count(ONE, 200, 180)
    assert loss.permille == 100


def test_a_new_session_or_a_receiver_that_starts_anew_is_no_loss() -> None:
    loss = Loss()
    loss.count(ONE, 0, 0)
    loss.count(ONE, 1_000, 1_000)
    loss.count((2, 0), 3, 3)
    loss.count((2, 0), 1_003, 1_003)
    loss.count((2, 0), 1_013, 5)
    loss.count((2, 0), 1_023, 15)
    assert loss.permille == 0


def test_datagrams_that_overtake_each_other_are_never_less_than_nothing() -> None:
    loss = Loss()
    loss.count(ONE, 0, 0)
    loss.count(ONE, 10, 12)
    assert loss.permille == 0

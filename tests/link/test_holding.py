"""A log as far as it is held, and where pieces of it may end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openline.base.limits import BATCH_ENTRIES_MAX
from openline.link.holding import Holding
from tests.link.playbook import ALPHA, tip


def weighed(*growths: tuple[int, int], start: int = 0) -> Holding:
    holding = Holding(tip(ALPHA, start), own=True, weighed_from=start)
    for size, size_bytes in growths:
        holding.grow(tip(ALPHA, size), size_bytes)
    return holding


def test_pieces_end_at_checkpoints_as_many_as_there_is_room_for() -> None:
    holding = weighed((2, 100), (5, 100), (6, 100))
    assert holding.cut(0, 250) == (5, 200)
    assert holding.cut(5, 250) == (6, 100)


def test_one_checkpoint_always_goes_however_heavy() -> None:
    assert weighed((2, 9_000)).cut(0, 10) == (2, 9_000)


def test_what_was_never_weighed_is_cut_into_runs_no_batch_is_longer_than() -> None:
    holding = Holding(tip(ALPHA, 1_000), own=False, weighed_from=1_000)
    assert holding.cut(0, 10_000)[0] == BATCH_ENTRIES_MAX
    assert holding.cut(900, 10_000)[0] == 1_000


def test_growth_after_a_part_that_was_never_weighed_starts_weighing_anew() -> None:
    holding = Holding(tip(ALPHA, 1_000), own=True, weighed_from=0)
    holding.grow(tip(ALPHA, 1_001), 150)
    assert holding.cut(1_000, 10_000) == (1_001, 150)
    assert holding.cut(0, 10_000)[0] == BATCH_ENTRIES_MAX


def test_checkpoints_told_at_start_are_weighed_without_growing_the_log() -> None:
    holding = Holding(tip(ALPHA, 9), own=True, weighed_from=4)
    holding.grow(tip(ALPHA, 7), 300)
    holding.grow(tip(ALPHA, 9), 200)
    assert holding.size == 9
    assert holding.cut(4, 10_000) == (9, 500)


def test_a_tip_that_is_older_changes_nothing() -> None:
    holding = weighed((5, 100))
    holding.advance(tip(ALPHA, 3))
    assert holding.tip == tip(ALPHA, 5)


def test_what_every_peer_holds_is_forgotten_when_it_pays() -> None:
    holding = weighed(*((size, 10) for size in range(1, 600)))
    assert holding.may_forget()
    holding.forget(500)
    assert not holding.may_forget()
    assert holding.cut(500, 10_000) == (599, 990)


def test_an_endless_backlog_is_remembered_in_part() -> None:
    holding = weighed(*((size, 10) for size in range(1, 70_000)))
    assert holding.cut(0, 100)[0] == BATCH_ENTRIES_MAX
    assert holding.cut(69_000, 100) == (69_010, 100)


@given(
    growths=st.lists(st.tuples(st.integers(1, 300), st.integers(1, 5_000)), min_size=1),
    start=st.integers(0, 50),
    bytes_max=st.integers(1, 20_000),
)
def test_pieces_cover_the_log_without_gap_and_weigh_what_it_weighs(
    growths: list[tuple[int, int]], start: int, bytes_max: int
) -> None:
    holding = Holding(tip(ALPHA, start), own=True, weighed_from=start)
    marks = {start}
    for count, size_bytes in growths:
        marks.add(holding.size + count)
        holding.grow(tip(ALPHA, holding.size + count), size_bytes)
    at, total = start, 0
    while at < holding.size:
        stop, weight = holding.cut(at, bytes_max)
        assert stop > at
        assert stop in marks
        assert weight <= bytes_max or not marks & set(range(at + 1, stop))
        assert weight == holding.weight(at, stop)
        at, total = stop, total + weight
    assert total == sum(size_bytes for _, size_bytes in growths)

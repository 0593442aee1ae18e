"""Sequence numbers go round, and the shorter way tells which is ahead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.voice.frame import SEQUENCES, ahead

NUMBERS = st.integers(0, SEQUENCES - 1)


@pytest.mark.parametrize(
    ("sequence", "of", "by"), [(5, 3, 2), (3, 5, -2), (1, 65_535, 2), (65_535, 1, -2), (7, 7, 0), (32_768, 0, -32_768)]
)
def test_ahead_goes_the_shorter_way_round(sequence: int, of: int, by: int) -> None:
    assert ahead(sequence, of) == by


@given(NUMBERS, NUMBERS)
def test_going_so_far_ahead_arrives(sequence: int, of: int) -> None:
    assert -SEQUENCES // 2 <= ahead(sequence, of) < SEQUENCES // 2
    assert (of + ahead(sequence, of)) % SEQUENCES == sequence

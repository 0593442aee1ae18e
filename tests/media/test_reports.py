"""What a leg reports lost was lost: counted against a model, with reordering, over the end of the numbers."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from openline.media.reports import DROPOUT_MAX, Reception
from openline.media.rtcp import Block, middle, ntp_time

RATE_HZ = 48_000


def hear(reception: Reception, numbers: list[int], start_s: float = 0.0) -> None:
    """Every number at its time: one each 20 ms."""
    for index, number in enumerate(numbers):
        reception.heard(number % 65_536, number * 960 % 2**32, start_s + index * 0.02, RATE_HZ)


def told(numbers: list[int], later: list[int]) -> tuple[Block, Block]:
    """The reports after `numbers` and, an interval on, after `later`."""
    reception = Reception(7, numbers[0])
    hear(reception, numbers)
    first = reception.block(1.0)
    hear(reception, later, 1.0)
    return first, reception.block(2.0)


def test_nothing_lost_is_nothing_reported() -> None:
    _, block = told(list(range(100, 150)), list(range(150, 200)))
    assert (block.lost, block.fraction_lost, block.highest) == (0, 0, 65_536 + 199)


def test_a_tenth_lost_is_a_tenth_reported_one_interval_later() -> None:
    first, second = told([n for n in range(1_000, 1_050) if n % 10 != 5], [1_050])
    assert (first.lost, first.fraction_lost) == (0, 0), "what is new may still come"
    assert (second.lost, second.fraction_lost) == (5, 25)


def test_what_comes_late_within_an_interval_was_never_lost() -> None:
    late = list(range(50, 100))
    late.remove(98)
    _, block = told(late, [100, 98, *range(101, 150)])
    assert (block.lost, block.fraction_lost) == (0, 0)


@given(st.integers(0, 65_535), st.integers(0, 2**20), st.integers(0, 8))
def test_the_loss_reported_is_never_more_than_the_loss(start: int, seed: int, drop_of_16: int) -> None:
    chance = random.Random(seed)
    sent = list(range(start, start + 400))
    kept = [n for n in sent if chance.randrange(16) >= drop_of_16] or [start]
    arriving = [number for _, number in sorted((n + chance.uniform(0, 30), n) for n in kept)]
    reception = Reception(7, arriving[0])
    lost_at_end, fractions = 0, []
    for begun in range(0, len(arriving), 50):
        hear(reception, arriving[begun : begun + 50], begun * 0.02)
        block = reception.block(begun * 0.02 + 1.0)
        lost_at_end = block.lost
        fractions.append(block.fraction_lost)
    really = len(range(min(kept), max(kept) + 1)) - len(kept)
    assert lost_at_end <= really
    assert reception.block(99.0).lost == really, "in the end everything lost is reported"
    assert not drop_of_16 or max(fractions) < 256


def test_numbers_go_round_without_a_loss() -> None:
    numbers = list(range(65_530, 65_580))
    _, block = told(numbers, list(range(65_580, 65_630)))
    assert (block.lost, block.highest) == (0, 65_536 + 65_629)


def test_a_stream_that_begins_anew_has_lost_nothing() -> None:
    _, block = told(list(range(10, 60)), list(range(60 + DROPOUT_MAX, 110 + DROPOUT_MAX)))
    assert (block.lost, block.fraction_lost) == (0, 0)


def test_jitter_is_that_of_the_arrivals() -> None:
    even, uneven = Reception(7, 0), Reception(7, 0)
    hear(even, list(range(100)))
    for number in range(100):
        uneven.heard(number, number * 960, number * 0.02 + (number % 2) * 0.01, RATE_HZ)
    assert even.block(2.0).jitter == 0
    assert 400 < uneven.block(2.0).jitter <= 480, "10 ms to and fro is 480 of 48,000 a second"


def test_timestamps_go_round_without_jitter() -> None:
    reception = Reception(7, 0)
    for number in range(100):
        reception.heard(number, (2**32 - 20 * 960 + number * 960) % 2**32, number * 0.02, RATE_HZ)
    assert reception.block(2.0).jitter == 0


def test_a_report_says_how_long_ago_the_sender_reported() -> None:
    reception = Reception(7, 0)
    hear(reception, [0, 1, 2])
    assert (reception.block(1.0).last_report, reception.block(1.0).since_last_report) == (0, 0)
    reception.reported(ntp_time(77.0), 3.0)
    block = reception.block(3.5)
    assert (block.last_report, block.since_last_report) == (middle(ntp_time(77.0)), 32_768)

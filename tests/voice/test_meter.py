"""Meters: what a path loses, in what runs, out of order, and how long a round trip takes; both ends agree."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.voice.datagram import Reception
from openline.voice.frame import SEQUENCES
from openline.voice.meter import GRACE, Inbound, Outbound
from openline.voice.redundancy import UNMEASURED
from tests.voice.losses import Way, trace

FRAME_US = 20_000


def _arrived(numbers: list[int]) -> Inbound:
    inbound = Inbound()
    for number in numbers:
        inbound.arrived(number % SEQUENCES, number * FRAME_US)
    return inbound


@pytest.mark.parametrize("first", [0, 65_500, 12_345])
def test_losses_and_their_runs_are_counted_over_the_wrap(first: int) -> None:
    gone = {10, 11, 12, 20, 40, 41}
    inbound = _arrived([first + number for number in range(100) if number not in gone])
    assert (inbound.received, inbound.lost, inbound.bursts) == (94, 6, 3)
    reception = inbound.reception(2, True, (first + 99) * FRAME_US + 7)
    assert (reception.path, reception.highest, reception.held_us) == (2, first + 99, 7)


@pytest.mark.parametrize("gone", [GRACE - 1, GRACE, GRACE + 1, 500, 30_000])
def test_a_long_run_is_one(gone: int) -> None:
    inbound = _arrived([*range(50), *range(50 + gone, 100 + gone)])
    assert (inbound.lost, inbound.bursts) == (gone, 1)


def test_the_newest_are_not_lost_before_their_grace() -> None:
    assert _arrived([0, 1, 2, 3 + GRACE - 1]).lost == 0
    assert _arrived([0, 1, 2, 3 + GRACE]).lost == 1


def test_disorder_is_no_loss_and_what_comes_late_is_taken_back() -> None:
    inbound = _arrived([0, 2, 1, 3, 6, 5, 4, *range(8, 30)])
    assert (inbound.lost, inbound.reordered) == (1, 3)
    inbound.arrived(7, 99 * FRAME_US)
    assert (inbound.lost, inbound.received, inbound.reordered) == (0, 30, 4)


def test_a_late_one_is_no_sign_of_life() -> None:
    inbound = _arrived([*range(20)])
    inbound.arrived(5, 99 * FRAME_US)
    assert inbound.heard == 19 * FRAME_US


@given(st.lists(st.integers(0, SEQUENCES - 1)))
def test_no_numbers_do_harm(numbers: list[int]) -> None:
    inbound = Inbound()
    for number in numbers:
        inbound.arrived(number, 0)
    assert inbound.received == len(numbers)
    assert inbound.lost >= 0
    if numbers:
        inbound.reception(0, True, 0)


# Our datagrams, as the peer tells


@pytest.mark.parametrize(("share", "burst"), [(0.0, None), (0.1, None), (0.3, None), (0.1, 4.0), (0.3, 4.0)])
def test_loss_and_bursts_are_measured_from_reports(share: float, burst: float | None) -> None:
    lost = trace(Way(share, burst), 6_000, random.Random(11))
    inbound, outbound = Inbound(), Outbound()
    shares, bursts = [], []
    for number, gone in enumerate(lost):
        if not gone:
            inbound.arrived(number % SEQUENCES, number * FRAME_US)
        if number % 12 == 11 and inbound.heard is not None:
            outbound.told(inbound.reception(0, True, number * FRAME_US), number * FRAME_US)
            shares.append(outbound.loss.share)
            bursts.append(outbound.loss.burst)
    shares, bursts = shares[100:], bursts[100:]
    assert sum(shares) / len(shares) == pytest.approx(share, rel=0.25, abs=0.005)
    if share:
        assert sum(bursts) / len(bursts) == pytest.approx(burst or 1 / (1 - share), rel=0.25)


def test_a_path_that_begins_to_lose_is_known_within_a_second() -> None:
    inbound, outbound, chance = Inbound(), Outbound(), random.Random(3)
    for number in range(1_050):
        if number < 1_000 or chance.random() > 0.3:
            inbound.arrived(number, number * FRAME_US)
        if number % 12 == 11:
            outbound.told(inbound.reception(0, True, number * FRAME_US), number * FRAME_US)
    assert outbound.loss.share > 0.1


def _told(received: int, lost: int, bursts: int, heard: bool = True) -> Reception:
    return Reception(0, heard, (received + lost) % 2**32, received % 2**32, lost % 2**32, bursts % 2**32, 0)


def test_nothing_is_known_before_enough_was_counted() -> None:
    outbound = Outbound()
    outbound.told(_told(0, 0, 0), 0)
    outbound.told(_told(49, 0, 0), 0)
    assert outbound.loss == UNMEASURED
    outbound.told(_told(99, 0, 0), 0)
    assert outbound.loss.share == 0


def test_what_was_lost_while_the_path_was_silent_is_no_measure_of_it() -> None:
    outbound = Outbound()
    outbound.told(_told(0, 0, 0), 0)
    outbound.told(_told(500, 0, 0), 0)
    outbound.told(_told(500, 0, 0, heard=False), 1)
    assert (outbound.heard, outbound.unheard_since) == (False, 1)
    outbound.told(_told(501, 900, 1), 2)
    assert (outbound.heard, outbound.unheard_since) == (True, None)
    outbound.told(_told(551, 900, 1), 3)
    assert outbound.loss.share == 0


def test_counters_go_round() -> None:
    outbound = Outbound()
    outbound.told(_told(2**32 - 100, 2**32 - 10, 2**32 - 10), 0)
    outbound.told(_told(2**32 + 500, 2**32 + 140, 2**32 + 140), 0)
    assert outbound.loss.share == pytest.approx(0.2)


U32 = st.integers(0, 2**32 - 1)


@given(st.lists(st.builds(Reception, st.just(0), st.booleans(), U32, U32, U32, U32, U32)))
def test_a_peer_that_tells_nonsense_gets_a_share_all_the_same(receptions: list[Reception]) -> None:
    outbound = Outbound()
    for now, reception in enumerate(receptions):
        outbound.told(reception, now)
        outbound.echoed(reception, now)
        assert 0 <= outbound.loss.share <= 1
        assert outbound.loss.burst >= 1


# Round trips


def test_a_round_trip_is_what_neither_end_held() -> None:
    outbound = Outbound()
    for number in range(65_530, 65_540):
        outbound.sent(number % SEQUENCES, number * FRAME_US)
    outbound.echoed(Reception(0, True, 65_539, 10, 0, 0, 5_000), 65_539 * FRAME_US + 65_000)
    assert outbound.round_trip_us == 60_000
    outbound.echoed(Reception(0, True, 65_539, 10, 0, 0, 5_000), 65_539 * FRAME_US + 145_000)
    assert outbound.round_trip_us == 70_000


def test_an_echo_of_what_was_never_sent_or_before_its_time_counts_for_nothing() -> None:
    outbound = Outbound()
    outbound.sent(7, 1_000_000)
    outbound.echoed(Reception(0, True, 7 + 1_024, 1, 0, 0, 0), 1_050_000)
    outbound.echoed(Reception(0, True, 7, 1, 0, 0, 90_000), 1_050_000)
    assert outbound.round_trip_us is None

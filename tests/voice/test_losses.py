"""Calls through seeded losses: what is left unrecovered, by how much it is late, what it costs, beside other schemes.

How these shares sound is measured by `make voice-quality`; the shares asserted here are those that sound whole.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from openline.base.limits import VOICE_COPY_AGE_US_MAX
from openline.voice.paths import State
from openline.voice.redundancy import DEEPEST
from tests.voice.losses import CONDITIONS, DTX_SLOTS, FRAME_US, Call, Loss, Outcome, Way, call, fixed, payloads

SEEDS = range(1, 9)
FRAMES = 1_200

# The share that may stay unrecovered over all seeds, and the kilobits a second it may cost with frames of 32 kbit/s.
PROMISED = {
    "no loss, two paths": (0.0, 160),
    "10 % on two paths": (0.0005, 220),
    "30 % on two paths": (0.001, 280),
    "30 % on one path": (0.002, 240),
    "10 % in bursts of 4 on two paths": (0.001, 340),
    "30 % in bursts of 4 on two paths": (0.01, 460),
    "30 % on two paths, one dies": (0.002, 290),
    "no loss, the faster path dies": (0.0, 160),
}


@cache
def _ours(condition: str) -> list[Outcome]:
    return [call(CONDITIONS[condition], seed, FRAMES)[0] for seed in SEEDS]


def _share(outcomes: list[Outcome]) -> float:
    return sum(outcome.share for outcome in outcomes) / len(outcomes)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_what_stays_unrecovered_is_within_the_promise(condition: str) -> None:
    assert _share(_ours(condition)) <= PROMISED[condition][0]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_it_costs_no_more_than_it_needs(condition: str) -> None:
    kilobits = sum(outcome.kilobits for outcome in _ours(condition)) / len(SEEDS)
    assert kilobits <= PROMISED[condition][1]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_nothing_is_later_than_the_slowest_path_and_the_oldest_copy(condition: str) -> None:
    ways = CONDITIONS[condition]
    spread = max(way.delay_us for way in ways) - min(way.delay_us for way in ways)
    assert all(outcome.extra_us(100) <= VOICE_COPY_AGE_US_MAX + spread for outcome in _ours(condition))


OTHERS: dict[str, Callable[[tuple[Way, ...], int], Outcome]] = {
    "plain": lambda ways, seed: fixed(ways[:1], seed, (0,), FRAMES),
    "in-band FEC, were it as good as the frame": lambda ways, seed: fixed(ways[:1], seed, (0, 1), FRAMES, 40),
    "RED": lambda ways, seed: fixed(ways[:1], seed, (0, 1), FRAMES),
    "both paths": lambda ways, seed: fixed(ways, seed, (0,), FRAMES),
}


@pytest.mark.parametrize("condition", [name for name in CONDITIONS if not name.startswith("no loss")])
@pytest.mark.parametrize("scheme", OTHERS)
def test_every_other_scheme_loses_more_through_the_very_same_losses(scheme: str, condition: str) -> None:
    theirs = [OTHERS[scheme](CONDITIONS[condition], seed) for seed in SEEDS]
    assert 5 * _share(_ours(condition)) < _share(theirs)


def test_two_paths_without_loss_cost_two_frames_and_no_copies_in_the_end() -> None:
    _, made = call(CONDITIONS["no loss, two paths"], 1)
    assert made.ends[0].depth.offsets == (0,)


def test_when_a_path_dies_the_offsets_rise_within_half_a_second_and_sound_leaves_the_dead_path() -> None:
    died = 8_000_000
    for seed in SEEDS:
        _, made = call(CONDITIONS["30 % on two paths, one dies"], seed)
        at = next(now for now, offsets in made.ends[0].depths if now >= died and offsets == DEEPEST)
        assert at - died <= 500_000
        assert made.ends[0].paths.path(0).state is State.DEAD
        assert made.ends[0].paths.carrying(24_000_000) == [1]


def test_a_path_that_the_peer_alone_no_longer_hears_is_known_from_its_report() -> None:
    ways = (Way(), Way(delay_us=40_000))
    made = Call(_OneWay(ways, 600, 1), payloads(600))
    outcome = made.run()
    rises = [now for now, offsets in made.ends[0].depths if now >= 8_000_000 and len(offsets) > 1]
    assert rises[0] - 8_000_000 <= 400_000
    assert made.ends[0].paths.path(0).state is State.HEARD
    assert not made.ends[0].paths.path(0).outbound.heard
    assert outcome.lost == []


class _OneWay(Loss):
    """The first path carries nothing from the speaker any more after eight seconds; backwards it is whole."""

    def arrives(self, direction: int, path: int, now: int) -> int | None:
        gone = direction == 0 and path == 0 and now >= 8_000_000
        return None if gone else super().arrives(direction, path, now)


def test_all_paths_cut_for_five_seconds_is_lost_sound_and_the_first_moment_of_return_is_used() -> None:
    begin, end = 8_000_000, 13_000_000
    outcome, made = call((Way(dead=((begin, end),)), Way(delay_us=40_000, dead=((begin, end),))), 2)
    lost = {number * FRAME_US for number in outcome.lost}
    assert lost
    assert begin - FRAME_US <= min(lost)
    assert max(lost) < end
    assert not made.ends[1].paths.lost
    assert all(path.state is State.HEARD for path in map(made.ends[1].paths.path, (0, 1)))


def test_a_path_that_returns_is_used_and_relied_on_again() -> None:
    outcome, made = call((Way(dead=((6_000_000, 12_000_000),)), Way(delay_us=40_000)), 3)
    assert outcome.lost == []
    assert made.ends[0].paths.carrying(24_000_000) == [0, 1]
    assert len(made.ends[0].paths.relied_on()) == 2
    assert made.ends[0].depth.offsets == (0,)


def test_disorder_within_and_between_paths_costs_nothing() -> None:
    ways = (Way(0.1, jitter_us=70_000), Way(0.1, delay_us=40_000, jitter_us=90_000))
    assert _share([call(ways, seed)[0] for seed in SEEDS]) <= PROMISED["10 % on two paths"][0]


def test_in_silence_at_most_six_datagrams_a_second_go_on_a_path() -> None:
    seconds = 30
    made = Call(Loss(CONDITIONS["no loss, two paths"], 50 * seconds, 1), payloads(5 * seconds), DTX_SLOTS)
    assert made.run().lost == []
    assert max(datagrams for end in made.ends for datagrams in end.datagrams) <= 6 * seconds + 6
    assert all(path.state is State.HEARD for end in made.ends for path in map(end.paths.path, (0, 1)))


def test_the_same_seed_is_the_same_call() -> None:
    assert call(CONDITIONS["30 % on two paths"], 5)[0] == call(CONDITIONS["30 % on two paths"], 5)[0]

"""Offsets: what the paths lose decides; they rise at once and are lowered slowly. Senders repeat what they say."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.limits import VOICE_COPY_AGE_US_MAX, VOICE_OFFSET_MAX
from openline.base.time import SECOND_US
from openline.voice.frame import SEQUENCES, Codec, Frame
from openline.voice.redundancy import (
    CHOICES,
    DEEPEST,
    LOWER_AFTER_US,
    TOGETHER_US,
    UNRECOVERED_MAX,
    Depth,
    Loss,
    Sender,
    offsets,
    unrecovered,
)
from tests.voice.losses import Way, trace

CLEAN = Loss(0.0, 1.0)
LOSSES = st.builds(Loss, st.floats(0, 1), st.floats(1, 20))


# Which offsets


@pytest.mark.parametrize(
    ("paths", "chosen"),
    [
        ([CLEAN, CLEAN], (0,)),
        ([CLEAN], (0, 3)),
        ([Loss(0.1, 1.1), Loss(0.1, 1.1)], (0, 2)),
        ([Loss(0.3, 1.43), Loss(0.3, 1.43)], (0, 1, 3)),
        ([Loss(0.3, 1.43)], DEEPEST),
        ([Loss(0.1, 4), Loss(0.1, 4)], (0, 5)),
        ([Loss(0.3, 4), Loss(0.3, 4)], DEEPEST),
        ([], DEEPEST),
    ],
)
def test_the_cheapest_offsets_that_are_enough_are_chosen(paths: list[Loss], chosen: tuple[int, ...]) -> None:
    assert offsets(paths) == chosen


@given(st.lists(LOSSES, min_size=1, max_size=4), st.booleans())
def test_a_choice_is_enough_or_the_deepest_and_nothing_cheaper_is_enough(paths: list[Loss], together: bool) -> None:
    chosen = offsets(paths, together)
    assert chosen == DEEPEST or unrecovered(chosen, paths, together) <= UNRECOVERED_MAX
    cheaper = CHOICES[: CHOICES.index(chosen)]
    assert all(unrecovered(choice, paths, together) > UNRECOVERED_MAX for choice in cheaper)


@given(st.lists(LOSSES, max_size=4), LOSSES, st.booleans())
def test_the_delay_is_bounded_and_one_path_less_never_needs_less(paths: list[Loss], more: Loss, together: bool) -> None:
    assert offsets(paths)[-1] <= VOICE_OFFSET_MAX
    assert unrecovered(DEEPEST, paths) >= unrecovered(DEEPEST, [*paths, more])
    assert CHOICES.index(offsets(paths)) >= CHOICES.index(offsets([*paths, more])) or not paths


@pytest.mark.parametrize("loss", [Loss(0.3, 1.5), Loss(0.1, 4), Loss(0.2, 2.5)])
@pytest.mark.parametrize("chosen", [(0,), (0, 3), (0, 1, 2), (0, 2, 5), DEEPEST])
def test_the_prediction_is_what_a_channel_does(loss: Loss, chosen: tuple[int, ...]) -> None:
    slots = 200_000
    lost = trace(Way(loss.share, loss.burst), slots, random.Random(5))
    gone = sum(all(lost[slot + offset] for offset in chosen) for slot in range(slots - 5)) / slots
    assert unrecovered(chosen, [loss]) == pytest.approx(gone, rel=0.25, abs=0.0004)


# When


def test_a_path_that_dies_raises_the_offsets_at_once() -> None:
    depth, path = Depth(), Loss(0.3, 1.43)
    for now in range(0, 10 * SECOND_US, SECOND_US // 4):
        depth.follow([path, path], now)
    assert len(depth.offsets) == 3
    assert depth.follow([path], 10 * SECOND_US) == DEEPEST
    assert depth.follow([], 10 * SECOND_US + 1) == DEEPEST


def test_they_are_lowered_only_when_less_was_enough_for_long() -> None:
    depth = Depth()
    depth.follow([Loss(0.3, 1.43)], 0)
    assert depth.offsets == DEEPEST
    for now in range(SECOND_US, LOWER_AFTER_US + SECOND_US, SECOND_US // 10):
        assert depth.follow([CLEAN, CLEAN], now) == DEEPEST
    assert depth.follow([CLEAN, CLEAN], LOWER_AFTER_US + 2 * SECOND_US) == (0,)


def test_they_are_lowered_to_the_most_that_was_wanted_meanwhile() -> None:
    depth, some = Depth(), Loss(0.1, 1.1)
    depth.follow([], 0)
    for now in range(SECOND_US, 3 * LOWER_AFTER_US, SECOND_US // 4):
        depth.follow([some, some] if now // SECOND_US % 2 else [CLEAN, CLEAN], now)
    assert depth.offsets == offsets([some, some])


def test_they_do_not_swing_with_small_changes() -> None:
    depth, seen, chance = Depth(), set[tuple[int, ...]](), random.Random(1)
    for now in range(0, 60 * SECOND_US, SECOND_US // 4):
        share = chance.uniform(0.285, 0.305)
        depth.follow([Loss(share, 1.4), Loss(share, 1.4)], now)
        if now > 5 * SECOND_US:
            seen.add(depth.offsets)
    assert len(seen) == 1


def test_paths_that_lose_together_are_taken_for_one() -> None:
    depth, path = Depth(), Loss(0.1, 1.1)
    for now in range(0, 10 * SECOND_US, SECOND_US // 4):
        depth.follow([path, path], now)
    assert depth.offsets == offsets([path, path])
    depth.failed(2, 10 * SECOND_US)
    depth.failed(0, 10 * SECOND_US)
    assert depth.follow([path, path], 10 * SECOND_US) == offsets([path, path])
    depth.failed(1, 11 * SECOND_US)
    assert depth.follow([path, path], 11 * SECOND_US) == offsets([path])
    later = 11 * SECOND_US + TOGETHER_US
    for now in range(later, later + 2 * LOWER_AFTER_US, SECOND_US // 4):
        depth.follow([path, path], now)
    assert depth.offsets == offsets([path, path])


def test_of_paths_that_lose_together_the_worst_counts() -> None:
    worse, better = Loss(0.3, 1.43), Loss(0.02, 1.5)
    assert offsets([worse, better], together=True) == offsets([worse])
    assert unrecovered((0,), [worse, better], together=True) == pytest.approx(0.3)


def test_single_frames_lost_long_apart_are_chance() -> None:
    depth = Depth()
    for minute in range(20):
        depth.failed(1, minute * 60 * SECOND_US)
    assert depth.follow([CLEAN, CLEAN], 1_200 * SECOND_US) == depth.offsets
    assert not depth._together_until


# Senders


def _frame(number: int, timestamp: int | None = None, codec: Codec = Codec.OPUS, size: int = 80) -> Frame:
    at = number * 960 if timestamp is None else timestamp
    return Frame(9, number % SEQUENCES, at % 2**32, False, codec, number.to_bytes(4, "big") * (size // 4))


def test_a_datagram_repeats_the_frames_at_its_offsets() -> None:
    sender, first = Sender(), 65_530
    for number in range(first, first + 20):
        sound = sender.contents(_frame(number), (0, 2, 5))
        have = [_frame(number - back) for back in (2, 5) if number - back >= first]
        assert (sound.newest, sound.copies, sound.run) == (_frame(number), tuple(have), number - first)


def test_deeper_offsets_reach_back_before_they_were_chosen() -> None:
    sender = Sender()
    for number in range(10):
        sender.contents(_frame(number), (0,))
    assert sender.contents(_frame(10), DEEPEST).copies == tuple(_frame(number) for number in (9, 8, 7, 6, 5))


def test_what_nobody_would_play_any_more_is_not_repeated() -> None:
    sender = Sender()
    sender.contents(_frame(1, 0), (0, 1))
    oldest = 48 * VOICE_COPY_AGE_US_MAX // 1_000
    assert sender.contents(_frame(2, oldest), (0, 1)).copies == (_frame(1, 0),)
    assert sender.contents(_frame(3, 2 * oldest + 1), (0, 1)).copies == ()


def test_another_codec_is_not_repeated_nor_a_clock_that_goes_back() -> None:
    sender = Sender()
    sender.contents(_frame(1, codec=Codec.PCMU), DEEPEST)
    assert sender.contents(_frame(2), DEEPEST).copies == ()
    assert sender.contents(_frame(3, 0), DEEPEST).copies == ()


def test_what_the_leg_did_not_hear_begins_a_new_run() -> None:
    sender = Sender()
    runs = [sender.contents(_frame(number), (0,)).run for number in (1, 2, 5, 4, 6, 7)]
    assert runs == [0, 1, 0, 0, 0, 1]
    assert [sender.contents(_frame(8 + more), (0,)).run for more in range(300)][-1] == 255


def test_when_the_gate_closes_the_last_frames_get_as_many_copies_as_all() -> None:
    sender, chosen = Sender(), (0, 2, 5)
    sent = [sender.contents(_frame(number), chosen) for number in range(30)] + sender.rest(chosen)
    times: dict[int, int] = {}
    for sound in sent:
        for frame in (sound.newest, *sound.copies):
            times[frame.sequence] = times.get(frame.sequence, 0) + 1
    assert set(times.values()) == {len(chosen)}
    assert sender.rest(chosen) == []
    assert sender.contents(_frame(30), chosen).copies == ()

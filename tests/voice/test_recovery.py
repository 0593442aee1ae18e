"""Receivers: each frame once and at once, whatever the network, a restart or a hostile peer does."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import PeerError
from openline.base.limits import VOICE_STREAMS_MAX, VOICE_WINDOW_FRAMES
from openline.voice.datagram import Sound
from openline.voice.frame import SEQUENCES, Codec, Frame
from openline.voice.recovery import OVER_US, QUIET_US, SETTLED_FRAMES, Receiver, Receivers
from openline.voice.redundancy import Sender


def _frame(number: int, stream: int = 1) -> Frame:
    return Frame(stream, number % SEQUENCES, number * 960 % 2**32, False, Codec.OPUS, number.to_bytes(8, "big"))


def _said(count: int, offsets: tuple[int, ...] = (0,), first: int = 0) -> list[Sound]:
    sender = Sender()
    return [sender.contents(_frame(first + number), offsets) for number in range(count)]


def _numbers(frames: list[Frame]) -> list[int]:
    return [int.from_bytes(frame.payload, "big") for frame in frames]


def test_a_frame_is_given_out_once_whichever_path_and_copy_brings_it() -> None:
    receiver, sounds = Receiver(), _said(5, (0, 1))
    given_out = [_numbers(receiver.arrived(sounds[number], 0)) for number in (0, 0, 2, 1, 4, 3, 4)]
    assert given_out == [[0], [], [1, 2], [], [3, 4], [], []]
    assert (receiver.counts.frames, receiver.counts.lost) == (5, 0)
    assert receiver.counts.recovered == {1: 2}


def test_frames_of_one_datagram_come_oldest_first() -> None:
    receiver, sounds = Receiver(), _said(6, (0, 1, 2, 4))
    receiver.arrived(sounds[0], 0)
    assert _numbers(receiver.arrived(sounds[5], 0)) == [1, 3, 4, 5]
    assert receiver.counts.recovered == {1: 1, 2: 1, 4: 1}


def test_a_frame_that_comes_late_is_given_out_late() -> None:
    receiver, sounds = Receiver(), _said(400)
    for sound in sounds[:10] + sounds[11:]:
        receiver.arrived(sound, 0)
    assert receiver.counts.lost == 1
    assert _numbers(receiver.arrived(sounds[10], 0)) == [10]
    assert (receiver.counts.lost, receiver.counts.late) == (0, 1)
    assert receiver.arrived(sounds[10], 0) == []


def test_a_frame_older_than_the_window_is_not() -> None:
    receiver, sounds = Receiver(), _said(VOICE_WINDOW_FRAMES + 2)
    for sound in sounds[1:]:
        receiver.arrived(sound, 0)
    assert receiver.arrived(sounds[0], 0) == []


def test_what_the_sender_never_had_is_no_loss() -> None:
    receiver, sender = Receiver(), Sender()
    for number in range(300):
        if number % 7 and not 100 <= number < 150:  # the leg lost each seventh, and the gate was closed for a second
            receiver.arrived(sender.contents(_frame(number), (0,)), 0)
    assert receiver.counts.lost == 0


def test_what_was_sent_and_came_on_no_path_is_lost_once_it_is_settled() -> None:
    receiver, sounds = Receiver(), _said(200)
    for number in range(50 + SETTLED_FRAMES):
        if number != 50:
            receiver.arrived(sounds[number], 0)
    assert receiver.counts.lost == 0
    receiver.arrived(sounds[50 + SETTLED_FRAMES], 0)
    receiver.arrived(sounds[50 + SETTLED_FRAMES + 1], 0)
    assert receiver.counts.lost == 1


@pytest.mark.parametrize("gone", [30, 100, 200])
def test_a_long_gap_is_counted_whole(gone: int) -> None:
    receiver, sounds = Receiver(), _said(500)
    for number in [*range(100), *range(100 + gone, 500)]:
        receiver.arrived(sounds[number], 0)
    assert (receiver.counts.lost, receiver.counts.frames) == (gone, 500 - gone)


@given(st.integers(0, SEQUENCES - 1), st.integers(0, 2**32))
def test_losses_repeats_and_disorder_over_the_wrap(first: int, seed: int) -> None:
    """Against a plain model: a frame is given out exactly once, at its first arrival by any datagram."""
    chance, receiver = random.Random(seed), Receiver()
    arriving = [
        (number + chance.randint(0, 6), sound)
        for number, sound in enumerate(_said(300, (0, 2, 3), first))
        for _ in range(2)
        if chance.random() > 0.4
    ]
    arriving.sort(key=lambda one: one[0])
    known: set[int] = set()
    for _, sound in arriving:
        brought = set(_numbers([*reversed(sound.copies), sound.newest]))
        given_out = _numbers(receiver.arrived(sound, 0))
        assert set(given_out) == brought - known
        assert given_out == sorted(given_out)
        known |= brought
    assert receiver.counts.frames == len(known)
    assert receiver.counts.restarts == receiver.counts.strays == 0


# Restarts and hostile jumps


def test_a_stray_from_far_away_neither_sounds_nor_disturbs() -> None:
    receiver, sounds, strays = Receiver(), _said(100), _said(100, first=30_000)
    for number, sound in enumerate(sounds):
        assert _numbers(receiver.arrived(sound, 0)) == [number]
        assert receiver.arrived(strays[0], 0) == []
    assert receiver.counts.restarts == 0
    assert receiver.counts.strays == 100


def test_a_stream_that_restarts_elsewhere_is_followed_with_its_second_datagram_and_loses_nothing() -> None:
    receiver, sounds, others = Receiver(), _said(100), _said(10, first=20_000)
    for sound in sounds:
        receiver.arrived(sound, 0)
    assert receiver.arrived(others[0], 0) == []
    assert receiver.arrived(others[0], 0) == [], "the same datagram by the other path proves nothing"
    assert _numbers(receiver.arrived(others[1], 0)) == [20_000, 20_001]
    assert _numbers(receiver.arrived(others[2], 0)) == [20_002]
    assert (receiver.counts.restarts, receiver.counts.lost) == (1, 0)


def test_after_a_quiet_time_a_stream_may_go_on_anywhere_at_once() -> None:
    receiver, sounds = Receiver(), _said(2)
    receiver.arrived(sounds[0], 1_000)
    other = _said(1, first=9_000)[0]
    assert receiver.arrived(other, 1_000 + QUIET_US - 1) == []
    assert _numbers(receiver.arrived(other, 1_000 + QUIET_US)) == [9_000]


def test_after_a_long_quiet_time_numbers_that_were_there_before_are_a_new_beginning() -> None:
    receiver = Receiver()
    for number in range(100, 150):
        receiver.arrived(Sound(_frame(number)), number)
    assert receiver.arrived(Sound(_frame(120)), 149 + OVER_US - 1) == [], "a repetition, as late as it may be"
    later = 149 + 3 * OVER_US
    assert _numbers(receiver.arrived(Sound(_frame(120)), later)) == [120]
    assert _numbers(receiver.arrived(Sound(_frame(121), (), 1), later + 1)) == [121]
    assert (receiver.counts.lost, receiver.counts.restarts) == (0, 1)
    assert _numbers(receiver.arrived(Sound(_frame(130)), later + 2 * OVER_US)) == [130]
    assert receiver.counts.restarts == 1, "what goes on after an outage goes on"


@pytest.mark.fuzz
@given(st.lists(st.tuples(st.integers(0, SEQUENCES - 1), st.integers(0, 255), st.lists(st.integers(1, 255)))))
def test_no_datagram_does_harm(datagrams: list[tuple[int, int, list[int]]]) -> None:
    receiver = Receiver()
    for now, (sequence, run, offsets) in enumerate(datagrams):
        copies = tuple(_frame(sequence - offset + SEQUENCES) for offset in sorted(set(offsets))[:15])
        given_out = receiver.arrived(Sound(_frame(sequence), copies, run), now * 100_000)
        assert len({frame.sequence for frame in given_out}) == len(given_out)
    assert receiver.counts.lost >= 0
    assert max(receiver._seen, receiver._sent) < 1 << VOICE_WINDOW_FRAMES


# Many streams


def test_each_stream_is_received_by_itself_and_their_totals_stay() -> None:
    receivers = Receivers()
    for stream in (3, 4):
        for number in range(10):
            receivers.arrived(Sound(_frame(number, stream), (), number), 0)
    assert receivers.totals() == (20, 0)
    receivers.forget(3)
    receivers.forget(99)
    assert receivers.totals() == (20, 0)
    assert receivers.counts(3) is None
    counts = receivers.counts(4)
    assert counts is not None
    assert counts.frames == 10


def test_more_voices_than_allowed_are_refused_and_the_longest_quiet_makes_room() -> None:
    receivers = Receivers()
    for stream in range(VOICE_STREAMS_MAX):
        receivers.arrived(Sound(_frame(1, stream)), stream)
    with pytest.raises(PeerError, match="voice-too-many-streams"):
        receivers.arrived(Sound(_frame(1, 1_000)), QUIET_US - 1)
    assert receivers.arrived(Sound(_frame(1, 1_000)), QUIET_US)
    assert receivers.counts(0) is None

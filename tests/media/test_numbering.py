"""Numbers after a pause: nothing that was kept back looks lost, what was lost still does, timestamps stay."""

from __future__ import annotations

from openline.base.time import SECOND_US
from openline.media.numbering import STRANGE_US, Numbering
from openline.voice.frame import SEQUENCES, TIMESTAMPS, Codec, Frame

FRAME_US = 20_000
STREAM = 300


def frame(number: int, timestamp: int | None = None, codec: Codec = Codec.OPUS) -> Frame:
    rate = 960 if codec is Codec.OPUS else 160
    at = number * rate if timestamp is None else timestamp
    return Frame(1, number % SEQUENCES, at % TIMESTAMPS, False, codec, b"word")


def said(numbering: Numbering, *numbers: int) -> list[int]:
    """The numbers under which these frames go on, each at the time of its timestamp; late ones left out."""
    placed = [numbering.place(frame(number), STREAM, number * FRAME_US) for number in numbers]
    return [one.sequence for one in placed if one is not None]


def test_the_first_numbers_are_the_legs_own_and_losses_stay_gaps() -> None:
    assert said(Numbering(), 65_534, 65_535, 65_536, 65_539, 65_538) == [65_534, 65_535, 0, 3, 2]


def test_after_a_pause_they_go_on_where_they_stood_over_any_distance() -> None:
    for kept_back in (1, 300, 3_000, 30_000, 40_000, 70_000, 5_000_000):
        numbering = Numbering()
        assert said(numbering, 1, 2, 3) == [1, 2, 3]
        numbering.pause()
        first = 4 + kept_back
        assert said(numbering, first, first + 1, first + 3) == [4, 5, 7]


def test_what_is_late_from_before_the_pause_is_dropped_and_what_is_late_after_it_is_not() -> None:
    numbering = Numbering()
    said(numbering, 1, 2, 3)
    numbering.pause()
    assert said(numbering, 100, 99, 40, 102, 101) == [4, 6, 5]
    late = [*range(103, 900), 890]
    assert said(numbering, *late)[-1] == 890 - 96


def test_the_timestamp_is_the_legs_and_the_first_frame_after_a_pause_begins_a_talk() -> None:
    numbering = Numbering()
    said(numbering, 1, 2)
    numbering.pause()
    placed = numbering.place(frame(500), STREAM, 500 * FRAME_US)
    assert placed == Frame(STREAM, 3, 500 * 960, True, Codec.OPUS, b"word")
    after = numbering.place(frame(501), STREAM, 501 * FRAME_US)
    assert after is not None
    assert not after.marker


def test_a_speaker_whose_clock_is_another_one_goes_on_by_the_time_passed() -> None:
    numbering = Numbering()
    said(numbering, 1, 2, 3)
    placed = numbering.place(frame(40_000, timestamp=2**31), STREAM, 3 * FRAME_US + SECOND_US)
    assert placed == Frame(STREAM, 4, 3 * 960 + 48_000, True, Codec.OPUS, b"word")
    again = numbering.place(frame(40_001, timestamp=2**31 + 960), STREAM, 4 * FRAME_US + SECOND_US)
    assert again is not None
    assert (again.sequence, again.timestamp, again.marker) == (5, 4 * 960 + 48_000, False)


def test_another_codec_begins_anew_too() -> None:
    numbering = Numbering()
    said(numbering, 1, 2, 3)
    placed = numbering.place(frame(900, 5, Codec.PCMU), STREAM, 4 * FRAME_US)
    assert placed is not None
    assert (placed.sequence, placed.marker) == (4, True)


def test_sound_that_was_under_way_for_seconds_is_of_the_same_clock() -> None:
    numbering = Numbering()
    said(numbering, 1, 2, 3)
    late_us = STRANGE_US - SECOND_US
    placed = numbering.place(frame(10), STREAM, 10 * FRAME_US + late_us)
    assert placed is not None
    assert (placed.sequence, placed.marker) == (10, False)

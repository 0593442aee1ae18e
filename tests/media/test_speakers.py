"""Speakers and slots: numbers pass as they are, nobody alive is displaced, and no number leaps back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openline.base.limits import SPEAKER_KEEPS_SLOT_US
from openline.base.time import SECOND_US
from openline.media.speakers import LATE_MAX, Slot, Speakers
from openline.voice.frame import Codec, Frame, ahead

KEEPS_S = SPEAKER_KEEPS_SLOT_US / SECOND_US


def frame(sequence: int, stream: int = 1, codec: Codec = Codec.OPUS, marker: bool = False) -> Frame:
    """A frame of `stream`, with the timestamp its number asks for."""
    return Frame(stream, sequence % 65_536, sequence * 960 % 2**32, marker, codec, b"sound")


def played(slot: Slot, numbers: list[int], at: float = 0.0, stream: int = 1) -> list[tuple[int, int, bool]]:
    """Under which numbers frames of `stream` go out, one each 20 ms."""
    return [slot.place(frame(number, stream), at + index * 0.02) for index, number in enumerate(numbers)]


def test_numbers_pass_as_they_are() -> None:
    numbers = [65_534, 65_535, 65_537, 65_536, 65_600]
    expected = [(number % 65_536, number * 960, False) for number in numbers]
    assert played(Slot(1), numbers) == expected, "the end of the numbers, a late one and a loss included"


def test_the_mark_of_a_talk_spurt_passes() -> None:
    assert Slot(1).place(frame(5, marker=True), 0.0) == (5, 4_800, True)


def test_a_speaker_that_begins_anew_goes_on_where_the_slot_stood() -> None:
    slot = Slot(1)
    played(slot, [100, 101, 102])
    assert slot.place(frame(40_000), 1.04) == (103, 102 * 960 + 48_000, True)
    assert slot.place(frame(40_001), 1.06) == (104, 103 * 960 + 48_000, False)
    assert slot.place(frame(40_001 - LATE_MAX - 1), 1.08)[0] == 105, "far too late is a new beginning too"


def test_another_codec_is_a_new_beginning_with_its_own_clock() -> None:
    slot = Slot(1)
    played(slot, [100])
    assert slot.place(frame(7, codec=Codec.PCMU), 1.0) == (101, 100 * 960 + 8_000, True)


def test_each_speaker_has_a_slot_of_its_own() -> None:
    speakers = Speakers([257, 258])
    first, second = speakers.slot(7, 0.0), speakers.slot(9, 0.0)
    assert first is not None
    assert second is not None
    assert (first.source, second.source) == (257, 258)
    assert speakers.slot(7, 0.1) is first


def test_nobody_who_is_heard_is_displaced_and_whoever_has_gone_is() -> None:
    speakers = Speakers([257])
    slot = speakers.slot(7, 10.0)
    assert slot is not None
    played(slot, [100, 101], 10.0, stream=7)
    assert speakers.slot(9, 10.02 + 0.9 * KEEPS_S) is None
    later = 10.02 + KEEPS_S
    assert speakers.slot(9, later) is slot
    assert slot.place(frame(3, 9), later) == (102, 101 * 960 + int(KEEPS_S * 48_000), True)
    assert speakers.slot(7, later) is None, "it comes back when there is room again"


def test_of_several_that_have_gone_the_first_to_go_makes_room() -> None:
    speakers = Speakers([257, 258])
    for stream, at in ((7, 0.0), (9, 1.0)):
        slot = speakers.slot(stream, at)
        assert slot is not None
        slot.place(frame(1, stream), at)
    taken = speakers.slot(11, 5.0)
    assert taken is not None
    assert (taken.source, taken.stream) == (257, 11)


def test_a_leg_without_slots_plays_nobody() -> None:
    assert Speakers([]).slot(7, 0.0) is None
    assert Speakers([]).sent(0.0) == []


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 65_535), st.floats(0.0, 2.0)), max_size=60))
def test_whatever_comes_no_slot_ever_leaps_back(story: list[tuple[int, int, float]]) -> None:
    speakers, now = Speakers([257, 258]), 0.0
    newest: dict[int, int] = {}
    for stream, sequence, pause in story:
        now += pause
        slot = speakers.slot(stream, now)
        if slot is None:
            continue
        number, _, _ = slot.place(frame(sequence, stream), now)
        before = newest.get(slot.source, number)
        assert ahead(number, before) >= -LATE_MAX
        newest[slot.source] = number if ahead(number, before) > 0 else before


def test_a_late_frame_does_not_turn_the_clock_back() -> None:
    slot = Slot(1)
    slot.give(7)
    played(slot, [100, 101, 102, 99], stream=7)
    sent = slot.sent(0.04)
    assert sent is not None
    assert sent.timestamp == 102 * 960
    assert slot.place(frame(5_000), 0.04)[0] == 103


def test_a_report_names_the_moment_to_play() -> None:
    speakers = Speakers([257, 258])
    slot = speakers.slot(7, 0.0)
    assert slot is not None
    assert speakers.sent(0.0) == [], "nothing is reported of silence"
    played(slot, [100, 101])
    [sent] = speakers.sent(0.52)
    assert (sent.source, sent.timestamp, sent.packets, sent.octets) == (257, 101 * 960 + 24_000, 2, 10)
    assert sent.ntp >> 32 == 0

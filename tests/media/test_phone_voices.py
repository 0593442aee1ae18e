"""What a phone is played: passed on untouched while that can be, in one run of numbers, turned or mixed when needed."""

from __future__ import annotations

from itertools import pairwise

import pytest

from openline.base.limits import PHONE_SPEAKERS_MAX
from openline.media.phone_sound import Encoder
from openline.media.phone_voices import Splice, Voices
from openline.voice.frame import Codec, Frame

Sent = tuple[bool, int, int, bytes]
SOUND = {codec: Encoder(codec).payload(Encoder(codec).quiet) for codec in Codec}


class Ear:
    """A phone of one codec, and a clock."""

    def __init__(self, codec: Codec) -> None:
        self.sent: list[Sent] = []
        self.now_s = 100.0
        self.voices = Voices(codec, lambda *packet: self.sent.append(packet))

    def play(self, stream: int, codec: Codec, number: int, ticks: int, marker: bool = False) -> None:
        payload = SOUND[codec] if codec is not self.voices.codec else b"%d/%d" % (stream, number)
        self.voices.play(Frame(stream, number % 65_536, number * ticks % (1 << 32), marker, codec, payload), self.now_s)

    def numbers(self) -> list[tuple[int, int]]:
        return [(sequence, timestamp) for _, sequence, timestamp, _ in self.sent]


def test_one_speaker_passes_untouched_with_his_losses_and_late_frames() -> None:
    ear = Ear(Codec.OPUS)
    for number in (65_530, 65_531, 65_535, 65_533, 65_537):
        ear.play(5, Codec.OPUS, number, 960, marker=number == 65_530)
        ear.now_s += 0.02
    assert [(one[1], one[3]) for one in ear.sent] == [
        (65_530, b"5/65530"),
        (65_531, b"5/65531"),
        (65_535, b"5/65535"),
        (65_533, b"5/65533"),
        (1, b"5/65537"),
    ]
    assert ear.sent[0] == (True, 65_530, 65_530 * 960, b"5/65530")
    assert ear.voices.decoded == 0


def test_the_next_speaker_follows_on_in_number_and_in_time() -> None:
    ear = Ear(Codec.OPUS)
    ear.play(5, Codec.OPUS, 10, 960)
    ear.now_s += 2.0
    ear.play(6, Codec.OPUS, 40_000, 960)
    ear.play(6, Codec.OPUS, 40_003, 960)
    assert ear.numbers() == [(10, 9_600), (11, 9_600 + 100 * 960), (14, 9_600 + 103 * 960)]
    assert ear.voices.decoded == 0


@pytest.mark.parametrize(
    ("spoken", "ticks", "heard", "heard_ticks"),
    [(Codec.OPUS, 960, Codec.PCMU, 160), (Codec.PCMU, 160, Codec.OPUS, 960), (Codec.PCMA, 160, Codec.G722, 160)],
)
def test_another_codec_is_turned_and_its_losses_stay_losses(
    spoken: Codec, ticks: int, heard: Codec, heard_ticks: int
) -> None:
    ear = Ear(heard)
    for number in (100, 101, 104, 103, 105):
        ear.play(5, spoken, number, ticks)
        ear.now_s += 0.02
    first, time = ear.numbers()[0]
    assert ear.numbers() == [(first + n, time + n * heard_ticks) for n in (0, 1, 4, 5)]
    assert ear.sent[0][0], "a new speaker begins with a marker"
    assert not any(marker for marker, *_ in ear.sent[1:])
    assert ear.voices.decoded == 4, "the late one is not decoded"


def test_a_longer_frame_is_cut_into_packets_of_20_ms() -> None:
    ear = Ear(Codec.PCMA)
    for number in range(3):
        ear.voices.play(Frame(5, number, number * 480, False, Codec.PCMU, SOUND[Codec.PCMU] * 3), ear.now_s)
    first, time = ear.numbers()[0]
    assert ear.numbers() == [(first + n, time + n * 160) for n in range(9)]


def test_two_at_the_same_time_are_mixed_and_one_alone_passes_again() -> None:
    ear = Ear(Codec.OPUS)
    for number in range(3):
        ear.play(5, Codec.OPUS, number, 960)
        ear.now_s += 0.02
    ear.play(6, Codec.OPUS, 7_000, 960)
    assert ear.voices.mixing
    before = len(ear.sent)
    for number in range(4, 54):
        ear.play(5, Codec.OPUS, number, 960)
        ear.voices.tick(ear.now_s)
        ear.now_s += 0.02
    assert len(ear.sent) == before + 50
    steps = {b[0] - a[0] for a, b in pairwise(ear.numbers())}
    assert steps == {1}
    times = [time for _, time in ear.numbers()[before:]]
    assert {b - a for a, b in pairwise(times)} == {960}
    for number in range(54, 60):
        ear.play(5, Codec.OPUS, number, 960)
        ear.voices.tick(ear.now_s)
        ear.now_s += 0.02
    assert ear.voices._mixer is None, "the other has been silent for a second"
    decoded = ear.voices.decoded
    ear.play(5, Codec.OPUS, 60, 960)
    ear.play(5, Codec.OPUS, 61, 960)
    assert [one[3] for one in ear.sent[-2:]] == [b"5/60", b"5/61"]
    assert ear.voices.decoded == decoded


def test_open_lines_that_are_silent_are_not_mixed() -> None:
    ear = Ear(Codec.OPUS)
    for number in range(20):  # discontinuous transmission: a packet each 400 ms, of each speaker in turn
        ear.play(5 + number % 2, Codec.OPUS, number, 19_200)
        ear.now_s += 0.2
    assert not ear.voices.mixing
    assert ear.voices.decoded == 0


def test_of_too_many_speakers_the_last_are_not_heard() -> None:
    ear = Ear(Codec.PCMU)
    for stream in range(PHONE_SPEAKERS_MAX + 3):
        ear.play(stream, Codec.OPUS, 1, 960)
    assert ear.voices._mixer is not None
    assert len(ear.voices._heard_s) == PHONE_SPEAKERS_MAX
    assert ear.voices._mixer.speakers <= PHONE_SPEAKERS_MAX


def test_a_dead_line_is_kept_warm_by_one_silent_packet_now_and_then() -> None:
    ear = Ear(Codec.PCMU)
    for _ in range(31):
        ear.voices.silence(ear.now_s, 10.0)
        ear.now_s += 1.0
    assert len(ear.sent) == 4
    assert {len(one[3]) for one in ear.sent} == {160}
    ear.play(5, Codec.PCMU, 9, 160)
    assert [b[0] - a[0] for a, b in pairwise(ear.numbers())] == [1, 1, 1, 1]


def test_a_phone_that_begins_anew_within_a_call_goes_on_in_the_run() -> None:
    run = Splice(Codec.PCMU)
    assert run.place("first", 500, 8_000, 10.0) == (500, 8_000)
    assert run.place("first", 501, 8_160, 10.02) == (501, 8_160)
    assert run.place("second", 3, 77, 11.02) == (502, 8_160 + 50 * 160)
    assert run.place("second", 2, 77 - 160, 11.02) == (501, 8_160 + 49 * 160)
    assert run.place("second", 4, 77 + 160, 11.04) == (503, 8_160 + 51 * 160)

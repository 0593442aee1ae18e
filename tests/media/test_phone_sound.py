"""Sound turned into another codec is the same sound, frame for frame; several speakers are all in the mix."""

from __future__ import annotations

from array import array
from itertools import product
from math import cos, pi, sin

import pytest

from openline.base.limits import PHONE_BLOCKS_WAITING_MAX
from openline.media.phone_sound import _RATES, Decoder, Encoder, Mixer, mixed
from openline.voice.frame import Codec


def tone(rate: int, hertz: float, number: int, level: int = 8_000) -> bytes:
    """The so-manieth block of a tone."""
    samples = range(number * rate // 50, (number + 1) * rate // 50)
    return array("h", (int(level * sin(2 * pi * hertz * n / rate)) for n in samples)).tobytes()


def share(rate: int, samples: array[int], hertz: float) -> float:
    """How much of the energy is one tone."""
    turn = 2 * pi * hertz / rate
    across = sum(value * cos(turn * n) for n, value in enumerate(samples))
    along = sum(value * sin(turn * n) for n, value in enumerate(samples))
    return (across**2 + along**2) / (sum(value * value for value in samples) * len(samples) / 2 or 1)


def half_a_second(rate: int, blocks: list[bytes]) -> array[int]:
    return array("h", b"".join(blocks))[rate // 4 : rate * 3 // 4]


@pytest.mark.parametrize(("spoken", "heard"), list(product(Codec, Codec)))
def test_each_frame_becomes_one_block_and_the_tone_stays(spoken: Codec, heard: Codec) -> None:
    encoder, decoder = Encoder(spoken), Decoder(spoken, heard)
    blocks = [decoder.blocks(encoder.payload(tone(_RATES[spoken], 440, n))) for n in range(50)]
    assert [len(one) for one in blocks] == [1] * 50
    rate = _RATES[heard]
    assert share(rate, half_a_second(rate, [one[0] for one in blocks]), 440) > 0.98


@pytest.mark.parametrize("codec", [Codec.PCMU, Codec.PCMA, Codec.G722])
def test_twenty_milliseconds_are_160_bytes(codec: Codec) -> None:
    encoder = Encoder(codec)
    assert {len(encoder.payload(tone(_RATES[codec], 440, n))) for n in range(5)} == {160}


def test_a_longer_frame_becomes_as_many_blocks() -> None:
    encoder, decoder = Encoder(Codec.PCMU), Decoder(Codec.PCMU, Codec.PCMA)
    longer = b"".join(encoder.payload(tone(8_000, 440, n)) for n in range(3))
    assert [len(decoder.blocks(longer)) for _ in range(3)] == [3, 3, 3]


@pytest.mark.parametrize("codec", Codec)
def test_a_payload_that_is_none_gives_at_most_noise(codec: Codec) -> None:
    decoder = Decoder(codec, Codec.PCMU)
    for payload in (b"\xff" * 40, b"\x00", b"\xfc\xff\xff"):
        assert all(len(block) == 320 for block in decoder.blocks(payload))


def test_every_speaker_is_in_the_mix() -> None:
    mixer = Mixer(Codec.PCMU)
    speakers = {1: (Codec.OPUS, 400.0), 2: (Codec.PCMA, 1_000.0), 3: (Codec.G722, 1_700.0)}
    encoders = {stream: Encoder(codec) for stream, (codec, _) in speakers.items()}
    decoder = Decoder(Codec.PCMU, Codec.PCMU)
    heard: list[bytes] = []
    for n in range(60):
        for stream, (codec, hertz) in speakers.items():
            mixer.put(stream, codec, encoders[stream].payload(tone(_RATES[codec], hertz, n)))
        heard += decoder.blocks(mixer.take())
    samples = half_a_second(8_000, heard)
    assert all(share(8_000, samples, hertz) > 0.25 for _, hertz in speakers.values())
    assert mixer.speakers == 3


def test_a_speaker_who_pauses_is_silence_and_one_forgotten_is_gone() -> None:
    mixer, encoder = Mixer(Codec.PCMU), Encoder(Codec.PCMA)
    quiet = Encoder(Codec.PCMU).payload(bytes(320))
    for n in range(4):
        mixer.put(1, Codec.PCMA, encoder.payload(tone(8_000, 440, n)))
    assert [mixer.take() == quiet for _ in range(6)] == [False] * 4 + [True] * 2
    mixer.put(1, Codec.PCMA, encoder.payload(tone(8_000, 440, 5)))
    assert mixer.take() == quiet, "who begins waits for a second block"
    mixer.forget(1)
    assert (mixer.speakers, mixer.take()) == (0, quiet)


def test_a_speaker_far_ahead_loses_the_oldest() -> None:
    mixer, encoder = Mixer(Codec.PCMU), Encoder(Codec.PCMU)
    for n in range(50):
        mixer.put(1, Codec.PCMU, encoder.payload(tone(8_000, 440, n)))
    assert len(mixer._waiting[1]) == PHONE_BLOCKS_WAITING_MAX


def test_a_sum_that_is_too_loud_is_cut_and_not_turned_over() -> None:
    loud = array("h", [30_000, -30_000, 5]).tobytes()
    assert array("h", mixed([loud, loud])).tolist() == [32_767, -32_767, 10]
    assert mixed([loud]) is loud

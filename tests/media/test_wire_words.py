"""Probes, answers and the words on the stream: the bytes of the vectors, and nothing else is taken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from openline.base.limits import WIRE_PAYLOAD_BYTES_MAX
from openline.media.wire_words import (
    Asked,
    Epoch,
    Port,
    Probe,
    Renew,
    Said,
    Sound,
    decode_probe,
    decode_word,
    encode_word,
)
from tests.media.test_wire_keys import VECTORS
from tests.media.test_wire_keys import Said as Vector

SAID: dict[str, Said] = {
    "sound 5, 'good evening'": Sound(5, b"good evening"),
    "probe 7": Asked(Probe(7, 0), answer=False),
    "answer 7": Asked(Probe(7, 0), answer=True),
    "port 7701": Port(7701),
    "no port": Port(0),
    "renew": Renew(),
    "epoch 65537": Epoch(65_537),
}

u32, u64 = some.integers(0, 2**32 - 1), some.integers(0, 2**64 - 1)
probes = some.builds(Probe, u32, u64)
words: some.SearchStrategy[Said] = some.one_of(
    some.builds(Sound, some.integers(0, 65_535), some.binary(max_size=WIRE_PAYLOAD_BYTES_MAX)),
    some.builds(Asked, probes, some.booleans()),
    some.builds(Port, some.integers(0, 65_535)),
    some.just(Renew()),
    some.builds(Epoch, u32),
)


@pytest.mark.parametrize("vector", VECTORS.stream, ids=lambda vector: vector.says)
def test_each_word_has_the_bytes_of_its_vector(vector: Vector) -> None:
    said, data = vector.says, bytes.fromhex(vector.bytes)
    assert encode_word(SAID[said]) == data
    assert decode_word(data) == SAID[said]


@given(words)
def test_every_word_comes_back(said: Said) -> None:
    assert decode_word(encode_word(said)) == said


@given(probes)
def test_every_probe_comes_back(probe: Probe) -> None:
    assert decode_probe(probe.encode()) == probe
    assert decode_probe(probe.encode() + b"\0") is decode_probe(probe.encode()[:-1]) is None


@pytest.mark.fuzz
@given(some.binary(max_size=2 * WIRE_PAYLOAD_BYTES_MAX))
def test_any_bytes_are_a_word_or_nothing(data: bytes) -> None:
    said = decode_word(data)
    assert said is None or encode_word(said) == data


@pytest.mark.parametrize("said", [word for word in SAID.values() if not isinstance(word, Sound)])
def test_a_word_of_another_length_is_nothing(said: Said) -> None:
    assert decode_word(encode_word(said) + b"x") is decode_word(encode_word(said)[:-1]) is None


def test_a_word_that_is_too_long_is_nothing() -> None:
    assert decode_word(encode_word(Sound(0, bytes(WIRE_PAYLOAD_BYTES_MAX)))) is not None
    assert decode_word(encode_word(Sound(0, bytes(WIRE_PAYLOAD_BYTES_MAX + 1)))) is None
    assert decode_word(b"") is None

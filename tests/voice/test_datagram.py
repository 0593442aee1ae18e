"""Datagrams: byte-exact, strictly read, bounded, and nothing but a value or PeerError for any bytes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import PeerError, UsageError
from openline.base.limits import VOICE_COPIES_MAX, VOICE_DATAGRAM_BYTES_MAX
from openline.voice.datagram import Probe, Reception, Report, Sound, decode, encode, fitting, path_number
from openline.voice.frame import SEQUENCES, TIMESTAMPS, Codec, Frame
from tests.voice.vectors import FILE, REFUSED, SAMPLES

VECTORS = json.loads(FILE.read_text(encoding="utf-8"))
U32 = st.integers(0, 2**32 - 1)


@st.composite
def sounds(draw: st.DrawFn) -> Sound:
    stream, sequence, timestamp = draw(st.integers(0, 65_535)), draw(st.integers(0, 65_535)), draw(U32)
    codec = draw(st.sampled_from(Codec))
    offsets = sorted(draw(st.sets(st.integers(1, 255), max_size=VOICE_COPIES_MAX)))
    ages = sorted(draw(st.sets(st.integers(1, 65_535), min_size=len(offsets), max_size=len(offsets))))

    def frame(offset: int, age: int) -> Frame:
        payload = draw(st.binary(min_size=1, max_size=60))
        then = (sequence - offset) % SEQUENCES, (timestamp - age) % TIMESTAMPS
        return Frame(stream, *then, draw(st.booleans()), codec, payload)

    copies = tuple(frame(offset, age) for offset, age in zip(offsets, ages, strict=True))
    return Sound(frame(0, 0), copies, draw(st.integers(0, 255)))


RECEPTIONS = st.builds(Reception, U32, st.booleans(), U32, U32, U32, U32, U32)
REPORTS = st.builds(
    Report,
    st.integers(0, 65_535),
    U32,
    U32,
    st.lists(RECEPTIONS, min_size=1, max_size=8, unique_by=lambda one: one.path).map(
        lambda paths: tuple(sorted(paths, key=lambda one: one.path))
    ),
)


def test_the_vectors_are_what_they_were_made_of() -> None:
    assert [vector["what"] for vector in VECTORS["datagrams"]] == list(SAMPLES)
    assert {vector["what"]: (vector["hex"], vector["refused"]) for vector in VECTORS["refused"]} == REFUSED


def test_a_path_has_the_number_that_its_name_gives_it() -> None:
    assert (path_number("fibre"), path_number("radio")) == (0x142D31EA, 0xAA3A05D9)


@pytest.mark.parametrize("vector", VECTORS["datagrams"], ids=lambda vector: str(vector["what"]))
def test_every_vector_is_written_and_read_exactly(vector: dict[str, str]) -> None:
    assert encode(SAMPLES[vector["what"]]).hex() == vector["hex"]
    assert decode(bytes.fromhex(vector["hex"])) == SAMPLES[vector["what"]]


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda vector: str(vector["what"]))
def test_a_datagram_that_is_wrong_is_refused(vector: dict[str, str]) -> None:
    with pytest.raises(PeerError) as refused:
        decode(bytes.fromhex(vector["hex"]))
    assert refused.value.message_id == vector["refused"]


@given(sounds() | REPORTS | st.just(Probe()))
def test_what_is_written_is_read_again(datagram: Sound | Report | Probe) -> None:
    assert decode(encode(datagram)) == datagram


@given(sounds() | REPORTS, st.data())
def test_a_datagram_cut_short_is_refused_or_a_shorter_payload(datagram: Sound | Report, data: st.DataObject) -> None:
    whole = encode(datagram)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    try:
        read = decode(cut)
    except PeerError:
        return
    assert isinstance(read, Sound)
    assert isinstance(datagram, Sound)
    assert read.copies == datagram.copies
    assert datagram.newest.payload.startswith(read.newest.payload)


@pytest.mark.fuzz
@given(st.binary(max_size=300) | st.builds(bytes.__add__, st.sampled_from([b"\x11", b"\x12"]), st.binary(max_size=300)))
def test_any_bytes_are_a_datagram_in_its_one_encoding_or_a_peers_fault(data: bytes) -> None:
    try:
        datagram = decode(data)
    except PeerError:
        return
    assert encode(datagram) == data


def _frame(number: int, size: int) -> Frame:
    return Frame(1, number, number * 960, False, Codec.OPUS, bytes(size))


def test_copies_that_do_not_fit_are_left_out_the_oldest_first() -> None:
    newest = _frame(10, 500)
    copies = (_frame(9, 300), _frame(8, 300), _frame(6, 100))
    assert fitting(newest, copies) == copies[:2]
    assert len(encode(Sound(newest, copies[:2]))) <= VOICE_DATAGRAM_BYTES_MAX


@pytest.mark.parametrize(("size", "fits"), [(579, True), (580, False)])
def test_a_copy_fits_to_the_last_byte(size: int, fits: bool) -> None:
    newest, copies = _frame(10, 605), (_frame(9, size),)
    assert fitting(newest, copies) == copies[:fits]
    assert (len(encode(Sound(newest, fitting(newest, copies)))) == VOICE_DATAGRAM_BYTES_MAX) is fits


@given(st.integers(1, 1_189), st.lists(st.integers(1, 1_275), max_size=20))
def test_what_fits_never_exceeds_a_datagram(size: int, copies: list[int]) -> None:
    newest = _frame(100, size)
    fitted = fitting(newest, tuple(_frame(99 - place, size) for place, size in enumerate(copies)))
    assert len(encode(Sound(newest, fitted))) <= VOICE_DATAGRAM_BYTES_MAX


@pytest.mark.parametrize("size", [0, 1_190, 1_275])
def test_a_frame_that_no_datagram_holds_is_refused(size: int) -> None:
    with pytest.raises(UsageError, match="voice-frame-wrong-size"):
        encode(Sound(_frame(1, size)))

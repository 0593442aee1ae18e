"""A recording as an Ogg Opus file: what was recorded, as it was, at its time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from struct import unpack_from

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openline.media.ogg import SILENCE, opus_samples, write_ogg
from openline.media.recording_file import Recording, Taken
from openline.voice.frame import TIMESTAMPS, Codec, Frame
from tests.media.recordings import FRAME_US, START_US, Heard, heard, packets, recordings, spoken, taken, tone

SLACK_S = 0.03
"""What a codec holds back, and half a frame."""


def exported(folder: Path, parts: list[Recording], begins_us: int = START_US) -> tuple[Path, Heard]:
    file = folder / "call.ogg"
    with file.open("wb") as opened:
        said_s = write_ogg(opened, parts, begins_us, lambda: None)
    played = heard(file)
    assert played.seconds == pytest.approx(said_s, abs=SLACK_S)
    return file, played


def ogg_pages(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The pages of a file by RFC 3533, read by hand: flags, granule position, content. The checksums must be right."""
    place = 0
    while place < len(data):
        magic, version, flags, position, _, _, checksum, count = unpack_from("<4sBBqIIIB", data, place)
        assert (magic, version) == (b"OggS", 0)
        start = place + 27 + count
        stop = start + sum(data[place + 27 : start])
        assert _checksum(data[place : place + 22] + bytes(4) + data[place + 26 : stop]) == checksum
        yield flags, position, data[start:stop]
        place = stop


def _checksum(page: bytes) -> int:
    value = 0
    for byte in page:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x104C11DB7 if value >> 31 else 0)) & 0xFFFFFFFF
    return value


def test_opus_frames_go_in_as_they_are(tmp_path: Path) -> None:
    payloads = tone(600)
    file, played = exported(tmp_path, recordings(taken(spoken(payloads))))
    assert packets(file) == payloads
    assert played.seconds == pytest.approx(12, abs=SLACK_S)
    for at_s in (0.5, 6, 11.5):
        assert played.tone(at_s) == pytest.approx(1, abs=0.1)


def test_every_page_is_whole_and_its_position_is_that_of_its_samples(tmp_path: Path) -> None:
    file, played = exported(tmp_path, recordings(taken(spoken(tone(150)))))
    pages = list(ogg_pages(file.read_bytes()))
    assert [flags for flags, _, _ in pages[:1] + pages[-1:]] == [2, 4]
    positions = [position for _, position, _ in pages]
    assert positions == sorted(positions)
    assert positions[-1] == 150 * 960
    assert played.seconds == pytest.approx(3, abs=SLACK_S)


def test_lost_frames_keep_their_time_and_are_concealed(tmp_path: Path) -> None:
    frames = spoken(tone(200))
    file, played = exported(tmp_path, recordings(taken([*frames[:50], *frames[53:]])))
    assert played.seconds == pytest.approx(4, abs=SLACK_S)
    asked = packets(file)[50:53]
    assert asked == [bytes((frames[49].payload[0] & 0xFC,))] * 3
    assert played.tone(1.5) == pytest.approx(1, abs=0.1)


def test_a_closed_gate_is_silence_of_the_same_length(tmp_path: Path) -> None:
    frames = spoken(tone(500))
    file, played = exported(tmp_path, recordings(taken([*frames[:100], *frames[350:]])))
    assert played.seconds == pytest.approx(10, abs=SLACK_S)
    assert packets(file).count(SILENCE) == 250
    assert [round(played.tone(at_s)) for at_s in (1, 4, 8)] == [1, 0, 1]


def test_streams_of_a_call_begin_at_the_same_moment(tmp_path: Path) -> None:
    _, played = exported(tmp_path, recordings(taken(spoken(tone(100)), START_US + 3_000_000)))
    assert played.seconds == pytest.approx(5, abs=SLACK_S)
    assert [round(played.tone(at_s)) for at_s in (1, 4)] == [0, 1]


def test_numbers_that_come_round_do_no_harm(tmp_path: Path) -> None:
    frames = spoken(tone(200), first=65_500, timestamp=TIMESTAMPS - 960 * 100)
    _, played = exported(tmp_path, recordings(taken(frames)))
    assert played.seconds == pytest.approx(4, abs=SLACK_S)


def test_where_the_clock_begins_anew_the_time_of_arrival_counts(tmp_path: Path) -> None:
    early = taken(spoken(tone(50), timestamp=1_000_000))
    late = taken(spoken(tone(50), timestamp=77, first=9_000), START_US + 4_000_000)
    _, played = exported(tmp_path, [*recordings(early), *recordings(late)])
    assert played.seconds == pytest.approx(5, abs=SLACK_S)
    assert [round(played.tone(at_s)) for at_s in (0.5, 2.5, 4.5)] == [1, 0, 1]


def test_frames_that_came_late_or_twice_are_played_once(tmp_path: Path) -> None:
    whole = taken(spoken(tone(100)))
    _, played = exported(tmp_path, [*recordings(whole), *recordings(whole[20:30])])
    assert played.seconds == pytest.approx(2, abs=SLACK_S)


@pytest.mark.parametrize("codec", [Codec.PCMU, Codec.PCMA, Codec.G722])
def test_what_ogg_cannot_carry_is_turned_into_opus(codec: Codec, tmp_path: Path) -> None:
    file, played = exported(tmp_path, recordings(taken(spoken(tone(200, codec), codec))))
    assert played.seconds == pytest.approx(4, abs=0.06)
    assert played.tone(2) == pytest.approx(1, abs=0.2)
    assert {opus_samples(packet) for packet in packets(file)} == {960}


def test_a_leg_that_changes_its_codec_goes_on(tmp_path: Path) -> None:
    early = taken(spoken(tone(100)))
    late = taken(spoken(tone(100, Codec.PCMU), Codec.PCMU, first=100), START_US + 100 * FRAME_US)
    _, played = exported(tmp_path, [*recordings(early), *recordings(late)])
    assert played.seconds == pytest.approx(4, abs=0.1)
    assert played.tone(3) == pytest.approx(1, abs=0.2)


def test_frames_that_are_no_opus_are_left_out(tmp_path: Path) -> None:
    frames = taken(spoken(tone(100)))
    wrong = [*frames[:40], *taken(spoken([b"\xff"] * 5, first=40, timestamp=40 * 960), START_US), *frames[45:]]
    file, played = exported(tmp_path, recordings(wrong))
    assert played.seconds == pytest.approx(2, abs=SLACK_S)
    assert b"\xff" not in packets(file)


def test_a_recording_without_frames_is_an_empty_file_that_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "call.ogg"
    with file.open("wb") as opened:
        assert write_ogg(opened, [], START_US, lambda: None) == 0


@pytest.mark.parametrize(
    ("packet", "samples"),
    [
        (b"\x00", 480),
        (b"\x18", 2_880),
        (b"\x60", 480),
        (b"\x78\x00", 960),
        (b"\x80", 120),
        (b"\xf8\xff\xfe", 960),
        (b"\xf9\x00\x00", 1_920),
        (b"\xfb\x03", 2_880),
        (b"", None),
        (b"\xff", None),
        (b"\xff\x00", None),
        (b"\x1b\x03", None),
    ],
)
def test_how_long_an_opus_packet_lasts(packet: bytes, samples: int | None) -> None:
    assert opus_samples(packet) == samples


@given(st.binary(max_size=20))
def test_no_bytes_are_longer_than_opus_allows(packet: bytes) -> None:
    samples = opus_samples(packet)
    assert samples is None or 120 <= samples <= 5_760


@settings(max_examples=50)
@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=30))
def test_no_frame_of_a_peer_breaks_an_export(payloads: list[bytes]) -> None:
    with tempfile.TemporaryFile() as file:
        write_ogg(file, recordings(taken(spoken(payloads))), START_US, lambda: None)
        file.seek(0)
        assert list(ogg_pages(file.read()))


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1), st.integers(0, 60)), max_size=30))
def test_no_numbers_of_a_peer_make_a_recording_longer_than_it_was(numbers: list[tuple[int, int, int]]) -> None:
    frames = [Frame(1, sequence, timestamp, False, Codec.OPUS, SILENCE) for sequence, timestamp, _ in numbers]
    some = [Taken(START_US + 1_000_000 * at_s, frame) for frame, (_, _, at_s) in zip(frames, numbers, strict=True)]
    with tempfile.TemporaryFile() as file:
        lasts_s = write_ogg(file, recordings(some), START_US, lambda: None)
    assert lasts_s <= 60 + 5 + 0.02 * len(some)

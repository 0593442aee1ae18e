"""The files of a recording: what was written is what is read, and nothing else is."""

from __future__ import annotations

import stat
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import PeerError
from openline.media.recording_file import (
    MAGIC,
    Recording,
    Taken,
    file_name,
    name_begins,
    read_recording,
    since_us,
    write_recording,
)
from openline.voice.frame import Codec, Frame
from tests.media.recordings import START_US, recordings, spoken, taken


def one(speaker: str = "", count: int = 5) -> Recording:
    return recordings(taken(spoken([bytes([number]) * 40 for number in range(1, count + 1)])), speaker)[0]


@pytest.mark.parametrize("speaker", ["", "bravo.example"])
def test_what_was_written_is_read(speaker: str, tmp_path: Path) -> None:
    recording = one(speaker)
    name = write_recording(tmp_path / "alpha-bravo" / "bravo-14", recording)
    path = tmp_path / "alpha-bravo" / "bravo-14" / name
    assert read_recording(path) == recording
    assert recording.frames == [each.frame for each in recording.taken]
    assert name.startswith(name_begins(speaker, recording.stream))
    assert since_us(path) == START_US


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    path = folder / write_recording(folder, one())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_is_there_whole_or_not_at_all_and_never_replaced(tmp_path: Path) -> None:
    recording = one()
    (tmp_path / f"{file_name(recording)}.part").write_bytes(b"left behind")
    path = tmp_path / write_recording(tmp_path, recording)
    with pytest.raises(FileExistsError):
        write_recording(tmp_path, one(count=4))
    assert read_recording(path) == recording
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_any_byte_changed_is_refused_or_read_as_another_frame(tmp_path: Path) -> None:
    recording = one()
    path = tmp_path / write_recording(tmp_path, recording)
    data = path.read_bytes()
    for place in range(len(data)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with suppress(PeerError):
            assert read_recording(path) != recording


@pytest.mark.parametrize("size", [0, len(MAGIC), len(MAGIC) + 3, -1])
def test_a_file_cut_short_is_refused(size: int, tmp_path: Path) -> None:
    path = tmp_path / write_recording(tmp_path, one())
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(PeerError) as caught:
        read_recording(path)
    assert caught.value.facts["file"] == path.name


def test_a_file_under_another_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / write_recording(tmp_path, one())
    other = path.rename(tmp_path / path.name.replace("sent", "heard-bravo.example"))
    with pytest.raises(PeerError):
        read_recording(other)


def test_frames_of_two_chunks_are_no_file(tmp_path: Path) -> None:
    late = Taken(START_US, Frame(1, 1, 1 << 20, False, Codec.OPUS, b"late"))
    early = Taken(START_US, Frame(1, 0, 0, False, Codec.OPUS, b"early"))
    path = tmp_path / write_recording(tmp_path, Recording("", 1, Codec.OPUS, 0, (early, late)))
    with pytest.raises(PeerError):
        read_recording(path)


@pytest.mark.fuzz
@given(st.binary(max_size=200))
def test_any_bytes_are_a_recording_or_refused(data: bytes) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder, "sent-00001-1.frames")
        path.write_bytes(MAGIC + data)
        with pytest.raises(PeerError):
            read_recording(path)


@pytest.mark.parametrize("name", ["notes.txt", "sent-00001-x.frames", "sent-00001-.frames", "sent-00001-²3.frames"])
def test_the_name_of_another_file_says_no_time(name: str) -> None:
    assert since_us(Path(name)) == 0

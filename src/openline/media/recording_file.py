"""The file of one part of a recorded chunk: the frames as they passed, undecoded, with the time each was there.

    openline-frames/1 LF
    u16 stream   u8 codec   u16 chunk   u8 size, the speaker's party (none: we sent them)
    for each frame: u16 sequence   u32 timestamp   u8 marker   u64 time in microseconds   u16 size, payload

Big-endian, frames in the order of their numbers. A file appears whole or not at all, mode 0600. What is in it is
vouched for by the record alone: who reads one believes nothing before its root was compared.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from struct import Struct, error

from openline.base.errors import PeerError
from openline.base.limits import NAME_BYTES_MAX, RECORDING_FRAMES_MAX
from openline.voice.frame import PAYLOAD_BYTES_MAX, Codec, Frame
from openline.voice.recording import chunk_of

MAGIC = b"openline-frames/1\n"
SUFFIX = ".frames"

_HEAD = Struct(">HBHB")  # stream, codec, chunk, size of the speaker's name
_ROW = Struct(">HIBQH")  # sequence, timestamp, marker, time, size
FILE_BYTES_MAX = len(MAGIC) + _HEAD.size + NAME_BYTES_MAX + RECORDING_FRAMES_MAX * (_ROW.size + PAYLOAD_BYTES_MAX)


@dataclass(frozen=True, slots=True)
class Taken:
    """A frame and when it passed here, by the node's time of day in microseconds."""

    at_us: int
    frame: Frame


@dataclass(frozen=True, slots=True)
class Recording:
    """What one file holds. `speaker` is empty when we sent it; the frames carry the stream's number between nodes."""

    speaker: str
    stream: int
    codec: Codec
    chunk: int
    taken: tuple[Taken, ...]

    @property
    def frames(self) -> list[Frame]:
        """The frames alone."""
        return [taken.frame for taken in self.taken]


def file_name(recording: Recording) -> str:
    """What its file is called: whose, which stream, and since when."""
    since_us = min(taken.at_us for taken in recording.taken)
    return f"{name_begins(recording.speaker, recording.stream)}{since_us}{SUFFIX}"


def name_begins(speaker: str, stream: int) -> str:
    """How the names of all files of a stream begin; `speaker` is empty where we sent it."""
    return f"{f'heard-{speaker}' if speaker else 'sent'}-{stream:05d}-"


def since_us(path: Path) -> int:
    """When the first frame of a file passed, by its name; 0 for a name that is none of ours."""
    text = path.name.removesuffix(SUFFIX).rpartition("-")[2]
    return int(text) if text.isascii() and text.isdigit() else 0


def write_recording(folder: Path, recording: Recording) -> str:
    """Write a file of its own, durably; its name. Raises OSError, and leaves nothing half written under that name."""
    name = file_name(recording)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = folder / f"{name}.part"
    part.unlink(missing_ok=True)
    file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(file, "wb") as opened:
            opened.write(_written(recording))
            opened.flush()
            os.fsync(file)
        os.link(part, folder / name)  # Unlike a rename, this never takes the place of a file.
    finally:
        part.unlink(missing_ok=True)
    opened_folder = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened_folder)
    finally:
        os.close(opened_folder)
    return name


def read_recording(path: Path) -> Recording:
    """What a file holds. Raises PeerError when it is not exactly the file of its name, OSError when unreadable."""
    with path.open("rb") as opened:
        data = opened.read(FILE_BYTES_MAX + 1)
    try:
        recording = _read(data)
    except (error, ValueError) as why:
        raise PeerError("recording-file-wrong", file=path.name) from why
    if file_name(recording) != path.name or {chunk_of(taken.frame) for taken in recording.taken} != {recording.chunk}:
        raise PeerError("recording-file-wrong", file=path.name)
    return recording


def _written(recording: Recording) -> bytes:
    speaker = recording.speaker.encode()
    head = MAGIC + _HEAD.pack(recording.stream, recording.codec, recording.chunk, len(speaker)) + speaker
    return head + b"".join(_rows(recording.taken))


def _rows(taken: Sequence[Taken]) -> Iterator[bytes]:
    for each in taken:
        frame = each.frame
        yield _ROW.pack(frame.sequence, frame.timestamp, frame.marker, each.at_us, len(frame.payload)) + frame.payload


def _read(data: bytes) -> Recording:
    if not data.startswith(MAGIC) or len(data) > FILE_BYTES_MAX:
        raise ValueError("not a file of frames")
    stream, number, chunk, size = _HEAD.unpack_from(data, len(MAGIC))
    place = len(MAGIC) + _HEAD.size + size
    speaker, codec = data[place - size : place].decode(), Codec(number)
    taken: list[Taken] = []
    while place < len(data):
        sequence, timestamp, marker, at_us, size = _ROW.unpack_from(data, place)
        place += _ROW.size + size
        if place > len(data) or marker > 1:
            raise ValueError("a frame is cut short")
        payload = data[place - size : place]
        taken.append(Taken(at_us, Frame(stream, sequence, timestamp, bool(marker), codec, payload)))
    if not taken:
        raise ValueError("no frames")
    return Recording(speaker, stream, codec, chunk, tuple(taken))

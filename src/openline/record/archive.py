"""The one form of ZIP a bundle has: files stored, in ascending order of their names, nothing between them.

Any unzip program reads it. We read it ourselves because a bundle must have one form only: every byte of the
archive is either the content of a file or what the names, sizes and checksums make it, so no byte can hide.
Files are stored, so nothing grows when it is read; they lie end to end, so nothing is read twice. Form:
docs/spec/bundle.md. Neither class opens or closes anything; both work on file objects the caller gives.
"""

from __future__ import annotations

import re
import struct
import zlib
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from openline.base.errors import PeerError, UsageError

FILES_MAX = 200_000
FILE_BYTES_MAX = 2**32 - 2
_PATH_BYTES_MAX = 255
_PATH = re.compile(rb"(?!\.)[0-9A-Za-z._-]+(?:/(?!\.)[0-9A-Za-z._-]+)*\Z")

_FILE = struct.Struct("<4s5H3L2H")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_FAR_PLACE = struct.Struct("<2HQ")
_END = struct.Struct("<4s4H2LH")
_FAR_END = struct.Struct("<4sQ2H2L4Q")
_FAR_END_LOCATOR = struct.Struct("<4sLQL")

_MADE_BY_UNIX = 3 << 8 | 20
_NEEDS, _NEEDS_FAR = 10, 45
_DATE = 0x0021  # 1980-01-01, the first a ZIP can say
_MODE = 0o100644 << 16
_U16, _U32 = 0xFFFF, 0xFFFFFFFF


class Sink(Protocol):
    """Where an archive is written: anything that takes bytes in order."""

    def write(self, data: bytes, /) -> int:
        """Take all of `data`."""
        ...


class Source(Protocol):
    """What an archive is read from: a binary file that can seek."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to `offset` from the start (0) or the end (2); answers the place."""
        ...

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes from there."""
        ...


@dataclass(frozen=True, slots=True)
class _Place:
    """One file of an archive: its name, its size, its CRC-32, and where its header begins."""

    name: bytes
    size: int
    checksum: int
    offset: int

    def header(self) -> bytes:
        """What stands before the content."""
        fields = (b"PK\x03\x04", _NEEDS, 0, 0, 0, _DATE, self.checksum, self.size, self.size, len(self.name), 0)
        return _FILE.pack(*fields) + self.name

    def entry(self) -> bytes:
        """What stands in the central directory."""
        far = self.offset >= _U32
        extra = _FAR_PLACE.pack(1, 8, self.offset) if far else b""
        needs, offset = (_NEEDS_FAR, _U32) if far else (_NEEDS, self.offset)
        sizes = (self.checksum, self.size, self.size, len(self.name), len(extra))
        fixed = _ENTRY.pack(b"PK\x01\x02", _MADE_BY_UNIX, needs, 0, 0, 0, _DATE, *sizes, 0, 0, 0, _MODE, offset)
        return fixed + self.name + extra

    @property
    def stop(self) -> int:
        """Where the next file begins."""
        return self.offset + _FILE.size + len(self.name) + self.size


def _end(count: int, size: int, offset: int) -> bytes:
    """What stands after a central directory of `count` entries and `size` bytes at `offset`."""
    far = b""
    if count >= _U16 or size >= _U32 or offset >= _U32:
        far = _FAR_END.pack(
            b"PK\x06\x06", 44, _MADE_BY_UNIX, _NEEDS_FAR, 0, 0, count, count, size, offset
        ) + _FAR_END_LOCATOR.pack(b"PK\x06\x07", 0, offset + size, 1)
    count, size, offset = min(count, _U16), min(size, _U32), min(offset, _U32)
    return far + _END.pack(b"PK\x05\x06", 0, 0, count, count, size, offset, 0)


class ArchiveWriter:
    """Writes an archive, file after file. Mutable; the sink is only ever written to, never sought."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._places: list[_Place] = []
        self._offset = 0

    def add(self, name: str, data: bytes) -> None:
        """Add a file. Names must come in ascending order; names and limits are the caller's to keep."""
        self.add_stream(name, len(data), lambda: iter((data,)))

    def add_stream(self, name: str, size: int, chunks: Callable[[], Iterator[bytes]]) -> None:
        """Add a file that is too large to hold: `chunks` is asked twice for the same `size` bytes.

        Raises UsageError `bundle-too-large` when the archive has as many files as one may have.
        """
        assert _PATH.match(name.encode()), name
        assert len(name) <= _PATH_BYTES_MAX, name
        assert not self._places or self._places[-1].name < name.encode(), f"{name} is out of order"
        assert size <= FILE_BYTES_MAX
        if len(self._places) >= FILES_MAX:
            raise UsageError("bundle-too-large", limit=FILES_MAX)
        checksum = 0
        for chunk in chunks():
            checksum = zlib.crc32(chunk, checksum)
        place = _Place(name.encode(), size, checksum, self._offset)
        self._sink.write(place.header())
        for chunk in chunks():
            self._sink.write(chunk)
        self._places.append(place)
        self._offset = place.stop

    def close(self) -> None:
        """Write the directory. The archive is not one before this; the sink stays open."""
        size = 0
        for place in self._places:
            entry = place.entry()
            self._sink.write(entry)
            size += len(entry)
        self._sink.write(_end(len(self._places), size, self._offset))


class Archive:
    """An archive of exactly our form, open for reading. Mutable: remembers what was read and what was damaged.

    Raises PeerError `bundle-unreadable` with the detail when the file is anything else.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._places: dict[str, _Place] = {}
        self._read: set[str] = set()
        self._damaged: set[str] = set()
        self._open()
        self._names = list(self._places)

    def __contains__(self, name: str) -> bool:
        """Whether the archive has this file."""
        return name in self._places

    def size(self, name: str) -> int | None:
        """How many bytes a file has; None when it is not there."""
        place = self._places.get(name)
        return None if place is None else place.size

    def below(self, prefix: str) -> list[str]:
        """The names that begin with `prefix`, ascending."""
        return self._names[bisect_left(self._names, prefix) : bisect_left(self._names, prefix + "\x7f")]

    def damaged(self) -> list[str]:
        """The files read so far whose header or content is not as it was written."""
        return sorted(self._damaged)

    def unread(self) -> list[str]:
        """The files whose content was never read, and so never compared with its checksum."""
        return [name for name in self._names if name not in self._read]

    def read(self, name: str) -> bytes:
        """The whole content of a file that is there; the caller has looked at its size. See `chunks`."""
        return b"".join(self.chunks(name))

    def chunks(self, name: str, size: int = 1 << 20) -> Iterator[bytes]:
        """The content of a file in pieces of `size`.

        A content that is not what its checksum says is given as it is; its name then stands in `damaged`.
        """
        place = self._places[name]
        self._source.seek(place.offset)
        checksum, sound = 0, self._take(len(place.header())) == place.header()
        start, stop = place.offset + len(place.header()), place.stop
        while start < stop:
            self._source.seek(start)
            chunk = self._take(min(size, stop - start))
            checksum = zlib.crc32(chunk, checksum)
            start += len(chunk)
            yield chunk
        if not sound or checksum != place.checksum:
            self._damaged.add(name)
        self._read.add(name)

    def _open(self) -> None:
        total = self._source.seek(0, 2)
        count, size, offset, end = self._find_directory(total)
        if count > FILES_MAX or size > FILES_MAX * (_ENTRY.size + _PATH_BYTES_MAX + _FAR_PLACE.size):
            raise _unreadable("too many files")
        if offset + size + len(end) != total or end != _end(count, size, offset):
            raise _unreadable("the end record is not that of a bundle")
        self._source.seek(offset)
        directory = self._take(size)
        place, start = 0, 0
        last = b""
        for _ in range(count):
            found = _read_entry(directory, start, place)
            if found.name <= last:
                raise _unreadable("the files are not in order")
            last = found.name
            self._places[found.name.decode()] = found
            start += len(found.entry())
            place = found.stop
        if start != size or place != offset:
            raise _unreadable("something stands between the files")

    def _find_directory(self, total: int) -> tuple[int, int, int, bytes]:
        """Entries, bytes and place of the central directory as the end says, and the end itself."""
        far = _FAR_END.size + _FAR_END_LOCATOR.size
        self._source.seek(max(0, total - far - _END.size))
        tail = self._take(min(total, far + _END.size))
        if len(tail) < _END.size or tail[-_END.size :][:4] != b"PK\x05\x06":
            raise _unreadable("this is no ZIP file, or its end is missing")
        end = tail[-_END.size :]
        _, _, _, count, _, size, offset, _ = _END.unpack(end)
        if (count == _U16 or _U32 in (size, offset)) and len(tail) == far + _END.size:
            _, _, _, _, _, _, count, _, size, offset = _FAR_END.unpack(tail[: _FAR_END.size])
            end = tail
        return count, size, offset, end

    def _take(self, size: int) -> bytes:
        data = self._source.read(size)
        if len(data) != size:
            raise _unreadable("the file ends too early")
        return data


def _read_entry(directory: bytes, start: int, offset: int) -> _Place:
    """The file whose entry begins at `start`, when it lies at `offset`. Raises PeerError for any other entry."""
    if start + _ENTRY.size > len(directory):
        raise _unreadable("the directory ends too early")
    fields = _ENTRY.unpack_from(directory, start)
    name_start = start + _ENTRY.size
    name = directory[name_start : name_start + fields[10]]
    if len(name) > _PATH_BYTES_MAX or not _PATH.match(name):
        raise _unreadable("a file has a name no bundle has")
    place = _Place(name, fields[9], fields[7], offset)
    entry = place.entry()
    if place.size > FILE_BYTES_MAX or directory[start : start + len(entry)] != entry:
        raise _unreadable(f"the directory entry of {name.decode()}")
    return place


def _unreadable(detail: str) -> PeerError:
    return PeerError("bundle-unreadable", detail=detail)

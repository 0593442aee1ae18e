"""The one form of ZIP: other people's tools read it, and nothing else passes for it."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from shutil import which

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import PeerError
from openline.record.archive import FILE_BYTES_MAX, Archive, ArchiveWriter, _Place
from tests.record.samples import flips

FILES = {"README.txt": b"read me", "a/b/000": b"", "a/b/000.p/7": bytes(range(256)), "a/x001/000": b"x" * 5000}


def written(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    writer = ArchiveWriter(out)
    for name in sorted(files):
        writer.add(name, files[name])
    writer.close()
    return out.getvalue()


def opened(data: bytes) -> Archive:
    return Archive(io.BytesIO(data))


def opened_or_refused(data: bytes) -> Archive | None:
    try:
        return opened(data)
    except PeerError as why:
        if why.message_id != "bundle-unreadable":
            raise
        return None


def test_what_was_written_is_read() -> None:
    archive = opened(written(FILES))
    assert archive.below("") == sorted(FILES)
    assert archive.below("a/b/") == ["a/b/000", "a/b/000.p/7"]
    assert {name: archive.read(name) for name in FILES} == FILES
    assert archive.size("a/b/000.p/7") == 256
    assert archive.size("a/b/001") is None
    assert "README.txt" in archive
    assert archive.damaged() == archive.unread() == []


def test_an_empty_archive_is_one() -> None:
    assert opened(written({})).below("") == []


def test_pythons_zipfile_reads_it() -> None:
    archive = zipfile.ZipFile(io.BytesIO(written(FILES)))
    assert archive.testzip() is None
    assert {name: archive.read(name) for name in archive.namelist()} == FILES
    assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_unzip_reads_it(tmp_path: Path) -> None:
    if which("unzip") is None:
        pytest.skip("unzip is not installed")
    (tmp_path / "some.olx").write_bytes(written(FILES))
    subprocess.run(["unzip", "-q", "some.olx"], cwd=tmp_path, check=True)
    assert {name: (tmp_path / name).read_bytes() for name in FILES} == FILES


def test_it_is_written_without_going_back_and_large_files_in_pieces() -> None:
    pieces = [b"one", b"two", b"three"]
    asked = 0

    def chunks() -> list[bytes]:
        nonlocal asked
        asked += 1
        return pieces

    out = io.BytesIO()
    writer = ArchiveWriter(out)
    writer.add_stream("large", 11, lambda: iter(chunks()))
    writer.close()
    assert opened(out.getvalue()).read("large") == b"onetwothree"
    assert asked == 2


def test_more_files_than_a_small_zip_holds_are_read_here_and_by_zipfile() -> None:
    data = written({f"f/{number:06d}": b"" for number in range(70_000)})
    assert len(opened(data).below("f/")) == len(zipfile.ZipFile(io.BytesIO(data)).namelist()) == 70_000


class Sparse(io.RawIOBase):
    """A file with a hole after its first bytes; only what stands around the hole is kept."""

    def __init__(self, kept: bytes, start: int, hole: int) -> None:
        self._kept, self._start, self._hole, self._at = kept, start, hole, 0

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._at = offset + (0, self._at, len(self._kept) + self._hole)[whence]
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        start = self._at if self._at < self._start else self._at - self._hole
        data = self._kept[start : start + size if size >= 0 else None]
        self._at += len(data)
        return data


def test_a_file_beyond_four_gigabytes_is_found_here_and_by_zipfile() -> None:
    out = io.BytesIO()
    writer = ArchiveWriter(out)
    huge = _Place(b"a", FILE_BYTES_MAX, 0, 0)
    out.write(huge.header())
    writer._places.append(huge)
    writer._offset = huge.stop
    writer.add("b", b"far away")
    writer.close()
    file = Sparse(out.getvalue(), len(huge.header()), FILE_BYTES_MAX)
    assert Archive(file).read("b") == zipfile.ZipFile(file).read("b") == b"far away"


@pytest.mark.parametrize("name", ["../a", "/a", "a//b", "a/../b", ".a", "a/.b", "a\\b", "a b", "ä", "a" * 256])
def test_a_name_that_leads_elsewhere_is_never_written(name: str) -> None:
    with pytest.raises(AssertionError):
        ArchiveWriter(io.BytesIO()).add(name, b"")


def test_names_out_of_order_or_twice_are_never_written() -> None:
    for second in ("a", "A"):
        writer = ArchiveWriter(io.BytesIO())
        writer.add("a", b"")
        with pytest.raises(AssertionError):
            writer.add(second, b"")


def _zip(name: str = "a", **how: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), b"bomb" * 1000, how.get("method", zipfile.ZIP_STORED))
    return out.getvalue()


def _twice() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", b"one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a", b"two")
    return out.getvalue()


def _overlapping() -> bytes:
    """Both entries of the directory name the same bytes."""
    good = written({"a": b"same", "b": b"same"})
    second = good.index(b"PK\x03\x04", 4)
    place = good.rindex(b"PK\x01\x02") + 42
    return good[:place] + bytes(4) + good[place + 4 :] if second else b""


def _false_size() -> bytes:
    good = written({"a": b"small"})
    place = good.index(b"PK\x01\x02") + 20
    return good[:place] + b"\xfe\xff\xff\xff" * 2 + good[place + 8 :]


def _false_count() -> bytes:
    good = written(FILES)
    return good[:-14] + b"\xff\xfe" * 2 + good[-10:]


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "something else": lambda: b"This is a letter.\n" * 100,
    "compressed, as a bomb is": lambda: _zip(method=zipfile.ZIP_DEFLATED),
    "another program's form": _zip,
    "a path upwards": lambda: _zip("../../etc/passwd"),
    "one name twice": _twice,
    "two names, one place": _overlapping,
    "a size it has not": _false_size,
    "a count it has not": _false_count,
    "bytes before": lambda: b"#!/bin/sh\n" + written(FILES),
    "bytes after": lambda: written(FILES) + b"\n",
    "cut short": lambda: written(FILES)[:-30],
    "the end alone": lambda: written(FILES)[-22:],
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_any_other_zip_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(PeerError) as caught:
        opened(make())
    assert caught.value.message_id == "bundle-unreadable"


def test_every_flipped_byte_is_refused_or_names_its_file() -> None:
    for place, data in flips(written(FILES)):
        archive = opened_or_refused(data)
        if archive is not None:
            assert [len(archive.read(name)) for name in archive.below("")] == [7, 0, 256, 5000]
            assert len(archive.damaged()) == 1, f"byte {place}"


@given(st.binary(max_size=300))
def test_any_bytes_are_an_archive_or_refused(data: bytes) -> None:
    archive = opened_or_refused(data)
    if archive is not None:
        assert written({name: archive.read(name) for name in archive.below("")}) == data


def test_a_good_archive_with_made_up_parts_is_refused_or_damaged() -> None:
    good, random = written(FILES), Random(1)
    for _ in range(500):
        start = random.randrange(len(good))
        stop = start + random.randrange(20)
        data = good[:start] + random.randbytes(random.randrange(20)) + good[stop:]
        archive = opened_or_refused(data)
        if archive is not None and data != good:
            assert [name for name in archive.below("") if archive.read(name) is None] == []
            assert archive.damaged()

"""Disks that fail: full ones, closed ones, and one that has rotted. Where a test may not make one, it says so."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import pytest

from openline.cli.stage import Party

TINY_MIB = 24


def fill_up(party: Party, spare_bytes: int) -> None:
    """From now on the running node can make no file larger than its write-ahead log is now, and a little more."""
    assert party.process is not None
    limit = (party.folder / "record.db-wal").stat().st_size + spare_bytes
    resource.prlimit(party.process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))


@contextmanager
def tiny_disk(folder: Path) -> Iterator[tuple[str, ...]]:
    """Put `folder` on a disk of `TINY_MIB` of its own, that only commands begun with the yielded words see."""
    unshare = _unshare()
    held = Path(tempfile.mkdtemp(prefix="held-"))
    script = (
        f"cp -a {folder}/. {held}/ && mount -t tmpfs -o size={TINY_MIB}m,mode=700 none {folder}"
        f" && cp -a {held}/. {folder}/ && echo there && exec sleep 600"
    )
    keeper = subprocess.Popen([*unshare, "sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert keeper.stdout is not None
        if keeper.stdout.readline() != b"there\n":
            pytest.skip("no file system can be mounted here, not even in a namespace of its own")
        yield ("nsenter", f"--target={keeper.pid}", "--mount", "--user" if "--user" in unshare else "--mount")
    finally:
        keeper.kill()
        keeper.communicate()
        shutil.rmtree(held)


def seen_inside(words: tuple[str, ...], folder: Path) -> Path:
    """`folder` as it is on the tiny disk, for looking at it from outside."""
    target = next(word for word in words if word.startswith("--target="))
    return Path(f"/proc/{target.removeprefix('--target=')}/root{folder}")


@contextmanager
def closed_to_us(folder: Path) -> Iterator[tuple[str, ...]]:
    """Nobody who begins with the yielded words can write into `folder`."""
    if os.geteuid() != 0:
        before = folder.stat().st_mode
        folder.chmod(0o500)
        try:
            yield ()
        finally:
            folder.chmod(before)
        return
    # Root may write everywhere, except where the disk itself is closed.
    script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
    if not _works("unshare", "--mount", "sh", "-c", script, str(folder), "true"):
        pytest.skip("this root may not mount, so no folder is closed to it")
    yield ("unshare", "--mount", "sh", "-c", script, str(folder))


def rot(database: Path, table: str) -> None:
    """Overwrite the first page of a table with what was never written there."""
    connection = apsw.Connection(str(database), apsw.SQLITE_OPEN_READWRITE)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    page, size = connection.execute(
        "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_schema WHERE name = ?", (table,)
    ).fetchall()[0]
    connection.close()
    assert isinstance(page, int)
    assert isinstance(size, int)
    with database.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)


def _unshare() -> tuple[str, ...]:
    for words in (("unshare", "--mount"), ("unshare", "--user", "--map-root-user", "--mount")):
        if _works(*words, "true"):
            return words
    pytest.skip("no namespace can be made here")


def _works(*command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0

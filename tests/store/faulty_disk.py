"""A disk below SQLite that fails when told to: every file of a store goes through it while it is in place."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import apsw


class FaultyDisk(apsw.VFS):
    """SQLite's default file layer while it is registered. `fail` plans one failure of the write-ahead log."""

    def __init__(self) -> None:
        self.failing: str | None = None
        self.syncs = 0
        super().__init__("faulty", "unix", makedefault=True)

    def fail(self, call: str) -> None:
        """The next `write` or `sync` of a write-ahead log fails."""
        self.failing = call

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802 - the name SQLite knows
        return _File(self, name, flags)

    def meets(self, call: str, name: str) -> bool:
        """Whether this call is the one that fails."""
        if self.failing != call or not name.endswith("-wal"):
            return False
        self.failing = None
        return True


class _File(apsw.VFSFile):
    def __init__(self, disk: FaultyDisk, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        self._disk = disk
        self._name = (name if isinstance(name, str) else name.filename()) if name else ""
        super().__init__("unix", name, flags)

    def xSync(self, flags: int) -> None:  # noqa: N802 - the name SQLite knows
        self._disk.syncs += 1
        if self._disk.meets("sync", self._name):
            raise apsw.IOError("the disk does not answer")
        super().xSync(flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - the name SQLite knows
        if self._disk.meets("write", self._name):
            raise apsw.FullError(f"planned: {errno.ENOSPC}")
        super().xWrite(data, offset)


def crashed(folder: Path, other: Path) -> Path:
    """The files as a crash of the process at this moment leaves them, in the folder `other`."""
    other.mkdir()
    for file in folder.iterdir():
        if file.name.endswith((".db", "-wal")):
            shutil.copy(file, other)
    return other

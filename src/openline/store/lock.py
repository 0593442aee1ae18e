"""One node at a time: an operating-system lock on a file beside the database.

The lock goes with the process, however it ends; the file stays and means nothing by itself. It keeps honest
mistakes apart. What guards the record when it is bypassed is the epoch.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from openline.base.errors import StoreError
from openline.store.failures import os_error


class Lock:
    """The held lock of one database file. Taken at construction."""

    def __init__(self, path: Path) -> None:
        """Take the lock of the database at `path`. Raises StoreError `store-in-use` when another has it."""
        place = path.with_name(path.name + ".lock")
        try:
            self._file = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as why:
            raise os_error(why, place) from why
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as why:
            self.release()
            raise StoreError("store-in-use", path=str(path)) from why
        except OSError as why:
            self.release()
            raise os_error(why, place) from why

    def release(self) -> None:
        """Give the lock back. Safe to call twice."""
        if self._file >= 0:
            os.close(self._file)
        self._file = -1

"""What SQLite's failures mean to a node: each becomes a StoreError with a sentence of its own."""

from __future__ import annotations

import errno
from pathlib import Path

import apsw

from openline.base.errors import StoreError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CLOSED_TO_US = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})

_BY_CLASS: tuple[tuple[type[apsw.Error], str], ...] = (
    (apsw.FullError, "store-disk-full"),
    (apsw.ReadOnlyError, "store-read-only"),
    (apsw.CantOpenError, "store-read-only"),
    (apsw.PermissionsError, "store-read-only"),
    (apsw.CorruptError, "store-corrupt"),
    (apsw.NotADBError, "store-wrong-file"),
    (apsw.BusyError, "store-in-use"),
    (apsw.LockedError, "store-in-use"),
)


def store_error(why: apsw.Error, path: Path, system_errno: int = 0) -> StoreError:
    """The StoreError for a failure of SQLite on the file `path`.

    `system_errno` is the operating system's reason for an input or output error, 0 when unknown.
    """
    message_id = next((name for kind, name in _BY_CLASS if isinstance(why, kind)), "store-broken")
    if isinstance(why, apsw.IOError):
        message_id = _reason(system_errno)
    if message_id == "store-corrupt":
        return corrupt(path, str(why))
    if message_id == "store-broken":
        return StoreError(message_id, path=str(path), detail=str(why))
    return StoreError(message_id, path=str(path))


def os_error(why: OSError, path: Path) -> StoreError:
    """The StoreError for a failure of the operating system on the file or folder `path`."""
    message_id = _reason(why.errno or 0)
    if message_id == "store-broken":
        return StoreError(message_id, path=str(path), detail=why.strerror or type(why).__name__)
    return StoreError(message_id, path=str(path))


def corrupt(path: Path, detail: str) -> StoreError:
    """The StoreError for content that cannot be what was written."""
    return StoreError("store-corrupt", path=str(path), detail=detail)


def _reason(system_errno: int) -> str:
    if system_errno in _FULL:
        return "store-disk-full"
    return "store-read-only" if system_errno in _CLOSED_TO_US else "store-broken"

"""Each failure of SQLite or of the operating system has its own sentence."""

from __future__ import annotations

import errno
from pathlib import Path

import apsw
import pytest

from openline.store.failures import os_error, store_error

PATH = Path("record.db")


@pytest.mark.parametrize(
    ("failure", "number", "message_id"),
    [
        (apsw.FullError("full"), 0, "store-disk-full"),
        (apsw.IOError("write"), errno.ENOSPC, "store-disk-full"),
        (apsw.IOError("write"), errno.EDQUOT, "store-disk-full"),
        (apsw.IOError("write"), errno.EFBIG, "store-disk-full"),
        (apsw.IOError("write"), errno.EROFS, "store-read-only"),
        (apsw.ReadOnlyError("read only"), 0, "store-read-only"),
        (apsw.CantOpenError("cannot"), 0, "store-read-only"),
        (apsw.PermissionsError("no"), 0, "store-read-only"),
        (apsw.CorruptError("malformed"), 0, "store-corrupt"),
        (apsw.NotADBError("what"), 0, "store-wrong-file"),
        (apsw.BusyError("busy"), 0, "store-in-use"),
        (apsw.LockedError("locked"), 0, "store-in-use"),
        (apsw.IOError("sync"), errno.EIO, "store-broken"),
        (apsw.ConstraintError("an entry is never changed"), 0, "store-broken"),
        (apsw.SQLError("no such table"), 0, "store-broken"),
    ],
)
def test_a_failure_of_sqlite_has_its_sentence(failure: apsw.Error, number: int, message_id: str) -> None:
    error = store_error(failure, PATH, number)
    assert (error.message_id, error.facts["path"]) == (message_id, "record.db")


@pytest.mark.parametrize(
    ("number", "message_id"),
    [
        (errno.ENOSPC, "store-disk-full"),
        (errno.EACCES, "store-read-only"),
        (errno.EROFS, "store-read-only"),
        (errno.EIO, "store-broken"),
    ],
)
def test_a_failure_of_the_system_has_its_sentence(number: int, message_id: str) -> None:
    assert os_error(OSError(number, "so it is"), PATH).message_id == message_id


def test_what_is_not_foreseen_says_what_it_was() -> None:
    assert store_error(apsw.IOError("short read"), PATH).facts["detail"] == "short read"
    assert os_error(OSError(errno.EIO, "input/output error"), PATH).facts["detail"] == "input/output error"

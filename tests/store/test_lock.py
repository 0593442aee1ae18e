"""The lock that keeps a second node away."""

from __future__ import annotations

from pathlib import Path

import pytest

from openline.base.errors import StoreError
from openline.store.lock import Lock


def test_only_one_holds_the_lock_at_a_time(tmp_path: Path) -> None:
    first = Lock(tmp_path / "record.db")
    with pytest.raises(StoreError, match="store-in-use"):
        Lock(tmp_path / "record.db")
    first.release()
    first.release()
    Lock(tmp_path / "record.db").release()


def test_a_second_try_does_not_free_the_first(tmp_path: Path) -> None:
    first = Lock(tmp_path / "record.db")
    for _ in range(2):
        with pytest.raises(StoreError, match="store-in-use"):
            Lock(tmp_path / "record.db")
    first.release()


def test_each_database_has_its_own(tmp_path: Path) -> None:
    record, blobs = Lock(tmp_path / "record.db"), Lock(tmp_path / "blobs.db")
    record.release()
    blobs.release()


def test_a_lock_where_none_can_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "record.db.lock").mkdir()
    with pytest.raises(StoreError) as why:
        Lock(tmp_path / "record.db")
    assert why.value.message_id == "store-broken"

"""Reads on SQLite: what is stored and cannot be what was written is never handed out."""

from __future__ import annotations

from pathlib import Path

import pytest

from openline.base.errors import PeerError, StoreError
from openline.record.entry import Ref
from openline.record.ports import Command
from openline.store.database import connect
from openline.store.reading import pack_refs, unpack_refs
from openline.store.sqlite import SqliteStore
from tests.store.authors import ALPHA, LINE, NOW, Author


def changed(tmp_path: Path, change: str) -> SqliteStore:
    author, path = Author(), tmp_path / "record.db"
    store = SqliteStore(path, create=True)
    store.claim()
    store.commit([author.opened, author.says(b"one", b"two"), Command("key", LINE, (), NOW)])
    store.close()
    by_hand = connect(path)
    by_hand.execute("DROP TRIGGER entry_is_not_changed")
    by_hand.execute(change)
    by_hand.close()
    return SqliteStore(path)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entry SET body = x'00' WHERE idx = 1",
        "UPDATE entry SET salt = zeroblob(16) WHERE idx = 1",
        "UPDATE entry SET leaf = x'00' WHERE idx = 1",
        "UPDATE entry SET leaf = x'' WHERE idx = 1",
    ],
)
def test_an_entry_that_was_changed_on_disk_is_not_handed_out(tmp_path: Path, change: str) -> None:
    store = changed(tmp_path, change)
    for read in (lambda: store.entries(ALPHA, 0, 2), lambda: store.arrived(0, 2), lambda: store.arrival(ALPHA, 1)):
        with pytest.raises(StoreError) as why:
            read()
        assert why.value.message_id == "store-corrupt"
        assert "entry 1" in str(why.value.facts["detail"])
    assert [entry.body for entry in store.entries(ALPHA, 0, 1)] == [b"one"]
    store.close()


def test_a_command_that_was_changed_on_disk_is_not_handed_out(tmp_path: Path) -> None:
    store = changed(tmp_path, "UPDATE command SET refs = x'ff'")
    with pytest.raises(StoreError, match="store-corrupt"):
        store.command("key")
    store.close()


def test_refs_come_back_as_they_were() -> None:
    refs = tuple(Ref(ALPHA, index, bytes([index]) * 32) for index in range(5))
    assert unpack_refs(pack_refs(refs)) == refs
    assert unpack_refs(pack_refs(())) == ()


def test_refs_that_are_none_are_refused() -> None:
    with pytest.raises(PeerError):
        unpack_refs(b"\xff")

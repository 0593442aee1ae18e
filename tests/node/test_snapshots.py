"""When a node takes snapshots up and keeps them: at its start, at a clean stop, and by another process between."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest

from openline.base.errors import UsageError
from openline.cli.running import running
from openline.node import snapshots as module
from openline.node.folder import Folder
from openline.node.founding import create_party, own_card, pair_offline
from openline.node.journal import Journal
from openline.node.snapshot import read_snapshot, snapshot_key
from openline.node.snapshots import EVERY_ENTRIES, Snapshots, main
from openline.record.introduction import open_invitation
from openline.store.memory import MemoryDisk, MemoryStore
from openline.store.sqlite import SqliteStore
from tests.node.houses import ALPHA, OFFICER, HandClock, secrets_of


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A party that is paired with one that never answers."""
    for name in ("alpha", "bravo"):
        create_party(tmp_path / name, f"{name}.example", {"en": name}, [], "a passphrase")
    card = own_card(tmp_path / "bravo")
    pair_offline(tmp_path / "alpha", card, None, "watch officer", open_invitation(card).fingerprint)
    return Folder(tmp_path / "alpha")


async def session(folder: Folder, *texts: str) -> tuple[bytes, int]:
    """A node that runs while these are said, and stops in order: its book then, and where the fold began."""
    async with running(folder.path) as node:
        for text in texts:
            arguments = {"text": text}
            await node.desk.say(
                OFFICER, None, "send", arguments, key=None, mark="OPERATION", wait="recorded", timeout_s=9.0
            )
        assert node.snapshots is not None
        (book,) = node.books()
        return book.digest(), node.snapshots._seq


def test_a_clean_stop_keeps_the_books_and_the_next_start_takes_them_up(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WORTH_ENTRIES", 1)
    first, begun = asyncio.run(session(folder, "one", "two"))
    assert begun == 0
    assert folder.snapshot.exists()
    again, begun = asyncio.run(session(folder))
    assert (again, begun) == (first, 2)
    folder.snapshot.unlink()
    assert asyncio.run(session(folder))[0] == first


def test_little_is_not_worth_a_snapshot(folder: Folder) -> None:
    asyncio.run(session(folder, "one", "two"))
    assert not folder.snapshot.exists()


def test_another_process_makes_one_of_the_record_as_it_stands(folder: Folder) -> None:
    digest, _ = asyncio.run(session(folder, "one", "two", "three"))
    assert main([str(folder.path)]) == 0
    again, begun = asyncio.run(session(folder, "four"))
    assert begun == 3
    assert main([str(folder.path)]) == 0, "from the last one on"
    store = SqliteStore(folder.record)
    found = read_snapshot(folder.snapshot, snapshot_key(folder.secrets()), store)
    store.close()
    assert found is not None
    assert found.seq == 4
    assert again != digest


def test_a_running_node_has_one_made_and_goes_on(folder: Folder) -> None:
    async def story() -> None:
        async with running(folder.path) as node:
            await node.desk.say(
                OFFICER, None, "send", {"text": "one"}, key=None, mark="OPERATION", wait="recorded", timeout_s=9.0
            )
            assert node.snapshots is not None
            await node.snapshots.make_elsewhere(node.desk.seq)
            assert folder.snapshot.exists()
            assert not node.snapshots.due(node.desk.seq)

    asyncio.run(story())
    assert asyncio.run(session(folder))[1] == 1


def test_one_is_due_after_so_many_entries_and_one_at_a_time(tmp_path: Path) -> None:
    snapshots = Snapshots(
        Folder(tmp_path), secrets_of(ALPHA), MemoryStore(MemoryDisk()), Journal(HandClock(), io.StringIO())
    )
    assert not snapshots.due(EVERY_ENTRIES - 1)
    assert snapshots.due(EVERY_ENTRIES)
    snapshots._making = True
    assert not snapshots.due(EVERY_ENTRIES)


def test_a_snapshot_that_is_none_is_told_of_and_the_record_is_read(tmp_path: Path) -> None:
    log = io.StringIO()
    snapshots = Snapshots(Folder(tmp_path), secrets_of(ALPHA), MemoryStore(MemoryDisk()), Journal(HandClock(), log))
    assert snapshots.take_up([]) == (0, [])
    assert log.getvalue() == ""
    Folder(tmp_path).snapshot.write_bytes(b"torn")
    assert snapshots.take_up([]) == (0, [])
    assert '"snapshot-refused"' in log.getvalue()


def test_where_there_is_no_record_none_can_be_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().err.strip()
    with pytest.raises(UsageError):
        Folder(tmp_path).secrets()

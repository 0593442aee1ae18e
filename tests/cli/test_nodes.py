"""`node doctor`, `backup`, `restore`."""

from __future__ import annotations

from pathlib import Path

from openline.base.errors import UsageError
from openline.node.folder import Folder
from openline.store.backup import backup
from tests.cli.conftest import FakeNode, Run
from tests.cli.test_schemas import check


def test_the_doctor_of_a_running_node_answers_there(at_node: Run) -> None:
    ran = at_node("node", "doctor")
    assert (ran.code, ran.rows()[1]) == (0, ["WARN", "clock-unsynchronized", "No time source."])


def test_the_doctor_of_a_folder_without_a_party_finds_that_out(run: Run) -> None:
    ran = run("node", "doctor")
    assert ran.code == 1
    assert any(row[0] == "BAD" for row in ran.rows())


def test_a_backup_goes_where_the_node_is_told_in_full(node: FakeNode, at_node: Run) -> None:
    ran = at_node("node", "backup", "/mnt/../mnt/b", "--json")
    assert ran.code == 0
    assert str(ran.json()["target"]).startswith("/")


def test_a_backup_that_is_refused_says_why(node: FakeNode, at_node: Run) -> None:
    node.desk.fail = UsageError("backup-target-exists", folder="/mnt/b")
    assert at_node("node", "backup", "/mnt/b").code != 0


def test_a_restored_record_waits_for_the_other_side(run: Run, tmp_path: Path) -> None:
    (tmp_path / "phrase").write_text("correct horse\n")
    folder = Folder(tmp_path / "a")
    run("init", "alpha.example", "--dir", str(folder.path), "--passphrase-file", str(tmp_path / "phrase"))
    backup(folder.record, folder.blobs, tmp_path / "b", lambda *_: None)
    in_the_way = run("node", "restore", str(tmp_path / "b"), "--dir", str(folder.path))
    assert in_the_way.code == 2
    for file in (folder.record, folder.blobs):
        file.rename(file.with_suffix(".lost"))
    ran = run("node", "restore", str(tmp_path / "b"), "--dir", str(folder.path), "--json")
    assert ran.code == 0, ran.err
    check(ran.json())
    assert folder.record.exists()

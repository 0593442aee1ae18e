"""A disk that is full, closed, taken or rotten: one sentence, the documented exit code, nothing recorded is lost."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from typing import cast

import pytest

from openline.base.errors import PathError
from openline.cli.client import JsonObject
from openline.cli.exits import Refusal
from openline.cli.stage import Party, Stage
from tests.process.disks import closed_to_us, fill_up, rot, seen_inside, tiny_disk
from tests.process.houses import (
    COMMAND,
    PATIENCE_S,
    environment,
    leaves,
    open_both,
    openline,
    readable,
    said,
    seized,
    sentence,
    settled,
    until,
    verifies,
)
from tests.process.ledger import Told, judge

pytestmark = pytest.mark.process


def test_a_disk_that_fills_up_stops_the_node_with_a_sentence_and_costs_nothing_acknowledged(stage: Stage) -> None:
    alpha, bravo = stage.parties
    bravo.send("Before.")
    fill_up(alpha, 40_000)
    told = _until_it_stops(alpha, 200)
    assert 0 < len(told) < 200
    process = alpha.process
    assert process is not None
    assert process.wait(PATIENCE_S) == 1
    last = (alpha.folder / "node.log").read_text().splitlines()[-1]
    assert last.startswith("openline: ")
    assert said("store-disk-full", "path").search(readable(last)), last
    alpha.start()
    _whole(stage, told)


def test_a_disk_that_fills_up_with_what_the_peer_sends_loses_nothing_that_was_receipted(stage: Stage) -> None:
    alpha, bravo = stage.parties
    fill_up(bravo, 40_000)
    told = []
    for number in range(200):
        one = Told("alpha", f"<alpha#theirs-{number}>", time.monotonic())
        one.answers.append((alpha.send(f"{one.tag} " + "x" * 300, wait="recorded"),))
        one.told = time.monotonic()
        told.append(one)
    assert bravo.process is not None
    assert bravo.process.wait(PATIENCE_S) == 1
    last = (bravo.folder / "node.log").read_text().splitlines()[-1]
    assert said("store-disk-full", "path").search(last), last
    bravo.kill()
    logs = cast("list[JsonObject]", alpha.line()["logs"])
    receipted = next(cast("dict[str, int]", log["receipted"])[bravo.id] for log in logs if log["own"])
    assert len(seized(bravo)["alpha"]) >= receipted > 0
    bravo.start()
    _whole(stage, told)


def test_a_disk_without_room_is_refused_at_the_start_and_said_to_who_sends(houses: Stage) -> None:
    """The same on a real disk that is too small, where SQLite itself is told that there is no room."""
    alpha, bravo = houses.parties
    bravo.start()
    with tiny_disk(alpha.folder) as words:
        inside = Party("alpha", seen_inside(words, alpha.folder), alpha.founded)
        log = inside.folder / "node.log"
        command = ["sh", "-c", '"$@" 2> "$0"/node.log', str(alpha.folder), *COMMAND]
        running = subprocess.Popen(
            [*words, *command, "--dir", str(alpha.folder), "node", "run"], start_new_session=True, env=environment()
        )
        until(lambda: _answers(inside), PATIENCE_S, "the node on the tiny disk answers")
        sent = inside.send("There is room.", wait="recorded")
        _fill(inside.folder)
        told = _until_it_stops(inside, 400)
        assert running.wait(PATIENCE_S) == 1
        assert said("store-disk-full", "path").search(log.read_text()), log.read_text()
        refused = openline(alpha.folder, "node", "run", "--json", before=words)
        assert str(alpha.folder) in sentence(refused, "store-disk-full", 1)
        (inside.folder / "filling").unlink()
        running = subprocess.Popen(
            [*words, *COMMAND, "--dir", str(alpha.folder), "node", "run"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
        until(lambda: _answers(inside), PATIENCE_S, "the node answers once there is room")
        until(lambda: inside.line()["unreceipted"] == 0, PATIENCE_S, "everything is received")
        held = {
            name: {"alpha": leaves(node, alpha.id)} for name, node in (("alpha", inside.node), ("bravo", bravo.node))
        }
        assert sent == "alpha:0"
        assert judge(told, {"alpha": held["alpha"]}) == []
        assert held["alpha"] == held["bravo"]
        inside.node.close()
        running.kill()
        running.wait()


def test_a_folder_that_cannot_be_written_is_named_before_anything_is_done(houses: Stage) -> None:
    alpha = houses.alpha
    before = {file.name: file.read_bytes() for file in alpha.folder.iterdir() if file.is_file()}
    with closed_to_us(alpha.folder) as words:
        assert str(alpha.folder) in sentence(
            openline(alpha.folder, "node", "run", "--json", before=words), "store-read-only", 1
        )
        assert openline(alpha.folder, "node", "run", before=words).err.startswith("openline: ")
        found = openline(alpha.folder, "node", "doctor", "--json", before=words)
        assert found.code == 1
    assert {file.name: file.read_bytes() for file in alpha.folder.iterdir() if file.is_file()} == before
    open_both(houses)


def test_init_in_a_folder_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    (tmp_path / "phrase").write_text("for a test only\n")
    words = ("init", "north.example", "--path", "fibre=127.0.0.1:7443", "--passphrase-file", str(tmp_path / "phrase"))
    with closed_to_us(folder) as before:
        refused = openline(folder, *words, "--json", before=before)
        assert str(folder) in sentence(refused, "folder-not-writable", 1)
    assert list(folder.iterdir()) == []


def test_a_second_node_on_the_same_folder_is_refused_and_the_first_goes_on(stage: Stage) -> None:
    alpha, _ = stage.parties
    told = sentence(openline(alpha.folder, "node", "run", "--json"), "store-in-use", 10)
    assert str(alpha.folder / "record.db") in told
    assert settled(stage)
    alpha.send("Still here.")


def test_a_record_elsewhere_taken_by_a_second_node_is_refused(stage: Stage, tmp_path: Path) -> None:
    """The same record by another path: a lock goes with the file, not with its name."""
    alpha, _ = stage.parties
    other = tmp_path / "other"
    other.mkdir()
    for file in alpha.folder.iterdir():
        if file.name != "api.sock":
            (other / file.name).symlink_to(file)
    ran = openline(other, "node", "run", "--json")
    assert ran.code == 10, ran
    assert ran.error()["error"] in ("store-in-use", "path-port-taken")
    alpha.send("Still here.")


def test_a_rotten_page_stops_the_start_and_a_backup_with_the_peer_brings_everything_back(stage: Stage) -> None:
    alpha, bravo = stage.parties
    early = alpha.send("Before the backup.")
    backup = alpha.folder.parent / "backup"
    assert openline(alpha.folder, "node", "backup", str(backup)).code == 0
    late = [alpha.send(f"After the backup, {number}.") for number in range(20)]
    answer = bravo.act("reply", late[-1], text="All of it is here.")
    until(lambda: settled(stage), PATIENCE_S, "everything is received")
    before = {name: leaves(alpha.node, f"{name}.example") for name in ("alpha", "bravo")}
    alpha.stop()
    rot(alpha.folder / "record.db", "entry")

    told = sentence(openline(alpha.folder, "node", "run", "--json"), "store-corrupt", 1)
    assert str(alpha.folder / "record.db") in told
    assert "backup" in told
    assert openline(alpha.folder, "node", "doctor").code == 1
    in_the_way = openline(alpha.folder, "node", "restore", str(backup), "--json")
    assert str(alpha.folder) in sentence(in_the_way, "restore-in-the-way", 2)
    kept = alpha.folder.parent / "rotten"
    kept.mkdir()
    for file in [*alpha.folder.glob("record.db*"), *alpha.folder.glob("blobs.db*")]:
        shutil.move(file, kept)
    restored = openline(alpha.folder, "node", "restore", str(backup), "--json")
    assert restored.code == 0, restored
    assert restored.json()["quarantined"] == ["alpha.example/line/alpha-bravo"]

    bravo.kill()
    alpha.start()
    as_restored = leaves(alpha.node, alpha.id)
    assert as_restored == before["alpha"][: len(as_restored)] != before["alpha"]
    refused = openline(alpha.folder, "send", "alpha-bravo", "Too early.", "--json")
    sentence(refused, "log-quarantined", 2)
    assert leaves(alpha.node, alpha.id) == as_restored
    bravo.start()
    until(lambda: settled(stage), PATIENCE_S, "the log is refilled from the peer")
    after = {name: leaves(alpha.node, f"{name}.example") for name in ("alpha", "bravo")}
    assert after == before
    sent = alpha.send("From where it was.")
    assert (early, sent) == ("alpha:0", "alpha:21")
    assert alpha.entry(answer)["text"] == "All of it is here."
    assert leaves(bravo.node, alpha.id) == leaves(alpha.node, alpha.id)
    verifies(alpha.folder)


def test_a_record_that_is_not_what_it_was_is_never_begun_anew(houses: Stage) -> None:
    alpha = houses.alpha
    record = alpha.folder / "record.db"
    whole = record.read_bytes()
    for data, message_id in (
        (b"", "store-corrupt"),
        (b"This is a letter, not a record. " * 200, "store-wrong-file"),
        (whole[: len(whole) // 2], "store-corrupt"),
        (None, "store-missing"),
    ):
        record.unlink()
        if data is not None:
            record.write_bytes(data)
        told = sentence(openline(alpha.folder, "node", "run", "--json"), message_id, 1)
        assert str(record) in told
        assert record.exists() is (data is not None)
        record.write_bytes(whole)
    assert openline(alpha.folder, "node", "doctor").code == 0
    alpha.start()


def _until_it_stops(party: Party, most: int) -> list[Told]:
    """Say one thing after the other until the node says no; what was acknowledged. The no must be a sentence."""
    told: list[Told] = []
    for number in range(most):
        one = Told("alpha", f"<alpha#full-{number}>", time.monotonic())
        try:
            one.answers.append((party.send(f"{one.tag} " + "x" * 300, wait="recorded"),))
        except Refusal as why:
            refusal = why
            break
        except PathError:
            return told
        one.told = time.monotonic()
        told.append(one)
    else:
        pytest.fail(f"the disk was never full in {most} messages")
    assert (refusal.message_id, refusal.status) == ("store-disk-full", 503)
    readable(refusal.text, refusal.message_id)
    return told


def _whole(stage: Stage, told: list[Told]) -> None:
    until(lambda: settled(stage), PATIENCE_S, "the line is settled again")
    for party in stage.parties:
        party.stop()
    held = {party.name: seized(party) for party in stage.parties}
    assert judge(told, held) == []


def _answers(party: Party) -> bool:
    try:
        party.node.get("/lines")
    except PathError:
        party.node.close()
        return False
    return True


def _fill(folder: Path) -> None:
    """Write until there is no room left but for a few entries."""
    with (folder / "filling").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(16_384))
        except OSError:
            pass
        file.truncate(file.tell() - 65_536)

"""The whole of openline as a user has it: two folders, one command line, and what an outsider can check afterwards."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from openline.cli.client import JsonObject, Node, Place
from openline.cli.stage import PATHS, Party, Stage, set_voice
from openline.store.check import check_trees
from openline.store.sqlite import SqliteStore
from tests.process.houses import (
    COMMAND,
    LINE,
    PATIENCE_S,
    ask,
    environment,
    journal,
    leaves,
    openline,
    readable,
    seized,
    sentence,
    settled,
    start,
    until,
    verifies,
)
from tests.process.ledger import judge
from tests.process.load import Load

pytestmark = pytest.mark.process


@dataclass(slots=True)
class House:
    """A headquarters made and run by the command line alone. `digits` is what its officer reads aloud."""

    name: str
    folder: Path
    digits: str
    process: subprocess.Popen[bytes] | None = None
    node: Node = field(init=False)

    def __post_init__(self) -> None:
        self.node = Node(Place(self.folder / "api.sock", desk="watch", language="en"))

    @property
    def id(self) -> str:
        """The party id."""
        return f"{self.name}.example"

    def run(self, *words: str) -> JsonObject:
        """One command that must succeed; its result."""
        ran = openline(self.folder, *words, "--json")
        assert ran.code == 0, (words, ran)
        return cast("JsonObject", json.loads(ran.out.splitlines()[-1]))

    def code(self, *words: str) -> int:
        """The exit code of one command."""
        return openline(self.folder, *words).code

    def begin(self) -> None:
        """Run the node and wait until it answers."""
        start(self, *COMMAND, "--dir", str(self.folder), "node", "run")

    def end(self) -> int:
        """Stop the node in good order; its exit code."""
        self.node.close()
        assert self.process is not None
        self.process.terminate()
        code = self.process.wait(PATIENCE_S)
        self.process = None
        return code


@pytest.fixture(scope="module")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> list[House]:
    """Three parties, made by `openline init`, none of them paired."""
    folder = tmp_path_factory.mktemp("initialised")
    return [_init(folder, name) for name in ("alpha", "bravo", "charlie")]


@pytest.fixture
def three(initialised: list[House], tmp_path: Path) -> Iterator[list[House]]:
    """The three in folders of their own. Whatever runs in the end is killed."""
    made = [House(one.name, tmp_path / one.name, one.digits) for one in initialised]
    for one, house in zip(initialised, made, strict=True):
        shutil.copytree(one.folder, house.folder)
    yield made
    for house in made:
        house.node.close()
        if house.process is not None:
            house.process.kill()
            house.process.wait()


def test_two_headquarters_from_nothing_to_a_record_that_an_outsider_verifies(
    three: list[House], tmp_path: Path
) -> None:
    """The README's ten commands, and what each must end with."""
    alpha, bravo, _ = three
    _pair(alpha, bravo)
    alpha.begin()
    assert alpha.code("status") == 3, "nobody has answered yet"
    bravo.begin()
    until(lambda: alpha.code("status") == 0 and bravo.code("status") == 0, PATIENCE_S, "both sides are proven")

    asked = _first(alpha.run("send", LINE, "Six trucks leave at 0600Z.", "-p", "priority", "--wait", "received"))
    assert [row["id"] for row in _entries(bravo.run("inbox"))] == [asked]
    read = bravo.run("read", asked)
    assert cast("JsonObject", read["entry"])["text"] == "Six trucks leave at 0600Z."
    bravo.run("ack", asked, "--reason", "the watch has it")
    bravo.run("pass", asked, "--to", "artillery")
    answer = _first(bravo.run("reply", asked, "We hold fire until 0900Z.", "--wait", "received"))
    stages = cast("list[JsonObject]", cast("JsonObject", alpha.run("read", asked)["entry"])["stages"])
    assert {row["stage"] for row in stages} >= {"RECEIVED", "DISPLAYED", "ACCEPTED", "PASSED", "ANSWERED"}
    assert cast("JsonObject", alpha.run("read", answer)["entry"])["text"] == "We hold fire until 0900Z."
    assert openline(alpha.folder, "send", LINE, "Heard?", "--wait", "accepted", "--timeout", "0.2").code == 4

    for house in (alpha, bravo):
        verifies(house.folder)
    _audited(alpha, bravo, tmp_path)
    for house in (alpha, bravo):
        assert house.end() == 0
        assert house.code("status") == 9


def _audited(alpha: House, bravo: House, folder: Path) -> None:
    """An outsider has the file, and has heard both parties read 30 digits."""
    whole, bare = folder / "whole.olx", folder / "bare.olx"
    alpha.run("record", "export", LINE, "-o", str(whole))
    bravo.run("record", "export", LINE, "-o", str(bare), "--no-bodies")
    roots = [word for house in (alpha, bravo) for word in ("--root", f"{house.id}={house.digits}")]
    nowhere = folder / "nowhere"
    for file, given, code, word in (
        (whole, roots, 0, "VERIFIED"),
        (bare, roots, 0, "VERIFIED"),
        (whole, [], 7, "INCOMPLETE"),
        (whole, roots[:2], 7, "INCOMPLETE"),
    ):
        ran = openline(nowhere, "audit", "verify", str(file), *given, "--json")
        assert (ran.code, ran.json()["verdict"]) == (code, word), ran
    assert b"Six trucks" in whole.read_bytes()
    assert b"Six trucks" not in bare.read_bytes()
    wrong = ["--root", f"{alpha.id}={bravo.digits}", *roots[2:]]
    assert openline(nowhere, "audit", "verify", str(whole), *wrong).code == 6
    data = bytearray(whole.read_bytes())
    data[data.index(b"Six trucks")] ^= 1
    altered = folder / "altered.olx"
    altered.write_bytes(data)
    ran = openline(nowhere, "audit", "verify", str(altered), *roots, "--json")
    assert (ran.code, ran.json()["verdict"]) == (6, "FALSE")
    told = [str(finding["text"]) for finding in cast("list[JsonObject]", ran.json()["findings"])]
    assert any("alpha:0" in text or "alpha.example" in text for text in told), told
    assert openline(nowhere, "audit", "verify", str(folder / "none.olx")).code == 2


def test_a_second_init_replaces_nothing(three: list[House], tmp_path: Path) -> None:
    alpha = three[0]
    (tmp_path / "phrase").write_text("another\n")
    keys = (alpha.folder / "keys" / "node.cbor").read_bytes()
    again = openline(alpha.folder, "init", alpha.id, "--passphrase-file", str(tmp_path / "phrase"), "--json")
    sentence(again, "party-exists", 2)
    assert (alpha.folder / "keys" / "node.cbor").read_bytes() == keys


def test_digits_that_differ_accept_nothing(three: list[House], tmp_path: Path) -> None:
    alpha, bravo, _ = three
    card = tmp_path / "bravo.olinvite"
    bravo.run("card", "export", "-o", str(card))
    right = bravo.digits
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    for digits in (wrong, alpha.digits, ""):
        ran = openline(alpha.folder, "pair", str(card), "--fingerprint", digits, "--json")
        assert bravo.id in sentence(ran, "trust-digits-differ", 6)
    nobody = openline(alpha.folder, "pair", str(card), "--json")
    sentence(nobody, "fingerprint-needed", 2)
    with closing(SqliteStore(alpha.folder / "record.db")) as store:
        assert store.lines() == []
        assert [one.party for one in store.introductions()] == [alpha.id]
    damaged = tmp_path / "damaged.olinvite"
    damaged.write_bytes(card.read_bytes()[:-40])
    ran = openline(alpha.folder, "pair", str(damaged), "--fingerprint", right, "--json")
    assert ran.code == 6, ran
    readable(str(ran.error()["text"]))
    assert alpha.run("pair", str(card), "--fingerprint", right)["line"] == LINE
    again = openline(alpha.folder, "pair", str(card), "--fingerprint", right, "--json")
    assert again.code == 2, again
    own = tmp_path / "own"
    alpha.run("card", "export", "-o", str(own))
    sentence(openline(alpha.folder, "pair", str(own), "--fingerprint", right, "--json"), "pair-with-self", 2)


def test_pairing_at_nodes_that_run_opens_the_line_at_once(three: list[House], tmp_path: Path) -> None:
    alpha, bravo, _ = three
    for house in (alpha, bravo):
        house.begin()
        assert house.code("status") == 0, "a node without a line has no problem"
    card = tmp_path / "bravo.olinvite"
    bravo.run("card", "export", "-o", str(card))
    ran = openline(alpha.folder, "pair", str(card), "--fingerprint", "0" * 30, "--json")
    assert (ran.code, ran.error()["error"]) == (6, "trust-digits-differ")
    assert cast("list[object]", alpha.run("lines", "list")["lines"]) == []
    card.unlink()
    _pair(alpha, bravo)
    until(lambda: alpha.code("status") == 0 and bravo.code("status") == 0, PATIENCE_S, "both sides are proven")
    alpha.run("send", LINE, "No restart was needed.", "--wait", "received")


def test_three_parties_and_two_lines_on_one_node(three: list[House]) -> None:
    alpha, bravo, charlie = three
    _pair(alpha, bravo)
    _pair(alpha, charlie)
    for house in (alpha, bravo, charlie):
        house.begin()
    until(
        lambda: all(house.code("status") == 0 for house in (alpha, bravo, charlie)), PATIENCE_S, "all lines are proven"
    )
    alpha.run("send", "alpha-bravo", "For bravo only.", "--wait", "received")
    to_charlie = _first(alpha.run("send", "alpha-charlie", "For charlie only.", "--wait", "received"))
    assert [row["text"] for row in _entries(bravo.run("inbox"))] == ["For bravo only."]
    assert [row["text"] for row in _entries(charlie.run("inbox"))] == ["For charlie only."]
    answer = _first(charlie.run("reply", to_charlie.rpartition("/")[2], "Charlie has it.", "--wait", "received"))
    assert [row["text"] for row in _entries(alpha.run("inbox", "--line", "alpha-charlie"))] == ["Charlie has it."]
    assert cast("JsonObject", alpha.run("read", f"alpha-charlie/{answer}")["entry"])["text"] == "Charlie has it."
    unnamed = openline(alpha.folder, "inbox", "--json")
    if unnamed.code:
        assert "alpha-charlie" in sentence(unnamed, "line-needed", 2)
    sentence(openline(alpha.folder, "read", f"alpha-bravo/{answer}", "--json"), "entry-party-unknown", 2)
    for line in ("alpha-bravo", "alpha-charlie"):
        verifies(alpha.folder, line)

    assert charlie.end() == 0
    until(lambda: not _up(alpha, "alpha-charlie"), PATIENCE_S, "the line to charlie is noticed to be gone")
    assert _up(alpha, "alpha-bravo"), "the other line goes on"
    alpha.run("send", "alpha-bravo", "Still here.", "--wait", "received")


# One node of a running pair


def test_sigterm_under_load_answers_what_is_in_hand_and_leaves_nothing_half_written(stage: Stage) -> None:
    alpha, bravo = stage.parties
    load = Load(lambda _name: 0)
    load.begin(stage.parties, 3, "drain")
    until(lambda: len(load.told) > 60, PATIENCE_S, "the officers talk")
    process = alpha.process
    assert process is not None
    process.send_signal(signal.SIGTERM)
    load.finish()
    assert process.wait(PATIENCE_S) == 0
    assert [fact["fact"] for fact in journal(alpha)][-1] == "stopped"
    assert not (alpha.folder / "api.sock").exists()
    assert not [file.name for file in alpha.folder.iterdir() if file.name.endswith(("-wal", "-shm", "-journal"))]
    alpha.kill()
    disk = {"alpha": seized(alpha)["alpha"]}
    alpha.start()
    until(lambda: load.at_rest and settled(stage), PATIENCE_S, "everybody was answered, and the line is settled")
    assert load.trouble == []
    held = {party.name: {one.name: leaves(party.node, one.id) for one in stage.parties} for party in stage.parties}
    assert held["alpha"]["alpha"][: len(disk["alpha"])] == disk["alpha"]
    assert judge(load.told, held) == []
    bravo.stop()
    path = bravo.folder / "record.db"
    with closing(SqliteStore(path)) as store:
        check_trees(store, path, lambda _done, _total: None)


def test_ctrl_c_stops_the_node_as_sigterm_does(houses: Stage) -> None:
    alpha = houses.alpha
    alpha.start()
    assert alpha.process is not None
    alpha.process.send_signal(signal.SIGINT)
    assert alpha.process.wait(PATIENCE_S) == 0
    assert [fact["fact"] for fact in journal(alpha)][-1] == "stopped"


def test_a_follower_is_let_go_in_good_order_when_the_node_stops(stage: Stage) -> None:
    alpha, bravo = stage.parties
    command = [*COMMAND, "--dir", str(alpha.folder), "record", "follow", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment()) as follower:
        assert follower.stdout is not None
        sent = bravo.send("Followed.")
        until(lambda: _presence(bravo) == ["CONSOLE"], PATIENCE_S, "the other side sees the console")
        bravo.send("And this.")
        seen = [cast("JsonObject", json.loads(follower.stdout.readline())) for _ in range(1)]
        assert seen[0]["schema"]
        alpha.stop()
        assert follower.poll() is None, "it waits for the node to come back"
        follower.terminate()
    assert sent == "bravo:0"


def _presence(party: Party) -> list[str]:
    line = party.line()
    return next(iter(cast("dict[str, list[str]]", line["presence"]).values()), [])


def test_a_backup_taken_under_load_is_whole(stage: Stage, tmp_path: Path) -> None:
    alpha, bravo = stage.parties
    load = Load(lambda _name: 0)
    load.begin(stage.parties, 2, "backup")
    until(lambda: len(load.told) > 40, PATIENCE_S, "the officers talk")
    target = tmp_path / "backup"
    ran = openline(alpha.folder, "node", "backup", str(target), "--json")
    assert ran.code == 0, ran
    again = openline(alpha.folder, "node", "backup", str(target), "--json")
    sentence(again, "backup-target-exists", 2)
    load.finish()
    until(lambda: load.at_rest and settled(stage), PATIENCE_S, "the line is settled")
    before = {one.name: leaves(alpha.node, one.id) for one in stage.parties}
    alpha.kill()
    for file in [*alpha.folder.glob("record.db*"), *alpha.folder.glob("blobs.db*")]:
        file.unlink()
    assert openline(alpha.folder, "node", "restore", str(target)).code == 0
    held = seized(alpha)
    assert 0 < len(held["alpha"]) <= len(before["alpha"])
    alpha.start()
    until(lambda: settled(stage), PATIENCE_S, "what the backup lacks comes from the peer")
    after = {one.name: leaves(alpha.node, one.id) for one in stage.parties}
    assert after == before
    assert judge(load.told, {"alpha": after}) == []
    alpha.send("And on.")
    assert leaves(bravo.node, alpha.id) == leaves(alpha.node, alpha.id)


def test_the_service_manager_is_told_when_it_is_ready_and_when_it_stops(houses: Stage, tmp_path: Path) -> None:
    alpha = houses.alpha
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, ExitStack() as stack:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(PATIENCE_S)
        command = [*COMMAND, "--dir", str(alpha.folder), "node", "run"]
        env = environment(NOTIFY_SOCKET=str(tmp_path / "notify"))
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=env)
        stack.callback(process.wait)
        stack.callback(process.kill)
        assert manager.recv(100) == b"READY=1"
        assert openline(alpha.folder, "lines", "list").code == 0, "ready means that it answers"
        process.terminate()
        assert manager.recv(100) == b"STOPPING=1"
        assert process.wait(PATIENCE_S) == 0


def test_health_metrics_and_the_document_are_there(stage: Stage) -> None:
    alpha = stage.alpha
    assert ask(alpha, "GET", "/healthz").json() == {"alive": True}
    text = ask(alpha, "GET", "/metrics").body.decode()
    assert f'openline_line_state{{line="{LINE}",state="PROVEN"}} 1\n' in text
    assert 'openline_path_sessions{line="alpha-bravo",party="bravo.example",path="fibre"}' in text
    document = ask(alpha, "GET", "/api/v1/openapi.json").json()
    assert "/api/v1/messages" in cast("JsonObject", document["paths"])
    facts = list(journal(alpha))
    assert facts[0]["fact"] == "ready"
    secret = "The convoy's route is not for the log."
    alpha.send(secret)
    assert secret not in (alpha.folder / "node.log").read_text()


def test_the_other_side_sees_who_is_on_watch(stage: Stage) -> None:
    alpha, bravo = stage.parties
    assert openline(alpha.folder, "watch", "on").rows() == [["watch", "on"]]
    until(lambda: "OFFICER" in _presence(bravo), PATIENCE_S, "the other side sees the officer")
    assert openline(alpha.folder, "watch", "off", "--json").json()["on"] is False
    until(lambda: "OFFICER" not in _presence(bravo), PATIENCE_S, "the other side sees that nobody is on watch")
    assert leaves(alpha.node, alpha.id) == [], "nothing of it is on the record"


def test_a_record_is_shown_page_by_page_and_nothing_twice(stage: Stage) -> None:
    alpha, bravo = stage.parties
    sent = [party.send(f"number {number}") for number in range(4) for party in (alpha, bravo)]
    until(lambda: settled(stage), PATIENCE_S, "both hold everything")
    for house in (alpha, bravo):
        seen: list[str] = []
        before: list[str] = []
        for size in (3, 3, 2):
            page = openline(house.folder, "record", "show", LINE, "--count", "3", *before, "--json").json()
            assert len(_entries(page)) == size
            seen += [str(row["id"]) for row in _entries(page)]
            before = ["--before", str(page["next_before"])]
        assert before == ["--before", "None"]
        assert sorted(seen) == sorted(sent)
    assert [row["text"] for row in _entries(openline(alpha.folder, "inbox", "--count", "2", "--json").json())] == [
        "number 3",
        "number 2",
    ]


def test_one_path_is_enough_and_none_is_told(stage: Stage) -> None:
    alpha, bravo = stage.parties
    stage.relay.cut(PATHS[0])
    until(lambda: alpha.line()["state"] == bravo.line()["state"] == "ONE_PATH_LEFT", PATIENCE_S, "one path is left")
    assert openline(alpha.folder, "status").code == 0
    assert bravo.entry(alpha.send("By the other path."))["text"] == "By the other path."
    stage.relay.cut(PATHS[1])
    until(lambda: alpha.line()["state"] == "LATE", PATIENCE_S, "no path is left")
    shown = [row for row in openline(alpha.folder, "lines", "show", LINE).rows() if row[0] == "path"]
    assert [row[1] for row in shown] == list(PATHS)
    for row in shown:
        readable(row[-1])
    assert openline(alpha.folder, "status").code == 3
    queued = openline(alpha.folder, "send", LINE, "Later.", "--wait", "received", "--timeout", "0.3", "--json")
    assert queued.code == 4
    for path in PATHS:
        stage.relay.mend(path)
    until(lambda: settled(stage), PATIENCE_S, "the line is back")
    assert bravo.entry(_first(queued.json()))["text"] == "Later."


def test_a_command_that_is_cut_off_says_that_nobody_knows_and_gives_its_key(tmp_path: Path) -> None:
    """A node dies with the request in hand, twice. Whoever believes that nothing was recorded would say it twice."""
    folder = tmp_path / "dying"
    folder.mkdir()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(folder / "api.sock"))
        door.listen()
        heard: list[bytes] = []

        def die() -> None:
            for _ in range(2):
                caller, _ = door.accept()
                request = b""
                while not request.endswith(b"}"):
                    request += caller.recv(65_536)
                heard.append(request)
                caller.close()

        dying = threading.Thread(target=die, daemon=True)
        dying.start()
        ran = openline(folder, "send", LINE, "Is it recorded?", "--json")
        told = sentence(ran, "saying-uncertain", 9)
    keys = {line for request in heard for line in request.split(b"\r\n") if line.lower().startswith(b"idempotency-key")}
    assert len(heard) == 2, "it is tried again once"
    assert len(keys) == 1
    assert keys.pop().split()[-1].decode() in told


def _init(folder: Path, name: str) -> House:
    phrase = folder / "phrase"
    phrase.write_text("for a test only\n")
    port = _free_port()
    path = f"fibre=127.0.0.1:{port},127.0.0.1:{port}"
    words = ("init", f"{name}.example", "--name", f"en={name}", "--path", path, "--passphrase-file", str(phrase))
    ran = openline(folder / name, *words, "--json")
    assert ran.code == 0, ran
    set_voice(folder / name, enabled=False)
    digits = str(ran.json()["fingerprint"])
    assert len(digits.replace(" ", "")) == 30
    return House(name, folder / name, digits)


def _pair(one: House, other: House) -> None:
    for ours, theirs in ((one, other), (other, one)):
        card = ours.folder / f"{theirs.name}.olinvite"
        theirs.run("card", "export", "-o", str(card))
        paired = ours.run("pair", str(card), "--fingerprint", theirs.digits, "--by", "watch officer")
        assert paired["paired"] == theirs.id


def _first(said: JsonObject) -> str:
    """The entry that was said; a reply brings the receipt ANSWERED as a second one."""
    return cast("list[str]", said["ids"])[0]


def _entries(found: JsonObject) -> list[JsonObject]:
    return cast("list[JsonObject]", found["entries"])


def _up(house: House, line: str) -> bool:
    view = openline(house.folder, "lines", "show", line, "--json").json()
    return any(cast("int", path["sessions"]) for path in cast("list[JsonObject]", view["paths"]))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

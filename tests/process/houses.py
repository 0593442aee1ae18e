"""Headquarters for these tests: founded once, furnished anew for every test, started and asked as anybody would."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from openline.base import catalogue
from openline.base.errors import PathError
from openline.cli.client import JsonObject, Node
from openline.cli.stage import PATHS, Party, Stage, found, pair, set_voice
from openline.identity.names import line_origin
from openline.record.entry import Entry
from openline.store.sqlite import SqliteStore
from tests.process.ledger import Leaf

LINE = "alpha-bravo"
COMMAND = (sys.executable, "-m", "openline.cli.main")
POLL_S = 0.01
PATIENCE_S = 90
"""Ends a wait for what never comes. It measures nothing: a machine may be ten times slower, or stand for a while."""

_LEAVES_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    def json(self) -> JsonObject:
        """The one object of its result."""
        return cast("JsonObject", json.loads(self.out))

    def error(self) -> JsonObject:
        """The error object that `--json` writes to standard error, behind any notes."""
        return cast("JsonObject", json.loads(self.err.splitlines()[-1]))

    def rows(self) -> list[list[str]]:
        """The tab-separated fields of its result."""
        return [line.split("\t") for line in self.out.splitlines()]


def openline(folder: Path, *words: str, typed: bytes = b"", before: tuple[str, ...] = ()) -> Ran:
    """Run the real command line at the node of `folder`; `before` are words before it, such as another program."""
    running = subprocess.Popen(
        [*before, *COMMAND, "--dir", str(folder), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(PYTHONFAULTHANDLER="1"),
    )
    try:
        out, err = running.communicate(typed, PATIENCE_S)
    except subprocess.TimeoutExpired:
        running.send_signal(signal.SIGABRT)  # It says where it stands.
        out, err = running.communicate()
        raise AssertionError(f"{words} takes longer than {PATIENCE_S} s: {err.decode()}") from None
    return Ran(running.returncode, out.decode(), err.decode())


def environment(**more: str) -> dict[str, str]:
    """An environment without anybody's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENLINE_", "LANG", "LC_"))}
    return {**kept, "NO_COLOR": "1", **more}


def sentence(ran: Ran, message_id: str, code: int) -> str:
    """The sentence of a refusal by `--json`, which must have this id and this exit code and be one for a person."""
    assert ran.code == code, (ran.code, ran.out, ran.err)
    told = ran.error()
    assert (told["error"], told["exit"]) == (message_id, code), told
    return readable(str(told["text"]), message_id)


def readable(text: str, message_id: str = "") -> str:
    """`text`, which must be a sentence that says what is wrong and what to do, and not an id or a traceback."""
    assert not message_id or not text.startswith(message_id), f"{message_id} has no sentence: {text}"
    assert "Traceback" not in text, text
    assert text.rstrip()[-1] in ".:", text
    assert text.count(". ") >= 1, f"it does not say what to do: {text}"
    assert len(text.split()) <= 60, text
    return text


def said(message_id: str, *facts: str) -> re.Pattern[str]:
    """What the sentence of this id looks like, whatever its facts are."""
    rendered = catalogue.sentence(message_id, dict.fromkeys(facts, "\0"))
    return re.compile(re.escape(rendered).replace("\0", ".+").replace("\\.+", ".+"))


class Furnished:
    """Two parties that were founded and paired once. Each `furnish` gives their folders as they were then.

    Unless they `prove` the line by themselves, nothing stands on the record but what a test says. Unless they have
    `voice`, no process for sound is started: most tests have no use for one.
    """

    def __init__(self, folder: Path, prove: bool = False, voice: bool = False) -> None:
        self._stage = found(folder)
        pair(self._stage)
        for party in self._stage.parties if not voice else ():
            set_voice(party.folder, enabled=False)
        for party in self._stage.parties if not prove else ():
            with (party.folder / "openline.toml").open("a") as config:
                config.write("\n[tests]\nevery_minutes = 0\n")

    def write(self, config: str) -> None:
        """Add this to the configuration of both."""
        for party in self._stage.parties:
            with (party.folder / "openline.toml").open("a") as file:
                file.write(config)

    def furnish(self, folder: Path) -> Stage:
        """A fresh copy of both in `folder`, at the same addresses, so only one copy may run at a time."""
        parties = []
        for party in self._stage.parties:
            shutil.copytree(party.folder, folder / party.name)
            parties.append(Party(party.name, folder / party.name, party.founded))
        return Stage(parties[0], parties[1], self._stage.relay)


def clear(stage: Stage) -> None:
    """End what still runs, at once, and mend both paths."""
    for party in stage.parties:
        party.kill()
    for path in PATHS:
        stage.relay.cut(path)
        stage.relay.mend(path)


def state_of(party: Party) -> tuple[str, int]:
    """The line's state at this side, and how many of its entries the other side has not receipted."""
    line = party.line()
    return str(line["state"]), cast("int", line["unreceipted"])


def settled(stage: Stage) -> bool:
    """Whether both sides show the line proven, on every path, with nothing owed."""
    return all(state_of(party) == ("PROVEN", 0) for party in stage.parties)


def open_both(stage: Stage) -> Stage:
    """Start both nodes and wait until the line is proven."""
    for party in stage.parties:
        party.start()
    until(lambda: settled(stage), PATIENCE_S, "the line is proven")
    return stage


class Startable(Protocol):
    """What has a folder and a node that may run."""

    folder: Path
    process: subprocess.Popen[bytes] | None
    node: Node


def start(party: Startable, *command: str, within_s: float = PATIENCE_S) -> float:
    """Start this party's node by another command than the usual one; seconds until it answered."""
    begun = time.perf_counter()
    with (party.folder / "node.log").open("ab") as log:
        party.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)

    def answers() -> bool:
        assert party.process is not None
        assert party.process.poll() is None, (party.folder / "node.log").read_text()[-2_000:]
        try:
            party.node.get("/lines")
        except PathError:
            party.node.close()
            return False
        return True

    until(answers, within_s, f"the node of {party.folder.name} answers")
    return time.perf_counter() - begun


def verifies(folder: Path, line: str = LINE) -> None:
    """The node of `folder` finds its record whole, once what it has said by itself is receipted too."""
    ran: list[Ran] = []

    def whole() -> bool:
        ran.append(openline(folder, "record", "verify", line, "--json"))
        return ran[-1].code == 0 and ran[-1].json()["verdict"] == "VERIFIED"

    begun = time.perf_counter()
    while not whole():
        assert ran[-1].code == 7, ran[-1]
        assert time.perf_counter() - begun < PATIENCE_S, ran[-1]


def until(holds: Callable[[], bool], within_s: float, what: str) -> float:
    """Wait until something holds; seconds it took."""
    begun = time.perf_counter()
    while not holds():
        assert time.perf_counter() - begun < within_s, f"not within {within_s} s: {what}"
        time.sleep(POLL_S)
    return time.perf_counter() - begun


def leaves(node: Node, author: str, start: int = 0) -> list[Leaf]:
    """What a running node shows of the log of the party `author`, from `start` on."""
    found: list[Leaf] = []
    while True:
        query = {"start": start + len(found), "count": _LEAVES_AT_ONCE}
        view = node.get(f"/record/{LINE}/log/{author}", query)
        rows = cast("list[JsonObject]", view["leaves"])
        for row in rows:
            leaf = _leaf_of(row)
            assert leaf.leaf_hash.hex() == row["leaf_hash"], row
            found.append(leaf)
        if len(rows) < _LEAVES_AT_ONCE:
            return found


def _leaf_of(row: JsonObject) -> Leaf:
    body = row["body"]
    return Leaf(
        cast("int", row["index"]),
        bytes.fromhex(str(row["leaf"])),
        bytes.fromhex(str(row["salt"])),
        None if body is None else bytes.fromhex(str(body)),
    )


def seized(party: Party) -> Mapping[str, list[Leaf]]:
    """What stands on the disk of a node that does not run, by the author's first label; the disk is left as it is."""
    with tempfile.TemporaryDirectory(prefix="seized-") as folder:
        for file in party.folder.glob("record.db*"):
            if not file.name.endswith((".lock", "-shm")):
                shutil.copy(file, folder)
        with closing(SqliteStore(Path(folder) / "record.db")) as store:
            logs = {}
            for head in store.heads():
                author = head.origin.partition(".")[0]
                logs[author] = [leaf_of(entry) for entry in store.entries(head.origin, 0, head.size)]
            return logs


def leaf_of(entry: Entry) -> Leaf:
    """An entry of a record as the ledger compares it."""
    return Leaf(entry.index, entry.leaf_bytes, entry.salt, entry.body)


def origin_of(party: Party) -> str:
    """The origin of a party's log of the line."""
    return line_origin(party.id, LINE)


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer as it came."""

    status: int
    body: bytes

    def json(self) -> JsonObject:
        """Its one object."""
        return cast("JsonObject", json.loads(self.body))


class _OverSocket(http.client.HTTPConnection):
    def __init__(self, file: Path) -> None:
        super().__init__("localhost", timeout=PATIENCE_S)
        self._file = file

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self._file))


def ask(
    place: Party | int, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """One HTTP request without openline's own client: over a node's socket, or to a port of loopback."""
    if isinstance(place, int):
        connection = http.client.HTTPConnection("127.0.0.1", place, timeout=PATIENCE_S)
    else:
        connection = _OverSocket(place.folder / "api.sock")
    try:
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        return Answer(answer.status, answer.read())
    finally:
        connection.close()


def journal(party: Party) -> Iterator[JsonObject]:
    """The facts of a node's log so far. What is not a fact, such as a refusal to start, is passed over."""
    for line in (party.folder / "node.log").read_text().splitlines():
        if line.startswith("{"):
            yield cast("JsonObject", json.loads(line))

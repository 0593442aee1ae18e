"""A node for the command line to speak to: the fixed world of `FakeDesk` behind a real Unix socket, in a thread."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from click.testing import CliRunner

from openline.cli.main import openline
from openline.console.app import make_app
from openline.console.auth import SocketAuth
from openline.console.office import Entrance
from openline.console.serve import Door, bind_unix, open_door
from openline.line.enrolling import Terms
from tests.console.desk import EVERYTHING, LATER, NOW, FakeDesk
from tests.console.floor import Floor


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    def json(self) -> dict[str, object]:
        """The one object it printed."""
        return cast("dict[str, object]", json.loads(self.out))

    def rows(self) -> list[list[str]]:
        """The tab-separated fields it printed."""
        return [line.split("\t") for line in self.out.splitlines()]


class FakeNode:
    """The desk behind a socket. `desk` may be looked at and changed between commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.desk = FakeDesk()
        self._loop = asyncio.new_event_loop()
        self._door: Door | None = None
        self._floor: Floor | None = None
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def open(self) -> None:
        """Let callers in."""
        self._door = self._call(self._opened)

    def close(self) -> None:
        """Let nobody in any more."""
        door, self._door = self._door, None
        if door is not None:
            self._call(lambda: door.close(0))
        if self._floor is not None:
            self._floor.close()
            self._floor.file.unlink(missing_ok=True)

    def end(self) -> None:
        """Stop the thread."""
        self.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _opened(self) -> Door:
        self._floor = floor = Floor(self.folder)
        floor.officers.add_invite(
            digest=b"i",
            position="watch",
            handle=b"h",
            holder="A. Berg",
            now=NOW,
            expires=LATER,
            terms=Terms(pseudonym="S-1"),
        )
        assert floor.officers.register(
            invite=b"i",
            credential=b"c",
            public_key=b"k",
            sign_count=0,
            host="localhost",
            session=b"s",
            now=NOW,
            salt=b"s",
        )
        app = make_app(self.desk, SocketAuth(lambda _role: EVERYTHING), Entrance(floor.office, floor.names))
        return await open_door(app, bind_unix(self.folder / "api.sock"))

    def _call(self, what: Callable[[], object]) -> Door | None:
        return asyncio.run_coroutine_threadsafe(what(), self._loop).result(60)  # type: ignore[arg-type]  # every caller gives a coroutine


Run = Callable[..., Ran]


@pytest.fixture(scope="session")
def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeNode]:
    node = FakeNode(tmp_path_factory.mktemp("node"))
    yield node
    node.end()


@pytest.fixture
def node(_served: FakeNode) -> Iterator[FakeNode]:
    """A node that answers, with a fresh desk."""
    FakeDesk.__init__(_served.desk)
    _served.open()
    yield _served
    _served.close()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run `openline` in this process, in a folder of its own: `run("status", "--json")`."""
    for name in ("OPENLINE_DIR", "OPENLINE_NODE", "OPENLINE_DESK", "OPENLINE_LANG", "LANG", "LC_ALL", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPENLINE_DIR", str(tmp_path / "no-node"))

    def ran(*words: str, typed: str | bytes = "") -> Ran:
        result = CliRunner().invoke(openline, list(words), input=typed, prog_name="openline")
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return ran


@pytest.fixture
def at_node(run: Run, node: FakeNode, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `openline` at the node."""
    monkeypatch.setenv("OPENLINE_DIR", str(node.folder))
    return run

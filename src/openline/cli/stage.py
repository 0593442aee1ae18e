"""Two headquarters on this machine for the demonstration: real parties, real nodes, two paths that can be cut.

Every path goes through a relay on loopback, so that it can be cut without root. Nodes are processes of their own,
started as anybody would start them.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from openline.base.errors import PathError
from openline.base.time import SECOND_US
from openline.cli.client import JsonObject, Node, Place
from openline.node.clock import Clock, SystemClock
from openline.node.config import PathConfig
from openline.node.founding import FoundedView, create_party, own_card, pair_offline
from openline.record.introduction import open_invitation

PATHS = ("fibre", "satellite")
POSITIONS = ("W-1", "W-2")
_ONE_PERSON = '\n[desk.roles]\nwatch = ["all"]\n'
"""In a demonstration whoever sits down is the whole headquarters."""
PHRASE = "for a demonstration only"
READY_WITHIN_S = 30.0
_POLL_S = 0.01
_CLOCK = SystemClock()
_PIECE_BYTES = 65_536
_DATAGRAMS_AT_ONCE = 32
_CALLERS_MAX = 16
_VOICE_TABLE = re.compile(r"(?ms)^\[voice\]$.*?(?=^\[|\Z)")

Address = tuple[str, int]


class Relay:
    """Carries TCP and UDP between loopback ports in a thread of its own, until it is cut."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._servers: dict[str, list[asyncio.Server]] = {}
        self._datagrams: dict[str, list[_Datagrams]] = {}
        self._routes: dict[str, list[tuple[int, int]]] = {}
        self._open: dict[str, set[asyncio.StreamWriter]] = {}
        threading.Thread(target=self._loop.run_forever, daemon=True, name="relay").start()

    def carry(self, path: str, here: int, there: int) -> None:
        """Carry `path` from port `here` to port `there`."""
        self._routes.setdefault(path, []).append((here, there))
        self._call(self._serve(path, here, there))
        self._call(self._pass_datagrams(path, here, there))

    def cut(self, path: str) -> None:
        """Cut every connection of `path`, and let neither a new one nor a datagram through."""
        self._call(self._cut(path))

    def mend(self, path: str) -> None:
        """Carry `path` again."""
        for here, there in self._routes[path]:
            self._call(self._serve(path, here, there))
        for datagrams in self._datagrams[path]:
            datagrams.passes = True

    def _call(self, work: Coroutine[None, None, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _serve(self, path: str, here: int, there: int) -> None:
        async def session(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", there)
            except OSError:
                writer.close()
                return
            self._open.setdefault(path, set()).update({writer, far_writer})
            await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
            self._open[path] -= {writer, far_writer}

        server = await asyncio.start_server(session, "127.0.0.1", here)
        self._servers.setdefault(path, []).append(server)

    async def _pass_datagrams(self, path: str, here: int, there: int) -> None:
        self._datagrams.setdefault(path, []).append(_Datagrams(here, there))

    async def _cut(self, path: str) -> None:
        for datagrams in self._datagrams.get(path, []):
            datagrams.passes = False
        for server in self._servers.pop(path, []):
            server.close()
        for writer in self._open.pop(path, set()):
            writer.transport.abort()
        self._open[path] = set()


class _Datagrams:
    """Carries datagrams while it `passes`; else they are lost, as on a path that is cut, and nobody is told.

    Every caller has a socket of its own on the way to `there`, so that answers find back. The one heard first makes
    room for one too many.
    """

    def __init__(self, here: int, there: int) -> None:
        self.passes = True
        self._there = there
        self._loop = asyncio.get_running_loop()
        self._callers: dict[Address, socket.socket] = {}
        self._door = _unblocked()
        self._door.bind(("127.0.0.1", here))
        self._loop.add_reader(self._door, self._inward)

    def _inward(self) -> None:
        with suppress(OSError):  # Nothing more; or nobody is at the far end.
            for _ in range(_DATAGRAMS_AT_ONCE):
                data, caller = self._door.recvfrom(_PIECE_BYTES)
                if self.passes:
                    self._far(caller).send(data)

    def _outward(self, far: socket.socket, caller: Address) -> None:
        with suppress(OSError):
            for _ in range(_DATAGRAMS_AT_ONCE):
                data = far.recv(_PIECE_BYTES)
                if self.passes:
                    self._door.sendto(data, caller)

    def _far(self, caller: Address) -> socket.socket:
        if caller not in self._callers:
            if len(self._callers) >= _CALLERS_MAX:
                oldest = self._callers.pop(next(iter(self._callers)))
                self._loop.remove_reader(oldest)
                oldest.close()
            far = self._callers[caller] = _unblocked()
            far.connect(("127.0.0.1", self._there))
            self._loop.add_reader(far, self._outward, far, caller)
        return self._callers[caller]


def _unblocked() -> socket.socket:
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    own.setblocking(False)
    return own


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(_PIECE_BYTES):
            writer.write(data)
            await writer.drain()
    writer.close()


@dataclass(slots=True)
class Party:
    """One headquarters of the demonstration. `console` is where its console is, once it is furnished.

    `clock_s` is how many seconds its clock is ahead when it plays on another day than today.
    """

    name: str
    folder: Path
    founded: FoundedView
    node: Node = field(init=False)
    process: subprocess.Popen[bytes] | None = None
    console: str = ""
    clock_s: int | None = None

    def __post_init__(self) -> None:
        self.node = Node(Place(self.folder / "api.sock", desk="watch", language="en"))

    @property
    def id(self) -> str:
        """The party id."""
        return self.founded.party

    def start(self) -> float:
        """Start the node; seconds until it answered."""
        begun = _CLOCK.now()
        with (self.folder / "node.log").open("ab") as log:
            command = [sys.executable, "-m", "openline.cli.main", "--dir", str(self.folder), "node", "run"]
            command += ["--seats"] if self.console else []
            command += [] if self.clock_s is None else ["--demo-clock", str(self.clock_s)]
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                command, stderr=log, stdout=log, start_new_session=True
            )
        while True:
            with suppress(PathError):
                self.node.get("/status")
                return (_CLOCK.now() - begun) / SECOND_US
            self.node.close()
            if self.process.poll() is not None or _CLOCK.now() - begun > READY_WITHIN_S * SECOND_US:
                raise PathError("demo-node-not-ready", file=str(self.folder / "node.log"))
            time.sleep(_POLL_S)

    def kill(self) -> None:
        """The node dies at once, as in a power cut of its process (SIGKILL)."""
        self._end(hard=True)

    def stop(self) -> None:
        """Stop the node in good order."""
        self._end(hard=False)

    def _end(self, hard: bool) -> None:
        self.node.close()
        if self.process is not None:
            self.process.kill() if hard else self.process.terminate()
            self.process.wait()
            self.process = None

    def line(self, name: str | None = None) -> JsonObject:
        """The line at a glance: that of this name, or the only one."""
        lines = cast("list[JsonObject]", self.node.get("/status", {"line": name})["lines"])
        return lines[0]

    def send(self, text: str, wait: str = "received", **arguments: object) -> str:
        """Send a message; its id."""
        return self._said("/messages", {"text": text, **arguments}, wait)

    def act(self, verb: str, entry: str, wait: str = "received", **arguments: object) -> str:
        """Any verb about an entry; the id of what it put on the record."""
        return self._said(f"/entries/{entry}/{verb}", arguments, wait)

    def say(self, line: str, verb: str, arguments: object) -> str:
        """Any verb on a line; the id of what it put on the record, once the others have received it."""
        return self._said(f"/lines/{line}/say", {"verb": verb, "arguments": arguments}, "received")

    def entry(self, entry: str) -> JsonObject:
        """One entry as this side shows it."""
        return self.node.get(f"/entries/{entry}")

    def _said(self, path: str, arguments: object, wait: str) -> str:
        said = self.node.post(path, arguments, {"wait": wait, "timeout": 20})
        if not said["reached"]:
            raise PathError("demo-not-reached", what=path, stage=wait)
        ids = cast("list[str]", said["ids"])
        return ids[0] if ids else ""


@dataclass(slots=True)
class Stage:
    """The whole demonstration: two parties and the relay between them."""

    alpha: Party
    bravo: Party
    relay: Relay

    @property
    def parties(self) -> tuple[Party, Party]:
        """Both."""
        return self.alpha, self.bravo

    def roots(self) -> dict[str, str]:
        """The fingerprints, as each side reads its own aloud."""
        return {party.id: party.founded.fingerprint for party in self.parties}

    def until(self, holds: Callable[[], bool], within_s: float = 20.0) -> float:
        """Wait until something holds; seconds it took. Raises PathError when it does not come to hold."""
        return until(holds, within_s)

    def close(self) -> None:
        """Stop both nodes."""
        for party in self.parties:
            party.stop()


def until(holds: Callable[[], bool], within_s: float = 20.0) -> float:
    """Wait until something holds; seconds it took. Raises PathError when it does not come to hold."""
    begun = _CLOCK.now()
    while not holds():
        if _CLOCK.now() - begun > within_s * SECOND_US:
            raise PathError("demo-not-reached", what="the expected state", stage="in time")
        time.sleep(_POLL_S)
    return (_CLOCK.now() - begun) / SECOND_US


def found(folder: Path) -> Stage:
    """Make both parties, each path of each behind a relay."""
    relay = Relay()
    names = {
        name: {"en": f"{name.title()} Headquarters", "fr": f"Quartier général {name.title()}"}
        for name in ("alpha", "bravo")
    }
    alpha, bravo = found_all(folder, names, relay)
    return Stage(alpha, bravo, relay)


def found_all(
    folder: Path, names: Mapping[str, Mapping[str, str]], relay: Relay, clock: Clock | None = None
) -> list[Party]:
    """Make parties by short name, each with what people call it by language, each path of each behind the relay."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda name: _found(folder, name, names[name], relay, clock), names))


def furnish(stage: Stage) -> None:
    """Give both parties a console, before their nodes are started.

    Their nodes answer line checks by voice, so that one person alone can try a call.
    """
    for party in stage.parties:
        furnish_one(party)
        set_voice(party.folder, answering=True)


def furnish_one(party: Party) -> None:
    """Give a party a console with positions that are taken by one click.

    Each has a host name of its own, so that one browser keeps the cookies of all apart.
    """
    port = _free_port()
    positions = "".join(f'\n[[position]]\nname = "{name}"\nrole = "watch"\n' for name in POSITIONS)
    with (party.folder / "openline.toml").open("a", encoding="utf-8") as config:
        config.write(f'\n[http]\nlisten = "127.0.0.1:{port}"\n{positions}{_ONE_PERSON}')
    party.console = f"http://{party.name}.localhost:{port}/"


def set_voice(folder: Path, **settings: object) -> None:
    """Set keys of `[voice]` in the configuration of the node in `folder`; the others stay as they are.

    TOML refuses a table that stands there twice, so whoever furnishes a node sets them here.
    """
    file = folder / "openline.toml"
    text = file.read_text(encoding="utf-8")
    settings = {**tomllib.loads(text).get("voice", {}), **settings}
    table = "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())
    file.write_text(f"{_VOICE_TABLE.sub('', text).rstrip()}\n\n[voice]\n{table}", encoding="utf-8")


def pair(stage: Stage) -> str:
    """Each side takes the other's card and compares the digits read aloud; the line's id."""
    return pair_two(stage.alpha, stage.bravo)


def pair_two(one: Party, other: Party, line: str | None = None, clock: Clock | None = None) -> str:
    """The same for any two parties, and for a line by a name of its own."""
    opened = ""
    for ours, theirs in ((one, other), (other, one)):
        card = own_card(theirs.folder)
        heard = open_invitation(card).fingerprint
        opened = pair_offline(ours.folder, card, line, "watch officer", heard, clock).line
    return opened


def _found(folder: Path, name: str, names: Mapping[str, str], relay: Relay, clock: Clock | None) -> Party:
    paths: list[PathConfig] = []
    for path in PATHS:
        listen, advertise = _free_port(), _free_port()
        relay.carry(path, advertise, listen)
        paths.append(PathConfig(name=path, listen=f"127.0.0.1:{listen}", advertise=f"127.0.0.1:{advertise}"))
    founded = create_party(folder / name, f"{name}.example", names, paths, PHRASE, clock)
    return Party(name, folder / name, founded)


def _free_port() -> int:
    """One that neither TCP nor UDP uses."""
    while True:
        with socket.socket() as stream, _unblocked() as datagrams:
            stream.bind(("127.0.0.1", 0))
            port = int(stream.getsockname()[1])
            with suppress(OSError):
                datagrams.bind(("127.0.0.1", port))
                return port

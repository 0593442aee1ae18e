"""A watch floor: the console behind its guard, officers on a real file, a clock that is set by hand, a browser."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import cast

from starlette.types import ASGIApp, Message, Scope

from openline.base.time import Instant
from openline.console.app import make_app
from openline.console.auth import SocketAuth, TokenAuth, capabilities_of
from openline.console.doors import Guard, Names
from openline.console.office import Entrance, Office
from openline.console.sessions import SessionAuth, Sessions
from openline.store.officers import SqliteOfficers
from tests.console.authenticator import Authenticator, Json
from tests.console.caller import Reply, scope_of
from tests.console.desk import NOW, FakeDesk

ROLES = {"watch": ("send", "read", "accept"), "supervisor": ("all",)}
POSITIONS = {"watch": "watch", "senior watch": "supervisor"}
TOKEN = "t" * 40


class HandClock:
    """A clock that stands until it is set, and entropy that never repeats and is always the same."""

    def __init__(self, name: str = "alpha") -> None:
        self.time = NOW
        self._name = name
        self._drawn = 0

    def now(self) -> Instant:
        return self.time

    def entropy(self, size: int) -> bytes:
        self._drawn += 1
        return sha256(f"{self._name} {self._drawn}".encode()).digest()[:size]

    def pass_us(self, us: int) -> None:
        self.time = self.time.plus(us)


class Log:
    """The node's log."""

    def __init__(self) -> None:
        self.facts: list[tuple[str, dict[str, str | int | None]]] = []

    def say(self, fact: str, /, **facts: str | int | None) -> None:
        self.facts.append((fact, facts))


class Floor:
    """One node's console: `app` is its loopback door, `floor` its HTTPS door, `socket` its Unix socket."""

    def __init__(self, folder: Path, name: str = "alpha", seats: bool = False) -> None:
        self.clock, self.log, self.desk = HandClock(name), Log(), FakeDesk()
        self.names = Names([f"{name}.watch.example"])
        self.positions = dict(POSITIONS)
        self.capabilities = capabilities_of(ROLES)
        self.file = folder / f"{name}.db"
        self.party = f"{name}.example"
        self.seats = seats
        self.ended: list[str] = []
        self.open()

    def open(self) -> None:
        """Start, or start again on the same file."""
        self.officers = SqliteOfficers(self.file, create=True)
        self.sessions = Sessions(self.officers, self.positions, self.capabilities, self.clock)
        self.sessions.on_ended(self.ended.append)
        self.office = Office(
            roster=self.officers,
            sessions=self.sessions,
            clock=self.clock,
            journal=self.log,
            party=self.party,
            addresses=["https://alpha.watch.example:8443"],
        )
        tokens = TokenAuth({sha256(TOKEN.encode()).digest(): ("north", "watch")}, self.capabilities)
        entrance = Entrance(self.office, self.names, self.seats)
        app = make_app(self.desk, SessionAuth(self.sessions, tokens), entrance)
        self.app: ASGIApp = Guard(app, self.names, self.sessions, tokens)
        entrance = Entrance(self.office, self.names)
        app = make_app(self.desk, SessionAuth(self.sessions), entrance)
        self.floor: ASGIApp = Guard(app, self.names, self.sessions)
        self.socket: ASGIApp = make_app(self.desk, SocketAuth(self.capabilities), entrance)

    def close(self) -> None:
        self.officers.close()

    def __enter__(self) -> Floor:
        return self

    def __exit__(self, kind: type[BaseException] | None, why: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def invite(self, position: str = "watch", holder: str = "") -> str:
        """What the operator does at the node's socket; the code."""
        reply = Browser(self, self.socket).post("/invites", {"position": position, "holder": holder})
        assert reply.status == 200, reply.body
        return str(reply.json()["code"])


class Browser:
    """A browser at one door: it keeps cookies, and sends what the console's own page sends."""

    def __init__(self, floor: Floor, app: ASGIApp | None = None, host: str = "alpha.localhost:8000") -> None:
        self.app = app or floor.app
        self.host = host
        self.scheme = "https" if self.app is floor.floor else "http"
        self.port: int | None = int(host.rpartition(":")[2]) if ":" in host else None
        self.cookies: dict[str, str] = {}
        self.headers = {"x-openline-console": "1", "sec-fetch-site": "same-origin"}

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}"

    def get(self, path: str) -> Reply:
        return self.ask("GET", path)

    def post(self, path: str, body: object = None) -> Reply:
        return self.ask("POST", path, body)

    def delete(self, path: str) -> Reply:
        return self.ask("DELETE", path)

    def ask(self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Reply:
        """One request; cookies are kept as a browser keeps them."""
        return asyncio.run(self.asked(method, path, body, headers))

    async def asked(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        data = b"" if body is None else json.dumps(body).encode()
        pieces: list[Message] = [{"type": "http.request", "body": data, "more_body": False}]
        sent: list[Message] = []

        async def receive() -> Message:
            if not pieces:
                await asyncio.Event().wait()
            return pieces.pop(0)

        async def send(message: Message) -> None:
            sent.append(message)

        await self.app(self.scope(method, path, headers), receive, send)
        for name, value in sent[0]["headers"]:
            if name == b"set-cookie":
                self._keep(value.decode())
        named = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Reply(sent[0]["status"], named, b"".join(part.get("body", b"") for part in sent[1:]), whole=True)

    def scope(self, method: str, path: str, headers: Mapping[str, str] | None = None) -> Scope:
        told = {"host": self.host, **({} if method == "GET" else self.headers)}
        if self.cookies:
            told["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        scope = scope_of(method, f"/api/v1{path}", {**told, **(headers or {})})
        scope["scheme"], scope["server"] = self.scheme, ("127.0.0.1", self.port)
        return scope

    def register(self, key: Authenticator, code: str) -> Reply:
        """Register a passkey with an invitation."""
        begun = self.post("/passkeys/register/begin", {"invite": code})
        if begun.status != 200:
            return begun
        return self.post("/passkeys/register/finish", {"credential": key.make(options_of(begun))})

    def log_in(self, key: Authenticator) -> Reply:
        """Log in with a passkey."""
        begun = self.post("/passkeys/login/begin", {})
        if begun.status != 200:
            return begun
        return self.post("/passkeys/login/finish", {"credential": key.sign(options_of(begun))})

    def _keep(self, text: str) -> None:
        pair, *attributes = text.split("; ")
        name, _, value = pair.partition("=")
        if "Max-Age=0" in attributes:
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value


def options_of(reply: Reply) -> Json:
    """The options that a ceremony begins with."""
    return cast("Json", reply.json()["options"])

"""Asks the application without a network: one ASGI request, and its whole answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import unquote, urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope

from openline.console.app import make_app
from openline.console.auth import Auth, SocketAuth
from tests.console.desk import EVERYTHING, FakeDesk


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `whole` is false when the body broke off."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool

    def json(self) -> dict[str, object]:
        """The body as JSON."""
        return cast("dict[str, object]", json.loads(self.body))

    def lines(self) -> list[dict[str, object]]:
        """The body as JSON lines."""
        return [json.loads(line) for line in self.body.splitlines()]


def console(desk: FakeDesk, auth: Auth | None = None) -> ASGIApp:
    """The application over `desk`; whoever asks may do everything."""
    return make_app(desk, auth or SocketAuth(lambda _role: EVERYTHING))


def ask(
    app: ASGIApp,
    method: str,
    target: str,
    body: bytes | object | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """One request. A body that is not bytes becomes JSON."""
    data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return asyncio.run(answered(app, method, target, [data], {"content-length": str(len(data)), **(headers or {})}))


async def answered(
    app: ASGIApp,
    method: str,
    target: str,
    pieces: Sequence[bytes],
    headers: Mapping[str, str],
    on_body: Callable[[bytes], Awaitable[bool]] | None = None,
) -> Reply:
    """One request whose body comes in `pieces`; `on_body` says after each piece of the answer whether to stay."""
    sent: list[Message] = []
    gone = asyncio.Event()

    async def send(message: Message) -> None:
        sent.append(message)
        if on_body is not None and message.get("body") and not await on_body(message["body"]):
            gone.set()

    await app(scope_of(method, target, headers), _receiver(list(pieces), gone), send)
    start = sent[0]
    body = b"".join(message.get("body", b"") for message in sent[1:])
    named = {name.decode(): value.decode() for name, value in start["headers"]}
    return Reply(start["status"], named, body, whole=not sent[-1].get("more_body", False))


def scope_of(method: str, target: str, headers: Mapping[str, str]) -> Scope:
    """The ASGI scope of a request."""
    parts = urlsplit(target)
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope: MutableMapping[str, object] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "root_path": "",
        "query_string": parts.query.encode(),
        "headers": raw,
        "client": None,
        "server": None,
        "state": {},
    }
    return cast("Scope", scope)


def _receiver(pieces: list[bytes], gone: asyncio.Event) -> Receive:
    async def receive() -> Message:
        if pieces:
            piece = pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(pieces)}
        await gone.wait()
        return {"type": "http.disconnect"}

    return receive

"""Under which names the console answers, and from where a browser may change anything.

A page of another site can make a browser send us requests. Three things keep it out: the console answers only under
its own names, so a foreign name that is made to point at us gets nothing (DNS rebinding); the session's cookie is
`SameSite=Strict`; and whatever changes something must carry a header that a foreign page cannot add, and must not
come from another site where the browser says from where it comes.

A request with a token needs none of this: a browser adds no token by itself.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from starlette.types import ASGIApp, Receive, Scope, Send

from openline.base.errors import OpenlineError, UsageError
from openline.base.limits import NAME_BYTES_MAX
from openline.console.answers import ENDLESS, refusal
from openline.console.auth import Auth, Head, read_language
from openline.console.sessions import SESSION_COOKIE, Session, Sessions, cookies

Task = asyncio.Task[object]

CONSOLE_HEADER = b"x-openline-console"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ENTRANCE = ("/api/v1/session", "/api/v1/passkeys")
"""Addresses where a session begins, so that none can be asked for there."""

_HOST = re.compile(rb"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(?P<port>\d{1,5}))?\Z")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_USUAL_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a browser believes itself to be: the relying party's id and the origin that an authenticator signs."""

    host: str
    origin: str


class Names:
    """The names of this console: those of the configuration, and loopback's."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.configured = tuple(name.lower() for name in names)
        self._known = _LOOPBACK.union(self.configured)
        self.answers = lru_cache(maxsize=256)(self._answers)
        """Whether the console answers requests for this Host header."""

    def _answers(self, host: bytes) -> bool:
        read = _read(host)
        return read is not None and self._has(read[0])

    def place(self, scope: Scope, host: bytes) -> Place:
        """Where a browser is that asks with this Host header. Raises UsageError `passkey-place` where no passkey works.

        A passkey belongs to a name, never to an address. The origin carries our own port, or the usual one where
        something in front of us forwards it: else whoever serves another port of this machine could pose as us.
        """
        read = _read(host)
        scheme = str(scope["scheme"])
        served = (scope.get("server") or ("", None))[1]
        name, port = read or ("", None)
        is_name = name == "localhost" or name.endswith(".localhost") or name in self.configured
        if not is_name or port not in (None, served, _USUAL_PORTS[scheme]):
            raise UsageError("passkey-place", names=", ".join((*self.configured, "localhost")))
        usual = port in (None, _USUAL_PORTS[scheme])
        return Place(name, f"{scheme}://{name}" + ("" if usual else f":{port}"))

    def _has(self, name: str) -> bool:
        return name in self._known or name.endswith(".localhost")


def _read(host: bytes) -> tuple[str, int | None] | None:
    """Name and port of a Host header; None when it is none."""
    match = _HOST.match(host.lower())
    if match is None:
        return None
    return match["name"].decode(), int(match["port"]) if match["port"] else None


class Guard:
    """An application behind a door that browsers reach. `tokens` is asked where a bearer token may come as well.

    Mutable; used from the event loop only. It knows which tasks answer which session, so that a stream ends with it.
    """

    def __init__(self, app: ASGIApp, names: Names, sessions: Sessions, tokens: Auth | None = None) -> None:
        self._app = app
        self._names = names
        self._sessions = sessions
        self._tokens = tokens
        self._asking: dict[str, dict[Task, set[Task]]] = {}
        sessions.on_ended(self._end_streams)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if self._tokens is not None and self._is_a_script(scope["headers"]):
            await self._app(scope, receive, send)
            return
        head = dict(scope["headers"])
        try:
            self._check(scope, head)
        except OpenlineError as error:
            await refusal(error, read_language(head.get(b"accept-language")))(scope, receive, send)
            return
        session = self._sessions.find(head) if b"cookie" in head else None
        if session is None:
            await self._app(scope, receive, send)
        else:
            await self._answer(session, scope, receive, send)

    def _is_a_script(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        """Whether a request brings a token to a name of ours: then nothing more is asked, at next to no cost."""
        with_token, hosts = False, 0
        for name, value in headers:
            if name == b"authorization":
                with_token = True
            elif name == b"host":
                hosts += 1 if self._names.answers(value) else 2
        return with_token and hosts == 1

    async def _answer(self, session: Session, scope: Scope, receive: Receive, send: Send) -> None:
        task = asyncio.current_task()
        assert task is not None
        asking = self._asking.setdefault(session.id, {})
        asking[task] = scope["state"].get(ENDLESS, set())
        session.asking += 1
        try:
            await self._app(scope, receive, send)
        finally:
            session.asking -= 1
            del asking[task]
            if not asking:
                self._asking.pop(session.id, None)

    def _end_streams(self, session: str) -> None:
        """What has no end of its own ends with the session; what is being answered is answered."""
        for task, endless in self._asking.get(session, {}).items():
            if task in endless:
                task.cancel()

    def _check(self, scope: Scope, head: Head) -> None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        with_token = self._tokens is not None and b"authorization" in head
        if len(hosts) != 1 or not self._names.answers(hosts[0]):
            # A token that is right says more than a name; scripts have always come under any.
            if self._tokens is None or not with_token:
                raise UsageError("host-unknown", host=hosts[0].decode("latin-1")[:NAME_BYTES_MAX] if hosts else "")
            self._tokens.officer(head)
        if scope["method"] in SAFE or with_token:
            return
        if cookies(head, SESSION_COOKIE) or scope["path"].startswith(ENTRANCE):
            check_origin(head)


def check_origin(head: Head) -> None:
    """Raises UsageError `request-from-elsewhere` unless a request that changes something is our own page's."""
    if head.get(CONSOLE_HEADER) != b"1" or head.get(b"sec-fetch-site", b"same-origin") != b"same-origin":
        raise UsageError("request-from-elsewhere")

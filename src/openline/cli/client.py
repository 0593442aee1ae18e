"""HTTP to a node, over its Unix socket or to loopback with a token. The standard library only: this must start at once.

A call that was cut off may have been done: commands carry an idempotency key, so the same call again is safe.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from select import select
from typing import cast
from urllib.parse import quote, urlencode, urlsplit

from openline.base.errors import PathError, UsageError
from openline.cli.exits import Refusal

JsonObject = dict[str, object]
Query = Mapping[str, str | int | float | None]

PREFIX = "/api/v1"
PIECE_BYTES = 65_536
ANSWER_WITHIN_S = 30.0
SOCKET_ADDRESS_BYTES_MAX = 107


@dataclass(frozen=True, slots=True)
class Place:
    """Where the node is: `socket` for its folder's socket, or `url` and `token`. `desk` and `language` say who asks."""

    socket: Path | None
    url: str = ""
    token: str = ""
    desk: str = ""
    language: str = ""

    def __str__(self) -> str:
        return self.url or str(self.socket)


class Node:
    """One node, called. A connection is opened for the first call and kept; not for use by two threads."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._connection: http.client.HTTPConnection | None = None

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def get(self, path: str, query: Query | None = None) -> JsonObject:
        """The JSON answer to a GET."""
        return self._json("GET", path, query or {}, None, {}, ANSWER_WITHIN_S)

    def post(
        self,
        path: str,
        body: object,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
        within_s: float = ANSWER_WITHIN_S,
    ) -> JsonObject:
        """The JSON answer to a POST. `body` is bytes, or becomes JSON."""
        return self._json("POST", path, query or {}, body, headers or {}, within_s)

    def get_bytes(self, path: str) -> bytes:
        """The whole answer to a GET, as it is."""
        with self._call("GET", path, {}, None, {}, ANSWER_WITHIN_S) as answer:
            return answer.read()

    def put(
        self, path: str, chunks: Iterable[bytes] | None = None, headers: Mapping[str, str] | None = None
    ) -> JsonObject:
        """The JSON answer to a PUT, without a body or with one that comes in chunks; `headers` say its length."""
        return self._json("PUT", path, {}, chunks, headers or {}, ANSWER_WITHIN_S)

    def delete(self, path: str) -> JsonObject:
        """The JSON answer to a DELETE."""
        return self._json("DELETE", path, {}, None, {}, ANSWER_WITHIN_S)

    def pieces(self, path: str, query: Query | None = None, within_s: float = ANSWER_WITHIN_S) -> Iterator[bytes]:
        """The answer to a GET in pieces. Raises PathError when it breaks off before its end."""
        with self._call("GET", path, query or {}, None, {}, within_s) as answer:
            while piece := answer.read(PIECE_BYTES):
                yield piece

    def json_lines(
        self, method: str, path: str, query: Query | None = None, body: object = None, within_s: float = ANSWER_WITHIN_S
    ) -> Iterator[JsonObject]:
        """Each line of an answer of JSON lines. A line that is an error is raised."""
        with self._call(method, path, query or {}, body, {}, within_s) as answer:
            while line := answer.readline():
                value = cast("JsonObject", json.loads(line))
                if "error" in value and "text" in value:
                    raise _refusal(value, 200)
                yield value

    def events(self, query: Query, within_s: float, after: int | None = None) -> Iterator[JsonObject]:
        """The node's events. Raises PathError when none comes for `within_s`: the node beats more often than that."""
        headers = {} if after is None else {"Last-Event-ID": str(after)}
        with self._call("GET", "/events", query, None, headers, within_s) as answer:
            while line := answer.readline():
                if line.startswith(b"data: "):
                    yield cast("JsonObject", json.loads(line[6:]))

    def _json(
        self,
        method: str,
        path: str,
        query: Query,
        body: object,
        headers: Mapping[str, str],
        within_s: float,
    ) -> JsonObject:
        with self._call(method, path, query, body, headers, within_s) as answer:
            return cast("JsonObject", json.loads(answer.read()))

    @contextmanager
    def _call(
        self,
        method: str,
        path: str,
        query: Query,
        body: object,
        headers: Mapping[str, str],
        within_s: float,
    ) -> Iterator[http.client.HTTPResponse]:
        """One request. Raises Refusal for what the node refuses, PathError when it is not reached or falls silent."""
        target = PREFIX + path if path.startswith("/") else path
        given = {name: value for name, value in query.items() if value is not None}
        whole = quote(target, safe="/:") + (f"?{urlencode(given)}" if given else "")
        content = body if body is None or isinstance(body, bytes) or _is_chunks(body) else _written(body)
        sent = False
        try:
            connection = self._connected(within_s)
            connection.request(method, whole, cast("bytes | None", content), {**self._who(body), **headers})
            sent = True
            answer = connection.getresponse()
            if answer.status != 200:
                raise _refused(answer)
            yield answer
            if not answer.isclosed():
                self.close()
        except TimeoutError as why:
            self.close()
            raise PathError("node-silent", place=str(self._place), seconds=int(within_s)) from why
        except (OSError, http.client.HTTPException) as why:
            sent = sent or (self._connection is not None and self._connection.sock is not None)
            self.close()
            name = "node-broke-off" if sent else "node-unreachable"
            raise PathError(name, place=str(self._place), detail=_short(why)) from why

    def _connected(self, within_s: float) -> http.client.HTTPConnection:
        kept = self._connection
        # What can be read before anything was asked is the end: the node has closed this connection meanwhile.
        if kept is not None and kept.sock is not None and select([kept.sock], [], [], 0)[0]:
            self.close()
        if self._connection is None:
            self._connection = _open(self._place, within_s)
        elif self._connection.sock is not None:
            self._connection.sock.settimeout(within_s)
        return self._connection

    def _who(self, body: object) -> dict[str, str]:
        place = self._place
        headers = {} if body is None or isinstance(body, bytes) else {"Content-Type": "application/json"}
        if isinstance(body, bytes) or _is_chunks(body):
            headers = {"Content-Type": "application/octet-stream"}
        headers |= {"Authorization": f"Bearer {place.token}"} if place.token else {}
        headers |= {"X-Openline-Desk": quote(place.desk)} if place.desk else {}
        headers |= {"Accept-Language": place.language} if place.language else {}
        return headers


class _OverSocket(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, file: Path, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._file = file

    def connect(self) -> None:
        """Open the socket, however long its path is."""
        opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        opened.settimeout(self.timeout)
        try:
            with _address(self._file) as address:
                opened.connect(address)
        except OSError:
            opened.close()
            raise
        self.sock = opened


@contextmanager
def _address(file: Path) -> Iterator[str]:
    """An address for `file` that fits into a socket address."""
    if len(os.fsencode(str(file))) <= SOCKET_ADDRESS_BYTES_MAX:
        yield str(file)
        return
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{file.name}"
    finally:
        os.close(folder)


def _open(place: Place, within_s: float) -> http.client.HTTPConnection:
    if place.socket is not None:
        return _OverSocket(place.socket, within_s)
    parts = urlsplit(place.url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError("node-address-wrong", address=place.url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.hostname, parts.port, timeout=within_s)


def _is_chunks(body: object) -> bool:
    return hasattr(body, "__next__")


def _written(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def _refused(answer: http.client.HTTPResponse) -> Refusal:
    body = answer.read()
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict) or "error" not in value:
        return Refusal("node-failed", "", answer.status, {"status": answer.status})
    return _refusal(value, answer.status)


def _refusal(value: JsonObject, status: int) -> Refusal:
    facts = cast("dict[str, str | int]", value.get("facts", {}))
    return Refusal(str(value["error"]), str(value["text"]), status, facts)


def _short(why: BaseException) -> str:
    return (why.strerror or type(why).__name__) if isinstance(why, OSError) else type(why).__name__

"""One request, read: who asks, what for, query and body as values. Size is checked before anything is parsed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from functools import lru_cache
from typing import Annotated, Literal, TypeVar
from urllib.parse import parse_qsl, unquote

import msgspec
from starlette.types import Receive, Scope

from openline.base.errors import UsageError
from openline.base.limits import REASON_BYTES_MAX, REQUEST_BYTES_MAX
from openline.console.auth import Head
from openline.node.views import Officer

KEY_LENGTH_MAX = 200
TIMEOUT_S_MAX = 3_600
COUNT_MAX = 1_000
POSITION_MAX = 2**53 - 1
"""The largest number that every reader of JSON holds exactly; the store counts further."""

Q = TypeVar("Q", bound="Query")
T = TypeVar("T")

Stage = Literal["recorded", "received", "displayed", "accepted", "answered"]
Mark = Literal["OPERATION", "EXERCISE", "TEST"]
Timeout = Annotated[float, msgspec.Meta(ge=0, le=TIMEOUT_S_MAX, description="Seconds to wait")]
Count = Annotated[int, msgspec.Meta(ge=1, le=COUNT_MAX)]
Position = Annotated[int, msgspec.Meta(ge=0, le=POSITION_MAX)]


class Query(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of what may stand behind the question mark of a route. An unknown name is refused."""


class Call:
    """One request. `path` holds the parts of its address that the route names."""

    __slots__ = ("_head", "_query", "_receive", "path", "scope", "who")

    def __init__(self, scope: Scope, receive: Receive, head: Head, who: Officer) -> None:
        self._head = head
        self._query: bytes = scope["query_string"]
        self._receive = receive
        self.scope = scope
        self.path: Mapping[str, str] = scope.get("path_params", {})
        self.who = who

    def header(self, name: bytes) -> str | None:
        """A header by its name in small letters."""
        value = self._head.get(name)
        return None if value is None else value.decode("latin-1")

    def key(self) -> str | None:
        """The idempotency key. Raises UsageError when it is not 1 to 200 visible ASCII characters."""
        raw = self._head.get(b"idempotency-key")
        if raw is None:
            return None
        if not 0 < len(raw) <= KEY_LENGTH_MAX or not all(0x21 <= byte <= 0x7E for byte in raw):
            raise UsageError("key-wrong", limit=KEY_LENGTH_MAX)
        return raw.decode("ascii")

    def unasked(self) -> str | None:
        """Why nobody was asked before a command that should be asked for; the node's log keeps it."""
        raw = self._head.get(b"x-openline-unasked")
        return None if raw is None else unquote(raw.decode("latin-1"))[:REASON_BYTES_MAX]

    def query(self, kind: type[Q]) -> Q:
        """The query as a `kind`. Raises UsageError."""
        query = _read_query(kind, self._query)
        assert isinstance(query, kind)
        return query

    def length(self) -> int | None:
        """How many bytes the body has, when its sender has said so."""
        raw = self._head.get(b"content-length", b"")
        return int(raw) if raw.isdigit() else None

    async def body(self) -> bytes:
        """The whole body. Raises UsageError when it is longer than a request may be."""
        if (self.length() or 0) > REQUEST_BYTES_MAX:
            raise UsageError("request-too-large", limit=REQUEST_BYTES_MAX)
        whole = b""
        async for piece in self.pieces():
            whole = whole + piece if whole else piece
            if len(whole) > REQUEST_BYTES_MAX:
                raise UsageError("request-too-large", limit=REQUEST_BYTES_MAX)
        return whole

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """The body as it comes in. Raises UsageError when the sender goes away before its end."""
        while True:
            message = await self._receive()
            if message["type"] != "http.request":
                raise UsageError("request-broken-off")
            if message["body"]:
                yield message["body"]
            if not message["more_body"]:
                return

    async def json(self, kind: type[T]) -> T:
        """The body read as a `kind`. Raises UsageError that names the field."""
        try:
            return msgspec.json.decode(await self.body(), type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as why:
            raise UsageError("request-wrong", detail=str(why)) from why


@lru_cache(maxsize=1024)
def _read_query(kind: type[Query], raw: bytes) -> Query:
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20)
        return msgspec.convert(dict(pairs), kind, strict=False)
    except (msgspec.ValidationError, ValueError) as why:
        raise UsageError("request-wrong", detail=str(why)) from why

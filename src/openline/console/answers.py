"""What a route answers, and how each error of `base.errors` becomes an HTTP status with one sentence.

An answer holds its whole body or a stream of it. Errors are JSON: `{"error": id, "text": sentence, "facts": {}}`.
A stream that has begun cannot change its status: JSON lines end in an error line, and bytes break off.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import msgspec
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from openline.base.catalogue import explain
from openline.base.errors import (
    BusyError,
    ForkError,
    OpenlineError,
    PathError,
    PeerError,
    StoreError,
    UsageError,
)

JSON = "application/json"
JSON_LINES = "application/jsonl"
EVENT_STREAM = "text/event-stream"
BYTES = "application/octet-stream"
BUNDLE = "application/zip"
OGG = "audio/ogg"
TEXT = "text/plain; version=0.0.4"
ENDLESS = "openline.endless"
"""Where a listener keeps the tasks of streams that it must end itself (ASGI `state`)."""

Headers = list[tuple[bytes, bytes]]

T = TypeVar("T")

_encode = msgspec.json.Encoder().encode


class ErrorView(msgspec.Struct, frozen=True):
    """What every refusal says: the message id, its sentence in the asked language, and its facts."""

    error: str
    text: str
    facts: dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    body: bytes
    media: str = JSON
    status: int = 200
    headers: tuple[tuple[bytes, bytes], ...] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        del scope, receive  # The ASGI form; a whole answer needs neither.
        head: Headers = [
            (b"content-type", self.media.encode()),
            (b"content-length", b"%d" % len(self.body)),
            *self.headers,
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": head})
        await send({"type": "http.response.body", "body": self.body})


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer that comes in pieces. When the other side goes away, the iterator is cancelled and closed."""

    pieces: AsyncIterator[bytes]
    media: str
    headers: tuple[tuple[str, str], ...] = ()
    endless: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, piece by piece. What has no end of its own is ended with the listener, in good order."""
        if not self.endless:
            await self._send(scope, receive, send)
            return
        running: set[object] = scope.get("state", {}).get(ENDLESS, set())
        task = asyncio.current_task()
        running.add(task)
        try:
            await self._send(scope, receive, send)
        except asyncio.CancelledError:
            await send({"type": "http.response.body", "body": b""})
        finally:
            running.discard(task)

    async def _send(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {"cache-control": "no-store", **dict(self.headers)}
        async with closing(self.pieces) as pieces:
            await StreamingResponse(pieces, media_type=self.media, headers=headers)(scope, receive, send)


def json_answer(value: object) -> Answer:
    """`value`, a view or built of views, as JSON."""
    return Answer(_encode(value))


def refusal(error: OpenlineError, language: str) -> Answer:
    """The answer to a request that cannot be done."""
    status = status_of(error)
    more: tuple[tuple[bytes, bytes], ...] = ()
    if status == 429:
        more = ((b"retry-after", b"1"),)
    if status == 401:
        more = ((b"www-authenticate", b"Bearer"),)
    return Answer(_encode(view_of(error, language)), status=status, headers=more)


def view_of(error: OpenlineError, language: str) -> ErrorView:
    """What `error` says to a person who reads `language`."""
    return ErrorView(error.message_id, explain(error, language), dict(error.facts))


def status_of(error: OpenlineError) -> int:
    """The HTTP status of an error: of its id where it has one of its own, else of its class."""
    if error.message_id in _STATUS_OF_ID:
        return _STATUS_OF_ID[error.message_id]
    return next(status for kind, status in _STATUS_OF_CLASS if isinstance(error, kind))


_STATUSES: dict[int, tuple[str, ...]] = {
    401: ("session-needed", "token-needed"),
    403: (
        "invite-wrong",
        "not-allowed",
        "officer-recover-here",
        "officer-recover-needed",
        "officer-withdrawn",
        "passkey-copied",
        "passkey-position-gone",
        "passkey-unknown",
        "passkey-wrong",
        "request-from-elsewhere",
        "seats-closed",
    ),
    404: (
        "address-unknown",
        "allegation-unknown",
        "attachment-missing",
        "call-unknown",
        "charter-unknown",
        "contact-of-day-unknown",
        "contact-unknown",
        "demand-unknown",
        "handover-unknown",
        "entry-party-unknown",
        "entry-unknown",
        "leg-unknown",
        "line-unknown",
        "log-unknown",
        "name-nowhere",
        "officer-unknown",
        "recording-files-gone",
        "recording-stream-unknown",
        "position-unknown",
        "proposal-unknown",
        "readout-unknown",
        "readouts-missing",
        "request-unknown",
        "verb-unknown",
    ),
    405: ("method-not-allowed",),
    409: (
        "allegation-withdrawn",
        "answer-not-possible",
        "backup-target-exists",
        "call-step-not-possible",
        "call-under-way",
        "charter-agreed",
        "charter-not-agreed",
        "charter-over",
        "contacts-of-day-many",
        "correction-of-cancelled",
        "demand-withdrawn",
        "gate-not-possible",
        "handover-incomplete",
        "handover-not-possible",
        "handover-under-way",
        "key-used-elsewhere",
        "leg-missing",
        "line-ended",
        "line-exists",
        "line-left",
        "line-opening",
        "member-already",
        "proposal-ended",
        "line-forked",
        "line-suspended",
        "log-quarantined",
        "mark-differs",
        "officer-still-enrolled",
        "request-withdrawn",
        "status-not-possible",
        "trust-digits-differ",
        "trust-known-party",
        "upload-offset",
        "withdrawn-already",
    ),
    411: ("upload-length-needed",),
    413: ("attachment-too-large", "leg-offer-too-large", "request-too-large"),
    421: ("host-unknown",),
}

_STATUS_OF_ID = {message_id: status for status, ids in _STATUSES.items() for message_id in ids}

_STATUS_OF_CLASS: tuple[tuple[type[OpenlineError], int], ...] = (
    (BusyError, 429),
    (UsageError, 400),
    (ForkError, 409),
    (PeerError, 422),
    (PathError, 502),
    (StoreError, 503),
    (OpenlineError, 500),
)


async def json_lines(values: AsyncIterator[object], language: str) -> AsyncGenerator[bytes, None]:
    """Each value as a line of JSON. A refusal on the way becomes the last line."""
    try:
        async with closing(values):
            async for value in values:
                yield _encode(value) + b"\n"
    except OpenlineError as error:
        yield _encode(view_of(error, language)) + b"\n"


@asynccontextmanager
async def closing(values: AsyncIterator[T]) -> AsyncGenerator[AsyncIterator[T], None]:
    """Whatever ends this block, `values` is closed at once and not when it is collected."""
    try:
        yield values
    finally:
        if isinstance(values, AsyncGenerator):
            await values.aclose()

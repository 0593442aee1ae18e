"""Server-sent events: what happens, each with its arrival number as id, a beat every two seconds, replay after a gap.

A console that was away asks with `Last-Event-ID` (a browser does so by itself) or `?after=` and misses nothing.
The desk replays from the record; here is only the form. While the stream is open, the peer is told that a
console listens.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence

import msgspec

from openline.base.errors import UsageError
from openline.console.answers import EVENT_STREAM, Stream, closing
from openline.console.auth import read_language
from openline.console.calls import Call, Position, Query
from openline.console.ports import Desk
from openline.console.table import Body, Route
from openline.node.views import EventView, Officer

BEAT = "beat"
RETRY_MS = 250

_encode = msgspec.json.Encoder().encode


class After(Query, frozen=True):
    """From which arrival number to replay (exclusive); without it, from now. `line` keeps other lines out.

    `language` is that of sentences inside events. A browser can give an event stream no Accept-Language of its own.
    """

    after: Position | None = None
    line: str | None = None
    language: str | None = None


async def _events(desk: Desk, call: Call) -> Stream:
    query = call.query(After)
    line = None if query.line is None else desk.line_of(query.line)
    asks = desk.events(_resume_after(call, query), _language(call, query))
    return Stream(_sent(desk, call.who, asks, line), EVENT_STREAM, endless=True)


def _language(call: Call, query: After) -> str:
    return call.who.language if query.language is None else read_language(query.language.encode())


def _resume_after(call: Call, query: After) -> int | None:
    seen = call.header(b"last-event-id")
    if not seen:
        return query.after
    if not (seen.isascii() and seen.isdigit() and len(seen) <= 18):
        raise UsageError("request-wrong", detail="Last-Event-ID is an arrival number")
    return int(seen)


async def _sent(
    desk: Desk, who: Officer, asked: AsyncIterator[Sequence[EventView]], line: str | None
) -> AsyncGenerator[bytes, None]:
    desk.console_connected(who)
    try:
        yield b"retry: %d\n\n" % RETRY_MS
        async with closing(asked) as groups:
            async for group in groups:
                told = [written(event) for event in group if line is None or event.type == BEAT or event.line == line]
                if told:
                    yield b"".join(told)
    finally:
        desk.console_gone(who)


def written(event: EventView) -> bytes:
    """One event as it goes over the wire."""
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (event.seq, event.type.encode(), _encode(event))


STREAM_ROUTES = [
    Route(
        "GET",
        "/api/v1/events",
        "What happens, as server-sent events; replay with Last-Event-ID or after",
        _events,
        Body(EventView, EVENT_STREAM),
        query=After,
    )
]

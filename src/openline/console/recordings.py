"""Routes of recordings: which calls were recorded, whether what is here is what was signed, and one stream to play."""

from __future__ import annotations

from typing import Annotated

import msgspec

from openline.console.answers import JSON_LINES, OGG, Answer, Stream, json_answer, json_lines
from openline.console.calls import Call, Query
from openline.console.ports import Desk
from openline.console.read import OneLine
from openline.console.table import Body, Route
from openline.console.telephone import TALK
from openline.node.views import RecordingView


class OneStream(Query, frozen=True):
    """Which stream of a recorded call, by its `number` in the recording."""

    line: str | None = None
    stream: Annotated[int, msgspec.Meta(ge=1, le=4_096)] = 1


async def _recordings(desk: Desk, call: Call) -> Answer:
    return json_answer(list(desk.recordings(call.who, call.query(OneLine).line)))


async def _one(desk: Desk, call: Call) -> Answer:
    return json_answer(desk.recording(call.who, call.query(OneLine).line, call.path["call"]))


async def _verify(desk: Desk, call: Call) -> Stream:
    rows = desk.verify_recording(call.who, call.query(OneLine).line, call.path["call"])
    return Stream(json_lines(rows, call.who.language), JSON_LINES)


async def _replay(desk: Desk, call: Call) -> Stream:
    query = call.query(OneStream)
    pieces = await desk.replay(call.who, query.line, call.path["call"], query.stream)
    name = f"{call.path['call'].replace(':', '-')}-{query.stream}.ogg"
    return Stream(pieces, OGG, (("content-disposition", f'inline; filename="{name}"'),))


RECORDING_ROUTES = [
    Route(
        "GET",
        "/api/v1/recordings",
        "Calls that were or are recorded, newest first",
        _recordings,
        Body(list[RecordingView]),
        query=OneLine,
    ),
    Route("GET", "/api/v1/recordings/{call}", "The recording of one call", _one, Body(RecordingView), query=OneLine),
    Route(
        "GET",
        "/api/v1/recordings/{call}/verify",
        "Check the recording of a call: progress lines, then the verdict",
        _verify,
        Body(dict[str, object], JSON_LINES),
        query=OneLine,
    ),
    Route(
        "GET",
        "/api/v1/recordings/{call}/ogg",
        "One stream of a recorded call as an Ogg Opus file",
        _replay,
        Body(media=OGG),
        query=OneStream,
        needs=TALK,
    ),
]

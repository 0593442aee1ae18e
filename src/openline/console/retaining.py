"""Routes of legal holds and retention: looked at by anybody, run by whoever operates the node."""

from __future__ import annotations

import msgspec

from openline.console.answers import JSON_LINES, Answer, Stream, json_answer, json_lines
from openline.console.auth import OPERATE
from openline.console.calls import Call
from openline.console.ports import Desk
from openline.console.read import OneLine
from openline.console.table import Body, Route
from openline.node.views import HoldView, RetentionView


class HoldsView(msgspec.Struct, frozen=True):
    """Every legal hold, those that stand first, each group newest first."""

    holds: tuple[HoldView, ...]


class RetainRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether only to count what is due."""

    dry_run: bool = True


async def _holds(desk: Desk, call: Call) -> Answer:
    return json_answer(HoldsView(tuple(desk.holds(call.who, call.query(OneLine).line))))


async def _retention(desk: Desk, call: Call) -> Answer:
    return json_answer(desk.retention(call.who))


async def _retain(desk: Desk, call: Call) -> Stream:
    asked = await call.json(RetainRequest)
    return Stream(json_lines(desk.retain(call.who, asked.dry_run), call.who.language), JSON_LINES)


RETENTION_ROUTES = [
    Route("GET", "/api/v1/holds", "Every legal hold, those that stand first", _holds, Body(HoldsView), query=OneLine),
    Route("GET", "/api/v1/retention", "The retention classes of this node", _retention, Body(RetentionView)),
    Route(
        "POST",
        "/api/v1/retention/run",
        "Erase what is due, or only count it: progress lines, then what was done",
        _retain,
        Body(dict[str, object], JSON_LINES),
        takes=Body(RetainRequest),
        needs=OPERATE,
    ),
]

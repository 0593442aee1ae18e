"""The route that looks at STOPs: those that stand first, each with the clock of both ends."""

from __future__ import annotations

import msgspec

from openline.console.answers import Answer, json_answer
from openline.console.calls import Call
from openline.console.contacts import Newest
from openline.console.ports import Desk, StopView
from openline.console.table import Body, Route


class StopsView(msgspec.Struct, frozen=True):
    """Every STOP, those that stand first, each group newest first."""

    stops: tuple[StopView, ...]


async def _stops(desk: Desk, call: Call) -> Answer:
    query = call.query(Newest)
    return json_answer(StopsView(tuple(desk.stops(call.who, query.line, query.until, query.count))))


STOP_ROUTES = [
    Route("GET", "/api/v1/stops", "Every STOP, those that stand first", _stops, Body(StopsView), query=Newest),
]

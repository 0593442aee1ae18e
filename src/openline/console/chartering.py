"""Routes that look at the charter of a line: which is in force, every proposal, and one beside another."""

from __future__ import annotations

from openline.console.answers import Answer, json_answer
from openline.console.calls import Call, Count, Mark, Query
from openline.console.ports import Desk
from openline.console.table import Body, Route
from openline.node.charterviews import CharterPage, ChartersView


class WhichCharters(Query, frozen=True):
    """Which line, under which mark, and how many at most."""

    line: str | None = None
    mark: Mark | None = None
    count: Count = 50


class WhichCharter(Query, frozen=True):
    """Which line, and the charter it is held against; that in force when left out."""

    line: str | None = None
    against: str | None = None


async def _charters(desk: Desk, call: Call) -> Answer:
    query = call.query(WhichCharters)
    return json_answer(desk.charters(call.who, query.line, query.mark, query.count))


async def _charter(desk: Desk, call: Call) -> Answer:
    query = call.query(WhichCharter)
    return json_answer(desk.charter(call.who, query.line, call.path["charter"], query.against))


CHARTER_ROUTES = [
    Route(
        "GET",
        "/api/v1/charters",
        "The charters of a line, newest first, and which is in force",
        _charters,
        Body(ChartersView),
        query=WhichCharters,
    ),
    Route(
        "GET",
        "/api/v1/charters/{charter}",
        "One charter beside the one in force, clause by clause",
        _charter,
        Body(CharterPage),
        query=WhichCharter,
    ),
]

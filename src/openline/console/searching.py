"""The route that searches the record. Looking records nothing."""

from __future__ import annotations

from typing import Annotated

import msgspec

from openline.base.limits import SEARCH_HITS_MAX
from openline.console.answers import Answer, json_answer
from openline.console.calls import Call, Mark, Position, Query
from openline.console.ports import Desk, FoundView, Search
from openline.console.table import Body, Route

Hits = Annotated[int, msgspec.Meta(ge=1, le=SEARCH_HITS_MAX)]
Flag = Annotated[bool, msgspec.Meta(description="true or false")]


class SearchQuery(Query, frozen=True):
    """What to search: the words `q`, and what the entries must be. Newest first, before arrival number `before`."""

    q: str
    line: str | None = None
    kind: str | None = None
    party: str | None = None
    mark: Mark | None = None
    since: str | None = None
    until: str | None = None
    similar: Flag = True
    before: Position | None = None
    count: Hits = SEARCH_HITS_MAX


async def _search(desk: Desk, call: Call) -> Answer:
    query = call.query(SearchQuery)
    asked = Search(
        text=query.q,
        line=query.line,
        kind=query.kind,
        party=query.party,
        mark=query.mark,
        since=query.since,
        until=query.until,
        similar=query.similar,
        before=query.before,
        count=query.count,
    )
    return json_answer(await desk.search(call.who, asked))


SEARCH_ROUTES = [
    Route(
        "GET",
        "/api/v1/search",
        "Entries by their words, in every script and spelling, newest first",
        _search,
        Body(FoundView),
        query=SearchQuery,
    )
]

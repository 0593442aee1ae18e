"""Routes that look at the watch: its log and procedure, the silence ledger, and the monthly report of a line."""

from __future__ import annotations

import msgspec

from openline.base.errors import UsageError
from openline.console.answers import Answer, json_answer
from openline.console.assets import ASK_AGAIN, GUARDS, MEDIA
from openline.console.auth import read_language
from openline.console.calls import Call, Count, Mark, Query
from openline.console.ports import Desk
from openline.console.table import Body, Route
from openline.node.watchviews import LedgerView, LineReport, SopView, WatchLogView

HTML = MEDIA[".html"]


class WhichWatch(Query, frozen=True):
    """Which line, under which mark, and how many of each kind of entry."""

    line: str | None = None
    mark: Mark | None = None
    count: Count = 50


class WhichSilences(Query, frozen=True):
    """Which line, in which period (dates or RFC 3339; the last 31 days when left out), under which mark."""

    line: str | None = None
    since: str | None = None
    until: str | None = None
    mark: Mark | None = None


class WhichReport(Query, frozen=True):
    """Which month (`2026-11`) of which line; `at` names the sizes of the logs, such as `alpha:120,bravo:98`.

    `language` is that of the page: a browser that follows a link asks in its own, not in that of the console.
    """

    line: str | None = None
    month: str = ""
    at: str | None = None
    language: str | None = None


class WhichSop(Query, frozen=True):
    """Of which line."""

    line: str | None = None


async def _watch(desk: Desk, call: Call) -> Answer:
    query = call.query(WhichWatch)
    return json_answer(desk.watch_log(call.who, query.line, query.mark, query.count))


async def _sop(desk: Desk, call: Call) -> Answer:
    return json_answer(desk.sop(call.who, call.query(WhichSop).line))


async def _silences(desk: Desk, call: Call) -> Answer:
    query = call.query(WhichSilences)
    return json_answer(desk.silences(call.who, query.line, query.since, query.until, query.mark))


async def _report(desk: Desk, call: Call) -> Answer:
    query = _asked(call)
    return Answer(await desk.report(call.who, query.line, query.month, query.at))


async def _page(desk: Desk, call: Call) -> Answer:
    query, who = _asked(call), call.who
    if query.language is not None:
        who = msgspec.structs.replace(who, language=read_language(query.language.encode()))
    text = await desk.report_page(who, query.line, query.month, query.at)
    return Answer(text.encode(), HTML, headers=(*GUARDS, ASK_AGAIN))


def _asked(call: Call) -> WhichReport:
    query = call.query(WhichReport)
    if not query.month:
        raise UsageError("request-wrong", detail="month is needed")
    return query


WATCH_ROUTES = [
    Route(
        "GET",
        "/api/v1/watch",
        "The watch of a line: checks due, open items and their owners, handovers, scores",
        _watch,
        Body(WatchLogView),
        query=WhichWatch,
    ),
    Route(
        "GET",
        "/api/v1/silences",
        "The silence ledger: both sides' statements and the gaps between them",
        _silences,
        Body(LedgerView),
        query=WhichSilences,
    ),
    Route(
        "GET",
        "/api/v1/sop",
        "The standard operating procedure of a line, in the asker's language",
        _sop,
        Body(SopView),
        query=WhichSop,
    ),
    Route(
        "GET",
        "/api/v1/report",
        "The monthly report in its canonical bytes, the same at every member",
        _report,
        Body(LineReport),
        query=WhichReport,
    ),
    Route("GET", "/api/v1/report/page", "The same on one page of HTML", _page, Body(media=HTML), query=WhichReport),
]

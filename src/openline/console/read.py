"""Routes that look: lines, entries, raw logs, the bundle, the check of our own record. Looking records nothing."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from openline.base.errors import UsageError
from openline.console.answers import BUNDLE, JSON_LINES, Answer, Stream, json_answer, json_lines
from openline.console.calls import Call, Count, Position, Query
from openline.console.ports import Desk, EntryView
from openline.console.table import Body, Route
from openline.node.views import LineView, RawEntryView, StatusView

MESSAGE_KIND = "message"

Flag = Annotated[bool, msgspec.Meta(description="true or false")]


class OneLine(Query, frozen=True):
    """On which line; may be left out where there is only one."""

    line: str | None = None


class Listing(Query, frozen=True):
    """Which entries to list: newest first, those that arrived before number `before`."""

    line: str | None = None
    origin: Literal["ours", "theirs"] | None = None
    open: Flag = False
    before: Position | None = None
    count: Count = 50


class ListingOfKinds(Query, frozen=True):
    """The same for every kind of entry, or one."""

    kind: str | None = None
    line: str | None = None
    origin: Literal["ours", "theirs"] | None = None
    open: Flag = False
    before: Position | None = None
    count: Count = 50


class LeafRange(Query, frozen=True):
    """Which leaves of a log."""

    start: Position = 0
    count: Count = 256


class Packing(Query, frozen=True):
    """What goes into a bundle beside the proofs; with `release` nothing that its author does not want passed on."""

    bodies: Flag = True
    attachments: Flag = False
    release: Flag = False


class LinesView(msgspec.Struct, frozen=True):
    """Every line, worst first."""

    lines: tuple[LineView, ...]


class EntriesView(msgspec.Struct, frozen=True):
    """Entries, newest first. `next_before` is where the next page begins; null when this page was not full."""

    entries: tuple[EntryView, ...]
    next_before: int | None


class LeavesView(msgspec.Struct, frozen=True):
    """Raw leaves of one log, by index. `size` is how many the log has."""

    origin: str
    size: int
    leaves: tuple[RawEntryView, ...]


async def status(desk: Desk, call: Call) -> Answer:
    """The node at a glance, or one line of it."""
    view = desk.status(call.who.language)
    line = call.query(OneLine).line
    return json_answer(view if line is None else msgspec.structs.replace(view, lines=(_line(view, line),)))


async def _lines(desk: Desk, call: Call) -> Answer:
    return json_answer(LinesView(desk.status(call.who.language).lines))


async def _one_line(desk: Desk, call: Call) -> Answer:
    return json_answer(_line(desk.status(call.who.language), call.path["line"]))


def _line(view: StatusView, name: str) -> LineView:
    for line in view.lines:
        if line.line == name:
            return line
    raise UsageError("line-unknown", line=name, lines=", ".join(line.line for line in view.lines))


async def _messages(desk: Desk, call: Call) -> Answer:
    return _listed(desk, call, call.query(Listing), MESSAGE_KIND)


async def _entries(desk: Desk, call: Call) -> Answer:
    query = call.query(ListingOfKinds)
    return _listed(desk, call, query, query.kind)


def _listed(desk: Desk, call: Call, query: Listing | ListingOfKinds, kind: str | None) -> Answer:
    found = tuple(
        desk.entries(
            call.who,
            query.line,
            kind=kind,
            origin=query.origin,
            open_only=query.open,
            before=query.before,
            count=query.count,
        )
    )
    return json_answer(EntriesView(found, found[-1].seq if len(found) == query.count else None))


async def _entry(desk: Desk, call: Call) -> Answer:
    return json_answer(desk.entry(call.who, call.query(OneLine).line, call.path["entry"]))


async def _leaves(desk: Desk, call: Call) -> Answer:
    query = call.query(LeafRange)
    line = _line(desk.status(call.who.language), call.path["line"])
    party = call.path["party"]
    log = next((log for log in line.logs if log.party == party), None)
    if log is None:
        raise UsageError("log-unknown", origin=party, line=line.line)
    leaves = desk.log_entries(line.line, log.origin, query.start, query.count)
    return json_answer(LeavesView(log.origin, log.size, tuple(leaves)))


async def _export(desk: Desk, call: Call) -> Stream:
    packing = call.query(Packing)
    line = desk.line_of(call.path["line"])
    name = (("content-disposition", f'attachment; filename="{line}.olx"'),)
    return Stream(desk.export(line, packing.bodies, packing.attachments, packing.release), BUNDLE, name)


async def _verify(desk: Desk, call: Call) -> Stream:
    line = desk.line_of(call.path["line"])
    return Stream(json_lines(desk.verify(line), call.who.language), JSON_LINES)


READ_ROUTES = [
    Route("GET", "/api/v1/status", "The node and its lines, worst first", status, Body(StatusView), query=OneLine),
    Route("GET", "/api/v1/lines", "Every line", _lines, Body(LinesView)),
    Route("GET", "/api/v1/lines/{line}", "One line", _one_line, Body(LineView)),
    Route("GET", "/api/v1/messages", "Messages, newest first", _messages, Body(EntriesView), query=Listing),
    Route(
        "GET",
        "/api/v1/entries",
        "Entries of every kind, newest first",
        _entries,
        Body(EntriesView),
        query=ListingOfKinds,
    ),
    Route("GET", "/api/v1/entries/{entry}", "One entry with its text", _entry, Body(EntryView), query=OneLine),
    Route(
        "GET",
        "/api/v1/record/{line}/log/{party}",
        "Raw leaves of one party's log",
        _leaves,
        Body(LeavesView),
        query=LeafRange,
    ),
    Route(
        "GET",
        "/api/v1/record/{line}/export",
        "The line's record as a bundle that anyone can verify",
        _export,
        Body(media=BUNDLE),
        query=Packing,
    ),
    Route(
        "GET",
        "/api/v1/record/{line}/verify",
        "Check our own record: progress lines, then the verdict",
        _verify,
        Body(dict[str, object], JSON_LINES),
    ),
]

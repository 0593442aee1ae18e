"""Routes that look at contacts: the history, one contact with its grid of facts by side, readouts, requests."""

from __future__ import annotations

import msgspec

from openline.base.errors import UsageError
from openline.console.answers import Answer, json_answer
from openline.console.calls import Call, Count, Mark, Query
from openline.console.ports import (
    ComparisonView,
    ContactPage,
    ContactsAsked,
    ContactView,
    Desk,
    OverviewView,
    RequestView,
)
from openline.console.read import Flag, OneLine
from openline.console.table import Body, Route


class WhichContacts(Query, frozen=True):
    """Which contacts: at a level (with `at_least` and above), with a party or person, in a period, under a mark.

    `since` and `until` are dates or RFC 3339. Without `line`, those of all lines.
    """

    line: str | None = None
    level: str | None = None
    at_least: Flag = False
    party: str | None = None
    person: str | None = None
    since: str | None = None
    until: str | None = None
    mark: Mark | None = None
    count: Count = 20


class Newest(Query, frozen=True):
    """The newest of a line, or of all lines: at most `count`, those before `until`, a date or RFC 3339."""

    line: str | None = None
    until: str | None = None
    count: Count = 50


class WhichReadouts(Query, frozen=True):
    """Two readouts, or two contacts, each by an entry or its day; the same contact twice for both sides' readouts."""

    left: str = ""
    right: str = ""
    line: str | None = None


class ContactsView(msgspec.Struct, frozen=True):
    """Contacts, newest first, each with what the history says of it. `overview` is about all that are asked for."""

    contacts: tuple[ContactView, ...]
    overview: OverviewView


class ComparisonsView(msgspec.Struct, frozen=True):
    """Pairs of readouts side by side."""

    comparisons: tuple[ComparisonView, ...]


class RequestsView(msgspec.Struct, frozen=True):
    """Requests for calls, newest first."""

    requests: tuple[RequestView, ...]


async def _contacts(desk: Desk, call: Call) -> Answer:
    query = call.query(WhichContacts)
    asked = ContactsAsked(**{name: getattr(query, name) for name in query.__struct_fields__})
    return json_answer(ContactsView(tuple(desk.contacts(call.who, asked)), desk.overview(call.who, asked)))


async def _contact(desk: Desk, call: Call) -> Answer:
    return json_answer(desk.contact(call.who, call.query(OneLine).line, call.path["contact"]))


async def _compare(desk: Desk, call: Call) -> Answer:
    query = call.query(WhichReadouts)
    if not (query.left and query.right):
        raise UsageError("request-wrong", detail="left and right are needed")
    found = desk.compare(call.who, query.line, query.left, query.right)
    return json_answer(ComparisonsView(tuple(found)))


async def _requests(desk: Desk, call: Call) -> Answer:
    query = call.query(Newest)
    return json_answer(RequestsView(tuple(desk.requests(call.who, query.line, query.until, query.count))))


CONTACT_ROUTES = [
    Route(
        "GET",
        "/api/v1/contacts",
        "Contacts, newest first, with what the history says",
        _contacts,
        Body(ContactsView),
        query=WhichContacts,
    ),
    Route(
        "GET",
        "/api/v1/contacts/{contact}",
        "One contact, by an entry or its day, with the grid of facts by side",
        _contact,
        Body(ContactPage),
        query=OneLine,
    ),
    Route(
        "GET",
        "/api/v1/readouts/compare",
        "Readouts side by side",
        _compare,
        Body(ComparisonsView),
        query=WhichReadouts,
    ),
    Route("GET", "/api/v1/requests", "Requests for calls, newest first", _requests, Body(RequestsView), query=Newest),
]

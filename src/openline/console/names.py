"""Routes of the register of names and of the contested terms. Looking records nothing."""

from __future__ import annotations

import msgspec

from openline.base.errors import UsageError
from openline.console.answers import Answer, json_answer
from openline.console.calls import Call, Mark, Query
from openline.console.ports import Desk, NamePage, NameView, TermView
from openline.console.table import Body, Route


class NameQuery(Query, frozen=True):
    """Which name; without `id` all of them."""

    line: str | None = None
    id: str | None = None
    mark: Mark | None = None


class Mentioned(Query, frozen=True):
    """A name, by its id or any spelling. Without a mark it is that of all that is said under the node's clock."""

    name: str = ""
    mark: Mark | None = None


class TermQuery(Query, frozen=True):
    """Of which line, and under which mark."""

    line: str | None = None
    mark: Mark | None = None


class NamesView(msgspec.Struct, frozen=True):
    """The register of names, by id."""

    names: tuple[NameView, ...]


class TermsView(msgspec.Struct, frozen=True):
    """The contested terms, by id and language."""

    terms: tuple[TermView, ...]


async def _names(desk: Desk, call: Call) -> Answer:
    query = call.query(NameQuery)
    return json_answer(NamesView(tuple(desk.names(call.who, query.line, query.id, query.mark))))


async def _name(desk: Desk, call: Call) -> Answer:
    query = call.query(Mentioned)
    if not query.name.strip():
        raise UsageError("name-missing", field="name")
    return json_answer(desk.name(call.who, query.name, query.mark))


async def _terms(desk: Desk, call: Call) -> Answer:
    query = call.query(TermQuery)
    return json_answer(TermsView(tuple(desk.terms(call.who, query.line, query.mark))))


NAME_ROUTES = [
    Route(
        "GET", "/api/v1/names", "Persons and places with all their spellings", _names, Body(NamesView), query=NameQuery
    ),
    Route(
        "GET",
        "/api/v1/mentions",
        "A name by its id or any spelling, with the contacts it appears in",
        _name,
        Body(NamePage),
        query=Mentioned,
    ),
    Route(
        "GET",
        "/api/v1/terms",
        "Contested terms: each party's word, and the agreed formula",
        _terms,
        Body(TermsView),
        query=TermQuery,
    ),
]

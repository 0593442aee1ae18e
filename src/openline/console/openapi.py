"""The OpenAPI 3.1 document, made from the tables of routes and the shapes they name.

Nothing here is written by hand twice: a route that is not in a table is not served, and what a table says is what
the tests hold every answer to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import cast

import msgspec

from openline import __version__
from openline.console.answers import EVENT_STREAM, JSON, JSON_LINES, ErrorView
from openline.console.ports import VerbView
from openline.console.say import ENTRY_FIELD, SayRequest
from openline.console.sessions import SESSION_COOKIE
from openline.console.table import Body, Route

Json = dict[str, object]
Names = dict[object, Json]

EACH = "x-each"
"""The schema of each line or event of a stream, for which OpenAPI 3.1 has no word of its own."""

_SCHEMAS = "#/components/schemas/{name}"
_PARTS = re.compile(r"\{(\w+)\}")
_ABOUT = (
    "What a node of openline answers to, on its Unix socket, on loopback and on the watch floor. "
    "Every refusal is an Error; times are RFC 3339 in UTC."
)
_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key again returns what it said the first time and records nothing new.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}


def document(routes: Iterable[Route], verbs: Mapping[str, VerbView]) -> Json:
    """The document for these routes and verbs."""
    listed = list(routes)
    names, components = _components(listed, verbs)
    paths: dict[str, Json] = {}
    for route in listed:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, names, components)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "openline",
            "version": __version__,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": []}, {}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "On loopback; none on the Unix socket."},
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": SESSION_COOKIE.decode(),
                    "description": "On loopback and HTTPS. What changes something must carry X-Openline-Console: 1.",
                },
            },
        },
    }


def _components(routes: list[Route], verbs: Mapping[str, VerbView]) -> tuple[Names, Json]:
    """How to refer to the schema of each shape, and the schemas referred to."""
    shapes: list[object] = [ErrorView]
    for route in routes:
        shapes += [body.shape for body in (route.gives, route.takes) if body is not None and body.shape is not None]
    shapes += [verb.arguments for verb in verbs.values()]
    unique = list(dict.fromkeys(shapes))
    schemas, components = msgspec.json.schema_components(unique, schema_hook=_anything, ref_template=_SCHEMAS)
    names = cast("Names", dict(zip(unique, schemas, strict=True)))
    kept = cast("Json", dict(sorted(components.items())))
    kept[SayRequest.__name__] = {"oneOf": [_said(verb, names) for verb in verbs.values()]}
    return names, kept


def _anything(kind: type[object]) -> Json:
    """The schema of a value of which the console knows no more than that it is JSON."""
    if kind is not object:
        raise NotImplementedError
    return {"description": "any JSON value"}


def _said(verb: VerbView, names: Names) -> Json:
    return {
        "type": "object",
        "description": verb.summary,
        "properties": {"verb": {"const": verb.name}, "arguments": names[verb.arguments]},
        "required": ["verb", "arguments"],
        "additionalProperties": False,
    }


def _operation(route: Route, names: Names, components: Json) -> Json:
    operation: Json = {
        "operationId": route.name,
        "summary": route.does,
        "parameters": [*_path_parameters(route), *_query_parameters(route), *([_KEY] if route.command else [])],
        "responses": {
            "200": {"description": "Done", "content": _content(route.gives, names)},
            "default": {"description": "Refused", "content": {JSON: {"schema": names[ErrorView]}}},
        },
    }
    if route.takes is not None:
        content = _content(route.takes, names)
        if "{entry}" in route.path:
            content = {JSON: {"schema": _without_entry(names[route.takes.shape], components)}}
        operation["requestBody"] = {"required": True, "content": content}
    if route.open_to_all:
        operation["security"] = [{}]
    if route.needs is not None:
        operation["description"] = f"Needs the capability `{route.needs}`."
    return operation


def _content(body: Body, names: Names) -> Json:
    if body.shape is None:
        return {body.media: {"schema": {"type": "string", "contentMediaType": body.media}}}
    if body.media in (JSON_LINES, EVENT_STREAM):
        return {body.media: {"schema": {"type": "string"}, EACH: names[body.shape]}}
    return {body.media: {"schema": names[body.shape]}}


def _without_entry(name: Json, components: Json) -> Json:
    """The arguments of a verb without the entry, which the address names."""
    whole = cast("Json", components[str(name["$ref"]).rpartition("/")[2]])
    properties = cast("Json", whole["properties"])
    needed = cast("list[str]", whole.get("required", []))
    return {
        **whole,
        "properties": {field: schema for field, schema in properties.items() if field != ENTRY_FIELD},
        "required": [field for field in needed if field != ENTRY_FIELD],
    }


def _path_parameters(route: Route) -> list[Json]:
    return [
        {"name": part, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for part in _PARTS.findall(route.path)
    ]


def _query_parameters(route: Route) -> list[Json]:
    _, components = msgspec.json.schema_components([route.query])
    shape = cast("Json", components[route.query.__name__])
    properties = cast("Json", shape["properties"])
    needed = cast("list[str]", shape.get("required", []))
    return [
        {"name": name, "in": "query", "required": name in needed, "schema": schema}
        for name, schema in properties.items()
    ]


def routes_table(routes: Iterable[Route]) -> str:
    """The routes as a Markdown table, for docs/spec/api.md."""
    rows = [f"| `{route.method} {route.path}` | {route.does} | {_given(route.gives)} |" for route in routes]
    return "\n".join(["| request | what it does | answer |", "| --- | --- | --- |", *rows])


def _given(body: Body) -> str:
    if body.shape is None:
        return f"`{body.media.split(';')[0]}`"
    name = getattr(body.shape, "__name__", "object")
    shown = "object" if name == "dict" else name
    return (
        f"{shown}, each line"
        if body.media == JSON_LINES
        else f"{shown} events"
        if body.media == EVENT_STREAM
        else shown
    )

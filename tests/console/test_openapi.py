"""The document is true: it is valid, names every route and no other, and every answer is as it says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import cast

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from openline.console.app import all_routes
from openline.console.openapi import EACH, document, routes_table
from tests.console.caller import ask, console
from tests.console.desk import VERBS, FakeDesk
from tests.console.vectors import FILE, Json

DOCUMENT = document(all_routes(VERBS), VERBS)
PATHS = cast("dict[str, dict[str, Json]]", DOCUMENT["paths"])
WELL_FORMED = {"other digits", "be heard in a call that is over", "withdraw the officer again"}
"""Requests that are as they should be and are refused for what they ask."""
VECTORS: list[dict[str, Json]] = json.loads(FILE.read_text(encoding="utf-8"))


def test_the_document_is_valid_openapi_3_1() -> None:
    validate(json.loads(json.dumps(DOCUMENT)))


def test_the_document_names_every_route_and_no_other() -> None:
    named = {(method.upper(), path) for path, methods in PATHS.items() for method in methods}
    assert named == {(route.method, route.path) for route in all_routes(VERBS)}


def test_the_node_serves_the_document() -> None:
    assert ask(console(FakeDesk()), "GET", "/api/v1/openapi.json").json() == json.loads(json.dumps(DOCUMENT))


def test_every_operation_has_a_vector() -> None:
    asked = {_operation(vector)[:2] for vector in VECTORS} | {("get", "/api/v1/openapi.json")}
    assert asked == {(method, path) for path, methods in PATHS.items() for method in methods}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["name"]))
def test_every_answer_is_as_the_document_says(vector: dict[str, Json]) -> None:
    answer = vector["answer"]
    responses = cast("Json", _operation(vector)[2]["responses"])
    response = cast("Json", responses["200" if answer["status"] == 200 else "default"])
    content = cast("dict[str, Json]", response["content"])
    media = next(media for media in content if media.split(";")[0] == answer["type"])
    for value, schema in _values(answer, content[media]):
        _validator(schema).validate(value)


@pytest.mark.parametrize(
    "vector", [vector for vector in VECTORS if "json" in vector["request"]], ids=lambda vector: str(vector["name"])
)
def test_every_request_that_is_taken_is_as_the_document_says(vector: dict[str, Json]) -> None:
    body = cast("Json", _operation(vector)[2]["requestBody"])
    schema = cast("dict[str, dict[str, Json]]", body["content"])["application/json"]["schema"]
    valid = _validator(schema).is_valid(vector["request"]["json"])
    taken = vector["answer"]["status"] == 200 or str(vector["name"]) in WELL_FORMED
    assert valid is taken


def test_a_verb_s_address_takes_its_arguments_without_the_entry() -> None:
    schema = PATHS["/api/v1/entries/{entry}/pass"]["post"]["requestBody"]
    inner = cast("dict[str, dict[str, dict[str, Json]]]", schema)["content"]["application/json"]["schema"]
    assert set(cast("Json", inner["properties"])) == {"to", "note", "by"}
    assert inner["required"] == ["to"]


def test_the_table_for_the_reader_has_every_route() -> None:
    table = routes_table(all_routes(VERBS))
    assert all(f"`{route.method} {route.path}`" in table for route in all_routes(VERBS))


def _values(answer: Json, content: Json) -> Iterator[tuple[object, Json]]:
    """What to check against which schema."""
    each = cast("Json", content.get(EACH))
    if "lines" in answer:
        yield from ((line, each) for line in cast("list[object]", answer["lines"]))
    elif answer["type"] == "text/event-stream":
        data = re.findall(r"^data: (.*)$", str(answer["text"]), re.MULTILINE)
        assert data
        yield from ((json.loads(event), each) for event in data)
    elif "json" in answer:
        yield answer["json"], cast("Json", content["schema"])


def _operation(vector: dict[str, Json]) -> tuple[str, str, Json]:
    method, target = str(vector["request"]["method"]).lower(), str(vector["request"]["target"]).split("?")[0]
    for path, methods in PATHS.items():
        if method in methods and re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)), target):
            return method, path, methods[method]
    raise AssertionError(f"{method} {target} is not in the document")


def _validator(schema: Json) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]})

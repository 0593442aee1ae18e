"""The application as others see it: the vectors hold, and what is not routed is refused in the same form."""

from __future__ import annotations

import json

import pytest
from starlette.routing import Route

from openline.console.app import all_routes, make_app
from openline.console.auth import SocketAuth
from tests.console.caller import ask, console
from tests.console.desk import EVERYTHING, VERBS, FakeDesk
from tests.console.entrance_vectors import world
from tests.console.vectors import FILE, Json, answer_of, asked


def test_every_vector_is_answered_as_written() -> None:
    vectors: list[Json] = json.loads(FILE.read_text(encoding="utf-8"))
    with world() as app:
        for vector in vectors:
            request = vector["request"]
            assert isinstance(request, dict)
            assert answer_of(asked(app, request)) == vector["answer"], vector["name"]


@pytest.mark.parametrize(
    ("method", "target", "status", "error"),
    [
        ("GET", "/", 404, "address-unknown"),
        ("GET", "/api/v1/nothing", 404, "address-unknown"),
        ("GET", "/api/v1/entries/bravo:14/approve", 404, "address-unknown"),
        ("POST", "/api/v1/entries/bravo:14/approve", 404, "address-unknown"),
        ("DELETE", "/api/v1/messages", 405, "method-not-allowed"),
        ("HEAD", "/api/v1/status", 405, "method-not-allowed"),
        ("GET", "/api/v1/status/", 404, "address-unknown"),
    ],
)
def test_what_is_not_routed_is_refused(method: str, target: str, status: int, error: str) -> None:
    reply = ask(console(FakeDesk()), method, target)
    assert (reply.status, reply.json()["error"]) == (status, error)


def test_nothing_is_routed_that_no_table_names() -> None:
    app = make_app(FakeDesk(), SocketAuth(lambda _role: EVERYTHING))
    routed = {
        (method, route.path) for route in app.routes if isinstance(route, Route) for method in route.methods or ()
    }
    assert len(routed) == len(app.routes)
    assert routed == {(route.method, route.path) for route in all_routes(VERBS)}


def test_a_sentence_comes_in_the_asked_language() -> None:
    reply = ask(console(FakeDesk()), "GET", "/api/v1/lines/nowhere", headers={"Accept-Language": "fr"})
    assert reply.json()["error"] == "line-unknown"

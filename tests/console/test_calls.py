"""Requests: size first, then form; what is not understood is refused by name."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message

from openline.base.limits import REQUEST_BYTES_MAX
from tests.console.caller import answered, ask, console, scope_of
from tests.console.desk import LINE, FakeDesk


def _refused(body: bytes | object, target: str = "/api/v1/messages", **headers: str) -> tuple[int, object]:
    desk = FakeDesk()
    reply = ask(console(desk), "POST", target, body, headers)
    assert not desk.asked
    return reply.status, reply.json()["error"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b'{"text": "\xff"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
    ids=["nothing", "half", "array", "string", "not UTF-8", "deep array", "deep object"],
)
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    assert _refused(body) == (400, "request-wrong")


def test_a_body_over_the_limit_is_refused_before_it_is_read() -> None:
    length = {"content-length": str(REQUEST_BYTES_MAX + 1)}
    assert _refused(b"", **length) == (413, "request-too-large")


def test_a_body_that_grows_over_the_limit_is_refused_while_it_is_read() -> None:
    app = console(FakeDesk())
    pieces = [b"x" * 65_536] * (REQUEST_BYTES_MAX // 65_536 + 1)
    reply = asyncio.run(answered(app, "POST", "/api/v1/messages", pieces, {}))
    assert (reply.status, reply.json()["error"]) == (413, "request-too-large")


@pytest.mark.parametrize(
    "query",
    ["wait=forever", "timeout=-1", "timeout=99999", "timeout=soon", "mark=REAL", "nonsense=1", "line=%ff"],
)
def test_a_query_that_is_not_understood_is_refused(query: str) -> None:
    assert _refused({"text": "one"}, f"/api/v1/messages?{query}") == (400, "request-wrong")


@pytest.mark.parametrize(
    "target",
    ["entries?before=9007199254740992", f"messages?before={10**30}", f"record/{LINE}/log/bravo.example?start={10**30}"],
)
def test_a_number_beyond_any_record_is_refused_before_the_store_is_asked(target: str) -> None:
    reply = ask(console(FakeDesk()), "GET", f"/api/v1/{target}")
    assert (reply.status, reply.json()["error"]) == (400, "request-wrong")


@pytest.mark.parametrize("key", ["", "k" * 201, "a b", "a\x7f"])
def test_a_key_is_visible_ascii_of_limited_length(key: str) -> None:
    assert _refused({"text": "one"}, **{"idempotency-key": key}) == (400, "key-wrong")


def test_a_caller_that_goes_away_before_its_end_has_said_nothing() -> None:
    desk = FakeDesk()

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def unheard(_message: Message) -> None: ...

    async def asked() -> None:
        await console(desk)(scope_of("POST", "/api/v1/messages", {"content-length": "10"}), gone, unheard)

    asyncio.run(asked())
    assert not desk.asked

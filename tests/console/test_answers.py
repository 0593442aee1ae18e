"""Answers: each error has one status and one sentence, and what has begun to stream ends in good order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from openline.base.errors import (
    BusyError,
    ForkError,
    OpenlineError,
    PathError,
    PeerError,
    StoreError,
    UsageError,
)
from openline.console.answers import closing, json_lines, refusal, status_of, view_of


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UsageError("text-empty"), 400),
        (UsageError("token-needed"), 401),
        (UsageError("not-allowed"), 403),
        (UsageError("line-unknown"), 404),
        (UsageError("request-too-large"), 413),
        (UsageError("trust-digits-differ"), 409),
        (PeerError("proof-wrong"), 422),
        (ForkError("log-forked"), 409),
        (BusyError("credit-used"), 429),
        (PathError("path-closed"), 502),
        (StoreError("store-fenced"), 503),
        (OpenlineError("something-else"), 500),
    ],
)
def test_each_error_has_its_status(error: OpenlineError, status: int) -> None:
    assert status_of(error) == status


def test_a_refusal_says_its_id_a_sentence_and_the_facts() -> None:
    view = view_of(UsageError("text-too-long", size=70_000, limit=60_000), "en")
    assert (view.error, view.facts) == ("text-too-long", {"size": 70_000, "limit": 60_000})
    assert view.text


def test_who_must_wait_is_told_how_long_and_who_needs_a_token_which() -> None:
    assert (b"retry-after", b"1") in refusal(BusyError("credit-used"), "en").headers
    assert (b"www-authenticate", b"Bearer") in refusal(UsageError("token-needed"), "en").headers


def test_a_stream_that_fails_on_the_way_ends_in_an_error_line() -> None:
    async def rows() -> AsyncIterator[object]:
        yield {"done": 1}
        raise StoreError("store-failed")

    async def collected() -> list[bytes]:
        return [line async for line in json_lines(rows(), "en")]

    lines = asyncio.run(collected())
    assert lines[0] == b'{"done":1}\n'
    assert lines[1].startswith(b'{"error":"store-failed"')


def test_what_is_left_early_is_closed_at_once() -> None:
    closed: list[str] = []

    async def rows() -> AsyncIterator[int]:
        try:
            yield 1
            yield 2
        finally:
            closed.append("rows")

    async def first() -> int:
        async with closing(rows()) as values:
            async for value in values:
                return value
        return 0

    assert asyncio.run(first()) == 1
    assert closed == ["rows"]

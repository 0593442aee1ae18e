"""Both event loops, so that one suite holds the legs to their promises on each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import pytest
import uvloop

Run = Callable[[Coroutine[object, None, None]], None]

LIMIT_S = 60
"""Ends a story that hangs. No story measures time by it: a machine may be slow, or stand still for a while."""


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    """Runs one story to its end. A story that hangs fails, and so does one that leaves an error to the loop."""
    factory = asyncio.new_event_loop if request.param == "asyncio" else uvloop.new_event_loop

    def run_story(story: Coroutine[object, None, None]) -> None:
        unhandled: list[dict[str, object]] = []

        async def within_limit() -> None:
            asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
            async with asyncio.timeout(LIMIT_S):
                await story

        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(within_limit())
        assert not unhandled

    return run_story

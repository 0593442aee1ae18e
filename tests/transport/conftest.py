"""Both event loops, so that one suite holds the transport to its promises on each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import pytest
import uvloop

Run = Callable[[Coroutine[object, None, None]], None]


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    """Runs one story to its end; a story that hangs fails."""
    factory = asyncio.new_event_loop if request.param == "asyncio" else uvloop.new_event_loop

    def run_story(story: Coroutine[object, None, None]) -> None:
        async def within_limit() -> None:
            async with asyncio.timeout(60):
                await story

        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(within_limit())

    return run_story

"""Stories with real phones: each on one event loop, with its limit, and left out where there is no phone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from tests.phone.desk_phone import missing

Run = Callable[[Coroutine[object, None, None]], None]

LIMIT_S = 240
"""Ends a story that hangs, and measures nothing."""


@pytest.fixture
def run() -> Run:
    """Runs one story to its end."""
    if why := missing():
        pytest.skip(why)

    def run_story(story: Coroutine[object, None, None]) -> None:
        async def within_limit() -> None:
            async with asyncio.timeout(LIMIT_S):
                await story

        asyncio.run(within_limit())

    return run_story

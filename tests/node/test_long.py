"""Long work: progress while it goes on, its result at the end, and its error to whoever waits for it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping

import pytest

from openline.base.errors import StoreError
from openline.node import long
from openline.node.long import Progress, long_work


async def told(work: Callable[[Progress], None]) -> list[Mapping[str, object]]:
    return [row async for row in long_work(work)]


def test_the_result_comes_last() -> None:
    def work(progress: Progress) -> None:
        progress.result = {"files": 2}

    assert asyncio.run(told(work)) == [{"type": "result", "files": 2}]


def test_progress_is_told_while_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long, "_TOLD_EVERY_S", 0.001)
    go_on = threading.Event()

    def work(progress: Progress) -> None:
        progress(3, 10)
        assert go_on.wait(10)

    async def story() -> list[Mapping[str, object]]:
        rows: list[Mapping[str, object]] = []
        async for row in long_work(work):
            rows.append(row)
            go_on.set()
        return rows

    rows = asyncio.run(story())
    assert rows[0] == {"type": "progress", "done": 3, "total": 10}
    assert rows[-1] == {"type": "result"}


def test_nothing_is_told_of_work_that_has_not_said_how_much_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long, "_TOLD_EVERY_S", 0.001)
    go_on = threading.Event()

    def work(_: Progress) -> None:
        assert go_on.wait(10)

    async def story() -> list[Mapping[str, object]]:
        asyncio.get_running_loop().call_later(0.01, go_on.set)
        return await told(work)

    assert asyncio.run(story()) == [{"type": "result"}]


def test_an_error_of_the_work_comes_to_whoever_waits() -> None:
    def work(_: Progress) -> None:
        raise StoreError("store-disk-full", path="/backup")

    with pytest.raises(StoreError, match="store-disk-full"):
        asyncio.run(told(work))


def test_work_that_nobody_waits_for_any_more_ends_by_itself_and_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long, "_TOLD_EVERY_S", 0.001)
    go_on, ended = threading.Event(), threading.Event()
    complaints: list[object] = []

    def work(progress: Progress) -> None:
        progress(1, 2)
        assert go_on.wait(10)
        ended.set()
        raise ValueError("nobody is interested")

    async def story() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
        async for _ in long_work(work):
            break
        go_on.set()
        await asyncio.get_running_loop().run_in_executor(None, ended.wait, 10)

    asyncio.run(story())
    assert ended.is_set()
    assert not complaints

"""Tasks: one that fails stops the node and says why; stopping ends them all and waits."""

from __future__ import annotations

import asyncio

from openline.base.errors import OpenlineError, StoreError
from openline.node.tasks import Tasks
from tests.node.houses import played


class Heard:
    """What was said of failures."""

    def __init__(self) -> None:
        self.said: list[tuple[str, OpenlineError | Exception]] = []

    def __call__(self, name: str, why: OpenlineError | Exception) -> None:
        self.said.append((name, why))


async def forever() -> None:
    await asyncio.get_running_loop().create_future()


async def fails(why: Exception) -> None:
    raise why


def test_a_task_runs_to_its_end_under_its_name() -> None:
    async def story() -> None:
        heard, done = Heard(), asyncio.Event()
        tasks = Tasks(heard)

        async def work() -> None:
            done.set()

        task = tasks.spawn(work(), "dial fibre")
        assert task.get_name() == "dial fibre"
        await task
        assert done.is_set()
        assert not heard.said
        assert not tasks._running, "what has ended is forgotten"

    played(story())


def test_a_task_that_fails_is_told_with_its_name_and_raises_nowhere_else() -> None:
    async def story() -> None:
        heard = Heard()
        tasks = Tasks(heard)
        why, bug = StoreError("store-broken", path="a", detail="b"), ZeroDivisionError()
        await tasks.spawn(fails(why), "one")
        await tasks.spawn(fails(bug), "two")
        assert heard.said == [("one", why), ("two", bug)]

    played(story())


def test_stopping_ends_what_runs_and_waits_for_it() -> None:
    async def story() -> None:
        heard, ended = Heard(), asyncio.Event()
        tasks = Tasks(heard)

        async def work() -> None:
            try:
                await forever()
            finally:
                await asyncio.sleep(1)
                ended.set()

        tasks.spawn(work(), "slow to end")
        await asyncio.sleep(0)
        await tasks.stop()
        assert ended.is_set()
        assert not heard.said, "being stopped is no failure"

    played(story())


def test_what_goes_wrong_while_stopping_is_not_told() -> None:
    async def story() -> None:
        heard = Heard()
        tasks = Tasks(heard)

        async def work() -> None:
            try:
                await forever()
            finally:
                raise ZeroDivisionError

        tasks.spawn(work(), "ends badly")
        await asyncio.sleep(0)
        await tasks.stop()
        assert not heard.said

    played(story())


def test_a_task_begun_by_a_task_that_is_being_stopped_is_stopped_too() -> None:
    async def story() -> None:
        heard = Heard()
        tasks = Tasks(heard)

        async def work() -> None:
            try:
                await forever()
            finally:
                tasks.spawn(forever(), "late")

        tasks.spawn(work(), "early")
        await asyncio.sleep(0)
        await tasks.stop()
        assert not tasks._running

    played(story())

"""When a path is dialled: at once, then ever more slowly, and at once again when there is reason to.

The clock of the event loop is made up: a pause takes no time, and every moment is exact.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Coroutine

import pytest

from openline.base.errors import PathError
from openline.transport.dialer import Dialer
from openline.transport.memory import End, MemorySession, pair
from openline.transport.session import Rules, Session, Target
from tests.transport.ends import Log

FIBRE = Target("bravo.example", "fibre", "192.0.2.1:7400")
FIBRE_TOO = Target("bravo.example", "fibre", "192.0.2.2:7400")


class MadeUpTime(selectors.DefaultSelector):
    """A selector that does not wait: it moves the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "the story waits for something that never comes"
        self.now += timeout
        return super().select(0)


class MadeUpLoop(asyncio.SelectorEventLoop):
    """An event loop on made-up time."""

    def __init__(self) -> None:
        self.clock = MadeUpTime()
        super().__init__(self.clock)

    def time(self) -> float:
        return round(self.clock.now, 6)


class Road:
    """Stands for the network: notes each attempt, and lets those through whose moment is in `open_from`."""

    def __init__(self, open_from: float = 1e9) -> None:
        self.open_from = open_from
        self.attempts: list[tuple[float, str]] = []
        self.failures: list[str] = []
        self.sessions: list[MemorySession] = []
        self._loop = asyncio.get_running_loop()

    @property
    def times(self) -> list[float]:
        return [moment for moment, _ in self.attempts]

    async def dial(self, target: Target) -> Session:
        self.attempts.append((self._loop.time(), target.address))
        if self._loop.time() < self.open_from:
            raise PathError("path-refused", path=target.path, address=target.address)
        ours, _ = pair(End("alpha.example", Log()), End(target.party, Log()), target.path, self._loop.call_soon)
        self.sessions.append(ours)
        return ours

    def failed(self, target: Target, why: PathError) -> None:
        self.failures.append(why.message_id)

    def dialer(self, *targets: Target, rules: Rules = Rules()) -> Dialer:  # noqa: B008 - rules are frozen values
        return Dialer(targets or (FIBRE,), rules, self.dial, spawn, self._loop.time, self.failed)


def spawn(work: Coroutine[object, None, None], name: str) -> asyncio.Task[None]:
    return asyncio.create_task(work, name=name)


@pytest.fixture
def run() -> Callable[[Awaitable[None]], None]:
    def run_story(story: Awaitable[None]) -> None:
        async def told() -> None:
            await story

        with asyncio.Runner(loop_factory=MadeUpLoop) as runner:
            runner.run(told())

    return run_story


Run = Callable[[Awaitable[None]], None]


def test_pauses_double_up_to_30_seconds(run: Run) -> None:
    async def story() -> None:
        road = Road()
        dialer = road.dialer()
        dialer.start()
        await asyncio.sleep(124)
        await dialer.stop()
        assert road.times == [0, 0.25, 0.75, 1.75, 3.75, 7.75, 15.75, 31.75, 61.75, 91.75, 121.75]
        assert road.failures == ["path-refused"] * 11

    run(story())


def test_a_metered_path_pauses_up_to_5_minutes(run: Run) -> None:
    async def story() -> None:
        road = Road()
        dialer = road.dialer(rules=Rules(metered=True))
        dialer.start()
        await asyncio.sleep(1_200)
        await dialer.stop()
        assert road.times[-3:] == [511.75, 811.75, 1_111.75]
        assert len(road.times) == 14

    run(story())


def test_every_address_is_dialled_at_once_and_none_waits_for_another(run: Run) -> None:
    async def story() -> None:
        road = Road()
        dialer = road.dialer(FIBRE, FIBRE_TOO)
        dialer.start()
        await asyncio.sleep(0.3)
        await dialer.stop()
        assert road.attempts == [
            (0, FIBRE.address),
            (0, FIBRE_TOO.address),
            (0.25, FIBRE.address),
            (0.25, FIBRE_TOO.address),
        ]

    run(story())


def test_as_many_sessions_are_kept_as_the_rules_say(run: Run) -> None:
    async def story() -> None:
        road = Road(open_from=0)
        dialer = road.dialer(rules=Rules(sessions=3))
        dialer.start()
        await asyncio.sleep(100)
        assert len(road.sessions) == 3
        road.sessions[1].cut()
        await asyncio.sleep(0.01)
        assert len(road.sessions) == 4
        await dialer.stop()

    run(story())


def test_a_session_that_lasted_is_dialled_again_at_once(run: Run) -> None:
    async def story() -> None:
        road = Road(open_from=10)
        dialer = road.dialer()
        dialer.start()
        await asyncio.sleep(60)
        assert road.times[-1] == 15.75
        road.sessions[0].cut()
        await asyncio.sleep(0.01)
        assert road.times[-1] == 60
        await dialer.stop()

    run(story())


def test_a_peer_that_closes_every_session_at_once_is_dialled_ever_more_slowly(run: Run) -> None:
    async def story() -> None:
        road = Road(open_from=0)

        async def dial_and_lose(target: Target) -> Session:
            session = await road.dial(target)
            road.sessions[-1].cut()
            return session

        dialer = Dialer([FIBRE], Rules(), dial_and_lose, spawn, asyncio.get_running_loop().time, road.failed)
        dialer.start()
        await asyncio.sleep(10)
        await dialer.stop()
        assert road.times == [0, 0.25, 0.75, 1.75, 3.75, 7.75]

    run(story())


def test_hurry_dials_now_and_starts_the_pauses_over(run: Run) -> None:
    async def story() -> None:
        road = Road()
        dialer = road.dialer()
        dialer.start()
        await asyncio.sleep(100)
        dialer.hurry()
        await asyncio.sleep(1)
        await dialer.stop()
        assert road.times[-4:] == [91.75, 100, 100.25, 100.75]

    run(story())


def test_hurry_is_heeded_soon_after_the_start_too(run: Run) -> None:
    async def story() -> None:
        road = Road()
        dialer = road.dialer(rules=Rules(metered=True))
        dialer.start()
        await asyncio.sleep(20)
        dialer.hurry()
        await asyncio.sleep(0.1)
        await dialer.stop()
        assert road.times[-2:] == [15.75, 20]

    run(story())


def test_hurry_is_not_wasted_on_a_short_pause(run: Run) -> None:
    async def story() -> None:
        road = Road()
        dialer = road.dialer()
        dialer.start()
        await asyncio.sleep(0.1)
        dialer.hurry()
        await asyncio.sleep(9.9)
        dialer.hurry()
        await asyncio.sleep(0.1)
        await dialer.stop()
        assert road.times == [0, 0.25, 0.75, 1.75, 3.75, 7.75, 10]

    run(story())


def test_hurry_is_heeded_after_a_session_that_lasted_has_ended(run: Run) -> None:
    async def story() -> None:
        road = Road(open_from=10)
        dialer = road.dialer(rules=Rules(metered=True))
        dialer.start()
        await asyncio.sleep(1_000)
        dialer.hurry()
        road.open_from = 1e9
        road.sessions[0].cut()
        await asyncio.sleep(100)
        assert road.times[-1] == 1_063.75
        dialer.hurry()
        await asyncio.sleep(0.1)
        await dialer.stop()
        assert road.times[-1] == 1_100

    run(story())


def test_hurry_again_and_again_does_not_flood_a_dead_path(run: Run) -> None:
    async def story() -> None:
        road = Road()
        dialer = road.dialer()
        dialer.start()
        for _ in range(1_000):
            await asyncio.sleep(0.1)
            dialer.hurry()
        await dialer.stop()
        assert len(road.times) <= 30, "three at first, and seven for each of the four that are heeded"

    run(story())


def test_hurry_leaves_a_session_that_is_up_alone(run: Run) -> None:
    async def story() -> None:
        road = Road(open_from=0)
        dialer = road.dialer()
        dialer.start()
        await asyncio.sleep(100)
        dialer.hurry()
        await asyncio.sleep(100)
        await dialer.stop()
        assert road.times == [0]

    run(story())


def test_stop_stops_and_leaves_sessions_to_their_owner(run: Run) -> None:
    async def story() -> None:
        road = Road(open_from=0)
        dialer = road.dialer()
        await dialer.stop()
        dialer.start()
        await asyncio.sleep(1)
        await dialer.stop()
        road.sessions[0].cut()
        assert await road.sessions[0].ended() == "session-broken"
        await asyncio.sleep(100)
        assert road.times == [0]
        assert len(asyncio.all_tasks()) == 1

    run(story())


def test_an_attempt_under_way_is_called_off_by_stop(run: Run) -> None:
    async def story() -> None:
        called_off: list[bool] = []

        async def hang(target: Target) -> Session:
            try:
                await asyncio.sleep(1_000)
            except asyncio.CancelledError:
                called_off.append(True)
                raise
            raise AssertionError

        dialer = Dialer([FIBRE], Rules(), hang, spawn, asyncio.get_running_loop().time, Road().failed)
        dialer.start()
        await asyncio.sleep(1)
        await dialer.stop()
        assert called_off == [True]

    run(story())

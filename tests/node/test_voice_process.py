"""One run of the voice process: real child processes that behave, are silent, talk nonsense, or do not end."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Collection, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
import uvloop

from openline.base.limits import VOICE_BEAT_US, VOICE_HUNG_AFTER_US
from openline.base.time import SECOND_US
from openline.media.words import Beat, Begin, CallOver, Facts, Note, Ready, Telling
from openline.node import voice_process
from openline.node.voice_process import Ended, VoiceProcess
from tests.node import voice_child

Run = Callable[[Coroutine[object, None, None]], None]

CHILD = Path(voice_child.__file__)
BEGIN = Begin(3, ("127.0.0.1",), {"fibre": 7})
LIMIT_S = 60


def command(mood: str = "well") -> tuple[str, ...]:
    """The voice process of these tests, in a mood."""
    return (sys.executable, "-P", str(CHILD), mood)


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    """Runs one story on each of the two event loops."""
    factory = asyncio.new_event_loop if request.param == "asyncio" else uvloop.new_event_loop

    def run_story(story: Coroutine[object, None, None]) -> None:
        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(asyncio.wait_for(story, LIMIT_S))

    return run_story


class Ear:
    """All that a run has said."""

    def __init__(self) -> None:
        self.words: list[Telling] = []
        self.late: list[int] = []
        self._news = asyncio.Event()

    def heard(self, word: Telling) -> None:
        self.words.append(word)
        self._news.set()

    async def until(self, holds: Callable[[list[Telling]], object]) -> None:
        while not holds(self.words):
            self._news.clear()
            await self._news.wait()

    async def ready(self) -> None:
        await self.until(lambda words: any(isinstance(word, Ready) for word in words))


@asynccontextmanager
async def started(mood: str = "well") -> AsyncIterator[tuple[VoiceProcess, Ear, asyncio.Task[Ended]]]:
    """A run under way. Whatever happens, nothing of it is left."""
    ear, before = Ear(), children().keys()
    process = VoiceProcess(ear.heard, ear.late.append)
    task = asyncio.create_task(process.run(command(mood), [BEGIN]))
    try:
        yield process, ear, task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await childless(before)


def pid(process: VoiceProcess) -> int:
    assert process._process is not None
    return process._process.pid


async def childless(before: Collection[int]) -> None:
    """Until no child is left but those: one called off while it was started is waited for by the event loop itself."""
    end = asyncio.get_running_loop().time() + LIMIT_S / 2
    while left := children().keys() - before:
        assert asyncio.get_running_loop().time() < end, left
        await asyncio.sleep(0.01)


def children() -> dict[int, str]:
    """Children of this process, dead ones that nobody has waited for included, by number."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            name, _, rest = stat.read_text().rpartition(")")
            if int(rest.split()[1]) == os.getpid():
                found[int(stat.parent.name)] = f"{name}) {rest.split()[0]}"
    return found


def test_it_is_told_first_things_first_and_beats(run: Run) -> None:
    async def story() -> None:
        async with started() as (process, ear, _):
            await ear.until(lambda words: sum(isinstance(word, Beat) for word in words) >= 4)
            told = [word for word in ear.words if not isinstance(word, Beat)]
            facts: Facts = {"word": "Begin", "life": 3, "addresses": "127.0.0.1", "ports": "{'fibre': 7}"}
            assert told == [Note("heard", facts), Ready("sha-256 AB")]
            assert len(ear.late) >= 3, "we beat as well"
            assert os.getsid(pid(process)) == pid(process), "the terminal's Ctrl-C is not its business"

    run(story())


def test_one_that_beats_lives_on(run: Run) -> None:
    async def story() -> None:
        async with started() as (_, ear, task):
            beats = VOICE_HUNG_AFTER_US // VOICE_BEAT_US + 3
            await ear.until(lambda words: sum(isinstance(word, Beat) for word in words) >= beats)
            assert not task.done()

    run(story())


def test_one_that_is_cut_off_and_stays_is_killed(run: Run) -> None:
    async def story() -> None:
        async with started("deaf") as (process, ear, task):
            await ear.ready()
            process.say(CallOver(voice_child.GARBAGE))
            assert await task == Ended("garbled", -signal.SIGKILL)

    run(story())


def test_it_ends_in_order_when_told(run: Run) -> None:
    async def story() -> None:
        async with started() as (process, ear, task):
            await ear.ready()
            process.stop()
            assert await task == Ended("ended", 0)

    run(story())


def test_one_that_does_not_end_when_told_is_killed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        monkeypatch.setattr(voice_process, "STOPS_WITHIN_S", 0.3)
        async with started("deaf") as (process, ear, task):
            await ear.ready()
            process.stop()
            assert await task == Ended("ended", -signal.SIGKILL)

    run(story())


def test_one_that_has_not_begun_is_not_waited_for(run: Run) -> None:
    async def story() -> None:
        for pause_s in (0.0, 0.2):
            async with started("slow") as (process, _, task):
                await asyncio.sleep(pause_s)
                process.stop()
                assert (await task).status == -signal.SIGKILL

    run(story())


@pytest.mark.parametrize(
    ("order", "ended"),
    [
        pytest.param(voice_child.EXIT, Ended("ended", 3), id="it exits"),
        pytest.param(voice_child.GARBAGE, Ended("garbled", -signal.SIGKILL), id="it says what is no word"),
        pytest.param(voice_child.HUGE, Ended("garbled", -signal.SIGKILL), id="it says something without end"),
        pytest.param(voice_child.MUTE, Ended("hung", -signal.SIGKILL), id="it works and does not beat"),
    ],
)
def test_one_that_fails_is_gone_and_the_cause_is_known(run: Run, order: int, ended: Ended) -> None:
    async def story() -> None:
        async with started() as (process, ear, task):
            await ear.ready()
            process.say(CallOver(order))
            found = await task
            # One that is cut off sees the end of its channel, and may go before it is killed.
            assert found == ended or (found.cause, found.status) == (ended.cause, 0)

    run(story())


def test_one_that_stands_still_is_hung(run: Run) -> None:
    async def story() -> None:
        async with started() as (process, ear, task):
            await ear.ready()
            os.kill(pid(process), signal.SIGSTOP)
            begun = asyncio.get_running_loop().time()
            assert await task == Ended("hung", -signal.SIGKILL)
            took_s = asyncio.get_running_loop().time() - begun
            assert took_s >= VOICE_HUNG_AFTER_US / SECOND_US - 0.3

    run(story())


def test_one_that_never_begins_is_given_up(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        monkeypatch.setattr(voice_process, "BEGINS_WITHIN_S", 1.0)
        async with started("slow") as (process, ear, task):
            await ear.until(bool)
            os.kill(pid(process), signal.SIGSTOP)
            assert await task == Ended("slow", -signal.SIGKILL)

    run(story())


def test_nobody_is_called_hung_while_we_were_held_up_ourselves(run: Run) -> None:
    async def story() -> None:
        async with started() as (_, ear, task):
            await ear.ready()
            blocked_s = VOICE_HUNG_AFTER_US / SECOND_US + 0.5
            deadline = asyncio.get_running_loop().time() + blocked_s
            while asyncio.get_running_loop().time() < deadline:
                pass
            await asyncio.sleep(0.6)
            assert not task.done()
            assert max(ear.late) > 2 * SECOND_US, "and that we were is told"

    run(story())


def test_what_cannot_be_started_is_told(run: Run) -> None:
    async def story() -> None:
        process = VoiceProcess(Ear().heard, lambda _: None)
        assert await process.run(("/no/such/program",), [BEGIN]) == Ended("unstarted")
        process.say(BEGIN)
        process.stop()

    run(story())


def test_whoever_calls_it_off_leaves_no_process_behind(run: Run) -> None:
    async def story() -> None:
        before = children().keys()
        for wait in (False, True):
            async with started("deaf") as (_, ear, task):
                if wait:
                    await ear.ready()
                else:
                    await asyncio.sleep(0)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                await childless(before)

    run(story())

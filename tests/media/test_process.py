"""A real voice process at the end of a real socket pair: it begins, answers, beats, outlives its node, and ends."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from types import TracebackType

import pytest

from openline.media.channel import Channel, join
from openline.media.process import Process, is_ours
from openline.media.words import (
    Beat,
    Begin,
    CallIs,
    CallOver,
    CloseLeg,
    GateIs,
    Note,
    Offer,
    Ready,
    Refused,
    SessionEnded,
    SessionOpened,
    Stop,
    StopPhones,
    StreamArrived,
    Telling,
    Word,
)

BEGIN = Begin(0, ("127.0.0.1",), {})
PATIENCE_S = 30.0


class Child:
    """The node's end, and the process at the other one."""

    def __init__(self) -> None:
        self.heard: list[Telling] = []
        self.ended = False
        self.process: asyncio.subprocess.Process
        self.channel: Channel[Telling] = Channel(Telling, self.heard.append, self._end)  # type: ignore[arg-type] # a union of words
        self.own: socket.socket

    def _end(self) -> None:
        self.ended = True

    def say(self, *words: Word) -> None:
        for word in words:
            self.channel.say(word)

    def of(self, kind: type[Word]) -> list[Word]:
        return [word for word in self.heard if isinstance(word, kind)]

    def notes(self, fact: str) -> list[Note]:
        return [word for word in self.heard if isinstance(word, Note) and word.fact == fact]

    async def until(self, what: Callable[[], object]) -> None:
        while not what():
            assert not self.ended or self.process.returncode is None or what(), self.heard
            await asyncio.sleep(0.01)

    async def ends(self) -> int:
        return await self.process.wait()


@asynccontextmanager
async def child(*words: Word, grace_s: float = 10.0) -> AsyncIterator[Child]:
    """A process that was told these words."""
    made, (ours, theirs) = Child(), socket.socketpair()
    with theirs:
        made.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "openline.media.process",
            str(theirs.fileno()),
            str(grace_s),
            pass_fds=(theirs.fileno(),),
            stderr=asyncio.subprocess.PIPE,
        )
    await join(made.channel, ours)
    made.own = ours
    made.say(*words)
    try:
        async with asyncio.timeout(PATIENCE_S):
            yield made
    finally:
        made.channel.close()
        with suppress(ProcessLookupError):
            made.process.kill()
        await made.process.wait()


def run(story: Coroutine[object, None, None]) -> None:
    asyncio.run(story)


def test_it_begins_answers_an_offer_that_is_none_beats_and_stops_when_told() -> None:
    async def story() -> None:
        async with child(BEGIN, Offer(5, "watch", "session", "v=0 made up")) as one:
            await one.until(lambda: one.of(Ready) and one.of(Refused) and len(one.of(Beat)) >= 3)
            ready, refused = one.of(Ready)[0], one.of(Refused)[0]
            assert isinstance(ready, Ready)
            assert ready.fingerprint.startswith("sha-256 ")
            assert isinstance(refused, Refused)
            assert (refused.request, refused.reason) == (5, "leg-offer-wrong")
            one.say(Stop())
            assert await one.ends() == 0
            assert one.process.stderr is not None
            assert await one.process.stderr.read() == b""

    run(story())


def test_words_about_what_is_not_there_do_no_harm() -> None:
    async def story() -> None:
        before = (GateIs(1, 1, open=True), CloseLeg(3, "leg-closed"))
        after = (
            GateIs(9, 9, open=True),
            CallOver(9),
            CloseLeg(200, "leg-closed"),
            SessionEnded(77),
            StreamArrived(77, b"\x00\x00\x01sound"),
            StopPhones(9),
            CallIs(4, "hotline", 3, ("nobody",), ()),
            BEGIN,
        )
        async with child(*before, BEGIN, *after, Offer(6, "watch", "session", "")) as one:
            await one.until(lambda: one.of(Refused))
            assert len(one.of(Ready)) == 1, "there is one beginning"
            one.say(Stop())
            assert await one.ends() == 0

    run(story())


def test_it_goes_on_for_a_while_after_its_node_has_gone_and_then_ends() -> None:
    async def story() -> None:
        async with child(BEGIN, grace_s=5.0) as one:
            await one.until(lambda: one.of(Ready))
            one.channel.close()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.6):
                    await one.ends()
            assert await one.ends() == 0

    run(story())


@pytest.mark.parametrize(("signalled", "ends"), [(signal.SIGTERM, True), (signal.SIGINT, False)])
def test_sigterm_ends_it_at_once_and_the_terminals_key_does_not(signalled: signal.Signals, ends: bool) -> None:
    async def story() -> None:
        async with child(BEGIN) as one:
            await one.until(lambda: one.of(Ready))
            os.kill(one.process.pid, signalled)
            beats = len(one.of(Beat))
            if ends:
                assert await one.ends() == 0
            else:
                await one.until(lambda: len(one.of(Beat)) >= beats + 2)

    run(story())


def test_words_it_cannot_read_end_it() -> None:
    async def story() -> None:
        async with child(BEGIN, grace_s=600.0) as one:
            await one.until(lambda: one.of(Ready))
            one.say(Ready("no word of a node"))
            await one.ends()

    run(story())


def test_a_bug_ends_it_with_a_word_why() -> None:
    async def story() -> None:
        async with child(BEGIN) as one:
            await one.until(lambda: one.of(Ready))
            one.say(
                SessionOpened(1, "hotline", "bravo", "fibre", True, b"no secret", ("127.0.0.1", 1), ("127.0.0.1", 2))
            )
            assert await one.ends() != 0
            await one.until(lambda: one.ended)
            assert [note.facts["where"] for note in one.notes("voice-failed")] == ["loop"]

    run(story())


@pytest.mark.parametrize("why", [ValueError("a bug"), None])
def test_a_piece_of_work_that_fails_is_the_end_of_everything(why: Exception | None) -> None:
    async def work() -> None:
        if why is not None:
            raise why

    async def story() -> None:
        process = Process(grace_s=0.0)
        await asyncio.wait([process.start(work(), "a piece of work")])
        assert process.failure is (why is not None)

    run(story())


def test_trouble_inside_a_library_is_told_from_a_bug_of_ours() -> None:
    def trace(file: str, *calls: str) -> TracebackType:
        space: dict[str, object] = {}
        exec(compile("def call(then):\n then()\n", file, "exec"), space)  # a frame of that file
        call = space["call"]
        assert callable(call)

        def raises() -> None:
            raise ValueError("broken")

        with pytest.raises(ValueError, match="broken") as broke:
            call(raises)
        found = broke.tb.tb_next
        assert found is not None
        return found

    assert is_ours(None)
    assert is_ours(trace("/usr/lib/python3.11/asyncio/events.py"))
    assert not is_ours(trace("/somewhere/site-packages/aioice/stun.py"))

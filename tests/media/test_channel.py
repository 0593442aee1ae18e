"""The channel: words both ways, whole, in order; and an end that is cut off when it must be."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine

import msgspec
import pytest
import uvloop

from openline.base.limits import CHANNEL_BYTES_MAX
from openline.media.channel import GARBLED, UNREAD, Channel, join
from openline.media.words import Beat, Note, StreamArrived, Word

Run = Callable[[Coroutine[object, None, None]], None]


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    """Runs one story on each of the two event loops."""
    factory = asyncio.new_event_loop if request.param == "asyncio" else uvloop.new_event_loop

    def run_story(story: Coroutine[object, None, None]) -> None:
        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(asyncio.wait_for(story, 20))

    return run_story


class Side:
    """One end, and all it heard."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self.ends = 0
        self._news = asyncio.Event()
        self.channel: Channel[Word] = Channel(
            Beat | Note | StreamArrived,  # type: ignore[arg-type] # a union of words
            self._heard,
            self._ended,
        )

    def _heard(self, word: Word) -> None:
        self.words.append(word)
        self._news.set()

    def _ended(self) -> None:
        self.ends += 1
        self._news.set()

    async def hears(self, count: int) -> list[Word]:
        while len(self.words) < count:
            self._news.clear()
            await self._news.wait()
        return self.words

    async def ended(self) -> None:
        while not self.ends:
            self._news.clear()
            await self._news.wait()


async def two() -> tuple[Side, Side]:
    one, other = Side(), Side()
    ends = socket.socketpair()
    await join(one.channel, ends[0])
    await join(other.channel, ends[1])
    return one, other


async def by_hand() -> tuple[Side, socket.socket]:
    """A channel whose other end is a bare socket."""
    one = Side()
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    await join(one.channel, ours)
    return one, theirs


def framed(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def test_words_go_both_ways_in_order(run: Run) -> None:
    async def story() -> None:
        one, other = await two()
        for number in range(100):
            one.channel.say(Beat(number))
        other.channel.say(Note("a-fact", {"size": 3}))
        assert await other.hears(100) == [Beat(number) for number in range(100)]
        assert await one.hears(1) == [Note("a-fact", {"size": 3})]
        one.channel.close()
        await other.ended()
        await one.ended()

    run(story())


def test_what_was_said_before_the_end_still_comes(run: Run) -> None:
    async def story() -> None:
        one, other = await two()
        for number in range(1_000):
            one.channel.say(StreamArrived(number, bytes(1_204)))
        one.channel.close()
        await other.ended()
        assert len(other.words) == 1_000
        one.channel.say(Beat(1))
        other.channel.say(Beat(1))
        assert (one.channel.fault, other.channel.fault, one.ends, other.ends) == ("", "", 1, 1)

    run(story())


def test_a_word_that_comes_in_crumbs_is_the_same_word(run: Run) -> None:
    async def story() -> None:
        one, theirs = await by_hand()
        for byte in framed(msgspec.msgpack.encode(Beat(7))) + framed(msgspec.msgpack.encode(Beat(8))):
            theirs.send(bytes([byte]))
            await asyncio.sleep(0)
        assert await one.hears(2) == [Beat(7), Beat(8)]
        theirs.close()
        await one.ended()

    run(story())


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(framed(b"junk"), id="no msgpack"),
        pytest.param(framed(msgspec.msgpack.encode([99, 1])), id="no word of ours"),
        pytest.param(framed(msgspec.msgpack.encode([14, "late"])), id="a word with a wrong field"),
        pytest.param((CHANNEL_BYTES_MAX + 1).to_bytes(4, "big"), id="longer than anything we say"),
    ],
)
def test_who_says_what_is_no_word_is_cut_off(run: Run, data: bytes) -> None:
    async def story() -> None:
        one, theirs = await by_hand()
        with theirs:
            theirs.send(framed(msgspec.msgpack.encode(Beat(1))) + data + framed(msgspec.msgpack.encode(Beat(2))))
            await one.ended()
        assert one.words == [Beat(1)], "what came before counts, and nothing after"
        assert (one.channel.fault, one.ends) == (GARBLED, 1)

    run(story())


def test_who_does_not_read_is_cut_off(run: Run) -> None:
    async def story() -> None:
        one, theirs = await by_hand()
        with theirs:
            said = 0
            while not one.channel.fault:
                one.channel.say(StreamArrived(1, bytes(65_536)))
                said += 65_536
                assert said < 3 * CHANNEL_BYTES_MAX
            await one.ended()
        assert said >= CHANNEL_BYTES_MAX
        assert one.channel.fault == UNREAD

    run(story())

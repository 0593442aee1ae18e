"""The position that says back: when, at which pace, under which numbers, and how much at most."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

from openline.base.time import SECOND_US
from openline.media.answering import FRAMES_MAX, KEPT_US, QUIET_S, SPEAKERS_MAX, AnsweringLeg
from openline.media.ports import Leg
from openline.voice.frame import Codec, Frame
from tests.media.fast_loop import on_fast_loop

SAMPLES = 960


class Said:
    """What an answering leg said, when, and its gate."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.at: list[float] = []
        self.gates: list[bool] = []
        self.leg = AnsweringLeg(self._say, self.gates.append)

    def _say(self, frame: Frame) -> None:
        assert self.gates[-1], "the gate is open"
        self.frames.append(frame)
        self.at.append(asyncio.get_running_loop().time())

    @property
    def words(self) -> list[bytes]:
        return [frame.payload for frame in self.frames]


def same_shape(said: Said) -> Leg:
    return said.leg


def frame(number: int, stream: int = 7, timestamp: int | None = None, payload: bytes | None = None) -> Frame:
    at = number * SAMPLES if timestamp is None else timestamp
    return Frame(stream, number % 65_536, at, False, Codec.OPUS, payload or b"%d" % number)


async def talk(said: Said, numbers: range, stream: int = 7, step_s: float = 0.02) -> None:
    for number in numbers:
        said.leg.play(frame(number, stream))
        await asyncio.sleep(step_s)


def run(story: Callable[[Said], Coroutine[object, None, None]]) -> None:
    """On a loop whose time leaps: minutes are milliseconds, and every wait is exact."""

    async def told() -> None:
        await story(Said())

    on_fast_loop(told())


def test_it_waits_until_the_speaker_has_finished_and_says_everything_once_at_the_same_pace() -> None:
    async def story(said: Said) -> None:
        await talk(said, range(500, 550))
        assert said.frames == []
        await asyncio.sleep(10)
        assert said.words == [b"%d" % number for number in range(500, 550)]
        assert [one.sequence for one in said.frames] == list(range(1, 51))
        steps = {later.timestamp - one.timestamp for one, later in zip(said.frames, said.frames[1:], strict=False)}
        assert steps == {SAMPLES}
        paces = [later - one for one, later in zip(said.at, said.at[1:], strict=False)]
        assert max(paces) < 0.021
        assert [one.marker for one in said.frames] == [True] + [False] * 49
        assert said.gates == [True, False]

    run(story)


def test_a_pause_of_a_speaker_whose_gate_stays_open_is_a_pause_when_it_is_said_back() -> None:
    async def story(said: Said) -> None:
        await talk(said, range(10))
        for silence in range(5):
            said.leg.play(frame(10 + silence, timestamp=10 * SAMPLES + silence * 20 * SAMPLES))
            await asyncio.sleep(0.4)
        assert said.frames == [], "in silence a frame comes every 400 ms: the gate is open"
        await asyncio.sleep(10)
        assert len(said.frames) == 15
        assert 1.7 < said.at[-1] - said.at[0] < 1.9

    run(story)


def test_frames_that_come_late_or_twice_are_said_in_order_and_once() -> None:
    async def story(said: Said) -> None:
        for number in (65_534, 65_536, 65_535, 65_536, 65_533, 65_537):
            said.leg.play(frame(number))
        await asyncio.sleep(5)
        assert said.words == [b"65533", b"65534", b"65535", b"65536", b"65537"]

    run(story)


def test_two_speakers_are_answered_one_after_the_other() -> None:
    async def story(said: Said) -> None:
        await asyncio.gather(talk(said, range(30), 7), talk(said, range(100, 140), 8))
        await asyncio.sleep(10)
        assert said.words == [b"%d" % number for number in (*range(30), *range(100, 140))]
        assert said.gates == [True, False, True, False]
        assert [one.sequence for one in said.frames] == list(range(1, 71))

    run(story)


def test_who_speaks_again_meanwhile_is_answered_afterwards() -> None:
    async def story(said: Said) -> None:
        await talk(said, range(50))
        await asyncio.sleep(QUIET_S + 0.1)
        assert 0 < len(said.frames) < 50
        await talk(said, range(200, 210))
        await asyncio.sleep(10)
        assert said.words == [b"%d" % number for number in (*range(50), *range(200, 210))]

    run(story)


def test_who_never_falls_silent_is_answered_when_enough_is_kept() -> None:
    async def story(said: Said) -> None:
        await talk(said, range(2_000))
        assert said.words[:3] == [b"0", b"1", b"2"]
        await asyncio.sleep(60)
        kept = KEPT_US // 20_000
        assert said.words[:kept] == [b"%d" % number for number in range(kept)]

    run(story)


def test_it_keeps_no_more_than_it_may_whatever_comes() -> None:
    async def story(said: Said) -> None:
        for number in range(4 * FRAMES_MAX):
            for stream in range(2 * SPEAKERS_MAX):
                said.leg.play(frame(number, stream, timestamp=0))
        await asyncio.sleep(600)
        assert len(said.frames) <= SPEAKERS_MAX * FRAMES_MAX
        assert said.at[-1] - said.at[0] < SPEAKERS_MAX * (KEPT_US / SECOND_US + 1)

    run(story)


def test_made_up_timestamps_neither_stop_nor_hurry_it() -> None:
    async def story(said: Said) -> None:
        for number, timestamp in enumerate((0, 4_000_000, 1, 47_000, 2**32 - 1, 2**31)):
            said.leg.play(frame(number, timestamp=timestamp))
        await asyncio.sleep(60)
        assert 0 < len(said.frames) <= 6
        assert said.gates == [True, False]

    run(story)


def test_closed_in_the_middle_of_a_word_it_is_silent_and_forgets() -> None:
    async def story(said: Said) -> None:
        await talk(said, range(50))
        await asyncio.sleep(QUIET_S + 0.2)
        count = len(said.frames)
        assert 0 < count < 50
        said.leg.close("leg-stopped")
        said.leg.play(frame(60))
        await asyncio.sleep(60)
        assert len(said.frames) == count
        assert said.gates == [True, False]

    run(story)

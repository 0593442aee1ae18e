"""Sound as the node sees it: real child processes that come, go, hang and say things; sessions, legs, the log."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import cast

import pytest
import uvloop

from openline.base.errors import BusyError, UsageError
from openline.base.limits import VOICE_BACKLOG_BYTES_MAX
from openline.base.time import from_rfc3339
from openline.link.frames import Voice as VoiceFrame
from openline.media.words import CallOver, LegUp, PhonesAre, PhonesRegistered, StreamArrived
from openline.node import voice as voice_module
from openline.node.clock import SystemClock
from openline.node.journal import Journal
from openline.node.tasks import Tasks
from openline.node.voice import OFF, RUNNING, STARTING, Heard, Voice
from openline.node.voice_settings import VoiceSettings
from openline.transport.session import Session
from tests.node import voice_child
from tests.node.test_switchboard import FakeWire
from tests.node.test_voice_process import childless, children, command

LINE = "alpha-bravo"
SOUND, PORT = b"\0\0\1sound", b"\3\x12\x34"
PHONES = PhonesAre("127.0.0.1", "north.example", (), (), 5060, None, "", (16_384, 16_640), 45)


class Ear:
    """The telephone of these tests. Its `log` has everything in order; `on_ready` is done at each ready."""

    def __init__(self) -> None:
        self.log: list[object] = []
        self.on_ready: Callable[[], None] = lambda: None

    def ready(self) -> None:
        self.log.append("ready")
        self.on_ready()

    def gone(self) -> None:
        self.log.append("gone")

    def told(self, word: Heard) -> None:
        self.log.append(word)


class Rig:
    """The sound of a node, with a child that tells what it is told."""

    def __init__(self, settings: VoiceSettings | None) -> None:
        self.out = io.StringIO()
        self.failed: list[object] = []
        self.tasks = Tasks(lambda name, why: self.failed.append((name, why)))
        self.voice = Voice(settings, Journal(SystemClock(), self.out), self.tasks.spawn)
        self.ear = self.voice.hearer = Ear()

    def facts(self, fact: str) -> list[dict[str, object]]:
        rows = [cast("dict[str, object]", json.loads(row)) for row in self.out.getvalue().splitlines()]
        return [row for row in rows if row["fact"] == fact]

    def heard(self, word: str) -> list[dict[str, object]]:
        """What the children have heard under this name."""
        return [row for row in self.facts("heard") if row["word"] == word]

    def order(self) -> list[object]:
        """The names of everything they have heard."""
        return [row["word"] for row in self.facts("heard")]

    async def until(self, holds: Callable[[], object]) -> None:
        end = asyncio.get_running_loop().time() + 30
        while not holds():
            assert asyncio.get_running_loop().time() < end, self.out.getvalue()
            await asyncio.sleep(0.005)

    async def lives(self, life: int) -> None:
        """Until the child with this life runs."""
        await self.until(lambda: [row["life"] for row in self.facts("voice-started")][-1:] == [life])

    def child(self) -> int:
        process = self.voice._process
        assert process is not None
        assert process._process is not None
        return process._process.pid

    def wire(self, number: int, backlog_bytes: int = 0) -> FakeWire:
        """A session that may carry sound from now on."""
        wire = FakeWire(number, dialled=True)
        wire.backlog_bytes = backlog_bytes
        self.voice.opened(cast("Session", wire), LINE)
        return wire


@asynccontextmanager
async def sounding(mood: str = "well", settings: VoiceSettings | None = None) -> AsyncIterator[Rig]:
    """A rig whose child has begun, unless it never does. In the end nothing of it is left."""
    before = children().keys()
    rig = Rig(settings or VoiceSettings(("127.0.0.1",), command=command(mood)))
    rig.voice.start({"fibre": 7000})
    try:
        if mood != "slow":
            await rig.until(lambda: rig.voice.state == RUNNING)
        yield rig
    finally:
        await rig.voice.stop()
        assert rig.voice.state == OFF
        await childless(before)
        await rig.tasks.stop()
    assert not rig.failed


def play(story: Callable[[], Coroutine[object, None, None]]) -> None:
    uvloop.run(asyncio.wait_for(story(), 60))


# Its beginning


def test_a_voice_process_is_told_what_it_needs_and_then_the_telephone_speaks() -> None:
    async def story() -> None:
        rig = Rig(VoiceSettings(("127.0.0.1", "::1"), command=command()))
        assert rig.voice.state == OFF
        rig.wire(5)
        rig.ear.on_ready = lambda: rig.voice.say(CallOver(99))
        rig.voice.start({"fibre": 7000})
        assert rig.voice.state == STARTING
        await rig.until(lambda: "CallOver" in rig.order())
        assert rig.order() == ["Begin", "SessionOpened", "CallOver"]
        (begin,) = rig.heard("Begin")
        assert (begin["life"], begin["addresses"], begin["ports"]) == (0, "127.0.0.1 ::1", "{'fibre': 7000}")
        assert rig.ear.log == ["ready"]
        assert [row["fingerprint"] for row in rig.facts("voice-started")] == ["sha-256 AB"]
        await rig.voice.stop()
        assert rig.ear.log == ["ready", "gone"]
        assert not rig.facts("voice-ended"), "that it ends when the node does is no news"

    play(story)


def test_without_addresses_every_address_of_the_machine_is_served() -> None:
    async def story() -> None:
        async with sounding(settings=VoiceSettings(command=command())) as rig:
            assert "127.0.0.1" in str(rig.heard("Begin")[0]["addresses"]).split()

    play(story)


def test_phones_are_said_before_anything_is_rung_and_their_ports_are_noted() -> None:
    async def story() -> None:
        async with sounding(settings=VoiceSettings(("127.0.0.1",), True, PHONES, command())) as rig:
            await rig.until(lambda: rig.facts("phones-reach-us"))
            assert rig.order() == ["Begin", "PhonesAre"]
            assert [(row["udp"], row["tls"]) for row in rig.facts("phones-reach-us")] == [(5060, 0)]
            assert rig.ear.log == ["ready"], "it begins once"

    play(story)


def test_where_there_is_to_be_no_sound_nothing_is_started() -> None:
    async def story() -> None:
        rig = Rig(None)
        rig.voice.start({})
        assert not rig.voice.enabled
        assert (rig.voice.state, rig.voice.lag_us, rig.voice.phones) == (OFF, 0, ())
        with pytest.raises(BusyError, match="voice-not-running"):
            await rig.voice.offer("watch", "s", "v=0")
        rig.voice.say(CallOver(1))
        await rig.voice.stop()

    play(story)


# Sessions


def test_sessions_and_what_comes_on_them_are_handed_over() -> None:
    async def story() -> None:
        async with sounding() as rig:
            wire = rig.wire(5)
            rig.voice.stream(cast("Session", wire), SOUND)
            rig.voice.ended(cast("Session", wire), at_once=True)
            rig.voice.ended(cast("Session", wire))
            rig.voice.stream(cast("Session", wire), SOUND)
            rig.voice.say(CallOver(99))
            await rig.until(lambda: "CallOver" in rig.order())
            assert rig.order() == ["Begin", "SessionOpened", "StreamArrived", "SessionEnded", "CallOver"]
            assert rig.heard("StreamArrived")[0]["data"] == SOUND.hex()
            assert rig.heard("SessionEnded")[0]["at_once"] == 1

    play(story)


def test_sound_for_a_session_goes_out_at_once_and_is_dropped_where_it_would_wait() -> None:
    async def story() -> None:
        async with sounding() as rig:
            wire = rig.wire(5, VOICE_BACKLOG_BYTES_MAX)
            rig.voice.say(CallOver(voice_child.STREAM))
            await rig.until(lambda: wire.sent)
            assert (wire.sent, wire.flushed) == ([VoiceFrame(SOUND)], 1)
            wire.backlog_bytes += 1
            rig.voice.say(CallOver(voice_child.STREAM))
            await rig.until(lambda: rig.voice.dropped)
            rig.voice.say(CallOver(voice_child.PORT))
            await rig.until(lambda: len(wire.sent) > 1)
            assert wire.sent == [VoiceFrame(SOUND), VoiceFrame(PORT)], "what is said once waits"
            rig.voice.ended(cast("Session", wire))
            rig.voice.say(CallOver(voice_child.STREAM))
            rig.voice.say(CallOver(voice_child.SPEAK))
            await rig.until(lambda: LegUp(7) in rig.ear.log)
            assert (len(wire.sent), rig.voice.dropped) == (2, 1)

    play(story)


# One after the other


def test_when_one_dies_the_next_is_told_everything_under_a_new_life() -> None:
    async def story() -> None:
        async with sounding() as rig:
            over, kept = rig.wire(4), rig.wire(5)
            rig.voice.stream(cast("Session", kept), SOUND)
            rig.voice.stream(cast("Session", kept), PORT)
            os.kill(rig.child(), signal.SIGKILL)
            await rig.until(lambda: rig.voice.state == STARTING)
            assert rig.ear.log[-1] == "gone"
            rig.voice.ended(cast("Session", over))
            rig.wire(6)
            before = len(rig.order())
            await rig.lives(1)
            await rig.until(lambda: len(rig.order()) >= before + 4)
            assert rig.order()[before:] == ["Begin", "SessionOpened", "StreamArrived", "SessionOpened"]
            assert [row["number"] for row in rig.heard("SessionOpened")][-2:] == [5, 6]
            assert rig.heard("StreamArrived")[-1]["data"] == PORT.hex(), "the peer says its port only once"
            assert rig.ear.log == ["ready", "gone", "ready"]
            (ended,) = rig.facts("voice-ended")
            assert (ended["life"], ended["cause"], ended["status"]) == (0, "ended", -signal.SIGKILL)
            assert rig.voice.restarts == 1

    play(story)


@pytest.mark.parametrize(
    ("order", "cause"),
    [
        pytest.param(voice_child.EXIT, "ended", id="it exits"),
        pytest.param(voice_child.GARBAGE, "garbled", id="it talks nonsense"),
        pytest.param(voice_child.MUTE, "hung", id="it is hung"),
    ],
)
def test_one_that_fails_is_replaced_and_the_log_says_why(order: int, cause: str) -> None:
    async def story() -> None:
        async with sounding() as rig:
            rig.voice.say(CallOver(order))
            await rig.lives(1)
            assert [row["cause"] for row in rig.facts("voice-ended")] == [cause]
            assert [row["life"] for row in rig.facts("voice-hung")] == ([0] if cause == "hung" else [])
            assert rig.voice.last_ended is not None
            assert rig.voice.last_ended[0].cause == cause

    play(story)


def test_one_that_stands_still_is_replaced() -> None:
    async def story() -> None:
        async with sounding() as rig:
            stopped = rig.child()
            os.kill(stopped, signal.SIGSTOP)
            await rig.lives(1)
            assert rig.facts("voice-hung")
            with pytest.raises(ProcessLookupError):
                os.kill(stopped, 0)

    play(story)


def test_what_cannot_be_started_is_tried_again_less_and_less_often() -> None:
    async def story() -> None:
        rig = Rig(VoiceSettings(command=("/no/such/program",)))
        rig.voice.start({})
        await rig.until(lambda: len(rig.facts("voice-ended")) == 4)
        rows = rig.facts("voice-ended")
        assert [row["cause"] for row in rows] == ["unstarted"] * 4
        assert [row["life"] for row in rows] == [0, 1, 2, 3], "no life is used twice, whatever came of it"
        at = [from_rfc3339(str(row["at"])) for row in rows]
        gaps_s = [(later - earlier) / 1e6 for earlier, later in pairwise(at)]
        assert [gap >= least for gap, least in zip(gaps_s, (0.24, 0.49, 0.99), strict=True)] == [True] * 3, gaps_s
        assert not rig.ear.log, "the telephone never heard of one"
        assert rig.voice.state == STARTING
        await rig.voice.stop()
        assert rig.voice.state == OFF

    play(story)


def test_one_that_was_steady_comes_back_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        monkeypatch.setattr(voice_module, "_STEADY_AFTER_S", 0.0)
        monkeypatch.setattr(voice_module, "_BACK_OFF_FIRST_S", 0.05)
        monkeypatch.setattr(voice_module, "_BACK_OFF_MAX_S", 1_000.0)
        async with sounding() as rig:
            for life in range(1, 13):  # 0.05 s doubled so often is three minutes
                os.kill(rig.child(), signal.SIGKILL)
                await rig.lives(life)

    play(story)


def test_a_node_that_stops_does_not_wait_for_the_next_try() -> None:
    async def story() -> None:
        rig = Rig(VoiceSettings(command=("/no/such/program",)))
        rig.voice.start({})
        await rig.until(lambda: len(rig.facts("voice-ended")) == 5)
        begun = asyncio.get_running_loop().time()
        await rig.voice.stop()
        await rig.voice.stop()
        assert asyncio.get_running_loop().time() - begun < 3, "the next try would be in 4 s"

    play(story)


# Legs


def test_an_offer_is_answered_or_refused_with_its_reason() -> None:
    async def story() -> None:
        async with sounding() as rig:
            answered = await rig.voice.offer("watch", "s", "v=0")
            assert (answered.leg, answered.sdp) == (7, "v=0")
            with pytest.raises(UsageError) as why:
                await rig.voice.offer("watch", "s", voice_child.REFUSED)
            assert not isinstance(why.value, BusyError)
            assert why.value.message_id == "leg-offer-wrong"
            assert why.value.facts == {"detail": "it is none", "share": "0.5"}

    play(story)


def test_an_offer_ends_with_the_voice_process_and_none_is_taken_while_there_is_none() -> None:
    async def story() -> None:
        async with sounding() as rig:
            offered = asyncio.ensure_future(rig.voice.offer("watch", "s", voice_child.LATER))
            await rig.until(lambda: "Offer" in rig.order())
            os.kill(rig.child(), signal.SIGKILL)
            with pytest.raises(BusyError, match="voice-not-running"):
                await offered
            with pytest.raises(BusyError, match="voice-not-running"):
                await rig.voice.offer("watch", "s", "v=0")

    play(story)


def test_a_leg_that_nobody_waits_for_any_more_is_closed() -> None:
    async def story() -> None:
        async with sounding() as rig:
            offered = asyncio.ensure_future(rig.voice.offer("watch", "s", voice_child.LATER))
            await rig.until(lambda: "Offer" in rig.order())
            offered.cancel()
            await asyncio.gather(offered, return_exceptions=True)
            rig.voice.say(CallOver(voice_child.ANSWER))
            await rig.until(lambda: rig.heard("CloseLeg"))
            assert [(row["leg"], row["reason"]) for row in rig.heard("CloseLeg")] == [(8, "leg-left")]

    play(story)


def test_what_it_says_reaches_the_telephone() -> None:
    async def story() -> None:
        async with sounding() as rig:
            rig.voice.say(CallOver(voice_child.PHONES))
            rig.voice.say(CallOver(voice_child.SPEAK))
            await rig.until(lambda: len(rig.ear.log) == 3)
            assert rig.ear.log == ["ready", PhonesRegistered(("night",)), LegUp(7)]
            assert rig.voice.phones == ("night",)
            os.kill(rig.child(), signal.SIGKILL)
            await rig.until(lambda: rig.voice.state == STARTING)
            assert not rig.voice.phones

    play(story)


def test_what_was_not_taken_is_counted_on_from_process_to_process() -> None:
    async def story() -> None:
        async with sounding() as rig:
            for number in (voice_child.COUNT, voice_child.COUNT_ON):
                rig.voice.say(CallOver(number))
            await rig.until(lambda: rig.voice.unread == 4)
            assert rig.voice.refused == {"forged": 5, "large": 1, "unknown": 1}
            os.kill(rig.child(), signal.SIGKILL)
            await rig.lives(1)
            assert rig.voice.unread == 4
            rig.voice.say(CallOver(voice_child.COUNT))
            await rig.until(lambda: rig.voice.unread == 7)
            assert rig.voice.refused == {"forged": 7, "large": 2, "unknown": 1}

    play(story)


# Lateness


def test_a_late_event_loop_is_told_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        async with sounding() as rig:
            for _ in range(3):
                rig.voice.say(CallOver(voice_child.LATE))
            rig.voice.say(CallOver(voice_child.SPEAK))
            await rig.until(lambda: LegUp(7) in rig.ear.log)
            rows = [row for row in rig.facts("voice-lag") if row["process"] == "voice"]
            assert [row["lag_ms"] for row in rows] == [80]
            assert rig.voice.lags["voice"].worst_us == 80_000
            monkeypatch.setattr(voice_module, "_LAG_TOLD_EVERY_S", 0.0)
            rig.voice.say(CallOver(voice_child.LATE))
            await rig.until(lambda: len([row for row in rig.facts("voice-lag") if row["process"] == "voice"]) == 2)

    play(story)


def test_that_the_node_itself_is_late_is_told_as_well() -> None:
    async def story() -> None:
        async with sounding() as rig:
            loop = asyncio.get_running_loop()
            until = loop.time() + 0.3
            while loop.time() < until:
                pass
            await rig.until(lambda: rig.voice.lags["node"].worst_us >= 200_000)
            assert any(row["process"] == "node" for row in rig.facts("voice-lag"))

    play(story)


def test_words_of_one_time_do_not_reach_another() -> None:
    async def story() -> None:
        async with sounding("slow", VoiceSettings(("127.0.0.1",), command=command("slow"))) as rig:
            await rig.until(lambda: rig.order() == ["Begin"])
            rig.voice.say(CallOver(1))
            rig.voice.say(StreamArrived(1, SOUND))
            with pytest.raises(BusyError):
                await rig.voice.offer("watch", "s", "v=0")
            assert rig.voice.state == STARTING
            assert rig.order() == ["Begin"], "until it has begun it is told of nothing else"

    play(story)

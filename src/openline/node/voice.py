"""Sound, as the node sees it: a process of its own that is started, fed, watched, and started again.

The node decides and keeps the record; it never waits for this process, and serves without one. Whatever a voice
process has to know is told to each one anew: sessions here, calls by the hearer. No two of them in one run of the
node have the same `life`, so no key ever protects two datagrams under one number (docs/spec/voice-wire.md).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Protocol

from openline.base.errors import BusyError, UsageError
from openline.base.limits import VOICE_BACKLOG_BYTES_MAX, VOICE_LAG_ALARM_US
from openline.link.frames import Voice as VoiceFrame
from openline.link.frames import encode_frame
from openline.media.wire_keys import voice_secret
from openline.media.wire_seal import LIVES
from openline.media.wire_words import Word as StreamWord
from openline.media.words import (
    Answered,
    Beat,
    Begin,
    CloseLeg,
    Counters,
    Figures,
    LegOver,
    LegUp,
    Note,
    Offer,
    Order,
    OverStream,
    PathIs,
    PhoneHolds,
    PhonesRegistered,
    Ready,
    Recorded,
    RecordingIs,
    Refused,
    SessionEnded,
    SessionOpened,
    SoundIs,
    StreamArrived,
    Telling,
    Word,
)
from openline.node.addresses import own_addresses
from openline.node.journal import Journal
from openline.node.tasks import Spawn
from openline.node.voice_process import Ended, VoiceProcess
from openline.node.voice_settings import VoiceSettings
from openline.transport.session import Session

OFF, STARTING, RUNNING = "off", "starting", "running"

_BACK_OFF_FIRST_S = 0.25
_BACK_OFF_MAX_S = 5.0
_STEADY_AFTER_S = 10.0
_LAG_TOLD_EVERY_S = 60.0

Heard = LegUp | LegOver | PathIs | SoundIs | Figures | Recorded | PhonesRegistered | PhoneHolds | RecordingIs
"""What the hearer is told."""


class VoiceHearer(Protocol):
    """Who knows of calls. Called from the event loop, between `ready` and `gone`."""

    def ready(self) -> None:
        """A voice process has begun and knows nothing of calls: say them all."""

    def gone(self) -> None:
        """It has ended: every leg and every open gate of it is gone."""

    def told(self, word: Heard) -> None:
        """It has said this."""


class NobodyHears:
    """The hearer of a node without a telephone."""

    def ready(self) -> None:
        """See VoiceHearer."""

    def gone(self) -> None:
        """See VoiceHearer."""

    def told(self, word: Heard) -> None:
        """See VoiceHearer."""


@dataclass(slots=True)
class Lag:
    """How late an event loop was: `us` lately, `worst_us` since the start. `told_s` is when the log heard last."""

    us: int = 0
    worst_us: int = 0
    told_s: float | None = None


@dataclass(slots=True)
class _Carried:
    """A session that may carry sound. `port` is what the peer has said of its UDP port, once, on the stream."""

    session: Session
    opened: SessionOpened
    port: bytes = b""


class Voice:
    """The sound of a node. Mutable; used from the event loop only. `hearer` may be set until `start`."""

    def __init__(self, settings: VoiceSettings | None, journal: Journal, spawn: Spawn) -> None:
        """Without settings there is no sound: nothing is ever started."""
        self.hearer: VoiceHearer = NobodyHears()
        self.phones: tuple[str, ...] = ()
        self.restarts = 0
        self.dropped = 0
        self.unread = 0
        self.refused: Counter[str] = Counter()
        self.last_ended: tuple[Ended, float] | None = None
        self.lags: Mapping[str, Lag] = {"node": Lag(), "voice": Lag()}
        self._settings = settings
        self._journal = journal
        self._spawn = spawn
        self._counted = Counters({}, 0)
        self._ports: dict[str, int] = {}
        self._sessions: dict[int, _Carried] = {}
        self._offers: dict[int, asyncio.Future[Answered]] = {}
        self._numbers = count(1)
        self._process: VoiceProcess | None = None
        self._running = False
        self._life = 0
        self._task: asyncio.Task[None] | None = None
        self._stopped: asyncio.Future[None] | None = None

    @property
    def enabled(self) -> bool:
        """Whether this node carries sound at all."""
        return self._settings is not None

    @property
    def state(self) -> str:
        """OFF, STARTING (also between one process and the next) or RUNNING."""
        if self._task is None or self._task.done():
            return OFF
        return RUNNING if self._running else STARTING

    @property
    def lag_us(self) -> int:
        """How late the event loop of the voice process was lately, at worst."""
        return self.lags["voice"].us

    @property
    def sessions(self) -> int:
        """How many sessions may carry sound now."""
        return len(self._sessions)

    # For the node

    def start(self, ports: Mapping[str, int]) -> None:
        """Start the voice process, now and whenever it has ended. `ports` are those the paths are listened at."""
        if self._settings is not None:
            self._ports = dict(ports)
            self._stopped = asyncio.get_running_loop().create_future()
            self._task = self._spawn(self._keep_running(self._settings, self._stopped), "voice")

    async def stop(self) -> None:
        """End it, in order if it can, and start none any more."""
        if self._task is None or self._stopped is None:
            return
        if not self._stopped.done():
            self._stopped.set_result(None)
        if self._process is not None:
            self._process.stop()
        await asyncio.wait((self._task,))

    # For the switchboard

    def opened(self, session: Session, line: str) -> None:
        """A session of `line` may carry sound from now on."""
        opened = SessionOpened(
            number=session.number,
            line=line,
            peer=session.peer,
            path=session.path,
            dialled=session.dialled,
            secret=voice_secret(session),
            own=session.own,
            theirs=session.theirs,
        )
        self._sessions[session.number] = _Carried(session, opened)
        self.say(opened)

    def ended(self, session: Session, at_once: bool = False) -> None:
        """It is over; `at_once` when its keys must not serve on, because the peer was no honest one."""
        if self._sessions.pop(session.number, None) is not None:
            self.say(SessionEnded(session.number, at_once))

    def stream(self, session: Session, data: bytes) -> None:
        """The data of a VOICE frame came. The peer says its port once, so that is kept for the next voice process."""
        carried = self._sessions.get(session.number)
        if carried is None:
            return
        if data[:1] == bytes([StreamWord.PORT]):
            carried.port = data
        self.say(StreamArrived(session.number, data))

    # For the telephone

    def say(self, word: Order) -> None:
        """Tell the voice process. Dropped while none runs: the next one is told everything."""
        if self._running and self._process is not None:
            self._process.say(word)

    async def offer(self, desk: str, session: str, sdp: str) -> Answered:
        """Have a leg made of a browser's offer.

        Raises UsageError when the offer is refused, BusyError while no voice process runs. A leg that is made when
        nobody waits for it any more is closed again.
        """
        if not self._running:
            raise BusyError("voice-not-running")
        request = next(self._numbers)
        done: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
        self._offers[request] = done
        self.say(Offer(request, desk, session, sdp))
        try:
            return await done
        finally:
            del self._offers[request]

    # One process after the other

    async def _keep_running(self, settings: VoiceSettings, stopped: asyncio.Future[None]) -> None:
        loop = asyncio.get_running_loop()
        back_off_s = _BACK_OFF_FIRST_S
        for life in range(LIVES):
            began_s = loop.time()
            ended = await self._run(settings, life)
            if stopped.done():
                return
            self.restarts += 1
            self.last_ended = ended, loop.time()
            self._journal.say("voice-ended", life=life, cause=ended.cause, status=ended.status)
            if loop.time() - began_s >= _STEADY_AFTER_S:
                back_off_s = _BACK_OFF_FIRST_S
            await asyncio.wait((stopped,), timeout=back_off_s)
            if stopped.done():
                return
            back_off_s = min(2 * back_off_s, _BACK_OFF_MAX_S)

    async def _run(self, settings: VoiceSettings, life: int) -> Ended:
        """One process, from its start to its end."""
        self._life = life
        first: list[Word] = [Begin(life, settings.addresses or own_addresses(), self._ports, settings.dtx)]
        if settings.phones is not None:
            first.append(settings.phones)
        self._process = VoiceProcess(self._heard, self._late)
        try:
            ended = await self._process.run(settings.command, first)
            if ended.cause == "hung":
                self._journal.say("voice-hung", life=life)
            return ended
        finally:
            self._gone()

    def _gone(self) -> None:
        self._process = None
        self._counted = Counters({}, 0)
        self.phones = ()
        self.lags["voice"].us = 0
        for done in self._offers.values():
            if not done.done():
                done.set_exception(BusyError("voice-not-running"))
        if self._running:
            self._running = False
            self.hearer.gone()

    # What it says

    def _heard(self, word: Telling) -> None:
        match word:
            case Beat(lag_us):
                self._lagged("voice", lag_us)
            case OverStream(number, data):
                self._send(number, data)
            case Answered() | Refused():
                self._answered(word)
            case Note(fact, facts):
                self._journal.say(fact, **facts)
            case Ready():
                self._ready(word)
            case Counters():
                self._count(word)
            case PhonesRegistered(names):
                self.phones = names
                self.hearer.told(word)
            case LegUp() | LegOver() | PathIs() | SoundIs() | Figures() | Recorded() | PhoneHolds() | RecordingIs():
                self.hearer.told(word)

    def _ready(self, ready: Ready) -> None:
        """Say every session, and have every call said. It comes once more when phones can reach us."""
        if self._running:
            self._journal.say("phones-reach-us", udp=ready.phone_udp_port, tls=ready.phone_tls_port)
            return
        self._running = True
        self._journal.say("voice-started", life=self._life, fingerprint=ready.fingerprint)
        for number, carried in self._sessions.items():
            self.say(carried.opened)
            if carried.port:
                self.say(StreamArrived(number, carried.port))
        self.hearer.ready()

    def _count(self, counted: Counters) -> None:
        """Each process counts from its own beginning; the node counts on."""
        before, self._counted = self._counted, counted
        self.unread += counted.dropped - before.dropped
        for cause, number in counted.refused.items():
            self.refused[cause] += number - before.refused.get(cause, 0)

    def _send(self, number: int, data: bytes) -> None:
        """Put sound on a session, or drop it: late it is worth nothing. What is said once only goes in any case."""
        carried = self._sessions.get(number)
        if carried is None:
            return
        crowded = carried.session.backlog_bytes > VOICE_BACKLOG_BYTES_MAX
        if crowded and data[:1] != bytes([StreamWord.PORT]):
            self.dropped += 1
            return
        carried.session.send(encode_frame(VoiceFrame(data)))
        carried.session.flush()

    def _answered(self, word: Answered | Refused) -> None:
        done = self._offers.get(word.request)
        if done is None or done.done():
            if isinstance(word, Answered):
                self.say(CloseLeg(word.leg, "leg-left"))
        elif isinstance(word, Answered):
            done.set_result(word)
        else:
            facts = {name: str(fact) if isinstance(fact, float) else fact for name, fact in word.facts.items()}
            done.set_exception(UsageError(word.reason, **facts))

    # Lateness

    def _late(self, us: int) -> None:
        self._lagged("node", us)

    def _lagged(self, whose: str, us: int) -> None:
        """Note how late an event loop was; the log hears of it once a minute at most."""
        lag, now_s = self.lags[whose], asyncio.get_running_loop().time()
        lag.us, lag.worst_us = us, max(us, lag.worst_us)
        if us > VOICE_LAG_ALARM_US and (lag.told_s is None or now_s - lag.told_s >= _LAG_TOLD_EVERY_S):
            lag.told_s = now_s
            self._journal.say("voice-lag", process=whose, lag_ms=us // 1_000)

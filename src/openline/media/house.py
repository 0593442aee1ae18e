"""The sound of one headquarters, put together: takes the node's words and drives wire, bridge, legs and phones.

It decides nothing: who takes part in a call and who may speak is said by the node, each time as a whole. A word about
what is not there (a leg that has just ended, a call that is over) does no harm, for words cross on their way. Used from
one event loop only; whatever it has to say, it says at once.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from openline.base.limits import VOICE_SEATS_MAX
from openline.base.time import SECOND_US
from openline.media.bridge import Bridge
from openline.media.browser import BrowserLeg, Settings, Spawn
from openline.media.hooks import fingerprint, new_certificate
from openline.media.legs import Legs
from openline.media.path_news import PathNews
from openline.media.peer import peer_key
from openline.media.phone_leg import PhoneLeg
from openline.media.ports import Leg
from openline.media.recorder import Recorder
from openline.media.wire import Arrival, Wire
from openline.media.wire_carriage import Carriage, Pace, PathSound
from openline.media.wire_session import Handed
from openline.media.words import (
    Beat,
    Begin,
    CallIs,
    CallOver,
    CloseLeg,
    Counters,
    Figures,
    GateIs,
    LegOver,
    LegUp,
    Note,
    Offer,
    Order,
    OverStream,
    PhoneHolds,
    PhonesAre,
    PhonesRegistered,
    Ready,
    RecordIs,
    RingPhones,
    SessionEnded,
    SessionOpened,
    SoundIs,
    Stop,
    StopPhones,
    StreamArrived,
    Telling,
)
from openline.voice.frame import Frame

if TYPE_CHECKING:
    from openline.media.bells import Bells

LOOK_S = 0.25
_LOOKS_A_SECOND = 4
_LOOKS_FOR_COUNTERS = 40


class House:
    """Made for one Begin. `say` takes each word to the node; `start` runs what takes longer than a turn."""

    def __init__(self, begin: Begin, say: Callable[[Telling], None], start: Spawn, pace: Pace | None = None) -> None:
        self._say = say
        self._start = start
        self._life = begin.life
        self._loop = asyncio.get_running_loop()
        certificate = new_certificate()
        self._fingerprint = " ".join(fingerprint(certificate))
        self._wire = Wire(self, begin.ports, pace)
        self._bridge = Bridge(self, self._wire)
        self._recorder = Recorder(say)
        self._bridge.tap = self._recorder.take
        settings = Settings(begin.addresses, certificate, start, begin.dtx)
        self._legs = Legs(self, settings, self._ringing)
        self._bells: Bells | None = None
        self._sessions: set[int] = set()
        self._news = PathNews()
        self._held: set[int] = set()
        self._counted = Counters({}, 0)
        self._looks = 0
        self._timer = self._loop.call_later(LOOK_S, self._look)
        self._ready()

    def told(self, word: Order) -> None:  # noqa: C901 - one case for each word, and nothing else
        """The node has said this."""
        match word:
            case SessionOpened():
                self._session_opened(word)
            case SessionEnded(number, at_once):
                self._sessions.discard(number)
                self._wire.ended(number, at_once)
            case StreamArrived(number, data):
                self._wire.stream_arrived(number, data)
            case PhonesAre():
                self._start(self._phones_are(word), "phones")
            case Offer():
                self._start(self._offer(word), "offer")
            case CloseLeg(leg, reason):
                self._legs.close(leg, reason)
            case CallIs():
                self._call_is(word)
            case CallOver(number):
                self._call_over(number)
            case GateIs(call, leg, is_open):
                self._bridge.gate(call, leg, is_open)
            case RingPhones():
                if self._bells is not None:
                    self._bells.ring(word)
            case StopPhones(call):
                if self._bells is not None:
                    self._bells.silence(call)
            case RecordIs():
                self._recorder.order(word)
            case Begin() | Beat() | Stop():
                pass  # The process's own.

    async def close(self) -> None:
        """End every leg and every call, and give everything back. What was recorded is on the disk afterwards."""
        self._timer.cancel()
        self._bridge.close()
        self._legs.close_all("leg-stopped")
        if self._bells is not None:
            await self._bells.stop()
        await self._recorder.close()
        self._wire.close()

    # What legs say (`LegOwner`)

    def heard(self, leg: Leg, frame: Frame) -> None:
        """See ports.LegOwner."""
        self._bridge.heard(leg, frame)

    def connected(self, leg: Leg) -> None:
        """See ports.LegOwner."""
        word: LegUp | None = LegUp(leg.number)
        if isinstance(leg, PhoneLeg) and self._bells is not None:
            self._legs.joined(leg)
            word = self._bells.picked_up(leg)
        if word is None:
            leg.close("phone-ring-cancelled")
            return
        self._bridge.leg_up(leg)
        self._say(word)

    def ended(self, leg: Leg, reason: str) -> None:
        """See ports.LegOwner."""
        if isinstance(leg, PhoneLeg) and self._bells is not None:
            self._bells.given_up(leg)
        if not self._legs.forget(leg):
            return
        self._bridge.leg_over(leg.number)
        cause = leg.cause if isinstance(leg, BrowserLeg) and leg.cause != reason else ""
        self._say(LegOver(leg.number, reason, cause))

    # What the wire and the bridge say

    def arrived(self, arrival: Arrival) -> None:
        """See wire.WireOwner."""
        self._bridge.arrived(arrival)

    def over_stream(self, session: int, data: bytes) -> None:
        """See wire.WireOwner."""
        self._say(OverStream(session, data))

    def carried(self, fact: PathSound) -> None:
        """See wire.WireOwner."""
        line, _, party = fact.peer.partition(" ")
        if fact.carriage is Carriage.DEAD:
            self._bridge.path_ended(line, party, fact.path)
        else:
            self._bridge.path_opened(line, party, fact.path)
        self._tell_paths()

    def sound(self, line: str, party: str, lost: bool) -> None:
        """See bridge.BridgeOwner."""
        self._say(SoundIs(line, party, lost))

    def note(self, fact: str, /, **facts: str | int) -> None:
        """A line for the node's log."""
        self._say(Note(fact, dict(facts)))

    # Words that need more than a line

    def _ready(self) -> None:
        ports = (0, 0) if self._bells is None else self._bells.ports
        self._say(Ready(self._fingerprint, *ports))

    def _session_opened(self, word: SessionOpened) -> None:
        if word.number in self._sessions:
            return
        self._sessions.add(word.number)
        handed = Handed(
            number=word.number,
            peer=peer_key(word.line, word.peer),
            path=word.path,
            dialled=word.dialled,
            secret=word.secret,
            own=word.own,
            theirs=word.theirs,
            life=self._life,
        )
        self._wire.opened(handed)

    def _call_is(self, word: CallIs) -> None:
        if len(word.seats) > VOICE_SEATS_MAX:
            self.note("voice-too-many-seats", limit=VOICE_SEATS_MAX)
        self._bridge.call_is(word)

    def _call_over(self, number: int) -> None:
        self._bridge.call_over(number)
        self._recorder.over(number)
        if self._bells is not None:
            self._bells.silence(number)

    async def _offer(self, word: Offer) -> None:
        self._say(await self._legs.offer(word))

    async def _phones_are(self, word: PhonesAre) -> None:
        from openline.media.bells import Bells  # noqa: PLC0415 - sippy is for those who have desk phones

        if self._bells is None:
            self._bells = Bells(self, self.note, self._legs.number, self._registered)
        await self._bells.are(word)
        self._ready()

    def _registered(self, names: tuple[str, ...]) -> None:
        self._say(PhonesRegistered(names))

    def _ringing(self) -> set[int]:
        return set() if self._bells is None else self._bells.numbers()

    # Time

    def _look(self) -> None:
        self._timer = self._loop.call_later(LOOK_S, self._look)
        self._tell_paths()
        self._look_at_holds()
        self._looks = (self._looks + 1) % _LOOKS_FOR_COUNTERS
        if not self._looks:
            self._count()
        if self._looks % _LOOKS_A_SECOND:
            return
        for peer in self._bridge.peers_in_calls():
            self._say(Figures(peer.line, peer.party, *peer.totals(), peer.offsets))
        if self._bells is not None:
            self._bells.look()

    def _look_at_holds(self) -> None:
        """A phone that holds keeps its sound back, which is no loss; the node hears of each that begins or ends to."""
        held = set(self._legs.on_hold())
        for number in held:
            self._bridge.silent(number)
        for number in held ^ self._held:
            self._say(PhoneHolds(number, number in held))
        self._held = held

    def _count(self) -> None:
        refused: Counter[str] = Counter()
        for (_, why), count in self._wire.refused.items():
            refused[why.value] += count
        counted = Counters(dict(refused), self._wire.dropped())
        if counted != self._counted:
            self._counted = counted
            self._say(counted)

    def _tell_paths(self) -> None:
        for word in self._news.look(self._wire.facts(), int(self._loop.time() * SECOND_US)):
            self._say(word)

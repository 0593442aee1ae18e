"""The telephone of a node: legs of browsers and desk phones, what officers do with them, what the voice process says.

A leg belongs to one position: that of the console session that offered it, or of the desk phone. It ends with its
session. What becomes of the calls is in `exchange`. Used from the node's event loop only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openline.base.errors import UsageError
from openline.base.limits import CALL_SOUND_LOST_AFTER_US, STOP_LEG_S
from openline.base.time import SECOND_US
from openline.line.kinds import Change
from openline.media import words
from openline.node.alarmbells import AlarmBells
from openline.node.exchange import Exchange, VoiceEnd
from openline.node.legs import OVER, PHONE, Leg, Legs
from openline.node.lines import LineState
from openline.node.live import Key
from openline.node.recordings import Recordings
from openline.node.views import GateView, LegAnswerView, LegView, Officer
from openline.node.voice import Heard
from openline.record.entry import Mark
from openline.voice.call import Side, Step, call_of, ring, step_name

if TYPE_CHECKING:
    from openline.node.service import Node

LEGS_OF_A_SESSION_MAX = 2
HUNG_UP = "phone-hung-up"
GATES = (step_name(Step.GATE_OPENED), step_name(Step.GATE_CLOSED))

_FINGERPRINT = "a=fingerprint:"
_LASTS_S = (CALL_SOUND_LOST_AFTER_US + 10_000) / SECOND_US


@dataclass(slots=True, eq=False)
class _Offering:
    """An offer under way; `withdrawn` when its session has ended meanwhile."""

    session: str
    withdrawn: bool = False


class Telephone:
    """The legs and calls of one node. Mutable; owned by the desk. A VoiceHearer of its voice process."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.legs = Legs()
        self.recordings = Recordings(node)
        self.exchange = Exchange(node, self.legs, node.voice, self.recordings.order, self._publish)
        self.bells = AlarmBells(node, self.exchange.number, self._tell)
        self._offering: set[_Offering] = set()
        self._looks: asyncio.TimerHandle | None = None

    @property
    def voice(self) -> VoiceEnd:
        """The voice process."""
        return self.exchange.voice

    def connect(self, voice: VoiceEnd) -> None:
        """Speak to this voice process from now on."""
        self.exchange.voice = voice

    # What the node does

    def begin(self) -> None:
        """The record is folded: calls that are under way go on."""
        self.exchange.begin()

    def committed(self, state: LineState, changes: Sequence[Change]) -> None:
        """A turn is folded: what it changed in calls is carried out, and shown."""
        self.bells.committed(state.keeper.setup.line, list(changes))
        changed = [change for change in changes if change.kind == "call"]
        if not changed:
            return
        line, book = state.keeper.setup.line, state.keeper.book
        for change in changed:
            if change.what not in GATES:  # Every press of a key makes two; the record has them.
                label = book.label(change.origin, change.index)
                self._node.journal.say("call", line=line, call=label, what=change.what)
        self.exchange.follow(line)
        self._publish(Key(line, book.number(change.origin), change.index) for change in changed)

    def tick(self) -> None:
        """Once a second."""
        self.exchange.tick()
        self.bells.tick()

    def close(self) -> None:
        """The node stops."""
        if self._looks is not None:
            self._looks.cancel()
        self.recordings.close()

    def session_ended(self, session: str) -> None:
        """A console session is over: so are its legs, at once."""
        for offering in self._offering:
            offering.withdrawn |= offering.session == session
        for leg in self.legs.of_session(session):
            self._close(leg, "session-withdrawn")

    # What officers do

    def gate(self, who: Officer, state: LineState, call_id: str, is_open: bool) -> GateView:
        """Open or close the gate of an officer's leg in a call, at once.

        Raises UsageError: `leg-missing` when the officer has no sound, `gate-not-possible` when our side or the
        officer's position does not take part in the call, or holds it. To close what is closed is no error. A desk
        phone has no key: its gate stays as it is.
        """
        call = call_of(state.keeper.book, call_id)
        key = Key(state.keeper.setup.line, *call.place)
        live, part = self.exchange.live(key), call.parts[state.keeper.me]
        leg = self.legs.speaks_for(who)
        if leg is None:
            raise UsageError("leg-missing", desk=who.desk)
        if live is not None and leg in live.seats and part.side is Side.IN:
            if leg.kind == PHONE:
                return GateView(call_id, leg.number, leg.number in live.gates)
            self.exchange.gate(key, leg, is_open)
        elif is_open:
            raise UsageError("gate-not-possible", entry=call_id, desk=who.desk)
        return GateView(call_id, leg.number, is_open)

    async def offer(self, who: Officer, sdp: str) -> LegAnswerView:
        """Make a leg of what a browser offers.

        Raises UsageError when it is refused or the asker has no session, BusyError while there is no voice process.
        """
        if not who.session:
            raise UsageError("leg-needs-session")
        offering = _Offering(who.session)
        self._offering.add(offering)
        try:
            answered = await self.voice.offer(who.desk, who.session, sdp)
        finally:
            self._offering.discard(offering)
        if offering.withdrawn:
            self.voice.say(words.CloseLeg(answered.leg, "session-withdrawn"))
            raise UsageError("session-needed")
        self.legs.offered(answered.leg, who.desk, who.session, self._node.clock.now())
        self._node.desk.leg_changed(answered.leg)
        for leg in self.legs.of_session(who.session)[:-LEGS_OF_A_SESSION_MAX]:
            self._close(leg, "leg-replaced")
        return LegAnswerView(answered.leg, answered.sdp, _fingerprint(answered.sdp))

    def close_leg(self, who: Officer, number: int) -> LegView:
        """End a leg of the asker's position. Raises UsageError when there is no such leg."""
        leg = self.legs.find(number)
        if leg is None or leg.desk != who.desk:
            raise UsageError("leg-unknown", leg=number)
        self._close(leg, "leg-left")
        return leg.view(who.language)

    # What the voice process says

    def ready(self) -> None:
        """It has begun: it is told of every call."""
        self.exchange.ready()
        self.bells.ready()

    def gone(self) -> None:
        """It has ended, and every leg and gate with it."""
        for leg in self.legs.open:
            self._leg_over(words.LegOver(leg.number, "call-voice-ended"))
        self.exchange.gone()

    def told(self, word: Heard) -> None:
        """Take in what it says of legs and sound."""
        match word:
            case words.LegUp():
                self._leg_up(word)
            case words.LegOver():
                self._leg_over(word)
            case words.SoundIs():
                self.exchange.sound(word.line, word.peer).lost = word.lost
                self._sound_changed(word.line)
            case words.PathIs():
                self.exchange.sound(word.line, word.peer).paths[word.path] = word
                self._publish(self.exchange.of_line(word.line))
            case words.Figures():
                self.exchange.sound(word.line, word.peer).figures = word
                self._publish(self.exchange.of_line(word.line))
            case words.PhonesRegistered():
                pass  # Its newest list is asked for where it is shown.
            case words.PhoneHolds():
                self._phone_holds(word)
            case words.Recorded():
                self.recordings.recorded(word)
            case words.RecordingIs():
                self._recording_is(word)

    def _tell(self, word: words.Order) -> None:
        self.voice.say(word)

    # Legs

    def _leg_up(self, word: words.LegUp) -> None:
        now = self._node.clock.now()
        leg = self.legs.rang(word.leg, word.desk, word.phone, now) if word.phone else self.legs.find(word.leg)
        if leg is None:
            self.voice.say(words.CloseLeg(word.leg, "leg-left"))
            return
        self.legs.up(leg.number, now)
        self._node.journal.say("leg-up", leg=leg.number, desk=leg.desk, leg_kind=leg.kind)
        for other in self.legs.of_session(leg.session):
            if other is not leg:
                self._close(other, "leg-replaced")
        if word.dialled:
            self._dialled(leg, word.dialled)
        elif word.call:
            self._picked_up(leg, word.call)
        self.exchange.follow_all()
        self._node.desk.leg_changed(leg.number)

    def _leg_over(self, word: words.LegOver) -> None:
        leg = self.legs.find(word.leg)
        if leg is None:
            return
        sat_in = self.exchange.sat_in(leg)
        self.legs.end(leg.number, word.reason, word.cause, self._node.clock.now())
        self._node.journal.say("leg-over", leg=leg.number, desk=leg.desk, leg_kind=leg.kind, why=word.reason)
        self.exchange.follow_all()
        if leg.phone and word.reason == HUNG_UP:
            for key in sat_in:
                self._hung_up(leg, key)
        self._node.desk.leg_changed(leg.number)

    def _close(self, leg: Leg, reason: str) -> None:
        if leg.state != OVER:
            self.voice.say(words.CloseLeg(leg.number, reason))
            self._leg_over(words.LegOver(leg.number, reason))

    # Desk phones

    def _phone_holds(self, word: words.PhoneHolds) -> None:
        """A phone on hold is heard no more until it is back. Its side goes on: others of ours may sit in the call."""
        leg = self.legs.find(word.leg)
        if leg is not None and leg.held is not word.held:
            leg.held = word.held
            self.exchange.follow_all()
            self._publish(self.exchange.sat_in(leg))

    def _picked_up(self, leg: Leg, number: int) -> None:
        """A phone was picked up that rang for a call. Where another was quicker, one more position takes part."""
        key = self.exchange.numbered(number)
        if self.bells.picked_up(number):
            asyncio.get_running_loop().call_later(STOP_LEG_S, self._close, leg, "leg-rang-for-stop")
        elif key is None:
            self._close(leg, "call-over")
        else:
            self.exchange.take(key, Step.ANSWERED, leg.desk)

    def _hung_up(self, leg: Leg, key: Key) -> None:
        """To hang up is to leave, where nobody else of ours sits in the call."""
        live = self.exchange.live(key)
        if live is not None and not live.seats:
            self.exchange.take(key, Step.LEFT, leg.desk, HUNG_UP)

    def _dialled(self, leg: Leg, dialled: str) -> None:
        """A phone dials a line by its name or its number: it takes part in the call that is there, or rings one."""
        lines = sorted(self._node.lines)
        by_number = {str(number): line for number, line in enumerate(lines, 1)}
        line = by_number.get(dialled, dialled)
        if line not in self._node.lines:
            self._close(leg, "phone-line-unknown")
            return
        mark = Mark.EXERCISE if self._node.clock.exercise else Mark.OPERATION
        calls = [(key, *self.exchange.call(key)) for key in self.exchange.of_line(line)]
        under_way = [key for key, call, _ in calls if call.mark is mark]
        if under_way:
            self.exchange.take(under_way[-1], Step.ANSWERED, leg.desk)
        else:
            self.exchange.say(line, [ring(leg.desk, mark)])

    # News

    def _recording_is(self, word: words.RecordingIs) -> None:
        key = self.exchange.numbered(word.call)
        live = None if key is None else self.exchange.live(key)
        if key is not None and live is not None:
            live.recording_is = word
            self._publish((key,))

    def _sound_changed(self, line: str) -> None:
        self.exchange.follow(line)
        if self._looks is not None:
            self._looks.cancel()
        # Sound that is lost is told of when that has lasted, not at the next full second.
        self._looks = asyncio.get_running_loop().call_later(_LASTS_S, self.exchange.tick)
        self._publish(self.exchange.of_line(line))

    def _publish(self, keys: Iterable[Key]) -> None:
        for key in keys:
            self._node.desk.call_changed(key)


def _fingerprint(sdp: str) -> str:
    """The fingerprint in an answer, the same in each of its sections."""
    rows = (line.removeprefix(_FINGERPRINT).strip() for line in sdp.splitlines() if line.startswith(_FINGERPRINT))
    return next(rows, "")

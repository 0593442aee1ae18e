"""The calls of a node, between the book and the voice process.

The book is the truth of who takes part. What the voice process is told of a call follows from it and from the legs
that are up, and is said again whenever either changes; so a voice process or a node that was started anew goes on with
the same calls. Gates are the one exception: a gate opens and closes at once, and the record hears of it afterwards.

Used from the node's event loop only. Nothing here waits for the disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Protocol

from openline.base.errors import OpenlineError
from openline.base.limits import CALL_SECOND_BELL_US, CALL_SOUND_LOST_AFTER_US
from openline.base.time import SECOND_US
from openline.line.book import Book
from openline.line.status import LineState as Declared
from openline.line.status import declared
from openline.media import words
from openline.media.words import CallIs, GateIs, Order
from openline.node.legs import PHONE, Leg, Legs
from openline.node.lines import LineState
from openline.node.live import Key, Live, PeerSound
from openline.node.seating import seat_rows
from openline.record.entry import Draft, Entry
from openline.voice.call import SIDES, Call, Calls, Part, Side, Step, step
from openline.voice.duties import LINE_CHECK, Here, Rules, answers_itself, call_duties, own_ring

if TYPE_CHECKING:
    from openline.node.service import Node

RUNNING, OFF = "running", "off"
TAGS_OF_A_MARK = 64

_CAUSES = {RUNNING: "call-no-path", OFF: "call-no-voice"}
"""Why no sound passes, by how the voice process is."""

News = Callable[[Iterable[Key]], None]
RecordingOrder = Callable[[int, Key, bool], words.RecordIs]


class VoiceEnd(Protocol):
    """The node's end of its voice process. `state` is `running`, `starting` or `off`."""

    @property
    def state(self) -> str:
        """How it is."""
        ...

    @property
    def lag_us(self) -> int:
        """How late its event loop was lately, at worst."""
        ...

    @property
    def restarts(self) -> int:
        """How often it had to be started again."""
        ...

    @property
    def phones(self) -> tuple[str, ...]:
        """The desk phones that can be rung now."""
        ...

    def say(self, word: Order) -> None:
        """Tell it something; dropped while none runs."""
        ...

    async def offer(self, desk: str, session: str, sdp: str) -> words.Answered:
        """Have a leg made. Raises UsageError when the offer is refused, BusyError while none runs."""
        ...


class Exchange:
    """Every call of a node that has not ended for us. Mutable; owned by the telephone.

    `order` says what the voice process is to be told of a call that is to be recorded, or no longer; `news` hears which
    calls look different now.
    """

    def __init__(self, node: Node, legs: Legs, voice: VoiceEnd, order: RecordingOrder, news: News) -> None:
        self._node = node
        self._legs = legs
        self.voice = voice
        self._order = order
        self._news = news
        self._calls: dict[Key, Live] = {}
        self._numbers = count(1)
        self._sounds: dict[tuple[str, str], PeerSound] = {}
        self._busy: set[str] = set()

    # What others ask

    def call(self, key: Key) -> tuple[Call, Part]:
        """A call in the book, and our part in it."""
        book = self._book(key)
        call = book.state(Calls).by_place[key.place]
        return call, call.parts[book.number(book.me)]

    @property
    def rules(self) -> Rules:
        """How long a call rings here, and whether the node answers line checks."""
        voice = self._node.config.voice
        return Rules(voice.ring_s * SECOND_US, voice.answering and self.voice.state == RUNNING)

    def live(self, key: Key) -> Live | None:
        """A call as it goes on now; None when it is over for us."""
        return self._calls.get(key)

    def of_line(self, line: str) -> list[Key]:
        """The calls of a line."""
        return [key for key in self._calls if key.line == line]

    def numbered(self, number: int) -> Key | None:
        """The call that the voice process knows under this number."""
        return next((key for key, live in self._calls.items() if live.number == number), None)

    def number(self) -> int:
        """A number that nothing else has, for the voice process to know a call or a STOP by."""
        return next(self._numbers)

    def sat_in(self, leg: Leg) -> list[Key]:
        """The calls in which a leg has a seat."""
        return [key for key, live in self._calls.items() if leg in live.seats]

    def sound(self, line: str, party: str) -> PeerSound:
        """What is known of sound to and from a peer."""
        return self._sounds.setdefault((line, party), PeerSound())

    # What happens

    def begin(self) -> None:
        """The record is folded: what has rung for a while rings no longer than the rest of its time."""
        now, now_s = self._node.clock.now(), self._now_s()
        for state in self._node.lines.values():
            for key, call in self._taken(state):
                age_us = min(max(now - call.time, 0), self.rules.ring_us)
                self._calls[key] = Live(next(self._numbers), now_s - age_us / SECOND_US, now_s)
        self.follow_all()

    def ready(self) -> None:
        """A voice process has begun, and knows nothing."""
        for live in self._calls.values():
            live.said, live.rung, live.recording, live.recording_is = None, False, False, None
        self.follow_all()

    def gone(self) -> None:
        """It has ended; so have all legs. No sound passes until the next one says so."""
        self._sounds.clear()
        for live in self._calls.values():
            if live.recording:
                live.recording_is = words.RecordingIs(live.number, False, "call-voice-ended")
        self.follow_all()

    def follow_all(self) -> None:
        """The same for every line."""
        for line in self._node.lines:
            self.follow(line)

    def follow(self, line: str) -> None:
        """Carry out what the book and the legs say of the calls of a line, and say what the node itself has to say."""
        state = self._node.lines[line]
        taken = dict(self._taken(state))
        for key in self.of_line(line):
            if key not in taken:
                self._end(key)
        for key, call in taken.items():
            now_s = self._now_s()
            live = self._calls.setdefault(key, Live(0, now_s, now_s))
            live.number = live.number or next(self._numbers)
            self._seat(state, key, call)
        self._do_duties(state, taken)

    def tick(self) -> None:
        """Once a second: what is due by the time that has passed."""
        for line, state in self._node.lines.items():
            if state.keeper.book.state(Calls).open:
                self.follow(line)

    def gate(self, key: Key, leg: Leg, is_open: bool, cause: str = "") -> None:
        """Open or close the gate of a seat, at once; `cause` is why it closes, where it was not the officer's key."""
        live = self._calls[key]
        if is_open is (leg.number in live.gates):
            return
        self.voice.say(GateIs(live.number, leg.number, is_open))
        if not is_open:
            self._close_gate(key, leg.number, cause)
            return
        is_heard = leg.desk in live.open_at
        live.gates[leg.number] = leg.desk
        if not is_heard:
            self._write(key, Step.GATE_OPENED, leg.desk, "")
        self._news((key,))

    def take(self, key: Key, what: Step, desk: str, cause: str = "") -> None:
        """Put a step of a position of ours on the record, when the call allows it now."""
        call, part = self.call(key)
        if not call.ended and (part.side, what) in SIDES:
            self.say(key.line, [self._step(key, what, desk, cause)])

    def say(self, line: str, drafts: Sequence[Draft]) -> asyncio.Future[list[Entry]]:
        """Put something of ours on the record of a line; a refusal stands in the node's log."""
        saying = self._node.turns.say(self._node.lines[line].keeper, drafts, None)
        saying.add_done_callback(partial(self._said, line))
        return saying

    # One call

    def _seat(self, state: LineState, key: Key, call: Call) -> None:
        """Who sits in a call here; what follows for gates, bells and sound."""
        live, part = self._calls[key], call.parts[state.keeper.me]
        live.seats = self._legs.seated(part.desks) if part.takes_part else []
        for number in live.gates.keys() - {leg.number for leg in live.seats}:
            self._close_gate(key, number, "call-leg-over")
        if part.side is not Side.IN:
            live.gates.clear()  # The entry that put our side on hold says that nobody speaks.
        if live.seats or answers_itself(part, self.rules):
            live.sat_s = self._now_s()
        self._tell(state, key, call, part)
        self._ring_phones(state, key, call, live)
        for leg in live.seats:
            if leg.kind == PHONE and part.side is Side.IN:
                self.gate(key, leg, is_open=not leg.held, cause="phone-on-hold")  # It has no key.

    def _tell(self, state: LineState, key: Key, call: Call, part: Part) -> None:
        """Say how the call stands, when it is not what was said last."""
        live = self._calls[key]
        word = CallIs(
            live.number,
            key.line,
            tag_of(call, len(call.parts)),
            tuple(self._peers(state, call)),
            seat_rows(live.seats, part),
            part.side is Side.HOLDING,
            answers_itself(part, self.rules),
        )
        if word != live.said:
            live.said = word
            self.voice.say(word)
            self._news((key,))
        if call.recorded is not live.recording:
            live.recording, live.recording_is = call.recorded, None
            self.voice.say(self._order(live.number, key, call.recorded))

    def _end(self, key: Key) -> None:
        """A call has ended for us."""
        for number in list(self._calls[key].gates):
            self._close_gate(key, number, "call-over")
        live = self._calls.pop(key)
        if live.rung:
            self.voice.say(words.StopPhones(live.number))
        self.voice.say(words.CallOver(live.number))
        for leg in live.seats:
            if leg.kind == PHONE and not self.sat_in(leg):
                self.voice.say(words.CloseLeg(leg.number, "call-over"))  # It has no other way to hear of it.
        self._news((key,))

    def _taken(self, state: LineState) -> Iterator[tuple[Key, Call]]:
        """The open calls of a line in which our side is not out."""
        keeper = state.keeper
        for place, call in keeper.book.state(Calls).open.items():
            if call.parts[keeper.me].side is not Side.OUT:
                yield Key(keeper.setup.line, *place), call

    def _peers(self, state: LineState, call: Call) -> list[str]:
        """The other parties that take part."""
        keeper = state.keeper
        return [keeper.setup.members[number] for number in keeper.peers if call.parts[number].takes_part]

    # Gates on the record

    def _close_gate(self, key: Key, number: int, cause: str) -> None:
        """The gate of a leg is closed: its position speaks no more, unless by another leg."""
        live = self._calls[key]
        desk = live.gates.pop(number)
        if desk not in live.open_at:
            self._write(key, Step.GATE_CLOSED, desk, cause)
        self._news((key,))

    def _write(self, key: Key, what: Step, desk: str, cause: str) -> None:
        """Put the step of a gate on the record, after the fact. Where our side is not in, another entry says it."""
        if self.call(key)[1].side is not Side.IN:
            return
        live = self._calls[key]
        live.writing += 1

        def written(_: asyncio.Future[list[Entry]]) -> None:
            live.writing -= 1

        self.say(key.line, [self._step(key, what, desk, cause)]).add_done_callback(written)

    def _step(self, key: Key, what: Step, desk: str, cause: str) -> Draft:
        book = self._book(key)
        return step(book.ref(book.members[key.member], key.index), what, desk, self.call(key)[0].mark, cause)

    def _said(self, line: str, saying: asyncio.Future[list[Entry]]) -> None:
        why = None if saying.cancelled() else saying.exception()
        if why is not None:
            fault = why.message_id if isinstance(why, OpenlineError) else repr(why)
            self._node.journal.say("call-step-refused", line=line, fault=fault)

    # What the node says by itself

    def _do_duties(self, state: LineState, taken: Mapping[Key, Call]) -> None:
        line, book = state.keeper.setup.line, state.keeper.book
        if line in self._busy or not self._node.desk.may_speak(state.keeper, self._node.clock.now()):
            return
        known = {key.place: self._here(state, key, call) for key, call in taken.items()}
        emcon = any(declared(book, book.me, call.mark).state is Declared.EMCON for call in taken.values())
        drafts = [] if emcon else call_duties(book, known, self.rules)
        if drafts:
            self._busy.add(line)
            self.say(line, drafts).add_done_callback(lambda _: self._busy.discard(line))

    def _here(self, state: LineState, key: Key, call: Call) -> Here:
        live, part, now_s = self._calls[key], call.parts[state.keeper.me], self._now_s()
        peers = self._peers(state, call)
        lost = bool(peers) and all(self.sound(key.line, peer).lost for peer in peers)
        live.lost_s = None if not lost else now_s if live.lost_s is None else live.lost_s
        lasts = live.lost_s is not None and (now_s - live.lost_s) * SECOND_US > CALL_SOUND_LOST_AFTER_US
        cause = _CAUSES.get(self.voice.state, "call-voice-ended")
        listening = {leg.desk for leg in self._legs.open}
        return Here(
            rings_us=round((now_s - live.began_s) * SECOND_US),
            alone_us=round((now_s - live.sat_s) * SECOND_US),
            declined=bool(listening) and not self.voice.phones and listening <= set(part.declined),
            lost=cause if lasts else "",
            sound=bool(peers) and not lost,
            open_at=live.open_at if not live.writing else frozenset(part.speaking),
        )

    # Bells

    def _ring_phones(self, state: LineState, key: Key, call: Call, live: Live) -> None:
        """A call rings the desk phones at once where no browser has sound, else as a second bell."""
        ringing = self._rings_here(state.keeper.book, call, live)
        late = (self._now_s() - live.began_s) * SECOND_US >= CALL_SECOND_BELL_US
        wanted = ringing and (late or not any(leg.kind != PHONE for leg in self._legs.open))
        if wanted and not live.rung:
            live.rung = True
            self.voice.say(
                words.RingPhones(live.number, state.keeper.book.labels[state.keeper.setup.origins[key.member]])
            )
        elif live.rung and not ringing:
            live.rung = False
            self.voice.say(words.StopPhones(live.number))

    def _rings_here(self, book: Book, call: Call, live: Live) -> bool:
        """Whether somebody of ours is to answer: nobody has, and the node does not."""
        side = call.parts[book.number(book.me)].side
        itself = self.rules.answering and LINE_CHECK in call.action
        in_time = (self._now_s() - live.began_s) * SECOND_US < self.rules.ring_us
        return side is Side.RUNG and in_time and not itself and own_ring(book, call) is None

    def _book(self, key: Key) -> Book:
        return self._node.lines[key.line].keeper.book

    @staticmethod
    def _now_s() -> float:
        return asyncio.get_running_loop().time()


def tag_of(call: Call, members: int) -> int:
    """What names a call in streams between the parties of its line, 0 to 191: the same at every party."""
    return int(call.mark) << 6 | (call.index * members + call.member) % TAGS_OF_A_MARK

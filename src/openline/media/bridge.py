"""From leg to leg: what our officers say goes to each other and to the peers, what peers say to our officers.

A call has seats here and peers elsewhere; each node sends what its officers say to every peer of the call, so nothing
that a peer says is passed on to another. The gate is asked here, before a frame leaves: no other node has to be
trusted with it. A stream is named by the call's tag and the speaker's leg, so one leg may take part in several calls;
the ends of a line know a call by the same tag, and several lines may use the same one. Frames are passed on as they
are, to each listener; nothing is held or mixed. A leg that is in no call hears nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from typing import Protocol

from openline.base.limits import VOICE_SEATS_MAX
from openline.base.time import SECOND_US
from openline.media.answering import ANSWERS_AS, AnsweringLeg
from openline.media.numbering import Numbering
from openline.media.peer import PeerSound, Way, peer_key
from openline.media.ports import Leg
from openline.media.wire import Arrival
from openline.media.words import CallIs, SeatRow
from openline.voice.datagram import Sound
from openline.voice.frame import Frame
from openline.voice.seats import Kind, Seat, Seats, forwards, gate, left

LOOK_S = 0.02
IDLE_LOOK_S = 0.2
"""How often peers are looked at while there is sound, and a second after; and else."""

FRAME_S = 0.02
LEGS = 1 << 8
"""Legs of one process, and calls of one line: a stream's 16 bits are the call's tag and the leg's number."""

Tap = Callable[[int, str, Frame], None]
"""Takes the number of a call, the party that has said a frame (empty: our own), and the frame as it is on the wire."""


class BridgeOwner(Protocol):
    """Who made a bridge."""

    def sound(self, line: str, party: str, lost: bool) -> None:
        """Whether any sound can pass to and from a peer: said of each once, and then whenever it changes."""


@dataclass(slots=True)
class _Speaker:
    """Somebody who is heard in a call. `stream` is unlike that of any other speaker in this process."""

    stream: int
    numbering: Numbering = field(default_factory=Numbering)


@dataclass(slots=True)
class _Call:
    """`ours` are the speakers here by leg, `theirs` those of peers by their key and the stream on the wire."""

    word: CallIs
    peers: tuple[PeerSound, ...] = ()
    seats: Seats = field(default_factory=dict)
    ours: dict[int, _Speaker] = field(default_factory=dict)
    theirs: dict[tuple[str, int], _Speaker] = field(default_factory=dict)
    answering: AnsweringLeg | None = None


class Bridge:
    """The calls of one voice process. Used from one event loop only.

    `tap` is called with each frame that passes an open gate or arrives for a call.
    """

    def __init__(self, owner: BridgeOwner, way: Way) -> None:
        self.tap: Tap | None = None
        self._owner = owner
        self._way = way
        self._loop = asyncio.get_running_loop()
        self._legs: dict[int, Leg] = {}
        self._calls: dict[int, _Call] = {}
        self._seated: dict[int, list[_Call]] = {}
        self._tagged: dict[tuple[str, int], _Call] = {}
        self._peers: dict[str, PeerSound] = {}
        self._streams = count(1)
        self._lost: dict[str, bool] = {}
        self._busy_until = 0
        self._timer: asyncio.TimerHandle | None = None

    # Peers and their paths

    def path_opened(self, line: str, party: str, path: str) -> None:
        """Sound can go to a peer on a path from now on."""
        self._peer(line, party).opened(path, self._now())

    def path_ended(self, line: str, party: str, path: str) -> None:
        """It cannot any more."""
        self._peer(line, party).ended(path, self._now())

    def peers_in_calls(self) -> list[PeerSound]:
        """The peers that take part in any call."""
        return list({peer.key: peer for call in self._calls.values() for peer in call.peers}.values())

    def close(self) -> None:
        """Pass nothing on any more."""
        for number in list(self._calls):
            self.call_over(number)
        if self._timer is not None:
            self._timer.cancel()
        self._legs.clear()

    # Legs

    def leg_up(self, leg: Leg) -> None:
        """A leg can be seated from now on."""
        assert ANSWERS_AS < leg.number < LEGS
        self._legs[leg.number] = leg

    def leg_over(self, number: int) -> None:
        """A leg is gone: its gates close and it has no seat any more."""
        for call in list(self._seated.get(number, ())):
            self._stand(call, number)
        self._legs.pop(number, None)
        self._sort()

    # Calls and gates

    def call_is(self, word: CallIs) -> None:
        """How a call stands; the same word again changes nothing.

        Gates of seats that stay are left as they are, unless the call is held. A phone has no key: its gate opens when
        it takes its seat and when the call is resumed. Seats of legs that are not up are passed over, and so are
        more than VOICE_SEATS_MAX.
        """
        call = self._calls.get(word.number)
        if call is not None and (call.word.line, call.word.tag) != (word.line, word.tag):
            self.call_over(word.number)
            call = None
        if call is None:
            call = self._calls[word.number] = _Call(word)
        was_held, call.word = call.word.held, word
        if word.held:
            self._hold(call)
        self._meet(call)
        rows = {row.leg: row for row in word.seats if row.leg in self._legs}
        for number in [number for number in call.seats if number not in rows and number != ANSWERS_AS]:
            self._stand(call, number)
        for row in list(rows.values())[:VOICE_SEATS_MAX]:
            self._sit(call, row, was_held)
        self._answer(call)
        self._sort()

    def call_over(self, number: int) -> None:
        """A call is over: every gate of it closes. An unknown one does no harm."""
        call = self._calls.pop(number, None)
        if call is not None:
            for seat in list(call.seats):
                self._stand(call, seat)
            self._sort()

    def gate(self, number: int, leg: int, open: bool) -> None:  # noqa: A002 - the field's word
        """Open or close a seat's gate. That of a held call stays closed; an unknown call or leg does no harm."""
        call = self._calls.get(number)
        if call is not None and leg in call.seats and leg != ANSWERS_AS:
            self._move(call, leg, open)

    def silent(self, leg: int) -> None:
        """A leg's own device keeps the sound back for now, as a phone on hold does: that is a pause and no loss."""
        for call in self._seated.get(leg, ()):
            self._pause(call, leg)

    def open_gates(self, number: int) -> list[int]:
        """The legs of a call whose gate is open."""
        call = self._calls.get(number)
        return [] if call is None else [seat.number for seat in call.seats.values() if seat.gate_open]

    # Frames

    def heard(self, leg: Leg, frame: Frame) -> None:
        """One of our officers has said this: on to whoever hears it."""
        for call in self._seated.get(leg.number, ()):
            self._say(call, leg.number, frame)

    def arrived(self, arrival: Arrival) -> None:
        """Something has come from a peer: on to our officers of the call."""
        peer = self._peers.get(arrival.peer)
        if peer is None:
            return
        frames = peer.arrived(arrival)
        if frames or self._lost.get(peer.key):
            self._wake(arrival.at)
        for frame in frames:
            call = self._tagged.get((peer.key, frame.stream >> 8))
            if call is not None:
                self._hear(call, peer, frame, arrival.at)

    def _say(self, call: _Call, number: int, frame: Frame) -> None:
        if not call.seats[number].gate_open:
            return
        now = self._now()
        self._wake(now)
        speaker = call.ours[number]
        said = speaker.numbering.place(frame, call.word.tag << 8 | number, now)
        if said is None:
            return
        if self.tap is not None:
            self.tap(call.word.number, "", said)
        for peer in call.peers:
            peer.say(said, now)
        listeners = forwards(call.seats, number)
        if listeners:
            here = replace(said, stream=speaker.stream)
            for listener in listeners:
                self._play(call, listener, here)

    def _hear(self, call: _Call, peer: PeerSound, frame: Frame, now: int) -> None:
        if self.tap is not None:
            self.tap(call.word.number, peer.party, frame)
        key = peer.key, frame.stream
        speaker = call.theirs.get(key)
        if speaker is None:
            speaker = call.theirs[key] = _Speaker(next(self._streams))
        if call.word.held:
            return
        said = speaker.numbering.place(frame, speaker.stream, now)
        if said is None:
            return
        for number in call.seats:
            if number != ANSWERS_AS or frame.stream % LEGS != ANSWERS_AS:
                self._play(call, number, said)

    def _play(self, call: _Call, number: int, frame: Frame) -> None:
        leg = call.answering if number == ANSWERS_AS else self._legs.get(number)
        if leg is not None:
            leg.play(frame)

    # How a call changes

    def _meet(self, call: _Call) -> None:
        """The peers of a call as its word says; who is not in it any more gets the copies that are still owed."""
        peers = tuple(self._peer(call.word.line, party) for party in dict.fromkeys(call.word.peers))
        for peer in call.peers:
            if peer not in peers:
                for number in call.seats:
                    self._quiet(peer, call.word.tag << 8 | number)
                for key in [key for key in call.theirs if key[0] == peer.key]:
                    del call.theirs[key]
        call.peers = peers

    def _sit(self, call: _Call, row: SeatRow, was_held: bool) -> None:
        seat, held = call.seats.get(row.leg), call.word.held
        new = Seat(
            number=row.leg,
            member=0,
            kind=row.kind,
            gate_open=seat is not None and seat.gate_open,
            held=held,
            listens=frozenset(row.listens),
            speaks=frozenset(row.speaks),
        )
        call.seats = {**call.seats, row.leg: new}
        if seat is None:
            call.ours[row.leg] = _Speaker(next(self._streams))
        if row.kind is Kind.PHONE and (seat is None or was_held):
            self._move(call, row.leg, is_open=True)

    def _stand(self, call: _Call, number: int) -> None:
        """A leg takes part no more."""
        self._move(call, number, is_open=False)
        call.seats = left(call.seats, number)
        call.ours.pop(number, None)
        if number == ANSWERS_AS and call.answering is not None:
            answering, call.answering = call.answering, None
            answering.close("leg-stopped")

    def _hold(self, call: _Call) -> None:
        """Every gate closes; what peers say is kept back, and is no loss when it is heard again."""
        for number in list(call.seats):
            self._move(call, number, is_open=False)
        for speaker in call.theirs.values():
            speaker.numbering.pause()

    def _answer(self, call: _Call) -> None:
        wanted = call.word.answering and not call.word.held
        if wanted and call.answering is None:
            say, move = partial(self._say, call, ANSWERS_AS), partial(self._move, call, ANSWERS_AS)
            call.answering = AnsweringLeg(say, move)
            call.seats = {**call.seats, ANSWERS_AS: Seat(ANSWERS_AS, 0, Kind.POSITION)}
            call.ours[ANSWERS_AS] = _Speaker(next(self._streams))
        elif not wanted and call.answering is not None:
            self._stand(call, ANSWERS_AS)

    def _move(self, call: _Call, number: int, is_open: bool) -> None:
        seat = call.seats.get(number)
        if seat is None or seat.gate_open == is_open or (is_open and call.word.held):
            return
        call.seats = gate(call.seats, number, is_open)
        if not is_open:
            self._pause(call, number)

    def _pause(self, call: _Call, number: int) -> None:
        call.ours[number].numbering.pause()
        for peer in call.peers:
            self._quiet(peer, call.word.tag << 8 | number)

    def _quiet(self, peer: PeerSound, stream: int) -> None:
        """A gate has closed: the copies of the last frames still go out, one each frame's length."""
        for place, sound in enumerate(peer.rest(stream), 1):
            self._loop.call_later(FRAME_S * place, self._repeat, peer, sound)

    def _repeat(self, peer: PeerSound, sound: Sound) -> None:
        peer.repeat(sound, self._now())

    def _sort(self) -> None:
        """Where the speakers are, by leg, and the calls by peer and tag."""
        self._seated, self._tagged = {}, {}
        for call in self._calls.values():
            for number in call.seats:
                self._seated.setdefault(number, []).append(call)
            for peer in call.peers:
                self._tagged[peer.key, call.word.tag] = call

    def _peer(self, line: str, party: str) -> PeerSound:
        key = peer_key(line, party)
        if key not in self._peers:
            self._peers[key] = PeerSound(line, party, self._way)
            self._wake(self._now())
        return self._peers[key]

    # Time

    def _wake(self, now: int) -> None:
        """There is sound: look often for a second."""
        if now >= self._busy_until and self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._busy_until = now + SECOND_US
        if self._timer is None:
            self._timer = self._loop.call_later(LOOK_S, self._look)

    def _look(self) -> None:
        now = self._now()
        self._timer = self._loop.call_later(LOOK_S if now < self._busy_until else IDLE_LOOK_S, self._look)
        for peer in self._peers.values():
            peer.look(now)
            if self._lost.get(peer.key) is not peer.lost:
                self._lost[peer.key] = peer.lost
                self._owner.sound(peer.line, peer.party, peer.lost)

    def _now(self) -> int:
        return int(self._loop.time() * SECOND_US)

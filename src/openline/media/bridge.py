"""From leg to leg: what our officers say goes to each other and to the peers, what peers say to our officers.

A call has seats here and peers elsewhere. The gate is asked here, before a frame leaves: no other node has to be
trusted with it. A stream is named by the call's tag and the speaker's leg, so one leg may take part in several calls;
both ends know a call by the same tag. Frames are passed on as they are, to each listener; nothing is held or mixed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from openline.base.time import SECOND_US
from openline.media.peer import PeerSound, Way
from openline.media.ports import Leg
from openline.media.wire import Arrival
from openline.voice.datagram import Sound
from openline.voice.frame import Frame
from openline.voice.seats import Kind, Seat, Seats, forwards, gate, hold, left, seated

LOOK_S = 0.02
FRAME_S = 0.02
LEGS = 1 << 8
"""Legs of one process, and calls under way at once: a stream's 16 bits are the call's tag and the leg's number."""


class BridgeOwner(Protocol):
    """Who made a bridge."""

    def sound_lost(self, party: str) -> None:
        """No sound can pass to or from this peer any more."""

    def sound_back(self, party: str) -> None:
        """It can again."""


@dataclass(slots=True)
class _Call:
    peers: frozenset[str]
    seats: Seats = field(default_factory=dict)


class Bridge:
    """The calls of one voice process. Used from one event loop only."""

    def __init__(self, owner: BridgeOwner) -> None:
        self._owner = owner
        self._loop = asyncio.get_running_loop()
        self._legs: dict[int, Leg] = {}
        self._calls: dict[int, _Call] = {}
        self._peers: dict[str, PeerSound] = {}
        self._heard_as: dict[tuple[str, int], int] = {}
        self._lost: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None

    # Peers and their paths

    def meet(self, party: str, paths: Mapping[str, int], way: Way) -> PeerSound:
        """Sound may go to `party` from now on; see PeerSound."""
        peer = self._peers[party] = PeerSound(party, paths, way)
        self._lost.add(party)
        if self._timer is None:
            self._timer = self._loop.call_later(LOOK_S, self._look)
        return peer

    def path_opened(self, party: str, path: str) -> None:
        """A path to a peer has a session."""
        self._peers[party].opened(path, self._now())

    def path_ended(self, party: str, path: str) -> None:
        """It has none any more."""
        self._peers[party].ended(path, self._now())

    def close(self) -> None:
        """Pass nothing on any more."""
        if self._timer is not None:
            self._timer.cancel()
        self._calls.clear()
        self._legs.clear()

    # Calls and seats

    def begin(self, tag: int, peers: Iterable[str]) -> None:
        """A call with these peers, which know it by the same tag (0 to 255)."""
        assert 0 <= tag < LEGS
        assert tag not in self._calls
        self._calls[tag] = _Call(frozenset(peers))

    def end(self, tag: int) -> None:
        """It is over: every gate closes."""
        for number in list(self._calls[tag].seats):
            self.leave(tag, number)
        del self._calls[tag]

    def sit(self, tag: int, leg: Leg, kind: Kind = Kind.POSITION) -> None:
        """A leg takes part, its gate closed. Raises UsageError when all seats are taken."""
        assert leg.number < LEGS
        call = self._calls[tag]
        call.seats = seated(call.seats, Seat(leg.number, 0, kind))
        self._legs[leg.number] = leg

    def leave(self, tag: int, number: int) -> None:
        """A leg takes part no more."""
        self.gate(tag, number, open=False)
        call = self._calls[tag]
        call.seats = left(call.seats, number)
        if not any(number in each.seats for each in self._calls.values()):
            self._legs.pop(number, None)

    def gate(self, tag: int, number: int, open: bool) -> None:  # noqa: A002 - the field's word
        """Open or close a seat's gate. A held seat's stays closed."""
        call = self._calls[tag]
        was = call.seats[number].gate_open
        if open and call.seats[number].held:
            return
        call.seats = gate(call.seats, number, open)
        if was and not open:
            self._quiet(call, tag << 8 | number)

    def hold(self, tag: int, number: int, held: bool) -> None:
        """Put a seat on hold, which closes its gate, or take it off."""
        self.gate(tag, number, open=False)
        call = self._calls[tag]
        call.seats = hold(call.seats, number, held)

    # Frames

    def heard(self, leg: Leg, frame: Frame) -> None:
        """One of our officers has said this: on to whoever hears it."""
        now = self._now()
        for tag, call in self._calls.items():
            seat = call.seats.get(leg.number)
            if seat is None or not seat.gate_open:
                continue
            said = replace(frame, stream=tag << 8 | leg.number)
            for number in forwards(call.seats, leg.number):
                self._legs[number].play(said)
            for party in call.peers:
                self._peers[party].say(said, now)

    def arrived(self, arrival: Arrival) -> None:
        """Something has come from a peer: on to our officers who hear it."""
        peer = self._peers.get(arrival.peer)
        if peer is None:
            return
        for frame in peer.arrived(arrival):
            call = self._calls.get(frame.stream >> 8)
            if call is None or arrival.peer not in call.peers:
                continue
            said = replace(frame, stream=self._stream(arrival.peer, frame.stream))
            for seat in call.seats.values():
                if not seat.held and seat.kind is not Kind.INTERPRETER:
                    self._legs[seat.number].play(said)

    def _stream(self, party: str, stream: int) -> int:
        """The number under which our legs know a peer's stream: unlike that of any other speaker."""
        key = party, stream
        if key not in self._heard_as:
            self._heard_as[key] = LEGS * LEGS + len(self._heard_as)
        return self._heard_as[key]

    def _quiet(self, call: _Call, stream: int) -> None:
        """A gate has closed: the copies of the last frames still go out, one each frame's length."""
        for party in call.peers:
            peer = self._peers[party]
            for place, sound in enumerate(peer.rest(stream), 1):
                self._loop.call_later(FRAME_S * place, self._repeat, peer, sound)

    def _repeat(self, peer: PeerSound, sound: Sound) -> None:
        peer.repeat(sound, self._now())

    # Time

    def _look(self) -> None:
        self._timer = self._loop.call_later(LOOK_S, self._look)
        now = self._now()
        for party, peer in self._peers.items():
            peer.look(now)
            if peer.lost and party not in self._lost:
                self._lost.add(party)
                self._owner.sound_lost(party)
            elif not peer.lost and party in self._lost:
                self._lost.discard(party)
                self._owner.sound_back(party)

    def _now(self) -> int:
        return int(self._loop.time() * SECOND_US)

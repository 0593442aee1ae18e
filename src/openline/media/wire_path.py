"""How sound goes to one peer on one path: by UDP, by the TLS stream, or both while UDP is in doubt.

A path probes by itself and believes answers only. It walks the table CARRIAGE. Sound goes on one session: the newest
on which a probe was answered. The path numbers everything it sends, whatever session or stream carries it. On the
stream a probe that stays unanswered stops the sound, so that what is stale is dropped here instead of waiting in a
queue that we cannot see. No clock: `now` is microseconds of one that nobody sets.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from openline.base.limits import WIRE_OUTSTANDING_MAX, WIRE_PAYLOAD_BYTES_MAX
from openline.base.machine import advance
from openline.base.time import SECOND_US
from openline.media.wire_carriage import CARRIAGE, Carriage, Happening, Pace, PathSound, Unsent
from openline.media.wire_loss import Loss
from openline.media.wire_seal import Kind
from openline.media.wire_session import WireSession
from openline.media.wire_socket import Place
from openline.media.wire_words import Asked, Epoch, Port, Probe, Renew, Said, Sound, encode_word

_BUSY_PAYLOADS_A_SECOND = 10
_SEQUENCES = 1 << 16


class Outlet(Protocol):
    """Who carries out what a path decides."""

    def stream(self, session: int, data: bytes) -> None:
        """Send `data` over the TLS stream of a session."""

    def changed(self, path: WirePath) -> None:
        """Its carriage is another one now."""


@dataclass(frozen=True, slots=True)
class _Outstanding:
    session: WireSession
    at: int
    sent: int
    stream: bool


class WirePath:
    """One path to one peer. Mutable; owned by the Wire."""

    def __init__(self, peer: str, name: str, outlet: Outlet, pace: Pace, now: int) -> None:
        self.peer = peer
        self.name = name
        self.carriage = Carriage.DEAD
        self.since = now
        self.sessions: list[WireSession] = []
        self.heard: Place | None = None
        self.trouble = ""
        self.unsent: Counter[Unsent] = Counter()
        self._outlet = outlet
        self._pace = pace
        self._in_use: WireSession | None = None
        self._outstanding: dict[int, _Outstanding] = {}
        self._number = 0
        self._sequence = -1
        self._turn = 0
        self._probed: int | None = None
        self._asked: int | None = None
        self._payloads = 0
        self._trips: dict[bool, int] = {}
        self._loss_out = Loss()
        self._loss_in = Loss()

    # Sessions

    def open(self, session: WireSession, now: int) -> None:
        """A session is there: the stream carries at once, UDP when a probe is answered."""
        self.sessions.append(session)
        self._choose()
        if self.carriage is Carriage.DEAD:
            self._happened(Happening.OPENED, now)
        self._probe(now)

    def end(self, session: WireSession, now: int, at_once: bool) -> None:
        """Its stream is gone. Unless it must end `at_once` its keys serve on for a while: a node may soon be back."""
        session.ended = now - self._pace.grace_us if at_once else now
        self._choose()

    def forget(self, now: int) -> list[WireSession]:
        """Take out the sessions that ended too long ago; they are not used again."""
        gone = [one for one in self.sessions if one.ended is not None and now - one.ended >= self._pace.grace_us]
        for session in gone:
            self.sessions.remove(session)
        if gone:
            self._choose()
            self._outstanding = {number: one for number, one in self._outstanding.items() if one.session not in gone}
            if not self.sessions and self.carriage is not Carriage.DEAD:
                self._happened(Happening.ENDED, now)
        return gone

    def facts(self) -> PathSound:
        """How it stands."""
        return PathSound(
            peer=self.peer,
            path=self.name,
            carriage=self.carriage,
            since=self.since,
            round_trip_us=self._trips.get(self.carriage is Carriage.STREAM),
            loss_out=self._loss_out.permille,
            loss_in=self._loss_in.permille,
            session=None if self._in_use is None else self._in_use.number,
            trouble=self.trouble,
        )

    # Sound

    def send(self, payload: bytes, now: int) -> int | None:
        """Put sound on the way this path goes now; the sequence number of the datagram, None when it was none.

        Never waits, never fails: what cannot go is counted.
        """
        if len(payload) > WIRE_PAYLOAD_BYTES_MAX:
            self.unsent[Unsent.LARGE] += 1
            return None
        sequence = None
        self._payloads += 1
        if self.carriage is Carriage.DEAD:
            self.unsent[Unsent.DEAD] += 1
        if self.carriage is Carriage.UDP or self.carriage is Carriage.BOTH:
            sequence = self._datagram(self._in_use, Kind.SOUND, payload)
        if self.carriage is Carriage.STREAM or self.carriage is Carriage.BOTH:
            session = self._flowing(now)
            if session is None:
                self.unsent[Unsent.STALE] += 1
            else:
                self._outlet.stream(session.number, encode_word(Sound(self._next_sequence(), payload)))
        return sequence

    # What the other end said

    def follow(self, place: Place) -> None:
        """The peer's newest datagram came from `place`: what we answer on sessions it dialled goes there."""
        if place != self.heard:
            self.heard = place
            self._probed = None

    def probed(self, session: WireSession, probe: Probe, place: Place) -> None:
        """A probe came by UDP from `place`: it is answered there, and tells how many of theirs were lost."""
        self._loss_in.count((session.number, session.life), probe.count, session.taken)
        answer = Probe(probe.number, session.taken).encode()
        if not session.send(Kind.ANSWER, self._next_sequence(), answer, place):
            self.unsent[Unsent.REFUSED] += 1

    def answered(self, answer: Probe, now: int) -> None:
        """An answer came by UDP."""
        asked = self._outstanding.get(answer.number)
        if asked is None or asked.stream:
            return
        del self._outstanding[answer.number]
        asked.session.proved = True
        self._asked = None
        self._measured(now - asked.at, stream=False)
        self._loss_out.count((asked.session.number, 0), asked.sent, answer.count)
        self._choose()
        if self.carriage is not Carriage.UDP:
            self._happened(Happening.UDP_ANSWERED, now)

    def said(self, session: WireSession, said: Said, now: int) -> None:
        """Something came over the stream of a session. Sound is the Wire's."""
        match said:
            case Asked(probe, answer):
                if answer:
                    self._stream_answered(session, probe, now)
                else:
                    self._outlet.stream(session.number, encode_word(Asked(Probe(probe.number, 0), answer=True)))
            case Renew():
                session.sealer.renew()
                self._outlet.stream(session.number, encode_word(Epoch(session.sealer.epoch)))
            case Epoch(epoch):
                session.opener.since(epoch)
            case Port(port):
                self._moved(session, port)
            case Sound():
                raise AssertionError("sound goes to who hears it")

    # Time

    def tick(self, now: int) -> None:
        """Judge what was not answered, and probe when it is time."""
        waited = self._waited(now)
        if self.carriage is Carriage.UDP and waited >= self._pace.late_us:
            self._doubt()
            self._happened(Happening.UDP_LATE, now)
        elif self.carriage is Carriage.BOTH and waited >= self._pace.silent_us:
            self._happened(Happening.UDP_SILENT, now)
        if self.carriage is Carriage.STREAM and self._flowing(now) is None:
            self._happened(Happening.STREAM_SILENT, now)
        if self.sessions and (self._probed is None or now - self._probed >= self._wait(now)):
            self._probe(now)

    def _waited(self, now: int) -> int:
        """How much longer than a round trip the session in use owes an answer; for ever when there is none."""
        if self._in_use is None or self._place(self._in_use) is None:
            return self._pace.silent_us
        return 0 if self._asked is None else now - self._asked - self._trips.get(False, 0)

    def _wait(self, now: int) -> int:
        """How long after the last probe the next one goes."""
        pace = self._pace
        carries = self.carriage is Carriage.UDP
        if self.carriage is Carriage.BOTH or (carries and self._asked is not None):
            return pace.again_us
        since = now - (self._probed or 0)
        busy = self._payloads * SECOND_US >= _BUSY_PAYLOADS_A_SECOND * max(since, pace.busy_us)
        if busy or (not carries and now - self.since < pace.soon_us):
            return pace.busy_us
        return pace.idle_us if carries and self.sessions[-1].proved else pace.away_us

    def _probe(self, now: int) -> None:
        self._probed = now
        self._payloads = 0
        for session in self._to_probe():
            place = self._place(session)
            if place is not None:
                self._outstanding[self._next()] = _Outstanding(session, now, session.sent + 1, stream=False)
                if session is self._in_use and self._asked is None:
                    self._asked = now
                self._datagram(session, Kind.PROBE, Probe(self._number, session.sent + 1).encode())
        for session in self.sessions:
            if session.ended is None and session.opener.closed:
                self._outlet.stream(session.number, encode_word(Renew()))
            if session.ended is None and self.carriage is not Carriage.UDP:
                self._outstanding[self._next()] = _Outstanding(session, now, 0, stream=True)
                session.asked = now if session.asked is None else session.asked
                self._outlet.stream(session.number, encode_word(Asked(Probe(self._number, 0), answer=False)))
        while len(self._outstanding) > WIRE_OUTSTANDING_MAX:
            del self._outstanding[next(iter(self._outstanding))]

    def _to_probe(self) -> list[WireSession]:
        """The session in use, a newer one that is not proved yet, and in doubt one of the others after the other."""
        chosen = [self.sessions[-1]]
        if self.carriage is not Carriage.UDP:
            self._turn += 1
            chosen.append(self.sessions[self._turn % len(self.sessions)])
        if self._in_use is not None:
            chosen.append(self._in_use)
        return list(dict.fromkeys(chosen))

    def _next(self) -> int:
        self._number = (self._number + 1) % (1 << 32)
        return self._number

    def _next_sequence(self) -> int:
        self._sequence = (self._sequence + 1) % _SEQUENCES
        return self._sequence

    def _datagram(self, session: WireSession | None, kind: Kind, payload: bytes) -> int | None:
        """Send on a session; the sequence number, None when it did not go out."""
        place = None if session is None else self._place(session)
        if session is not None and place is not None:
            sequence = self._next_sequence()
            if session.send(kind, sequence, payload, place):
                return sequence
        self.unsent[Unsent.REFUSED] += 1
        return None

    def _place(self, session: WireSession) -> Place | None:
        """Where its datagrams go; None when there is nowhere yet."""
        if not session.usable:
            return None
        return session.place if session.dialled else self.heard

    def _flowing(self, now: int) -> WireSession | None:
        """The newest session whose stream answers in time."""
        stale_us = self._pace.stale_us
        stale_us += min(self._trips.get(True, stale_us), stale_us)
        for session in reversed(self.sessions):
            stale = session.asked is not None and now - session.asked >= stale_us
            if session.ended is None and not stale:
                return session
        return None

    def _choose(self) -> None:
        """Use the newest session that is proved, better one that has not ended; while none is proved the newest."""
        places = [session for session in self.sessions if self._place(session) is not None]
        ranks = {id(one): (one.proved, one.ended is None, at) for at, one in enumerate(places)}
        best = max(places, key=lambda one: ranks[id(one)], default=None)
        if best is not self._in_use:
            self._asked = None
        self._in_use = best

    def _doubt(self) -> None:
        for session in self.sessions:
            session.proved = False

    def _stream_answered(self, session: WireSession, probe: Probe, now: int) -> None:
        asked = self._outstanding.get(probe.number)
        if asked is None or not asked.stream or asked.session is not session:
            return
        del self._outstanding[probe.number]
        session.asked = None
        self._measured(now - asked.at, stream=True)
        if not session.met:
            session.met = True
            self._probed = None  # The peer has the keys as well: now a datagram can be answered.
        if self.carriage is Carriage.DEAD:
            self._happened(Happening.STREAM_ANSWERED, now)

    def _moved(self, session: WireSession, port: int) -> None:
        """The peer takes datagrams at another port than the one we dialled."""
        if session.dialled and session.place is not None:
            session.place = (session.place[0], port, *session.place[2:]) if port else None
            self._choose()
            self._probed = None

    def _measured(self, took: int, stream: bool) -> None:
        trip = self._trips.setdefault(stream, took)
        self._trips[stream] = trip + (took - trip) // 8

    def _happened(self, happening: Happening, now: int) -> None:
        self.carriage = advance(CARRIAGE, self.carriage, happening)
        self.since = now
        self._outlet.changed(self)

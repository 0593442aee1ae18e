"""Sound between this node and its peers: every payload on every live path. Spec: docs/spec/voice-wire.md.

A Wire owns the UDP sockets, one for each own address of a path, and finds the session of a datagram by its SSRC.
Nothing that is not authenticated is answered; it is counted by cause and forgotten. Nothing is held: what arrives is
handed over at once, as often as it comes on different paths. Which copies belong together is the payload's business.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from openline.base.time import SECOND_US
from openline.media.wire_carriage import Pace, PathSound
from openline.media.wire_path import WirePath
from openline.media.wire_seal import Kind, Refusal, read_label
from openline.media.wire_session import Handed, WireSession
from openline.media.wire_socket import Place, WireSocket, place_of
from openline.media.wire_words import Port, Sound, decode_probe, decode_word, encode_word

_TICKS = 4
"""How often a path is looked at within its shortest wait."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A payload as it came, or, empty, only a sign of life of the path.

    `sequence` numbers what the peer sends on this path (16 bits), whatever session or stream carries it: a gap is a
    loss, until the peer's voice process is another one. `at` is when it was read, in microseconds of the event loop's
    clock.
    """

    peer: str
    path: str
    session: int
    over_stream: bool
    sequence: int
    payload: bytes
    at: int


class WireOwner(Protocol):
    """Who made a Wire. Called from the event loop."""

    def arrived(self, arrival: Arrival) -> None:
        """Sound has come."""

    def over_stream(self, session: int, data: bytes) -> None:
        """Send `data` over the TLS stream of a session, or drop it when the session is gone or crowded."""

    def carried(self, fact: PathSound) -> None:
        """Sound goes another way on a path from now on."""


class Wire:
    """The sound of one node. Used from one event loop only."""

    def __init__(self, owner: WireOwner, ports: Mapping[str, int], pace: Pace | None = None) -> None:
        """`ports` has the UDP port of each path that is listened at; a path without one takes any."""
        self._owner = owner
        self._ports = ports
        self._pace = pace or Pace()
        self._loop = asyncio.get_running_loop()
        self._paths: dict[tuple[str, str], WirePath] = {}
        self._sessions: dict[int, tuple[WireSession, WirePath]] = {}
        self._by_ssrc: dict[int, tuple[WireSession, WirePath]] = {}
        self._sockets: dict[tuple[str, str], WireSocket] = {}
        self._timer: asyncio.TimerHandle | None = None
        self.refused: Counter[tuple[str, Refusal]] = Counter()
        self._dropped = 0

    # Sessions

    def opened(self, handed: Handed) -> None:
        """A session can carry sound from now on."""
        assert handed.number not in self._sessions, "a session is handed over once"
        now = self._now()
        path = self._paths.get((handed.peer, handed.path))
        if path is None:
            path = self._paths[handed.peer, handed.path] = WirePath(handed.peer, handed.path, self, self._pace, now)
        path.trouble = ""
        place, socket = None, None
        try:
            place = place_of(*handed.theirs)[1] if handed.dialled else None
            socket = self._socket(handed)
        except OSError as why:
            path.trouble = why.strerror or str(why)
        session = WireSession(handed, place, socket)
        self._sessions[handed.number] = session, path
        self._by_ssrc.setdefault(session.ssrc, (session, path))
        if not handed.dialled and (socket is None or socket.port != handed.own[1]):
            self.stream(handed.number, encode_word(Port(0 if socket is None else socket.port)))
        path.open(session, now)
        if self._timer is None:
            self._tick()

    def ended(self, number: int, at_once: bool = False) -> None:
        """The TLS session is over; `at_once` when its keys must not serve on. Unknown numbers do no harm."""
        if number in self._sessions:
            session, path = self._sessions[number]
            path.end(session, self._now(), at_once)
            self._forget(path, self._now())

    def close(self) -> None:
        """Send and take no more; every key is forgotten."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for socket in self._sockets.values():
            socket.close()
        for table in (self._sockets, self._by_ssrc, self._sessions, self._paths):
            table.clear()

    # Sound

    def send(self, peer: str, payload: bytes, only: Collection[str] | None = None) -> list[tuple[str, int]]:
        """The same payload on every live path to `peer`, or on those of the names `only`.

        Answers on which paths a datagram left, and its sequence number there.
        """
        now = self._now()
        left = []
        for (whose, name), path in self._paths.items():
            if whose == peer and (only is None or name in only):
                sequence = path.send(payload, now)
                if sequence is not None:
                    left.append((name, sequence))
        return left

    def stream_arrived(self, number: int, data: bytes) -> None:
        """`data` came over the TLS stream of a session."""
        if number not in self._sessions:
            return
        session, path = self._sessions[number]
        said = decode_word(data)
        now = self._now()
        if said is None:
            self.refused[path.name, Refusal.MALFORMED] += 1
        elif isinstance(said, Sound):
            self._owner.arrived(Arrival(path.peer, path.name, number, True, said.sequence, said.payload, now))
        else:
            path.said(session, said, now)

    def facts(self) -> Sequence[PathSound]:
        """How every path stands."""
        return [path.facts() for path in self._paths.values()]

    def dropped(self) -> int:
        """Datagrams that the system dropped because we did not read in time, since the beginning."""
        return self._dropped + sum(socket.dropped for socket in self._sockets.values())

    # For paths

    def stream(self, session: int, data: bytes) -> None:
        """See wire_path.Outlet."""
        self._owner.over_stream(session, data)

    def changed(self, path: WirePath) -> None:
        """See wire_path.Outlet."""
        self._owner.carried(path.facts())

    # Datagrams

    def _arrived(self, socket: WireSocket, data: bytes, place: Place) -> None:
        refusal = self._take(socket.path, data, place)
        if refusal is not None:
            self.refused[socket.path, refusal] += 1

    def _take(self, name: str, data: bytes, place: Place) -> Refusal | None:
        """Take a datagram that came on the path `name`; why it is refused, if it is."""
        label = read_label(data)
        if isinstance(label, Refusal):
            return label
        known = self._by_ssrc.get(label.ssrc)
        if known is None:
            return Refusal.UNKNOWN
        session, path = known
        if path.name != name:
            return Refusal.MISPLACED
        payload = session.take(label, data)
        if isinstance(payload, Refusal):
            return payload
        now = self._now()
        if label.index > session.newest:
            session.newest = label.index
            path.follow(place)
        sound = payload if label.kind is Kind.SOUND else b""
        self._owner.arrived(Arrival(path.peer, name, session.number, False, label.sequence, sound, now))
        if label.kind is Kind.SOUND:
            return None
        probe = decode_probe(payload)
        if probe is None:
            return Refusal.MALFORMED
        if label.kind is Kind.PROBE:
            path.probed(session, probe, place)
        else:
            path.answered(probe, now)
        return None

    def _socket(self, handed: Handed) -> WireSocket:
        """The socket of the path at our address of this session. Raises OSError."""
        key = handed.path, handed.own[0]
        if key not in self._sockets:
            self._sockets[key] = WireSocket(handed.path, handed.own[0], self._ports.get(handed.path, 0), self._arrived)
        return self._sockets[key]

    def _tick(self) -> None:
        self._timer = None
        now = self._now()
        for path in list(self._paths.values()):
            self._forget(path, now)
            path.tick(now)
        if self._sessions:
            self._timer = self._loop.call_later(self._pace.again_us / _TICKS / SECOND_US, self._tick)

    def _forget(self, path: WirePath, now: int) -> None:
        gone = path.forget(now)
        if not gone:
            return
        for session in gone:
            del self._sessions[session.number]
            if self._by_ssrc.get(session.ssrc) == (session, path):
                del self._by_ssrc[session.ssrc]
        used = {id(session.socket) for session, _ in self._sessions.values()}
        for key, socket in list(self._sockets.items()):
            if id(socket) not in used:
                self._dropped += socket.dropped
                socket.close()
                del self._sockets[key]

    def _now(self) -> int:
        return int(self._loop.time() * SECOND_US)

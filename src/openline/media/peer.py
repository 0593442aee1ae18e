"""The sound to and from one peer: frames become datagrams on every path that carries, and datagrams frames again.

Joins the Wire, which knows paths and keys, with the voice core, which knows copies and losses. Nothing is held: a
frame leaves in the turn in which it was said and is handed on in the turn in which it came. A peer is a party on one
line: two lines to one party share nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Protocol

from openline.base.errors import PeerError, UsageError
from openline.base.limits import VOICE_PATHS_MAX
from openline.media.wire import Arrival
from openline.voice.datagram import Datagram, Probe, Report, Sound, decode, encode, path_number
from openline.voice.frame import SEQUENCES, Frame, ahead
from openline.voice.paths import Paths
from openline.voice.recovery import Receivers
from openline.voice.redundancy import Depth, Sender

NEW_LIFE_AHEAD = 3_000
"""A path whose numbers leap further than this is that of a new voice process at the peer (RFC 3550 MAX_DROPOUT)."""


def peer_key(line: str, party: str) -> str:
    """What the Wire knows a peer by. Ids have no spaces (base.text), so no two peers have the same."""
    return f"{line} {party}"


class Way(Protocol):
    """What a peer needs of a Wire."""

    def send(self, peer: str, payload: bytes, only: Collection[str] | None = None) -> list[tuple[str, int]]:
        """See wire.Wire."""


class PeerSound:
    """One peer. Mutable; owned by the bridge. Times are microseconds of the event loop's clock."""

    def __init__(self, line: str, party: str, way: Way) -> None:
        self.line = line
        self.party = party
        self.key = peer_key(line, party)
        self.refused: Counter[str] = Counter()
        self._way = way
        self._names: dict[int, str] = {}
        self._paths = Paths()
        self._depth = Depth()
        self._senders: dict[int, Sender] = {}
        self._receivers = Receivers()
        self._newest: dict[int, int] = {}

    # Paths

    def opened(self, name: str, now: int) -> None:
        """A path has a session: sound goes on it from now on. Of more than VOICE_PATHS_MAX the last are passed over."""
        number = path_number(name)
        if number in self._names:
            return
        if len(self._names) >= VOICE_PATHS_MAX:
            self.refused["voice-too-many-paths"] += 1
            return
        self._names[number] = name
        self._paths.open(number, now)
        self._follow(now)

    def ended(self, name: str, now: int) -> None:
        """A path has no session any more."""
        number = path_number(name)
        if self._names.get(number) == name:
            del self._names[number]
            self._newest.pop(number, None)
            self._paths.close(number)
            self._follow(now)

    @property
    def lost(self) -> bool:
        """Whether no sound can pass: no path is open, or none is heard."""
        return self._paths.lost

    @property
    def offsets(self) -> tuple[int, ...]:
        """Which earlier frames each datagram repeats now."""
        return self._depth.offsets

    def totals(self) -> tuple[int, int]:
        """Frames the peer sent us as far as we know, and how many of them are lost."""
        return self._receivers.totals()

    # Out

    def say(self, frame: Frame, now: int) -> None:
        """Send a frame of one of our speakers."""
        sender = self._senders.get(frame.stream)
        if sender is None:
            sender = self._senders[frame.stream] = Sender()
        try:
            self._send(sender.contents(frame, self._depth.offsets), now)
        except UsageError as why:  # A frame that fits no datagram; Opus in use is a tenth of that.
            self.refused[why.message_id] += 1

    def rest(self, stream: int) -> list[Sound]:
        """The gate of a speaker has closed: what is to be sent, one by one, each frame's length."""
        sender = self._senders.pop(stream, None)
        return [] if sender is None else sender.rest(self._depth.offsets)

    def repeat(self, sound: Sound, now: int) -> None:
        """Send one of what `rest` gave."""
        self._send(sound, now)

    # In

    def arrived(self, arrival: Arrival) -> list[Frame]:
        """Something has come from this peer: the frames it brings for the first time.

        What is wrong in it is counted by its message id and dropped; the path stays. Sound is heard on a path that is
        not open as well: the peer may have found the way back before us.
        """
        number = path_number(arrival.path)
        is_open = self._names.get(number) == arrival.path
        if is_open:
            self._count(number, arrival.sequence, arrival.at)
        if not arrival.payload:
            return []
        try:
            said = decode(arrival.payload)
            return self._take(number if is_open else None, said, arrival.at)
        except PeerError as why:
            self.refused[why.message_id] += 1
            return []

    # Time

    def look(self, now: int) -> None:
        """To be called every 20 ms or so while there is sound: reports, probes, and what has fallen silent."""
        if self._paths.look(now):
            self._follow(now)
        report = self._paths.report_due(*self._receivers.totals(), now)
        if report is not None:
            self._send(report, now)
        due = self._paths.probes_due(now)
        if due:
            self._put(encode(Probe()), due, now)

    def _take(self, number: int | None, said: Datagram, now: int) -> list[Frame]:
        match said:
            case Sound():
                return self._receivers.arrived(said, now)
            case Report():
                if number is not None:
                    self._depth.failed(self._paths.told(number, said, now), now)
                    self._follow(now)
            case Probe():
                pass
        return []

    def _count(self, number: int, sequence: int, now: int) -> None:
        newest = self._newest.get(number)
        if newest is not None and abs(ahead(sequence, newest)) > NEW_LIFE_AHEAD:
            self._paths.open(number, now)
            newest = None
        if newest is None or ahead(sequence, newest) > 0:
            self._newest[number] = sequence % SEQUENCES
        self._paths.arrived(number, sequence, now)

    def _follow(self, now: int) -> None:
        self._depth.follow(self._paths.relied_on(), now)

    def _send(self, said: Datagram, now: int) -> None:
        self._put(encode(said), self._paths.carrying(now), now)

    def _put(self, payload: bytes, numbers: Collection[int], now: int) -> None:
        names = [self._names[number] for number in numbers]
        for name, sequence in self._way.send(self.key, payload, names):
            self._paths.sent(path_number(name), sequence, now)

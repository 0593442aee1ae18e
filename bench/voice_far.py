"""A peer's node as the measurement of calls needs it: it says and hears sound on two paths, and times what it hears.

It has the real keys, protection, copies and reports of a node, and none of the care for paths that fail: the sockets
are read here, so that the system's own time of arrival is known for each datagram.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Callable, Collection, Iterator
from struct import Struct

from openline.media.peer import PeerSound
from openline.media.wire import Arrival
from openline.media.wire_keys import SECRET_BYTES, wire_keys
from openline.media.wire_seal import Kind, Opener, Refusal, Sealer, read_label
from openline.media.wire_words import Probe, decode_probe
from openline.voice.frame import SEQUENCES, Frame, ahead

PATHS = ("fibre", "radio")
PARTY = "peer"

_RECEIVE_BYTES = 4 * 1_048_576
_AT_ONCE = 64
_SO_TIMESTAMPNS = 35  # Linux; the name is missing in Python 3.11
_TIMESPEC = Struct("@qq")

Place = tuple[str, int]


def stamped(own: socket.socket) -> None:
    """Have the system note when each datagram came, and keep room for many."""
    own.setblocking(False)
    own.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BYTES)


def read_stamped(own: socket.socket) -> Iterator[tuple[bytes, Place, int]]:
    """What has come at a stamped socket: data, from where, when (ns of the system's time of day)."""
    for _ in range(_AT_ONCE):
        try:
            data, more, _, place = own.recvmsg(2_048, 64)
        except BlockingIOError:
            return
        at = next(stamp for level, kind, stamp in more if (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS))
        seconds, rest = _TIMESPEC.unpack(at)
        yield data, place, seconds * 1_000_000_000 + rest


class FarPath:
    """One session, which the node under test has dialled. `gaps` counts datagrams of it that never came."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.secret = os.urandom(SECRET_BYTES)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        stamped(self.socket)
        self.socket.bind(("127.0.0.1", 0))
        self.place: Place = self.socket.getsockname()
        self.node: Place | None = None
        keys = wire_keys(self.secret, dialled=False)
        self.opener = Opener(keys.theirs, closed=False)
        self._sealer = Sealer(keys.ours, life=0)
        self._sequence = -1
        self._first: int | None = None
        self._span = self._taken = 0
        self._newest = 0

    @property
    def gaps(self) -> int:
        """Numbers between the first and the newest that never came."""
        return self._span + 1 - self._taken if self._taken else 0

    def send(self, kind: Kind, payload: bytes) -> int | None:
        """Send a datagram; its number."""
        self._sequence = (self._sequence + 1) % SEQUENCES
        sealed = self._sealer.seal(kind, self._sequence, payload)
        if sealed is None or self.node is None:
            return None
        self.socket.sendto(sealed, self.node)
        return self._sequence

    def count(self, sequence: int) -> None:
        """A datagram with this number has come."""
        if self._taken:
            step = ahead(sequence, self._newest)
            self._span += max(step, 0)
            self._newest = sequence if step > 0 else self._newest
        else:
            self._newest = sequence
        self._taken += 1

    def answer(self, payload: bytes) -> None:
        """The node asks whether anybody is there."""
        probe = decode_probe(payload)
        assert probe is not None
        self.send(Kind.ANSWER, Probe(probe.number, self._taken).encode())


class Far:
    """A peer. `came` is called with each payload and when it came (ns), once."""

    def __init__(self, line: str, came: Callable[[bytes, int], None]) -> None:
        self.line = line
        self.party = PARTY
        self.paths = tuple(map(FarPath, PATHS))
        self._came = came
        self._loop = asyncio.get_running_loop()
        self._sound = PeerSound(line, "node", self)
        for path in self.paths:
            self._sound.opened(path.name, self._now())
            self._loop.add_reader(path.socket.fileno(), self._read, path)

    def say(self, frame: Frame) -> None:
        """Somebody speaks here."""
        self._sound.say(frame, self._now())

    def look(self) -> None:
        """Let time pass."""
        self._sound.look(self._now())

    def send(self, peer: str, payload: bytes, only: Collection[str] | None = None) -> list[tuple[str, int]]:
        """See peer.Way."""
        del peer
        left = ((path.name, path.send(Kind.SOUND, payload)) for path in self.paths if only is None or path.name in only)
        return [(name, number) for name, number in left if number is not None]

    def close(self) -> None:
        """Hear no more."""
        for path in self.paths:
            self._loop.remove_reader(path.socket.fileno())
            path.socket.close()

    def _read(self, path: FarPath) -> None:
        for data, place, at in read_stamped(path.socket):
            label = read_label(data)
            payload = label if isinstance(label, Refusal) else path.opener.open(label, data)
            assert isinstance(payload, bytes), payload
            assert not isinstance(label, Refusal)
            path.node = place
            path.count(label.sequence)
            if label.kind is Kind.PROBE:
                path.answer(payload)
            sound = payload if label.kind is Kind.SOUND else b""
            arrival = Arrival("", path.name, 0, False, label.sequence, sound, self._now())
            for frame in self._sound.arrived(arrival):
                self._came(frame.payload, at)

    def _now(self) -> int:
        return int(self._loop.time() * 1e6)


assert sys.platform == "linux", "the time of arrival is asked of Linux"

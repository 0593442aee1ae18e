"""The network: named paths between headquarters, and sessions on them that behave like TLS over TCP.

A path has two directions, each with its own delay, rate, loss and life. What is sent on a session arrives in order
or not at all: a lost packet shows as a delay of everything behind it, a dead direction as silence until it heals, a
killed session as its end. Beside that, frames are also delivered twice, late, on another session and again after
minutes, because the protocol says that each may come at any time; only a session's first frame and its farewell
belong to it, and pings to their session.
"""

from __future__ import annotations

import asyncio
from bisect import insort
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import permutations
from typing import cast

from openline.base.errors import PathError, PeerError
from openline.link.frames import Bye, Hello, Ping, Pong
from openline.transport.framing import Splitter
from openline.transport.session import Receiver, Session
from tests.sim.world import World

_OVERHEAD_BYTES = 22 + 40
_RETRANSMIT_S = 0.2
_CONNECT_S = 15.0
_SILENT_S = 90.0
_KEPT_FRAMES = 48
_MUDDLE = 0.02
_OWN_TAGS = frozenset(kind.__struct_config__.tag for kind in (Hello, Bye))
_PULSE_TAGS = frozenset(kind.__struct_config__.tag for kind in (Ping, Pong))


@dataclass(slots=True)
class Direction:
    """One way of a path. Mutable; changed by the faults. Delays in seconds, `rate` in bytes per second."""

    delay_s: float
    jitter_s: float
    rate: float
    loss: float = 0.0
    dead: bool = False
    died_at: float = 0.0
    busy_until: float = 0.0


@dataclass(slots=True)
class Path:
    """A path between two parties. `troubled_at` is when anything last went wrong on it, in virtual seconds."""

    name: str
    ends: frozenset[str]
    ways: dict[tuple[str, str], Direction]
    metered: bool = False
    sessions: int = 1
    troubled_at: float = -1.0
    slow: bool = False
    wires: list[Wire] = field(default_factory=list)

    @property
    def connects(self) -> bool:
        """Whether a new session can be had on it now."""
        return not any(way.dead for way in self.ways.values())

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong with it now."""
        return not any(way.dead or way.loss for way in self.ways.values())


class Plug:
    """One end of a session: the `transport.session.Session` that a node holds. Mutable; owned by its wire."""

    other: Plug

    def __init__(self, wire: Wire, owner: str, peer: str, dialled: bool, receiver: Receiver) -> None:
        self.wire = wire
        self.owner = owner
        self.number = wire.world.number()
        self.peer = peer
        self.path = wire.path.name
        self.dialled = dialled
        self.own = self.theirs = ("127.0.0.1", 0)
        self.way = wire.path.ways[owner, peer]
        self.receiver: Receiver | None = receiver
        self.opened_at = wire.world.loop.time()
        self.held: list[tuple[int, bytes]] = []
        self.last_arrival = 0.0
        self.greeted = False
        self._out: list[bytes] = []
        self._came: list[bytes] = []
        self._splitter = Splitter()
        self._paused = False
        self._reason: str | None = None
        self._end = asyncio.Event()
        self._sent = 0

    @property
    def up(self) -> bool:
        """Whether this end believes in the session."""
        return self._reason is None

    @property
    def backlog_bytes(self) -> int:
        """Bytes that are not on the way yet."""
        return sum(map(len, self._out)) + sum(len(data) for _, data in self.held)

    def send(self, data: bytes) -> None:
        """Put whole frames on the way; what is sent in one turn of the loop leaves together."""
        if self._reason is not None:
            return
        self.wire.sent(self, data)
        if not self._out:
            self.wire.world.loop.call_soon(self._flush)
        self._out.append(data)

    def flush(self) -> None:
        """Put it on the way at once."""
        self._flush()

    def pause(self) -> None:
        """Stop reading."""
        self._paused = True

    def resume(self) -> None:
        """Read again."""
        self._paused = False
        if self._came:
            self.wire.world.loop.call_soon(self._read)

    def exporter(self, label: bytes, length: int) -> bytes:
        """Nothing here needs it."""
        return label[:0] + bytes(length)

    def close(self, reason: str) -> None:
        """End the session in good order: what was sent still arrives, if the path allows."""
        self._flush()
        self.end(reason)
        self.wire.farewell(self)

    async def ended(self) -> str:
        """Wait for the end, and return its reason."""
        await self._end.wait()
        return cast("str", self._reason)

    # What the wire does

    def arrive(self, data: bytes) -> None:
        """Bytes have come."""
        if self._reason is None:
            self._came.append(data)
            self._read()

    def hear(self, frames: list[bytes]) -> None:
        """Frames have come, in or out of order."""
        if self._reason is None and self.receiver is not None and frames:
            self.receiver.frames(cast("Session", self), frames)

    def end(self, reason: str) -> None:
        """The session is over on this side, if it was not already."""
        if self._reason is None:
            self._reason = reason
            self.held.clear()
            self.wire.world.loop.call_soon(self._tell)

    def mute(self) -> None:
        """The process that owned this end is no more: nobody hears, nobody is told."""
        self.receiver = None
        self._out.clear()
        self.held.clear()
        self._reason = "process-ended"
        self._end.set()

    def _flush(self) -> None:
        if self._out:
            data = b"".join(self._out)
            self._out.clear()
            self._sent += 1
            self.wire.carry(self, self._sent, data)

    def _read(self) -> None:
        if self._paused or self._reason is not None or not self._came:
            return
        data = b"".join(self._came)
        self._came.clear()
        try:
            frames = self._splitter.feed(data)
        except PeerError as why:
            self.wire.world.note("oversize", self.number)
            self.close(why.message_id)
            return
        if frames:
            first, self.greeted = not self.greeted, True
            self.hear(self.wire.muddle(self, frames, first))

    def _tell(self) -> None:
        self._end.set()
        if self.receiver is not None:
            self.receiver.closed(cast("Session", self), cast("str", self._reason))


class Wire:
    """One session, both ends. Mutable; owned by the network."""

    def __init__(self, network: Network, path: Path) -> None:
        self.network = network
        self.world = network.world
        self.path = path
        self.ends: list[Plug] = []
        self.stalled = False
        self.troubled_at = -1.0
        self.lying = False

    @property
    def up(self) -> bool:
        """Whether both ends believe in it."""
        return all(plug.up for plug in self.ends)

    def sent(self, plug: Plug, data: bytes) -> None:
        """A headquarters has let bytes leave: whoever watches sees them first."""
        self.world.note_bytes(data)
        for watch in self.network.watches:
            watch(plug, data)

    def carry(self, plug: Plug, number: int, data: bytes) -> None:
        """Take bytes, the `number`th piece, from an end to the other."""
        way = plug.way
        if way.dead or self.stalled or plug.held:
            insort(plug.held, (number, data))
            return
        loop = self.world.loop
        size = len(data) + _OVERHEAD_BYTES
        way.busy_until = max(way.busy_until, loop.time()) + size / way.rate
        late = way.delay_s + self.network.chance.random() * way.jitter_s + self._lost(way)
        plug.last_arrival = max(plug.last_arrival, way.busy_until + late)
        loop.call_at(plug.last_arrival, self._arrived, plug, number, data)

    def muddle(self, plug: Plug, frames: list[bytes], first: bool) -> list[bytes]:
        """Frames as they come out: some late, some twice, some elsewhere."""
        network = self.network
        kept: list[bytes] = []
        for place, data in enumerate(frames):
            tag = data[1] if len(data) > 1 else 0
            if (first and place == 0) or tag in _OWN_TAGS or not network.muddled:
                kept.append(data)
                continue
            alone = tag in _PULSE_TAGS
            if not alone:
                network.keep(plug.peer, plug.owner, data)
            if network.happens("frame-duplicated"):
                network.again(plug, data, alone)
            if network.happens("frame-reordered"):
                self.world.fire("frame-reordered")
                self.trouble()  # Within one session this never happens; its end may take a while to see it.
                self.world.later(network.chance.random() * 0.4, network.late(plug, data))
            else:
                kept.append(data)
        return kept

    def farewell(self, plug: Plug) -> None:
        """One end has closed: the other hears of it behind what was sent, if the path allows."""
        if plug.way.dead or self.stalled:
            self.world.later(_SILENT_S, lambda: plug.other.end("session-ended"))
            return
        at = max(plug.last_arrival, self.world.loop.time() + plug.way.delay_s)
        self.world.loop.call_at(at, plug.other.end, "session-ended")

    def kill(self) -> None:
        """The session breaks: what is on the way is lost; the ends hear of it, each in its time."""
        self.trouble()
        for plug in self.ends:
            plug.held.clear()
            self.world.later(self.network.chance.random() * 0.05, _Ending(plug, "session-broken"))
        self.stalled = True

    def stall(self, on: bool) -> None:
        """Nothing gets through any more, or again."""
        self.trouble()
        self.stalled = on
        if not on:
            for plug in self.ends:
                self.release(plug)

    def release(self, plug: Plug) -> None:
        """What was held back goes out again, when the next retransmission is due."""
        if not plug.held or plug.way.dead or self.stalled:
            return
        waited = min(self.world.loop.time() - plug.way.died_at, 20.0)
        pause = _RETRANSMIT_S + self.network.chance.random() * max(waited, 0.0) / 2
        self.world.later(pause, lambda: self._again(plug))

    def trouble(self) -> None:
        """Something is wrong with this session."""
        self.troubled_at = self.world.loop.time()

    def _again(self, plug: Plug) -> None:
        if plug.way.dead or self.stalled or not plug.up:
            return
        held, plug.held = plug.held, []
        for number, data in held:
            self.carry(plug, number, data)

    def _arrived(self, plug: Plug, number: int, data: bytes) -> None:
        if self.stalled or plug.way.dead or (plug.held and plug.held[0][0] < number):
            if plug.up:
                insort(plug.held, (number, data))
            return
        plug.other.arrive(data)

    def _lost(self, way: Direction) -> float:
        late, timeout = 0.0, max(_RETRANSMIT_S, 2 * way.delay_s)
        while way.loss and self.network.chance.random() < way.loss and timeout < 4.0:
            self.world.fire("packet-lost")
            self.trouble()
            late += timeout
            timeout *= 2
        return late


class Network:
    """Every path and every session. `muddled` says whether frames are now also repeated and reordered."""

    def __init__(self, world: World, parties: Iterable[str]) -> None:
        self.world = world
        self.parties = tuple(parties)
        self.chance = world.chance("network")
        self.paths: list[Path] = []
        self.lives = dict.fromkeys(self.parties, 0)
        self.watches: list[Callable[[Plug, bytes], None]] = []
        self.muddled = True
        self.wanted: Counter[str] = Counter()
        self._answering: dict[str, Callable[[str], Receiver | None]] = {}
        self._kept: dict[tuple[str, str], deque[bytes]] = {
            pair: deque(maxlen=_KEPT_FRAMES) for pair in permutations(self.parties, 2)
        }

    @property
    def wires(self) -> Iterator[Wire]:
        """Every session that some end still believes in."""
        return (wire for path in self.paths for wire in path.wires)

    def lay(self, path: Path) -> None:
        """A new path."""
        self.paths.append(path)

    def between(self, one: str, other: str) -> list[Path]:
        """The paths between two parties."""
        return [path for path in self.paths if path.ends == {one, other}]

    def answer(self, party: str, door: Callable[[str], Receiver | None]) -> None:
        """`door` says who hears of a session that a party opens, or None while nobody is there."""
        self._answering[party] = door

    async def dial(self, owner: str, peer: str, name: str, receiver: Receiver) -> Plug:
        """Open a session. Raises PathError."""
        path = next((path for path in self.between(owner, peer) if path.name == name), None)
        if path is None:
            raise PathError("path-unreachable", path=name, party=peer)
        there, back = path.ways[owner, peer], path.ways[peer, owner]
        if not path.connects:
            self.world.counts["dial-timed-out"] += 1
            await asyncio.sleep(_CONNECT_S)
            raise PathError("path-unreachable", path=name, party=peer)
        trip = there.delay_s + back.delay_s + self.chance.random() * (there.jitter_s + back.jitter_s)
        await asyncio.sleep(trip * (2 + (self.chance.random() < there.loss)))
        door = self._answering[peer](owner)
        if door is None or not path.connects:
            self.world.counts["dial-refused"] += 1
            raise PathError("path-unreachable", path=name, party=peer)
        return self.join(path, (owner, receiver), (peer, door))

    def join(
        self, path: Path, dialling: tuple[str, Receiver], answering: tuple[str, Receiver], lying: bool = False
    ) -> Plug:
        """Make a session; both ends hear of it at once. `lying`: who dials is not who he says."""
        wire = Wire(self, path)
        wire.lying = lying
        ours = Plug(wire, dialling[0], answering[0], dialled=True, receiver=dialling[1])
        theirs = Plug(wire, answering[0], dialling[0], dialled=False, receiver=answering[1])
        ours.other, theirs.other = theirs, ours
        wire.ends = [ours, theirs]
        path.wires = [one for one in path.wires if any(plug.up for plug in one.ends)] + [wire]
        self.world.note("session", ours.number, ours.owner, theirs.owner, path.name)
        for plug, receiver in ((theirs, answering[1]), (ours, dialling[1])):
            receiver.opened(cast("Session", plug))
        return ours

    def cut(self, path: Path, ways: Iterable[tuple[str, str]]) -> None:
        """These directions die."""
        now = self.world.loop.time()
        path.troubled_at = now
        for pair in ways:
            way = path.ways[pair]
            if not way.dead:
                way.dead, way.died_at = True, now

    def heal(self, path: Path) -> None:
        """Everything is as it should be again; what was held back follows when it is due."""
        path.troubled_at = self.world.loop.time()
        for way in path.ways.values():
            way.dead, way.loss = False, 0.0
        for wire in path.wires:
            for plug in wire.ends:
                wire.release(plug)

    def process_ended(self, party: str, silently: bool) -> None:
        """A process is gone. Its peers hear of it, unless the machine went with it."""
        for wire in list(self.wires):
            for plug in wire.ends:
                if plug.owner == party and plug.receiver is not None:
                    plug.mute()
                    wire.trouble()
                    after = _SILENT_S if silently or plug.way.dead else plug.way.delay_s
                    self.world.later(after, _Ending(plug.other, "session-broken"))

    def forget(self, party: str) -> None:
        """Nothing that `party` said is on the way any more, or will ever come again."""
        self.lives[party] += 1
        for (sender, _), frames in self._kept.items():
            if sender == party:
                frames.clear()
        for wire in self.wires:
            if party in wire.path.ends:
                wire.kill()

    def kept(self, sender: str, hearer: str) -> list[bytes]:
        """Frames that were said long ago and may come again."""
        return list(self._kept[sender, hearer])

    def keep(self, sender: str, hearer: str, data: bytes) -> None:
        """Remember a frame."""
        self._kept[sender, hearer].append(data)

    def again(self, plug: Plug, data: bytes, alone: bool) -> None:
        """Deliver a frame once more, soon, on this session or on another one of the same two."""
        self.world.fire("frame-duplicated")
        plugs = [plug] if alone else self.plugs(plug.owner, plug.peer)
        target = self.chance.choice(plugs) if plugs else plug
        self.world.later(self.chance.random() * 2.0, self.late(target, data))

    def happens(self, fault: str) -> bool:
        """Whether this happens to the next frame: by chance, or because it is wanted."""
        wanted = self.wanted[fault] > 0
        self.wanted[fault] -= wanted
        return self.chance.random() < _MUDDLE or wanted

    def late(self, plug: Plug, data: bytes) -> Callable[[], None]:
        """Delivers a frame at `plug`, unless its sender has been forgotten meanwhile."""
        life = self.lives[plug.peer]

        def deliver() -> None:
            if self.lives[plug.peer] == life:
                plug.hear([data])

        return deliver

    def plugs(self, owner: str, peer: str) -> list[Plug]:
        """The ends at `owner` of its sessions with `peer` that have been greeted."""
        return [
            plug
            for path in self.between(owner, peer)
            for wire in path.wires
            for plug in wire.ends
            if plug.owner == owner and plug.up and plug.receiver is not None and plug.greeted
        ]

    def silent(self) -> None:
        """End what was held back for too long, as a socket does that nobody answers."""
        now = self.world.loop.time()
        for path in self.paths:
            for wire in path.wires:
                for plug in wire.ends:
                    if plug.held and plug.way.dead and now - plug.way.died_at > _SILENT_S:
                        plug.end("session-silent")


@dataclass(frozen=True, slots=True)
class _Ending:
    plug: Plug
    reason: str

    def __call__(self) -> None:
        self.plug.end(self.reason)


def direction(delay_ms: float, jitter_ms: float, rate: float) -> Direction:
    """A direction that works."""
    return Direction(delay_ms / 1_000, jitter_ms / 1_000, rate)

"""Engines joined by a bad wire, with records that are sizes only: who holds how much, and where checkpoints are.

Time is simulated. A session loses, doubles and reorders frames as it pleases, a path can be cut; a node can be
restarted, also from an old backup. Every effect is checked against what must always hold.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from openline.base.time import SECOND_US, Instant
from openline.link.engine import Engine, Known, PathSpec, Setup
from openline.link.events import (
    BlobDelivered,
    BlobNeeded,
    BlobOffered,
    BlobStored,
    Closed,
    Drop,
    Effect,
    Event,
    FrameArrived,
    Grew,
    Held,
    Offer,
    OfferBlob,
    OfferReceipt,
    Opened,
    OwnTip,
    Receipted,
    Send,
    SendBlob,
    SendEntries,
    Tick,
)
from openline.link.frames import Ack, Blob, Bye, Frame, Hello, Ping, Push
from tests.link.playbook import START, tip

ENTRY_BYTES = 150
COMMIT_US = 1_500
REDIAL_US = 250_000
STALL_US = 400_000


@dataclass
class Faults:
    """How bad a wire is: chances per frame, how far one may be delayed; its delay, and its rate each way (0: any).

    A frame that is lost, doubled or delayed by `jitter_us` breaks the promise of a session to keep order and lose
    nothing; one that stands still (`stall`) makes all behind it on its session wait, as TCP does.
    """

    lose: float = 0.0
    double: float = 0.0
    stall: float = 0.0
    jitter_us: int = 0
    delay_us: int = 5_000
    bytes_per_second: int = 0


@dataclass
class Attachment:
    """A blob as both ends see it."""

    owner: int
    size: int
    named_at: int
    stored: dict[int, int] = field(default_factory=dict)
    delivered: set[int] = field(default_factory=set)


@dataclass
class Cable:
    """One session: its number at either end, its path, and which ends think it is up."""

    path: str
    numbers: dict[int, int]
    up: set[int]
    severed: bool = False
    still_until: dict[int, int] = field(default_factory=dict)


class Node:
    """One party: a record of sizes, and its engine."""

    def __init__(self, world: World, me: int) -> None:
        self.world = world
        self.me = me
        self.held = [0] * world.members
        self.cosigned: dict[int, Ack] = {}
        self.receipted = {peer: 0 for peer in range(world.members) if peer != me}
        self.sessions: dict[int, Cable] = {}
        self.greeted: set[int] = set()
        self.quarantined = False
        self.life = 0
        self.start()

    def start(self) -> None:
        """Begin a life with what is on the disk."""
        self.life += 1
        world = self.world
        known = tuple(
            Known(tip(peer, self.held[peer]), self.receipted[peer], self.cosigned.get(peer)) for peer in self.receipted
        )
        paths = tuple(PathSpec(name, peer) for peer in self.receipted for name in world.paths)
        names = tuple(f"party-{number}.example" for number in range(world.members))
        own = self.held[self.me]
        self.offered = list(self.held)
        self.engine = Engine(Setup("line", names, self.me, bytes([self.me]) * 32, tip(self.me, own), known, paths))
        size = min(self.receipted.values())
        for stop in world.checkpoints[self.me]:
            if size < stop <= own:
                self.tell(Grew(tip(self.me, stop), (stop - size) * ENTRY_BYTES, flash=False))
                size = stop
        for digest, blob in world.blobs.items():
            if blob.owner == self.me:
                self.tell(BlobOffered(digest, blob.size))
            elif blob.named_at < self.held[blob.owner]:
                self.needs(digest)

    def say(self, count: int, flash: bool) -> None:
        """Write `count` entries, and let them become durable."""
        world, me = self.world, self.me
        if self.quarantined:
            return
        size = world.checkpoints[me][-1] + count
        world.checkpoints[me].append(size)
        self.offered[me] = size

        def durable() -> None:
            self.held[me] = max(self.held[me], size)
            self.tell(Grew(tip(me, size), count * ENTRY_BYTES, flash))

        self.later(COMMIT_US, durable)

    def later(self, us: int, act: Callable[[], None]) -> None:
        """Do it after a while, unless this life has ended by then."""
        life = self.life
        self.world.at(us, lambda: act() if self.life == life else None)

    def tell(self, event: Event) -> None:
        """Give the engine an event and do what it orders."""
        for effect in self.engine.step(event, self.world.now):
            self.check(effect)
            self.do(effect)

    def check(self, effect: Effect) -> None:
        """What must hold of every effect, whatever happened before."""
        match effect:
            case OwnTip() | BlobDelivered():
                return
            case Send(session, Hello(tips=tips)):
                assert session in self.sessions
                assert all(stated.size <= self.held[stated.member] for stated in tips)
                return
            case Send(session, Bye()) | Drop(session):
                assert session in self.sessions
                return
            case _:
                self.check_greeted(effect)

    def check_greeted(self, effect: Effect) -> None:
        """What must hold of what goes over a session that was greeted."""
        assert not isinstance(effect, OwnTip | BlobDelivered)
        assert effect.session in self.sessions, "an effect names a session that is closed"
        assert effect.session in self.greeted, "an effect names a session that was not greeted"
        match effect:
            case Send(_, Ack(member, size)):
                assert size <= self.held[member]
            case Send(_, Ping(size=size)):
                assert size <= self.held[self.me]
            case SendEntries(_, member, start, stop):
                assert start < stop <= self.held[member]
            case _:
                pass

    def do(self, effect: Effect) -> None:
        """Carry out one effect."""
        match effect:
            case Send(session, frame):
                self.put(session, frame)
            case SendEntries(session, member, start, stop):
                marks = self.world.checkpoints[member]
                stop = marks[bisect_left(marks, stop)]
                self.put(session, Push(member, start, 0, [None] * (stop - start), bytes(64)))
            case SendBlob(session, digest, offset, size):
                self.put(session, Blob(digest, offset, bytes(size)))
            case Drop(session, reason):
                self.world.hang_up(self.sessions[session], self.me, reason)
                self.sessions.pop(session)
            case Offer(_, push, _):
                self.accept(push)
            case OfferReceipt(_, peer, size, _, _):
                self.later(COMMIT_US, lambda: self.keep_receipt(peer, size))
            case OfferBlob(_, digest, offset, data):
                self.store(digest, offset, len(data))
            case BlobDelivered(peer, digest):
                self.world.blobs[digest].delivered.add(peer)
            case OwnTip(_, size):
                self.quarantined = self.quarantined and size > self.held[self.me]
            case _:
                pass

    def accept(self, push: Push) -> None:
        """The record takes a push; it is durable a little later."""
        member, stop = push.member, push.base + len(push.items)
        assert push.base <= self.offered[member], "a push with a gap was offered"
        assert stop in self.world.checkpoints[member], "a push ended between checkpoints"
        if stop > self.offered[member]:
            self.offered[member] = stop
            self.later(COMMIT_US, lambda: self.hold(member, stop))

    def hold(self, member: int, size: int) -> None:
        """A peer's log, or our own given back, is durable up to `size`."""
        before, self.held[member] = self.held[member], size
        if member == self.me:
            self.quarantined = self.quarantined and size < self.world.checkpoints[self.me][-1]
            self.tell(Grew(tip(member, size), (size - before) * ENTRY_BYTES, flash=False))
            return
        self.cosigned[member] = Ack(member, size, 1, bytes(64))
        self.tell(Held(tip(member, size), 1, bytes(64)))
        for digest, blob in self.world.blobs.items():
            if blob.owner == member and before <= blob.named_at < size:
                self.needs(digest)

    def keep_receipt(self, peer: int, size: int) -> None:
        """A receipt is durable."""
        self.receipted[peer] = max(self.receipted[peer], size)
        self.tell(Receipted(peer, size))

    def needs(self, digest: bytes) -> None:
        """Ask for an attachment from where it stands."""
        blob = self.world.blobs[digest]
        offset = blob.stored.setdefault(self.me, 0)
        if offset < blob.size:
            self.tell(BlobNeeded(blob.owner, digest, blob.size, offset))

    def store(self, digest: bytes, offset: int, size: int) -> None:
        """A piece is kept."""
        blob = self.world.blobs[digest]
        assert offset == blob.stored[self.me], "a piece was offered that does not follow"
        blob.stored[self.me] += size
        self.tell(BlobStored(digest, blob.stored[self.me]))

    def put(self, session: int, frame: Frame) -> None:
        """Put a frame on the wire."""
        self.world.carry(self.sessions[session], self.me, frame)

    def hear(self, cable: Cable, frame: Frame) -> None:
        """A frame came out of the wire."""
        number = cable.numbers[self.me]
        if number in self.sessions and not cable.severed:
            if isinstance(frame, Hello):
                self.greeted.add(number)
            self.tell(FrameArrived(number, frame, 0))

    def restart(self, backup: dict[int, int] | None = None) -> None:
        """Die and come back, perhaps with the sizes of an old backup. What only we had is lost then."""
        self.life += 1
        for cable in list(self.sessions.values()):
            cable.severed = True
            self.world.hang_up(cable, self.me, "gone")
        self.sessions.clear()
        if backup is not None:
            self.quarantined = True
            for member, size in backup.items():
                marks = self.world.checkpoints[member]
                self.held[member] = max(mark for mark in marks if mark <= min(self.held[member], size))
            for peer in self.receipted:
                self.receipted[peer] = min(self.receipted[peer], self.held[self.me])
                if peer in self.cosigned:
                    self.cosigned[peer] = Ack(peer, self.held[peer], 1, bytes(64))
        self.offered = list(self.held)
        for member in range(self.world.members):
            self.world.forget_lost(member)
        self.start()


class World:
    """Nodes, cables and time."""

    def __init__(self, random: Random, members: int = 2, paths: tuple[str, ...] = ("fibre", "radio")) -> None:
        self.random = random
        self.members = members
        self.paths = paths
        self.now = START
        self.faults = Faults()
        self.cut: set[str] = set()
        self.checkpoints: list[list[int]] = [[0] for _ in range(members)]
        self.blobs: dict[bytes, Attachment] = {}
        self.lost = 0
        self.carried: dict[str, int] = {}
        self._free: dict[tuple[str, int], int] = {}
        self._acts: list[tuple[int, int, Callable[[], None]]] = []
        self._blobs_named = 0
        self._count = 0
        self._sessions = 0
        self.nodes = [Node(self, me) for me in range(members)]
        for a in range(members):
            for b in range(a + 1, members):
                for path in paths:
                    self.dial(a, b, path)

    def at(self, us: int, act: Callable[[], None]) -> None:
        """Do it `us` from now."""
        self._count += 1
        heapq.heappush(self._acts, (self.now + us, self._count, act))

    def run(self, us: int) -> None:
        """Let `us` pass."""
        end = self.now.plus(us)
        while True:
            wakes = min((at for node in self.nodes if (at := node.engine.wakes_at()) is not None), default=end)
            acts_at = self._acts[0][0] if self._acts else end
            if min(wakes, acts_at) >= end:
                break
            self.now = max(self.now, Instant(min(wakes, acts_at)))
            if acts_at <= wakes:
                heapq.heappop(self._acts)[2]()
            else:
                for node in self.nodes:
                    node.tell(Tick())
        self.now = end

    def name_blob(self, owner: int, size: int) -> None:
        """`owner` says an entry that names an attachment."""
        if self.nodes[owner].quarantined:
            return
        digest = self._blobs_named.to_bytes(32, "big")
        self._blobs_named += 1
        self.blobs[digest] = Attachment(owner, size, self.checkpoints[owner][-1])
        self.nodes[owner].tell(BlobOffered(digest, size))
        self.nodes[owner].say(1, flash=False)

    def forget_lost(self, owner: int) -> None:
        """Entries that no node holds any more never were."""
        size = max(max(node.held[owner], node.offered[owner]) for node in self.nodes)
        self.checkpoints[owner] = [mark for mark in self.checkpoints[owner] if mark <= size]
        kept = {digest: blob for digest, blob in self.blobs.items() if blob.owner != owner or blob.named_at < size}
        self.blobs = kept

    # The wire

    def dial(self, a: int, b: int, path: str) -> None:
        """Open a session when the path is up, else try again later."""
        if path in self.cut:
            self.at(REDIAL_US, lambda: self.dial(a, b, path))
            return
        self._sessions += 2
        cable = Cable(path, {a: self._sessions, b: self._sessions + 1}, {a, b})
        self.at(self.delay(), lambda: self.answer(cable, a, b, dialled=True))
        self.at(self.delay(), lambda: self.answer(cable, b, a, dialled=False))

    def answer(self, cable: Cable, me: int, peer: int, dialled: bool) -> None:
        """One end learns that the session is up."""
        if me in cable.up:
            node = self.nodes[me]
            node.sessions[cable.numbers[me]] = cable
            node.tell(Opened(cable.numbers[me], peer, cable.path, dialled))

    def hang_up(self, cable: Cable, me: int, reason: str) -> None:
        """One end is done with a session; the other hears of it if the path is up, else when it is silent."""
        cable.up.discard(me)
        a, b = sorted(cable.numbers)
        if not cable.up:
            self.at(REDIAL_US, lambda: self.dial(a, b, cable.path))
        elif cable.path not in self.cut:
            other = a + b - me
            self.at(self.delay(), lambda: self.closed(cable, other))

    def closed(self, cable: Cable, me: int) -> None:
        """One end hears that the session is over."""
        if me in cable.up:
            node, number = self.nodes[me], cable.numbers[me]
            self.hang_up(cable, me, "gone")
            if node.sessions.pop(number, None) is not None:
                node.tell(Closed(number, "gone"))

    def carry(self, cable: Cable, me: int, frame: Frame) -> None:
        """Move a frame over the wire, as badly as the wire is."""
        other = sum(cable.numbers) - me
        if cable.path in self.cut or self.random.random() < self.faults.lose:
            self.lost += 1
            return
        queued = max(self.queue(cable, me, frame), self.stand_still(cable, me))
        for _ in range(2 if self.random.random() < self.faults.double else 1):
            self.at(queued + self.delay(), lambda: self.nodes[other].hear(cable, frame))

    def queue(self, cable: Cable, me: int, frame: Frame) -> int:
        """How long a frame waits for those before it on the same path, and takes itself."""
        size = frame_bytes(frame)
        kind = type(frame).__name__
        self.carried[kind] = self.carried.get(kind, 0) + size
        if not self.faults.bytes_per_second:
            return 0
        free = max(self._free.get((cable.path, me), 0), self.now)
        self._free[cable.path, me] = free + size * SECOND_US // self.faults.bytes_per_second
        return self._free[cable.path, me] - self.now

    def stand_still(self, cable: Cable, me: int) -> int:
        """How long a frame waits because its session stands still."""
        if self.random.random() < self.faults.stall:
            cable.still_until[me] = self.now + STALL_US
        return max(cable.still_until.get(me, 0) - self.now, 0)

    def delay(self) -> int:
        """How long the next thing takes on the wire."""
        return self.faults.delay_us + (self.random.randrange(self.faults.jitter_us) if self.faults.jitter_us else 0)

    # Whether all is well

    def heal(self) -> None:
        """The wire is good again."""
        self.faults = Faults()
        self.cut = set()

    def unsettled(self) -> list[str]:
        """What is not as it should be once the wire is good."""
        wrong: list[str] = []
        for node in self.nodes:
            for member in range(self.members):
                size = self.checkpoints[member][-1]
                if node.held[member] != size:
                    wrong.append(f"{node.me} holds {node.held[member]} of {size} of {member}'s log")
                if member != node.me and node.receipted[member] != self.checkpoints[node.me][-1]:
                    wrong.append(f"{node.me} has {member}'s receipt for {node.receipted[member]}")
        for blob in self.blobs.values():
            for peer in range(self.members):
                if peer != blob.owner and blob.stored.get(peer) != blob.size:
                    wrong.append(f"{peer} holds {blob.stored.get(peer)} of a blob of {blob.size}")
        return wrong


def frame_bytes(frame: Frame) -> int:
    """About what a frame weighs on the wire, TLS and TCP included."""
    if isinstance(frame, Push):
        return 150 + ENTRY_BYTES * len(frame.items)
    if isinstance(frame, Blob):
        return 120 + len(frame.data)
    return 400 if isinstance(frame, Hello) else 150 if isinstance(frame, Ack) else 100


def settle(world: World, within_us: int = 120 * SECOND_US) -> int:
    """Heal the wire and wait for both ends to agree; how long it took."""
    world.heal()
    start = world.now
    while world.unsettled() and world.now - start < within_us:
        world.run(SECOND_US // 2)
    assert not world.unsettled(), world.unsettled()
    return world.now - start

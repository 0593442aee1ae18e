"""Deterministic losses, and a call through them: real Sender, Receiver, Paths and Depth at both ends, no network.

Time is cut into slots of one frame. Whatever is sent on a path in a slot shares its fate, so that every scheme meets
the very same losses, whatever else it sends. Each direction of a path has a trace of its own.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from openline.voice.datagram import Datagram, Probe, Report, Sound, decode, encode
from openline.voice.frame import SEQUENCES, Codec, Frame
from openline.voice.paths import Paths
from openline.voice.recovery import Receivers
from openline.voice.redundancy import Depth, Sender

FRAME_US = 20_000
SAMPLES = 960
DTX_SLOTS = 10
IP_UDP_BYTES = 28
SRTP_BYTES = 12 + 16


@dataclass(frozen=True, slots=True)
class Way:
    """One path: what it loses and when it is dead. `burst` None is independent loss. Times are in microseconds."""

    share: float = 0.0
    burst: float | None = None
    delay_us: int = 20_000
    jitter_us: int = 0
    dead: tuple[tuple[int, int], ...] = ()


CONDITIONS: dict[str, tuple[Way, ...]] = {
    "no loss, two paths": (Way(), Way(delay_us=40_000)),
    "10 % on two paths": (Way(0.1), Way(0.1, delay_us=40_000)),
    "30 % on two paths": (Way(0.3), Way(0.3, delay_us=40_000)),
    "30 % on one path": (Way(0.3),),
    "10 % in bursts of 4 on two paths": (Way(0.1, 4), Way(0.1, 4, delay_us=40_000)),
    "30 % in bursts of 4 on two paths": (Way(0.3, 4), Way(0.3, 4, delay_us=40_000)),
    "30 % on two paths, one dies": (Way(0.3, dead=((8_000_000, 99_000_000),)), Way(0.3, delay_us=40_000)),
    "no loss, the faster path dies": (Way(dead=((8_000_000, 99_000_000),)), Way(delay_us=60_000)),
}
"""What the claims are about. Path delays are 20 and 40 ms, unless said otherwise."""


def trace(way: Way, slots: int, random: Random) -> list[bool]:
    """Whether each slot is lost: independently, or as a Gilbert channel whose bad state loses everything."""
    if way.burst is None or way.share == 0:
        lost = [random.random() < way.share for _ in range(slots)]
    else:
        leaves = 1 / way.burst
        enters = leaves * way.share / (1 - way.share)
        lost, bad = [], random.random() < way.share
        for _ in range(slots):
            lost.append(bad)
            bad = random.random() < enters if not bad else random.random() >= leaves
    return [one or any(begin <= slot * FRAME_US < end for begin, end in way.dead) for slot, one in enumerate(lost)]


class Loss:
    """The losses of all paths in both directions, from one seed."""

    def __init__(self, ways: Sequence[Way], frames: int, seed: int) -> None:
        random = Random(seed)
        slots = frames + 200
        self.ways = ways
        self._lost = [[trace(way, slots, random) for way in ways] for _ in range(2)]
        self._late = [[[random.random() for _ in range(slots)] for _ in ways] for _ in range(2)]

    def arrives(self, direction: int, path: int, now: int) -> int | None:
        """When a datagram that is sent now arrives; None when it is lost."""
        slot, way = now // FRAME_US, self.ways[path]
        if self._lost[direction][path][slot]:
            return None
        return now + way.delay_us + int(self._late[direction][path][slot] * way.jitter_us)


@dataclass(slots=True)
class Outcome:
    """What became of a stream of frames: when each was given out, and what it cost on all paths together."""

    sent: list[int]
    given: dict[int, int] = field(default_factory=dict)
    times: list[int] = field(default_factory=list)
    bytes: int = 0
    fastest_us: int = 0

    @property
    def lost(self) -> list[int]:
        """The frames that were never given out."""
        return [number for number in range(len(self.sent)) if number not in self.given]

    @property
    def share(self) -> float:
        """The share of frames that were never given out."""
        return len(self.lost) / len(self.sent)

    def extra_us(self, percent: float) -> int:
        """By how much a frame is later than the fastest path; this percentage of those given out are not later."""
        extra = sorted(at - self.sent[number] - self.fastest_us for number, at in self.given.items())
        return extra[min(len(extra) - 1, int(len(extra) * percent / 100))]

    @property
    def kilobits(self) -> float:
        """kbit/s with all headers, in the direction of the sound."""
        return self.bytes * 8_000 / (len(self.sent) * FRAME_US)


class End:
    """One node's voice core, driven as its process will drive it."""

    def __init__(self, send: Callable[[int, int], None], ways: int) -> None:
        self.paths, self.depth = Paths(), Depth()
        self.sender, self.receivers = Sender(), Receivers()
        self.depths: list[tuple[int, tuple[int, ...]]] = []
        self._numbers = [65_000 + 100 * path for path in range(ways)]
        self.datagrams = [0] * ways
        self._rest: list[Sound] = []
        self._wire = send
        self._out: dict[tuple[int, int], bytes] = {}
        for path in range(ways):
            self.paths.open(path, 0)
        self._follow(0)

    def says(self, frame: Frame, now: int) -> None:
        """The officer at this end is heard."""
        self._send(self.sender.contents(frame, self.depth.offsets), self.paths.carrying(now), now)

    def closes_gate(self) -> None:
        """The officer is not heard any more: what is missing of copies goes out with the next ticks."""
        self._rest = self.sender.rest(self.depth.offsets)

    def tick(self, now: int) -> None:
        """Twenty milliseconds have passed."""
        if self.paths.look(now):
            self._follow(now)
        if self._rest:
            self._send(self._rest.pop(0), self.paths.carrying(now), now)
        report = self.paths.report_due(*self.receivers.totals(), now)
        if report is not None:
            self._send(report, self.paths.carrying(now), now)
        self._send(Probe(), list(self.paths.probes_due(now)), now)

    def reads(self, path: int, sequence: int, data: bytes, now: int) -> list[Frame]:
        """A datagram came; the frames it gives to the officer at this end."""
        self.paths.arrived(path, sequence, now)
        datagram = decode(data)
        if isinstance(datagram, Report):
            self.depth.failed(self.paths.told(path, datagram, now), now)
            self._follow(now)
        return self.receivers.arrived(datagram, now) if isinstance(datagram, Sound) else []

    def _follow(self, now: int) -> None:
        before = self.depth.offsets
        if self.depth.follow(self.paths.relied_on(), now) != before:
            self.depths.append((now, self.depth.offsets))

    def _send(self, datagram: Datagram, paths: Sequence[int], now: int) -> None:
        data = encode(datagram)
        for path in paths:
            sequence = self._numbers[path]
            self._numbers[path] = (sequence + 1) % SEQUENCES
            self.datagrams[path] += 1
            self.paths.sent(path, sequence, now)
            self._out[path, sequence] = data
            self._wire(path, sequence)

    def taken(self, path: int, sequence: int) -> bytes:
        """The datagram that was sent under this number."""
        return self._out.pop((path, sequence))


class Call:
    """Two ends and the losses between them. `ends[1]` is silent as in DTX, `ends[0]` speaks, or with `slots` is too."""

    def __init__(self, loss: Loss, payloads: Sequence[bytes], slots: int = 1) -> None:
        self._loss, self._payloads, self._slots, self._now = loss, payloads, slots, 0
        self._due: list[tuple[int, int, int, int, int, bytes]] = []
        self._count = 0
        ways = len(loss.ways)
        self.ends = [End(self._sender(0), ways), End(self._sender(1), ways)]
        self.outcome = Outcome([], fastest_us=min(way.delay_us for way in loss.ways))

    def run(self) -> Outcome:
        """Say every payload, then wait for what is still on its way."""
        speaker, listener = self.ends
        count = len(self._payloads) * self._slots
        for slot in range(count + 20):
            self._deliver(slot * FRAME_US)
            number, rest = divmod(slot, self._slots)
            if slot < count and not rest:
                self.outcome.sent.append(self._now)
                speaker.says(_frame(number, self._payloads[number], slot), self._now)
            if slot == count:
                speaker.closes_gate()
            if slot % DTX_SLOTS == DTX_SLOTS // 2:
                listener.says(_frame(slot // DTX_SLOTS, b"quiet", slot), self._now)
            for end in self.ends:
                end.tick(self._now)
        self._deliver((count + 200) * FRAME_US)
        return self.outcome

    def _sender(self, direction: int) -> Callable[[int, int], None]:
        def send(path: int, sequence: int) -> None:
            data = self.ends[direction].taken(path, sequence)
            if direction == 0:
                self.outcome.bytes += len(data) + SRTP_BYTES + IP_UDP_BYTES
            at = self._loss.arrives(direction, path, self._now)
            if at is not None:
                self._count += 1
                heapq.heappush(self._due, (at, self._count, direction, path, sequence, data))

        return send

    def _deliver(self, until: int) -> None:
        while self._due and self._due[0][0] <= until:
            self._now, _, direction, path, sequence, data = heapq.heappop(self._due)
            for frame in self.ends[1 - direction].reads(path, sequence, data, self._now):
                if direction == 0:
                    number = frame.timestamp // SAMPLES // self._slots
                    assert number not in self.outcome.given, "a frame was given out twice"
                    assert frame.payload == self._payloads[number]
                    self.outcome.given[number] = self._now
        self._now = until


def _frame(number: int, payload: bytes, slot: int) -> Frame:
    return Frame(7, (65_500 + number) % SEQUENCES, slot * SAMPLES, number == 0, Codec.OPUS, payload)


def payloads(count: int) -> list[bytes]:
    """Frames of about 32 kbit/s that are all different."""
    return [number.to_bytes(4, "big") * 20 for number in range(count)]


def call(ways: Sequence[Way], seed: int, frames: int = 1_200) -> tuple[Outcome, Call]:
    """Our scheme through the losses of this seed."""
    made = Call(Loss(ways, frames, seed), payloads(frames))
    return made.run(), made


def fixed(
    ways: Sequence[Way], seed: int, offsets: Sequence[int], frames: int = 1_200, payload_bytes: int = 80
) -> Outcome:
    """A scheme that never adapts, through the same losses: each datagram has the frames at `offsets`, on every way."""
    loss = Loss(ways, frames, seed)
    outcome = Outcome([slot * FRAME_US for slot in range(frames)], fastest_us=min(way.delay_us for way in ways))
    for number, at in _arrivals(loss, range(frames), outcome, len(offsets) * payload_bytes):
        for offset in offsets:
            if number >= offset:
                before = outcome.given.get(number - offset, at)
                outcome.given[number - offset] = min(before, at)
    return outcome


def _arrivals(loss: Loss, numbers: range, outcome: Outcome, size: int) -> Iterator[tuple[int, int]]:
    for number in numbers:
        for path in range(len(loss.ways)):
            outcome.bytes += size + SRTP_BYTES + IP_UDP_BYTES
            at = loss.arrives(0, path, number * FRAME_US)
            if at is not None:
                yield number, at

"""How many calls one voice process carries: packets lost, latency added, CPU per call. `python -m bench.voice_calls`.

The voice process is a real one, alone on one core. On the other stand browsers made of aiortc's transports, and the
peers' nodes with two paths each. In every call both ends speak without pause, 50 frames a second. Each packet is
counted and timed: from just before it is given to the system to the moment at which the system has the packet that
came out of the voice process (SO_TIMESTAMPNS), so that no waiting in this program is in it. The floor is the same for
a packet that goes straight from socket to socket.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from struct import Struct

from bench.voice_far import Far, FarPath, read_stamped, stamped
from openline.base.limits import LEGS_MAX
from openline.media.channel import Channel, join
from openline.media.hooks import SrtpError
from openline.media.rtp import build, is_rtcp, parse
from openline.media.wire_words import Sound, decode_word
from openline.media.words import (
    Answered,
    Beat,
    Begin,
    CallIs,
    GateIs,
    LegUp,
    Offer,
    OverStream,
    PathIs,
    SeatRow,
    SessionOpened,
    Stop,
    Telling,
)
from openline.voice.frame import Codec, Frame
from tests.media.peer import LOOPBACK, SOURCE, Peer

STEPS = (1, 10, 25, 50, LEGS_MAX)
"""Calls, each with a leg of its own; as many as one voice process may have at last."""

SECONDS = 10.0
FRAME_S = 0.02
PAYLOAD_BYTES = 80
"""20 ms of speech at 32 kbit/s."""

CALLS_OF_A_LINE = 25
WARM_FRAMES = 50
_PATIENCE_S = 60.0
_QUIET_S = 0.5
_SAYS = Struct(">HI")
_MARK = 1 << 30


@dataclass(slots=True)
class Way:
    """One direction of all calls: when each packet left, and how long those took that came. Times are nanoseconds."""

    left: dict[tuple[int, int], int] = field(default_factory=dict)
    took: list[int] = field(default_factory=list)
    sent: int = 0
    twice: int = 0

    def leaves(self, call: int, number: int) -> bytes:
        """The payload of a packet that leaves now."""
        self.sent += 1
        self.left[call, number] = time.time_ns()
        return _SAYS.pack(call, number).ljust(PAYLOAD_BYTES, b"\x5a")

    def came(self, payload: bytes, at: int) -> None:
        """A packet has come out at the other end."""
        call, number = _SAYS.unpack_from(payload)
        left = self.left.pop((call, number), None)
        if left is None:
            self.twice += 1
        elif number > WARM_FRAMES:
            self.took.append(at - left)

    @property
    def lost(self) -> int:
        """Packets that never came."""
        return len(self.left)

    def ms(self, percent: float) -> float:
        """The time below which so many of the packets took."""
        return sorted(self.took)[min(len(self.took) - 1, int(len(self.took) * percent / 100))] / 1e6


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of so many calls. `cpu` and `others` are shares of the core that the voice process was on.

    `pace` is what was said of what was to be said in the time: below 1 this program could not keep up, and nothing
    else is known. `dropped` counts datagrams that found no room at a socket, of the voice process and of this program;
    `gaps` those that left the voice process and never came, which the copies on the other path made good; `strange`
    packets that no key here opens.
    """

    calls: int
    out: Way
    back: Way
    pace: float
    cpu: float
    others: float
    dropped: tuple[int, int]
    gaps: int
    strange: int
    lag_ms: float

    @property
    def lost(self) -> int:
        """Packets that never came, or twice, both ways; and those that the node's sockets had no room for."""
        return self.out.lost + self.back.lost + self.out.twice + self.back.twice + self.dropped[0] + self.gaps

    @property
    def cpu_a_call(self) -> float:
        """The share of a core that one call takes at its full pace."""
        return self.cpu / self.calls / self.pace


class Generator:
    """The browsers, the peers' nodes, and the channel to the voice process. Mutable; lives for one measurement."""

    def __init__(self, calls: int) -> None:
        self.calls = calls
        self.out, self.back = Way(), Way()
        self.words: list[Telling] = []
        self.browsers: list[Browser] = []
        self.fars: list[Far] = []
        self._channel: Channel[Telling] = Channel(Telling, self._told, lambda: None)  # type: ignore[arg-type] # a union of words
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()

    async def begin(self, end: socket.socket) -> None:
        """Everything stands: sessions on every path, legs, calls, open gates."""
        await join(self._channel, end)
        self._channel.say(Begin(0, LOOPBACK, {}))
        for number in range(0, self.calls, CALLS_OF_A_LINE):
            self.fars.append(self._far(number // CALLS_OF_A_LINE))
        for number in range(self.calls):
            await self._seat(number)
        await self._until(self._carried)

    async def talk(self, seconds: float, warm: Callable[[], None]) -> None:
        """Everybody speaks; `warm` is called when the first second is over."""
        begun = self._loop.time()
        for number in range(1, WARM_FRAMES + int(seconds / FRAME_S) + 1):
            if number == WARM_FRAMES + 1:
                warm()
            for far in self.fars:
                far.look()
            for call in range(self.calls):
                due = begun + (number + call / self.calls) * FRAME_S
                await asyncio.sleep(max(due - self._loop.time(), 0))
                self._speak(call, number)

    async def settle(self) -> None:
        """What is still on its way comes."""
        before = -1
        while before != len(self.out.left) + len(self.back.left):
            before = len(self.out.left) + len(self.back.left)
            await asyncio.sleep(_QUIET_S)

    def close(self) -> None:
        """The voice process ends."""
        self._channel.say(Stop())
        for far in self.fars:
            far.close()

    def lag_ms(self) -> float:
        """How late the loop of the voice process was at worst, as it says itself."""
        return max((word.lag_us for word in self.words if isinstance(word, Beat)), default=0) / 1e3

    def gaps(self) -> int:
        """Datagrams of the voice process that never came; what it sent over a stream has a number of its own."""
        over_stream = [decode_word(word.data) for word in self.words if isinstance(word, OverStream)]
        streamed = sum(isinstance(word, Sound) for word in over_stream)
        return sum(path.gaps for far in self.fars for path in far.paths) - streamed

    def _speak(self, call: int, number: int) -> None:
        browser, far = self.browsers[call], self.fars[call // CALLS_OF_A_LINE]
        packet = browser.packet(number, self.out.leaves(call, number))
        self.out.left[call, number] = time.time_ns()
        browser.send(packet)
        stream = (call % CALLS_OF_A_LINE) << 8 | 1
        far.say(Frame(stream, number, number * 960, False, Codec.OPUS, self.back.leaves(call, number)))

    def _far(self, index: int) -> Far:
        far = Far(f"line-{index}", self.out.came)
        for path in far.paths:
            word = SessionOpened(
                number=len(self.fars) * len(far.paths) + far.paths.index(path) + 1,
                line=far.line,
                peer=far.party,
                path=path.name,
                dialled=True,
                secret=path.secret,
                own=("127.0.0.1", 1),
                theirs=path.place,
            )
            self._channel.say(word)
        return far

    async def _seat(self, number: int) -> None:
        peer = Peer()
        self._channel.say(Offer(number, "watch", f"session {number}", peer.offer()))
        await self._until(lambda: any(isinstance(word, Answered) and word.request == number for word in self.words))
        answer = next(word for word in self.words if isinstance(word, Answered) and word.request == number)
        await peer.connect(answer.sdp)
        await self._until(lambda: any(isinstance(word, LegUp) and word.leg == answer.leg for word in self.words))
        self.browsers.append(Browser(peer, self.back.came))
        far, call = self.fars[number // CALLS_OF_A_LINE], number + 1
        tag = number % CALLS_OF_A_LINE
        self._channel.say(CallIs(call, far.line, tag, (far.party,), (SeatRow(answer.leg),)))
        self._channel.say(GateIs(call, answer.leg, open=True))

    def _carried(self) -> bool:
        now = {(word.line, word.path): word.carriage for word in self.words if isinstance(word, PathIs)}
        return list(now.values()) == ["udp"] * sum(len(far.paths) for far in self.fars)

    def _told(self, word: Telling) -> None:
        self.words.append(word)
        self._news.set()

    async def _until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(_PATIENCE_S):
            while not holds():
                self._news.clear()
                await self._news.wait()


class Browser:
    """A connected browser whose socket is read here from now on, with the time at which each packet came."""

    def __init__(self, peer: Peer, came: Callable[[bytes, int], None]) -> None:
        way = peer.ice.way()
        assert way is not None
        (_, self._inner), *_ = peer.ice.sockets()
        self._came = came
        self._place = way[1]
        self.strange = 0
        # Bench only: aiortc's private keys, and asyncio's own way to give a socket back.
        self._tx, self._rx = peer.dtls._tx_srtp, peer.dtls._rx_srtp  # noqa: SLF001 - see above
        self._own = socket.socket(fileno=os.dup(way[0].get_extra_info("socket").fileno()))
        stamped(self._own)
        loop = asyncio.get_running_loop()
        loop._remove_reader(way[0].get_extra_info("socket").fileno())  # type: ignore[attr-defined] # noqa: SLF001 - see above
        loop.add_reader(self._own.fileno(), self._read)

    def packet(self, number: int, payload: bytes) -> bytes:
        """What the browser says."""
        locked: bytes = self._tx.protect(build(111, False, number, number * 960, SOURCE, payload))
        return locked

    def send(self, packet: bytes) -> None:
        """Give it to the system."""
        self._own.sendto(packet, self._place)

    def _read(self) -> None:
        for data, place, at in read_stamped(self._own):
            if not 128 <= data[0] <= 191:
                self._inner.datagram_received(data, place)
            elif not is_rtcp(data):
                self._take(data, at)

    def _take(self, data: bytes, at: int) -> None:
        try:
            packet = self._rx.unprotect(data)
        except SrtpError:
            self.strange += 1
        else:
            self._came(parse(packet)[-1], at)


# The voice process, and what the system says of it


@contextmanager
def voice_process(cores: list[int], profile: Path | None) -> Iterator[tuple[int, socket.socket]]:
    """A voice process alone on the last core; its process id, and the node's end of its channel."""
    own, its = socket.socketpair()
    command = [sys.executable, "-m", "openline.media.process", str(its.fileno())]
    if profile is not None:
        command[1:1] = ["-m", "cProfile", "-o", str(profile)]
    process = subprocess.Popen(command, pass_fds=[its.fileno()])
    its.close()
    os.sched_setaffinity(process.pid, cores[-1:])
    try:
        yield process.pid, own
        process.wait(_PATIENCE_S)
    finally:
        process.kill()
        process.wait()


def cpu_s(pid: int) -> float:
    """CPU that a process has used, the system's work for it included."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def busy_s(core: int) -> float:
    """CPU that everybody has used of a core."""
    rows = Path("/proc/stat").read_text(encoding="ascii").splitlines()
    used = next(row.split()[1:] for row in rows if row.startswith(f"cpu{core} "))
    return (sum(map(int, used[:8])) - int(used[3]) - int(used[4])) / os.sysconf("SC_CLK_TCK")


def drops(pid: int) -> int:
    """Datagrams that found no room at the sockets that a process has open."""
    inodes = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            inodes.add(str(link.readlink()).removeprefix("socket:[").removesuffix("]"))
    rows = [row.split() for row in Path("/proc/net/udp").read_text(encoding="ascii").splitlines()[1:]]
    return sum(int(row[12]) for row in rows if row[9] in inodes)


def floor_ms(count: int = 2_000) -> float:
    """How long a datagram takes from one socket to the other, as the packets of calls are timed."""
    one, other = FarPath("floor"), FarPath("floor")
    took = []
    for _ in range(count):
        begun = time.time_ns()
        one.socket.sendto(bytes(PAYLOAD_BYTES), other.place)
        took += [at - begun for _, _, at in read_stamped(other.socket)]
    one.socket.close()
    other.socket.close()
    return statistics.median(took) / 1e6


async def carry(calls: int, seconds: float, cores: list[int], profile: Path | None = None) -> Carried:
    """Carry so many calls for so long."""
    generator = Generator(calls)
    with voice_process(cores, profile) as (pid, own):
        await generator.begin(own)
        marks: list[tuple[float, float, float]] = []

        def mark() -> None:
            marks.append((cpu_s(pid), busy_s(cores[-1]), time.monotonic()))

        gc.collect()
        gc.disable()  # This program's own pauses are nobody's business.
        try:
            await generator.talk(seconds, mark)
            mark()
            await generator.settle()
        finally:
            gc.enable()
        dropped = drops(pid), drops(os.getpid())
        gaps = generator.gaps()
        strange = sum(browser.strange for browser in generator.browsers)
        generator.close()
        await asyncio.sleep(0)
    cpu, busy, passed = (after - before for before, after in zip(*marks, strict=True))
    return Carried(
        calls=calls,
        out=generator.out,
        back=generator.back,
        pace=int(seconds / FRAME_S) * FRAME_S / passed,
        cpu=cpu / passed,
        others=(busy - cpu) / passed,
        dropped=dropped,
        gaps=gaps,
        strange=strange,
        lag_ms=generator.lag_ms(),
    )


def measured(calls: int, seconds: float, profile: Path | None = None) -> Carried:
    """The same, with the voice process and this program on a core each, where there are two."""
    before = os.sched_getaffinity(0)
    cores = sorted(before)
    os.sched_setaffinity(0, cores[:1])
    try:
        with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
            return runner.run(carry(calls, seconds, cores, profile))
    finally:
        os.sched_setaffinity(0, before)


def row(carried: Carried) -> str:
    """One line of the table."""
    told = [f"{carried.calls:3} calls"]
    for name, way in (("to the peer", carried.out), ("from the peer", carried.back)):
        times = " ".join(f"{way.ms(percent):.2f}" for percent in (50, 95, 99))
        told.append(f"{name}: lost {way.lost} of {way.sent}, ms p50 p95 p99 {times}")
    told.append(f"CPU {carried.cpu:.1%} of a core, {carried.cpu_a_call:.2%} a call, others there {carried.others:.0%}")
    told.append(f"pace {carried.pace:.2f}, loop late by {carried.lag_ms:.1f} ms at worst")
    told.append(f"no room: {carried.dropped[0]} at the node, {carried.dropped[1]} here")
    told.append(f"gaps on paths {carried.gaps}, strange {carried.strange}")
    return "; ".join(told)


def main() -> int:
    """Print a line for each step."""
    parser = argparse.ArgumentParser(prog="python -m bench.voice_calls", description=__doc__)
    parser.add_argument("--calls", type=int, nargs="*", default=list(STEPS), help="how many, one step after the other")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long each step speaks")
    parser.add_argument("--profile", type=Path, help="have the voice process profiled, and write that here")
    options = parser.parse_args()
    sys.stdout.write(f"floor, socket to socket: {floor_ms():.3f} ms; load {os.getloadavg()[0]:.1f}\n")
    for calls in options.calls:
        sys.stdout.write(row(measured(calls, options.seconds, options.profile)) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""How many calls one voice process carries, and what they cost: `python -m bench.voice_calls`.

The voice process is a real one, alone on one core; on the other are the browsers and the peers' nodes of all calls
(voice_generator). Packets lost, latency added and CPU for each call are printed, and what of the core others used
meanwhile. The floor of the latency is that of a packet which goes straight from socket to socket.
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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench.voice_far import FarPath, read_stamped
from bench.voice_generator import FRAME_S, PAYLOAD_BYTES, Generator, Way
from openline.base.limits import LEGS_MAX

STEPS = (1, 10, 25, 50, LEGS_MAX)
"""Calls, each with a leg of its own; as many as one voice process may have at last."""

SECONDS = 10.0
_PATIENCE_S = 60.0


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
        own.close()
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
        await generator.close()
    cpu, busy, passed = (after - before for before, after in zip(*marks, strict=True))
    return Carried(
        calls=calls,
        out=generator.out,
        back=generator.back,
        pace=int(seconds / FRAME_S) * FRAME_S / passed,
        cpu=cpu / passed,
        others=max(busy - cpu, 0) / passed,
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


def told(carried: Carried) -> str:
    """What is known of one step, in a line."""
    words = []
    for name, way in (("to the peer", carried.out), ("from the peer", carried.back)):
        times = " ".join(f"{way.ms(percent):.2f}" for percent in (50, 95, 99))
        words.append(f"{name}: lost {way.lost} of {way.sent}, ms p50 p95 p99 {times}")
    words.append(f"CPU {carried.cpu:.1%} of a core, {carried.cpu_a_call:.2%} a call, others there {carried.others:.0%}")
    words.append(f"pace {carried.pace:.2f}, loop late by {carried.lag_ms:.1f} ms at worst")
    words.append(f"no room: {carried.dropped[0]} at the node, {carried.dropped[1]} here")
    words.append(f"gaps on paths {carried.gaps}, strange {carried.strange}")
    return "; ".join(words)


def main() -> int:
    """Print a line for each step."""
    parser = argparse.ArgumentParser(prog="python -m bench.voice_calls", description=__doc__)
    parser.add_argument("--calls", type=int, nargs="*", default=list(STEPS), help="how many, one step after the other")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long each step speaks")
    parser.add_argument("--profile", type=Path, help="have the voice process profiled, and write that here")
    options = parser.parse_args()
    sys.stdout.write(f"floor, socket to socket: {floor_ms():.3f} ms; load {os.getloadavg()[0]:.1f}\n")
    for calls in options.calls:
        sys.stdout.write(f"{calls:3} calls: {told(measured(calls, options.seconds, options.profile))}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What a packet costs a browser leg: CPU of this process, printed and not judged. `python -m bench.voice_leg`.

Two legs and two browsers made of aiortc's transports stand in one process. The browsers' packets are locked before the
clock starts, so that what is counted is the legs' work and the system's. Beside it stands what aiortc's own way in,
over its queue and its task, costs for as many packets: the far browser receives by it, and does no more than unlock.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

import uvloop

from openline.media.browser import BrowserLeg, Settings, make_leg
from openline.media.ports import Leg
from openline.media.rtp import build
from openline.voice.frame import Frame
from tests.media.peer import LOOPBACK, NODE, SOUND, WHOSE, Peer

BURST = 1
TURNS = 5


class Relay:
    """What one leg hears, the other plays; or nobody does."""

    def __init__(self) -> None:
        self.legs: list[BrowserLeg] = []
        self.plays = True
        self.count = 0
        self.connections = 0

    def heard(self, leg: Leg, frame: Frame) -> None:
        """Pass it on."""
        self.count += 1
        if self.plays:
            self.legs[0 if leg is self.legs[1] else 1].play(frame)

    def connected(self, leg: Leg) -> None:  # noqa: ARG002 - an owner's duty
        """Count it."""
        self.connections += 1

    def ended(self, leg: Leg, reason: str) -> None:
        """It was measured, or failed: then what is waited for never comes."""
        assert reason == "leg-closed", f"leg {leg.number} ended: {reason}"


ROWS = (
    "hear: unlock, read, hand on",
    "hear and play: also number, lock, send",
    "send to a leg through a socket, and hear",
    "the same with aiortc's own way in, for comparison",
)

Deliver = Callable[[bytes], None]
Done = Callable[[], int]


async def deliver_all(batch: list[bytes], deliver: Deliver, done: Done) -> None:
    """Every packet of `batch`, BURST at a time: one, as speech comes."""
    before = done()
    for at in range(0, len(batch), BURST):
        for data in batch[at : at + BURST]:
            deliver(data)
        while done() - before < at + BURST:  # noqa: ASYNC110 - the loop is what is measured
            await asyncio.sleep(0)


async def cpu_us(batch: list[bytes], deliver: Deliver, done: Done) -> float:
    """CPU for each packet of `batch`, in microseconds: the system's share included."""
    begun = time.process_time()
    await deliver_all(batch, deliver, done)
    return (time.process_time() - begun) * 1e6 / len(batch)


async def measure(packets: int) -> dict[str, list[float]]:
    """Each way of spending CPU on `packets` packets, several times."""
    loop = asyncio.get_running_loop()
    relay, speaker, listener = Relay(), Peer(), Peer()
    settings = Settings(LOOPBACK, NODE, lambda work, name: loop.create_task(work, name=name))
    for number, peer in enumerate((speaker, listener), 1):
        leg, answer = await make_leg(peer.offer(), number, relay, WHOSE, settings)
        relay.legs.append(leg)
        await peer.connect(answer)
    while relay.connections < 2:  # noqa: ASYNC110 - the legs' owner is a plain counter
        await asyncio.sleep(0)
    first, second = relay.legs
    rows: dict[str, list[float]] = {name: [] for name in ROWS}
    batches = iter(locked(speaker, packets))
    for turn in range(TURNS):
        relay.plays = False
        rows[ROWS[0]].append(await cpu_us(next(batches), first.take, lambda: relay.count))
        relay.plays = True
        rows[ROWS[1]].append(await cpu_us(next(batches), first.take, lambda: second.figures.played))
        relay.plays = False
        rows[ROWS[2]].append(await cpu_us(next(batches), speaker.send, lambda: relay.count))
        # The listener unlocks what the second leg locks, by aiortc's queue and task.
        _, tx = second._dtls.srtp()  # noqa: SLF001 - the same packets for both ways in
        again = [tx.protect(build(111, False, one, one * 960, 9 + turn, SOUND)) for one in range(packets)]
        way = second._ice.way()  # noqa: SLF001 - the same packets for both ways in
        assert way is not None
        listener.packets.clear()
        rows[ROWS[3]].append(await cpu_us(again, partial(send, *way), lambda: len(listener.packets)))
    for leg in relay.legs:
        leg.close("leg-closed")
    await speaker.leave()
    await listener.leave()
    return rows


def send(transport: asyncio.DatagramTransport, place: tuple[str, int], data: bytes) -> None:
    """Send one packet."""
    transport.sendto(data, place)


def locked(speaker: Peer, packets: int) -> list[list[bytes]]:
    """Packets of one browser, as they go over the wire, for every turn."""
    return [[speaker.locked((turn * packets + one) % 65_536) for one in range(packets)] for turn in range(3 * TURNS)]


def main() -> int:
    """Measure on both loops and print CPU for 1,000 packets, in ms."""
    parser = argparse.ArgumentParser(prog="python -m bench.voice_leg", description=__doc__)
    parser.add_argument("--packets", type=int, default=2_000, help="packets for each figure")
    packets = max(BURST, parser.parse_args().packets // BURST * BURST)
    for name, factory in (("asyncio", asyncio.new_event_loop), ("uvloop", uvloop.new_event_loop)):
        with asyncio.Runner(loop_factory=factory) as runner:
            for row, values in runner.run(measure(packets)).items():
                spread = f"{min(values):.1f} to {max(values):.1f}"
                middle = statistics.median(values)
                sys.stdout.write(f"{name:8} {row:50} {middle:6.1f} ms CPU for 1,000 packets ({spread})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

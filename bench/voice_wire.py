"""What sound between two nodes costs: CPU for 1,000 datagrams, sent and received, beside plain AES-GCM over UDP.

Both ends run in this process, over loopback, so a figure is the work of both. Nothing is asserted.
`python -m bench.voice_wire` prints it.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Callable, Coroutine
from functools import partial
from statistics import median

import uvloop
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from openline.media.wire import Arrival, Wire
from openline.media.wire_carriage import Carriage, PathSound
from openline.media.wire_keys import SECRET_BYTES
from openline.media.wire_session import Handed

DATAGRAMS = 5_000
PAYLOAD = bytes(200)
_AT_ONCE = 25
_RUNS = 3
_PATHS = ("fibre", "radio")

Figure = tuple[float, int]
"""Microseconds of CPU for each datagram, and how many of DATAGRAMS came."""


class End:
    """The owner of a Wire: counts what comes, and passes the stream on."""

    def __init__(self) -> None:
        self.wire = Wire(self, {})
        self.other: End
        self.came = 0

    def arrived(self, arrival: Arrival) -> None:
        """See wire.WireOwner."""
        self.came += bool(arrival.payload)

    def over_stream(self, session: int, data: bytes) -> None:
        """See wire.WireOwner."""
        asyncio.get_running_loop().call_soon(self.other.wire.stream_arrived, session, data)

    def carried(self, fact: PathSound) -> None:
        """See wire.WireOwner."""


async def _measure(send: Callable[[], object], came: Callable[[], int], count: int) -> Figure:
    """Send `count` times, `_AT_ONCE` at a time, and wait for each lot."""
    before, start = came(), time.process_time()
    per_send = 0
    for sent in range(1, count + 1):
        send()
        if sent % _AT_ONCE == 0:
            per_send = per_send or max((came() - before) // sent, 1)
            for _ in range(20):
                await asyncio.sleep(0)
                if came() - before >= sent * per_send:
                    break
    await asyncio.sleep(0.05)
    return (time.process_time() - start) * 1e6 / max(came() - before, 1), came() - before


async def floor() -> Figure:
    """AES-256-GCM with a counted nonce, one socket each way, nothing else."""
    ends = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
    for own in ends:
        own.setblocking(False)
        own.bind(("127.0.0.1", 0))
    place = ends[1].getsockname()
    cipher, numbers, came = AESGCM(os.urandom(32)), [0], [0]

    def send() -> None:
        numbers[0] += 1
        nonce = numbers[0].to_bytes(12, "big")
        ends[0].sendto(nonce + cipher.encrypt(nonce, PAYLOAD, None), place)

    def read() -> None:
        while True:
            try:
                data = ends[1].recv(2_048)
            except BlockingIOError:
                return
            cipher.decrypt(data[:12], data[12:], None)
            came[0] += 1

    loop = asyncio.get_running_loop()
    loop.add_reader(ends[1], read)
    figure = await _measure(send, lambda: came[0], DATAGRAMS)
    loop.remove_reader(ends[1])
    for own in ends:
        own.close()
    return figure


async def wire(paths: int) -> Figure:
    """Two Wires, `paths` paths between them."""
    alpha, bravo = End(), End()
    alpha.other, bravo.other = bravo, alpha
    for number, path in enumerate(_PATHS[:paths], 1):
        secret = os.urandom(SECRET_BYTES)
        for end, peer, dialled in ((bravo, "alpha", False), (alpha, "bravo", True)):
            place = ("127.0.0.1", 1)
            end.wire.opened(Handed(number, peer, path, dialled, secret, place, place))
    while any(fact.carriage is not Carriage.UDP for fact in alpha.wire.facts()):  # noqa: ASYNC110 - a Wire is asked here
        await asyncio.sleep(0.01)
    figure = await _measure(lambda: alpha.wire.send("bravo", PAYLOAD), lambda: bravo.came, DATAGRAMS // paths)
    alpha.wire.close()
    bravo.wire.close()
    return figure


def _median(story: Callable[[], Coroutine[None, None, Figure]]) -> Figure:
    figures = [uvloop.run(story()) for _ in range(_RUNS)]
    return median(figure for figure, _ in figures), min(came for _, came in figures)


def main() -> None:
    """Print the figures."""
    plain, came = _median(floor)
    print(
        f"CPU to send and receive 1,000 datagrams of {len(PAYLOAD)} bytes, median of {_RUNS} runs (fewest that came):"
    )
    print(f"  floor: AES-256-GCM over UDP  {plain:6.1f} ms         {came} of {DATAGRAMS}")
    for paths in (1, 2):
        cost, came = _median(partial(wire, paths))
        print(f"  Wire, paths: {paths}               {cost:6.1f} ms  {cost / plain:3.1f} x  {came} of {DATAGRAMS}")


if __name__ == "__main__":
    main()

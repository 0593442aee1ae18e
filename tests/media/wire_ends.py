"""Two houses with a Wire each: streams in memory, datagrams on real loopback sockets, a relay that can harm them."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import cast

import pytest
import uvloop

from openline.media.wire import Arrival, Wire
from openline.media.wire_carriage import Carriage, Pace, PathSound
from openline.media.wire_keys import SECRET_BYTES
from openline.media.wire_session import Handed
from openline.media.wire_socket import Place, place_of

Run = Callable[[Coroutine[object, None, None]], None]

CALM = Pace(
    idle_us=300_000,
    away_us=100_000,
    busy_us=50_000,
    again_us=25_000,
    late_us=10_000_000,
    silent_us=20_000_000,
    stale_us=10_000_000,
    grace_us=400_000,
)
"""Quick to find a path, slow to doubt it: a loaded machine changes nothing of a story."""

QUICK = replace(CALM, late_us=100_000, silent_us=400_000, stale_us=200_000)
"""For stories in which a way is blocked. On a loaded machine a path may be in doubt for a moment at any time."""

V4, V6 = "127.0.0.1", "::1"
LIMIT_S = 60

_numbers = count(1)


def _runner(factory: Callable[[], asyncio.AbstractEventLoop]) -> Run:
    def run(story: Coroutine[object, None, None]) -> None:
        async def within_limit() -> None:
            async with asyncio.timeout(LIMIT_S):
                await story

        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(within_limit())

    return run


on_uvloop = _runner(uvloop.new_event_loop)
both_loops = pytest.mark.parametrize("run", [_runner(asyncio.new_event_loop), on_uvloop], ids=["asyncio", "uvloop"])


async def until(happened: Callable[[], bool]) -> None:
    """Until it has happened; the story's limit ends what never does."""
    while not happened():  # noqa: ASYNC110 - real sockets are asked, they do not tell
        await asyncio.sleep(0.002)


class House:
    """The owner of a Wire. Its streams lead to `other` while `streaming`."""

    def __init__(self, name: str, ports: dict[str, int], pace: Pace) -> None:
        self.name = name
        self.arrivals: list[Arrival] = []
        self.changes: list[PathSound] = []
        self.streamed: list[bytes] = []
        self.streaming = True
        self.other: House
        self.wire = Wire(self, ports, pace)

    def arrived(self, arrival: Arrival) -> None:
        self.arrivals.append(arrival)

    def over_stream(self, session: int, data: bytes) -> None:
        self.streamed.append(data)
        if self.streaming:
            asyncio.get_running_loop().call_soon(self.other.wire.stream_arrived, session, data)

    def carried(self, fact: PathSound) -> None:
        self.changes.append(fact)

    def heard(self, path: str | None = None, over_stream: bool | None = None) -> list[bytes]:
        """The payloads that came, signs of life left out."""
        return [
            one.payload
            for one in self.arrivals
            if one.payload and path in (None, one.path) and over_stream in (None, one.over_stream)
        ]

    def fact(self, path: str) -> PathSound:
        return next(fact for fact in self.wire.facts() if fact.path == path)

    def carries(self, path: str, carriage: Carriage) -> bool:
        return self.fact(path).carriage is carriage


class Relay:
    """Stands between a dialler and a listener. `harm` makes of each datagram those that go on, by direction."""

    def __init__(self, host: str, to: Place) -> None:
        self._loop = asyncio.get_running_loop()
        self._host, self._to = host, to
        self._door = _socket(host)
        self._dialler: Place | None = None
        self.harm: Callable[[bytes, bool], list[bytes]] = lambda data, _inward: [data]
        self.place = cast("Place", self._door.getsockname())
        self._back = _socket(host)
        self._loop.add_reader(self._door, self._inward)
        self._loop.add_reader(self._back, self._outward)

    def rebind(self) -> None:
        """Go on from another port, as a router does that has forgotten us."""
        self._loop.remove_reader(self._back)
        self._back.close()
        self._back = _socket(self._host)
        self._loop.add_reader(self._back, self._outward)

    def close(self) -> None:
        for own in (self._door, self._back):
            self._loop.remove_reader(own)
            own.close()

    def _inward(self) -> None:
        data, self._dialler = self._door.recvfrom(65_536)
        for out in self.harm(data, True):
            self._back.sendto(out, self._to)

    def _outward(self) -> None:
        data, _ = self._back.recvfrom(65_536)
        for out in self.harm(data, False):
            if self._dialler is not None:
                self._door.sendto(out, self._dialler)


def _socket(host: str) -> socket.socket:
    family, place = place_of(host, 0)
    own = socket.socket(family, socket.SOCK_DGRAM)
    own.setblocking(False)
    own.bind(place)
    return own


def free_port(host: str) -> int:
    own = _socket(host)
    port = int(own.getsockname()[1])
    own.close()
    return port


class Pair:
    """Alpha dials bravo."""

    def __init__(self, *paths: tuple[str, str], pace: Pace = CALM) -> None:
        """`paths` are names and hosts; a name may stand for several hosts."""
        self.hosts = dict(paths)
        self.ports = {name: free_port(host) for name, host in paths}
        self.alpha = House("alpha", {}, pace)
        self.bravo = House("bravo", self.ports, pace)
        self.alpha.other, self.bravo.other = self.bravo, self.alpha
        self.pace = pace
        self.relays: dict[str, Relay] = {}
        self.secrets: dict[int, tuple[str, bytes]] = {}

    def relay(self, path: str) -> Relay:
        """From now on alpha reaches bravo through a relay on this path."""
        host = self.hosts[path]
        self.relays[path] = Relay(host, place_of(host, self.ports[path])[1])
        return self.relays[path]

    def join(self, path: str) -> int:
        """A new session on `path`, at both ends; its number."""
        number = next(_numbers)
        self.secrets[number] = path, os.urandom(SECRET_BYTES)
        self.hand(self.bravo, number)
        self.hand(self.alpha, number)
        return number

    def hand(self, house: House, number: int, life: int = 0) -> None:
        """Hand a session to one end."""
        path, secret = self.secrets[number]
        host, port = self.hosts[path], self.ports[path]
        door = self.relays[path].place[1] if path in self.relays else port
        dials = house is self.alpha
        own, theirs = ((host, 40_000), (host, door)) if dials else ((host, port), (host, 40_000))
        house.wire.opened(Handed(number, house.other.name, path, dials, secret, own, theirs, life))

    def restart(self, house: House, life: int) -> House:
        """The voice process of `house` dies and another one is handed its sessions."""
        house.wire.close()
        again = House(house.name, self.ports if house is self.bravo else {}, self.pace)
        again.other, house.other.other = house.other, again
        if house is self.alpha:
            self.alpha = again
        else:
            self.bravo = again
        for number in self.secrets:
            self.hand(again, number, life)
        return again

    async def carried(self, path: str, carriage: Carriage = Carriage.UDP) -> None:
        """Until both ends carry sound so."""
        await until(lambda: self.alpha.carries(path, carriage) and self.bravo.carries(path, carriage))

    def close(self) -> None:
        for house in (self.alpha, self.bravo):
            house.wire.close()
        for relay in self.relays.values():
            relay.close()


@contextmanager
def pair(*paths: tuple[str, str], pace: Pace = CALM) -> Iterator[Pair]:
    """Two houses, with a session on each path when the story makes one."""
    both = Pair(*paths, pace=pace)
    try:
        yield both
    finally:
        both.close()


def numbered(count: int) -> list[bytes]:
    """Payloads that can be told apart, as long as sound is."""
    return [number.to_bytes(4, "big") + bytes(80) for number in range(count)]

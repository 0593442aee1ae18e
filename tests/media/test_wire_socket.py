"""The UDP socket of a path: bound to one address, marked for speed, and fair to the others on the loop."""

from __future__ import annotations

import asyncio
import socket

import pytest

from openline.base.limits import WIRE_BATCH_DATAGRAMS, WIRE_DATAGRAM_BYTES_MAX, WIRE_RECEIVE_BYTES
from openline.media.wire_socket import Place, WireSocket, place_of
from tests.media.wire_ends import V4, V6, Run, both_loops, free_port, on_uvloop, until

HOSTS = pytest.mark.parametrize("host", [V4, V6])


class Ear:
    """Keeps what arrives."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.places: list[Place] = []

    def __call__(self, own: WireSocket, data: bytes, place: Place) -> None:
        self.heard.append(data)
        self.places.append(place)


@both_loops
@HOSTS
def test_datagrams_come_and_go_at_the_wanted_port(run: Run, host: str) -> None:
    async def story() -> None:
        ear, wanted = Ear(), free_port(host)
        here, there = WireSocket("fibre", host, wanted, ear), WireSocket("fibre", host, 0, Ear())
        assert here.port == wanted
        assert there.send(b"hello", place_of(host, here.port)[1])
        await until(lambda: ear.heard == [b"hello"])
        assert ear.places[0][:2] == (host, there.port)
        assert here.dropped == 0
        here.close()
        there.close()

    run(story())


@HOSTS
def test_a_taken_port_gives_way_to_another(host: str) -> None:
    async def story() -> None:
        first = WireSocket("fibre", host, 0, Ear())
        second = WireSocket("fibre", host, first.port, Ear())
        assert second.port != first.port
        first.close()
        second.close()

    on_uvloop(story())


def test_an_address_of_somebody_else_cannot_be_had() -> None:
    async def story() -> None:
        with pytest.raises(OSError, match="assign"):
            WireSocket("fibre", "203.0.113.9", 0, Ear())
        with pytest.raises(OSError, match=r"(?i)name|address"):
            WireSocket("fibre", "not-an-address", 0, Ear())

    on_uvloop(story())


@HOSTS
def test_it_asks_for_room_and_for_expedited_forwarding(host: str) -> None:
    async def story() -> None:
        own = WireSocket("fibre", host, 0, Ear())
        inner = own._own
        if host == V4:
            assert inner.getsockopt(socket.IPPROTO_IP, socket.IP_TOS) == 0xB8
        else:
            assert inner.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS) == 0xB8
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plain:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WIRE_RECEIVE_BYTES)
            granted = plain.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        assert inner.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) == granted
        own.close()

    on_uvloop(story())


@both_loops
def test_a_flood_leaves_others_their_turn(run: Run) -> None:
    async def story() -> None:
        ear = Ear()
        here, there = WireSocket("fibre", V4, 0, ear), WireSocket("fibre", V4, 0, Ear())
        flood = 4 * WIRE_BATCH_DATAGRAMS
        for _ in range(flood):
            there.send(b"x", place_of(V4, here.port)[1])
        turns = 0
        while len(ear.heard) < flood:
            before = len(ear.heard)
            await asyncio.sleep(0)
            turns += 1
            assert len(ear.heard) - before <= WIRE_BATCH_DATAGRAMS
        assert turns >= 4
        here.close()
        there.close()

    run(story())


def test_a_datagram_that_is_too_long_is_cut_to_one_byte_too_many() -> None:
    async def story() -> None:
        ear = Ear()
        here, there = WireSocket("fibre", V4, 0, ear), WireSocket("fibre", V4, 0, Ear())
        there.send(bytes(9_000), place_of(V4, here.port)[1])
        await until(lambda: [len(data) for data in ear.heard] == [WIRE_DATAGRAM_BYTES_MAX + 1])
        here.close()
        there.close()

    on_uvloop(story())


def test_what_the_system_does_not_take_is_said_and_nothing_breaks() -> None:
    async def story() -> None:
        own = WireSocket("fibre", V4, 0, Ear())
        assert not own.send(b"x", ("255.255.255.255", 9)), "broadcast was never asked for"
        assert not own.send(bytes(70_000), (V4, own.port))
        own.close()
        assert not own.send(b"x", (V4, 9))

    on_uvloop(story())


def test_a_datagram_may_close_the_socket_it_came_by() -> None:
    async def story() -> None:
        heard = []

        def close(own: WireSocket, data: bytes, place: Place) -> None:
            heard.append(data)
            own.close()

        here, there = WireSocket("fibre", V4, 0, close), WireSocket("fibre", V4, 0, Ear())
        for _ in range(3):
            there.send(b"x", place_of(V4, here.port)[1])
        await until(lambda: bool(heard))
        await asyncio.sleep(0)
        assert heard == [b"x"]
        there.close()

    on_uvloop(story())

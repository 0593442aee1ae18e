"""The socket of a phone's sound: even ports, the phone's own addresses alone, and the port it really speaks from."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine
from dataclasses import replace

import pytest

from openline.base.errors import UsageError
from openline.media.phone_rtp import PhoneRtp, open_socket
from openline.media.phone_sdp import Direction, Protection, Terms
from openline.media.rtp import Parsed, build, parse
from openline.voice.frame import Codec

Run = Callable[[Coroutine[object, None, None]], None]
HOST = "127.0.0.1"
PORTS = range(34_001, 35_000)


def terms(port: int) -> Terms:
    return Terms(0, HOST, port, 0, Codec.PCMU, Direction.BOTH, Protection.PLAIN_LAN)


class Bench:
    """Our socket, a phone's socket, and what was heard."""

    def __init__(self) -> None:
        self.heard: list[Parsed] = []
        self.rtp = PhoneRtp(open_socket(HOST, PORTS), self.heard.append)
        self.phone = self.another()

    def another(self, host: str = HOST) -> socket.socket:
        own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        own.bind((host, 0))
        own.setblocking(False)
        return own

    def say(self, own: socket.socket, number: int, payload: bytes = b"x", payload_type: int = 0) -> None:
        own.sendto(build(payload_type, False, number, number * 160, 5, payload), (HOST, self.rtp.port))

    async def until(self, what: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not what():  # noqa: ASYNC110 - what is waited for are counts of sockets
                await asyncio.sleep(0.005)


def test_ports_are_even_and_a_full_range_is_said() -> None:
    own = [open_socket(HOST, range(26_010, 26_014)) for _ in range(2)]
    assert sorted(one.getsockname()[1] for one in own) == [26_010, 26_012]
    with pytest.raises(UsageError, match="phone-no-port"):
        open_socket(HOST, range(26_010, 26_014))
    for one in own:
        one.close()


def test_sound_goes_where_the_phone_speaks_from(run: Run) -> None:
    async def story() -> None:
        bench = Bench()
        bench.rtp.agree(terms(9), HOST)  # the port it wrote is not the one it has
        bench.say(bench.phone, 1)
        await bench.until(lambda: bench.rtp.received == 1)
        bench.rtp.send(True, 7, 8, b"back")
        await bench.until(lambda: bench.rtp.sent == 1)
        assert parse(bench.phone.recv(2_048))[:4] == (0, True, 7, 8)
        another = bench.another()
        bench.say(another, 2)
        await bench.until(lambda: bench.rtp.strange == 1)
        assert [packet[2] for packet in bench.heard] == [1], "once it is found, nobody else is heard"
        for own in (bench.phone, another):
            own.close()
        bench.rtp.close()
        bench.rtp.close()

    run(story())


def test_other_addresses_and_other_things_are_not_heard(run: Run) -> None:
    async def story() -> None:
        bench = Bench()
        stranger = bench.another("127.0.0.2")
        bench.say(bench.phone, 1)
        await bench.until(lambda: bench.rtp.strange == 1)
        bench.rtp.agree(terms(bench.phone.getsockname()[1]), HOST)
        bench.say(stranger, 2)
        bench.phone.sendto(b"", (HOST, bench.rtp.port))
        bench.phone.sendto(b"\x80\xc8" + bytes(26), (HOST, bench.rtp.port))
        bench.phone.sendto(bytes(1_900), (HOST, bench.rtp.port))
        bench.say(bench.phone, 3, payload_type=101)
        bench.say(bench.phone, 4, b"speech")
        await bench.until(lambda: bool(bench.heard))
        assert [packet[5] for packet in bench.heard] == [b"speech"]
        assert bench.rtp.strange == 4
        for own in (bench.phone, stranger):
            own.close()
        bench.rtp.close()

    run(story())


@pytest.mark.parametrize("direction", [Direction.SENDS, Direction.NEITHER])
def test_a_phone_that_does_not_want_to_hear_is_sent_nothing(run: Run, direction: Direction) -> None:
    async def story() -> None:
        bench = Bench()
        bench.rtp.send(False, 1, 1, b"before anything is agreed")
        bench.rtp.agree(replace(terms(bench.phone.getsockname()[1]), direction=direction), HOST)
        bench.rtp.send(False, 1, 1, b"on hold")
        assert bench.rtp.sent == 0
        bench.rtp.agree(terms(bench.phone.getsockname()[1]), HOST)
        bench.rtp.send(False, 1, 1, b"again")
        assert bench.rtp.sent == 1
        bench.phone.close()
        bench.rtp.close()

    run(story())

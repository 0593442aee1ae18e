"""A desk phone as a leg: what it promises its owner, and how several speakers come to it, beside a real socket."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import Callable, Coroutine
from contextlib import suppress

from openline.media.phone_leg import PhoneLeg
from openline.media.phone_rtp import open_socket
from openline.media.phone_sdp import Direction, Protection, Terms
from openline.media.phone_sound import Encoder
from openline.media.ports import Leg
from openline.media.rtp import Parsed, parse
from openline.voice.frame import Codec, Frame
from tests.media.phone_by_hand import HOST, Told

Run = Callable[[Coroutine[object, None, None]], None]


class Bench:
    """A leg, its phone's socket, and the exchange, which keeps what it is asked."""

    def __init__(self, codec: Codec = Codec.PCMU) -> None:
        self.asked: list[tuple[str, int]] = []
        self.told = Told()
        self.phone = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.phone.bind((HOST, 0))
        self.phone.setblocking(False)
        self.leg = PhoneLeg(7, "desk", self.told, self, open_socket(HOST, range(36_000, 37_000)))
        self.leg.call = 3
        self.terms = Terms(0, HOST, self.phone.getsockname()[1], 0, codec, Direction.BOTH, Protection.PLAIN_LAN)

    def hang_up(self, call: int) -> None:
        self.asked.append(("hang up", call))

    def ask(self, call: int) -> None:
        self.asked.append(("ask", call))

    def gone(self, call: int) -> None:
        self.asked.append(("gone", call))

    def came(self) -> list[Parsed]:
        """What has come to the phone."""
        packets: list[Parsed] = []
        with suppress(BlockingIOError):
            while True:
                packets.append(parse(self.phone.recv(2_048)))
        return packets

    def end(self) -> None:
        self.leg.end("leg-closed")
        self.phone.close()


def test_it_is_a_leg() -> None:
    def wanted(leg: Leg) -> int:
        return leg.number

    async def story() -> None:
        bench = Bench()
        assert wanted(bench.leg) == 7
        bench.end()

    asyncio.run(story())


def test_it_connects_once_and_in_a_later_turn(run: Run) -> None:
    async def story() -> None:
        bench = Bench()
        bench.leg.play(Frame(9, 1, 1, True, Codec.PCMU, bytes(160)))
        assert (bench.leg.codec, bench.leg.protection, bench.leg.connected) == (None, None, False)
        bench.leg.agree(bench.terms, HOST)
        assert bench.told.up == []
        await bench.told.until(lambda: bench.told.up)
        bench.leg.agree(bench.terms, HOST)
        await asyncio.sleep(0.01)
        assert len(bench.told.up) == 1
        assert bench.came() == [], "what came before is not played after"
        bench.end()

    run(story())


def test_a_leg_closed_before_it_connects_is_never_told_connected(run: Run) -> None:
    async def story() -> None:
        bench = Bench()
        bench.leg.agree(bench.terms, HOST)
        bench.leg.close("leg-closed")
        bench.leg.close("leg-closed")
        await bench.told.until(lambda: bench.told.over)
        assert (bench.told.up, bench.told.over) == ([], ["leg-closed"])
        assert bench.asked == [("hang up", 3), ("gone", 3)]
        bench.leg.agree(bench.terms, HOST)
        bench.phone.close()

    run(story())


def test_several_speakers_come_as_one_steady_stream(run: Run) -> None:
    async def story() -> None:
        bench = Bench()
        bench.leg.agree(bench.terms, HOST)
        encoders = {stream: Encoder(Codec.OPUS) for stream in (1, 2)}
        for number in range(25):
            for stream, encoder in encoders.items():
                payload = encoder.payload(encoder.quiet)
                bench.leg.play(Frame(stream, number, number * 960, number == 0, Codec.OPUS, payload))
            await asyncio.sleep(0.02)
        packets = bench.came()
        assert {b[2] - a[2] for a, b in itertools.pairwise(packets)} == {1}
        assert {len(packet[5]) for packet in packets} == {160}
        assert len({packet[4] for packet in packets}) == 1, "one source"
        assert len(packets) >= 20
        assert bench.leg.decoded >= 49
        bench.end()

    run(story())

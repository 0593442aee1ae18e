"""Both ends of many calls for the measurement of a voice process: the browsers, and the peers' nodes.

In every call both ends speak without pause, 50 frames a second. Each packet is counted and timed: from just before it
is given to the system to the moment at which the system has the packet that came out of the voice process
(SO_TIMESTAMPNS), so that no waiting in this program is in it.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from struct import Struct

from bench.voice_far import Far, read_stamped, stamped
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

FRAME_S = 0.02
PAYLOAD_BYTES = 80
"""20 ms of speech at 32 kbit/s."""

CALLS_OF_A_LINE = 25
WARM_FRAMES = 50
_PATIENCE_S = 60.0
_QUIET_S = 0.5
_SAYS = Struct(">HI")


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

    async def close(self) -> None:
        """The browsers leave, and the voice process ends."""
        for browser in self.browsers:
            await browser.leave()
        for far in self.fars:
            far.close()
        self._channel.say(Stop())
        self._channel.close()
        await asyncio.sleep(0)

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
        self._peer = peer
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

    async def leave(self) -> None:
        """Say goodbye and give everything back."""
        asyncio.get_running_loop().remove_reader(self._own.fileno())
        self._own.close()
        await self._peer.leave()

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

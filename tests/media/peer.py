"""A browser made of aiortc's transports: it makes an offer, connects to a leg, speaks and hears. And a leg's owner.

Chromium itself plays this part in tests/browser/test_leg.py; this one is faster, and can misbehave.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from aiortc.rtcicetransport import RTCIceCandidate

from openline.base.errors import OpenlineError
from openline.media.browser import BrowserLeg, Settings, Whose, make_leg
from openline.media.hooks import Ice, fingerprint, new_certificate
from openline.media.ports import Leg
from openline.media.rtp import build
from openline.node.tasks import Tasks
from openline.voice.frame import Codec, Frame
from tests.media.test_offer import PLAIN

SOURCE = 0xB0B
LOOPBACK = ("127.0.0.1",)
WHOSE = Whose("officer-7", "session-3")
NODE = new_certificate()
SOUND = b"\xfc" + bytes(range(60))


class Owner:
    """Remembers what legs tell it, and wakes whoever waits for something."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.connections: list[int] = []
        self.ends: list[tuple[int, str]] = []
        self._news = asyncio.Event()

    def heard(self, leg: Leg, frame: Frame) -> None:
        self.frames.append(frame)
        self._news.set()

    def connected(self, leg: Leg) -> None:
        self.connections.append(leg.number)
        self._news.set()

    def ended(self, leg: Leg, reason: str) -> None:
        self.ends.append((leg.number, reason))
        self._news.set()

    async def until(self, true: Callable[[], object]) -> None:
        """Wait until `true`; the story's own limit ends it otherwise."""
        while not true():
            self._news.clear()
            await self._news.wait()


class _Secure(RTCDtlsTransport):
    """The browser's side of DTLS; keeps what comes unlocked."""

    def __init__(self, ice: Ice, certificate: RTCCertificate, peer: Peer) -> None:
        super().__init__(ice.transport, [certificate])
        self._set_role("server")
        self._peer = peer

    async def _handle_rtp_data(self, data: bytes, arrival_time_ms: int) -> None:
        self._peer.packets.append(data)
        self._peer.news.set()

    async def _handle_rtcp_data(self, data: bytes) -> None:
        self._peer.reports.append(data)
        self._peer.news.set()


class Peer:
    """One browser."""

    def __init__(self) -> None:
        self.certificate = new_certificate()
        self.ice = Ice()
        self.dtls = _Secure(self.ice, self.certificate, self)
        self.packets: list[bytes] = []
        self.reports: list[bytes] = []
        self.news = asyncio.Event()

    def offer(self, text: str = PLAIN) -> str:
        """A recorded offer with this peer's own words in it."""
        name, digest = fingerprint(self.certificate)
        text = re.sub(r"a=ice-ufrag:\S+", f"a=ice-ufrag:{self.ice.username}", text)
        text = re.sub(r"a=ice-pwd:\S+", f"a=ice-pwd:{self.ice.password}", text)
        return re.sub(r"a=fingerprint:.*?\r", f"a=fingerprint:{name} {digest}\r", text)

    async def connect(self, answer: str) -> None:
        """Go where `answer` says, as the side that decides."""
        self.ice._connection.ice_controlling = True
        await self.ice.bind(LOOPBACK)
        for host, port in places(answer):
            await self.ice.transport.addRemoteCandidate(RTCIceCandidate(1, "1", host, port, 1, "udp", "host"))
        await self.ice.transport.addRemoteCandidate(None)
        await self.ice.connect(value(answer, "ice-ufrag"), value(answer, "ice-pwd"))
        name, _, digest = value(answer, "fingerprint").partition(" ")
        await self.dtls.start(RTCDtlsParameters([RTCDtlsFingerprint(name, digest)]))

    def locked(self, sequence: int, source: int = SOURCE, payload: bytes = SOUND, payload_type: int = 111) -> bytes:
        """A packet as it goes over the wire."""
        packet: bytes = self.dtls._tx_srtp.protect(
            build(payload_type, False, sequence, sequence * 960, source, payload)
        )
        return packet

    def send(self, data: bytes) -> None:
        """Send a datagram from this peer's own place."""
        way = self.ice.way()
        assert way is not None
        way[0].sendto(data, way[1])

    def speak(self, *sequences: int) -> None:
        """Say one frame for each number."""
        for sequence in sequences:
            self.send(self.locked(sequence))

    def report(self, data: bytes) -> None:
        """Send RTCP."""
        self.send(self.dtls._tx_srtp.protect_rtcp(data))

    async def until(self, true: Callable[[], object]) -> None:
        """Wait until `true`; the story's own limit ends it otherwise."""
        while not true():
            self.news.clear()
            await self.news.wait()

    async def leave(self) -> None:
        """Say goodbye and give everything back."""
        await self.dtls.stop()
        await self.ice.transport.stop()


def value(sdp: str, name: str) -> str:
    """The first attribute of that name."""
    return sdp.split(f"a={name}:", 1)[1].split("\r\n", 1)[0]


def places(answer: str) -> list[tuple[str, int]]:
    """Every candidate of an answer."""
    return [(host, int(port)) for host, port in re.findall(r"a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host", answer)]


def frame(sequence: int, stream: int = 5, codec: Codec = Codec.OPUS) -> Frame:
    """A frame of another speaker."""
    return Frame(stream, sequence, sequence * 960, False, codec, SOUND)


def outsider(place: tuple[str, int]) -> socket.socket:
    """A socket of somebody else, aimed at `place`."""
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    own.connect(place)
    return own


@dataclass
class Story:
    """A leg and its browser, connected."""

    owner: Owner
    leg: BrowserLeg
    answer: str
    peer: Peer

    async def settled(self, true: Callable[[], object]) -> None:
        """Wait until the leg's figures make `true` so."""
        while not true():  # noqa: ASYNC110 - figures tell nobody that they have changed
            await asyncio.sleep(0.001)

    @property
    def place(self) -> tuple[str, int]:
        """Where the leg waits."""
        return places(self.answer)[0]


@asynccontextmanager
async def settings(addresses: tuple[str, ...] = LOOPBACK) -> AsyncIterator[Settings]:
    """What legs share, with tasks that fail the test when they fail."""
    failures: list[tuple[str, OpenlineError | Exception]] = []
    tasks = Tasks(lambda name, why: failures.append((name, why)))
    running: list[asyncio.Task[None]] = []

    def spawned(task: asyncio.Task[None]) -> asyncio.Task[None]:
        running.append(task)
        return task

    try:
        yield Settings(addresses, NODE, lambda work, name: spawned(tasks.spawn(work, name)))
        await asyncio.gather(*running, return_exceptions=True)
    finally:
        await tasks.stop()
    assert not failures


@asynccontextmanager
async def waiting(offer: str = PLAIN, number: int = 7) -> AsyncIterator[Story]:
    """A leg that waits for its browser."""
    async with settings() as shared:
        owner, peer = Owner(), Peer()
        leg, answer = await make_leg(peer.offer(offer), number, owner, WHOSE, shared)
        try:
            yield Story(owner, leg, answer, peer)
        finally:
            leg.close("leg-closed")
            await owner.until(lambda: owner.ends)
            await peer.leave()


@asynccontextmanager
async def connected(offer: str = PLAIN) -> AsyncIterator[Story]:
    """A leg and its browser, with sound passing both ways."""
    async with waiting(offer) as story:
        await story.peer.connect(story.answer)
        await story.owner.until(lambda: story.owner.connections)
        yield story

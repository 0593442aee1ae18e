"""The leg of an officer who speaks and listens in a browser: ICE and DTLS-SRTP, and frames as they are.

Nothing is decoded and nothing is held: what comes in is unlocked and handed on in the same turn of the loop, what
goes out is locked and sent in the same turn; the browser's own jitter buffer is the only one. The leg belongs to one
session of one officer: the fingerprint in the offer, which came over that session, is the only certificate it talks
to. Whoever withdraws the session closes the leg.

A browser whose network changes makes a new offer and gets a new leg: this one ends as lost, with the cause beside it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass

from openline.base.errors import PathError, PeerError
from openline.base.limits import LEG_REPORT_US, LEG_SETUP_US, LEG_SILENT_US, LEG_SOURCES_MAX
from openline.base.time import SECOND_US
from openline.media.hooks import Dtls, Ice, RTCCertificate, Srtp, SrtpError, fingerprint, waiting_bytes
from openline.media.intake import Intake
from openline.media.offer import Fingerprint, Offer, Ours, answer, read_offer
from openline.media.ports import LegOwner
from openline.media.reports import CLOCK_HZ, Reception
from openline.media.rtcp import goodbye, middle, ntp_time, report
from openline.media.rtcp import parse as parse_rtcp
from openline.media.rtp import build, is_rtcp, parse
from openline.media.speakers import Speakers
from openline.voice.frame import PAYLOAD_BYTES_MAX, Frame

Spawn = Callable[[Coroutine[object, None, None], str], asyncio.Task[None]]

_NAME = "openline"


@dataclass(frozen=True, slots=True)
class Settings:
    """What all legs of a process share. `addresses` are the machine's own that browsers can reach, loopback included.

    `certificate` is made once for each start (hooks.new_certificate). `dtx` off makes browsers send through silence.
    """

    addresses: tuple[str, ...]
    certificate: RTCCertificate
    spawn: Spawn
    dtx: bool = True


@dataclass(frozen=True, slots=True)
class Whose:
    """The officer and the session over which the offer came."""

    officer: str
    session: str


@dataclass(frozen=True, slots=True)
class LegFacts:
    """What is known of a leg from its first moment on, for the log and the screen."""

    number: int
    officer: str
    session: str
    browser_fingerprints: tuple[Fingerprint, ...]
    node_fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class LegFigures:
    """What has passed so far. `dropped` counts by why; losses are those between the browser and this node.

    `round_trip_us` is 0 until the browser has reported.
    """

    heard: int
    played: int
    lost_coming: int
    lost_going: int
    round_trip_us: int
    protection: str
    dropped: Mapping[str, int]


async def make_leg(
    offer_sdp: str, number: int, owner: LegOwner, whose: Whose, settings: Settings
) -> tuple[BrowserLeg, str]:
    """Answer a browser's offer: the leg, which waits for the browser from now on, and the SDP to give it.

    `owner` is told when sound can pass, or that it never will. Raises UsageError (`leg-offer-wrong`) for an offer that
    is none of ours, PathError (`leg-address-not-ours`) when no address of the settings can be listened at.
    """
    offer = read_offer(offer_sdp)
    if not settings.addresses:
        raise PathError("leg-address-not-ours", address="")
    ice = Ice()
    places = await ice.bind(settings.addresses)
    leg = BrowserLeg(number, owner, offer, whose, settings, ice)
    own = fingerprint(settings.certificate)
    return leg, answer(offer, Ours(ice.username, ice.password, places, own, sources(number, offer), settings.dtx))


def sources(number: int, offer: Offer) -> list[int]:
    """The synchronisation sources of a leg: plain numbers, unlike any the browser is likely to draw for itself.

    They need to be unique between the two ends of one leg only, and both ends see them in the answer.
    """
    return [(number << 8 | index) + 1 for index in range(len(offer.mids))]


class BrowserLeg:
    """One browser. Made by `make_leg`; see ports.Leg."""

    def __init__(self, number: int, owner: LegOwner, offer: Offer, whose: Whose, settings: Settings, ice: Ice) -> None:
        self.facts = LegFacts(
            number, whose.officer, whose.session, offer.fingerprints, fingerprint(settings.certificate)
        )
        self.cause = ""
        self._owner = owner
        self._offer = offer
        self._spawn = settings.spawn
        self._loop = asyncio.get_running_loop()
        self._ice = ice
        self._dtls = Dtls(ice, settings.certificate)
        self._dtls.on("statechange", self._secured_or_not)
        self._rx: Srtp | None = None
        self._tx: Srtp | None = None
        own = sources(number, offer)
        self._own = own[0]
        self._speakers = Speakers(own if offer.hears else own[1:])
        self._codecs = {number: codec for codec, number in offer.payload_types.items()}
        self._receptions: dict[bytes, Reception] = {}
        self._rtcp_sources: set[bytes] = set()
        self._alive_at = self._loop.time()
        self._ended = False
        self._heard = self._played = self._lost_going = self._round_trip_us = 0
        self._dropped: Counter[str] = Counter()
        self._timer: asyncio.TimerHandle | None = None
        for socket, inner in ice.sockets():
            socket.set_protocol(Intake(inner, self))
        self._connecting = self._spawn(self._connect(), f"leg {number} connects")

    @property
    def number(self) -> int:
        """See ports.Leg."""
        return self.facts.number

    @property
    def figures(self) -> LegFigures:
        """What has passed so far."""
        return LegFigures(
            self._heard,
            self._played,
            sum(reception.lost for reception in self._receptions.values()),
            self._lost_going,
            self._round_trip_us,
            "" if self._tx is None else self._dtls.profile(),
            dict(self._dropped),
        )

    def play(self, frame: Frame) -> None:
        """See ports.Leg. What cannot be played is counted in `figures.dropped`."""
        payload_type = self._offer.payload_types.get(frame.codec)
        way = self._ice.way()
        if self._tx is None or way is None:
            self._dropped["not connected"] += 1
            return
        if payload_type is None or len(frame.payload) > PAYLOAD_BYTES_MAX:
            self._dropped["codec"] += 1
            return
        now = self._loop.time()
        slot = self._speakers.slot(frame.stream, now)
        if slot is None:
            self._dropped["no slot"] += 1
            return
        sequence, timestamp, marker = slot.place(frame, now)
        try:
            packet = self._tx.protect(build(payload_type, marker, sequence, timestamp, slot.source, frame.payload))
        except SrtpError:
            self._dropped["late"] += 1
            return
        socket, place = way
        if waiting_bytes(socket):  # the system takes no more: sound that waits is worth nothing
            self._dropped["full"] += 1
            return
        socket.sendto(packet, place)
        self._played += 1

    def close(self, reason: str) -> None:
        """See ports.Leg."""
        self._end(reason, reason)

    # What the sockets bring: see intake.Inside.

    def is_peer(self, place: tuple[str, int]) -> bool:
        """See intake.Inside."""
        way = self._ice.way()
        return way is not None and way[1] == place

    def alive(self) -> None:
        """See intake.Inside."""
        self._alive_at = self._loop.time()

    def drop(self, why: str) -> None:
        """See intake.Inside."""
        self._dropped[why] += 1

    def take(self, data: bytes) -> None:
        """See intake.Inside. Only what the browser's keys unlock has any effect; a replay is none."""
        rx = self._rx
        if rx is None:
            self._dropped["not connected"] += 1
        elif is_rtcp(data):
            self._take_rtcp(rx, data)
        else:
            self._take_rtp(rx, data)

    def _take_rtp(self, rx: Srtp, data: bytes) -> None:
        key = data[8:12]
        reception = self._receptions.get(key)
        if reception is None and len(self._receptions) >= LEG_SOURCES_MAX:
            self._dropped["source"] += 1
            return
        try:
            payload_type, marker, sequence, timestamp, source, payload = parse(rx.unprotect(data))
        except (SrtpError, PeerError):
            self._dropped["locked"] += 1
            return
        now = self._alive_at = self._loop.time()
        codec = self._codecs.get(payload_type)
        if codec is None:
            self._dropped["codec"] += 1
            return
        if reception is None:
            reception = self._receptions[key] = Reception(source, sequence)
        reception.heard(sequence, timestamp, now, CLOCK_HZ[codec])
        if payload:
            self._heard += 1
            self._owner.heard(self, Frame(self.facts.number, sequence, timestamp, marker, codec, payload))

    def _take_rtcp(self, rx: Srtp, data: bytes) -> None:
        key = data[4:8]
        if key not in self._rtcp_sources and len(self._rtcp_sources) >= LEG_SOURCES_MAX:
            self._dropped["source"] += 1
            return
        try:
            told = parse_rtcp(rx.unprotect_rtcp(data))
        except (SrtpError, PeerError):
            self._dropped["locked"] += 1
            return
        self._rtcp_sources.add(key)
        now = self._alive_at = self._loop.time()
        for sent in told.sent:
            reception = self._receptions.get(sent.source.to_bytes(4, "big"))
            if reception is not None:
                reception.reported(sent.ntp, now)
        for source in told.left:
            self._receptions.pop(source.to_bytes(4, "big"), None)
        for block in told.blocks:
            self._lost_going = max(self._lost_going, block.lost)
            if block.last_report:
                trip = (middle(ntp_time(now)) - block.last_report - block.since_last_report) & 0xFFFFFFFF
                self._round_trip_us = trip * SECOND_US >> 16 if trip < 1 << 31 else 0

    # From the first check to the end

    async def _connect(self) -> None:
        try:
            async with asyncio.timeout(LEG_SETUP_US / SECOND_US):
                await self._ice.connect(self._offer.username, self._offer.password)
                if self._ice.way() is None:
                    self._end("leg-handshake-failed", "leg-handshake-failed")
                    return
                await self._dtls.connect(self._offer.fingerprints)
        except TimeoutError:
            self._end("leg-setup-timed-out", "leg-setup-timed-out")

    def _secured_or_not(self) -> None:
        """The secure layer has changed its state (aiortc's words)."""
        if self._ended:
            return
        match self._dtls.state:
            case "connected":
                self._rx, self._tx = self._dtls.srtp()
                self._alive_at = self._loop.time()
                self._timer = self._loop.call_later(LEG_REPORT_US / SECOND_US, self._report)
                self._loop.call_soon(self._tell_connected)
            case "failed":
                # `Dtls.stranger` is known only when the state has changed: look in a later turn.
                self._loop.call_soon(self._failed)
            case "closed":
                self._end("leg-lost", "leg-left" if self._ice.way() is not None else "leg-consent-expired")
            case _:
                pass

    def _tell_connected(self) -> None:
        if not self._ended:
            self._owner.connected(self)

    def _failed(self) -> None:
        reason = "leg-fingerprint-wrong" if self._dtls.stranger else "leg-handshake-failed"
        self._end(reason, reason)

    def _report(self) -> None:
        """Once a second: tell the browser what was heard and sent, and see whether it is still there."""
        now = self._loop.time()
        if (now - self._alive_at) * SECOND_US > LEG_SILENT_US:
            self._end("leg-lost", "leg-silent")
            return
        self._timer = self._loop.call_later(LEG_REPORT_US / SECOND_US, self._report)
        blocks = [reception.block(now) for reception in self._receptions.values()]
        self._tell(report(self._own, self._speakers.sent(now), blocks, _NAME))

    def _tell(self, packet: bytes) -> None:
        way = self._ice.way()
        if self._tx is not None and way is not None:
            way[0].sendto(self._tx.protect_rtcp(packet), way[1])

    def _end(self, reason: str, cause: str) -> None:
        if self._ended:
            return
        self._ended, self.cause = True, cause
        if self._timer is not None:
            self._timer.cancel()
        used = [slot.source for slot in self._speakers.slots if slot.packets]
        self._tell(goodbye(self._own, used, _NAME))
        self._rx = self._tx = None
        self._spawn(self._release(), f"leg {self.number} closes")
        self._loop.call_soon(self._owner.ended, self, reason)

    async def _release(self) -> None:
        """Give back the sockets, the browser told."""
        self._connecting.cancel()
        await self._dtls.stop()
        await self._ice.transport.stop()

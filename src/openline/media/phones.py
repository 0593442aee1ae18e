"""The desk phones of a party: they register, call, are called, and each call is a leg. Runs in the voice process.

Signalling is sippy's, behind `sip_agent`; sound is `phone_leg`. Plain SIP over UDP, and sound without SRTP, exist on
the party's own LAN and nowhere else; over TLS a phone may be wherever its row allows. See docs/operating/phones.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from secrets import randbits, token_bytes
from ssl import SSLContext

from openline.base.errors import OpenlineError, PeerError, UsageError
from openline.base.limits import PHONE_CALLS_MAX, PHONE_LEGS_MAX, PHONE_RINGS_S, PHONES_MAX
from openline.media import phone_sdp
from openline.media.phone_leg import PhoneLeg
from openline.media.phone_rtp import open_socket
from openline.media.phone_sdp import Circumstances, Place, Protection, Terms
from openline.media.ports import LegOwner
from openline.media.sdes import Crypto
from openline.media.sip_agent import Agent
from openline.media.sip_digest import Digest, PasswordDigest
from openline.media.sip_door import Doors, Network, Note, SipDoor, inside
from openline.media.sip_gate import Knock, SipGate
from openline.media.sip_stack import LoopWire

_LINES = 60
_LINE_AGAIN_MS = 1_000

Number = Callable[[], int]
"""The number of the next leg in this process. Raises UsageError when there are too many."""


@dataclass(frozen=True, slots=True)
class PhoneRow:
    """One phone: its name, what stands for its password, where it may be (empty: on our LAN), and whether it rings."""

    name: str
    password: PasswordDigest
    networks: tuple[Network, ...] = ()
    rings: bool = True


@dataclass(frozen=True, slots=True)
class PhoneSettings:
    """How phones reach us. `host` is an address of this machine on our LAN, and `lan` is what our LAN is.

    Port 0 takes any. `tls` is None where only the LAN is served. `rtp_ports` has two ports for each call.
    """

    host: str
    realm: str
    lan: tuple[Network, ...]
    phones: tuple[PhoneRow, ...]
    udp_port: int | None = 5060
    tls_port: int | None = 5061
    tls: SSLContext | None = None
    rtp_ports: range = range(16_384, 16_640)
    rings_s: float = PHONE_RINGS_S


class Ringing:
    """A phone that is being rung. `leg` connects when it is picked up, and ends when it is not."""

    def __init__(self, leg: PhoneLeg) -> None:
        self.leg = leg
        self.ringing = False

    def cancel(self, reason: str = "phone-ring-cancelled") -> None:
        """Stop ringing; a call that is up stays up."""
        if not self.leg.connected:
            self.leg.close(reason)


@dataclass(slots=True)
class _Call:
    """What belongs to a leg. `own` are the keys we offered, `ringing` is set while we ring."""

    leg: PhoneLeg
    how: Circumstances
    host: str
    session: int
    version: int = 1
    own: tuple[Crypto, ...] = ()
    ringing: Ringing | None = None
    given_up: asyncio.TimerHandle | None = None


class Phones:
    """All desk phones of this node. It owns the calls; `owner` is told of legs, `note` what the log should say."""

    def __init__(self, settings: PhoneSettings, owner: LegOwner, note: Note, number: Number) -> None:
        """Raises UsageError for rows that cannot be. Nothing listens before `start`."""
        self._settings = settings
        self._rows = {row.name: row for row in settings.phones}
        if len(self._rows) != len(settings.phones) or len(self._rows) > PHONES_MAX:
            raise UsageError("phones-wrong", count=len(settings.phones), limit=PHONES_MAX)
        self._owner = owner
        self._write = note
        self._number = number
        self._calls: dict[int, _Call] = {}
        self._bound: dict[str, tuple[LoopWire, float]] = {}
        self._agent: Agent | None = None
        self._door: SipDoor | None = None
        self._lines = SipGate(_LINES, _LINE_AGAIN_MS)

    @property
    def ports(self) -> tuple[int, int]:
        """The ports we listen at, UDP and TLS; 0 where we do not."""
        return (self._door.udp[1], self._door.tls[1]) if self._door is not None else (0, 0)

    async def start(self) -> None:
        """Listen. Raises UsageError when an address cannot be had."""
        settings = self._settings
        doors = Doors(settings.host, settings.udp_port, settings.tls_port, settings.tls, settings.lan)
        self._door = SipDoor(doors, self._received, self._closed, self.note)
        try:
            await self._door.open()
        except OSError as error:
            raise UsageError("phones-cannot-listen", address=settings.host, detail=error.strerror or "") from error
        digest = Digest(settings.realm, token_bytes(32), {row.name: row.password for row in settings.phones})
        networks = {row.name: row.networks or settings.lan for row in settings.phones}
        self._agent = Agent(self, self.note, digest, networks, self._door.udp)

    async def stop(self) -> None:
        """Hang up everywhere and listen no more. May be called twice."""
        for call in list(self._calls.values()):
            call.leg.close("phones-stopped")
        agent, self._agent = self._agent, None
        if agent is not None:
            await agent.stop()
        if self._door is not None:
            self._door.close()

    def registered(self) -> list[str]:
        """The phones that can be rung now, in the order of their rows."""
        now_s = asyncio.get_running_loop().time()
        return [name for name in self._rows if name in self._bound and self._bound[name][1] > now_s]

    def bell(self) -> list[str]:
        """The phones that ring when no console with sound is connected."""
        return [name for name in self.registered() if self._rows[name].rings]

    def ring(self, phone: str, who: str = "") -> Ringing:
        """Ring a phone, which shows `who`. Its leg is made now.

        Raises UsageError when it is not there, or no port or no number of a leg is left.
        """
        if self._agent is None or phone not in self.registered():
            raise UsageError("phone-not-registered", phone=phone)
        wire, _ = self._bound[phone]
        how = self._circumstances(wire)
        leg = self._leg(phone)
        own = phone_sdp.offered_keys(token_bytes) if wire.secure else ()
        call = _Call(leg, how, wire.address[0], randbits(31), own=own, ringing=Ringing(leg))
        leg.call = self._agent.ring(phone, phone_sdp.write_offer(self._place(call), own), who)
        self._calls[leg.call] = call
        loop = asyncio.get_running_loop()
        call.given_up = loop.call_later(self._settings.rings_s, self._give_up, leg)
        assert call.ringing is not None, "it was made above"
        return call.ringing

    # What the exchange says (`AgentOwner`)

    def offered(self, number: int, phone: str, dialled: str, sdp: str, wire: LoopWire) -> None:
        """A phone calls: answer at once, so that its handset is on the line."""
        assert self._agent is not None, "only it says so"
        if sum(call.leg.phone == phone for call in self._calls.values()) >= PHONE_CALLS_MAX:
            self._agent.refuse(number, 486)
            return
        try:
            leg = self._leg(phone)
        except UsageError as error:
            self._noted(phone, error)
            self._agent.refuse(number, 503)
            return
        leg.call, leg.dialled = number, dialled
        call = _Call(leg, self._circumstances(wire), wire.address[0], randbits(31))
        try:
            self._answer(number, call, sdp)
        except PeerError as error:
            self._decline(number, phone, error)
            leg.rtp.close()
            return
        self._calls[number] = call

    def rings(self, number: int) -> None:
        """The phone rings."""
        call = self._calls.get(number)
        if call is not None and call.ringing is not None:
            call.ringing.ringing = True

    def answered(self, number: int, sdp: str) -> None:
        """The phone was picked up."""
        call = self._calls.get(number)
        if call is None or call.leg.ended:
            return
        if call.given_up is not None:
            call.given_up.cancel()
        try:
            terms = phone_sdp.concluded(phone_sdp.read(sdp), call.own, call.how)
            self._check_place(call, terms)
        except PeerError as error:
            self._noted(call.leg.phone, error)
            call.leg.close(error.message_id)
            return
        call.leg.agree(terms, call.host)

    def changed(self, number: int, sdp: str) -> None:
        """The phone holds, resumes, or moves."""
        assert self._agent is not None, "only it says so"
        call = self._calls.get(number)
        if call is None or call.leg.ended:
            return
        try:
            self._answer(number, call, sdp)
        except PeerError as error:
            self._decline(number, call.leg.phone, error)

    def alive(self, number: int) -> None:
        """The phone is there."""
        call = self._calls.get(number)
        if call is not None:
            call.leg.alive()

    def over(self, number: int, status: int) -> None:
        """The phone hung up, or does not take the call."""
        call = self._calls.get(number)
        if call is not None:
            call.leg.end(_why(status))

    def bound(self, phone: str, wire: LoopWire, until_s: float) -> None:
        """A phone says where it is."""
        now_s = asyncio.get_running_loop().time()
        new = phone not in self.registered()
        self._bound[phone] = wire, until_s
        if until_s <= now_s:
            self.note("phone-left", phone=phone)
        elif new:
            self.note("phone-registered", phone=phone, address=wire.address[0], tls="TLS" if wire.secure else "UDP")

    # What legs ask (`Exchange`)

    def hang_up(self, number: int) -> None:
        """End a call."""
        if self._agent is not None:
            self._agent.hang_up(number)

    def ask(self, number: int) -> None:
        """Ask a phone whether it is there."""
        if self._agent is not None:
            self._agent.ask(number)

    def gone(self, number: int) -> None:
        """A leg is over."""
        call = self._calls.pop(number, None)
        if call is not None and call.given_up is not None:
            call.given_up.cancel()

    # What comes in

    def _received(self, text: str, wire: LoopWire) -> None:
        if self._agent is not None and not self._agent.take(text, wire):
            self.note("sip-crowded", address=wire.address[0])

    def _closed(self, wire: LoopWire) -> None:
        """A TLS connection is gone, and with it the way to the phone."""
        for phone in [name for name, (its, _) in self._bound.items() if its is wire]:
            del self._bound[phone]
            self.note("phone-left", phone=phone)

    def note(self, fact: str, /, **facts: str | int) -> None:
        """A line for the log. Of each kind so many a minute, and then one that says there are more."""
        knock = self._lines.knock(fact, asyncio.get_running_loop().time())
        if knock is Knock.ADMITTED:
            self._write(fact, **facts)
        elif knock is Knock.REFUSED:
            note = self._write
            note("sip-lines-left-out", kind=fact)

    def _leg(self, phone: str) -> PhoneLeg:
        if len(self._calls) >= PHONE_LEGS_MAX:
            raise UsageError("phone-no-port", address=self._settings.host)
        number = self._number()
        return PhoneLeg(number, phone, self._owner, self, open_socket(self._settings.host, self._settings.rtp_ports))

    def _circumstances(self, wire: LoopWire) -> Circumstances:
        return Circumstances(wire.secure, inside(wire.address[0], self._settings.lan))

    def _place(self, call: _Call) -> Place:
        return Place(self._settings.host, call.leg.rtp.port, call.session, call.version)

    def _answer(self, number: int, call: _Call, sdp: str) -> None:
        """Say yes to an offer. Raises PeerError when it cannot be."""
        assert self._agent is not None, "only it makes offers"
        offer = phone_sdp.read(sdp)
        terms = phone_sdp.accept(offer, call.how, token_bytes, call.leg.terms)
        self._check_place(call, terms)
        self._agent.answer(number, phone_sdp.write_answer(offer, terms, self._place(call)))
        call.version += 1
        call.leg.agree(terms, call.host)

    def _check_place(self, call: _Call, terms: Terms) -> None:
        """Sound goes to the phone, and without keys only within our LAN: nobody else is sent any by a phone's word."""
        allowed = (*self._rows[call.leg.phone].networks, *self._settings.lan)
        if terms.protection is Protection.PLAIN_LAN:
            allowed = self._settings.lan
        elif terms.host == call.host:
            return
        if terms.phone_hears and not inside(terms.host, allowed):
            raise PeerError("phone-sound-elsewhere", address=terms.host)

    def _decline(self, number: int, phone: str, error: OpenlineError) -> None:
        assert self._agent is not None, "only it makes offers"
        self._agent.refuse(number, 488)
        self._noted(phone, error)

    def _noted(self, phone: str, error: OpenlineError) -> None:
        self.note(error.message_id, phone=phone, **error.facts)

    def _give_up(self, leg: PhoneLeg) -> None:
        if not leg.connected:
            leg.close("phone-no-answer")


def _why(status: int) -> str:
    """What the end of a call is called, by the SIP status the phone gave (RFC 3261 section 21)."""
    match status:
        case 0:
            return "phone-hung-up"
        case 486 | 600:
            return "phone-busy"
        case 480 | 603:
            return "phone-declined"
        case 404 | 408 | 481:
            return "phone-gone"
        case _:
            return "phone-refused"

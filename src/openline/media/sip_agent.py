"""Registrar and telephone exchange of the desk phones: who is where, and the dialogs with them. In sippy's thread.

Whoever registers or calls shows its password first (`sip_digest`). A phone has one place, the newest. What happens is
told to the node in its event loop (`AgentOwner`); what the node wants is asked by the methods of `Agent`, which may be
called there and only hand on. A call has a number: even when the phone began it, odd when we did.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Network, IPv6Network
from itertools import count
from typing import Protocol

from sippy.CCEvents import CCEventConnect, CCEventDisconnect, CCEventFail, CCEventTry
from sippy.MsgBody import MsgBody
from sippy.SipCallId import SipCallId
from sippy.SipContact import SipContact
from sippy.SipHeader import SipHeader
from sippy.SipRequest import SipRequest
from sippy.SipResponse import SipResponse
from sippy.SipURL import SipURL

from openline.base.limits import (
    SIP_REGISTERED_MAX_S,
    SIP_REGISTERED_MIN_S,
    SIP_WRONG_PASSWORD_FORGOTTEN_MS,
    SIP_WRONG_PASSWORDS_MAX,
)
from openline.media.sip_dialog import ALLOWED, Dialog
from openline.media.sip_digest import Digest, Verdict
from openline.media.sip_door import Note, inside
from openline.media.sip_gate import Knock, SipGate
from openline.media.sip_stack import Flow, LoopWire, SipThread, Transactions

_REASONS = {
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    415: "Unsupported Media Type",
    420: "Bad Extension",
    481: "Call/Transaction Does Not Exist",
    486: "Busy Here",
    488: "Not Acceptable Here",
    503: "Service Unavailable",
}
_SDP = "application/sdp"
_NAME_SHOWN = 64
_US = "openline"
_SHOWN_BYTES_MAX = 40


class AgentOwner(Protocol):
    """Who is told what phones do, in the event loop."""

    def offered(self, call: int, phone: str, dialled: str, sdp: str, wire: LoopWire) -> None:
        """A phone calls, its password proved. To be answered or refused."""

    def rings(self, call: int) -> None:
        """The phone we rang is ringing."""

    def answered(self, call: int, sdp: str) -> None:
        """The phone we rang was picked up."""

    def changed(self, call: int, sdp: str) -> None:
        """The phone offers something else in a call that is up (hold, another address). To be answered or refused."""

    def alive(self, call: int) -> None:
        """The phone has answered to `ask`."""

    def over(self, call: int, status: int) -> None:
        """The phone has ended or refused the call; `status` is the SIP status, 0 when it hung up."""

    def bound(self, phone: str, wire: LoopWire, until_s: float) -> None:
        """The phone says where it is, until then by the loop's clock; in the past when it takes its leave."""


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a phone is: the address it calls itself by, and how it is reached in fact."""

    contact: SipURL
    flow: Flow
    until_s: float


class Agent:
    """The exchange. Made in the event loop; everything with an underscore runs in sippy's thread."""

    def __init__(
        self,
        owner: AgentOwner,
        note: Note,
        digest: Digest,
        networks: Mapping[str, tuple[IPv4Network | IPv6Network, ...]],
        own: tuple[str, int],
    ) -> None:
        """`networks` are, by name, where each phone may be."""
        self._owner, self._digest, self._networks, self._own = owner, digest, networks, own
        self._loop = asyncio.get_running_loop()
        self._in_loop_note = note
        self._wrong = SipGate(SIP_WRONG_PASSWORDS_MAX, SIP_WRONG_PASSWORD_FORGOTTEN_MS)
        self._bindings: dict[str, Binding] = {}
        self._dialogs: dict[int, Dialog] = {}
        self._called, self._rung = count(0, 2), count(1, 2)
        self._thread = SipThread.join()
        self._transactions: Transactions | None = None
        self._order(self._begin)

    # Asked in the event loop

    def take(self, text: str, wire: LoopWire) -> bool:
        """A message of a phone; False when too much is waiting."""
        fault = partial(self._faulty, wire.address[0])
        return self._thread.post(fault, partial(self._take, text, Flow(wire)))

    def ring(self, phone: str, sdp: str, who: str = "") -> int:
        """Ring a phone, which shows `who` as far as it is plain text. Answers the call's number."""
        call = next(self._rung)
        self._order(partial(self._ring, call, phone, sdp, _shown(who)))
        return call

    def answer(self, call: int, sdp: str) -> None:
        """Say yes to what was offered."""
        self._order(partial(self._event, call, partial(CCEventConnect, (200, "OK", sdp))))

    def refuse(self, call: int, status: int) -> None:
        """Say no to what was offered; a call that is up goes on as it was."""
        self._order(partial(self._event, call, partial(CCEventFail, (status, _REASONS[status]))))

    def hang_up(self, call: int) -> None:
        """End the call, or stop ringing."""
        self._order(partial(self._event, call, CCEventDisconnect))

    def ask(self, call: int) -> None:
        """Ask the phone whether it is still there."""
        self._order(partial(self._ask, call))

    def stop(self) -> asyncio.Future[None]:
        """Hang up everywhere and end; done when it has been said."""
        done: asyncio.Future[None] = self._loop.create_future()
        self._order(partial(self._end, done))
        self._thread.leave()
        return done

    # In sippy's thread

    def _order(self, job: Callable[[], None]) -> None:
        self._thread.order(partial(self._faulty, "-"), job)

    def _tell(self, what: Callable[..., None], *values: object) -> None:
        self._loop.call_soon_threadsafe(what, *values)

    def note(self, fact: str, /, **facts: str | int) -> None:
        self._tell(partial(self._in_loop_note, fact, **facts))

    def _faulty(self, address: str, what: str) -> None:
        self.note("sip-wrong", address=address, detail=what)

    def _begin(self) -> None:
        self._transactions = Transactions(self._own, self._received)

    def _end(self, done: asyncio.Future[None]) -> None:
        for call in list(self._dialogs):
            self._event(call, CCEventDisconnect)
        if self._transactions is not None:
            self._transactions.shutdown()
        self._tell(_finish, done)

    def _take(self, text: str, flow: Flow) -> None:
        assert self._transactions is not None, "orders are worked in their order"
        if self._transactions.full and not text.startswith(("SIP/2.0 ", "ACK ", "BYE ", "CANCEL ")):
            self.note("sip-crowded", address=flow.wire.address[0])
            return
        self._transactions.take(text, flow)

    def _received(self, request: SipRequest, transaction: object) -> object:
        """A request of no dialog we know. Answers as sippy wants it: the response, and what to do if it goes wrong."""
        flow: Flow = vars(transaction)["userv"]
        method = request.getMethod()
        if method == "OPTIONS":
            return _plain(request, 200, "OK", _allow())
        if method not in ("INVITE", "REGISTER"):
            return _refused(request, 405 if method not in ALLOWED else 481)
        if request.getHFBody("to").getTag() is not None and method == "INVITE":
            return _refused(request, 481)
        name = self._proved(request, method, flow)
        if not isinstance(name, str):
            return name
        if method == "REGISTER":
            return self._register(request, name, flow)
        return self._invited(request, transaction, name, flow)

    # Who it is

    def _proved(self, request: SipRequest, method: str, flow: Flow) -> str | object:
        """The name of the phone that has shown its password, or the response to one that has not."""
        host, now_s = flow.wire.address[0], self._loop.time()
        given = [str(body) for body in request.getHFBodys("authorization")]
        if not given:
            return self._challenge(request, host, now_s)
        if self._wrong.empty(host, now_s):
            return _refused(request, 403)
        answer = self._digest.judge(given[0], method, host, now_s)
        match answer.verdict:
            case Verdict.STALE:
                return self._challenge(request, host, now_s, stale=True)
            case Verdict.UNREADABLE:
                self.note("sip-wrong", address=host, detail="its password cannot be read")
                return _refused(request, 400)
            case Verdict.WRONG:
                self.note("phone-password-wrong", phone=answer.name[:_NAME_SHOWN], address=host)
                if self._wrong.knock(host, now_s) is not Knock.ADMITTED or self._wrong.empty(host, now_s):
                    self.note("phone-passwords-too-many", address=host)
                return _refused(request, 403)
            case Verdict.RIGHT:
                if inside(host, self._networks[answer.name]):
                    _prove(flow)
                    return answer.name
                self.note("phone-address-not-allowed", phone=answer.name, address=host)
                return _refused(request, 403)

    def _challenge(self, request: SipRequest, host: str, now_s: float, *, stale: bool = False) -> object:
        name = request.getHFBody("from").getUrl().username or ""
        value = self._digest.challenge(name, host, now_s, stale=stale)
        return _plain(request, 401, "Unauthorized", [SipHeader(f"WWW-Authenticate: {value}")])

    # Where it is

    def _register(self, request: SipRequest, name: str, flow: Flow) -> object:
        if request.getHFBody("to").getUrl().username != name:
            self.note("phone-name-differs", phone=name, address=flow.wire.address[0])
            return _refused(request, 403)
        contacts = request.getHFBodys("contact")
        now_s = self._loop.time()
        if not contacts:
            return _plain(request, 200, "OK", [])
        seconds = _seconds(request, contacts[0])
        if contacts[0].asterisk or not seconds:
            self._bindings.pop(name, None)
            self._tell(self._owner.bound, name, flow.wire, now_s)
            return _plain(request, 200, "OK", [])
        until_s = now_s + seconds
        self._bindings[name] = Binding(contacts[0].getUrl().getCopy(), flow, until_s)
        for dialog in self._dialogs.values():
            if dialog.phone == name and flow.wire.secure:
                dialog.flow = flow  # its connection was broken and is new
        self._tell(self._owner.bound, name, flow.wire, until_s)
        own = contacts[0].getCopy()
        own.getUri().setParam("expires", str(seconds))
        return _plain(request, 200, "OK", [SipHeader(name="contact", body=own)])

    # Calls

    def _invited(self, request: SipRequest, transaction: object, name: str, flow: Flow) -> object:
        body = request.getBody()
        if request.countHFs("contact") != 1 or request.getHFBody("contact").asterisk:
            return _refused(request, 400)
        if request.countHFs("require"):
            unsupported = [SipHeader(f"Unsupported: {value}") for value in request.getHFBodys("require")]
            return _plain(request, 420, _REASONS[420], unsupported)
        if body is None:
            self.note("phone-offer-missing", phone=name)
            return _refused(request, 488)
        if body.getType() != _SDP:
            return _refused(request, 415)
        dialog = self._dialog(next(self._called), name, flow, request.getHFBody("contact").getUrl())
        return dialog.recvRequest(request, transaction)

    def _dialog(self, call: int, phone: str, flow: Flow, contact: SipURL) -> Dialog:
        assert self._transactions is not None, "orders are worked in their order"
        dialog = Dialog(self._transactions.config, (call, phone, flow), contact, self._happened, self._buried)
        self._dialogs[call] = dialog
        return dialog

    def _happened(self, dialog: Dialog, what: str, value: object) -> None:
        """An event of a dialog, by the name it has in `AgentOwner`."""
        owner, call = self._owner, dialog.call
        match what:
            case "offered":
                self._tell(owner.offered, call, dialog.phone, dialog.dialled, value, dialog.flow.wire)
            case "answered":
                self._tell(owner.answered, call, value)
            case "changed":
                self._tell(owner.changed, call, value)
            case "rings":
                self._tell(owner.rings, call)
            case _:
                self._tell(owner.over, call, value)

    def _buried(self, dialog: Dialog) -> None:
        self._dialogs.pop(dialog.call, None)

    def _ring(self, call: int, phone: str, sdp: str, who: str) -> None:
        binding = self._bindings.get(phone)
        if binding is None or binding.until_s < self._loop.time():
            self._tell(self._owner.over, call, 404)
            return
        dialog = self._dialog(call, phone, binding.flow, binding.contact)
        invite = CCEventTry((SipCallId(), _US, binding.contact.username, MsgBody(sdp), None, who))
        invite.onUacSetupComplete = dialog.aim
        dialog.recvEvent(invite)

    def _event(self, call: int, make: Callable[[], CCEventDisconnect]) -> None:
        dialog = self._dialogs.get(call)
        if dialog is not None:
            event = make()
            if isinstance(event, CCEventConnect):
                code, reason, sdp = event.getData()
                event = CCEventConnect((code, reason, MsgBody(sdp)))
            dialog.recvEvent(event)

    def _ask(self, call: int) -> None:
        dialog = self._dialogs.get(call)
        if dialog is None:
            return

        def heard(response: SipResponse) -> None:
            status = response.getSCode()[0]
            if status == 481:
                self._tell(self._owner.over, call, status)
            elif status != 408:
                self._tell(self._owner.alive, call)

        dialog.ask(heard)


def _finish(done: asyncio.Future[None]) -> None:
    if not done.done():
        done.set_result(None)


def _prove(flow: Flow) -> None:
    wire = flow.wire
    if isinstance(wire, LoopWire):
        wire.proved = True


def _refused(request: SipRequest, status: int) -> object:
    return _plain(request, status, _REASONS[status], _allow() if status == 405 else [])


def _plain(request: SipRequest, status: int, reason: str, headers: list[SipHeader]) -> object:
    response = request.genResponse(status, reason, server=_US)
    response.appendHeaders(headers)
    return response, None, None


def _allow() -> list[SipHeader]:
    return [SipHeader(f"Allow: {', '.join(ALLOWED)}")]


def _seconds(request: SipRequest, contact: SipContact) -> int:
    """For how long a phone wants to be known, within our limits; 0 when it takes its leave."""
    text = None if contact.asterisk else contact.getUri().getParam("expires")
    if text is None and request.countHFs("expires"):
        text = request.getHF("expires").body.body  # as it was written: sippy would not read every text
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 9:
        return SIP_REGISTERED_MAX_S
    if not int(text):
        return 0
    return min(max(int(text), SIP_REGISTERED_MIN_S), SIP_REGISTERED_MAX_S)


def _shown(who: str) -> str:
    """A name as a header may have it: plain ASCII without quotes, not too long for a display."""
    return (
        "".join(each for each in who if each.isascii() and (each.isalnum() or each in " .-"))[:_SHOWN_BYTES_MAX] or _US
    )

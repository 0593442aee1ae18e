"""One dialog with a phone, on top of sippy's user agent: what it does is told in few words. In sippy's thread.

Everything of the dialog goes over its flow, the way the phone came by, and never where a header points.
"""

from __future__ import annotations

from collections.abc import Callable

from sippy.CCEvents import (
    CCEventConnect,
    CCEventDisconnect,
    CCEventFail,
    CCEventRedirect,
    CCEventRing,
    CCEventTry,
    CCEventUpdate,
)
from sippy.SipRequest import SipRequest
from sippy.SipResponse import SipResponse
from sippy.SipURL import SipURL
from sippy.UA import UA

from openline.media.sip_stack import Flow

ALLOWED = ("INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "INFO", "REGISTER")
"""The methods phones may use; to any other the answer is 405."""

Happened = Callable[["Dialog", str, object], None]
"""Takes the dialog, a word of `AgentOwner`, and the SDP or status that goes with it."""


class Dialog(UA):  # type: ignore[misc] # sippy has no types
    """A call with one phone. `dialled` is what the phone wrote as whom it calls."""

    def __init__(
        self,
        config: dict[str, object],
        about: tuple[int, str, Flow],
        contact: SipURL,
        happened: Happened,
        buried: Callable[[Dialog], None],
    ) -> None:
        """`about` is the call's number, the phone's name, and its flow."""
        self.call, self.phone, self.flow = about
        self.dialled = ""
        self._contact = contact
        self._happened = happened
        self._over = False
        next_hop = (contact.host, contact.port if contact.port is not None else 5060)
        super().__init__(config, self._event, nh_address=next_hop, nh_transport=self.flow.transport, dead_cbs=(buried,))
        self.local_ua = "openline"

    def recvRequest(self, req: SipRequest, sip_t: object) -> object:  # noqa: N802 - a name of sippy
        """A request of the phone in this dialog."""
        self.flow = vars(sip_t)["userv"]
        method = req.getMethod()
        if method not in ALLOWED or method == "REGISTER":
            return req.genResponse(405, "Method Not Allowed", server=self.local_ua), None, None
        if method == "INVITE":
            if self.state is None:
                self.dialled = req.getRURI().username or ""
            elif req.getBody() is None:
                if self.rSDP is None:
                    return req.genResponse(488, "Not Acceptable Here", server=self.local_ua), None, None
                req.setBody(self.rSDP.getCopy())  # it asks what holds; sippy would take that for a hold
        return super().recvRequest(req, sip_t)

    def newTransaction(  # noqa: N802 - a name of sippy
        self, req: SipRequest, req_extra_headers: object = None, **more: object
    ) -> object:
        """A request of ours, over the dialog's flow."""
        return super().newTransaction(req, req_extra_headers, userv=self.flow, **more)

    def aim(self, _user_agent: UA) -> None:
        """Ring exactly the address the phone has registered, with whatever it wrote into it."""
        self.rTarget = self._contact.getCopy()

    def ask(self, heard: Callable[[SipResponse], None]) -> None:
        """Send OPTIONS in the dialog, when it is up."""
        if self.isConnected():
            self.newTransaction(self.genRequest("OPTIONS"), resp_cb=heard)

    def _event(self, event: object, _user_agent: UA) -> None:
        if isinstance(event, CCEventTry):
            self._happened(self, "offered", str(event.getData()[3]))
        elif isinstance(event, CCEventUpdate):
            self._happened(self, "changed", str(event.getData()))
        elif isinstance(event, CCEventRing):
            if event.getData()[0] > 100:
                self._happened(self, "rings", None)
        elif isinstance(event, CCEventConnect):
            body = event.getData()[2]
            self._happened(self, "answered", "" if body is None else str(body))
        elif isinstance(event, CCEventFail | CCEventRedirect | CCEventDisconnect) and not self._over:
            self._over = True
            self._happened(self, "over", 0 if isinstance(event, CCEventDisconnect) else event.getData()[0])

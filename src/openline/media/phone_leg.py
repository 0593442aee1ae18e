"""A desk phone as a leg (`ports.Leg`): what it says goes to the owner as it came, what others say is played to it.

Connected once both sides agree about the sound, on hold while the phone does not want to hear; then nothing it sends
is passed on either, since it may be music. A phone that is not heard for some seconds is asked whether it is there,
and given up when it does not answer.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Protocol

from openline.base.limits import PHONE_ANSWERS_WITHIN_S, PHONE_SILENT_S
from openline.media.phone_rtp import PhoneRtp
from openline.media.phone_sdp import Protection, Terms
from openline.media.phone_sound import BLOCKS_PER_S
from openline.media.phone_voices import Splice, Voices
from openline.media.ports import LegOwner
from openline.media.rtp import Parsed
from openline.voice.frame import Codec, Frame

_WATCH_S = 1.0
_ASKED_AGAIN_S = 15.0
_KEPT_WARM_S = 10.0


class Exchange(Protocol):
    """What a leg asks of the signalling."""

    def hang_up(self, call: int) -> None:
        """End the call."""

    def ask(self, call: int) -> None:
        """Ask whether the phone is there; `PhoneLeg.alive` is the answer."""

    def gone(self, call: int) -> None:
        """The leg of the call is over."""


class PhoneLeg:
    """One call with one phone. `call` is its number at the exchange, `dialled` what the phone called, if it did."""

    def __init__(self, number: int, phone: str, owner: LegOwner, exchange: Exchange, own: socket.socket) -> None:
        """Takes the socket over. It connects with `agree`."""
        self.phone = phone
        self.dialled = ""
        self.call = -1
        self.terms: Terms | None = None
        self.rtp = PhoneRtp(own, self._came)
        self._number = number
        self._owner = owner
        self._exchange = exchange
        self._loop = asyncio.get_running_loop()
        self._voices: Voices | None = None
        self._splice: Splice | None = None
        self._reason = ""
        self._heard_s = self._asked_s = 0.0
        self._answered = True
        self._watch: asyncio.TimerHandle | None = None
        self._tick: asyncio.TimerHandle | None = None

    @property
    def number(self) -> int:
        """The leg's number in this process."""
        return self._number

    @property
    def connected(self) -> bool:
        """Whether sound can pass."""
        return self.terms is not None and not self._reason

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return bool(self._reason)

    @property
    def held(self) -> bool:
        """Whether the phone has put us on hold."""
        return self.terms is not None and not self.terms.phone_hears

    @property
    def codec(self) -> Codec | None:
        """What the phone speaks; None before it is agreed."""
        return self.terms.codec if self.terms is not None else None

    @property
    def protection(self) -> Protection | None:
        """How its sound goes between the phone and this node, to be shown to officers; a message id."""
        return self.terms.protection if self.terms is not None else None

    @property
    def decoded(self) -> int:
        """How many frames had to be decoded for this phone: none while everybody speaks its codec, one at a time."""
        return self._voices.decoded if self._voices is not None else 0

    def agree(self, terms: Terms, signalled_from: str) -> None:
        """These terms hold from now on. The first ones connect the leg, and its owner is told in a later turn."""
        if self._reason:
            return
        first, codec = self.terms is None, self.codec
        self.terms = terms
        self.rtp.agree(terms, signalled_from)
        if codec is not terms.codec or self._voices is None:
            self._voices, self._splice = Voices(terms.codec, self.rtp.send), Splice(terms.codec)
        if first:
            self._heard_s = self._loop.time()
            self._watch = self._loop.call_later(_WATCH_S, self._look)
            self._loop.call_soon(self._tell_connected)

    def play(self, frame: Frame) -> None:
        """Play a frame to the phone, turned into its codec only when it must be."""
        if self._voices is None or self._reason or self.held:
            return
        self._voices.play(frame, self._loop.time())
        if self._voices.mixing and self._tick is None:
            self._mix(self._loop.time())

    def close(self, reason: str) -> None:
        """Hang up. `reason` is a message id; the owner is told in a later turn."""
        if not self._reason:
            self._exchange.hang_up(self.call)
            self.end(reason)

    def end(self, reason: str) -> None:
        """The call is over already."""
        if self._reason:
            return
        self._reason = reason
        self.rtp.close()
        for timer in (self._watch, self._tick):
            if timer is not None:
                timer.cancel()
        self._exchange.gone(self.call)
        self._loop.call_soon(self._owner.ended, self, reason)

    def alive(self) -> None:
        """The phone says that it is there."""
        self._answered = True

    def _tell_connected(self) -> None:
        if not self._reason:
            self._owner.connected(self)

    def _came(self, packet: Parsed) -> None:
        """A packet of the phone. Its numbers stay, unless it begins anew within the call."""
        if self._splice is None or self.terms is None or self._reason:
            return
        _, marker, sequence, timestamp, source, payload = packet
        now_s = self._heard_s = self._loop.time()
        self._answered = True
        sequence, timestamp = self._splice.place(source, sequence, timestamp, now_s)
        if payload:
            self._owner.heard(self, Frame(self._number, sequence, timestamp, marker, self.terms.codec, payload))

    def _mix(self, due_s: float) -> None:
        """Send the mix on time; a turn of the loop that was late is caught up with."""
        self._tick = None
        if self._voices is None or self._reason:
            return
        self._voices.tick(self._loop.time())
        if self._voices.mixing:
            next_s = max(due_s + 1 / BLOCKS_PER_S, self._loop.time() - 0.1)
            self._tick = self._loop.call_at(next_s, self._mix, next_s)

    def _look(self) -> None:
        """Once a second: is the phone still there?"""
        now_s = self._loop.time()
        self._watch = self._loop.call_later(_WATCH_S, self._look)
        if self._voices is not None and not self.held:
            self._voices.silence(now_s, _KEPT_WARM_S)
        if not self._answered and now_s - self._asked_s >= PHONE_ANSWERS_WITHIN_S:
            self.close("phone-gone")
        elif now_s - self._heard_s >= PHONE_SILENT_S and now_s - self._asked_s >= _ASKED_AGAIN_S:
            self._asked_s, self._answered = now_s, False
            self._exchange.ask(self.call)

"""What a peer has that we lack: its own log, or ours after a restore. Pushes in, receipts and WANTs out.

A push is offered to the record when it starts at or below what is offered already; one that leaves a gap is
dropped and asked for once. A peer that says it has more and sends nothing for a second is asked too, and again
with growing patience, so that the two ends agree even when everything else was lost.
"""

from __future__ import annotations

from openline.base.time import SECOND_US
from openline.link.events import Effect, Offer, Send
from openline.link.frames import Evidence, Push, Want
from openline.link.holding import Holding
from openline.link.meter import RESEND_AFTER_MAX_US
from openline.link.paths import Session
from openline.link.pulse import NEVER

_ASK_AFTER_US = SECOND_US


class Intake:
    """One log, coming from one peer. Mutable; owned by the peer's entry in the engine.

    `there` is the size the peer says the log has, `came` the sessions whose offered pushes are not yet held.
    """

    __slots__ = ("_gap", "_patience", "ask_at", "came", "holding", "there")

    def __init__(self, holding: Holding) -> None:
        self.holding = holding
        self.there = 0
        self.came: list[Session] = []
        self.ask_at = NEVER
        self._gap = -1
        self._patience = _ASK_AFTER_US

    @property
    def missing(self) -> bool:
        """Whether the peer has more of the log than we hold."""
        return self.there > self.holding.size

    def told(self, there: int, session: Session, now: int) -> None:
        """The peer says on `session` that the log has `there` entries."""
        self.there = there
        if not self.missing:
            self.ask_at = NEVER
        elif self.ask_at == NEVER:
            self._wait_anew(session, now)

    def arrived(self, push: Push, session: Session, now: int, out: list[Effect]) -> None:
        """A push of this log came in on `session`."""
        holding = self.holding
        stop = push.base + len(push.items)
        self.there = max(self.there, stop)
        if stop <= holding.size:
            self.acknowledge(session, out)
        elif push.base > holding.offered:
            if self._gap != holding.offered:
                self._gap = holding.offered
                out.append(Send(session.number, Want(holding.member, holding.offered)))
                self._wait_anew(session, now)
        else:
            if stop > holding.offered:
                holding.offered = stop
                self._wait_anew(session, now)
                out.append(Offer(session.number, push, session.salt_key))
            if session not in self.came:
                self.came.append(session)

    def held(self, now: int) -> list[Session]:
        """The log is longer now. The sessions that are to be told."""
        self.ask_at = now + self._patience if self.missing else NEVER
        sessions = self.came
        if self.holding.size >= self.holding.offered:
            self.came = []
        return sessions

    def refused(self, session: Session | None) -> None:
        """Something offered was refused: what is offered begins again at what is held, and claims count no more."""
        self.holding.offered = self.holding.size
        self.there = min(self.there, self.holding.size)
        self.ask_at = NEVER
        self._gap = -1
        if session in self.came:
            self.came.remove(session)

    def ask(self, session: Session, now: int, out: list[Effect]) -> None:
        """Ask for what is missing once its time has come."""
        if now < self.ask_at:
            return
        self.holding.offered = self.holding.size
        out.append(Send(session.number, Want(self.holding.member, self.holding.size)))
        self._patience = min(2 * self._patience, RESEND_AFTER_MAX_US)
        self.ask_at = now + self._patience

    def acknowledge(self, session: Session, out: list[Effect]) -> None:
        """Say on `session` how far we hold the log: our receipt, or the owner's signature when it is our own."""
        holding = self.holding
        if holding.ack is not None:
            out.append(Send(session.number, holding.ack))
        elif holding.own and holding.size:
            out.append(Send(session.number, Evidence(holding.tip)))

    def _wait_anew(self, session: Session, now: int) -> None:
        self._patience = max(_ASK_AFTER_US, session.meter.resend_after_us)
        self.ask_at = now + self._patience

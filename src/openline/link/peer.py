"""One other member of the line, as the engine keeps it: what is owed either way, and the session in use.

The tables are keyed by log, so that a third party's log can be carried one day; now there are two in each
direction: our own log and the peer's own.
"""

from __future__ import annotations

from collections.abc import Mapping

from openline.link.blobs import Blobs
from openline.link.events import Effect, SendEntries
from openline.link.flow import Flow, Window
from openline.link.holding import Holding
from openline.link.intake import Intake
from openline.link.meter import RESEND_AFTER_MAX_US
from openline.link.paths import Paths, Session, State
from openline.link.pulse import NEVER, Life


class Peer:
    """Mutable; owned by the engine. `session` is the one in use, None while no HELLO was accepted on any.

    `receipted` is how far we hold its receipts for our log durably, `receipt_offered` how far they were offered: less,
    when it says that it has lost what it signed for, so that it signs for it anew.
    """

    __slots__ = (
        "_nudges",
        "_paths",
        "back",
        "blobs",
        "life",
        "mine",
        "nudge_at",
        "number",
        "receipt_offered",
        "receipted",
        "refill",
        "session",
        "theirs",
    )

    def __init__(self, own: Holding, its: Holding, receipted: int, paths: Paths, offered: Mapping[bytes, int]) -> None:
        self.number = its.member
        window = Window()
        self.mine = Flow(own, receipted, window)
        self.refill = Flow(its, its.size, window)
        self.theirs = Intake(its)
        self.back = Intake(own)
        self.blobs = Blobs(offered)
        self.life = Life()
        self.session: Session | None = None
        self.receipted = receipted
        self.receipt_offered = receipted
        self.nudge_at = NEVER
        self._nudges = 0
        self._paths = paths

    def flow(self, log: int) -> Flow | None:
        """The flow of `log` to this peer; None for a log that we do not send it."""
        return next((flow for flow in self.flows if flow.holding.member == log), None)

    def intake(self, log: int) -> Intake | None:
        """The intake of `log` from this peer; None for a log that we do not take from it."""
        return next((intake for intake in self.intakes if intake.holding.member == log), None)

    @property
    def flows(self) -> tuple[Flow, Flow]:
        """What goes to this peer: its own log first, since it cannot write without it."""
        return self.refill, self.mine

    @property
    def intakes(self) -> tuple[Intake, Intake]:
        """What comes from this peer."""
        return self.theirs, self.back

    @property
    def settled(self) -> bool:
        """Whether no entry is owed or on its way, in either direction."""
        return not any(flow.owed for flow in self.flows) and not any(
            intake.missing or intake.holding.offered > intake.holding.size for intake in self.intakes
        )

    def send(self, now: int, out: list[Effect]) -> None:
        """Send what is owed and fits; attachments when nothing else waits."""
        session = self.session
        if session is None:
            return
        if self.refill.unsent:
            self.refill.pump(session, now, out)
        self.mine.pump(session, now, out)
        if self.mine.flash_due:
            self.mine.flash_over(self._paths.greeted(self.number), out)
        if not self.blobs.idle:
            self._send_blobs(session, now, out)

    def choose(self, now: int, out: list[Effect]) -> None:
        """Choose the session to use again. When it changes, all that was unanswered goes over the new one at once."""
        chosen = self._paths.choose(self.number, self.session)
        if chosen is not self.session:
            self.session = chosen
            if chosen is not None:
                self.mine.flash_due.discard(chosen.number)
            for flow in self.flows:
                flow.back_to(flow.held)
        self.send(now, out)

    def late(self, now: int, out: list[Effect]) -> None:
        """Send again what should have been answered: elsewhere if there is a session, else here, but later."""
        for flow in self.flows:
            session = self.session
            if session is None or not flow.overdue(now):
                continue
            session.doubted = max(now, 1)
            if self._paths.choose(self.number, session) is not session:
                flow.again()
                self.choose(now, out)
            elif flow.lost(session):
                flow.again()
                self.send(now, out)
            else:
                flow.wait(now)

    def ask(self, now: int, out: list[Effect]) -> None:
        """Ask for entries that should have come, and for the receipt that should have."""
        if self.session is not None:
            for intake in self.intakes:
                intake.ask(self.session, now, out)
            self._nudge(self.session, now, out)

    def has_receipted(self, size: int) -> None:
        """We hold its receipt for our log up to `size` durably."""
        if size > self.receipted:
            self.receipted = size
            self.nudge_at = NEVER
            self._nudges = 0
        self.receipt_offered = max(self.receipt_offered, size)

    def stalls(self, now: int) -> bool:
        """Whether a push on the session in use has gone unanswered for so long that the session counts as stalled."""
        return now >= min(self.refill.stalls_at, self.mine.stalls_at)

    def due(self) -> int:
        """When something to or from this peer next needs a look."""
        if self.session is None:
            return NEVER
        next_due = min(self.mine.resend_at, self.refill.resend_at, self.theirs.ask_at, self.back.ask_at, self.nudge_at)
        if self.session.state is State.UP:
            next_due = min(next_due, self.mine.stalls_at, self.refill.stalls_at)
        return min(next_due, self.blobs.ask_at) if not self.blobs.idle and self.settled else next_due

    def _nudge(self, session: Session, now: int, out: list[Effect]) -> None:
        """The peer holds all and its receipt is not here: send the last entry again; the answer is a receipt."""
        size = self.mine.holding.size
        if self.mine.owed or self.receipted >= size:
            self.nudge_at = NEVER
            return
        if now >= self.nudge_at:
            self._nudges += 1
            self.receipt_offered = self.receipted
            out.append(SendEntries(session.number, self.mine.holding.member, size - 1, size))
        if now >= self.nudge_at or self.nudge_at == NEVER:
            patience = session.meter.stalled_after_us << min(self._nudges, 16)
            self.nudge_at = now + min(patience, RESEND_AFTER_MAX_US)

    def _send_blobs(self, session: Session, now: int, out: list[Effect]) -> None:
        if not self.mine.unsent and not self.refill.unsent:
            self.blobs.pump(session, now, out)
        if self.settled:
            self.blobs.ask(session, now, out)

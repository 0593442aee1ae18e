"""What the desk of these tests knows of the watch: a handover, checks, a drill, a silence that both sides state."""

from __future__ import annotations

from functools import cache

from openline.base.catalogue import sentence
from openline.base.errors import UsageError
from openline.base.schema import pack
from openline.base.time import HOUR_US, Instant
from openline.line.report import LineReport, Tally, line_report, month_of, report_bytes
from openline.line.reportpage import page
from openline.line.schedule import STANDARD
from openline.line.silence import SILENCE, Cause, Silence
from openline.line.watchview import LedgerView, WatchLogView, ledger_view, watch_log
from openline.line.words import time_of
from openline.node.procedure import standard_procedure
from openline.node.sop import SopView, sop
from openline.node.views import Officer
from openline.node.wiring import registry
from openline.record.entry import Draft, Mark
from tests.line.world import World


@cache
def guarded() -> World:
    """The line and everything said on it."""
    world = World()
    flash = world.send("bravo", precedence="flash", reply_by=world.now.plus(HOUR_US).rfc3339())
    world.say("alpha", "ack", entry=flash, by="Osprey")
    offer = world.id(world.say("alpha", "hand-over", by="Osprey", to="Heron")[0])
    world.say("alpha", "take-over", entry=offer, step="accept", items=[flash], by="Heron")
    world.say("alpha", "take-over", entry=offer, step="take", by="Heron")
    world.say("alpha", "hand-over", by="Heron")
    due = Instant(world.now - world.now % (24 * HOUR_US) + 18 * HOUR_US).rfc3339()
    check = world.id(world.say("alpha", "check", due=due)[0])
    world.later(42_000_000)
    world.say("bravo", "ack", entry=check, by="Kite")
    for who in ("alpha", "bravo"):
        world.say(who, "check-date", form="voice", due=due, word="skip")
    world.say("alpha", "check", form="ping", mark=Mark.EXERCISE)
    for who, peer, since in (("alpha", "bravo.example", 9_000), ("bravo", "alpha.example", 4_000)):
        begin = world.now.ms - since
        body = Silence(cause=Cause.PATH_DOWN, since_ms=begin, peer=peer, until_ms=begin + 60_000)
        world.put(who, [Draft(SILENCE, pack(body), "node")])
    return world


class FakeGuard:
    """The desk's eye on the watch: the fixed world above."""

    def watch_log(self, who: Officer, line: str | None, mark: str | None, count: int) -> WatchLogView:
        return watch_log(guarded().alpha, STANDARD, guarded().now, Mark[mark or "OPERATION"], count)

    def sop(self, who: Officer, line: str | None) -> SopView:
        return sop(standard_procedure(), registry(), who.language, line)

    def silences(
        self, who: Officer, line: str | None, since: str | None, until: str | None, mark: str | None
    ) -> LedgerView:
        begin = 0 if since is None else time_of(since).ms
        return ledger_view(guarded().alpha, begin, guarded().now.ms + 10**8, Mark[mark or "OPERATION"])

    async def report(self, who: Officer, line: str | None, month: str, at: str | None) -> bytes:
        return report_bytes(self._report(month, at))

    def _report(self, month: str, at: str | None) -> LineReport:
        if at is not None:
            raise UsageError("report-ahead", party="bravo.example", held=3, size=400)
        world, tally = guarded(), Tally(month_of(month))
        for log in world.logs.values():
            for entry in log:
                tally.add(entry)
        return line_report(world.alpha, tally)

    async def report_page(self, who: Officer, line: str | None, month: str, at: str | None) -> str:
        report = self._report(month, at)
        return page(report, lambda name, facts: sentence(name, facts, who.language), who.language)

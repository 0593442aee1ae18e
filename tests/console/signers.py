"""What the desk of these tests knows of officers: one who has signed a FLASH, and one FLASH that nobody signed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache

from openline.base.errors import UsageError
from openline.line.enrolling import next_pseudonym
from openline.line.officer import OfficerStep
from openline.line.signingview import SignaturesView, SigningView, signatures_view, signing_view
from openline.node.views import Enrolled, Officer
from openline.record.entry import Mark
from tests.identity.passkey import HOST
from tests.line.corps import body_of, enrol, enter, sign
from tests.line.world import World


@cache
def signed() -> World:
    """The line and everything said on it."""
    world = World()
    enrol(world)
    sign(world, "alpha:0")
    sign(world, world.send(precedence="flash"))
    world.send(precedence="flash")
    enter(world, body_of(OfficerStep.RECOVER, "T-1"), "bravo")
    enter(world, body_of(OfficerStep.OPEN_NAME, "T-1"), "bravo")
    return world


class FakeSigning:
    """The desk's officers: the fixed world above, and whatever it was told."""

    def __init__(self) -> None:
        self.officers: Sequence[Enrolled] | None = None

    def officers_are(self, rows: Sequence[Enrolled]) -> None:
        self.officers = rows

    def next_pseudonym(self, taken: Collection[str]) -> str:
        return next_pseudonym(taken)

    def signatures(self, who: Officer, line: str | None, count: int) -> SignaturesView:
        return signatures_view(signed().alpha, count)

    def signing(self, who: Officer, line: str | None, entry: str, host: str) -> SigningView:
        if not who.officer:
            raise UsageError("signature-passkey-needed")
        return signing_view(signed().alpha, entry, who.officer, HOST, Mark.OPERATION)

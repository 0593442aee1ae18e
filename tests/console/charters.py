"""The charters of the desk of these tests: one in force, and a proposal of the other side that waits for our answer."""

from __future__ import annotations

from functools import cache

from openline.line.charter import charter_of
from openline.line.charterview import CharterPage, ChartersView, charter_page, charters_view
from openline.line.force import in_force
from openline.node.views import Officer
from openline.record.entry import Entry, Mark
from tests.line.chartering import agree, propose, side
from tests.line.world import World


@cache
def chartered() -> World:
    """The line and its charters: `alpha:0` is in force, `bravo:1` waits."""
    world = World()
    sides = [side("alpha", levels={"principal": "minister"}), side("bravo", commander="\u202eCommander")]
    wording = {"term": "events", "language": "en", "words": "the events"}
    agree(world, sides=sides, formulas=[wording])
    world.later()
    propose(world, "bravo", sides=[*sides[1:], side("alpha")], scope="Air movements.", formulas=[wording])
    return world


class FakeCharters:
    """The desk's eye on charters: the fixed world above."""

    def charters(self, who: Officer, line: str | None, mark: str | None, count: int) -> ChartersView:
        world = chartered()
        return charters_view(world.alpha, _text, world.now, Mark[mark or "OPERATION"], count)

    def charter(self, who: Officer, line: str | None, entry_id: str, against: str | None) -> CharterPage:
        world = chartered()
        book, row = world.alpha, charter_of(world.alpha, entry_id)
        holds = in_force(book, world.now, row.mark)
        other = charter_of(book, against) if against is not None else None if holds is row else holds
        return charter_page(book, row, other, _text, world.now)


def _text(origin: str, index: int) -> Entry:
    return chartered().logs[origin][index]

"""A party says which bodies its node no longer has: once each, and of its own copy alone."""

from __future__ import annotations

import pytest

from openline.base.schema import pack
from openline.line.erasure import (
    COPIES,
    ERASURE,
    STRETCHES_MAX,
    CopyAct,
    CopyState,
    Erases,
    Erasure,
    Erasures,
    Stretch,
    erasure_drafts,
)
from openline.record.entry import Draft
from tests.line.walking import walk
from tests.line.world import World


def tell(world: World, who: str, party: str, *indexes: int, what: Erases = Erases.BODIES) -> None:
    world.put(who, list(erasure_drafts("node", "messages", world.now.ms, what, party, indexes)))


@pytest.mark.parametrize(("way", "event", "before", "after"), walk(COPIES, CopyState.HELD, CopyAct))
def test_every_step_of_the_table_is_taken_and_every_other_one_refused(
    way: list[CopyAct], event: CopyAct, before: CopyState, after: CopyState | None
) -> None:
    world = World()
    origin = world.origins["bravo"]
    for _ in (*way, event):
        tell(world, "alpha", "bravo.example", 3)
    for book in world.books.values():
        state = book.state(Erasures).state(0, Erases.BODIES, origin, 3)
        assert state is (before if after is None else after)
    assert world.faults() == ([] if after else [("alpha:1", "fault-erased-already")])


def test_it_speaks_of_the_authors_own_copy_alone() -> None:
    world = World()
    tell(world, "alpha", "bravo.example", 3, 4, 9)
    erasures, origin = world.bravo.state(Erasures), world.origins["bravo"]
    assert [(row.member, row.under, row.start, row.stop) for row in erasures.of(Erases.BODIES, origin, 4)] == [
        (0, "messages", 3, 5)
    ]
    assert erasures.of(Erases.BODIES, origin, 5) == []
    assert erasures.of(Erases.RECORDINGS, origin, 4) == []
    assert erasures.state(1, Erases.BODIES, origin, 4) is CopyState.HELD


def test_many_stretches_take_several_entries() -> None:
    drafts = list(erasure_drafts("node", "messages", 5, Erases.BODIES, "alpha.example", range(0, 1_000, 2)))
    assert len(drafts) == -(-500 // STRETCHES_MAX)


@pytest.mark.parametrize(
    ("party", "stretches"),
    [
        ("charlie.example", (Stretch(0, 1),)),
        ("alpha.example", (Stretch(1, 1),)),
        ("alpha.example", (Stretch(3, 5), Stretch(4, 6))),
    ],
)
def test_one_that_names_nothing_is_a_fault(party: str, stretches: tuple[Stretch, ...]) -> None:
    world = World()
    body = Erasure(under="messages", at_ms=1, what=Erases.BODIES, party=party, stretches=stretches)
    world.put("bravo", [Draft(ERASURE, pack(body), "node")])
    assert world.faults() == [("bravo:0", "fault-erasure-wrong")]

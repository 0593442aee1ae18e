"""What repeats what follows from an author's own earlier entries of the same mark, each bound by its hash."""

from __future__ import annotations

from openline.base.schema import pack
from openline.line.demand import DEMAND, Demand, Demands
from openline.line.repeating import before_it, repetitions
from openline.record.entry import Draft, Mark, Ref
from tests.line.world import World

BODY = pack(Demand(code="immediate-cease-fire"))


def counts(world: World, who: str = "alpha") -> list[int]:
    found = repetitions(world.books[who], world.books[who].state(Demands).by_place)
    return [found[place] for place in sorted(found)]


def test_all_that_repeat_one_are_counted_together_whichever_of_them_each_names() -> None:
    world = World()
    for refs in ((), ("alpha:0",), ("alpha:1",), ("alpha:0",), ()):
        world.put("alpha", [Draft(DEMAND, BODY, "watch", tuple(map(world.ref, refs)))])
    assert counts(world) == [1, 2, 3, 4, 1]


def test_what_was_withdrawn_does_not_count() -> None:
    world = World()
    for refs in ((), ("alpha:0",), ("alpha:1",)):
        world.put("alpha", [Draft(DEMAND, BODY, "watch", tuple(map(world.ref, refs)))])
    world.say("alpha", "withdraw", entry="alpha:1")
    assert counts(world)[2] == 2


def test_others_entries_other_marks_and_wrong_hashes_repeat_nothing() -> None:
    world = World()
    world.put("alpha", [Draft(DEMAND, BODY, "watch")])
    world.put("bravo", [Draft(DEMAND, BODY, "watch", (world.ref("alpha:0"),))])
    world.put("alpha", [Draft(DEMAND, BODY, "watch", (world.ref("alpha:0"),), mark=Mark.EXERCISE)])
    wrong = Ref(world.origins["alpha"], 0, bytes(32))
    ahead = Ref(world.origins["alpha"], 9, bytes(32))
    stranger = Ref("charlie.example/line/alpha-bravo", 0, bytes(32))
    world.put("alpha", [Draft(DEMAND, BODY, "watch", (wrong, ahead, stranger))])
    assert counts(world) == [1, 1, 1, 1]
    rows = world.alpha.state(Demands).by_place
    assert all(before_it(row, rows) is None for row in rows.values())

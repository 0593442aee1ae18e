"""A legal hold binds both sides from its entry on, and only the party that placed it lifts it."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.base.schema import pack
from openline.line.hold import HOLD, HOLDS, Hold, HoldAct, Holds, HoldState, book_writes, hold_writes, over
from openline.record.entry import PLACE_MAX, Draft, Mark
from openline.record.ports import LiftHold, PlaceHold
from tests.line.walking import walk
from tests.line.world import START, World

WHY = {"reason": "inquiry 12", "authority": "the judge advocate"}


def place(world: World, who: str = "alpha", **values: object) -> str:
    return world.id(world.say(who, "hold", **WHY, **values)[0])


def lift(world: World, hold: str, who: str = "alpha") -> None:
    world.say(who, "lift-hold", entry=hold, **WHY)


def held(world: World, entry: str) -> int:
    """How many holds stand over an entry; the same at both ends."""
    found = {len(list(over(book, *book.find(entry), world.entry(entry).leaf))) for book in world.books.values()}
    assert len(found) == 1
    return found.pop()


@pytest.mark.parametrize(("way", "event", "before", "after"), walk(HOLDS, HoldState.NONE, HoldAct))
def test_every_step_of_the_table_is_taken_and_every_other_one_refused(
    way: list[HoldAct], event: HoldAct, before: HoldState, after: HoldState | None
) -> None:
    world = World()
    hold = ""
    for act in way:
        hold = place(world, whole=True) if act is HoldAct.PLACE else hold
        if act is HoldAct.LIFT:
            lift(world, hold)
    rows = world.alpha.state(Holds).by_place
    assert (rows[0, 0].state if rows else HoldState.NONE) is before
    if event is HoldAct.PLACE:  # Each PLACE is a hold of its own: none is placed twice.
        assert (after is None) is bool(way)
        place(world, whole=True)
        assert rows[0, len(way)].state is HoldState.STANDING
    elif after is not None:
        lift(world, hold)
        assert rows[0, 0].state is after
    else:
        entry = hold or world.send()
        with pytest.raises(UsageError) as caught:
            lift(world, entry)
        assert caught.value.message_id == ("hold-lifted-already" if hold else "hold-unknown")
        made = world.put("alpha", [Draft(HOLD, pack(Hold(act=HoldAct.LIFT)), "watch", (world.ref(entry),))])
        assert world.faults() == [(world.id(made[0]), "fault-hold-lifted" if hold else "fault-hold-unknown")]


def test_it_covers_a_whole_line_a_period_or_entries() -> None:
    world = World()
    early = world.send()
    world.later()
    late = world.send("bravo")
    whole = place(world, whole=True)
    assert (held(world, early), held(world, late)) == (1, 1)
    lift(world, whole)
    assert (held(world, early), held(world, late)) == (0, 0)
    place(world, "bravo", since=world.now.rfc3339())
    assert (held(world, early), held(world, late)) == (0, 1)
    place(world, "bravo", since=START.rfc3339(), until=world.now.rfc3339())
    place(world, entries=(late,))
    assert (held(world, early), held(world, late)) == (1, 2)
    world.later()
    assert held(world, world.send()) == 1, "a period without an end covers what is yet to be said"


def test_one_placed_in_exercise_binds_no_real_entry_and_a_real_one_binds_all() -> None:
    world = World()
    real, drill = world.send(), world.send("alpha", "drill", mark=Mark.EXERCISE)
    place(world, whole=True, mark=Mark.EXERCISE)
    assert (held(world, real), held(world, drill)) == (0, 1)
    place(world, whole=True)
    assert (held(world, real), held(world, drill)) == (1, 2)


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({}, "hold-scope-wrong"),
        ({"whole": True, "entries": ("alpha:0",)}, "hold-scope-wrong"),
        ({"until": START.rfc3339()}, "hold-scope-wrong"),
        ({"since": START.rfc3339(), "until": START.rfc3339()}, "hold-scope-wrong"),
        ({"entries": ("alpha:7",)}, "entry-unknown"),
        ({"entries": tuple(f"alpha:{n}" for n in range(17))}, "hold-entries-too-many"),
        ({"whole": True, "authority": " "}, "authority-missing"),
        ({"whole": True, "reason": ""}, "reason-missing"),
    ],
)
def test_one_without_one_scope_a_reason_and_an_authority_is_refused(values: dict[str, object], fault: str) -> None:
    world = World()
    world.send()
    with pytest.raises(UsageError) as caught:
        world.say("alpha", "hold", **{**WHY, **values})
    assert caught.value.message_id == fault


def test_the_other_side_cannot_lift_it_by_command_or_by_hand() -> None:
    world = World()
    hold = place(world, whole=True)
    with pytest.raises(UsageError) as caught:
        lift(world, hold, "bravo")
    assert caught.value.message_id == "hold-of-the-other-side"
    made = world.put("bravo", [Draft(HOLD, pack(Hold(act=HoldAct.LIFT)), "watch", (world.ref(hold),))])
    assert world.faults() == [("bravo:0", "fault-hold-unknown")]
    assert hold_writes(made, world.line) == []
    assert held(world, hold) == 1


def test_what_is_lifted_under_another_mark_stands() -> None:
    world = World()
    hold = place(world, whole=True)
    lifting = Draft(HOLD, pack(Hold(act=HoldAct.LIFT)), "watch", (world.ref(hold),), mark=Mark.EXERCISE)
    world.put("alpha", [lifting])
    assert world.faults() == [("alpha:1", "fault-mark-differs")]
    assert held(world, hold) == 1


def test_a_body_with_two_scopes_holds_nothing() -> None:
    world = World()
    made = world.put("alpha", [Draft(HOLD, pack(Hold(act=HoldAct.PLACE, whole=True, since_ms=1)), "watch")])
    assert world.faults() == [("alpha:0", "fault-hold-scope")]
    assert hold_writes(made, world.line) == []


def test_the_store_is_told_what_the_book_holds() -> None:
    world = World()
    message = world.send()
    hold = place(world, entries=(message,))
    place(world, "bravo", since=START.rfc3339())
    lift(world, hold)
    origin, other = world.origins["alpha"], world.origins["bravo"]
    told = [write for log in world.logs.values() for write in hold_writes(log, world.line)]
    assert told == [
        PlaceHold(origin, 1, world.line, 0, None, None, ((origin, 0),)),
        LiftHold(origin, 1, 2),
        PlaceHold(other, 0, world.line, 0, START.ms, PLACE_MAX + 1, ()),
    ]
    assert set(book_writes(world.alpha)) == set(told)

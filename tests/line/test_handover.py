"""The watch is handed over item by item, and no open FLASH is ever without an owner."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from openline.base.errors import UsageError
from openline.base.limits import HANDOVER_ITEMS_MAX
from openline.base.schema import pack
from openline.line.handover import (
    HANDED,
    HANDOVER,
    Handover,
    Handovers,
    HandoverState,
    Step,
    handover_of,
    owner,
    still_missing,
    unowned,
)
from openline.record.entry import Draft, Entry, Mark
from tests.line.walking import walk
from tests.line.world import World

ALPHA = 0


def offer(world: World, **values: object) -> str:
    return world.id(world.say("alpha", "hand-over", **{"by": "Osprey", "to": "Heron", **values})[0])


def step(world: World, entry: str, what: str, by: str = "Heron", **values: object) -> list[Entry]:
    return world.say("alpha", "take-over", entry=entry, step=what, by=by, **values)


def refusal(world: World, verb: str, /, who: str = "alpha", **values: object) -> str:
    with pytest.raises(UsageError) as caught:
        world.drafts(who, verb, **values)
    return caught.value.message_id


def put(world: World, body: Handover, refs: tuple[str, ...], who: str = "alpha", mark: Mark = Mark.OPERATION) -> None:
    world.put(who, [Draft(HANDOVER, pack(body), "watch", tuple(map(world.ref, refs)), mark=mark)])


def owner_name(world: World, label: str, who: str = "alpha") -> str | None:
    found = owner(world.books[who], ALPHA, world.item(label, who))
    return None if found is None else found.name


@pytest.mark.parametrize(("way", "event", "before", "after"), walk(HANDED, HandoverState.OFFERED, Step))
def test_every_step_of_the_table_is_taken_and_every_other_one_refused(
    way: list[Step], event: Step, before: HandoverState, after: HandoverState | None
) -> None:
    world = World()
    flash = world.send("bravo", precedence="flash")
    entry = offer(world)
    step(world, entry, "accept", items=[flash])
    for each in way:
        put(world, Handover(step=each, by="Heron"), (entry,))
    turn = handover_of(world.alpha, entry)
    assert turn.state is before
    if event is Step.OFFER:  # an OFFER begins a handover of its own: nothing follows in this one
        return
    put(world, Handover(step=event, by="Heron"), (entry,))
    assert turn.state is (before if after is None else after)
    wrong = [] if after is not None else ["fault-handover-not-possible"]
    assert [fault for _, fault in world.faults()] == wrong
    if after is None and event is not Step.LIST:
        name = event.name.lower()
        assert refusal(world, "take-over", entry=entry, step=name, items=[flash], by="Heron") == "handover-not-possible"


def test_each_item_is_accepted_one_by_one_and_only_then_the_watch_is_taken() -> None:
    world = World()
    flash = world.send("bravo", precedence="flash")
    ours = world.send("alpha", precedence="priority")
    world.say("alpha", "ack", entry=flash, by="Osprey")
    asked = world.send("bravo", reply_by=world.now.plus(3_600_000_000).rfc3339())
    entry = offer(world)
    assert [world.alpha.label(ref.origin, ref.index) for ref in world.entry(entry).leaf.refs] == [ours, asked]
    assert refusal(world, "take-over", entry=entry, step="take", by="Heron") == "handover-incomplete"
    step(world, entry, "accept", items=[ours])
    assert refusal(world, "take-over", entry=entry, step="take", by="Heron") == "handover-incomplete"
    step(world, entry, "accept", items=[ours, asked])
    assert step(world, entry, "accept", items=[asked]) == [], "accepted already"
    assert owner_name(world, asked) is None, "until TAKE nothing has passed"
    step(world, entry, "take")
    assert (owner_name(world, asked), owner_name(world, asked, "bravo")) == ("Heron", "Heron")
    assert handover_of(world.bravo, entry).state is HandoverState.TAKEN


def test_a_flash_in_the_middle_of_a_handover_always_has_an_owner_or_stops_it() -> None:
    world = World()
    first = world.send("bravo", precedence="flash", reply_by=world.now.plus(3_600_000_000).rfc3339())
    world.say("alpha", "ack", entry=first, by="Osprey")
    entry = offer(world)
    step(world, entry, "accept", items=[first])
    later = world.send("bravo", precedence="flash", reply_by=world.now.plus(3_600_000_000).rfc3339())
    assert [item.index for item in unowned(world.alpha, ALPHA)] == [world.entry(later).index]
    assert refusal(world, "take-over", entry=entry, step="take", by="Heron") == "handover-incomplete"
    world.say("alpha", "ack", entry=later, by="Osprey")  # the one who goes accepts it: it would leave with him
    assert (unowned(world.alpha, ALPHA), owner_name(world, later)) == ([], "Osprey")
    assert refusal(world, "take-over", entry=entry, step="take", by="Heron") == "handover-incomplete"
    step(world, entry, "accept", items=[later])
    step(world, entry, "take")
    assert [owner_name(world, label) for label in (first, later)] == ["Heron", "Heron"]
    assert unowned(world.alpha, ALPHA) == []


def test_a_flash_that_a_third_officer_has_accepted_stays_with_that_officer() -> None:
    world = World()
    entry = offer(world)
    later = world.send("bravo", precedence="flash", reply_by=world.now.plus(3_600_000_000).rfc3339())
    world.say("alpha", "ack", entry=later, by="Kite")
    step(world, entry, "take")
    assert owner_name(world, later) == "Kite"


def test_only_an_acceptance_at_the_same_party_makes_an_owner() -> None:
    world = World(members=3)
    flash, ours = world.send("bravo", precedence="flash"), world.send("alpha", precedence="flash")
    world.say("alpha", "read", entry=flash)
    world.say("charlie", "ack", entry=flash, by="Kite")
    world.say("bravo", "ack", entry=ours, by="Plover")
    assert [owner_name(world, label) for label in (flash, ours)] == [None, None]
    assert [(item.member, item.index) for item in unowned(world.alpha, ALPHA)] == [(1, 0)], (
        "what we sent waits for others"
    )
    world.say("alpha", "reply", entry=flash, text="It has ceased.")
    assert unowned(world.alpha, ALPHA) == [], "it waits for the third party alone"


def test_what_is_listed_is_missing_once_and_is_accepted_although_it_was_settled_meanwhile() -> None:
    world = World()
    flash = world.send("bravo", precedence="flash")
    entry = offer(world)
    assert still_missing(world.alpha, handover_of(world.alpha, entry)) == [(1, 0)]
    world.say("alpha", "reply", entry=flash, text="It has ceased.")
    step(world, entry, "accept", items=[flash])
    assert still_missing(world.alpha, handover_of(world.alpha, entry)) == []


def test_without_a_name_it_is_the_desk() -> None:
    world = World()
    entry = world.id(world.say("alpha", "hand-over")[0])
    assert handover_of(world.alpha, entry).name == "watch"
    assert refusal(world, "take-over", entry=entry, step="take") == "handover-self"
    assert refusal(World(), "hand-over", to="watch") == "handover-self"
    put(world, Handover(step=Step.TAKE), (entry,))
    assert world.faults() == [("alpha:1", "fault-handover-self")]
    step(world, entry, "withdraw", by="", reason="relief has not arrived")
    entry = offer(world)
    step(world, entry, "take", by="")
    closed = handover_of(world.alpha, entry).closed
    assert closed is not None
    assert closed[1] == "watch"


@pytest.mark.parametrize("end", ["refuse", "withdraw"])
def test_what_is_refused_or_withdrawn_stays_with_the_offgoing(end: str) -> None:
    world = World()
    flash = world.send("bravo", precedence="flash", reply_by=world.now.plus(3_600_000_000).rfc3339())
    world.say("alpha", "ack", entry=flash, by="Osprey")
    entry = offer(world)
    step(world, entry, "accept", items=[flash])
    step(world, entry, end, reason="relief has not arrived")
    assert owner_name(world, flash) == "Osprey"
    assert offer(world), "the next handover may begin"


def test_an_acceptance_after_the_handover_is_the_newer_word() -> None:
    world = World()
    flash = world.send("bravo", precedence="flash", reply_by=world.now.plus(3_600_000_000).rfc3339())
    entry = offer(world)
    step(world, entry, "accept", items=[flash])
    step(world, entry, "take")
    assert owner_name(world, flash) == "Heron"
    world.say("alpha", "ack", entry=flash, by="Kite")
    assert owner_name(world, flash) == "Kite"


def test_a_long_list_goes_on_in_further_entries_and_the_rest_is_counted() -> None:
    world = World()
    for _ in range(HANDOVER_ITEMS_MAX + 3):
        world.send("bravo")
    flash = world.send("bravo", precedence="flash")
    entry = offer(world)
    turn = handover_of(world.bravo, entry)
    assert (len(turn.listed), turn.left_out) == (HANDOVER_ITEMS_MAX, 4)
    assert turn.listed[0] == (1, world.entry(flash).index), "the most urgent comes first"
    assert world.faults() == []
    step(world, entry, "accept", items=[f"bravo:{index}" for _, index in turn.listed])
    assert turn.missing == []
    step(world, entry, "take")


def test_a_list_that_has_no_room_for_a_flash_is_none() -> None:
    world = World()
    for _ in range(HANDOVER_ITEMS_MAX + 1):
        world.send("bravo", precedence="flash")
    assert refusal(world, "hand-over") == "handover-too-many"


def test_two_officers_at_once() -> None:
    world = World()
    entry = offer(world)
    assert refusal(world, "hand-over", by="Osprey") == "handover-under-way"
    put(world, Handover(step=Step.OFFER, by="Kite"), ())
    assert world.faults() == [("alpha:1", "fault-handover-open")]
    step(world, entry, "take")
    assert refusal(world, "take-over", entry=entry, step="take", by="Kite") == "handover-not-possible"
    put(world, Handover(step=Step.TAKE, by="Kite"), (entry,))
    assert world.faults()[-1] == ("alpha:3", "fault-handover-not-possible")
    assert handover_of(world.alpha, entry).closed == (2, "Heron", world.now.ms)


@pytest.mark.parametrize(
    ("values", "message_id"),
    [
        ({"step": "take", "by": "Osprey"}, "handover-self"),
        ({"step": "accept", "items": ["bravo:0"], "by": "Osprey"}, "handover-self"),
        ({"step": "accept"}, "handover-items-missing"),
        ({"step": "accept", "items": ["bravo:1"]}, "handover-item-unknown"),
        ({"step": "accept", "items": ["bravo:9"]}, "entry-unknown"),
        ({"step": "refuse"}, "reason-missing"),
        ({"step": "take", "entry": "bravo:0"}, "handover-unknown"),
        ({"step": "take", "mark": Mark.EXERCISE}, "mark-differs"),
        ({"step": "take", "by": "x" * 65}, "text-too-long"),
    ],
)
def test_what_is_no_step_is_refused(values: dict[str, object], message_id: str) -> None:
    world = World()
    world.send("bravo")
    world.say("bravo", "service", text="Good evening")
    entry = offer(world)
    assert refusal(world, "take-over", "alpha", **{"entry": entry, "by": "Heron", **values}) == message_id
    assert refusal(world, "take-over", "bravo", entry=entry, step="take", by="Heron") == "handover-others"
    assert refusal(World(), "hand-over", by="Heron", to="Heron") == "handover-self"


def test_steps_that_name_no_handover_or_lie_are_faults() -> None:
    world = World()
    message = world.send("bravo")
    entry = offer(world)
    put(world, Handover(step=Step.TAKE, by="Heron"), ())
    put(world, Handover(step=Step.TAKE, by="Heron"), (message,))
    put(world, Handover(step=Step.TAKE, by="Heron"), (entry,), mark=Mark.EXERCISE)
    put(world, Handover(step=Step.TAKE, by="Heron"), (entry,))
    put(world, Handover(step=Step.ACCEPT, by="Osprey"), (entry, message))
    put(world, Handover(step=Step.REFUSE), (entry,), "bravo")
    lie = replace(world.ref(entry), leaf_hash=bytes(32))
    world.put("alpha", [Draft(HANDOVER, pack(Handover(step=Step.REFUSE, by="Heron")), "watch", (lie,))])
    assert [fault for _, fault in world.faults()] == [
        "fault-handover-none",
        "fault-handover-none",
        "fault-mark-differs",
        "fault-handover-incomplete",
        "fault-handover-self",
        "fault-handover-none",
        "fault-ref-wrong",
        "fault-handover-none",
    ]
    assert still_missing(world.alpha, handover_of(world.alpha, entry)) == [(1, 0)]


def test_an_exercise_is_handed_over_apart() -> None:
    world = World()
    real = world.send("bravo", precedence="flash")
    drill = world.send("bravo", precedence="flash", mark=Mark.EXERCISE)
    entry = offer(world, mark=Mark.EXERCISE)
    assert [ref.index for ref in world.entry(entry).leaf.refs] == [world.entry(drill).index]
    assert offer(world), "beside the real one"
    assert refusal(world, "take-over", entry=entry, step="accept", by="Heron", items=[real]) == "handover-item-unknown"
    step(world, entry, "accept", items=[drill])
    step(world, entry, "take")
    assert len(unowned(world.alpha, ALPHA)) == 1
    assert unowned(world.alpha, ALPHA, Mark.EXERCISE) == []


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_the_logs_does_not_matter(seed: int) -> None:
    world, random = World(), Random(seed)
    labels = [world.send("bravo", precedence=random.choice(["flash", "routine"])) for _ in range(5)]
    world.say("alpha", "ack", entry=labels[0], by="Kite")
    entry = offer(world)
    step(world, entry, "accept", items=labels[1:])
    step(world, entry, "take")
    book = world.new_book("bravo")
    left = {origin: list(log) for origin, log in world.logs.items()}
    while any(left.values()):
        origin = random.choice([origin for origin, log in left.items() if log])
        world.fold(book, [left[origin].pop(0)])
    assert book.digest() == world.alpha.digest()
    assert book.state(Handovers).snapshot() == world.alpha.state(Handovers).snapshot()

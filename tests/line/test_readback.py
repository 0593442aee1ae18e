"""A message is read back, and confirmed or said anew: each step after its own, whatever order the logs arrive in."""

from __future__ import annotations

import itertools

import pytest

from openline.base.errors import UsageError
from openline.base.schema import pack
from openline.line.readback import READ_BACK, READING_BACK, ReadBack, ReadBackState, ReadBackStep, state_of, steps_back
from openline.line.view import entry_view
from openline.line.watch import Awaited, alarms, due_times
from openline.record.entry import Draft, Mark
from openline.record.ports import Arrived
from tests.line.walking import walk
from tests.line.world import START, World

VERBS = {
    ReadBackStep.READ_BACK: ("bravo", "read-back", {"text": "six trucks"}),
    ReadBackStep.CONFIRM: ("alpha", "confirm", {}),
    ReadBackStep.REISSUE: ("alpha", "reissue", {"text": "seven trucks"}),
}


def take(world: World, step: ReadBackStep, message: str = "alpha:0") -> str:
    who, verb, values = VERBS[step]
    return world.id(world.say(who, verb, entry=message, **values)[0])


def put(world: World, who: str, step: ReadBackStep, before: str, mark: Mark = Mark.OPERATION) -> None:
    draft = Draft(READ_BACK, pack(ReadBack(step=step, text="six trucks")), "watch", (world.ref(before),), mark=mark)
    world.put(who, [draft])


@pytest.mark.parametrize(("way", "event", "before", "after"), walk(READING_BACK, ReadBackState.ISSUED, ReadBackStep))
def test_every_step_of_the_table_is_taken_and_every_other_one_refused(
    way: list[ReadBackStep], event: ReadBackStep, before: ReadBackState, after: ReadBackState | None
) -> None:
    world = World()
    last = world.send()
    for step in way:
        last = take(world, step)
    assert state_of(world.alpha, (0, 0), 1) is before
    if after is not None:
        take(world, event)
        assert [state_of(book, (0, 0), 1) for book in world.books.values()] == [after, after]
        return
    with pytest.raises(UsageError) as caught:
        take(world, event)
    assert caught.value.message_id == "read-back-not-possible"
    put(world, VERBS[event][0], event, last)
    assert [fault for _, fault in world.faults()] in (["fault-read-back-not-possible"], ["fault-read-back-side"])
    assert state_of(world.alpha, (0, 0), 1) is before


def test_every_order_of_arrival_is_the_same_book() -> None:
    world = World()
    world.send(read_back=True)
    for step in (ReadBackStep.READ_BACK, ReadBackStep.REISSUE, ReadBackStep.READ_BACK, ReadBackStep.CONFIRM):
        take(world, step)
    alpha, bravo = (world.logs[origin] for origin in sorted(world.logs))
    places = range(len(alpha) + len(bravo))
    for ours in itertools.combinations(places, len(alpha)):
        book, logs = world.new_book(), (iter(alpha), iter(bravo))
        for place in places:
            world.fold(book, [next(logs[0] if place in ours else logs[1])])
        assert book.digest() == world.alpha.digest()
        assert state_of(book, (0, 0), 1) is ReadBackState.CONFIRMED


def test_a_message_that_is_to_be_read_back_awaits_it() -> None:
    world = World()
    message = world.send(read_back=True, precedence="flash")
    world.say("bravo", "respond", entry=message, code="wilco")
    due = due_times(world.item(message))[Awaited.ACCEPTED]
    assert world.item(message, "bravo") in list(world.bravo.open_items)
    assert [row.condition for row in alarms(world.bravo, {}, due)] == ["own-late-read-back"]
    assert [row.condition for row in alarms(world.alpha, {world.bravo.me: 9}, due)] == ["peer-late-read-back"]
    take(world, ReadBackStep.READ_BACK)
    assert world.item(message, "bravo") not in list(world.bravo.open_items)
    take(world, ReadBackStep.REISSUE)
    assert world.item(message, "bravo") in list(world.bravo.open_items)
    take(world, ReadBackStep.READ_BACK)
    take(world, ReadBackStep.CONFIRM)
    assert world.item(message, "bravo") not in list(world.bravo.open_items)


def test_two_officers_who_press_at_once_are_told_apart() -> None:
    world = World()
    message = world.send()
    put(world, "bravo", ReadBackStep.READ_BACK, message)
    put(world, "bravo", ReadBackStep.READ_BACK, message)
    put(world, "alpha", ReadBackStep.CONFIRM, "bravo:0")
    put(world, "alpha", ReadBackStep.REISSUE, "bravo:0")
    assert [fault for _, fault in world.faults()] == ["fault-read-back-again", "fault-read-back-again"]
    assert state_of(world.alpha, (0, 0), 1) is ReadBackState.CONFIRMED


def test_the_wrong_side_and_the_wrong_mark_change_nothing() -> None:
    world = World()
    message = world.send()
    put(world, "alpha", ReadBackStep.READ_BACK, message)
    put(world, "bravo", ReadBackStep.READ_BACK, message, Mark.EXERCISE)
    take(world, ReadBackStep.READ_BACK)
    put(world, "bravo", ReadBackStep.CONFIRM, "bravo:1")
    put(world, "alpha", ReadBackStep.CONFIRM, "bravo:1", Mark.EXERCISE)
    told = sorted(fault for _, fault in world.faults())
    assert told == ["fault-mark-differs"] * 2 + ["fault-read-back-side"] * 2
    assert state_of(world.alpha, (0, 0), 1) is ReadBackState.READ_BACK


def test_of_three_each_party_has_a_chain_of_its_own() -> None:
    world = World(members=3)
    message = world.send()
    for who in ("bravo", "charlie"):
        world.say(who, "read-back", entry=message, text=f"{who} heard six trucks")
    with pytest.raises(UsageError) as caught:
        world.drafts("alpha", "confirm", entry=message)
    assert caught.value.message_id == "read-back-by-several"
    world.say("alpha", "reissue", entry=message, party="charlie", text="seven trucks")
    world.say("alpha", "confirm", entry=message)
    assert [state_of(world.books["charlie"], (0, 0), n) for n in (1, 2)] == [
        ReadBackState.CONFIRMED,
        ReadBackState.REISSUED,
    ]
    put(world, "bravo", ReadBackStep.READ_BACK, "alpha:1")
    assert world.faults()[-1][1] == "fault-read-back-side"
    assert [row.reader for row in steps_back(world.alpha, (0, 0))] == [1, 1, 2, 2]


@pytest.mark.parametrize(
    ("who", "verb", "values", "message_id"),
    [
        ("alpha", "read-back", {"entry": "alpha:0", "text": "x"}, "read-back-own"),
        ("bravo", "confirm", {"entry": "alpha:0"}, "read-back-others"),
        ("bravo", "read-back", {"entry": "alpha:0", "text": " "}, "text-empty"),
        ("bravo", "read-back", {"entry": "alpha:1", "text": "x"}, "read-back-target-wrong"),
        ("alpha", "confirm", {"entry": "alpha:0", "party": "delta"}, "entry-party-unknown"),
    ],
)
def test_what_is_no_read_back_is_refused(who: str, verb: str, values: dict[str, object], message_id: str) -> None:
    world = World()
    world.send()
    world.say("alpha", "service", text="Path 2 goes down.")
    with pytest.raises(UsageError) as caught:
        world.drafts(who, verb, **values)
    assert caught.value.message_id == message_id


def test_each_step_is_shown_with_the_message() -> None:
    world = World()
    message = world.send()
    take(world, ReadBackStep.READ_BACK)
    take(world, ReadBackStep.CONFIRM)
    view = entry_view(world.bravo, Arrived(1, world.entry(message)))
    assert [(row.id, row.party, row.step, row.state) for row in view.read_backs] == [
        ("bravo:0", "bravo", "READ_BACK", "READ_BACK"),
        ("alpha:1", "alpha", "CONFIRM", "CONFIRMED"),
    ]
    assert world.now == START

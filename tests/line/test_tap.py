"""A tap puts a name to an entry of one's own party, and delays nothing."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.base.schema import pack
from openline.line.tap import TAP, Tap, taps_of
from openline.record.entry import Draft, Mark
from tests.line.world import World


def test_a_stop_stands_before_and_without_the_tap_and_both_books_know_who_it_was() -> None:
    world = World()
    stop = world.id(world.say("alpha", "stop", place="bridge")[0])
    assert taps_of(world.bravo, (0, 0)) == ()
    assert [change.what for change in world.changes if change.kind == "stop"] == ["stop", "stop"]
    world.say("alpha", "tap", entry=stop, by="watch-2")
    world.say("alpha", "tap", entry=stop, by="supervisor")
    for book in world.books.values():
        assert [tap.by for tap in taps_of(book, (0, 0))] == ["watch-2", "supervisor"]


def test_the_taking_of_a_flash_is_tapped_by_its_receipt() -> None:
    world = World()
    flash = world.send(precedence="flash")
    receipt = world.id(world.say("bravo", "ack", entry=flash)[0])
    world.say("bravo", "tap", entry=receipt, by="watch-2")
    assert [tap.by for tap in taps_of(world.alpha, (1, 0))] == ["watch-2"]


@pytest.mark.parametrize(
    ("values", "message_id"),
    [
        ({"entry": "bravo:0", "by": "watch-2"}, "tap-of-others"),
        ({"entry": "alpha:0", "by": " "}, "name-missing"),
        ({"entry": "alpha:0", "by": "x" * 65}, "text-too-long"),
        ({"entry": "alpha:7", "by": "watch-2"}, "entry-unknown"),
    ],
)
def test_what_is_no_tap_is_refused(values: dict[str, object], message_id: str) -> None:
    world = World()
    world.send()
    world.send("bravo")
    with pytest.raises(UsageError) as caught:
        world.drafts("alpha", "tap", **values)
    assert caught.value.message_id == message_id


def test_a_tap_of_anothers_entry_or_of_another_mark_is_a_fault() -> None:
    world = World()
    message = world.send()
    world.put("bravo", [Draft(TAP, pack(Tap(by="watch-2")), "watch", (world.ref(message),))])
    world.put("alpha", [Draft(TAP, pack(Tap(by="watch-2")), "watch", (world.ref(message),), mark=Mark.EXERCISE)])
    assert sorted(fault for _, fault in world.faults()) == ["fault-mark-differs", "fault-tap-of-others"]
    assert taps_of(world.alpha, (0, 0)) == ()

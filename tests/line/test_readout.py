"""Each side publishes its own readout, beside the other's; which came out first is computed where it can be."""

from __future__ import annotations

from itertools import permutations

import pytest

from openline.base.errors import UsageError
from openline.base.schema import pack
from openline.base.time import HOUR_US
from openline.line.contact import meeting_of
from openline.line.item import Relation
from openline.line.precise import Grain, When
from openline.line.readout import (
    READOUT,
    Published,
    Readout,
    Readouts,
    earlier,
    embargoed,
    order_of_release,
    readouts_of,
)
from openline.record.entry import Draft, Mark
from tests.line.test_contact import enter
from tests.line.world import World


@pytest.fixture
def world() -> World:
    made = World()
    enter(made)
    return made


def publish(world: World, who: str, **values: object) -> str:
    return world.id(world.say(who, "publish", **{"entry": "alpha:0", "text": "We spoke.", **values})[0])


def order(world: World) -> list[list[str]]:
    rows = readouts_of(world.alpha, meeting_of(world.alpha, "alpha:0"))
    steps = order_of_release(rows, lambda one, two: earlier(world.alpha, one, two))
    return [[world.alpha.label(world.alpha.members[row.member], row.index) for row in step] for step in steps]


def test_the_order_of_release_is_computed_from_the_times(world: World) -> None:
    publish(world, "alpha", released="2022-10-21T15:00:00Z")
    publish(world, "bravo", released="2022-10-21T14:00:00Z")
    assert order(world) == [["bravo:0"], ["alpha:1"]]


def test_what_the_times_do_not_decide_the_later_author_may_say(world: World) -> None:
    theirs = publish(world, "bravo", released="2022-10-21")
    publish(world, "alpha", released="2022-10-21")
    assert order(world) == [["alpha:1", "bravo:0"]]
    publish(world, "alpha", released="2022-10-21", after=theirs)
    assert order(world)[-1] == ["alpha:2"]


def test_who_names_one_readout_says_nothing_of_another(world: World) -> None:
    first = publish(world, "alpha")
    theirs = publish(world, "bravo", after=first)
    last = publish(world, "alpha", after=theirs)
    assert order(world) == [[first], [theirs], [last]]


def test_the_order_of_arrival_never_matters_and_a_circle_is_one_step() -> None:
    day = When(1_666_310_400_000, Grain.DAY)
    rows = [Published(member, 0, Mark.OPERATION, day, None, (0, 0), None) for member in range(3)]

    def circle(one: Published, two: Published) -> bool:
        return (one.member + 1) % 3 == two.member

    for mixed in permutations(rows):
        assert order_of_release(mixed, lambda one, two: one.member < two.member) == [[row] for row in rows]
        assert order_of_release(mixed, circle) == [rows]


def test_a_readout_may_name_any_entry_of_the_meeting(world: World) -> None:
    enter(world, "bravo", same_as="alpha:0")
    publish(world, "bravo", entry="bravo:0", text="Мы поговорили.", language="ru")
    (row,) = readouts_of(world.alpha, meeting_of(world.alpha, "alpha:0"))
    assert row.contact == (1, 0)


def test_a_readout_is_corrected_and_translated_by_new_entries(world: World) -> None:
    readout = publish(world, "alpha")
    world.say("alpha", "correct", entry=readout, text="We spoke for an hour.", change="the length")
    world.say("bravo", "translate", entry=readout, text="Мы поговорили.", language="ru")
    assert [len(world.item(readout).linked(relation)) for relation in Relation] == [1, 1, 0]
    with pytest.raises(UsageError) as caught:
        world.drafts("bravo", "correct", entry=readout, text="Less.", change="all")
    assert caught.value.message_id == "correction-of-others-entry"


def test_a_withdrawn_readout_is_not_shown_as_one(world: World) -> None:
    world.say("alpha", "withdraw", entry=publish(world, "alpha"))
    assert readouts_of(world.alpha, meeting_of(world.alpha, "alpha:0")) == []


def test_an_embargo_ends_at_its_time(world: World) -> None:
    publish(world, "alpha", embargo=world.now.plus(HOUR_US).rfc3339())
    (row,) = readouts_of(world.bravo, meeting_of(world.bravo, "alpha:0"))
    assert embargoed(row, world.now)
    assert not embargoed(row, world.later(HOUR_US))


@pytest.mark.parametrize(
    ("values", "message_id"),
    [
        ({"text": ""}, "text-empty"),
        ({"text": "x" * 200_000}, "text-too-long"),
        ({"entry": "bravo:0"}, "contact-unknown"),
        ({"after": "alpha:0"}, "readout-unknown"),
        ({"after": "alpha:1"}, "readout-own"),
        ({"released": "soon"}, "time-unreadable"),
        ({"embargo": "later"}, "time-unreadable"),
        ({"mark": Mark.TEST}, "mark-differs"),
    ],
)
def test_what_is_no_readout_is_refused(world: World, values: dict[str, object], message_id: str) -> None:
    publish(world, "alpha")
    world.send("bravo")
    with pytest.raises(UsageError) as caught:
        world.drafts("alpha", "publish", **{"entry": "alpha:0", "text": "We spoke.", **values})
    assert caught.value.message_id == message_id


def test_a_readout_of_something_else_is_a_fault(world: World) -> None:
    world.say("alpha", "attempt", level="minister", result="busy")
    body = pack(Readout(text="We spoke.", released=When(5, Grain.DAY)))
    world.put("bravo", [Draft(READOUT, body, "watch", (world.ref("alpha:1"),))])
    assert world.faults() == [("bravo:0", "fault-target-wrong")]
    assert not world.alpha.state(Readouts).by_place


def test_a_text_of_any_script_and_direction_is_kept_as_it_is(world: World) -> None:
    text = "«\u202eabc\u202c» — نص \x1b[31m"
    assert world.alpha.size(world.origins["alpha"]) == 1
    publish(world, "alpha", text=text)
    assert text.encode() in (world.entry("alpha:1").body or b"")

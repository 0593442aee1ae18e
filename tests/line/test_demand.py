"""A demand is counted with its repetitions, and answered by the other side alone."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.base.schema import pack
from openline.line.demand import (
    DEMAND_ANSWER,
    REPLIED,
    DemandAnswer,
    Demands,
    DemandState,
    Reply,
    demand_of,
    repetition,
)
from openline.record.entry import Draft, Mark
from tests.line.test_contact import enter
from tests.line.walking import walk
from tests.line.world import World

CEASE_FIRE = "immediate-cease-fire"


def demand(world: World, **values: object) -> str:
    return world.id(world.say("alpha", "demand", **{"code": CEASE_FIRE, **values})[0])


def named(reply: Reply) -> str:
    return reply.name.lower().replace("_", "-")


@pytest.mark.parametrize(("way", "event", "before", "after"), walk(REPLIED, DemandState.OPEN, Reply))
def test_every_answer_of_the_table_is_taken_and_every_other_one_refused(
    way: list[Reply], event: Reply, before: DemandState, after: DemandState | None
) -> None:
    world = World()
    demand(world)
    for step in way:
        world.say("bravo", "answer-demand", entry="alpha:0", answer=named(step))
    assert demand_of(world.alpha, "alpha:0").state(1) is before
    if after is not None:
        world.say("bravo", "answer-demand", entry="alpha:0", answer=named(event))
        assert demand_of(world.alpha, "alpha:0").state(1) is after
        return
    with pytest.raises(UsageError) as caught:
        world.drafts("bravo", "answer-demand", entry="alpha:0", answer=named(event))
    assert caught.value.message_id == "answer-not-possible"
    world.put("bravo", [Draft(DEMAND_ANSWER, pack(DemandAnswer(answer=event)), "watch", (world.ref("alpha:0"),))])
    assert world.faults() == [(f"bravo:{len(way)}", "fault-answer-not-possible")]
    assert demand_of(world.alpha, "alpha:0").state(1) is before


def test_repetitions_are_counted_along_what_they_name() -> None:
    world = World()
    first = demand(world, contact=enter(world))
    second = demand(world, repeats=first)
    third = demand(world, repeats=second)
    alone = demand(world)
    counts = [repetition(world.bravo, demand_of(world.bravo, one)) for one in (first, second, third, alone)]
    assert counts == [1, 2, 3, 1]


def test_silence_meets_no_demand() -> None:
    world = World()
    demand(world)
    world.say("bravo", "ack", entry="alpha:0")
    world.say("bravo", "answer-demand", entry="alpha:0", answer="note")
    assert demand_of(world.alpha, "alpha:0").state(1) is DemandState.NOTED


def test_an_answer_ends_the_wait_of_the_watch() -> None:
    world = World()
    demand(world, precedence="priority")
    assert len(list(world.alpha.open_items)) == 1
    world.say("bravo", "answer-demand", entry="alpha:0", answer="refuse", words="Нет.", language="ru")
    assert not list(world.alpha.open_items)


@pytest.mark.parametrize(
    ("values", "message_id"),
    [
        ({"code": "Cease fire"}, "code-wrong"),
        ({"words": "word " * 201, "precedence": "flash"}, "message-too-many-words"),
        ({"words": "x" * 60_001}, "text-too-long"),
        ({"contact": "alpha:0"}, "contact-unknown"),
        ({"repeats": "alpha:1"}, "demand-unknown"),
        ({"repeats": "bravo:0"}, "repeats-others"),
        ({"repeats": "alpha:0", "mark": Mark.EXERCISE}, "mark-differs"),
    ],
)
def test_what_is_no_demand_is_refused(values: dict[str, object], message_id: str) -> None:
    world = World()
    demand(world)
    world.send()
    world.say("bravo", "demand", code=CEASE_FIRE)
    with pytest.raises(UsageError) as caught:
        world.drafts("alpha", "demand", **{"code": CEASE_FIRE, **values})
    assert caught.value.message_id == message_id


def test_one_s_own_and_a_withdrawn_demand_are_not_answered() -> None:
    world = World()
    demand(world)
    demand(world)
    world.say("alpha", "withdraw", entry="alpha:1")
    for who, entry, message_id in (("alpha", "alpha:0", "demand-own"), ("bravo", "alpha:1", "demand-withdrawn")):
        with pytest.raises(UsageError) as caught:
            world.drafts(who, "answer-demand", entry=entry, answer="meet")
        assert caught.value.message_id == message_id


def test_wrong_answers_of_a_peer_are_faults() -> None:
    world = World()
    demand(world)
    body, ref = pack(DemandAnswer(answer=Reply.MEET)), world.ref("alpha:0")
    world.put("alpha", [Draft(DEMAND_ANSWER, body, "watch", (ref,))])
    world.put("bravo", [Draft(DEMAND_ANSWER, body, "watch", (ref,), mark=Mark.EXERCISE)])
    world.put("bravo", [Draft(DEMAND_ANSWER, body, "watch", (world.ref(world.send()),))])
    assert [fault for _, fault in world.faults()] == ["fault-answers-own", "fault-mark-differs", "fault-target-wrong"]
    assert world.alpha.state(Demands).by_place[0, 0].answers == {}


def test_the_order_of_the_logs_does_not_matter() -> None:
    world = World()
    demand(world, repeats=demand(world))
    world.say("bravo", "answer-demand", entry="alpha:1", answer="meet-in-part")
    book = world.new_book()
    for name in ("bravo", "alpha"):
        world.fold(book, world.logs[world.origins[name]])
    assert book.digest() == world.alpha.digest()

"""An item's stages are facts of their own, and only its author moves where it stands."""

from __future__ import annotations

import itertools

import pytest

from openline.base.machine import NoTransition, advance, draw
from openline.line.item import (
    FACTS_PER_PARTY_MAX,
    MET_BY,
    RELATIONS,
    STANDING,
    Act,
    Fact,
    Item,
    Link,
    Relation,
    Stage,
    Standing,
    in_mask,
    mask,
)
from openline.record.entry import Leaf, Precedence

WALKED = {
    (Standing.OPEN, Act.CORRECT): Standing.CORRECTED,
    (Standing.OPEN, Act.CANCEL): Standing.CANCELLED,
    (Standing.CORRECTED, Act.CORRECT): Standing.CORRECTED,
    (Standing.CORRECTED, Act.CANCEL): Standing.CANCELLED,
}


def item(precedence: Precedence | None = Precedence.FLASH, deadline_ms: int | None = None) -> Item:
    leaf = Leaf(1, 1_000, "watch", bytes(32), precedence=precedence, deadline_ms=deadline_ms)
    return Item.of(0, 7, leaf)


def fact(member: int, stage: Stage, index: int = 0, to: str = "", reply: int | None = None) -> Fact:
    return Fact(member, index, stage, 2_000, "watch", to, reply)


@pytest.mark.parametrize(("standing", "act"), list(itertools.product(Standing, Act)))
def test_every_standing_and_act_is_in_the_table_or_refused(standing: Standing, act: Act) -> None:
    if (standing, act) in WALKED:
        assert advance(STANDING, standing, act) is WALKED[standing, act]
    else:
        with pytest.raises(NoTransition):
            advance(STANDING, standing, act)


def test_the_table_can_be_drawn() -> None:
    assert "OPEN --> CANCELLED: CANCEL" in draw(STANDING, Standing.OPEN)


def test_what_is_cancelled_stays_cancelled() -> None:
    message = item()
    message.change(Act.CANCEL, Link(Relation.CANCELLATION, 0, 8, 2_000))
    with pytest.raises(NoTransition):
        message.change(Act.CORRECT, Link(Relation.CORRECTION, 0, 9, 3_000))
    assert message.standing is Standing.CANCELLED
    assert [link.index for link in message.linked(Relation.CORRECTION)] == []


@pytest.mark.parametrize("bits", range(16))
def test_bits_and_stages_are_the_same_thing(bits: int) -> None:
    assert mask(*in_mask(bits)) == bits


@pytest.mark.parametrize("stage", Stage)
def test_a_stage_states_itself_alone(stage: Stage) -> None:
    message = item()
    message.state(fact(1, stage))
    assert list(in_mask(message.stated(1))) == [stage]
    assert message.stated(2) == 0


@pytest.mark.parametrize(("stated", "awaited"), list(itertools.product(Stage, Stage)))
def test_what_ends_the_wait_for_a_stage(stated: Stage, awaited: Stage) -> None:
    message = item()
    message.awaits = mask(awaited)
    message.state(fact(1, stated))
    assert (message.missing(1) == 0) is (stated in MET_BY[awaited])


def test_passing_on_is_awaited_even_after_an_answer() -> None:
    message = item()
    message.awaits |= mask(Stage.PASSED)
    message.state(fact(1, Stage.ANSWERED, reply=3))
    assert list(in_mask(message.missing(1))) == [Stage.PASSED]


def test_without_precedence_nothing_is_awaited() -> None:
    assert item(None).settled(3)


def test_an_item_given_a_clock_is_routine() -> None:
    message = item(None)
    message.clock()
    assert message.precedence is Precedence.ROUTINE
    assert not message.settled(2)


def test_a_clock_does_not_change_a_precedence() -> None:
    message = item(Precedence.FLASH)
    message.clock()
    assert message.precedence is Precedence.FLASH


def test_every_other_party_must_have_accepted() -> None:
    message = item()
    message.state(fact(1, Stage.ACCEPTED))
    assert message.settled(2)
    assert not message.settled(3)
    message.state(fact(2, Stage.ACCEPTED))
    assert message.settled(3)


def test_a_reply_by_awaits_an_answer() -> None:
    message = item(deadline_ms=9_000)
    message.state(fact(1, Stage.ACCEPTED))
    assert list(in_mask(message.missing(1))) == [Stage.ANSWERED]


def test_the_last_party_of_a_full_line_has_its_own_bits() -> None:
    message = item()
    message.state(fact(7, Stage.ANSWERED))
    assert [message.stated(member) for member in range(8)] == [0] * 7 + [mask(Stage.ANSWERED)]


def test_passing_stands_once_per_role_and_answering_once_per_reply() -> None:
    message = item()
    message.state(fact(1, Stage.PASSED, to="s3"))
    message.state(fact(1, Stage.ANSWERED, reply=4))
    assert message.holds(1, Stage.PASSED, "s3")
    assert not message.holds(1, Stage.PASSED, "commander")
    assert message.holds(1, Stage.ANSWERED, reply=4)
    assert not message.holds(1, Stage.ANSWERED, reply=5)
    assert not message.holds(2, Stage.PASSED, "s3")


def test_a_party_cannot_fill_memory_with_facts() -> None:
    message = item()
    for number in range(FACTS_PER_PARTY_MAX):
        assert not message.full(1)
        message.state(fact(1, Stage.PASSED, number, to=f"role{number}"))
    assert message.full(1)
    assert not message.full(2)


def test_links_are_told_by_relation_in_one_order() -> None:
    message = item()
    message.link(Link(Relation.TRANSLATION, 1, 5, 0))
    message.link(Link(Relation.CORRECTION, 0, 9, 0))
    message.link(Link(Relation.TRANSLATION, 0, 12, 0))
    assert [(link.member, link.index) for link in message.linked(Relation.TRANSLATION)] == [(0, 12), (1, 5)]
    newest = message.newest(Relation.CORRECTION)
    assert newest is not None
    assert newest.index == 9
    assert message.newest(Relation.CANCELLATION) is None


def test_each_act_has_its_relation() -> None:
    assert set(RELATIONS) == set(Act)


def test_the_snapshot_does_not_depend_on_the_order_of_facts() -> None:
    one, other = item(), item()
    facts = [fact(1, Stage.DISPLAYED, 1), fact(2, Stage.ACCEPTED, 0), fact(1, Stage.PASSED, 4, to="s3")]
    for each in facts:
        one.state(each)
    for each in reversed(facts):
        other.state(each)
    assert one.snapshot() == other.snapshot()

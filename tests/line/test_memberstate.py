"""The tables of membership, and when somebody has gone."""

from __future__ import annotations

import pytest

from openline.base.machine import NoTransition, advance
from openline.line.memberstate import (
    ANSWERS,
    PROPOSAL,
    STANDS,
    AnswerState,
    Event,
    Memberships,
    Outcome,
    PartyState,
    ProposalState,
    Word,
    counted,
    gone_ms,
)
from tests.line.walking import ways
from tests.line.world import World


def test_every_state_of_every_table_can_be_reached_and_all_else_is_refused() -> None:
    ways(ANSWERS, AnswerState.UNANSWERED)
    ways(PROPOSAL, ProposalState.STANDING)
    ways(STANDS, PartyState.OPENING)
    refused = 0
    for state in PartyState:
        for event in Event:
            if (state, event) not in STANDS:
                refused += 1
                with pytest.raises(NoTransition):
                    advance(STANDS, state, event)
    assert refused == len(PartyState) * len(Event) - len(STANDS)


def test_whatever_has_ended_has_no_way_back() -> None:
    ended = {ProposalState.IN_EFFECT, ProposalState.REFUSED, ProposalState.LAPSED}
    assert not {state for state, _ in PROPOSAL} & ended
    assert {state for state, _ in ANSWERS} == {AnswerState.UNANSWERED}
    assert PartyState.OPENING not in STANDS.values()
    assert {(state, event) for state, event in STANDS if event is Event.OPENED} == {(PartyState.OPENING, Event.OPENED)}
    assert set(Outcome) == {outcome for _, outcome in PROPOSAL}
    assert set(Word) == {word for _, word in ANSWERS}


def test_what_was_awaited_before_somebody_went_stays_awaited_of_it_then() -> None:
    world = World(3)
    before = world.now.ms
    world.later()
    world.say("charlie", "leave-line")
    at = world.now.ms
    assert gone_ms(world.alpha.state(Memberships), 2) == at
    assert gone_ms(world.alpha.state(Memberships), 1) is None
    assert counted(world.alpha, before) == [0, 1, 2]
    assert counted(world.alpha, at) == [0, 1]


def test_a_removal_counts_from_its_last_answer() -> None:
    world = World(3)
    entry = world.id(world.say("alpha", "propose-removal", party="charlie", reason="It lets others listen.")[0])
    world.later()
    world.say("bravo", "assent", entry=entry)
    assert gone_ms(world.alpha.state(Memberships), 2) == world.now.ms

"""Line-status: every declaration is walked from every state, or refused; each party speaks for itself only."""

from __future__ import annotations

import itertools

import pytest

from openline.base.errors import UsageError
from openline.base.machine import NoTransition, advance
from openline.base.schema import pack
from openline.line.status import DECLARED, LINE_STATUS, Declaration, LineState, LineStatus, declared, suspended
from openline.record.entry import Draft, Mark, Precedence
from tests.line.world import World

WALKED = {
    ("OPEN", "SUSPENDED"): "SUSPENDED",
    ("OPEN", "DEGRADED"): "DEGRADED",
    ("OPEN", "EMCON"): "EMCON",
    ("DEGRADED", "RESUMED"): "OPEN",
    ("DEGRADED", "SUSPENDED"): "SUSPENDED",
    ("DEGRADED", "EMCON"): "EMCON",
    ("EMCON", "RESUMED"): "OPEN",
    ("EMCON", "SUSPENDED"): "SUSPENDED",
    ("EMCON", "DEGRADED"): "DEGRADED",
    ("SUSPENDED", "RESUMED"): "OPEN",
}
EVERY = list(itertools.product(LineState, Declaration))


def world_in(state: LineState) -> World:
    world = World()
    if state is not LineState.OPEN:
        world.say("bravo", "declare", status=state.name.lower(), reason="As agreed.")
    return world


@pytest.mark.parametrize(("state", "declaration"), EVERY)
def test_the_table_allows_what_it_names_and_nothing_else(state: LineState, declaration: Declaration) -> None:
    wanted = WALKED.get((state.name, declaration.name))
    if wanted is None:
        with pytest.raises(NoTransition):
            advance(DECLARED, state, declaration)
    else:
        assert advance(DECLARED, state, declaration).name == wanted


@pytest.mark.parametrize(("state", "declaration"), EVERY)
def test_the_verb_refuses_what_the_table_does(state: LineState, declaration: Declaration) -> None:
    world = world_in(state)
    if (state.name, declaration.name) in WALKED:
        world.say("bravo", "declare", status=declaration.name.lower(), reason="As agreed.")
        assert declared(world.alpha, world.origins["bravo"]).state.name == WALKED[state.name, declaration.name]
    else:
        with pytest.raises(UsageError) as caught:
            world.drafts("bravo", "declare", status=declaration.name.lower(), reason="As agreed.")
        assert caught.value.message_id == "status-not-possible"
        assert caught.value.facts == {"line": "alpha-bravo", "status": declaration.name, "state": state.name}


@pytest.mark.parametrize(("state", "declaration"), EVERY)
def test_the_book_calls_it_a_fault_and_changes_nothing(state: LineState, declaration: Declaration) -> None:
    world = world_in(state)
    world.put("bravo", [Draft(LINE_STATUS, pack(LineStatus(status=declaration)), "watch")])
    known = (state.name, declaration.name) in WALKED
    assert [fault for _, fault in world.faults()] == ([] if known else ["fault-status-not-possible"])
    if not known:
        assert declared(world.alpha, world.origins["bravo"]).state is state


@pytest.mark.parametrize("status", ["suspended", "degraded", "emcon"])
def test_a_declaration_has_a_reason(status: str) -> None:
    world = World()
    with pytest.raises(UsageError) as caught:
        world.drafts("bravo", "declare", status=status)
    assert caught.value.message_id == "reason-missing"


def test_a_declaration_is_immediate_and_can_be_receipted() -> None:
    world = world_in(LineState.SUSPENDED)
    assert world.entry("bravo:0").leaf.precedence is Precedence.IMMEDIATE
    world.say("alpha", "ack", entry="bravo:0")
    assert list(world.alpha.open_items) == []


def test_it_says_since_when_and_by_which_entry() -> None:
    world = World()
    world.later()
    world.say("bravo", "declare", status="degraded", reason="One path left.")
    row = declared(world.alpha, world.origins["bravo"])
    assert (row.state, row.since, row.index) == (LineState.DEGRADED, world.now, 0)
    assert declared(world.alpha, world.origins["alpha"]).since is None


def test_only_who_suspended_takes_it_back() -> None:
    world = world_in(LineState.SUSPENDED)
    with pytest.raises(UsageError):
        world.drafts("alpha", "declare", status="resumed")
    world.put("alpha", [Draft(LINE_STATUS, pack(LineStatus(status=Declaration.RESUMED)), "watch")])
    assert suspended(world.alpha) is not None


def test_the_oldest_suspension_is_named() -> None:
    world = World(3)
    world.say("charlie", "declare", status="suspended", reason="First.")
    world.later()
    world.say("alpha", "declare", status="suspended", reason="Second.")
    row = suspended(world.bravo)
    assert row is not None
    assert row.origin == world.origins["charlie"]


def test_exercise_and_operation_do_not_touch() -> None:
    world = World()
    world.say("bravo", "declare", mark=Mark.EXERCISE, status="suspended", reason="Drill.")
    assert suspended(world.alpha) is None
    assert suspended(world.alpha, Mark.EXERCISE) is not None
    assert suspended(world.alpha, Mark.TEST) is None


@pytest.mark.parametrize(
    ("verb", "values"),
    [
        ("service", {"text": "Path 2 is back."}),
        ("test", {}),
        ("declare", {"status": "degraded", "reason": "One path."}),
    ],
)
def test_a_suspended_line_takes_what_keeps_it_alive(verb: str, values: dict[str, object]) -> None:
    assert world_in(LineState.SUSPENDED).say("alpha", verb, **values)

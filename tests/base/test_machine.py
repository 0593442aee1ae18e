"""A table is the whole machine: what it does not name is refused, and the diagram is drawn from it."""

from __future__ import annotations

from enum import Enum, IntEnum
from itertools import product

import pytest

from openline.base.machine import NoTransition, advance, draw
from openline.line.item import STANDING
from openline.line.status import DECLARED
from openline.link.paths import HEALTH


class Door(Enum):
    """States of a door."""

    SHUT = 0
    OPEN = 1


class Hand(IntEnum):
    """What is done to it."""

    PUSH = 0
    PULL = 1


DOOR = {(Door.SHUT, Hand.PULL): Door.OPEN, (Door.OPEN, Hand.PUSH): Door.SHUT}


def test_a_step_of_the_table_is_taken() -> None:
    assert advance(DOOR, Door.SHUT, Hand.PULL) is Door.OPEN


@pytest.mark.parametrize(("state", "event"), [one for one in product(Door, Hand) if one not in DOOR])
def test_a_step_outside_the_table_is_refused_and_named(state: Door, event: Hand) -> None:
    with pytest.raises(NoTransition, match=f"{event.name} is not possible in {state.name}"):
        advance(DOOR, state, event)


def test_the_diagram_says_what_the_table_says_in_its_order() -> None:
    assert draw(DOOR, Door.SHUT).splitlines() == [
        "stateDiagram-v2",
        "    [*] --> SHUT",
        "    SHUT --> OPEN: PULL",
        "    OPEN --> SHUT: PUSH",
    ]


def test_the_diagram_shows_where_it_ends() -> None:
    assert draw(DOOR, Door.SHUT, (Door.SHUT,)).splitlines()[-1] == "    SHUT --> [*]"


@pytest.mark.parametrize("table", [STANDING, DECLARED, HEALTH], ids=["standing", "declared", "health"])
def test_every_state_of_our_tables_can_be_reached_from_the_first(table: dict[tuple[Enum, Enum], Enum]) -> None:
    reached = {next(iter(table))[0]}
    for _ in table:
        reached |= {new for (old, _), new in table.items() if old in reached}
    assert reached == {state for (old, _), new in table.items() for state in (old, new)}

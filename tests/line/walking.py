"""Every step of a table through the book: what it allows is taken, and everything else refused and a fault."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

S = TypeVar("S", bound=Enum)
E = TypeVar("E", bound=Enum)


def ways(table: Mapping[tuple[S, E], S], first: S) -> dict[S, list[E]]:
    """The shortest way of events from the first state to each other one; every state of the table has one."""
    found: dict[S, list[E]] = {first: []}
    todo = [first]
    for state in todo:
        for (old, event), new in table.items():
            if old is state and new not in found:
                found[new] = [*found[state], event]
                todo.append(new)
    assert found.keys() == {state for state, _ in table} | set(table.values()), "a state cannot be reached"
    return found


def walk(table: Mapping[tuple[S, E], S], first: S, events: type[E]) -> list[tuple[list[E], E, S, S | None]]:
    """Every state with every event: the way there, the event, the state before, and the one after or None."""
    return [
        (way, event, state, table.get((state, event))) for state, way in ways(table, first).items() for event in events
    ]

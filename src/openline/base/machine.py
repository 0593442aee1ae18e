"""State machines as tables. A transition outside the table is a bug or a refusal, never a guess.

A table maps (state, event) to the next state; `draw` makes the diagram of the documents from the same table. Every
table of the package is found, walked and looked up in the documents by `tests/test_machines.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TypeVar

S = TypeVar("S", bound=Enum)
E = TypeVar("E", bound=Enum)


class NoTransition(Exception):
    """The table has no such transition. Callers that answer a person turn it into a refusal."""


def advance(table: Mapping[tuple[S, E], S], state: S, event: E) -> S:
    """The state after `event`. Raises NoTransition when the table does not allow it."""
    try:
        return table[state, event]
    except KeyError:
        raise NoTransition(f"{event.name} is not possible in {state.name}") from None


def draw(table: Mapping[tuple[S, E], S], first: S, last: Sequence[S] = ()) -> str:
    """The table as a Mermaid state diagram, in the order of the table; `last` are the states in which it ends."""
    rows = [f"    [*] --> {first.name}"]
    rows += [f"    {old.name} --> {new.name}: {event.name}" for (old, event), new in table.items()]
    rows += [f"    {state.name} --> [*]" for state in last]
    return "\n".join(["stateDiagram-v2", *rows])

"""Every table of states of the package: found by its shape, drawn in the specification, walked, and nothing else goes.

A table is found wherever it stands: a mapping in a module from (state, event) to a state. What this test finds, a
document must draw; where it begins and in which states it ends is said there, and the drawing shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from importlib import import_module
from itertools import product
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType
from typing import TypeGuard

import pytest

import openline
from openline.base.machine import NoTransition, advance
from scripts.docs import ROOT, Drawing, Table, drawings

SOURCE = Path(openline.__file__).parent

BESIDE: Mapping[str, str] = {
    "openline.line.callrequest:RequestState.NONE": "OPEN past its deadline, by the clock; no entry leads there or away",
}
"""States of an enumeration that no table has, each with the reason. The list only shrinks."""

BEGINS: Mapping[str, str] = {
    "openline.line.check:Step.CALL_UP": "a call-up is the check itself and needs no state before it",
    "openline.line.handover:Step.OFFER": "an offer begins a handover; a second one beside it is refused on its own",
}
"""Events that move no state because they begin one."""

COMPUTED: Mapping[str, str] = {
    "openline.line.erasure:COPIES": "computed of the stretches that were erased; tests/line/test_erasure.py walks it",
    "openline.line.term:FORMULA": "computed of what stands; tests/line/test_term.py walks every script of entries",
}
"""Tables that nothing advances by: how it stands follows from the entries, and the table says what one may do to it."""


def _tables(module: ModuleType) -> Iterator[tuple[str, Table]]:
    """The tables that a module defines, by name; one that it only imports belongs to another."""
    source = Path(module.__file__ or "").read_text(encoding="utf-8")
    for name, value in vars(module).items():
        if _is_table(value) and f"\n{name}: " in source:
            yield f"{module.__name__}:{name}", value


def _is_table(value: object) -> TypeGuard[Table]:
    """Whether it maps pairs of two enumerations to members of the first."""
    return (
        isinstance(value, Mapping)
        and bool(value)
        and all(
            isinstance(key, tuple)
            and len(key) == 2
            and isinstance(key[0], Enum)
            and isinstance(key[1], Enum)
            and type(new) is type(key[0])
            for key, new in value.items()
        )
    )


def _modules() -> Iterator[ModuleType]:
    for found in walk_packages([str(SOURCE)], "openline."):
        yield import_module(found.name)


TABLES = {place: table for module in _modules() for place, table in _tables(module)}
DRAWN = {drawing.place: drawing for drawing in drawings() if drawing.page.is_relative_to(ROOT / "docs/spec")}


def _place(one: Enum) -> str:
    return f"{type(one).__module__}:{type(one).__name__}.{one.name}"


def _places(some: Iterable[Enum]) -> set[str]:
    return set(map(_place, some))


def _events(table: Table) -> type[Enum]:
    return type(next(event for _, event in table))


def _states(table: Table) -> type[Enum]:
    return type(next(state for state, _ in table))


def _elsewhere(place: str) -> set[str]:
    """States and events that only another table over the same enumerations has."""
    has = {each: _places(one for key, new in table.items() for one in (*key, new)) for each, table in TABLES.items()}
    return set().union(*has.values()) - has[place]


def _drawing(place: str) -> Drawing:
    assert place in DRAWN, f"draw {place} on its page of docs/spec: <!-- drawn from {place} starting at ... -->"
    return DRAWN[place]


def _reached(table: Table, first: Enum) -> set[Enum]:
    found, todo = {first}, [first]
    for state in todo:
        new = [after for (before, _), after in table.items() if before is state and after not in found]
        found |= set(new)
        todo += dict.fromkeys(new)
    return found


def test_the_tables_are_found_by_their_shape() -> None:
    class State(Enum):
        OFF = 0
        ON = 1

    class Press(Enum):
        KEY = 0

    assert _is_table({(State.OFF, Press.KEY): State.ON})
    assert not _is_table({(State.OFF, Press.KEY): Press.KEY})
    assert not _is_table({State.OFF: State.ON})
    assert not _is_table({})
    assert len(TABLES) >= 14
    assert {place.split(".")[1] for place in TABLES} >= {"line", "link", "media", "voice"}


def test_every_table_that_is_drawn_is_one_that_was_found() -> None:
    assert set(DRAWN) == set(TABLES), "a table is found only where its own module names its type"


@pytest.mark.parametrize("place", TABLES)
def test_every_table_is_drawn_in_the_specification_with_its_beginning_and_its_ends(place: str) -> None:
    drawing, names = _drawing(place), _states(TABLES[place]).__members__
    assert drawing.first in names
    assert set(drawing.last) <= set(names)
    page = drawing.page.read_text(encoding="utf-8")
    for (old, event), new in TABLES[place].items():
        assert f"    {old.name} --> {new.name}: {event.name}\n" in page, f"{place} is stale: run `make docs`"


@pytest.mark.parametrize("place", TABLES)
def test_every_transition_is_walked_and_every_other_refused(place: str) -> None:
    table = TABLES[place]
    walked = refused = 0
    for state, event in product(_states(table), _events(table)):
        if (state, event) in table:
            assert advance(table, state, event) is table[state, event]
            walked += 1
        else:
            with pytest.raises(NoTransition, match=f"{event.name} is not possible in {state.name}"):
                advance(table, state, event)
            refused += 1
    assert walked == len(table)
    assert walked + refused == len(_states(table)) * len(_events(table))
    assert refused, f"{place} refuses nothing, so it says nothing"


@pytest.mark.parametrize("place", TABLES)
def test_every_state_is_reached_from_the_first_and_every_event_does_something(place: str) -> None:
    table = TABLES[place]
    first = _states(table)[_drawing(place).first]
    others = _elsewhere(place)
    lost = _places(_states(table)) - _places(_reached(table, first)) - BESIDE.keys() - others
    assert not lost, f"nothing leads to {lost} in {place}"
    idle = _places(_events(table)) - _places(event for _, event in table) - BEGINS.keys() - others
    assert not idle, f"{idle} is never possible in {place}"


@pytest.mark.parametrize("place", TABLES)
def test_every_state_has_a_way_out_but_those_that_are_said_to_be_the_end(place: str) -> None:
    table, drawing = TABLES[place], _drawing(place)
    leaving = {state for (state, _), new in table.items() if new is not state}
    beside = BESIDE.keys() | _elsewhere(place)
    stuck = {state.name for state in set(_states(table)) - leaving if _place(state) not in beside}
    assert stuck == set(drawing.last), f"say on {drawing.page.name} where {place} ends: ending at ..."


@pytest.mark.parametrize("place", sorted(TABLES.keys() - COMPUTED.keys()))
def test_every_table_is_what_some_module_goes_by(place: str) -> None:
    """Whoever goes by a table calls `advance`, or gives the table to what does."""
    name = place.partition(":")[2]
    sources = [path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")]
    gone_by = [text for text in sources if re.search(rf"\b(?:advance|answered|reduce)\([^)]*\b{name}\b", text)]
    assert gone_by, f"nothing goes by {place}"


def test_the_lists_of_exceptions_only_shrink() -> None:
    rows = [row for table in TABLES.values() for row in table.items()]
    assert not _places(state for (old, _), new in rows for state in (old, new)) & BESIDE.keys()
    assert not _places(event for (_, event), _ in rows) & BEGINS.keys()
    assert _places(one for table in TABLES.values() for one in (*_states(table), *_events(table))) > {*BESIDE, *BEGINS}
    assert TABLES.keys() >= COMPUTED.keys()

"""What each page of docs/spec/kinds says of verbs and faults, and docs/spec of the faults any kind can have.

The faults are found in the code that takes an entry in: the literals of a kind's `apply` and of all that it calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from inspect import isfunction
from types import CodeType, FunctionType
from typing import cast

from openline.base.catalogue import sentence
from openline.line.book import Book
from openline.line.kinds import Kind
from openline.node.wiring import registry

_SHOWN = (
    *("answer", "code", "count", "detail", "expected", "fact", "limit", "mark", "members"),
    *("party", "place", "pseudonym", "reason", "ref", "stage", "state", "status", "step", "target"),
)
_OF_EVERY_KIND = (Book.apply, Book._read, Book._refer)  # noqa: SLF001 - the road every entry takes before its kind sees it


def about(name: str) -> str:
    """The verbs and the faults of a kind, as tables."""
    kind = registry().by_name(name)
    assert kind is not None, f"there is no kind {name}"
    return "\n\n".join([_verbs(kind), _table(faults_of(kind))])


def common_faults() -> str:
    """The faults that an entry of any kind may have, as a table."""
    return _table(sorted({fault for function in _OF_EVERY_KIND for fault in _faults(cast("FunctionType", function))}))


def faults_of(kind: Kind) -> list[str]:
    """The ids of the faults that an entry of a kind may have by itself."""
    return sorted(set(_faults(cast("FunctionType", kind.apply))))


def _verbs(kind: Kind) -> str:
    if not kind.verbs:
        return "No verb says it: a node writes it by itself."
    rows = [f"| `{verb.name}` | `{verb.capability}` | {verb.summary} |" for verb in kind.verbs]
    return "\n".join(["| Verb | Needs | |", "| --- | --- | --- |", *rows])


def _table(faults: list[str]) -> str:
    if not faults:
        return "It has no faults but those of [every kind](../README.md#faults)."
    facts = {name: f"‹{name}›" for name in _SHOWN}
    rows = [f"| `{fault}` | {sentence(fault, facts)} |" for fault in faults]
    return "\n".join(["| Fault | What is said of it |", "| --- | --- |", *rows])


def _faults(function: FunctionType) -> Iterator[str]:
    """The ids in a function and in what it calls of the rooms that know kinds, each function once."""
    done: set[FunctionType] = set()
    todo = [function]
    while todo:
        now = todo.pop()
        if now not in done:
            done.add(now)
            for code in _codes(now.__code__):
                yield from (one for one in code.co_consts if isinstance(one, str) and one.startswith("fault-"))
                todo += (found for name in code.co_names for found in _called(now, name))


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _codes(inner)


def _called(function: FunctionType, name: str) -> Iterator[FunctionType]:
    """What `name` may stand for in the rooms that know kinds: a function, a method of a class of the same module."""
    here = function.__globals__
    own = [one for one in here.values() if isinstance(one, type) and one.__module__ == function.__module__]
    for found in (here.get(name) or getattr(Book, name, None), *(vars(one).get(name) for one in own)):
        if not isfunction(found) or name in ("apply", "_read", "_refer"):
            continue
        if found.__module__.startswith(("openline.line.", "openline.voice.")):
            yield found

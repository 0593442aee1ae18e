"""The kinds of a plain line: those that the files of this room define. Adding one is one file, and no list.

A kind is found where it is made: any name of a module, at its top, that holds a Kind. Its number stands in that file
and, for ever, in docs/spec/kinds and tests/line/test_standard.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import openline.line
from openline.line.kinds import Kind, Registry


def kinds_in(room: ModuleType) -> tuple[Kind, ...]:
    """The kinds that the modules of a package make, each once, in the order of their numbers."""
    modules = [import_module(f"{room.__name__}.{file.name}") for file in iter_modules(room.__path__)]
    found = {id(value): value for module in modules for value in vars(module).values() if isinstance(value, Kind)}
    return tuple(sorted(found.values(), key=lambda kind: kind.number))


KINDS = kinds_in(openline.line)


def standard(more: Iterable[Kind] = ()) -> Registry:
    """The registry of the kinds above and `more`."""
    return Registry((*KINDS, *more))

"""Draws the generated parts of the documents: `python -m scripts.docs`, or `make docs`; `--check` writes nothing.

A generated part stands between two marks, and the opening one names where its text comes from:

    <!-- drawn from openline.link.paths:HEALTH starting at DOWN -->   a table of states, as a diagram
    <!-- drawn from ... starting at OFFERED ending at TAKEN, REFUSED -->   the same, with the states it never leaves
    <!-- written by openline.node.config:reference -->                a function that returns Markdown
    <!-- written by scripts.kind_reference:about of stop -->          the same of one thing
    <!-- end -->

`tests/test_docs.py` fails when a part is not what its source says now. Nothing but those parts is written.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import cast

from openline.base.machine import draw

Table = Mapping[tuple[Enum, Enum], Enum]
Writer = Callable[[], str]
WriterOf = Callable[[str], str]

ROOT = Path(__file__).resolve().parent.parent

_PART = re.compile(
    r"(?P<mark><!-- (?:drawn from (?P<table>[\w.]+:\w+) starting at (?P<first>\w+)"
    r"(?: ending at (?P<last>\w+(?:, \w+)*))?"
    r"|written by (?P<writer>[\w.]+:\w+)(?: of (?P<about>[\w-]+))?) -->\n).*?(?P<end><!-- end -->)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A table of states that a document draws: on which page, where it stands in the source, how it begins and ends."""

    page: Path
    place: str
    first: str
    last: tuple[str, ...]

    @property
    def table(self) -> Table:
        """The table itself."""
        return cast("Table", _named(self.place))


def drawings() -> Iterator[Drawing]:
    """Every table that a document draws, page by page."""
    for path in _pages():
        for part in _PART.finditer(path.read_text(encoding="utf-8")):
            if part["table"]:
                yield Drawing(path, part["table"], part["first"], _last(part))


def renewed(page: str) -> str:
    """The text of a page with every generated part made again."""
    return _PART.sub(lambda part: part["mark"] + _text_of(part).strip() + "\n" + part["end"], page)


def stale_pages() -> Iterator[Path]:
    """The documents whose generated parts are not what their sources say now."""
    for path in _pages():
        page = path.read_text(encoding="utf-8")
        if renewed(page) != page:
            yield path


def _pages() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def _text_of(part: re.Match[str]) -> str:
    if part["about"]:
        return cast("WriterOf", _named(part["writer"]))(part["about"])
    if part["writer"]:
        return cast("Writer", _named(part["writer"]))()
    table = cast("Table", _named(part["table"]))
    states = {state.name: state for (old, _), new in table.items() for state in (old, new)}
    drawn = draw(table, states[part["first"]], [states[name] for name in _last(part)])
    return f"```mermaid\n{drawn}\n```"


def _last(part: re.Match[str]) -> tuple[str, ...]:
    return tuple(part["last"].split(", ")) if part["last"] else ()


def _named(place: str) -> object:
    module, name = place.split(":")
    return getattr(import_module(module), name)


def main(words: Sequence[str] = ()) -> int:
    """Writes the stale pages and names them; with `--check` it only names them, and ends with 1 if there are any."""
    stale = list(stale_pages())
    if "--check" in words:
        print("".join(f"stale: {path.relative_to(ROOT)}\n" for path in stale), end="")
        return 1 if stale else 0
    for path in stale:
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
        print(f"renewed {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

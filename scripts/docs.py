"""Draws the generated parts of the documents: `python -m scripts.docs`, or `make docs`.

A generated part stands between two marks, and the opening one names where its text comes from:

    <!-- drawn from openline.link.paths:HEALTH starting at DOWN -->   a table of states, as a diagram
    <!-- written by openline.node.config:reference -->                a function that returns Markdown
    <!-- end -->

`tests/test_docs.py` fails when a part is not what its source says now. Nothing but those parts is written.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import cast

from openline.base.machine import draw

Table = Mapping[tuple[Enum, Enum], Enum]
Writer = Callable[[], str]

ROOT = Path(__file__).resolve().parent.parent

_PART = re.compile(
    r"(?P<mark><!-- (?:drawn from (?P<table>[\w.]+:\w+) starting at (?P<first>\w+)"
    r"|written by (?P<writer>[\w.]+:\w+)) -->\n).*?(?P<end><!-- end -->)",
    re.DOTALL,
)


def renewed(page: str) -> str:
    """The text of a page with every generated part made again."""
    return _PART.sub(lambda part: part["mark"] + _text_of(part).strip() + "\n" + part["end"], page)


def stale_pages() -> Iterator[Path]:
    """The documents whose generated parts are not what their sources say now."""
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]):
        page = path.read_text(encoding="utf-8")
        if renewed(page) != page:
            yield path


def _text_of(part: re.Match[str]) -> str:
    if part["writer"]:
        return cast("Writer", _named(part["writer"]))()
    table = cast("Table", _named(part["table"]))
    first = next(state for state, _ in table if state.name == part["first"])
    return f"```mermaid\n{draw(table, first)}\n```"


def _named(place: str) -> object:
    module, name = place.split(":")
    return getattr(import_module(module), name)


def main() -> int:
    """Writes the stale pages and names them."""
    for path in list(stale_pages()):
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
        print(f"renewed {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The standard operating procedure as a page of Markdown: for the documents, for a terminal, for a wall."""

from __future__ import annotations

from collections.abc import Iterator

from openline.node.sop import SopSection, SopView


def page(view: SopView, heading: str = "##") -> str:
    """The sections, each under a `heading`; with `#` the title stands above them, and they are under `##`."""
    lines = [f"# {view.title}", ""] if heading == "#" else []
    level = "##" if heading == "#" else heading
    for section in view.sections:
        lines += _section(section, level)
    return "\n".join(lines).rstrip() + "\n"


def _section(section: SopSection, level: str) -> Iterator[str]:
    yield f"{level} {section.title}"
    yield ""
    yield from (f"{number}. {text}" for number, text in enumerate(section.text, 1))
    if section.text:
        yield ""
    if section.rows:
        yield _row(section.columns)
        yield _row(("---",) * len(section.columns))
        yield from map(_row, section.rows)
        yield ""


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

"""Tables on a terminal, drawn by rich: every state has a shape, a word and a colour, and never a colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Drawn
from rich.text import Text

from openline.base.text import visible
from openline.cli.output import ISOLATE, POP, Cell, Table

HOME, CLEAR_LINE, CLEAR_BELOW = "\x1b[H", "\x1b[K", "\x1b[J"
SHAPES = {"ok": "●", "u3": "◐", "u2": "▲", "u1": "■", "unk": "◇", "drill": "▢"}
ASCII_SHAPES = {"ok": "(v)", "u3": "(/)", "u2": "/!\\", "u1": "[X]", "unk": "<?>", "drill": "[ ]"}
# Names of the terminal's own palette: it was chosen for its background, which we do not know.
COLOURS = {"ok": "cyan", "u3": "yellow", "u2": "bold yellow", "u1": "bold red", "unk": "magenta", "drill": "bold blue"}


def draw(table: Table, stream: TextIO, *, colour: bool) -> None:
    """Draw `table` on `stream`."""
    console, simple = _console(stream, colour=colour)
    console.print(_drawn(table, simple=simple))


def draw_field(label: str, cell: Cell, stream: TextIO, *, colour: bool) -> None:
    """Draw one labelled field of a page."""
    console, simple = _console(stream, colour=colour)
    console.print(Text(f"{label:<12}", style="dim"), shown(cell, simple=simple), sep="")


def redraw(tables: Sequence[Table], head: str, stream: TextIO, *, colour: bool) -> None:
    """Put `tables` on the screen in place of what stood there, without a flicker."""
    page = StringIO()
    console, simple = _console(stream, colour=colour)
    console.file = page
    console.print(Text(visible(head)))
    for table in tables:
        console.print(_drawn(table, simple=simple))
    lines = page.getvalue().splitlines()
    stream.write(HOME + "".join(f"{line}{CLEAR_LINE}\n" for line in lines) + CLEAR_BELOW)
    stream.flush()


def _console(stream: TextIO, *, colour: bool) -> tuple[Console, bool]:
    simple = (stream.encoding or "ascii").lower().replace("-", "") != "utf8"
    return Console(file=stream, no_color=not colour, markup=False, highlight=False, emoji=False), simple


def _drawn(table: Table, *, simple: bool) -> Drawn:
    drawn = Drawn(box=None if simple else SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for number, column in enumerate(table.columns, 1):
        firm = table.wide and number < len(table.columns)
        drawn.add_column(column, overflow="fold", header_style="dim", no_wrap=firm)
    for row in table.rows:
        drawn.add_row(*(shown(cell, simple=simple) for cell in row))
    return drawn


def shown(cell: Cell | str, *, simple: bool) -> Text:
    """One field as a terminal shows it."""
    if isinstance(cell, str):
        return Text(visible(cell))
    text = visible(cell.text)
    if cell.theirs and text.strip():
        text = f"{ISOLATE}{text}{POP}"
    if not cell.urgency:
        return Text(text)
    shape = (ASCII_SHAPES if simple else SHAPES)[cell.urgency]
    return Text(f"{shape} {text}", style=COLOURS[cell.urgency])

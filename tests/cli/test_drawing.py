"""Tables on a terminal: shape and word beside every colour, and both writing directions kept apart."""

from __future__ import annotations

import io
import re

import pytest

from openline.cli.drawing import ASCII_SHAPES, COLOURS, SHAPES, draw, draw_field, redraw, shown
from openline.cli.output import ISOLATE, POP, Cell, Table

BOARD = Table(("line", "state"), [["alpha-bravo", Cell("DOWN", "u1")]])


class Terminal(io.StringIO):
    """A terminal of 80 columns."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]  # a terminal has one
        return self._encoding

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_a_state_has_shape_word_and_colour() -> None:
    terminal = Terminal()
    draw(BOARD, terminal, colour=True)
    assert "■ DOWN" in terminal.getvalue()
    assert "\x1b[1;31m" in terminal.getvalue()


def test_without_colour_shape_and_word_stay() -> None:
    terminal = Terminal()
    draw(BOARD, terminal, colour=False)
    assert "■ DOWN" in terminal.getvalue()
    assert "31m" not in terminal.getvalue()


def test_a_terminal_of_letters_only_gets_letters() -> None:
    terminal = Terminal("ascii")
    draw(BOARD, terminal, colour=False)
    assert "[X] DOWN" in terminal.getvalue()
    assert terminal.getvalue().isascii()


def test_every_urgency_has_a_shape_a_plain_shape_and_a_colour() -> None:
    assert SHAPES.keys() == ASCII_SHAPES.keys() == COLOURS.keys()
    assert len(set(SHAPES.values())) == len(set(ASCII_SHAPES.values())) == len(SHAPES)


def test_what_came_from_the_other_side_is_isolated_and_visible() -> None:
    assert shown(Cell("مرحبا \u202e!", theirs=True), simple=False).plain == f"{ISOLATE}مرحبا <U+202E>!{POP}"
    assert shown("\x1b[2J", simple=False).plain == "<U+001B>[2J"


def test_markup_in_a_text_is_only_text() -> None:
    terminal = Terminal()
    draw(Table(("text",), [[Cell("[bold red]hello[/] :bomb:", theirs=True)]]), terminal, colour=True)
    assert "[bold red]hello[/] :bomb:" in terminal.getvalue()


def test_a_field_has_its_label() -> None:
    terminal = Terminal()
    draw_field("precedence", Cell("FLASH", "u1"), terminal, colour=False)
    assert re.sub(r"\x1b\[[0-9;]*m", "", terminal.getvalue()) == "precedence  ■ FLASH\n"


def test_a_page_is_drawn_over_the_old_one_without_clearing_first() -> None:
    terminal = Terminal()
    redraw([BOARD], "alpha  212231Z NOV 26", terminal, colour=False)
    assert terminal.getvalue().startswith("\x1b[H")
    assert terminal.getvalue().endswith("\x1b[J")
    assert all(line.endswith("\x1b[K") for line in terminal.getvalue().splitlines()[:-1])

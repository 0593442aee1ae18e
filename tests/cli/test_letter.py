"""One entry as a person reads it."""

from __future__ import annotations

import pytest

from openline.cli.context import App
from openline.cli.letter import listing, print_letter, standing
from openline.cli.output import Cell
from openline.cli.settings import Settings
from tests.cli.conftest import Run

TIME = {"rfc3339": "2026-11-21T22:31:04.123Z", "dtg": "212231Z NOV 26"}


def test_where_an_entry_stands_is_said_in_words() -> None:
    stages = [{"stage": "RECEIVED"}, {"stage": "DISPLAYED"}, {"stage": "DISPLAYED"}]
    assert standing({"standing": "open", "stages": stages}) == "RECEIVED, DISPLAYED"
    assert standing({"standing": "cancelled", "stages": []}) == "CANCELLED"
    assert standing({"standing": None}) == "-"


def test_an_exercise_is_marked_on_every_row(at_node: Run) -> None:
    entry = at_node("record", "show", "bravo:1", "--json").json()["entry"]
    assert isinstance(entry, dict)
    app = App(Settings(), "inbox")
    assert "EXERCISE" in listing({"entries": [{**entry, "mark": "EXERCISE"}]}, app).rows[0]
    app.output.is_terminal = True
    assert Cell("EXERCISE ROUTINE", "drill") in listing({"entries": [{**entry, "mark": "EXERCISE"}]}, app).rows[0]


def test_a_terminal_shows_a_long_text_on_one_row_and_whole_on_its_page(at_node: Run) -> None:
    entry = at_node("record", "show", "bravo:1", "--json").json()["entry"]
    assert isinstance(entry, dict)
    app = App(Settings(), "inbox")
    app.output.is_terminal = True
    row = listing({"entries": [{**entry, "text": "one\ntwo " * 50}]}, app).rows[0]
    assert isinstance(row[-1], Cell)
    assert row[-1].text.endswith("…")
    assert "\n" not in row[-1].text


def test_a_page_has_every_fact_of_the_entry(at_node: Run) -> None:
    page = at_node("record", "show", "bravo:1").out
    assert "stage\tDISPLAYED at alpha 2026-11-21T22:31:04.123Z by night" in page
    assert page.startswith("entry\talpha-bravo/bravo:1\nkind\tmessage\n")


def test_what_is_wrong_with_an_entry_is_shown(at_node: Run, capsys: pytest.CaptureFixture[str]) -> None:
    entry = at_node("record", "show", "bravo:1", "--json").json()["entry"]
    assert isinstance(entry, dict)
    faulty = {**entry, "faults": [{"id": "fault-own-entry", "facts": {}}]}
    print_letter(App(Settings(), "read"), faulty)
    assert "fault\tfault-own-entry\n" in capsys.readouterr().out

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


def page(app: App, capsys: pytest.CaptureFixture[str], entry: dict[str, object]) -> list[str]:
    print_letter(app, entry)
    return capsys.readouterr().out.splitlines()


def test_whose_words_they_are_and_what_was_produced_stands_on_the_page(
    at_node: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = at_node("record", "show", "bravo:1", "--json").json()["entry"]
    assert isinstance(entry, dict)
    app = App(Settings(), "record show")
    of = {
        "id": "alpha:9",
        "party": "alpha",
        "language": "fr",
        "by": "linguist",
        "state": "disputed",
        "withdrawn": False,
    }
    shown = page(app, capsys, {**entry, "translated": [of]})
    assert "words\tThe words in en are the authentic ones." in shown
    assert "translation\talpha:9 fr disputed, by linguist at alpha" in shown
    body: dict[str, object] = {"state": "DRAFT", "author": "linguist", "releasable": "OWN"}
    shown = page(app, capsys, {**entry, "translation_of": "alpha:3", "body": body})
    assert any(
        row.startswith("words\tA translation; the authentic words are those of alpha:3.") and row.endswith(": draft")
        for row in shown
    )
    assert "releasable\tto own only" in shown
    warning = {
        "kind": "warning",
        "times": 3,
        "body": {"code": "dam", "to": "bravo", "through": ["a State", "an envoy"]},
    }
    shown = page(app, capsys, {**entry, **warning})
    assert {"said\tsaid 3 times", "to\tbravo", "through\ta State, an envoy", "code\tdam"} <= set(shown)


@pytest.mark.parametrize(
    ("produced", "told"),
    [
        ((False, False), "no evidence produced"),
        ((False, True), "evidence produced by bravo, none by alpha"),
        ((True, True), "evidence produced by alpha, bravo"),
    ],
)
def test_an_allegation_is_never_shown_without_what_was_produced(
    at_node: Run, capsys: pytest.CaptureFixture[str], produced: tuple[bool, bool], told: str
) -> None:
    entry = at_node("record", "show", "bravo:1", "--json").json()["entry"]
    assert isinstance(entry, dict)
    rows = [{"party": party, "produced": is_so} for party, is_so in zip(("alpha", "bravo"), produced, strict=True)]
    app, shown = App(Settings(), "record show"), {**entry, "evidence": rows}
    assert f"evidence\t{told}" in page(app, capsys, shown)
    assert any(told in str(cell) for cell in listing({"entries": [shown]}, app).rows[0])
    app.output.is_terminal = True
    assert told in listing({"entries": [shown]}, app).rows[0]

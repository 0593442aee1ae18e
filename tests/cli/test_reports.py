"""The report and the ledger at the command line."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import cast

from tests.cli.conftest import Run
from tests.console.caller import ask
from tests.console.entrance_vectors import world


def test_the_digest_is_that_of_the_canonical_bytes(at_node: Run) -> None:
    with world() as app:
        whole = ask(app, "GET", "/api/v1/report?month=2026-11").body
    value = at_node("report", "--month", "2026-11", "--json").json()
    assert value["digest"] == sha256(whole).hexdigest()
    assert cast("dict[str, object]", value["canonical"])["month"] == "2026-11"


def test_the_figures_as_text(at_node: Run) -> None:
    rows = at_node("report", "--month", "2026-11").rows()
    assert ["check", "OPERATION", "text", "alpha.example", "bravo.example", "1", "1", "42.0 s", "42.0 s"] in rows
    assert ["check", "EXERCISE", "ping", "alpha.example", "bravo.example", "1", "0", "-", "-"] in rows
    assert ["date", "OPERATION", "voice", "0", "1", "0"] in rows
    assert [row[0] for row in rows][-2:] == ["at", "digest"]


def test_the_page_is_written_into_a_new_file(at_node: Run, tmp_path: Path) -> None:
    file = tmp_path / "november.html"
    assert at_node("report", "--month", "2026-11", "--html", str(file)).code == 0
    assert file.read_text("utf-8").startswith("<!doctype html>")
    assert at_node("report", "--month", "2026-11", "--html", str(file)).code != 0, "never over another file"


def test_refusals_of_the_node_are_told(at_node: Run) -> None:
    assert "2026-13" in at_node("report", "--month", "2026-13").err
    assert at_node("report").code == 2
    assert "400" in at_node("report", "--month", "2026-11", "--at", "alpha:9,bravo:400").err


def test_the_ledger_has_both_sides_the_gaps_and_the_dates(at_node: Run) -> None:
    rows = at_node("silences").rows()
    assert [row[2] for row in rows if row[0] == "silence"] == [
        "alpha.example",
        "bravo.example",
        "only alpha.example",
        "only bravo.example",
    ]
    assert next(row[1:] for row in rows if row[0] == "date")[::2] == ["voice", "skipped"]

"""Holds and retention on the command line."""

from __future__ import annotations

import pytest

from tests.cli.conftest import FakeNode, Run
from tests.console.desk import LINE

WHY = ("--reason", "inquiry 12", "--authority", "the judge advocate")


def test_a_hold_is_placed_over_a_period_entries_or_the_line(node: FakeNode, at_node: Run) -> None:
    assert at_node("hold", "place", LINE, "--from", "2026-11-20", *WHY).code == 0
    assert at_node("hold", "place", LINE, "--entry", "bravo:14", "--entry", "alpha:7", *WHY).code == 0
    assert at_node("hold", "place", LINE, "--whole", *WHY, "--mark", "exercise").code == 0
    why = {"reason": "inquiry 12", "authority": "the judge advocate"}
    assert [row["arguments"] for row in node.desk.asked] == [
        {**why, "whole": False, "since": "2026-11-20T00:00:00Z"},
        {**why, "whole": False, "entries": ["bravo:14", "alpha:7"]},
        {**why, "whole": True},
    ]
    assert [(row["verb"], row["mark"]) for row in node.desk.asked][2] == ("hold", "EXERCISE")


def test_it_is_lifted(node: FakeNode, at_node: Run) -> None:
    assert at_node("hold", "lift", "alpha:7", *WHY).code == 0
    (asked,) = node.desk.asked
    assert (asked["verb"], asked["arguments"]) == (
        "lift-hold",
        {"entry": "alpha:7", "reason": "inquiry 12", "authority": "the judge advocate"},
    )


def test_holds_are_listed_with_what_the_other_side_wrote_made_visible(at_node: Run) -> None:
    (row,) = at_node("hold", "list").rows()
    assert row[:3] == ["alpha-bravo/bravo:3", "bravo.example", "STANDING"]
    assert row[3].endswith("to no end")
    assert "\x1b" not in row[4]


@pytest.mark.parametrize("dry", [True, False])
def test_what_was_done_is_a_row_for_each_line_and_class(node: FakeNode, at_node: Run, dry: bool) -> None:
    (row,) = at_node("retention", "run", *(["--dry-run"] if dry else [])).rows()
    assert row == [LINE, "messages", *["1"] * 8]
    assert node.desk.retained == [dry]


def test_the_classes_are_shown(at_node: Run) -> None:
    rows = at_node("retention", "show").rows()
    assert ["messages", "30", "message", "OPERATION", "yes"] in rows
    assert ["kind", "recording-chunk"] in rows

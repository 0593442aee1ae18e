"""Demands, warnings and allegations on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from tests.cli.conftest import FakeNode, Run
from tests.console.desk import LINE


def test_a_demand_is_made_repeated_and_answered(node: FakeNode, at_node: Run) -> None:
    assert at_node("demand", "make", LINE, "cease-fire", "--words", "Cease fire.", "--contact", "alpha:0").code == 0
    ran = at_node("demand", "make", LINE, "cease-fire", "--repeats", "alpha:8", "--answer-by", "+48h")
    assert ran.code == 0
    assert "Answer by " in ran.err
    assert at_node("demand", "answer", "bravo:14", "meet-in-part", "--words", "One front.").code == 0
    assert at_node("demand", "answer", "bravo:14", "perhaps").code == 2
    first, second, third = node.desk.asked
    base = {"code": "cease-fire", "precedence": "routine"}
    assert first["arguments"] == {**base, "words": "Cease fire.", "contact": "alpha:0"}
    arguments = cast("dict[str, object]", second["arguments"])
    assert (second["verb"], arguments["repeats"]) == ("demand", "alpha:8")
    assert (third["verb"], third["arguments"]) == (
        "answer-demand",
        {"entry": "bravo:14", "answer": "meet-in-part", "words": "One front."},
    )


def test_the_list_counts_demands_and_shows_who_has_said_nothing(at_node: Run) -> None:
    rows = [[row[0], row[2], row[3], row[4], row[5], row[6]] for row in at_node("demand", "list").rows()]
    assert rows == [
        ["alpha-bravo/alpha:8", "immediate-cease-fire", "2", "bravo", "open", "Cease fire."],
        ["alpha-bravo/alpha:7", "immediate-cease-fire", "1", "bravo", "refused", "Cease fire."],
    ]


def test_a_warning_is_given_through_third_parties_and_counted(node: FakeNode, at_node: Run) -> None:
    words = ("--through", "a third State", "--through", "an envoy", "--to", "bravo", "--words", "Beware.")
    assert at_node("warning", "give", LINE, "dam", *words, "-p", "immediate").code == 0
    (asked,) = node.desk.asked
    assert (asked["verb"], asked["arguments"]) == (
        "warn",
        {
            "code": "dam",
            "words": "Beware.",
            "to": "bravo",
            "precedence": "immediate",
            "through": ["a third State", "an envoy"],
        },
    )
    (row,) = at_node("warning", "list").rows()
    assert row[2:] == ["arms", "1", "bravo", "-", "a third State, an envoy", "Parties to it."]


def test_an_allegation_without_a_file_says_that_no_evidence_was_produced(
    node: FakeNode, at_node: Run, tmp_path: Path
) -> None:
    assert at_node("allegation", "make", LINE, "dam-mined", "--words", "Mined.").code == 2, "against whom?"
    assert at_node("allegation", "make", LINE, "dam-mined", "--against", "bravo").code == 0
    (tmp_path / "picture").write_bytes(b"a picture")
    assert at_node("allegation", "reply", "bravo:5", "deny", "--attach", str(tmp_path / "picture")).code == 0
    first, second = node.desk.asked
    assert first["arguments"] == {"code": "dam-mined", "against": "bravo", "precedence": "routine"}
    arguments = second["arguments"]
    assert isinstance(arguments, dict)
    assert (second["verb"], arguments["reply"], arguments["attachments"][0]["size"]) == ("answer-allegation", "deny", 9)


def test_the_list_says_that_neither_side_has_produced_evidence(at_node: Run) -> None:
    (row,) = at_node("allegation", "list").rows()
    assert [row[0], *row[2:8]] == [
        "alpha-bravo/bravo:5",
        "dam-mined",
        "bravo",
        "alpha.example",
        "alpha",
        "denied",
        "no evidence produced",
    ]
    assert row[8] == "You have <U+202E>mined it.", "what the other side wrote is made visible"
    assert at_node("--lang", "fr", "allegation", "list").rows()[0][7] == "aucune preuve produite"

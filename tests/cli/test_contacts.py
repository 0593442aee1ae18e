"""Commands about contacts: looking at them, entering them, stating facts, and attempts."""

from __future__ import annotations

import pytest

from tests.cli.conftest import FakeNode, Run


def test_contacts_come_with_sentences_in_the_asked_language(at_node: Run) -> None:
    ran = at_node("contacts", "--since", "2022-02-24", "--level", "minister", "--lang", "fr")
    rows = ran.rows()
    assert rows[0] == [
        "alpha-bravo/alpha:0",
        "2022-05-13",
        "minister",
        "telephone",
        "alpha.example, bravo.example",
        "elsewhere",
    ]
    assert ["alpha-bravo/alpha:0", "Une tentative au niveau des ministres le précède."] in rows


def test_the_grid_has_every_side_in_every_fact_and_each_cell_its_source(at_node: Run) -> None:
    rows = at_node("contact", "show", "2022-05-13").rows()
    cells = [row for row in rows if len(row) == 6]
    assert [
        "DURATION",
        "alpha",
        "STATED",
        "about 60",
        "alpha:2",
        "an official (anonymous) ← an agency (quoted)",
    ] in cells
    assert ["DURATION", "bravo", "NOT_STATED", "-", "-", "-"] in cells


def test_what_the_other_side_has_written_moves_no_cursor(at_node: Run) -> None:
    ran = at_node("contact", "show", "alpha-bravo/alpha:0")
    assert "\u202e" not in ran.out
    assert "<U+202E>by alpha" in ran.out


def test_a_day_without_a_contact_is_no_result(at_node: Run) -> None:
    ran = at_node("contact", "show", "2022-05-14")
    assert (ran.code, ran.out) == (2, "")
    assert "2022-05-14" in ran.err


def test_a_contact_is_entered_with_what_is_known_of_it(node: FakeNode, at_node: Run) -> None:
    words = ["--level", "minister", "--elsewhere", "--with", "alpha", "--with", "bravo", "--same-as", "bravo:4"]
    assert at_node("contact", "enter", "alpha-bravo", "2022-05-13", *words).code == 0
    assert node.desk.asked[0]["verb"] == "contact"
    assert node.desk.asked[0]["arguments"] == {
        "began": "2022-05-13",
        "parties": ["alpha", "bravo"],
        "elsewhere": True,
        "level": "minister",
        "medium": "not-stated",
        "same_as": "bravo:4",
    }


def test_a_statement_has_its_sources_in_order(node: FakeNode, at_node: Run) -> None:
    sources = ["--source", "anonymous:an official", "--source", "quoted:an agency: its desk"]
    assert at_node("state", "alpha:0", "tone", "professional", "--words", "calm", *sources).code == 0
    assert node.desk.asked[0]["arguments"] == {
        "entry": "alpha:0",
        "fact": "tone",
        "value": "professional",
        "words": "calm",
        "sources": [{"who": "an official", "how": "anonymous"}, {"who": "an agency: its desk", "how": "quoted"}],
    }


def test_a_side_may_contradict_by_name(node: FakeNode, at_node: Run) -> None:
    assert at_node("state", "alpha:0", "tone", "--contradicts", "bravo:3").code == 0
    assert node.desk.asked[0]["arguments"] == {
        "entry": "alpha:0",
        "fact": "tone",
        "stance": "contradicts",
        "named": "bravo:3",
    }


@pytest.mark.parametrize(
    "words",
    [
        ["state", "alpha:0", "tone", "--source", "somebody"],
        ["state", "alpha:0", "mood", "cold"],
        ["state", "alpha", "tone", "cold"],
        ["contact", "enter", "alpha-bravo", "2022-05-13"],
        ["attempt", "alpha-bravo", "--level", "minister"],
        ["attempt", "alpha-bravo", "--result", "busy"],
    ],
)
def test_what_is_not_understood_reaches_no_node(node: FakeNode, at_node: Run, words: list[str]) -> None:
    assert at_node(*words).code == 2
    assert not node.desk.asked


def test_our_own_name_for_a_level_is_left_to_the_node_as_it_is_typed(node: FakeNode, at_node: Run) -> None:
    for given, sent in (("MINISTER", "minister"), ("Secretary of the Council", "Secretary of the Council")):
        assert at_node("attempt", "alpha-bravo", "--level", given, "--result", "busy").code == 0
        arguments = node.desk.asked[-1]["arguments"]
        assert isinstance(arguments, dict)
        assert arguments["level"] == sent


def test_an_attempt_is_entered(node: FakeNode, at_node: Run) -> None:
    assert at_node("attempt", "alpha-bravo", "--level", "minister", "--result", "busy", "--mark", "exercise").code == 0
    assert (node.desk.asked[0]["arguments"], node.desk.asked[0]["mark"]) == (
        {"level": "minister", "result": "busy", "medium": "call"},
        "EXERCISE",
    )

"""The commands of the register of names and of contested terms."""

from __future__ import annotations

from tests.cli.conftest import FakeNode, Run
from tests.console.desk import LINE


def test_the_register_is_listed_with_what_the_other_side_wrote_made_visible(at_node: Run) -> None:
    ran = at_node("names", "list", "person:shoigu")
    assert ran.rows()[0] == ["person:shoigu", "Shoigu", "en", "Latn", "alpha", "alpha:4", "S1"]
    assert ran.rows()[2][1] == "Шой<U+202E>гу"
    assert at_node("names", "list", "--exercise").rows() == []


def test_a_spelling_goes_to_the_node_with_its_language_script_and_source(node: FakeNode, at_node: Run) -> None:
    options = ["--lang", "ru", "--script", "Cyrl", "--source", "note of 3 May", "--mark", "exercise"]
    assert at_node("names", "add", LINE, "person:shoigu", "Сергей", "Шойгу", *options).code == 0
    (asked,) = node.desk.asked
    spelling = {"text": "Сергей Шойгу", "language": "ru", "script": "Cyrl", "source": "note of 3 May"}
    assert asked["arguments"] == {"id": "person:shoigu", "spellings": [spelling]}
    assert (asked["verb"], asked["mark"]) == ("name", "EXERCISE")


def test_a_spelling_without_a_language_is_refused_before_it_is_said(node: FakeNode, at_node: Run) -> None:
    assert at_node("names", "add", LINE, "person:shoigu", "Shoigu").code == 2
    assert at_node("terms", "word", LINE, "events", "war").code == 2
    assert node.desk.asked == []


def test_terms_are_listed_by_party_and_what_is_agreed(at_node: Run) -> None:
    assert at_node("terms", "list").rows() == [
        ["events", "en", "alpha", "war"],
        ["events", "en", "bravo", "operation"],
        ["events", "en", "charter", "the events"],
        ["events", "fr", "proposed by bravo", "les événements"],
    ]


def test_a_word_a_formula_and_an_agreement(node: FakeNode, at_node: Run) -> None:
    assert at_node("terms", "word", LINE, "events", "guerre", "--lang", "fr").code == 0
    assert at_node("terms", "formula", LINE, "events", "the", "events", "--lang", "en").code == 0
    assert at_node("terms", "formula", LINE, "events", "--lang", "en").code == 0
    assert [(asked["verb"], asked["arguments"]) for asked in node.desk.asked] == [
        ("term", {"id": "events", "word": "guerre", "language": "fr"}),
        ("formula", {"id": "events", "language": "en", "word": "the events"}),
        ("formula", {"id": "events", "language": "en"}),
    ]

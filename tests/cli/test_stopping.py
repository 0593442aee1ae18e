"""STOP on the command line: one line, no question, and one answer that closes it."""

from __future__ import annotations

import pytest

from tests.cli.conftest import FakeNode, Run
from tests.console.desk import LINE


@pytest.mark.parametrize("words", [("stop",), ("stop", "now")])
def test_it_is_called_at_once_with_or_without_a_text(node: FakeNode, at_node: Run, words: tuple[str, ...]) -> None:
    assert at_node(*words, LINE, "--place", "the bridge").code == 0
    assert at_node(*words, LINE, "--about", "bravo:14", "your", "fire", "--lang", "en", "--mark", "exercise").code == 0
    assert [row["arguments"] for row in node.desk.asked] == [
        {"place": "the bridge"},
        {"about": "bravo:14", "language": "en", "text": "your fire"},
    ]
    assert [(row["verb"], row["mark"]) for row in node.desk.asked] == [("stop", "OPERATION"), ("stop", "EXERCISE")]


def test_it_is_answered_with_one_of_three_words(node: FakeNode, at_node: Run) -> None:
    assert at_node("stop", "answer", "bravo:14", "not-ours").code == 0
    assert at_node("stop", "answer", "bravo:14", "perhaps").code == 2
    (asked,) = node.desk.asked
    assert asked["arguments"] == {"entry": "bravo:14", "answer": "not-ours", "note": ""}


def test_the_list_shows_how_each_party_stands_and_the_clock(at_node: Run) -> None:
    (row,) = at_node("stop", "list").rows()
    assert row == [row[0], row[1], "bravo", "STANDING", "0 s", "37TCL 123 456", "Your fire is hitting us."]


def test_who_it_was_follows(node: FakeNode, at_node: Run) -> None:
    assert at_node("tap", "alpha:7").code == 2
    assert at_node("tap", "alpha:7", "--by", "watch-2").code == 0
    (asked,) = node.desk.asked
    assert asked["arguments"] == {"entry": "alpha:7", "by": "watch-2"}

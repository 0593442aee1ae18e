"""`openline search`: the words and filters of the command, and its rows."""

from __future__ import annotations

import pytest

from tests.cli.conftest import FakeNode, Run
from tests.console.desk import LINE, NOW


def test_every_hit_is_a_row_with_the_other_side_s_signs_made_visible(at_node: Run) -> None:
    ran = at_node("search", "fire")
    first, second = ran.rows()
    assert first[:6] == [f"{LINE}/bravo:14", NOW.rfc3339(), "OPERATION", "message", "watch at bravo", "exact"]
    assert first[7].startswith("Fire at <U+001B>[31m once<U+202E>")
    assert (second[0], second[5], second[7]) == (f"{LINE}/bravo:9", "similar", "Choïgou called")
    assert (first[6], second[6]) == ("en", "fr, translation of alpha:3 (en)")


def test_words_and_options_become_one_question(node: FakeNode, at_node: Run) -> None:
    options = ["--line", LINE, "--kind", "message", "--party", "bravo", "--mark", "operation", "--exact"]
    more = ["--since", "2022-05-13", "--until", "2022-05-14", "--count", "7", "--before", "99"]
    assert at_node("search", "Choïgou", "calls", *options, *more).code == 0
    (asked,) = node.desk.searched
    assert (asked.text, asked.line, asked.kind, asked.party) == ("Choïgou calls", LINE, "message", "bravo")
    assert (asked.mark, asked.since, asked.until) == ("OPERATION", "2022-05-13", "2022-05-14")
    assert (asked.similar, asked.count, asked.before) == (False, 7, 99)


def test_it_is_told_when_nothing_was_found_and_when_the_index_is_behind(node: FakeNode, at_node: Run) -> None:
    node.desk.behind = 12
    ran = at_node("search", "nothing")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.splitlines() == ["Nothing was found.", "12 newer entries are not in the search index yet."]


def test_a_full_page_tells_how_to_go_on(at_node: Run) -> None:
    assert "14" in at_node("search", "fire", "--count", "1").err
    assert at_node("search", "fire", "--count", "1", "--json").json()["next_before"] == 14


@pytest.mark.parametrize("words", [["*"], ["x" * 2_000], ['"', "-"]])
def test_what_cannot_be_searched_ends_with_a_sentence(at_node: Run, words: list[str]) -> None:
    ran = at_node("search", "--", *words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("openline: ")

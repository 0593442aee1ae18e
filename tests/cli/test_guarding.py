"""Commands of the watch: handing over, taking item by item, checks and drills."""

from __future__ import annotations

from typing import cast

from tests.cli.conftest import FakeNode, Run


def arguments(node: FakeNode) -> dict[str, object]:
    return cast("dict[str, object]", node.desk.asked[-1]["arguments"])


def test_a_handover_names_who_and_to_whom(node: FakeNode, at_node: Run) -> None:
    assert at_node("watch", "handover", "--by", "Osprey", "--to", "Heron", "--note", "quiet").code == 0
    assert node.desk.asked[-1]["verb"] == "hand-over"
    assert arguments(node) == {"by": "Osprey", "to": "Heron", "note": "quiet"}


def test_items_are_accepted_and_without_any_the_watch_is_taken(node: FakeNode, at_node: Run) -> None:
    assert at_node("watch", "take", "alpha-bravo/alpha:2", "bravo:0", "bravo:1", "--by", "Heron").code == 0
    wanted = {"entry": "alpha:2", "step": "accept", "items": ["bravo:0", "bravo:1"], "by": "Heron"}
    assert arguments(node) == wanted
    assert at_node("watch", "take", "alpha:2", "--by", "Heron").code == 0
    assert arguments(node) == {"entry": "alpha:2", "step": "take", "by": "Heron"}
    assert at_node("watch", "take", "alpha:2", "--refuse", "--reason", "too much").code == 0
    assert arguments(node) == {"entry": "alpha:2", "step": "refuse", "reason": "too much"}
    assert at_node("watch", "take", "alpha:2", "--withdraw").code == 0
    assert arguments(node)["step"] == "withdraw"


def test_one_thing_at_a_time(node: FakeNode, at_node: Run) -> None:
    for words in (["--refuse", "--withdraw"], ["bravo:0", "--refuse"]):
        assert at_node("watch", "take", "alpha:2", *words).code == 2
    assert not node.desk.asked


def test_the_log_shows_who_owns_what_and_what_is_due(at_node: Run) -> None:
    rows = at_node("watch", "log").rows()
    assert ["open", "bravo:0", "FLASH", "Heron"] in rows
    assert {row[0] for row in rows} == {"date", "open", "handover", "check"}
    assert ["taken", "-"] in [row[5:] for row in rows if row[0] == "handover"]
    assert [row[5:] for row in rows if row[0] == "check"] == [["bravo.example (Kite)", "42.0 s"]]


def test_a_check_is_for_the_date_that_is_due_or_for_none(node: FakeNode, at_node: Run) -> None:
    assert at_node("check", "now").code == 2, "none is due in this world"
    assert at_node("check", "now", "--undated", "--by", "Osprey").code == 0
    assert arguments(node) == {"form": "text", "by": "Osprey"}
    assert at_node("check", "now", "--undated", "--voice", "alpha-bravo/alpha:3").code == 0
    assert arguments(node) == {"form": "voice", "call": "alpha:3"}


def test_a_check_is_answered_by_the_watch(node: FakeNode, at_node: Run) -> None:
    assert at_node("check", "answer", "bravo:14", "--by", "Heron").code == 0
    assert (node.desk.asked[-1]["verb"], arguments(node)) == ("ack", {"entry": "bravo:14", "by": "Heron"})


def test_a_date_is_skipped_and_kept(node: FakeNode, at_node: Run) -> None:
    due = "2026-11-22T06:00:00Z"
    assert at_node("check", "skip", "alpha-bravo", due, "--form", "voice", "--reason", "both move").code == 0
    assert arguments(node) == {"due": due, "word": "skip", "form": "voice", "reason": "both move"}
    assert at_node("check", "keep", "alpha-bravo", due).code == 0
    assert arguments(node) == {"due": due, "word": "keep", "form": "text"}


def test_a_drill_is_an_exercise_whatever_is_said(node: FakeNode, at_node: Run) -> None:
    assert at_node("drill", "run", "--mark", "test").code == 0
    assert (node.desk.asked[-1]["mark"], arguments(node)) == ("EXERCISE", {"form": "ping"})


def test_drills_are_listed_with_the_score_of_each_side(at_node: Run) -> None:
    rows = at_node("drill", "list").rows()
    assert [row[0] for row in rows] == ["check", "score"]
    assert rows[1][1:] == ["ping", "alpha.example", "bravo.example", "1", "0", "-", "-"]

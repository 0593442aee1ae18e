"""Commands about requests for calls."""

from __future__ import annotations

from typing import cast

from tests.cli.conftest import FakeNode, Run


def test_a_request_says_its_deadline_back_in_full(node: FakeNode, at_node: Run) -> None:
    ran = at_node("request", "new", "alpha-bravo", "Movements", "near", "--level", "minister", "--answer-by", "+48h")
    assert ran.code == 0
    assert "Answer by " in ran.err
    arguments = cast("dict[str, object]", node.desk.asked[0]["arguments"])
    assert arguments["subject"] == "Movements near"
    assert str(arguments["reply_by"]).endswith("Z")


def test_a_request_needs_a_level(node: FakeNode, at_node: Run) -> None:
    assert at_node("request", "new", "alpha-bravo", "Movements").code == 2
    assert not node.desk.asked


def test_an_answer_names_its_window_its_level_or_its_reason(node: FakeNode, at_node: Run) -> None:
    assert at_node("request", "answer", "bravo:14", "propose", "--from", "+1h", "--until", "+2h").code == 0
    assert at_node("request", "answer", "bravo:14", "delegate", "--level", "adviser").code == 0
    assert at_node("request", "answer", "bravo:14", "decline", "--reason", "not this week").code == 0
    asked = [cast("dict[str, object]", row["arguments"]) for row in node.desk.asked]
    assert sorted(asked[0]) == ["answer", "entry", "from", "until"]
    assert asked[1] == {"entry": "bravo:14", "answer": "delegate", "level": "adviser"}
    assert asked[2] == {"entry": "bravo:14", "answer": "decline", "reason": "not this week"}


def test_an_answer_nobody_knows_is_refused(node: FakeNode, at_node: Run) -> None:
    assert at_node("request", "answer", "bravo:14", "perhaps").code == 2
    assert not node.desk.asked


def test_the_list_shows_none_where_no_answer_came(at_node: Run) -> None:
    row, _ = at_node("request", "list").rows()
    assert (row[0], row[2], row[4:]) == ("alpha-bravo/alpha:5", "minister", ["bravo", "none", "Movements"])


def test_a_call_that_recurs_has_a_length_between_its_times(node: FakeNode, at_node: Run) -> None:
    words = ("request", "new", "alpha-bravo", "Weekly", "--level", "operational", "--from", "+1h", "--until", "+2h")
    assert at_node(*words, "--every", "7d", "--last", "2027-06-01T00:00:00Z").code == 0
    arguments = cast("dict[str, object]", node.desk.asked[0]["arguments"])
    assert (arguments["every"], arguments["last"]) == (7 * 1440, "2027-06-01T00:00:00.000Z")
    for wrong in ("weekly", "0d", "7", "-1h", "7w"):
        assert at_node(*words, "--every", wrong).code == 2
    assert len(node.desk.asked) == 1


def test_its_dates_are_listed_the_skipped_ones_too(at_node: Run) -> None:
    rows = at_node("request", "dates").rows()
    assert [(row[0], row[3], row[5]) for row in rows] == [
        ("alpha-bravo/alpha:6", "1", "skipped"),
        ("alpha-bravo/alpha:6", "2", "skipped"),
        ("alpha-bravo/alpha:6", "3", "ahead"),
    ]

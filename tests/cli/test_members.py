"""Members on the command line: digits are taken from what was accepted here, and what is for good is asked first."""

from __future__ import annotations

import pytest

from tests.cli.conftest import FakeNode, Run
from tests.console.desk import LINE
from tests.console.fellows import CHARLIE_DIGITS


def test_the_members_are_shown_with_who_is_proposed_and_what_is_awaited(at_node: Run) -> None:
    rows = at_node("line", "members", LINE).rows()
    assert [row[1:3] for row in rows if row[0] == "member"] == [
        ["alpha.example", "MEMBER"],
        ["bravo.example", "MEMBER"],
    ]
    assert any(row[:4] == ["proposal", f"{LINE}/bravo:20", "JOIN", "charlie.example"] for row in rows)
    assert any(row[0] == "open" and row[3] == "0 of 1" for row in rows)
    assert any(row[:2] == ["outsider", "delta.example"] for row in rows)


def test_a_party_is_proposed_with_the_digits_that_were_accepted(node: FakeNode, at_node: Run) -> None:
    words = ("--as", "north", "--from", "2026-12-01T06:00:00Z", "--reason", "patrols", "--past")
    assert at_node("line", "join", LINE, "charlie.example", *words).code == 0
    (asked,) = node.desk.asked
    assert asked["verb"] == "propose-join"
    assert asked["arguments"] == {
        "party": "charlie.example",
        "fingerprint": CHARLIE_DIGITS,
        "past": True,
        "line": "north",
        "from_time": "2026-12-01T06:00:00Z",
        "reason": "patrols",
    }


def test_a_party_whose_card_is_not_accepted_cannot_be_proposed(node: FakeNode, at_node: Run) -> None:
    ran = at_node("line", "join", LINE, "nobody.example", "--json")
    assert ran.code == 2
    assert "member-not-introduced" in ran.err
    assert node.desk.asked == []


def test_an_assent_names_our_own_digits_and_a_refusal_its_reason(node: FakeNode, at_node: Run) -> None:
    assert at_node("line", "assent", f"{LINE}/bravo:20").code == 0
    assert at_node("line", "refuse", "bravo:20", "--reason", "not now").code == 0
    assert [(row["verb"], row["arguments"]) for row in node.desk.asked] == [
        ("assent", {"entry": "bravo:20", "fingerprint": CHARLIE_DIGITS}),
        ("refuse-membership", {"entry": "bravo:20", "reason": "not now"}),
    ]


@pytest.mark.parametrize(
    ("words", "verb"),
    [(("leave", LINE), "leave-line"), (("remove", LINE, "bravo.example"), "propose-removal")],
)
def test_what_is_for_good_is_asked_first_or_has_a_reason(
    node: FakeNode, at_node: Run, words: tuple[str, ...], verb: str
) -> None:
    assert at_node("line", *words).code == 2
    assert node.desk.asked == []
    assert at_node("line", *words, "--yes", "--reason", "we move").code == 0
    (asked,) = node.desk.asked
    assert asked["verb"] == verb
    assert asked["arguments"]["reason"] == "we move"  # type: ignore[index] # the arguments as JSON


def test_a_newcomer_names_all_the_others(node: FakeNode, at_node: Run) -> None:
    assert at_node("line", "enter", "north").code == 2
    assert at_node("line", "enter", "north", "--with", "alpha.example", "--with", "bravo.example").code == 0
    assert node.desk.entered == [("north", ("alpha.example", "bravo.example"))]

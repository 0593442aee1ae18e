"""Commands about readouts: publishing ours, showing all in their order, and two side by side."""

from __future__ import annotations

from tests.cli.conftest import FakeNode, Run


def test_a_readout_is_published_from_words_or_standard_input(node: FakeNode, at_node: Run) -> None:
    assert at_node("readout", "publish", "alpha:0", "We", "spoke.", "--lang", "en", "--after", "bravo:1").code == 0
    assert at_node("readout", "publish", "alpha-bravo/alpha:0", typed="Nous avons parlé.\n").code == 0
    assert [row["arguments"] for row in node.desk.asked] == [
        {"entry": "alpha:0", "text": "We spoke.", "language": "en", "after": "bravo:1"},
        {"entry": "alpha:0", "text": "Nous avons parlé."},
    ]


def test_readouts_are_shown_in_the_order_in_which_they_came_out(at_node: Run) -> None:
    rows = at_node("readout", "show", "2022-05-13").rows()
    assert [(row[0], row[1], row[4]) for row in rows] == [
        ("1", "alpha:3", "We asked for a cease-fire."),
        ("2", "bravo:1", "Topical questions."),
    ]


def test_two_readouts_side_by_side_with_the_facts_that_differ(at_node: Run) -> None:
    rows = at_node("readout", "compare", "alpha:0", "alpha:0").rows()
    assert [row[:3] for row in rows] == [
        ["readout", "left", "alpha:3"],
        ["readout", "right", "bravo:1"],
        ["fact", "DEMAND", "only-left"],
    ]
    assert rows[2][3].startswith("immediate-cease-fire [alpha:4")
    assert rows[2][4] == "-"

"""The page has every section under its heading, steps numbered, tables as tables."""

from __future__ import annotations

from openline.node.sop import SopSection, SopView
from openline.node.soppage import page

VIEW = SopView(
    None,
    "en",
    "The watch",
    (
        SopSection("a", "First", ("Look.", "Say.")),
        SopSection("b", "Second", (), ("one", "two"), (("1", "a|b"),)),
    ),
)


def test_steps_are_numbered_and_tables_are_tables() -> None:
    assert page(VIEW).splitlines() == [
        "## First",
        "",
        "1. Look.",
        "2. Say.",
        "",
        "## Second",
        "",
        "| one | two |",
        "| --- | --- |",
        "| 1 | a\\|b |",
    ]


def test_the_title_stands_above_a_page_of_its_own() -> None:
    assert page(VIEW, "#").startswith("# The watch\n\n## First\n")
    assert page(VIEW, "###").startswith("### First\n")

"""The operating procedure is printed as a page, in the officer's language, or as JSON."""

from __future__ import annotations

from tests.cli.conftest import FakeNode, Run
from tests.console.desk import LINE


def test_the_procedure_is_a_page(node: FakeNode, at_node: Run) -> None:
    ran = at_node("sop", LINE)
    assert ran.code == 0
    assert ran.out.startswith(f"# Standard operating procedure of line {LINE}\n\n## Taking the watch\n\n1. Type ")
    assert "| FLASH | 1 min | 3 min | 10 min | 10 min |" in ran.out
    assert not node.desk.asked, "nothing of it is on the record"


def test_it_is_in_the_language_of_the_officer(node: FakeNode, at_node: Run) -> None:
    assert at_node("--lang", "fr", "sop").out.splitlines()[2] == "## Prendre le quart"
    assert at_node("sop", "--json", "--lang", "fr").json()["language"] == "fr"
    assert not node.desk.asked


def test_it_is_told_by_a_node_that_runs(run: Run) -> None:
    assert run("sop").code == 9

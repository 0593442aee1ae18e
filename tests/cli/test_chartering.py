"""A charter on the command line: a file to edit, a proposal, every answer, and what a proposal would change."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import cast

import pytest

from openline.line.charter import ProposeCharter
from openline.line.clause import Charter
from tests.cli.conftest import FakeNode, Run
from tests.console.desk import LINE
from tests.line.world import World


def test_the_template_of_a_line_is_the_charter_in_force_and_can_be_proposed_as_it_is(
    node: FakeNode, at_node: Run, tmp_path: Path
) -> None:
    file = tmp_path / "charter.toml"
    file.write_text(at_node("charter", "template", LINE).out, "utf-8")
    given = tomllib.loads(file.read_text("utf-8"))
    assert given["sides"][0]["levels"] == {"principal": "minister"}
    assert given["formulas"] == [{"term": "events", "language": "en", "words": "the events"}]
    assert (given["checks"]["times"], given["due"]["flash"]) == (["0930Z", "1530Z"], 5)
    assert at_node("charter", "propose", LINE, str(file), "--answer-by", "+72h").code == 0
    (asked,) = node.desk.asked
    assert (asked["verb"], set(cast("dict[str, object]", asked["arguments"]))) == (
        "propose-charter",
        {*given, "reply_by"},
    )
    assert World().drafts("alpha", "propose-charter", **given), "what the template says is a charter"


def test_times_of_toml_are_taken_and_attachments_brought(node: FakeNode, at_node: Run, tmp_path: Path) -> None:
    file, scope = tmp_path / "charter.toml", tmp_path / "scope.txt"
    text = at_node("charter", "template", LINE).out.replace('# valid_from = "2026-', "valid_from = 2026-")
    file.write_text(text.replace('2026-12-01T00:00:00Z"', "2026-12-01T00:00:00Z"), "utf-8")
    scope.write_bytes(b"The scope.")
    assert at_node("charter", "propose", LINE, str(file), "--file", str(scope)).code == 0
    (asked,) = node.desk.asked
    arguments = cast("dict[str, object]", asked["arguments"])
    assert arguments["valid_from"] == "2026-12-01T00:00:00+00:00"
    assert [row["size"] for row in cast("list[dict[str, object]]", arguments["attachments"])] == [10]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"purpose = ", "is no charter"),
        (b"\xff", "is no charter"),
        (b"x" * 1_100_000, "larger than"),
        (None, "no such"),
    ],
)
def test_a_file_that_is_no_charter_is_refused_before_anything_is_sent(
    node: FakeNode, at_node: Run, tmp_path: Path, data: bytes | None, said: str
) -> None:
    file = tmp_path / "charter.toml"
    if data is not None:
        file.write_bytes(data)
    ran = at_node("charter", "propose", LINE, str(file))
    assert ran.code == 2
    assert said in ran.err.lower()
    assert not node.desk.asked


def test_the_list_says_which_is_in_force_and_whose_answer_is_awaited(at_node: Run) -> None:
    rows = at_node("charter", "list", LINE).rows()
    assert [(row[1], row[3], row[6]) for row in rows] == [
        (f"{LINE}/bravo:1", "proposed", "alpha"),
        (f"{LINE}/alpha:0", "in-force", "-"),
    ]


def test_a_proposal_is_shown_beside_what_is_in_force_clause_by_clause(at_node: Run) -> None:
    rows = at_node("charter", "show", "bravo:1", "--changes").rows()
    assert [row[1:] for row in rows if row[0] == "clause"] == [
        ["scope", "changed", "Air and sea movements.", "Air movements."],
        ["alpha.example level principal", "removed", "minister", "-"],
    ]
    assert [row[1:3] for row in rows if row[0] == "party"] == [["alpha", "asked"], ["bravo", "proposed"]]
    assert len(at_node("charter", "show", "bravo:1").rows()) > len(rows)
    whole = at_node("charter", "show", "bravo:1", "--against", "bravo:1").rows()
    assert {row[2] for row in whole if row[0] == "clause"} == {"same"}
    assert "<U+202E>" in at_node("charter", "show", "alpha:0").out


@pytest.mark.parametrize(
    ("word", "verb", "arguments"),
    [
        ("assent", "answer-charter", {"answer": "assent", "reason": "as agreed"}),
        ("refuse", "answer-charter", {"answer": "refuse", "reason": "as agreed"}),
        ("withdraw", "withdraw-charter", {"reason": "as agreed"}),
        ("denounce", "denounce-charter", {"reason": "as agreed"}),
    ],
)
def test_each_answer_is_one_command(
    node: FakeNode, at_node: Run, word: str, verb: str, arguments: dict[str, object]
) -> None:
    assert at_node("charter", word, "bravo:1", "--reason", "as agreed").code == 0
    (asked,) = node.desk.asked
    assert (asked["verb"], asked["arguments"]) == (verb, {"entry": "bravo:1", **arguments})


def test_the_file_has_every_clause_a_charter_has() -> None:
    names = set(ProposeCharter.__struct_fields__) - {"valid_from", "reply_by", "attachments"}
    assert names == set(Charter.__struct_fields__) - {"from_ms"}

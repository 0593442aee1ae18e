"""A verdict as rows and as an exit code."""

from __future__ import annotations

import pytest

from openline.cli.output import Cell
from openline.cli.verdicts import code_of, verdict_table
from openline.record.verdict import State


@pytest.mark.parametrize(("verdict", "code"), [("VERIFIED", 0), ("FALSE", 6), ("INCOMPLETE", 7), ("NEW WORD", 1)])
def test_a_verdict_has_its_code(verdict: str, code: int) -> None:
    assert code_of(verdict) == code


def test_every_verdict_is_known() -> None:
    assert all(code_of(state.name) != 1 for state in State)


def test_the_verdict_stands_above_its_findings() -> None:
    table = verdict_table({"verdict": "FALSE", "findings": ["FALSE x", {"text": "Entry bravo:14 differs."}]})
    first, *rest = [row[0] for row in table.rows]
    assert isinstance(first, Cell)
    assert (first.text, first.urgency) == ("FALSE: something is not what was signed", "u1")
    assert [cell.text for cell in rest if isinstance(cell, Cell)] == ["FALSE x", "Entry bravo:14 differs."]

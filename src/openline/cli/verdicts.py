"""A verdict on a record, as rows and as an exit code."""

from __future__ import annotations

from typing import cast

from openline.cli.client import JsonObject
from openline.cli.exits import Exit
from openline.cli.output import Cell, Table

CODES = {"VERIFIED": Exit.OK, "FALSE": Exit.TAMPERED, "INCOMPLETE": Exit.INCOMPLETE}
URGENCY = {"VERIFIED": "ok", "FALSE": "u1", "INCOMPLETE": "u2"}
WORDS = {
    "VERIFIED": "VERIFIED: everything holds",
    "FALSE": "FALSE: something is not what was signed",
    "INCOMPLETE": "INCOMPLETE: nothing false was found, but something is missing",
}


def code_of(verdict: str) -> Exit:
    """The exit code of a verdict; a word we do not know is a failure."""
    return CODES.get(verdict, Exit.FAILED)


def verdict_table(result: JsonObject) -> Table:
    """The verdict first, then each finding."""
    verdict = str(result["verdict"])
    rows: list[list[Cell | str]] = [[Cell(WORDS.get(verdict, verdict), URGENCY.get(verdict, "unk"))]]
    rows += [[Cell(_said(finding), theirs=True)] for finding in cast("list[object]", result.get("findings") or [])]
    return Table(("verdict",), rows)


def _said(finding: object) -> str:
    return str(finding["text"]) if isinstance(finding, dict) else str(finding)

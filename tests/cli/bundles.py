"""Verdicts made by hand, for what is printed of them. Real ones are made in tests/record."""

from __future__ import annotations

from array import array

from openline.record.verdict import Finding, LogFigures, Severity, State, Verdict
from tests.console.desk import DIGITS, LINE, NOW, OWN_DIGITS

SEVERITY = {"FALSE": Severity.FALSE, "INCOMPLETE": Severity.MISSING, "VERIFIED": Severity.NOTE}


def a_verdict(state: str) -> Verdict:
    """A verdict with one finding of its severity, and one log."""
    finding = Finding(SEVERITY[state], "audit-entry-false", f"bravo.example/line/{LINE}", 14, 14, {"entry": "bravo:14"})
    return Verdict(
        state=State[state],
        findings=() if state == "VERIFIED" else (finding,),
        left_out=0,
        line=LINE,
        members=("alpha.example", "bravo.example"),
        exporter="alpha.example",
        exported=NOW,
        logs=(_figures(),),
        fingerprints=(("alpha.example", OWN_DIGITS), ("bravo.example", DIGITS)),
        evidence=0,
        with_bodies=True,
        with_attachments=False,
    )


def _figures() -> LogFigures:
    return LogFigures(
        party="bravo.example",
        origin=f"bravo.example/line/{LINE}",
        entries=15,
        root=bytes(32),
        receipted={"alpha.example": 15},
        checkpoints=1,
        receipts=1,
        seals=0,
        sealed=0,
        first=NOW,
        last=NOW,
        bodies_withheld=0,
        attachments=0,
        attachments_withheld=0,
        not_before_ms=array("q", [-1]),
        claimed_ms=array("q", [NOW.ms]),
        not_after_ms=array("q", [-1]),
    )

"""What an audit says: the state follows from the findings, and a flood of findings stays readable."""

from __future__ import annotations

from array import array

from openline.base.time import Instant
from openline.record.verdict import FINDINGS_OF_A_KIND_MAX, Findings, Interval, LogFigures, Severity, State

ORIGINS = ("alpha.example/line/joint", "bravo.example/line/joint")


def test_one_false_finding_outweighs_everything() -> None:
    findings = Findings(ORIGINS)
    states = [findings.state]
    findings.note("audit-evidence")
    states.append(findings.state)
    findings.missing("audit-file-missing", name="policy")
    states.append(findings.state)
    findings.false("audit-file-stray", name="other")
    assert [*states, findings.state] == [State.VERIFIED, State.VERIFIED, State.INCOMPLETE, State.FALSE]
    assert [finding.severity for finding in findings.sorted()] == [Severity.FALSE, Severity.MISSING, Severity.NOTE]


def test_entries_are_called_as_people_call_them() -> None:
    findings = Findings(ORIGINS)
    findings.entry(Severity.FALSE, "audit-entry-changed", (ORIGINS[1], 14))
    findings.entries(Severity.MISSING, "audit-receipt-missing", ORIGINS[0], range(3, 6), party="bravo.example")
    one, several = findings.sorted()
    assert (one.index, one.last, one.facts) == (14, 14, {"log": "bravo", "entry": "bravo:14"})
    assert (several.index, several.last) == (3, 5)
    place = {"entry": "alpha:3", "last": "alpha:5", "count": 3}
    assert several.facts == {"log": "alpha", **place, "party": "bravo.example"}
    assert str(one) == "FALSE audit-entry-changed (log='bravo', entry='bravo:14')"


def test_parties_of_one_short_name_are_called_in_full() -> None:
    findings = Findings(("hq.alpha/line/joint", "hq.bravo/line/joint"))
    assert findings.label("hq.bravo/line/joint", 2) == "hq.bravo:2"
    assert findings.label("else.where/line/other", 2) == "else.where/line/other:2"


def test_words_of_a_bundle_cannot_act_on_a_display() -> None:
    findings = Findings(ORIGINS)
    findings.note("audit-signature-unknown", name="\x1b[2Jall is well\u202e", size=7)
    (finding,) = findings.sorted()
    assert finding.facts == {"name": "<U+001B>[2Jall is well<U+202E>", "size": 7}


def test_of_one_kind_in_one_log_the_first_are_kept_and_the_rest_counted() -> None:
    findings = Findings(ORIGINS)
    for index in range(1000):
        findings.entry(Severity.NOTE, "audit-time-backwards", (ORIGINS[0], index))
    findings.entry(Severity.NOTE, "audit-time-backwards", (ORIGINS[1], 7))
    findings.false("audit-log-forked", ORIGINS[0], size=3)
    assert len(findings.sorted()) == FINDINGS_OF_A_KIND_MAX + 2
    assert findings.left_out == 1000 - FINDINGS_OF_A_KIND_MAX
    assert findings.state is State.FALSE


def test_an_interval_is_open_where_no_signature_bounds_it() -> None:
    figures = LogFigures(
        party="alpha.example",
        origin=ORIGINS[0],
        entries=1,
        root=bytes(32),
        receipted={},
        checkpoints=1,
        receipts=0,
        seals=0,
        sealed=0,
        first=None,
        last=None,
        bodies_withheld=0,
        attachments=0,
        attachments_withheld=0,
        not_before_ms=array("q", [-1]),
        claimed_ms=array("q", [5]),
        not_after_ms=array("q", [7]),
    )
    assert figures.interval(0) == Interval(None, Instant.from_ms(5), Instant.from_ms(7))

"""When an entry was written, by signed times alone: bounds from receipts, and clocks that contradict them."""

from __future__ import annotations

from openline.record.audit_times import Clocks, Held, held_by
from openline.record.verdict import UNKNOWN_MS, Findings, State

ORIGIN = "alpha.example/line/joint"


def told(findings: Findings) -> list[tuple[str, int | None]]:
    return [(finding.message_id, finding.index) for finding in findings.sorted()]


def test_a_receipt_bounds_every_entry_it_covers_from_above() -> None:
    clocks = Clocks(ORIGIN, 6, [(4, 200), (2, 100)])
    assert list(clocks.not_after) == [100_999, 100_999, 200_999, 200_999, UNKNOWN_MS, UNKNOWN_MS]


def test_the_earliest_receipt_that_covers_an_entry_counts() -> None:
    clocks = Clocks(ORIGIN, 4, [(2, 300), (4, 200), (3, 250), (9, 50), (0, 1)])
    assert list(clocks.not_after) == [50_999] * 4
    assert list(Clocks(ORIGIN, 0, [(4, 200)]).not_after) == []


def test_a_bound_from_below_holds_for_every_later_entry() -> None:
    clocks, findings = Clocks(ORIGIN, 3, []), Findings()
    for bounds in ((UNKNOWN_MS,), (5_000, 3_000), ()):
        clocks.add(6_000, bounds, findings)
    assert list(clocks.not_before) == [UNKNOWN_MS, 5_000, 5_000]
    assert findings.state is State.VERIFIED


def test_a_party_held_what_it_receipted_and_no_more() -> None:
    held = Held([(5, 300), (2, 100), (3, 90)])
    assert [held.since_ms(size) for size in (0, 1, 2, 3, 4, 5, 99)] == [
        -1,
        -1,
        100_000,
        100_000,
        100_000,
        300_000,
        300_000,
    ]
    assert held_by({"bravo.example": [(1, 7)]})["bravo.example"].since_ms(1) == 7_000


def test_times_that_run_backwards_are_told() -> None:
    clocks, findings = Clocks(ORIGIN, 4, []), Findings()
    for time_ms in (1_000, 2_000, 1_999, 2_000):
        clocks.add(time_ms, (), findings)
    assert told(findings) == [("audit-time-backwards", 2)]
    (finding,) = findings.sorted()
    assert finding.facts["time"] == "1970-01-01T00:00:01.999Z"
    assert finding.facts["bound"] == "1970-01-01T00:00:02.000Z"


def test_a_claim_outside_its_interval_is_told_beyond_the_usual_skew_of_clocks() -> None:
    clocks, findings = Clocks(ORIGIN, 4, [(4, 100)]), Findings()
    clocks.add(48_000, (50_000,), findings)
    clocks.add(47_999, (50_000,), findings)
    clocks.add(102_999, (), findings)
    clocks.add(103_000, (), findings)
    assert told(findings) == [
        ("audit-time-backwards", 1),
        ("audit-time-too-early", 1),
        ("audit-time-too-late", 3),
    ]


def test_an_entry_that_cannot_be_read_claims_nothing() -> None:
    clocks, findings = Clocks(ORIGIN, 2, [(2, 1)]), Findings()
    clocks.add(UNKNOWN_MS, (), findings)
    clocks.add(1_000, (), findings)
    assert list(clocks.claimed) == [UNKNOWN_MS, 1_000]
    assert findings.state is State.VERIFIED


def test_a_receipt_from_the_end_of_time_is_no_accident() -> None:
    clocks = Clocks(ORIGIN, 1, [(1, 2**63 - 1)])
    assert clocks.not_after[0] > 2**47
    assert Held([(1, 2**63 - 1)]).since_ms(1) > 2**47

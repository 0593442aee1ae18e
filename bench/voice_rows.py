"""What was measured of the telephone, as claims with their limits: parts v (many calls) and w (real browsers)."""

from __future__ import annotations

import shutil
import statistics

from bench.row import Row, percentile
from bench.voice_browser import FULL, QUICK, Figures, browsed
from bench.voice_calls import SECONDS, STEPS, Carried, floor_ms, measured, told
from openline.console.assets import BUILT

CALLS = 50
"""So many must be carried with nothing lost."""

UNDER_WAY = 10
"""Packets of both ends together that may be on their way, or counted by one end already, while the other is asked."""


def calls_rows(quick: bool) -> list[Row]:
    """(v) Calls that one voice process carries; alone on the machine, or the others' share says how much it was not."""
    steps = (1, CALLS) if quick else STEPS
    floor = floor_ms()
    return rows_of_calls([measured(calls, SECONDS / 2 if quick else SECONDS) for calls in steps], floor)


def rows_of_calls(steps: list[Carried], floor: float) -> list[Row]:
    """The rows of these steps; `floor` is in ms."""
    rows: list[Row] = []
    for step in steps:
        judged = step.calls <= CALLS
        name = f"(v) {step.calls} calls"
        added = max(step.out.ms(50), step.back.ms(50)) - floor
        rows.append(
            Row(
                f"{name}, packets lost",
                step.lost,
                "0" if judged else "",
                step.lost == 0 if judged else None,
                told(step),
            )
        )
        rows.append(Row(f"{name}, added ms at p50", added, "< 5" if judged else "", added < 5 if judged else None))
        rows.append(Row(f"{name}, CPU a call, % of a core", step.cpu_a_call * 100, "", None))
    whole = max((step.calls for step in steps if step.lost == 0), default=0)
    return [*rows, Row("(v) most calls with nothing lost", whole, "", None)]


def browser_rows(quick: bool) -> list[Row]:
    """(w) Real browsers at both ends, beside one connection without any node; or a row that says what is missing."""
    if shutil.which("chromium") is None:
        return [Row("(w) real browsers", 0, "", None, "left out: chromium is missing")]
    if not (BUILT / "index.html").is_file():
        return [Row("(w) real browsers", 0, "", None, "left out: the console was not built, run `make console`")]
    return rows_of_figures(browsed(QUICK if quick else FULL))


def rows_of_figures(found: Figures) -> list[Row]:
    """The rows of one run. Where the control is bad, which its row says, the times judge the machine."""
    killed, cut = found.killed, found.cut
    rows = [
        _below("(w) set-up from the ring to sound at both ends, ms", found.cold_call, 250, found.cold.control),
        _below("(w) set-up of both legs in a call, ms", found.cold.legs, 250, found.cold.control),
        _below("(w) warm: gate to sound at the far end, ms", found.warm.legs, 120, found.warm.control),
    ]
    pressed = percentile(found.presses, 95)
    told_press = f"p50 {statistics.median(found.presses):.0f}, {len(found.presses)} presses in the real console"
    rows.append(Row("(w) key press to sound, ms at p95", pressed, "< 300", pressed < 300, told_press))
    added = found.delays.added
    told_delay = ", ".join(
        f"{name} {statistics.median(row):.1f}"
        for name, row in (("legs", found.delays.legs), ("control", found.delays.control))
    )
    rows.append(Row("(w) one-way latency added, ms", added, "<= 15", added <= 15, told_delay))
    rows.append(Row("(w) packets a second in silence", found.silence, "<= 6", found.silence <= 6))
    missed = max(killed.legs.lost, killed.legs.sent - killed.legs.received - UNDER_WAY)
    told_lost = f"{killed.legs.received} came of {killed.legs.sent} sent"
    rows.append(Row("(w) one path of two killed, packets lost", missed, "0", missed <= 0, told_lost))
    less = killed.legs.share <= killed.control.share
    told_share = f"control {killed.control.share * 100:.3f}" + (": BAD, no time on this machine" * found.control_is_bad)
    rows.append(Row("(w) ... share made up, %", killed.legs.share * 100, "control", less, told_share))
    same = cut.before == cut.after and bool(cut.cause)
    rows.append(Row("(w) all paths cut 5 s: same call, cause shown", float(same), "1", same, cut.cause))
    rows.append(Row("(w) ... talking again after, s", cut.back_s, "<= 1", cut.back_s <= 1))
    return rows


def _below(claim: str, values: list[float], limit: float, control: list[float]) -> Row:
    middle = statistics.median(values)
    beside = f"control {statistics.median(control):.0f}; worst {max(values):.0f}, control {max(control):.0f}"
    return Row(claim, middle, f"< {limit:.0f}", middle < limit, beside)

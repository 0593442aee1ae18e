"""What is claimed of the telephone breaks when a figure does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.voice_browser import Figures
from bench.voice_calls import Carried
from bench.voice_generator import Way
from bench.voice_page import AllCut, Beside, Counted, PathKilled
from bench.voice_rows import rows_of_calls, rows_of_figures


def way(lost: int, took_ms: float = 1.0) -> Way:
    made = Way(took=[int(took_ms * 1e6)] * 10, sent=100)
    made.left = {(0, number): 0 for number in range(lost)}
    return made


def carried(calls: int, lost: int = 0, gaps: int = 0, took_ms: float = 1.0) -> Carried:
    return Carried(calls, way(lost), way(0, took_ms), 1.0, 0.5, 0.0, (0, 0), gaps, 0, 1.0)


def test_a_packet_that_is_lost_or_late_breaks_the_claim() -> None:
    assert all(row.holds is not False for row in rows_of_calls([carried(50)], 0.0))
    for wrong in (carried(50, lost=1), carried(50, gaps=1), carried(50, took_ms=6.0)):
        assert any(row.holds is False for row in rows_of_calls([wrong], 0.0))
    beyond = rows_of_calls([carried(25), carried(64, lost=1)], 0.0)
    assert all(row.holds is not False for row in beyond), "beyond what is claimed nothing is judged"
    assert beyond[-1].value == 25


WHOLE = Counted(lost=0, received=500, sent=500, concealed=0, samples=480_000)
GOOD = Figures(
    cold=Beside([120.0], [60.0]),
    cold_call=[130.0],
    warm=Beside([80.0], [80.0]),
    presses=[90.0] * 20,
    delays=Beside([70.0], [60.0]),
    silence=5.0,
    killed=PathKilled(WHOLE, WHOLE),
    cut=AllCut("alpha:1", "alpha:1", "up", "No path carries sound.", 0.3),
)


def test_good_figures_hold() -> None:
    assert all(row.holds for row in rows_of_figures(GOOD))


@pytest.mark.parametrize(
    "wrong",
    [
        replace(GOOD, cold=Beside([251.0], [60.0])),
        replace(GOOD, cold_call=[251.0]),
        replace(GOOD, warm=Beside([121.0], [80.0])),
        replace(GOOD, presses=[90.0] * 18 + [310.0] * 2),
        replace(GOOD, delays=Beside([76.0], [60.0])),
        replace(GOOD, silence=6.5),
        replace(GOOD, killed=PathKilled(replace(WHOLE, lost=1), WHOLE)),
        replace(GOOD, killed=PathKilled(replace(WHOLE, received=480), WHOLE)),
        replace(GOOD, killed=PathKilled(replace(WHOLE, concealed=1), WHOLE)),
        replace(GOOD, cut=replace(GOOD.cut, after="alpha:2")),
        replace(GOOD, cut=replace(GOOD.cut, cause="")),
        replace(GOOD, cut=replace(GOOD.cut, back_s=1.1)),
    ],
)
def test_each_figure_that_is_wrong_breaks_one_claim(wrong: Figures) -> None:
    assert [row.holds for row in rows_of_figures(wrong)].count(False) == 1


def test_a_control_that_is_bad_is_said() -> None:
    bad = replace(GOOD, killed=PathKilled(WHOLE, replace(WHOLE, concealed=4_800)))
    assert bad.control_is_bad
    assert any("BAD" in row.note for row in rows_of_figures(bad))

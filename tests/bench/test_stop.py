"""What is claimed of STOP during a flood breaks when a figure does, and the measuring finds what it looks for."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from bench.stop import POSITIONS, Position, Rang, stop_rows

GOOD = Rang([100.0] * 200, [50.0] * 200, messages=10_000, seconds=10.0)
ALONE = Rang([10.0] * 50, [5.0] * 50)


def test_good_figures_hold_and_a_late_bell_breaks_the_claim() -> None:
    assert all(row.holds for row in stop_rows(ALONE, GOOD))
    late = [100.0] * 196 + [1_001.0] * 4
    for wrong in (replace(GOOD, far=late), replace(GOOD, own=late)):
        assert [row.holds for row in stop_rows(ALONE, wrong)].count(False) == 1


def test_one_late_bell_of_two_hundred_is_the_hundredth_percentile() -> None:
    assert all(row.holds for row in stop_rows(ALONE, replace(GOOD, far=[100.0] * 199 + [5_000.0])))
    assert POSITIONS == 8


def test_a_position_finds_what_it_looks_for_wherever_the_reads_are_cut() -> None:
    async def story() -> None:
        position = Position(Path("nowhere"))
        came = position.look_for(b"37TCL 0001")
        for piece in (b"id: 7\ndata: x 37T", b"CL 0001 y\n\n"):
            assert not came.done()
            position.data_received(piece)
        assert came.done()
        assert position._last == 7

    asyncio.run(story())

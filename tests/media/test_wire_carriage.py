"""The table of how sound goes on a path, and its waits."""

from __future__ import annotations

from openline.base.machine import draw
from openline.media.wire_carriage import CARRIAGE, Carriage, Happening, Pace


def test_the_table_has_a_way_out_of_every_state() -> None:
    assert {old for old, _ in CARRIAGE} == set(Carriage)
    assert {happening for _, happening in CARRIAGE} == set(Happening)
    assert "UDP --> BOTH: UDP_LATE" in draw(CARRIAGE, Carriage.DEAD)


def test_the_waits_of_a_path_are_in_order() -> None:
    pace = Pace()
    assert pace.again_us < pace.busy_us < pace.away_us < pace.idle_us
    assert pace.again_us < pace.late_us < pace.silent_us < pace.grace_us
    assert 2 * pace.busy_us <= pace.stale_us

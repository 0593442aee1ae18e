"""What a message costs on the wire, counted by the kernel between two real nodes: the claims of the README."""

from __future__ import annotations

from pathlib import Path

import uvloop

from bench.__main__ import wire
from bench.floor import floor
from bench.pair import pair
from bench.row import Row


async def _measured(folder: Path) -> list[Row]:
    (folder / "nodes").mkdir()
    async with floor(folder) as plain, pair(folder / "nodes") as both:
        return await wire(both, plain)


def test_messages_and_receipts_stay_within_their_bytes(tmp_path: Path) -> None:
    rows = uvloop.run(_measured(tmp_path))
    assert len(rows) == 3
    assert [row.claim for row in rows if row.holds is not True] == []

"""What is asked of the desk for recordings, packs, holds and retention: both desks answer all of it."""

from __future__ import annotations

from openline.console.packports import Packing, Replaying
from openline.node.desk import Desk
from tests.console.desk import FakeDesk


def test_both_desks_answer_everything_that_is_asked() -> None:
    asked = {name for port in (Packing, Replaying) for name in vars(port) if not name.startswith("_")}
    assert asked >= {"pack", "holds", "retention", "retain"}
    for desk in (Desk, FakeDesk):
        assert all(callable(getattr(desk, name)) for name in asked)

"""What is asked of the desk for packs, holds and retention: the desk of the node and that of these tests both answer."""

from __future__ import annotations

from openline.console.packports import Packing
from openline.node.desk import Desk
from tests.console.desk import FakeDesk


def test_both_desks_answer_everything_that_is_asked() -> None:
    asked = {name for name in vars(Packing) if not name.startswith("_")}
    assert asked == {"pack", "holds", "retention", "retain"}
    for desk in (Desk, FakeDesk):
        assert all(callable(getattr(desk, name)) for name in asked)

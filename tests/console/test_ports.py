"""The desk that runs is the desk the console asks for. The type checker holds it; this says so where a reader looks."""

from __future__ import annotations

from openline.console.ports import Desk, Keeping, Reading, Saying
from openline.node.desk import Desk as RunningDesk


def _asked_of(desk: RunningDesk) -> Desk:
    return desk


def test_the_running_desk_has_all_that_the_console_asks() -> None:
    asked = {name for part in (Saying, Reading, Keeping) for name in vars(part) if not name.startswith("_")}
    assert not {name for name in asked if not hasattr(RunningDesk, name)}
    assert _asked_of.__annotations__["return"] == "Desk"

"""The desk that runs has what the console asks of its memory."""

from __future__ import annotations

from openline.console.watchports import Chartering, Recalling, Signing, Watching
from openline.node.desk import Desk as RunningDesk


def test_the_running_desk_remembers_all_that_the_console_asks() -> None:
    parts = (Chartering, Recalling, Signing, Watching)
    asked = {name for part in parts for name in vars(part) if not name.startswith("_")}
    assert not {name for name in asked if not hasattr(RunningDesk, name)}

"""The node's log: one JSON line per fact, on standard error, never a message's text or a key.

Nobody's line goes down because its log cannot be written: such a fact is lost.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from typing import TextIO

from openline.node.clock import Clock


class Journal:
    """Writes facts. What a fact may hold: ids, sizes, states, message ids, paths, parties."""

    def __init__(self, clock: Clock, out: TextIO | None = None) -> None:
        self._clock = clock
        self._out = out or sys.stderr

    def say(self, fact: str, /, **facts: str | float | None) -> None:
        """One line. What stands beside a fact never takes the place of its name or its time."""
        own: dict[str, str | float | None] = {"at": self._clock.now().rfc3339(), "fact": fact}
        row = {**own, **facts, **own}
        with suppress(OSError):
            self._out.write(json.dumps(row, ensure_ascii=True) + "\n")
            self._out.flush()

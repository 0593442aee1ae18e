"""Progress of long work, on standard error: a bar on a terminal, a line every ten seconds elsewhere, JSON for programs.

JSON lines come at most once a second: `{"type":"progress","what":...,"done":...,"total":...,"eta_s":...}`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from openline.base.time import SECOND_US
from openline.cli.output import Output, to_json

BAR_WIDTH = 24
REDRAW_US = SECOND_US // 10
LINE_EVERY_US = 10 * SECOND_US
JSON_EVERY_US = SECOND_US


class Progress:
    """One piece of long work. Call `at` as often as you like, and `end` once."""

    def __init__(self, output: Output, what: str, now_us: Callable[[], int]) -> None:
        self._output = output
        self._what = what
        self._now_us = now_us
        self._began = now_us()
        self._told: int | None = None
        self._bar = sys.stderr.isatty() and not output.settings.as_json
        self._quiet = output.settings.quiet

    def at(self, done: int, total: int) -> None:
        """This much is done of `total`; 0 when the total is not known."""
        now = self._now_us()
        every = REDRAW_US if self._bar else JSON_EVERY_US if self._output.settings.as_json else LINE_EVERY_US
        since = self._began if self._told is None and not self._bar else self._told
        if self._quiet or (since is not None and now - since < every):
            return
        self._told = now
        self._tell(done, total, now - self._began)

    def end(self) -> None:
        """The work is over: a bar leaves its line."""
        if self._bar and self._told is not None:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _tell(self, done: int, total: int, elapsed_us: int) -> None:
        left_s = elapsed_us * (total - done) // max(done, 1) // SECOND_US if total else None
        if self._output.settings.as_json:
            row = {"type": "progress", "what": self._what, "done": done, "total": total, "eta_s": left_s}
            sys.stderr.write(to_json(row) + "\n")
        else:
            text = _sentence(self._what, done, total, elapsed_us, left_s)
            bar = _bar(done, total) if self._bar else ""
            sys.stderr.write(f"\r\x1b[K{bar} {text}" if self._bar else text + "\n")
        sys.stderr.flush()


def _bar(done: int, total: int) -> str:
    filled = BAR_WIDTH * min(done, total) // total if total else 0
    return f"[{'#' * filled}{'-' * (BAR_WIDTH - filled)}]"


def _sentence(what: str, done: int, total: int, elapsed_us: int, left_s: int | None) -> str:
    rate = done * SECOND_US // max(elapsed_us, 1)
    share = f"{done:,} of {total:,}" if total else f"{done:,}"
    left = "" if left_s is None else f", {left_s} s left"
    return f"{what}: {share}, {rate:,}/s{left}"

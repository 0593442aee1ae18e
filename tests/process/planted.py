"""A node with a planted bug, for the control of `test_kill`: it acknowledges before its commit has returned.

`python -m tests.process.planted FOLDER`. Everything else is the real node.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from openline.base.errors import StoreError
from openline.cli.running import run_node
from openline.record.ports import Write
from openline.store.writer import Writer

LATE_S = 60.0
"""Longer than anybody waits before the kill: how late a commit may be is not what is tested."""

_submit = Writer.submit


def _too_early(self: Writer, writes: Sequence[Write], on_done: Callable[[StoreError | None], None]) -> None:
    on_done(None)
    threading.Timer(LATE_S, _submit, (self, writes, lambda _why: None)).start()


def main() -> None:
    """Run it until it is killed."""
    Writer.submit = _too_early  # type: ignore[method-assign]  # the planted bug
    Writer.commit_now = lambda *_: False  # type: ignore[method-assign]  # nothing is committed at once either
    run_node(Path(sys.argv[1]))


if __name__ == "__main__":
    main()

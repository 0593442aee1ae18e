"""Long work in a thread, with progress: what is written to disk or read back whole must not hold up the line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

_TOLD_EVERY_S = 0.25


class Progress:
    """How far long work is: called by the worker with what is done and what there is; read by the event loop."""

    def __init__(self) -> None:
        self.done = 0
        self.total = 0
        self.result: Mapping[str, object] = {}

    def __call__(self, done: int, total: int) -> None:
        """`done` of `total`, in whatever unit the work counts."""
        self.done, self.total = done, total


async def long_work(work: Callable[[Progress], None]) -> AsyncIterator[Mapping[str, object]]:
    """Run `work` in a thread. Gives `{"type": "progress", ...}` rows, then one `{"type": "result", ...}`.

    Raises what the work raises. An abandoned iteration lets the work end by itself.
    """
    progress = Progress()
    running = asyncio.get_running_loop().run_in_executor(None, work, progress)
    running.add_done_callback(_look_at)
    while not running.done():
        await asyncio.wait([running], timeout=_TOLD_EVERY_S)
        if not running.done() and progress.total:
            yield {"type": "progress", "done": progress.done, "total": progress.total}
    await running
    yield {"type": "result", **progress.result}


def _look_at(running: asyncio.Future[None]) -> None:
    """How abandoned work ends is of interest to nobody; asyncio would complain of it."""
    if not running.cancelled():
        running.exception()

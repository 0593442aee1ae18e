"""The only place that starts tasks. A task that fails stops the node and says why; nothing fails silently."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

from openline.base.errors import OpenlineError

Spawn = Callable[[Coroutine[object, None, None], str], asyncio.Task[None]]


class Tasks:
    """Every task of one node. `failed` is called once, with the first failure, and must stop the node."""

    def __init__(self, failed: Callable[[str, OpenlineError | Exception], None]) -> None:
        self._failed = failed
        self._running: set[asyncio.Task[None]] = set()
        self._stopping = False

    def spawn(self, work: Coroutine[object, None, None], name: str) -> asyncio.Task[None]:
        """Run `work` under `name` until it ends or the node stops."""
        task = asyncio.create_task(self._watched(work, name), name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def stop(self) -> None:
        """Cancel what runs and wait for it."""
        self._stopping = True
        while self._running:
            tasks = list(self._running)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _watched(self, work: Coroutine[object, None, None], name: str) -> None:
        try:
            await work
        except asyncio.CancelledError:
            raise
        except Exception as why:
            if not self._stopping:
                self._failed(name, why)

"""A node on a machine whose clock is wrong: `python -m tests.process.wrong_clock FOLDER DAYS`."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from openline.base.time import DAY_US, Instant
from openline.cli.running import running
from openline.node.clock import SystemClock


class WrongClock(SystemClock):
    """The machine's time, days off; unlike a demonstration clock it does not know that it is wrong."""

    def __init__(self, days: int) -> None:
        self._off_us = days * DAY_US

    def now(self) -> Instant:
        """A wrong time of day."""
        return super().now().plus(self._off_us)


async def _run(folder: Path, clock: WrongClock) -> None:
    async with running(folder, clock) as node:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, node.stop)
        await node.run()


if __name__ == "__main__":
    asyncio.run(_run(Path(sys.argv[1]), WrongClock(int(sys.argv[2]))))

"""Keeps the sessions of one path up: dials at once, again after every end, ever more slowly while it fails.

Every address is dialled on its own, so a dead one delays no other. The pauses double from DIAL_BACKOFF_FIRST_US up
to the rules' limit; a session that outlived that limit starts them over, and so does `hurry`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence

from openline.base.errors import PathError
from openline.base.limits import DIAL_BACKOFF_FIRST_US, SESSIONS_PER_PATH_MAX
from openline.base.time import SECOND_US
from openline.transport.session import Rules, Session, Target

Dial = Callable[[Target], Awaitable[Session]]
"""One attempt: `tls.dial` with the node's identity, pins and receiver filled in."""

Spawn = Callable[[Coroutine[object, None, None], str], "asyncio.Task[None]"]
"""Starts a named task."""

Now = Callable[[], float]
"""Seconds of the event loop's clock."""

Failed = Callable[[Target, PathError], None]
"""Hears of each attempt that failed."""


_SOON_S = 1.0


class Dialer:
    """Keeps `rules.sessions` sessions to one party on one path; at least one for each of its addresses."""

    def __init__(
        self, targets: Sequence[Target], rules: Rules, dial: Dial, spawn: Spawn, now: Now, failed: Failed
    ) -> None:
        """Nothing is dialled before `start`. `targets` are the addresses of one party on one path."""
        assert targets, "a path that is dialled has an address"
        count = max(rules.sessions, len(targets))
        assert count <= SESSIONS_PER_PATH_MAX, "the configuration holds the limit"
        self._slots = [
            _Slot(targets[n % len(targets)], rules.backoff_max_us / SECOND_US, dial, now, failed) for n in range(count)
        ]
        self._spawn = spawn
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Dial every address at once, and keep the sessions up from now on."""
        assert not self._tasks, "it has been started already"
        self._tasks = [self._spawn(slot.keep(), f"dial {slot.target.path}") for slot in self._slots]

    def hurry(self) -> None:
        """Try now: the peer was heard on another path.

        Heeded once in the longest pause, and not wasted on a session that is up or dialled soon: call it freely.
        """
        for slot in self._slots:
            slot.hurry()

    async def stop(self) -> None:
        """Dial no more; an attempt under way is dropped. Sessions that are up stay up."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()


class _Slot:
    """One session to keep up, and its pauses."""

    def __init__(self, target: Target, longest_s: float, dial: Dial, now: Now, failed: Failed) -> None:
        self.target = target
        self._longest_s = longest_s
        self._dial = dial
        self._now = now
        self._failed = failed
        self._pause_s = DIAL_BACKOFF_FIRST_US / SECOND_US
        self._hurried = -longest_s
        self._up = False
        self._woken = asyncio.Event()

    async def keep(self) -> None:
        while True:
            try:
                session = await self._dial(self.target)
            except PathError as why:
                self._failed(self.target, why)
            else:
                since = self._now()
                self._up = True
                await session.ended()
                self._up = False
                if self._now() - since >= self._longest_s:
                    self._pause_s = DIAL_BACKOFF_FIRST_US / SECOND_US
                    continue
            await self._pause()

    def hurry(self) -> None:
        now = self._now()
        waits = not self._up and self._pause_s > _SOON_S
        if waits and now - self._hurried >= self._longest_s:
            self._hurried = now
            self._pause_s = DIAL_BACKOFF_FIRST_US / SECOND_US
            self._woken.set()

    async def _pause(self) -> None:
        pause_s = self._pause_s
        self._pause_s = min(2 * pause_s, self._longest_s)
        self._woken.clear()
        try:
            async with asyncio.timeout(pause_s):
                await self._woken.wait()
        except TimeoutError:
            pass

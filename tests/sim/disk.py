"""The disk of one machine: what is durable, when a write becomes so, and how it fails.

A commit takes time, and it happens at the end of that time: what a node lets out before it must rest on older ones.
Faults come from `openline.store.memory`: a write that fails lost, or kept, or the end of the process before or after
it. A disk can also be put back to an earlier state, as from a backup.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol, TypeVar

from openline.base.errors import StoreError
from openline.record.ports import Append, Quarantine, Write
from openline.store.memory import Crash, Fault, MemoryDisk, MemoryStore
from tests.sim.world import World

_FAULT_NAMES = {
    Fault.LOST: "write-failed-lost",
    Fault.KEPT: "write-failed-kept",
    Fault.CRASH_BEFORE: "crash-before-commit",
    Fault.CRASH_AFTER: "crash-after-commit",
}
DISK_FAULTS = tuple(_FAULT_NAMES.values())


Log = TypeVar("Log")


class Watcher(Protocol):
    """Who looks at every commit."""

    def committed(self, disk: Disk, writes: Sequence[Write]) -> None:
        """These writes are on the disk now, whatever the node hears of it."""
        ...


class Disk:
    """What outlives the processes of one machine. Mutable; `content` changes when a backup is put back."""

    def __init__(self, world: World, party: str, watcher: Watcher) -> None:
        self.world = world
        self.party = party
        self.content = MemoryDisk()
        self.slow = False
        self._watcher = watcher
        self._chance = world.chance(f"disk/{party}")

    def plan(self, fault: Fault, ahead: int) -> None:
        """Have the commit that is `ahead` commits away (1 is the next) end so."""
        self.content.faults.planned[self.content.faults.commits + ahead] = fault

    def write(self, store: MemoryStore, writes: Sequence[Write]) -> None:
        """Commit now. Raises StoreError and Crash, as planned; whoever watches sees what is there then."""
        faults = self.content.faults
        before, fired = faults.commits, faults.fired.copy()
        try:
            store.commit(writes)
        finally:
            happened = next((fault for fault in Fault if faults.fired[fault] > fired[fault]), None)
            if happened is not None:
                self.world.fire(_FAULT_NAMES[happened], self.party, before + 1)
            if faults.commits > before and happened not in (Fault.LOST, Fault.CRASH_BEFORE):
                self._watcher.committed(self, writes)

    def prefers_to_wait(self) -> bool:
        """Whether the writer is busy with something of its own just now."""
        return self._chance.random() < 0.5

    def latency_s(self) -> float:
        """How long the next commit takes."""
        low, high = (0.02, 0.12) if self.slow else (0.0002, 0.003)
        return self._chance.uniform(low, high)

    def backup(self) -> MemoryDisk:
        """A copy of what is durable now."""
        content = self.content
        return MemoryDisk(
            epoch=content.epoch,
            logs={origin: _copied(log) for origin, log in content.logs.items()},
            arrived=content.arrived.copy(),
            lines=content.lines.copy(),
            introductions=content.introductions.copy(),
            commands=content.commands.copy(),
            evidence=content.evidence.copy(),
            blobs={attachment: list(chunks) for attachment, chunks in content.blobs.items()},
            complete_blobs=content.complete_blobs.copy(),
        )

    def put_back(self, made: MemoryDisk, told: bool) -> None:
        """Put a backup back. `told`: as `openline node restore` does it, with our own logs quarantined."""
        made.epoch = max(made.epoch, self.content.epoch)
        self.content = made
        if told:
            store = MemoryStore(made)
            store.claim()
            store.commit([Quarantine(log.head.origin, True) for log in made.logs.values() if log.head.own])


def _copied(log: Log) -> Log:
    made = copy.copy(log)
    for name in ("entries", "checkpoints", "receipts", "receipt_order", "seals"):
        setattr(made, name, copy.copy(getattr(log, name)))
    return made


class Commits:
    """The writer of one process (`openline.node.turn.Commits`): one commit after the other, each in its time."""

    def __init__(self, disk: Disk, store: MemoryStore, crashed: Callable[[], None]) -> None:
        self._disk = disk
        self._store = store
        self._crashed = crashed
        self._waiting: list[tuple[Sequence[Write], Callable[[StoreError | None], None]]] = []
        self._failed: StoreError | None = None
        self._dead = False

    def submit(self, writes: Sequence[Write], on_done: Callable[[StoreError | None], None]) -> None:
        """Commit `writes` after everything submitted before, then call `on_done`."""
        if self._dead:
            return
        self._waiting.append((writes, on_done))
        if len(self._waiting) == 1:
            self._disk.world.later(self._disk.latency_s(), self._write)

    def commit_now(self, writes: Sequence[Write]) -> bool:
        """Commit here and now, holding up everything for as long as it takes; False when it has to wait its turn."""
        if self._dead or self._failed is not None:
            raise self._failed or StoreError("store-broken", path="memory", detail="the process has ended")
        if self._waiting or self._disk.prefers_to_wait():
            return False
        try:
            self._disk.write(self._store, writes)
        except StoreError as why:
            self._failed = why
            raise
        except Crash:
            self._dead = True
            self._crashed()
            raise
        self._disk.world.loop.hold_up(self._disk.latency_s())
        return True

    def close(self) -> None:
        """The node stops in good order: everything is committed by now."""
        self._dead = True

    def end(self, made: bool) -> None:
        """The process is gone. `made` says whether the write under way still got to the disk."""
        if made and self._waiting and not self._dead and self._failed is None:
            self._dead = True
            with suppress(StoreError, Crash):
                self._disk.write(self._store, self._waiting[0][0])
        self._dead = True

    def _write(self) -> None:
        if self._dead:
            return
        writes, on_done = self._waiting.pop(0)
        if self._failed is None:
            try:
                self._disk.write(self._store, writes)
            except StoreError as why:
                self._failed = why
            except Crash:
                self._dead = True
                self._crashed()
                return
        on_done(self._failed)
        if self._waiting:
            self._disk.world.later(self._disk.latency_s(), self._write)


def entries_in(writes: Sequence[Write]) -> int:
    """How many entries these writes bring."""
    return sum(len(write.entries) for write in writes if isinstance(write, Append))

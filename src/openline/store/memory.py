"""The store in memory, with a crash switch: for tests and simulation, where it stands for a disk that may fail.

`MemoryDisk` is what survives: open a new `MemoryStore` on it after a crash, as a node opens its file. Faults are
planned by commit number; every write of a node can so be made to fail *lost* (nothing happened), to fail *kept*
(it happened, the caller hears an error), or to be cut off by a crash before or after it.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from openline.base.errors import StoreError
from openline.base.time import DAY_US, Instant
from openline.record.entry import Attachment, Entry
from openline.record.ports import (
    Append,
    Arrived,
    Command,
    Erase,
    Evidence,
    Head,
    HoldRow,
    Introduction,
    LiftHold,
    LineOpened,
    OpenLog,
    PlaceHold,
    Quarantine,
    Receipt,
    SaltKey,
    Seal,
    Signed,
    Write,
)
from openline.record.tree import Frontier
from openline.store.writes import assert_sound, commands_end, fenced, not_open, stands_over


class Fault(Enum):
    """What may happen to a commit instead of success."""

    LOST = "the write fails and did not happen"
    KEPT = "the write fails and did happen"
    CRASH_BEFORE = "the process ends before the write"
    CRASH_AFTER = "the process ends after the write, before the caller hears of it"


class Crash(BaseException):
    """The process ended here. Only a simulation catches it: no code of a node may survive it."""


@dataclass(slots=True)
class Faults:
    """What is planned, by the number a commit will have (the first is 1), and what has happened. Mutable."""

    planned: dict[int, Fault] = field(default_factory=dict)
    commits: int = 0
    fired: Counter[Fault] = field(default_factory=Counter)

    def next(self) -> Fault | None:
        """Count one commit and say what happens to it."""
        self.commits += 1
        fault = self.planned.pop(self.commits, None)
        if fault is not None:
            self.fired[fault] += 1
        return fault


@dataclass(slots=True)
class _Log:
    """One log and what is kept with it. Mutable; owned by its disk."""

    head: Head
    entries: list[Entry] = field(default_factory=list)
    checkpoints: list[Signed] = field(default_factory=list)
    receipts: dict[tuple[int, str], Receipt] = field(default_factory=dict)
    receipt_order: list[tuple[int, str]] = field(default_factory=list)
    seals: dict[tuple[int, str], Seal] = field(default_factory=dict)


@dataclass(slots=True)
class MemoryDisk:
    """What is durable of one node. Mutable; outlives the stores that are opened on it."""

    faults: Faults = field(default_factory=Faults)
    blob_faults: Faults = field(default_factory=Faults)
    epoch: int = 0
    logs: dict[str, _Log] = field(default_factory=dict)
    arrived: list[Arrived] = field(default_factory=list)
    lines: dict[str, LineOpened] = field(default_factory=dict)
    introductions: list[Introduction] = field(default_factory=list)
    commands: dict[str, Command] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)
    holds: dict[tuple[str, int], HoldRow] = field(default_factory=dict)
    erased_blobs: dict[bytes, tuple[str, Instant]] = field(default_factory=dict)
    blobs: dict[Attachment, list[bytes]] = field(default_factory=dict)
    complete_blobs: dict[bytes, Attachment] = field(default_factory=dict)


class MemoryStore:
    """The RecordStore contract on a MemoryDisk. See the contract for what each method answers."""

    def __init__(self, disk: MemoryDisk) -> None:
        """Open `disk`, as after a start."""
        self._disk = disk
        self._epoch = 0
        self._dead = False
        self._pruned_day = 0

    def claim(self) -> int:
        """Become the one writer: raise the epoch and return it. Raises StoreError."""
        self._refuse_when_dead()
        self._disk.epoch += 1
        self._epoch = self._disk.epoch
        return self._epoch

    def commit(self, writes: Sequence[Write]) -> None:
        """Make all `writes` durable, in order, or none. Raises StoreError or Crash, as planned on the disk."""
        assert self._epoch, "claim the store before writing"
        self._refuse_when_dead()
        self._dead = True  # Until the commit has succeeded.
        fault = self._disk.faults.next()
        stop_before(fault)
        self._check(writes)
        for write in writes:
            self._make(write)
        stop_after(fault)
        self._dead = False

    def rest(self) -> None:
        """Nothing waits to be done in memory."""

    def heads(self) -> list[Head]:
        """Every log of the store."""
        return [log.head for log in self._disk.logs.values()]

    def lines(self) -> list[LineOpened]:
        """Every line, oldest first."""
        return list(self._disk.lines.values())

    def introductions(self) -> list[Introduction]:
        """Every accepted invitation, oldest first."""
        return self._disk.introductions.copy()

    def entries(self, origin: str, start: int, stop: int) -> list[Entry]:
        """Entries `start` to `stop` (exclusive) of a log, those that exist, in order."""
        log = self._disk.logs.get(origin)
        return log.entries[max(start, 0) : max(stop, 0)] if log else []

    def arrived(self, after_seq: int, count: int) -> list[Arrived]:
        """The next at most `count` entries after arrival number `after_seq`, in arrival order."""
        return self._disk.arrived[after_seq : after_seq + count]

    def arrival(self, origin: str, index: int) -> Arrived | None:
        """One entry with its arrival number, if it is there."""
        found = (one for one in self._disk.arrived if (one.entry.origin, one.entry.index) == (origin, index))
        return next(found, None)

    def checkpoints(self, origin: str, after_size: int, count: int) -> list[Signed]:
        """Signed checkpoints of a log larger than `after_size`, smallest first, at most `count`."""
        log = self._disk.logs.get(origin)
        if log is None:
            return []
        start = bisect_right(log.checkpoints, after_size, key=_size)
        return log.checkpoints[start : start + count]

    def checkpoint(self, origin: str, size: int) -> Signed | None:
        """The signed checkpoint at exactly `size`, if there is one."""
        found = self.checkpoints(origin, size - 1, 1)
        return found[0] if found and found[0].size == size else None

    def receipts(self, origin: str, after_size: int, count: int | None = None) -> list[Receipt]:
        """Receipts for sizes above `after_size`, smallest first, at most `count`; without it every one there is."""
        log = self._disk.logs.get(origin)
        if log is None:
            return []
        start = bisect_right(log.receipt_order, after_size, key=lambda place: place[0])
        stop = None if count is None else start + count
        return [log.receipts[place] for place in log.receipt_order[start:stop]]

    def newest_receipt(self, origin: str, cosigner: str) -> Receipt | None:
        """The receipt of the largest size by `cosigner`."""
        log = self._disk.logs.get(origin)
        places = reversed(log.receipt_order) if log else ()
        return next((log.receipts[place] for place in places if log and place[1] == cosigner), None)

    def seals(self, origin: str) -> list[Seal]:
        """Seals of a log, oldest first."""
        log = self._disk.logs.get(origin)
        return list(log.seals.values()) if log else []

    def is_sealed(self, origin: str, size: int, cosigner: str) -> bool:
        """Whether `cosigner`'s seal of exactly this size is there."""
        return any((seal.size, seal.cosigner) == (size, cosigner) for seal in self.seals(origin))

    def command(self, key: str) -> Command | None:
        """What an idempotency key has made, if anything."""
        return self._disk.commands.get(key)

    def evidence(self) -> list[Evidence]:
        """Everything kept as evidence, oldest first."""
        return self._disk.evidence.copy()

    def holds(self) -> list[HoldRow]:
        """Every hold, lifted ones too, by log and place."""
        order = list(self._disk.logs)
        return [self._disk.holds[place] for place in sorted(self._disk.holds, key=lambda p: (order.index(p[0]), p[1]))]

    def close(self) -> None:
        """Release the store. Safe to call twice."""
        self._dead = True

    def _refuse_when_dead(self) -> None:
        if self._dead:
            raise StoreError("store-broken", path="memory", detail="a write failed, or it was closed")

    def _check(self, writes: Sequence[Write]) -> None:
        """Refuse the whole commit before any of it is made."""
        if self._epoch != self._disk.epoch:
            raise fenced("the store was claimed again")
        sizes = {origin: len(log.entries) for origin, log in self._disk.logs.items()}
        for write in writes:
            match write:
                case OpenLog():
                    sizes.setdefault(write.origin, 0)
                case Append():
                    assert_sound(write)
                    origin = write.signed.origin
                    if origin not in sizes:
                        raise not_open(origin)
                    if sizes[origin] != write.base:
                        raise fenced(f"{origin} is not of size {write.base}")
                    sizes[origin] = write.signed.size
                case Receipt() | Seal() | Quarantine() | SaltKey() | PlaceHold() | LiftHold() if (
                    write.origin not in sizes
                ):
                    raise not_open(write.origin)
                case _:
                    pass

    def _make(self, write: Write) -> None:
        disk = self._disk
        match write:
            case Append():
                self._append(write)
            case Receipt():
                _add_receipt(disk.logs[write.origin], write)
            case Command():
                self._keep_command(write)
            case Seal():
                disk.logs[write.origin].seals.setdefault((write.size, write.cosigner), write)
            case Evidence():
                disk.evidence.append(write)
            case Introduction():
                disk.introductions.append(write)
            case Quarantine() | SaltKey():
                _change_head(disk.logs[write.origin], write)
            case PlaceHold() | LiftHold() | Erase():
                self._retain(write)
            case OpenLog() | LineOpened():
                self._open(write)

    def _open(self, write: OpenLog | LineOpened) -> None:
        match write:
            case OpenLog():
                self._disk.logs.setdefault(write.origin, _Log(_empty_head(write)))
            case LineOpened():
                self._disk.lines.setdefault(write.line, write)

    def _retain(self, write: PlaceHold | LiftHold | Erase) -> None:
        holds = self._disk.holds
        match write:
            case PlaceHold():
                holds.setdefault((write.origin, write.index), HoldRow(write, None))
            case LiftHold():
                row = holds.get((write.origin, write.index))
                if row is not None and row.lifted is None:
                    holds[write.origin, write.index] = HoldRow(row.hold, write.by)
            case Erase():
                self._erase(write)

    def _erase(self, write: Erase) -> None:
        entries = self._disk.logs[write.entry.origin].entries
        entry = entries[write.entry.index]
        if entry.body is None or any(stands_over(row, self._line_of(entry), entry) for row in self.holds()):
            return
        gone = replace(entry, salt=b"", body=None, erased=write.erased)
        entries[entry.index] = gone
        for place, arrived in enumerate(self._disk.arrived):
            if (arrived.entry.origin, arrived.entry.index) == (entry.origin, entry.index):
                self._disk.arrived[place] = Arrived(arrived.seq, gone)

    def _line_of(self, entry: Entry) -> str:
        return self._disk.logs[entry.origin].head.line

    def _append(self, append: Append) -> None:
        signed = append.signed
        log = self._disk.logs[signed.origin]
        log.entries += append.entries
        log.checkpoints.append(signed)
        log.head = replace(log.head, size=signed.size, signed=signed, frontier=append.frontier)
        first = len(self._disk.arrived) + 1
        self._disk.arrived += [Arrived(seq, entry) for seq, entry in enumerate(append.entries, first)]

    def _keep_command(self, command: Command) -> None:
        commands = self._disk.commands
        commands.setdefault(command.key, command)
        day = command.time // DAY_US
        if day != self._pruned_day:
            end = commands_end(command)
            for key in [key for key, kept in commands.items() if kept.time < end]:
                del commands[key]
            self._pruned_day = day


def stop_before(fault: Fault | None) -> None:
    """Act out a fault that comes before a write."""
    if fault is Fault.CRASH_BEFORE:
        raise Crash
    if fault is Fault.LOST:
        raise StoreError("store-broken", path="memory", detail="planned: lost")


def stop_after(fault: Fault | None) -> None:
    """Act out a fault that comes after a write."""
    if fault is Fault.CRASH_AFTER:
        raise Crash
    if fault is Fault.KEPT:
        raise StoreError("store-broken", path="memory", detail="planned: kept")


def _add_receipt(log: _Log, receipt: Receipt) -> None:
    place = (receipt.size, receipt.cosigner)
    if place not in log.receipts:
        log.receipts[place] = receipt
        insort(log.receipt_order, place)


def _change_head(log: _Log, write: Quarantine | SaltKey) -> None:
    match write:
        case Quarantine(_, held):
            log.head = replace(log.head, quarantined=held)
        case SaltKey(_, salt_key):
            log.head = replace(log.head, salt_key=salt_key)


def _empty_head(write: OpenLog) -> Head:
    return Head(
        origin=write.origin,
        line=write.line,
        own=write.own,
        size=0,
        signed=None,
        frontier=Frontier().pack(),
        salt_key=write.salt_key,
        quarantined=False,
    )


def _size(signed: Signed) -> int:
    return signed.size

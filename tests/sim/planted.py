"""Bugs to plant: each spoils the real code in one place, as a tired programmer might, until its `with` ends."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Protocol
from unittest.mock import patch
from weakref import WeakKeyDictionary

import msgspec

from openline.base.errors import StoreError, UsageError
from openline.base.time import Instant
from openline.identity.keys import Ed25519Secret
from openline.line.book import Book
from openline.line.kinds import Change
from openline.line.receipt import RECEIPT
from openline.link import events as link
from openline.link.frames import Push
from openline.node import keeper, service, switchboard, turn
from openline.node.held import Holdings
from openline.node.keeper import Keeper, Turn, tip_of
from openline.node.pushes import pushes
from openline.node.snapshot import Named
from openline.node.wiring import fold
from openline.record.entry import Entry
from openline.record.log import Log, OwnLog, Pushed
from openline.record.ports import Append, Arrived, Command, Head, RecordStore, Signed, Write
from openline.record.thin import Lookup, Thickener
from openline.record.tree import Frontier
from openline.store.memory import MemoryStore
from tests.sim.disk import Disk


class Kept(Protocol):
    """A log as a memory disk has it."""

    entries: list[Entry]


Plant = Callable[[], AbstractContextManager[object]]


@contextmanager
def _told_too_early(kind: type[link.Held] | type[link.Grew]) -> Iterator[None]:
    """The engine hears of what is not durable yet, so it lets our signature out before the commit."""
    honest = Keeper.close

    def close(self: Keeper, now: Instant, next_seq: int) -> Turn:
        closed = honest(self, now, next_seq)
        for event in closed.after:
            if isinstance(event, kind):
                self.tell(event, now)
        return closed

    with patch.object(Keeper, "close", close):
        yield


def receipt_before_commit() -> AbstractContextManager[None]:
    """A receipt leaves while the entries it is for are on their way to the disk."""
    return _told_too_early(link.Held)


def push_before_commit() -> AbstractContextManager[None]:
    """A push leaves before its entries are durable."""
    return _told_too_early(link.Grew)


def nothing_sent_again() -> AbstractContextManager[object]:
    """What left a process once counts as arrived; the engine's orders to send it again come to nothing."""
    sent: WeakKeyDictionary[Holdings, dict[tuple[int, int], int]] = WeakKeyDictionary()

    def once(order: link.SendEntries, origins: Sequence[str], reader: int, held: Holdings) -> list[Push]:
        place = (order.member, reader)
        reached = sent.setdefault(held, {}).get(place, 0)
        made = [push for push in pushes(order, origins, reader, held) if push.base >= reached]
        if made:
            sent[held][place] = made[-1].base + len(made[-1].items)
        return made

    return patch.object(switchboard, "pushes", once)


def duplicates_taken_twice() -> AbstractContextManager[object]:
    """A push that comes again is taken for new entries, and its signature for good."""

    def check(self: Log, pushed: Pushed, public: bytes, members: Sequence[str], held: Lookup) -> Append | None:
        thickener = Thickener(self.origin, self.salt_key, members, held)
        frontier = self._frontier.copy()
        entries = []
        for item in pushed.items:
            entries.append(thickener.rebuild(item, frontier.size, pushed.base_ms))
            frontier.append(entries[-1].leaf_hash)
        signed = Signed(self.origin, frontier.size, frontier.root(), pushed.signature)
        return Append(tuple(entries), signed, frontier.pack()) if entries else None

    return patch.object(Log, "check", check)


@contextmanager
def rewritten_after_crash() -> Iterator[None]:
    """After a start the own log goes on from one entry before its end, and the disk lets it."""
    honest = OwnLog.__init__

    def begin(self: OwnLog, head: Head, secret: Ed25519Secret) -> None:
        if head.size > 1:
            entries = _DISKS[head.origin].entries[: head.size - 1]
            frontier = Frontier()
            for entry in entries:
                frontier.append(entry.leaf_hash)
            head = replace(head, frontier=frontier.pack())
        honest(self, head, secret)

    def check(self: MemoryStore, writes: Sequence[Write]) -> None:
        _DISKS.update(self._disk.logs)

    def append(self: MemoryStore, write: Append) -> None:
        log = self._disk.logs[write.signed.origin]
        del log.entries[write.base :]
        log.checkpoints = [kept for kept in log.checkpoints if kept.size <= write.base]
        honest_append(self, write)

    honest_append = MemoryStore._append
    with (
        patch.object(OwnLog, "__init__", begin),
        patch.object(Keeper, "_tip_known", lambda self, *facts: None),
        patch.object(MemoryStore, "_check", check),
        patch.object(MemoryStore, "_append", append),
    ):
        yield


_DISKS: dict[str, Kept] = {}


def quarantine_ignored() -> AbstractContextManager[object]:
    """A restored log goes on at once."""
    return patch.object(OwnLog, "quarantined", property(lambda self: False, lambda self, value: None), create=True)


def flash_in_the_queue() -> AbstractContextManager[object]:
    """A FLASH waits its turn behind whatever was said before it."""

    def push(heap: list[turn._Saying], saying: turn._Saying) -> None:
        saying.precedence = 0
        heapq.heappush(heap, saying)

    class Fair:
        heappush = staticmethod(push)
        heappop = staticmethod(heapq.heappop)

    return patch.object(turn, "heapq", Fair)


def stages_lost_on_restart() -> AbstractContextManager[object]:
    """A start reads messages back, and forgets what was done with them."""

    def forgetful(
        store: RecordStore, keepers: Sequence[Keeper], tick: Callable[[int], None], after: int = 0
    ) -> tuple[int, list[Named]]:
        with patch.object(Book, "apply", without_receipts):
            return fold(store, keepers, tick, after)

    honest = Book.apply

    def without_receipts(self: Book, arrived: Arrived) -> tuple[Change, ...]:
        entry = arrived.entry
        if entry.leaf.kind == RECEIPT:
            arrived = replace(arrived, entry=replace(entry, leaf=msgspec.structs.replace(entry.leaf, kind=999)))
        return honest(self, arrived)

    return patch.object(service, "fold", forgetful)


def fork_not_noticed() -> AbstractContextManager[object]:
    """Two statements about one log are never compared."""
    return patch.object(keeper, "compare", lambda root, theirs: None)


def kept_taken_for_lost() -> AbstractContextManager[object]:
    """When a write fails, people are told that nothing was written."""
    honest = turn.Turns._returned

    def returned(
        self: turn.Turns,
        turns: list[tuple[Keeper, Turn]],
        said: list[tuple[turn._Saying, list[Entry]]],
        why: StoreError | None,
    ) -> None:
        for saying, _ in said:
            if why is not None and not saying.done.done():
                saying.done.set_exception(UsageError("line-full"))
        honest(self, turns, said, why)

    return patch.object(turn.Turns, "_returned", returned)


@contextmanager
def newest_tip_told() -> Iterator[None]:
    """A refusal names the newest tip there is in memory, durable or not. (It did; the simulation found it.)

    The refusal has to come while a commit is on its way: on slow disks that is often enough.
    """

    def refuse(self: Keeper, session: int, member: int, fault: str, now: Instant) -> None:
        self.tell(link.Refused(session, member, fault, tip_of(member, self._logs[member].signed)), now)

    def latency_s(self: Disk) -> float:
        return self._chance.uniform(0.02, 0.12)

    with (
        patch.object(Keeper, "_refuse", refuse),
        patch.object(Disk, "latency_s", latency_s),
        patch.object(Disk, "prefers_to_wait", lambda _disk: True),
    ):
        yield


def given_back_thin() -> AbstractContextManager[object]:
    """A log is given back without what its owner has lost. (It was; the simulation found it.)"""

    def slim(order: link.SendEntries, origins: Sequence[str], reader: int, held: Holdings) -> list[Push]:
        made = pushes(order, origins, len(origins) - 1 - reader, held) if order.member == reader else None
        return pushes(order, origins, reader, held) if made is None else made

    return patch.object(switchboard, "pushes", slim)


def keys_forgotten() -> AbstractContextManager[object]:
    """An idempotency key is not looked up in the record."""

    def command(self: MemoryStore, key: str) -> Command | None:
        return None

    return patch.object(MemoryStore, "command", command)


def receipts_unchecked() -> AbstractContextManager[object]:
    """Any bytes are taken for a cosignature."""
    return patch.object(keeper, "check_receipt", lambda receipt, signed, key: True)

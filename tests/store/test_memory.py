"""The memory store's crash switch: every fault does to a commit what its name says, and is counted."""

from __future__ import annotations

import pytest

from openline.base.errors import StoreError
from openline.record.entry import Attachment
from openline.store.memory import Crash, Fault, MemoryDisk, MemoryStore
from openline.store.memory_chunks import MemoryChunks
from tests.store.authors import ALPHA, Author


def torn(fault: Fault) -> tuple[MemoryDisk, MemoryStore]:
    """A disk on which the second commit met `fault`."""
    author, disk = Author(), MemoryDisk()
    disk.faults.planned[2] = fault
    store = MemoryStore(disk)
    store.claim()
    store.commit([author.opened])
    with pytest.raises(Crash if fault in (Fault.CRASH_BEFORE, Fault.CRASH_AFTER) else StoreError):
        store.commit([author.says(b"one"), author.receipt(1)])
    return disk, store


@pytest.mark.parametrize(
    ("fault", "durable"),
    [(Fault.LOST, 0), (Fault.KEPT, 1), (Fault.CRASH_BEFORE, 0), (Fault.CRASH_AFTER, 1)],
)
def test_a_fault_does_what_its_name_says(fault: Fault, durable: int) -> None:
    disk, _ = torn(fault)
    again = MemoryStore(disk)
    assert len(again.entries(ALPHA, 0, 9)) == len(again.receipts(ALPHA, 0)) == durable
    assert (disk.faults.commits, disk.faults.fired) == (2, {fault: 1})


@pytest.mark.parametrize("fault", Fault)
def test_after_a_fault_only_a_new_store_writes(fault: Fault) -> None:
    disk, store = torn(fault)
    with pytest.raises(StoreError):
        store.commit([])
    again = MemoryStore(disk)
    again.claim()
    again.commit([])


def test_nothing_in_a_node_survives_a_crash() -> None:
    assert not issubclass(Crash, Exception)


def test_a_fault_is_planned_for_one_commit_only() -> None:
    disk, _ = torn(Fault.LOST)
    assert disk.faults.planned == {}


@pytest.mark.parametrize("fault", Fault)
def test_chunks_of_attachments_meet_faults_of_their_own(fault: Fault) -> None:
    disk, attachment = MemoryDisk(), Attachment(4, bytes(32))
    disk.blob_faults.planned[1] = fault
    with pytest.raises((StoreError, Crash)):
        MemoryChunks(disk).add(attachment, 0, b"data", last=False)
    kept = b"".join(MemoryChunks(disk).chunks(attachment))
    assert kept == (b"data" if fault in (Fault.KEPT, Fault.CRASH_AFTER) else b"")
    assert disk.faults.commits == 0

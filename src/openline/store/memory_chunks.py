"""The durable part of a blob store in memory, on the same disk as the record: for tests and simulation."""

from __future__ import annotations

from collections.abc import Iterator

from openline.base.time import Instant
from openline.record.entry import Attachment
from openline.store.blobs import missing
from openline.store.memory import MemoryDisk, stop_after, stop_before


class MemoryChunks:
    """The durable part of a blob store on a MemoryDisk. See `blobs.Chunks`."""

    def __init__(self, disk: MemoryDisk) -> None:
        """Open `disk`, as after a start."""
        self._disk = disk

    def complete(self, digest: bytes) -> Attachment | None:
        """The complete blob of this digest."""
        return self._disk.complete_blobs.get(digest)

    def add(self, attachment: Attachment, start: int, data: bytes, last: bool) -> None:
        """Make one chunk durable. Raises StoreError or Crash, as planned on the disk."""
        fault = self._disk.blob_faults.next()
        stop_before(fault)
        chunks = self._disk.blobs.setdefault(attachment, [])
        assert start == sum(map(len, chunks))
        if data:
            chunks.append(data)
        if last:
            self._disk.complete_blobs[attachment.digest] = attachment
        stop_after(fault)

    def remove(self, attachment: Attachment) -> None:
        """Forget an incomplete blob."""
        self._disk.blobs.pop(attachment, None)

    def chunks(self, attachment: Attachment) -> Iterator[bytes]:
        """The durable chunks, in order."""
        yield from self._disk.blobs.get(attachment, ())

    def read(self, digest: bytes, offset: int, size: int) -> bytes:
        """At most `size` bytes at `offset` of a complete blob."""
        attachment = self._disk.complete_blobs.get(digest)
        if attachment is None:
            raise missing(digest)
        return b"".join(self._disk.blobs[attachment])[offset : offset + size]

    def digests(self) -> list[Attachment]:
        """Every complete blob."""
        return list(self._disk.complete_blobs.values())

    def erase(self, attachment: Attachment, under: str, time: Instant) -> None:
        """Take a blob away for ever. Raises StoreError or Crash, as planned on the disk."""
        fault = self._disk.blob_faults.next()
        stop_before(fault)
        self._disk.erased_blobs.setdefault(attachment.digest, (under, time))
        self._disk.complete_blobs.pop(attachment.digest, None)
        self._disk.blobs.pop(attachment, None)
        stop_after(fault)

    def erased(self, digest: bytes) -> bool:
        """Whether a blob of this digest was erased."""
        return digest in self._disk.erased_blobs

    def close(self) -> None:
        """Nothing to release."""

"""Attachments by digest: collected piece by piece, kept in chunks, whole only when the SHA-256 is right.

Pieces gather in memory until they make a chunk of 1 MiB; a chunk is durable when its commit returned. `begin`
makes what has gathered durable first, so a transfer that was cut goes on exactly where it stood; a crash costs at
most the chunk that was gathering. The digest is computed as pieces come; after a start the durable chunks are
hashed again.

A digest may be claimed with several sizes: each claim is collected by itself, and only the true one can end well.
Any thread may call; writing is one at a time, reading is concurrent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Protocol, cast

from openline.base.errors import PeerError, StoreError
from openline.base.limits import BLOB_CHUNK_BYTES
from openline.base.time import Instant
from openline.record.entry import Attachment
from openline.store.check import BLOBS
from openline.store.database import Cell, Database
from openline.store.statements import statements

# As many may gather at once; the one that came first is made durable and taken up again when it goes on.
GATHERING_MAX = 8


class Chunks(Protocol):
    """The durable part of a blob store: what SQLite and memory do each in their own way. All raise StoreError."""

    def complete(self, digest: bytes) -> Attachment | None:
        """The complete blob of this digest."""
        ...

    def add(self, attachment: Attachment, start: int, data: bytes, last: bool) -> None:
        """Make one chunk durable, and with the `last` the blob complete."""
        ...

    def remove(self, attachment: Attachment) -> None:
        """Forget an incomplete blob."""
        ...

    def chunks(self, attachment: Attachment) -> Iterator[bytes]:
        """The durable chunks, in order."""
        ...

    def read(self, digest: bytes, offset: int, size: int) -> bytes:
        """At most `size` bytes at `offset` of a complete blob; StoreError `blob-missing` when it is not."""
        ...

    def digests(self) -> list[Attachment]:
        """Every complete blob."""
        ...

    def erase(self, attachment: Attachment, under: str, time: Instant) -> None:
        """Take a blob away for ever, under a retention class."""
        ...

    def erased(self, digest: bytes) -> bool:
        """Whether a blob of this digest was erased."""
        ...

    def close(self) -> None:
        """Release what is held."""
        ...


class _Gathering:
    """One blob on its way: durable up to `durable`, and what has gathered since. Mutable; owned by its Blobs."""

    def __init__(self, chunks: Chunks, attachment: Attachment) -> None:
        self.durable = 0
        self.fresh = bytearray()
        self.hashed = sha256()
        for data in chunks.chunks(attachment):
            self.hashed.update(data)
            self.durable += len(data)

    @property
    def stands(self) -> int:
        return self.durable + len(self.fresh)


class Blobs:
    """The BlobStore contract over durable chunks."""

    def __init__(self, chunks: Chunks) -> None:
        """Collect into `chunks`, which it closes in the end."""
        self._chunks = chunks
        self._gathering: dict[Attachment, _Gathering] = {}
        self._lock = Lock()

    def begin(self, attachment: Attachment) -> int:
        """How many bytes of it are durable; where to go on writing.

        Raises StoreError, and PeerError when the digest is known to have another size, or was erased here.
        """
        with self._lock:
            self._refuse_erased(attachment)
            whole = self._chunks.complete(attachment.digest)
            if whole is not None:
                if whole != attachment:
                    raise _digest_wrong(attachment)
                return attachment.size
            gathering = self._gather(attachment)
            if gathering.stands == attachment.size:
                self._finish(attachment, gathering)
            elif gathering.fresh:
                self._keep(attachment, gathering, len(gathering.fresh))
            return gathering.stands

    def write(self, attachment: Attachment, offset: int, data: bytes) -> int:
        """Add bytes at `offset`, which must be where it stands; returns bytes written so far, durable or not.

        Raises StoreError; PeerError `blob-piece-misplaced` when the piece does not begin there or is too long;
        PeerError `blob-digest-wrong` when the whole is not what its digest says: then it is removed.
        """
        with self._lock:
            self._refuse_erased(attachment)
            gathering = self._gather(attachment)
            end = offset + len(data)
            if offset != gathering.stands or end > attachment.size:
                raise PeerError("blob-piece-misplaced", offset=offset, stands=gathering.stands)
            gathering.fresh += data
            gathering.hashed.update(data)
            while len(gathering.fresh) >= BLOB_CHUNK_BYTES:
                self._keep(attachment, gathering, BLOB_CHUNK_BYTES)
            if end == attachment.size:
                self._finish(attachment, gathering)
            return end

    def read(self, digest: bytes, offset: int, size: int) -> bytes:
        """At most `size` bytes at `offset` of a complete blob; empty at its end. Raises StoreError."""
        return self._chunks.read(digest, offset, size)

    def complete(self, digest: bytes) -> bool:
        """Whether the whole blob is here and durable. Raises StoreError."""
        return self._chunks.complete(digest) is not None

    def digests(self) -> Iterable[Attachment]:
        """Every complete blob. Raises StoreError."""
        return self._chunks.digests()

    def erase(self, attachment: Attachment, under: str, time: Instant) -> None:
        """Take a blob away under a retention class; it is not taken in again. Raises StoreError."""
        with self._lock:
            self._gathering.pop(attachment, None)
            self._chunks.erase(attachment, under, time)

    def close(self) -> None:
        """Make durable what has gathered, and release the store. Safe to call twice."""
        with self._lock:
            with suppress(StoreError):  # What could not be kept is asked for again after the next start.
                for attachment in list(self._gathering):
                    self._set_aside(attachment)
            self._chunks.close()

    def _refuse_erased(self, attachment: Attachment) -> None:
        if self._chunks.erased(attachment.digest):
            raise PeerError("blob-erased", digest=attachment.digest.hex())

    def _gather(self, attachment: Attachment) -> _Gathering:
        gathering = self._gathering.get(attachment)
        if gathering is not None:
            return gathering
        if self._chunks.complete(attachment.digest) is not None:
            raise PeerError("blob-piece-misplaced", offset=0, stands=attachment.size)
        if len(self._gathering) >= GATHERING_MAX:
            self._set_aside(next(iter(self._gathering)))
        self._gathering[attachment] = gathering = _Gathering(self._chunks, attachment)
        return gathering

    def _keep(self, attachment: Attachment, gathering: _Gathering, size: int) -> None:
        self._chunks.add(attachment, gathering.durable, bytes(gathering.fresh[:size]), last=False)
        gathering.durable += size
        del gathering.fresh[:size]

    def _finish(self, attachment: Attachment, gathering: _Gathering) -> None:
        """All bytes are here: make the blob complete, or remove it."""
        del self._gathering[attachment]
        if gathering.hashed.digest() != attachment.digest:
            self._chunks.remove(attachment)
            raise _digest_wrong(attachment)
        self._chunks.add(attachment, gathering.durable, bytes(gathering.fresh), last=True)

    def _set_aside(self, attachment: Attachment) -> None:
        gathering = self._gathering.pop(attachment)
        if gathering.fresh:
            self._keep(attachment, gathering, len(gathering.fresh))


class SqliteChunks:
    """Chunks in a SQLite file of their own."""

    def __init__(self, path: Path, create: bool = False) -> None:
        """Open the attachments at `path`; make an empty file when there is none and `create`. Raises StoreError."""
        self._database = Database(path, BLOBS, create)
        self._readers = self._database.readers
        self._sql = statements("blobs")

    def complete(self, digest: bytes) -> Attachment | None:
        """The complete blob of this digest."""
        rows = self._readers.rows(self._sql["complete_size"], (digest,))
        return Attachment(cast("int", rows[0][0]), digest) if rows else None

    def add(self, attachment: Attachment, start: int, data: bytes, last: bool) -> None:
        """Make one chunk durable, and with the `last` the blob complete."""
        key = _key(attachment)
        with self._database.transaction() as connection:
            connection.execute(self._sql["begin"], key)
            if data:
                connection.execute(self._sql["add"], (*key, start, data))
            if last:
                connection.execute(self._sql["finish"], key)

    def remove(self, attachment: Attachment) -> None:
        """Forget an incomplete blob."""
        with self._database.transaction() as connection:
            for name in ("remove_chunks", "remove_blob"):
                connection.execute(self._sql[name], _key(attachment))

    def chunks(self, attachment: Attachment) -> Iterator[bytes]:
        """The durable chunks, in order."""
        start = 0
        while rows := self._readers.rows(self._sql["chunk"], (*_key(attachment), start)):
            data = cast("bytes", rows[0][0])
            yield data
            start += len(data)

    def read(self, digest: bytes, offset: int, size: int) -> bytes:
        """At most `size` bytes at `offset` of a complete blob; StoreError `blob-missing` when it is not."""
        if self.complete(digest) is None:
            raise missing(digest)
        data = bytearray()
        while len(data) < size:
            values: tuple[Cell, ...] = (offset + len(data), size - len(data), digest)
            rows = self._readers.rows(self._sql["read"], values)
            if not rows or not rows[0][0]:
                break
            data += cast("bytes", rows[0][0])
        return bytes(data)

    def digests(self) -> list[Attachment]:
        """Every complete blob, in the order they were begun."""
        rows = self._readers.rows(self._sql["digests"])
        return [Attachment(*row) for row in cast("list[tuple[int, bytes]]", rows)]

    def erase(self, attachment: Attachment, under: str, time: Instant) -> None:
        """Take a blob away for ever, under a retention class."""
        with self._database.transaction() as connection:
            connection.execute(self._sql["mark_erased"], (*_key(attachment), under, int(time)))
            for name in ("remove_chunks", "remove_blob"):
                connection.execute(self._sql[name], _key(attachment))
        self._database.wipe()

    def erased(self, digest: bytes) -> bool:
        """Whether a blob of this digest was erased."""
        return bool(self._readers.rows(self._sql["erased"], (digest,)))

    def close(self) -> None:
        """Release the file. Safe to call twice."""
        self._database.close()


def missing(digest: bytes) -> StoreError:
    """An attachment that is not, or not yet, whole."""
    return StoreError("blob-missing", digest=digest.hex())


def _digest_wrong(attachment: Attachment) -> PeerError:
    return PeerError("blob-digest-wrong", digest=attachment.digest.hex(), size=attachment.size)


def _key(attachment: Attachment) -> tuple[bytes, int]:
    return attachment.digest, attachment.size

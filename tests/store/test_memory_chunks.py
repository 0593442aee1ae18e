"""Attachments in memory: what was erased is gone and is not taken in again, also after a restart."""

from __future__ import annotations

from hashlib import sha256

import pytest

from openline.base.errors import PeerError, StoreError
from openline.base.time import Instant
from openline.record.entry import Attachment
from openline.store.blobs import Blobs
from openline.store.memory import MemoryDisk
from openline.store.memory_chunks import MemoryChunks

DATA = b"a photograph"
PHOTO = Attachment(len(DATA), sha256(DATA).digest())


def test_what_was_erased_is_not_taken_in_again() -> None:
    disk = MemoryDisk()
    blobs = Blobs(MemoryChunks(disk))
    blobs.write(PHOTO, 0, DATA)
    blobs.erase(PHOTO, "photos", Instant(5))
    for opened in (blobs, Blobs(MemoryChunks(disk))):
        assert not opened.complete(PHOTO.digest)
        assert not list(opened.digests())
        with pytest.raises(StoreError):
            opened.read(PHOTO.digest, 0, 1)
        with pytest.raises(PeerError) as caught:
            opened.begin(PHOTO)
        assert caught.value.message_id == "blob-erased"

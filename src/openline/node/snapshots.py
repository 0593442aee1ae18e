"""When a running node takes up and keeps its snapshots: at its start, at a clean stop, and now and then between.

Between, another process makes them from the record (`python -m openline.node.snapshots`): writing a million items out
takes a second or two, in which nothing may hold up the line. A snapshot that fails is told of in the log, no more.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from openline.base.errors import OpenlineError
from openline.identity.keys import NodeSecrets
from openline.line.book import Book
from openline.node.folder import Folder
from openline.node.journal import Journal
from openline.node.snapshot import (
    Named,
    make_snapshot,
    read_snapshot,
    restored,
    snapshot_key,
    take_snapshot,
    write_snapshot,
)
from openline.record.ports import RecordStore

EVERY_ENTRIES = 50_000
WORTH_ENTRIES = 1_000
_NICE = 10


class Snapshots:
    """The snapshots of one node. Mutable; owned by the node. `named` are the attachments its entries name."""

    def __init__(self, folder: Folder, secrets: NodeSecrets, store: RecordStore, journal: Journal) -> None:
        self._folder = folder
        self._key = snapshot_key(secrets)
        self._store = store
        self._journal = journal
        self._seq = 0
        self._making = False
        self.named: list[Named] = []

    def take_up(self, books: Sequence[Book]) -> tuple[int, list[Named]]:
        """Put the snapshot into the empty books, if it is of this node, program and record: up to which number it goes.

        Raises StoreError when the record cannot be read.
        """
        snapshot = read_snapshot(self._folder.snapshot, self._key, self._store)
        if snapshot is None or not restored(snapshot, {book.line: book for book in books}):
            if self._folder.snapshot.exists():
                self._journal.say("snapshot-refused", file=self._folder.snapshot.name)
            return 0, []
        self._seq = snapshot.seq
        self._journal.say("snapshot-taken", entries=snapshot.seq)
        return snapshot.seq, list(snapshot.named)

    def begin(self, named: list[Named]) -> None:
        """The books are folded; these attachments are named by then."""
        self.named = named

    def due(self, seq: int) -> bool:
        """Whether so much has arrived since the last one that another should be made."""
        return not self._making and seq - self._seq >= EVERY_ENTRIES

    def keep(self, books: Sequence[Book], seq: int) -> None:
        """Write one of the books as they are, when enough has arrived. Takes its time: only once the node stops."""
        if seq - self._seq < WORTH_ENTRIES:
            return
        try:
            snapshot = take_snapshot(books, self.named, self._store.heads(), seq)
            if snapshot is not None:
                write_snapshot(self._folder.snapshot, self._key, snapshot)
        except OpenlineError as why:
            self._journal.say("snapshot-trouble", fault=why.message_id)

    async def make_elsewhere(self, seq: int) -> None:
        """Have another process make one of the record as it is; that one waits for nobody and nobody for it."""
        self._making = True
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "openline.node.snapshots", str(self._folder.path), stdin=asyncio.subprocess.DEVNULL
        )
        try:
            code = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        self._making, self._seq = False, seq
        if code:
            self._journal.say("snapshot-trouble", fault=f"exit {code}")


def main(words: Sequence[str]) -> int:
    """`python -m openline.node.snapshots FOLDER`: make a snapshot of a record that another process may be writing."""
    from openline.node.wiring import registry  # noqa: PLC0415 - wiring knows snapshots

    with suppress(OSError):
        os.nice(_NICE)
    gc.disable()  # Nothing of a book is garbage, and all of it goes with the process.
    try:
        make_snapshot(Folder(Path(words[0])), registry())
    except OpenlineError as why:
        sys.stderr.write(f"{why.message_id}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

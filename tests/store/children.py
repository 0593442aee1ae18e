"""What tests do in processes of their own: hold a record, write until killed, write on a small disk, open as nobody.

Run as `python -m tests.store.children TASK PATH [NUMBER]`; each task says on its standard output what it did.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from openline.base.errors import StoreError
from openline.base.limits import BLOB_PIECE_BYTES_MAX
from openline.store.backup import backup
from openline.store.sqlite import SqliteStore
from openline.store.statements import migrations, statements
from openline.store.writer import Writer
from tests.store.authors import Author, blobs_at

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65_534


class Child:
    """A running task and its two ends."""

    def __init__(self, task: str, path: Path, number: int) -> None:
        command = [sys.executable, "-m", "tests.store.children", task, str(path), str(number)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def hears(self) -> str:
        """The next line the task says; empty when it has ended."""
        return cast("IO[str]", self.process.stdout).readline().strip()

    def is_told(self, word: str) -> None:
        stdin = cast("IO[str]", self.process.stdin)
        stdin.write(word + "\n")
        stdin.flush()

    def is_killed(self) -> list[str]:
        """What it had said before SIGKILL struck. A line cut short is left out."""
        self.process.kill()
        said = cast("IO[str]", self.process.stdout).read()
        self.process.wait()
        return said.split("\n")[:-1]


@contextmanager
def child(task: str, path: Path, number: int = 0) -> Iterator[Child]:
    running = Child(task, path, number)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.communicate()


def hold(path: Path, _number: int) -> None:
    """Open and claim; then commit once for every line heard."""
    author, store = Author(), SqliteStore(path, create=True)
    store.claim()
    store.commit([author.opened])
    print("open", flush=True)
    for _ in sys.stdin:
        store.commit([author.says(b"said")])
        print("committed", flush=True)


def write(path: Path, _number: int) -> None:
    """Commit entry after entry, saying the size after each."""
    author, store = Author(), SqliteStore(path, create=True)
    store.claim()
    store.commit([author.opened])
    while True:
        said = author.says(b"entry %d" % len(author.entries))
        store.commit([said, author.receipt(said.signed.size)])
        print(said.signed.size, flush=True)
        if said.signed.size % 50 == 0:
            store.rest()


def write_grouped(path: Path, _number: int) -> None:
    """The same through the writer thread, many at a time, each acknowledged by itself."""
    author, store = Author(), SqliteStore(path, create=True)
    store.claim()
    store.commit([author.opened])
    writer = Writer(store)
    while True:
        said = author.says(b"entry %d" % len(author.entries))
        size = said.signed.size

        def done(error: StoreError | None, size: int = size) -> None:
            if error is None:
                os.write(1, b"%d\n" % size)

        writer.submit([said], done)


def fill(path: Path, limit: int) -> None:
    """Commit 20 KiB at a time while no file may grow beyond `limit` bytes; say the last size, then the error."""
    author, store = Author(), SqliteStore(path, create=True)
    store.claim()
    store.commit([author.opened])
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    size = 0
    try:
        while True:
            store.commit([author.says(bytes(20_480))])
            size += 1
    except StoreError as why:
        print(size, why.message_id, flush=True)


def open_as_nobody(path: Path, _number: int) -> None:
    """Open a record without the rights of root."""
    for name in ("record", "blobs"):
        statements(name), migrations(name)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    try:
        SqliteStore(path, create=True)
    except StoreError as why:
        print(why.message_id, why.facts["path"], flush=True)
    else:
        print("opened", flush=True)


def back_up(path: Path, _number: int) -> None:
    """Copy the store in the folder `path` to `path`/copy, from outside the process that writes it."""
    backup(path / "record.db", path / "blobs.db", path / "copy", lambda _done, _total: None)
    print("copied", flush=True)


def receive(path: Path, size: int) -> None:
    """Write an attachment of zeros piece by piece, saying how far it is."""
    from hashlib import sha256

    from openline.record.entry import Attachment

    blobs = blobs_at(path, create=True)
    attachment = Attachment(size, sha256(bytes(size)).digest())
    stands = blobs.begin(attachment)
    while stands < size:
        stands = blobs.write(attachment, stands, bytes(min(BLOB_PIECE_BYTES_MAX, size - stands)))
        print(stands, flush=True)
    print("complete", flush=True)


TASKS = {
    "hold": hold,
    "write": write,
    "write-grouped": write_grouped,
    "fill": fill,
    "open-as-nobody": open_as_nobody,
    "back-up": back_up,
    "receive": receive,
}

if __name__ == "__main__":
    TASKS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))

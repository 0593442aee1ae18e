"""The single writer thread: what is submitted while a commit is under way goes into the next one, together.

Submissions are committed in the order they came. The first commit that fails ends it: that commit's submissions
and all later ones get its StoreError, because nothing after a failed write may be taken as written.

`on_done` is called in the writer thread and must not raise; a node wraps it with `call_soon_threadsafe`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Protocol

from openline.base.errors import StoreError
from openline.record.ports import Append, Write

SUBMISSIONS_MAX = 256
ENTRIES_MAX = 1_024
IDLE_S = 0.02

OnDone = Callable[[StoreError | None], None]

_STOPPED = StoreError("store-broken", path="record", detail="the writer has stopped")


class Committing(Protocol):
    """What a store must do to have a writer thread."""

    def commit(self, writes: Sequence[Write]) -> None:
        """See RecordStore."""
        ...

    def rest(self) -> None:
        """Do what can wait, because nothing else does. Raises StoreError."""
        ...


@dataclass(frozen=True, slots=True)
class _Submission:
    writes: Sequence[Write]
    on_done: OnDone


class Writer:
    """A thread that commits to `store`. From construction to `close` no other thread may write to the store."""

    def __init__(self, store: Committing) -> None:
        self._store = store
        self._queue: SimpleQueue[_Submission | None] = SimpleQueue()
        self._failed: StoreError | None = None
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, writes: Sequence[Write], on_done: OnDone) -> None:
        """Have `writes` committed; `on_done` hears None when they are durable, else the StoreError."""
        self._queue.put(_Submission(writes, on_done))
        if not self._thread.is_alive():
            self._refuse_waiting()

    def close(self) -> None:
        """Commit what waits, then end the thread. Safe to call twice."""
        self._queue.put(None)
        self._thread.join()
        self._refuse_waiting()

    def _run(self) -> None:
        try:
            while (first := self._next()) is not None:
                self._commit(first)
        finally:
            self._refuse_waiting()

    def _next(self) -> _Submission | None:
        try:
            return self._queue.get(timeout=IDLE_S)
        except Empty:
            pass
        try:
            self._store.rest()
        except StoreError as why:
            self._failed = self._failed or why
        return self._queue.get()

    def _commit(self, first: _Submission) -> None:
        together, ended = self._gather(first)
        error: StoreError | None = _STOPPED  # Unless the store answers; a bug in it must leave nobody waiting.
        try:
            error = self._failed or self._try([write for part in together for write in part.writes])
        finally:
            self._failed = error
            for submission in together:
                submission.on_done(error)
        if ended:
            self._queue.put(None)

    def _gather(self, first: _Submission) -> tuple[list[_Submission], bool]:
        """`first` and what waits behind it, as far as one commit should go; and whether the end was met."""
        together, entries = [first], _entries(first)
        while len(together) < SUBMISSIONS_MAX and entries < ENTRIES_MAX:
            try:
                submission = self._queue.get_nowait()
            except Empty:
                break
            if submission is None:
                return together, True
            together.append(submission)
            entries += _entries(submission)
        return together, False

    def _try(self, writes: Sequence[Write]) -> StoreError | None:
        try:
            self._store.commit(writes)
        except StoreError as why:
            return why
        return None

    def _refuse_waiting(self) -> None:
        """After the end: whoever still waits is told. Also runs when a bug ended the thread."""
        error = self._failed or _STOPPED
        while True:
            try:
                submission = self._queue.get_nowait()
            except Empty:
                return
            if submission is not None:
                submission.on_done(error)


def _entries(submission: _Submission) -> int:
    return sum(len(write.entries) for write in submission.writes if isinstance(write, Append))

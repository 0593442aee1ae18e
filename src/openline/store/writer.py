"""The single writer: what is submitted while a commit is under way goes into the next one, together.

A small commit that nothing waits for is made at once, in the caller's thread (`commit_now`): handing it to another
thread and back costs as much as the disk does. Everything else is the writer thread's, and so is carrying the
write-ahead log over.

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
REST_EVERY = 512

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
    """Commits to `store`, mostly in a thread of its own. From construction to `close` nobody else may write to it."""

    def __init__(self, store: Committing) -> None:
        self._store = store
        self._queue: SimpleQueue[_Submission | None] = SimpleQueue()
        self._failed: StoreError | None = None
        self._writing = threading.Lock()
        self._made_now = 0
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, writes: Sequence[Write], on_done: OnDone) -> None:
        """Have `writes` committed; `on_done` hears None when they are durable, else the StoreError."""
        self._queue.put(_Submission(writes, on_done))
        if not self._thread.is_alive():
            self._refuse_waiting()

    def commit_now(self, writes: Sequence[Write]) -> bool:
        """Commit `writes` here and now, if the writer thread is at rest; False when it is not: then `submit`.

        Only for a caller whose submissions have all been answered, or the order would be lost. Raises StoreError.
        """
        if not self._writing.acquire(blocking=False):
            return False
        try:
            if self._failed is not None:
                raise self._failed
            self._store.commit(writes)
        except StoreError as why:
            self._failed = why
            raise
        finally:
            self._writing.release()
        self._made_now += 1
        if self._made_now % REST_EVERY == 0:
            self._queue.put(_Submission((), _nobody))
        return True

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
        with self._writing:
            try:
                self._store.rest()
            except StoreError as why:
                self._failed = self._failed or why
        return self._queue.get()

    def _commit(self, first: _Submission) -> None:
        together, ended = self._gather(first)
        error: StoreError | None = _STOPPED  # Unless the store answers; a bug in it must leave nobody waiting.
        try:
            with self._writing:
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
            if writes:
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


def _nobody(_why: StoreError | None) -> None:
    """Nobody waits for it: the thread was only woken to rest."""


def _entries(submission: _Submission) -> int:
    return sum(len(write.entries) for write in submission.writes if isinstance(write, Append))

"""What every store does alike with a write, so that no engine is more lenient than another."""

from __future__ import annotations

from openline.base.errors import StoreError
from openline.base.time import DAY_US
from openline.record.entry import Entry
from openline.record.ports import Append, Command, HoldRow

COMMAND_KEPT_US = 7 * DAY_US


def assert_sound(append: Append) -> None:
    """An append is one run of entries of one log, up to the size that was signed; anything else is a bug."""
    assert append.entries, "an append without entries"
    base, origin = append.base, append.signed.origin
    for index, entry in enumerate(append.entries, base):
        assert (entry.origin, entry.index) == (origin, index), "an append that is not one run of one log"


def fenced(detail: str) -> StoreError:
    """Another node has claimed the store, or a log is not of the size an append extends."""
    return StoreError("store-fenced", detail=detail)


def not_open(origin: str) -> StoreError:
    """A write names a log that was never opened: a bug of ours, but the transaction must fail whole."""
    return StoreError("store-broken", path=origin, detail="this log was never opened")


def commands_end(newest: Command) -> int:
    """Commands from before this moment, in microseconds, may go once `newest` is kept."""
    return newest.time - COMMAND_KEPT_US


def stands_over(row: HoldRow, line: str, entry: Entry) -> bool:
    """Whether a hold stands over an entry of this line: what the statement `mark_erased` asks, in Python."""
    hold, leaf = row.hold, entry.leaf
    if row.lifted is not None or hold.line != line or (hold.mark and hold.mark != leaf.mark):
        return False
    if (entry.origin, entry.index) in hold.entries:
        return True
    return hold.since_ms is not None and hold.until_ms is not None and hold.since_ms <= leaf.time_ms < hold.until_ms

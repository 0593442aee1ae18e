"""What this node holds of a line's logs, for thin pushes: recent places in memory, older ones from the store."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from openline.record.entry import Entry
from openline.record.ports import Append, RecordStore, Signed
from openline.record.tree import Frontier

_RECENT_MAX = 4_096


class Holdings:
    """Answers `record.thin.Lookup` and keeps the newest entries and checkpoints at hand."""

    def __init__(self, store: RecordStore) -> None:
        self._store = store
        self._signed: OrderedDict[tuple[str, int], Signed] = OrderedDict()
        self._entries: OrderedDict[tuple[str, int], Entry] = OrderedDict()
        self._walked: dict[str, Frontier] = {}

    def add(self, append: Append) -> None:
        """Remember what a turn adds."""
        self._signed[append.signed.origin, append.signed.size] = append.signed
        for entry in append.entries:
            self._entries[entry.origin, entry.index] = entry
        for recent in (self._signed, self._entries):
            while len(recent) > _RECENT_MAX:
                recent.popitem(last=False)

    def root_at(self, origin: str, size: int) -> bytes | None:
        """The root of a log at `size`, or None when it is not held that far.

        Where no checkpoint stands (a log given back after a restore has fewer) the tree is walked again; asking for
        ever larger sizes costs every entry once.
        """
        signed = self.signed_at(origin, size)
        return self._walked_root(origin, size) if signed is None else signed.root

    def leaf_hash_at(self, origin: str, index: int) -> bytes | None:
        """The leaf hash of an entry, or None."""
        entry = self.entry(origin, index)
        return None if entry is None else entry.leaf_hash

    def signed_at(self, origin: str, size: int) -> Signed | None:
        """The signed checkpoint at exactly `size`, or None."""
        return self._signed.get((origin, size)) or self._store.checkpoint(origin, size)

    def signed_from(self, origin: str, size: int) -> Signed | None:
        """The first signed checkpoint at `size` or above, or None."""
        return self.signed_at(origin, size) or next(iter(self._store.checkpoints(origin, size - 1, 1)), None)

    def entry(self, origin: str, index: int) -> Entry | None:
        """One entry, or None."""
        entry = self._entries.get((origin, index))
        return entry or next(iter(self._store.entries(origin, index, index + 1)), None)

    def entries(self, origin: str, start: int, stop: int) -> Sequence[Entry]:
        """Entries `start` to `stop`, from memory when all are there."""
        recent = [self._entries.get((origin, index)) for index in range(start, stop)]
        if all(entry is not None for entry in recent):
            return [entry for entry in recent if entry is not None]
        return self._store.entries(origin, start, stop)

    def _walked_root(self, origin: str, size: int) -> bytes | None:
        frontier = self._walked.get(origin)
        if frontier is None or frontier.size > size:
            frontier = self._walked[origin] = Frontier()
        while frontier.size < size:
            entries = self.entries(origin, frontier.size, min(size, frontier.size + _RECENT_MAX))
            if not entries:
                return None
            for entry in entries:
                frontier.append(entry.leaf_hash)
        return frontier.root()

    def signed_between(self, origin: str, after: int, stop: int) -> list[Signed]:
        """The signed checkpoints larger than `after` up to `stop`, smallest first."""
        found: list[Signed] = []
        while not found or found[-1].size < stop:
            rows = self._store.checkpoints(origin, found[-1].size if found else after, _RECENT_MAX)
            if not rows:
                break
            found += [signed for signed in rows if signed.size <= stop]
            if rows[-1].size >= stop:
                break
        return found

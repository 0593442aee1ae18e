"""What this node holds of a line's logs, for thin pushes: recent places in memory, older ones from the store."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from openline.record.entry import Entry
from openline.record.ports import Append, RecordStore, Signed
from openline.record.tree import Frontier

_RECENT_MAX = 4_096
_RECENT_BYTES_MAX = 32 * 1_048_576
_STATION = 1_024
_STATIONS_AT_ONCE = 32


class Holdings:
    """Answers `record.thin.Lookup` and keeps the newest entries and checkpoints at hand.

    `_stations` are the trees of a log at every 1,024 entries, as far as one was ever walked: whatever sizes a peer
    names, an answer costs no more than the entries of one station.
    """

    def __init__(self, store: RecordStore) -> None:
        self._store = store
        self._signed: OrderedDict[tuple[str, int], Signed] = OrderedDict()
        self._entries: OrderedDict[tuple[str, int], Entry] = OrderedDict()
        self._bytes = 0
        self._stations: dict[str, list[Frontier]] = {}

    def add(self, append: Append) -> None:
        """Remember what a turn adds."""
        self._signed[append.signed.origin, append.signed.size] = append.signed
        for entry in append.entries:
            self._entries[entry.origin, entry.index] = entry
            self._bytes += _weight(entry)
        while len(self._signed) > _RECENT_MAX:
            self._signed.popitem(last=False)
        while len(self._entries) > _RECENT_MAX or self._bytes > _RECENT_BYTES_MAX:
            self._bytes -= _weight(self._entries.popitem(last=False)[1])

    def forget(self, origin: str, index: int) -> None:
        """The body of this entry was erased: keep nothing of it at hand."""
        entry = self._entries.pop((origin, index), None)
        self._bytes -= 0 if entry is None else _weight(entry)

    def root_at(self, origin: str, size: int) -> bytes | None:
        """The root of a log at `size`, or None when it is not held that far.

        Where no checkpoint stands (a log given back after a restore has fewer) the tree is walked again. A long walk
        is not finished at once; until it is, the answer is None.
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

    def _walked_root(self, origin: str, size: int) -> bytes | None:
        if size < 1 or self.entry(origin, size - 1) is None:
            return None
        stations = self._stations.setdefault(origin, [Frontier()])
        for _ in range(_STATIONS_AT_ONCE):
            if stations[-1].size + _STATION > size:
                break
            station = self._grown(stations[-1], origin, stations[-1].size + _STATION)
            if station is None:
                return None
            stations.append(station)
        if stations[-1].size + _STATION <= size:
            return None
        tree = self._grown(stations[size // _STATION], origin, size)
        return None if tree is None else tree.root()

    def _grown(self, tree: Frontier, origin: str, size: int) -> Frontier | None:
        entries = self.entries(origin, tree.size, size)
        if len(entries) < size - tree.size:
            return None
        tree = tree.copy()
        for entry in entries:
            tree.append(entry.leaf_hash)
        return tree


def _weight(entry: Entry) -> int:
    return len(entry.leaf_bytes) + len(entry.body or b"")

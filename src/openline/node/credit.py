"""What may still be said while receipts are missing: entries and bytes that wait in our own log, by precedence.

A log is in order, so a FLASH takes everything before it along. Entries that may wait are counted, and weighed: a
slow path carries bytes.
"""

from __future__ import annotations

from collections import deque

from openline.base.limits import CREDIT_BYTES, CREDIT_BYTES_WITHOUT_PRECEDENCE, CREDIT_ENTRIES
from openline.record.entry import Precedence


class Credit:
    """The weight of what some peer has not receipted. Mutable; owned by the line's keeper."""

    def __init__(self) -> None:
        self.waiting_bytes = 0
        self._grown: deque[tuple[int, int]] = deque()

    def grew(self, size: int, size_bytes: int) -> None:
        """Our log is signed up to `size`; the part since the checkpoint before weighs `size_bytes`."""
        self._grown.append((size, size_bytes))
        self.waiting_bytes += size_bytes

    def receipted(self, size: int) -> None:
        """Every peer has receipted our log up to `size`."""
        while self._grown and self._grown[0][0] <= size:
            self.waiting_bytes -= self._grown.popleft()[1]


def used_up(precedence: Precedence | None, waiting: int, waiting_bytes: int) -> bool:
    """Whether nothing of this precedence may be said while so many entries, and bytes of them, wait."""
    if precedence is Precedence.FLASH:
        return False
    if precedence is None:
        return waiting_bytes >= CREDIT_BYTES_WITHOUT_PRECEDENCE
    return waiting >= CREDIT_ENTRIES[precedence.name] or waiting_bytes >= CREDIT_BYTES[precedence.name]

"""The share of datagrams that were lost lately, from two counts: how many one end sent, how many the other took."""

from __future__ import annotations

_KEEP = 0.75
"""What a new interval leaves of the ones before."""


class Loss:
    """Loss in one direction of a path. Mutable; owned by it.

    Counts are totals of a session, so a report that is lost costs nothing. Datagrams overtaking each other move a
    loss from one interval to the next; a total that falls, or another sender, begins anew.
    """

    def __init__(self) -> None:
        self._of: tuple[int, int] | None = None
        self._sent = 0
        self._taken = 0
        self._sent_lately = 0.0
        self._lost_lately = 0.0

    @property
    def permille(self) -> int | None:
        """Thousandths lost; None before anything was counted."""
        if not self._sent_lately:
            return None
        return min(max(round(1_000 * self._lost_lately / self._sent_lately), 0), 1_000)

    def count(self, of: tuple[int, int], sent: int, taken: int) -> None:
        """The totals of one sender (session, life) at one moment: `sent` by one end, `taken` by the other."""
        sent_now, taken_now = sent - self._sent, taken - self._taken
        if of == self._of and taken_now >= 0:
            if sent_now <= 0:
                return  # An older report came late.
            self._sent_lately = self._sent_lately * _KEEP + sent_now
            self._lost_lately = self._lost_lately * _KEEP + sent_now - taken_now
        self._of, self._sent, self._taken = of, sent, taken

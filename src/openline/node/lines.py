"""What the node keeps of a line beside its keeper: waiters, timers, attachments under way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from openline.base.time import Instant
from openline.link.frames import Presence
from openline.node.keeper import Keeper
from openline.node.waiting import Waiting


@dataclass(slots=True)
class LineState:
    """One line of a running node. Mutable; owned by the node."""

    keeper: Keeper
    waiting: Waiting = field(default_factory=Waiting)
    wakes: Instant | None = None
    timer: asyncio.TimerHandle | None = None
    blob_sizes: dict[bytes, int] = field(default_factory=dict)
    delivered: set[tuple[int, bytes]] = field(default_factory=set)
    duty_under_way: bool = False
    since: Instant | None = None
    claimants: set[str] = field(default_factory=set)
    presences: dict[int, tuple[Presence, Instant]] = field(default_factory=dict)

    def presence_since(self, peer: int, presence: Presence, heard: Instant | None) -> Instant | None:
        """Since when `peer`'s node says what it says of its people; None while it was never heard."""
        if heard is None:
            return None
        known = self.presences.get(peer)
        if known is None or known[0] != presence:
            known = self.presences[peer] = (presence, heard)
        return known[1]

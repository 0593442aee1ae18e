"""How long a FLASH takes from the officer's key to the receipt of every peer, and whether that was too long.

The promise holds while a way is open: a session with the peer that stood before, stands all the time and on a path
with which nothing is wrong, between two nodes that run. Then a FLASH waits for what is in the log before it and on
the wire, for two commits and the round trips, and for nothing else; above all not for what an officer or a program
gave the node before it and the log has not taken yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from openline.base.limits import BATCH_BYTES_MAX
from tests.sim.network import Path, Wire
from tests.sim.node import Headquarters
from tests.sim.world import World

_ALWAYS_S = 2.5
_SETTLED_S = 1.5
_ENTRY_BYTES = 260
_COMMITS_MAX = 3


@dataclass(slots=True)
class Flash:
    """One FLASH. `ahead_bytes` is what was in the log and not receipted when it was given to the node."""

    here: Headquarters
    begun_at: float
    ahead_bytes: dict[str, int]
    wires: list[Wire]
    commits: int
    index: int | None = None
    over: bool = False
    receipted_at: dict[str, float] = field(default_factory=dict)


class Flashes:
    """Every FLASH of a run. `latencies` are seconds from the key to each receipt that came while a way was open."""

    def __init__(self, world: World, houses: Sequence[Headquarters]) -> None:
        self.world = world
        self.latencies: list[float] = []
        self.on_time = True
        self._houses = {here.party: here for here in houses}
        self._open: list[Flash] = []

    def begin(self, here: Headquarters) -> Flash:
        """An officer presses the key."""
        now = self.world.loop.time()
        assert here.process is not None
        store, receipted = here.process.store, here.process.keeper.receipted
        ahead = {
            party: sum(
                len(entry.leaf_bytes) + len(entry.body or b"") + _ENTRY_BYTES
                for entry in store.entries(here.origin, size, here.process.keeper.own.size)
            )
            for party, size in receipted.items()
        }
        wires = [wire for wire in here.network.wires if self._good(here, wire) and wire.up]
        wires = [wire for wire in wires if now - wire.ends[0].opened_at > _SETTLED_S]
        flash = Flash(here, now, ahead, wires, here.disk.content.faults.commits)
        self._open.append(flash)
        for party in receipted:
            within_s = self._bound(flash, party)
            self.world.later(within_s, partial(self._judge, flash, party, within_s))
        return flash

    def recorded(self, flash: Flash, index: int | None) -> None:
        """It is on the record; or, when `index` is None, it was refused or its node ended."""
        flash.index = index
        flash.over = index is None
        commits = flash.here.disk.content.faults.commits - flash.commits
        if index is not None and flash.here.up_since < flash.begun_at:
            self.world.check(
                commits <= _COMMITS_MAX,
                "flash-not-blocked",
                f"{flash.here.label}:{index} was recorded by commit {commits} after the key was pressed",
            )

    def receipted(self, here: Headquarters, party: str, size: int) -> None:
        """A peer holds the log of `here` up to `size`."""
        now = self.world.loop.time()
        for flash in self._open:
            if flash.here is not here or flash.index is None or flash.index >= size or party in flash.receipted_at:
                continue
            flash.receipted_at[party] = now
            if self._kept_open(flash, party) is not None:
                self.latencies.append(now - flash.begun_at)

    def _good(self, here: Headquarters, wire: Wire) -> bool:
        return here.party in wire.path.ends and wire.path.whole and not wire.stalled and not wire.lying

    def _bound(self, flash: Flash, party: str) -> float:
        ahead = flash.ahead_bytes.get(party, 0)
        paths = flash.here.network.between(flash.here.party, party)
        return _ALWAYS_S + max((_needs_s(path, ahead, flash.begun_at) for path in paths), default=0.0)

    def _kept_open(self, flash: Flash, party: str) -> Wire | None:
        """A session that stood all the time since the key was pressed, on a path with nothing wrong."""
        since = flash.begun_at - _SETTLED_S
        for here in (flash.here, self._houses[party]):
            if not here.up or here.up_since > since or here.troubled_at > since:
                return None
        for wire in flash.wires:
            there = party in wire.path.ends and wire.up
            if there and max(wire.troubled_at, wire.path.troubled_at) < since and self._good(flash.here, wire):
                return wire
        return None

    def _judge(self, flash: Flash, party: str, within_s: float) -> None:
        if flash in self._open and len(flash.receipted_at) == len(flash.ahead_bytes):
            self._open.remove(flash)
        if flash.over or party in flash.receipted_at or not self._may_judge(flash):
            return
        wire = self._kept_open(flash, party)
        if wire is not None:
            self.world.violate(
                "flash-not-blocked",
                f"{flash.here.label}:{flash.index} was not receipted by {party} within "
                f"{within_s:.1f} s though {wire.path.name} was open",
            )

    def _may_judge(self, flash: Flash) -> bool:
        return all(here.troubled_at < flash.begun_at - _SETTLED_S for here in self._houses.values())


def _needs_s(path: Path, ahead_bytes: int, now: float) -> float:
    on_the_wire = max(way.busy_until for way in path.ways.values()) - now
    rate = min(way.rate for way in path.ways.values())
    trips = sum(way.delay_s + way.jitter_s for way in path.ways.values())
    return 6 * trips + max(on_the_wire, 0.0) + (ahead_bytes + 2 * BATCH_BYTES_MAX) * 1.5 / rate

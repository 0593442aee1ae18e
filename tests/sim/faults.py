"""Everything that goes wrong in a run: which fault classes there are, and when each comes.

Every class comes in every run, at a time and in a place that only the seed knows; some come again. Those that last
are healed in their time, all of them at the end. A crash is also planned at a commit number that goes with the seed:
300 seeds in a row crash every node before and after each of its first 150 commits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import permutations

from openline.store.memory import Fault
from tests.sim.disk import DISK_FAULTS
from tests.sim.hostile import HOSTILE_FAULTS, Hostile
from tests.sim.network import Direction, Network, Path
from tests.sim.node import Headquarters
from tests.sim.people import People
from tests.sim.world import SECOND_US, World

_NETWORK = (
    "packet-lost",
    "frame-duplicated",
    "frame-reordered",
    "frame-replayed",
    "path-cut",
    "one-way",
    "partition",
    "session-killed",
    "session-stalled",
    "path-slow",
)
_CLOCK = ("clock-forward", "clock-back")
_MACHINE = ("killed", "power-lost", "stopped", "restored", "disk-slow")
FAULTS = (*_NETWORK, *_CLOCK, *DISK_FAULTS, *_MACHINE, "attachment-write-failed", "flood", *HOSTILE_FAULTS)
"""Every fault class; each takes effect in every run."""

_DISK_PLANS = dict(zip(DISK_FAULTS, (Fault.LOST, Fault.KEPT, Fault.CRASH_BEFORE, Fault.CRASH_AFTER), strict=True))
_PATIENCE_S = 300.0
_FIRST_COMMIT = 2  # The first is the pairing.
_COMMITS = 150


class Faults:
    """Brings the faults of one run. Mutable."""

    def __init__(
        self, world: World, network: Network, houses: Sequence[Headquarters], people: Sequence[People]
    ) -> None:
        self.world = world
        self.network = network
        self.houses = houses
        self.people = people
        self.hostile = Hostile(world, network, houses)
        self.chance = world.chance("faults")

    async def run(self, start: float, stop: float) -> None:
        """Bring every class at least once between `start` and `stop` (virtual seconds), and some again."""
        plans: list[tuple[float, str]] = [(self.chance.uniform(start, stop), name) for name in self._brought()]
        plans += [(self.chance.uniform(start, stop), self.chance.choice(self._brought())) for _ in range(8)]
        self._crash_at_a_commit()
        tasks = [self.world.spawn(self._at(when, name)) for when, name in sorted(plans)]
        await asyncio.wait(tasks)

    def missed(self) -> list[str]:
        """Fault classes that took no effect in this run."""
        return [name for name in FAULTS if not self.world.counts[name]]

    def heal(self) -> None:
        """Nothing goes wrong any more."""
        self.network.muddled = False
        for path in self.network.paths:
            self._mend(path)
            for wire in path.wires:
                if wire.stalled:
                    wire.kill()
        for here in self.houses:
            here.disk.slow = False
            here.disk.content.faults.planned.clear()
            here.disk.content.blob_faults.planned.clear()

    def _brought(self) -> list[str]:
        """Fault classes, in their order."""
        return list(FAULTS)

    def _crash_at_a_commit(self) -> None:
        number = _FIRST_COMMIT + self.world.seed // 2 % _COMMITS
        for place, here in enumerate(self.houses):
            fault = (Fault.CRASH_BEFORE, Fault.CRASH_AFTER)[(self.world.seed + place) % 2]
            here.disk.content.faults.planned[number] = fault

    async def _at(self, when: float, name: str) -> None:
        await asyncio.sleep(when - self.world.loop.time())
        bring = self._how(name)
        before = self.world.counts[name]
        while self.world.loop.time() < when + _PATIENCE_S:
            await bring()
            if self.world.counts[name] > before:
                return
            await asyncio.sleep(self.chance.uniform(0.5, 3.0))

    def _how(self, name: str) -> Callable[[], Awaitable[None]]:
        if name in _DISK_PLANS:
            return partial(self._disk, _DISK_PLANS[name], name)
        if name in HOSTILE_FAULTS:
            return partial(self.hostile.bring, name)
        ways: dict[str, Callable[[], Awaitable[None]]] = {
            "packet-lost": self._lossy,
            "frame-duplicated": partial(self._muddle, "frame-duplicated"),
            "frame-reordered": partial(self._muddle, "frame-reordered"),
            "frame-replayed": self._replay,
            "path-cut": self._cut,
            "one-way": self._one_way,
            "partition": self._partition,
            "session-killed": self._kill_session,
            "session-stalled": self._stall_session,
            "path-slow": self._slow_path,
            "clock-forward": partial(self._clock, 1),
            "clock-back": partial(self._clock, -1),
            "killed": partial(self._lose, False),
            "power-lost": partial(self._lose, True),
            "stopped": self._stop,
            "restored": self._restore,
            "disk-slow": self._slow_disk,
            "attachment-write-failed": self._attachment,
            "flood": self._flood,
        }
        return ways[name]

    # Network

    async def _lossy(self) -> None:
        paths = self._pair()
        for path in paths:
            for way in path.ways.values():
                way.loss = self.chance.uniform(0.05, 0.3)
        await self._for_a_while(6, 20, paths)

    async def _muddle(self, name: str) -> None:
        self.network.wanted[name] = 1
        await asyncio.sleep(1)

    async def _replay(self) -> None:
        sender, hearer = self.chance.choice(list(permutations([here.party for here in self.houses], 2)))
        frames, plugs = self.network.kept(sender, hearer), self.network.plugs(hearer, sender)
        if not frames or not plugs:
            return
        self.world.fire("frame-replayed", sender, hearer, len(frames))
        for data in self.chance.sample(frames, min(12, len(frames))):
            plug = self.chance.choice(plugs)
            plug.hear([data])
            await asyncio.sleep(self.chance.uniform(0, 0.1))

    async def _cut(self) -> None:
        path = self._path()
        self.world.fire("path-cut", path.name)
        self.network.cut(path, path.ways)
        await self._for_a_while(2, 40, [path])

    async def _one_way(self) -> None:
        path = self._path()
        pair = self.chance.choice(sorted(path.ways))
        self.world.fire("one-way", path.name, *pair)
        self.network.cut(path, [pair])
        await self._for_a_while(2, 100, [path])

    async def _partition(self) -> None:
        paths = self._pair()
        self.world.fire("partition", *sorted(paths[0].ends))
        for path in paths:
            self.network.cut(path, path.ways)
        await self._for_a_while(*self.chance.choice(((1, 5), (5, 30), (95, 110))), paths)

    async def _kill_session(self) -> None:
        wires = [wire for wire in self.network.wires if wire.up]
        if wires:
            self.world.fire("session-killed")
            self.chance.choice(wires).kill()

    async def _stall_session(self) -> None:
        wires = [wire for wire in self.network.wires if wire.up and not wire.stalled]
        if not wires:
            return
        wire = self.chance.choice(wires)
        self.world.fire("session-stalled", wire.path.name)
        wire.stall(True)
        await asyncio.sleep(self.chance.uniform(1, 30))
        if self.chance.random() < 0.5:
            wire.stall(False)
        else:
            wire.kill()

    async def _slow_path(self) -> None:
        path = self._path()
        if path.slow:
            return
        self.world.fire("path-slow", path.name)
        path.slow = True
        path.troubled_at = self.world.loop.time()
        before = {pair: (way.delay_s, way.rate) for pair, way in path.ways.items()}
        for way in path.ways.values():
            way.delay_s, way.rate = self.chance.uniform(0.1, 1.0), self.chance.uniform(10_000, 100_000)
        await asyncio.sleep(self.chance.uniform(5, 25))
        path.troubled_at = self.world.loop.time()
        for pair, (delay, rate) in before.items():
            path.ways[pair].delay_s, path.ways[pair].rate = delay, rate
        path.slow = False

    # Clocks

    async def _clock(self, sign: int) -> None:
        here = self._house()
        low, high = self.chance.choice(((0.01, 2), (2, 60), (60, 4_000)))
        here.clock.jump(sign * round(self.chance.uniform(low, high) * SECOND_US))
        here.troubled_at = self.world.loop.time()
        self.world.fire("clock-forward" if sign > 0 else "clock-back", here.label)

    # Disks and machines

    async def _disk(self, fault: Fault, name: str) -> None:
        here, before = self._house(), self.world.counts[name]
        here.disk.plan(fault, ahead=self.chance.randint(1, 4))
        for _ in range(40):
            await asyncio.sleep(0.25)
            if self.world.counts[name] > before:
                return

    async def _attachment(self) -> None:
        """Somebody attaches something while the disk for attachments fails."""
        here = self._house()
        fault = self.chance.choice(list(Fault))
        faults = here.disk.content.blob_faults
        faults.planned[faults.commits + 1] = fault
        fired = faults.fired.total()
        await next(people for people in self.people if people.here is here).attach()
        if faults.fired.total() > fired:
            self.world.fire("attachment-write-failed", here.label, fault.name)
        faults.planned.clear()

    async def _lose(self, silently: bool) -> None:
        here = self._house()
        if here.process is not None:
            self.world.fire("power-lost" if silently else "killed", here.label)
            here.lose(silently)

    async def _stop(self) -> None:
        here = self._house()
        if here.process is not None and hasattr(here.process, "paths"):
            self.world.fire("stopped", here.label)
            await here.stop()

    async def _restore(self) -> None:
        """The machine is lost; another one starts from a backup some time old."""
        here = self._house()
        made, restores = here.disk.backup(), here.restores
        await asyncio.sleep(self.chance.uniform(5, 25))
        if here.restores != restores:
            return  # A backup of a history that was abandoned since: to put it back is to fork.
        if not all(house.wanted_up and house.ready and house.whole for house in self.houses):
            return  # Two machines lost at once are more than two copies can mend.
        self.world.fire("restored", here.label)
        here.wanted_up = False
        here.lose(silently=True)
        self.network.forget(here.party)
        await asyncio.sleep(self.chance.uniform(3, 8))
        here.restore(made)
        here.wanted_up = True
        here.restart_in(0.1)

    async def _slow_disk(self) -> None:
        here = self._house()
        self.world.fire("disk-slow", here.label)
        here.disk.slow = True
        await asyncio.sleep(self.chance.uniform(3, 12))
        here.disk.slow = False

    async def _flood(self) -> None:
        people = self.chance.choice(self.people)
        if people.here.ready:
            await people.flood(self.chance.randint(60, 90), 8_000)

    # Choosing and healing

    def _house(self) -> Headquarters:
        return self.chance.choice(self.houses)

    def _path(self) -> Path:
        return self.chance.choice(self.network.paths)

    def _pair(self) -> list[Path]:
        one, other = self.chance.sample([here.party for here in self.houses], 2)
        return self.network.between(one, other)

    async def _for_a_while(self, low: float, high: float, paths: Sequence[Path]) -> None:
        await asyncio.sleep(self.chance.uniform(low, high))
        for path in paths:
            self._mend(path)

    def _mend(self, path: Path) -> None:
        if not path.whole:
            self.network.heal(path)


def lay_paths(network: Network, parties: Sequence[str]) -> None:
    """Two or three paths between every two parties: quick, middling, and far."""
    chance = network.world.chance("paths")
    kinds = {"fibre": (1, 1, 20e6), "radio": (25, 20, 500e3), "satellite": (280, 40, 250e3)}
    for place, one in enumerate(parties):
        for other in parties[place + 1 :]:
            names = sorted(kinds) if chance.random() < 0.6 else chance.sample(sorted(kinds), 2)
            for name in names:
                delay, jitter, rate = kinds[name]
                ways = {
                    pair: Direction(
                        chance.uniform(0.5, 1.5) * delay / 1_000, jitter / 1_000, chance.uniform(0.5, 1.5) * rate
                    )
                    for pair in ((one, other), (other, one))
                }
                network.lay(Path(name, frozenset((one, other)), ways))

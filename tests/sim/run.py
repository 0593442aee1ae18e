"""One run: everything is built, goes wrong, is healed, comes to rest, and is judged; then one history is forked."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from tests.sim.checkers import Auditor
from tests.sim.faults import Faults, lay_paths
from tests.sim.flash import Flashes
from tests.sim.leaving import Leaving
from tests.sim.network import Network, Plug
from tests.sim.node import Headquarters, simulated
from tests.sim.parties import PARTIES
from tests.sim.people import People, Shift
from tests.sim.world import Violation, World

MESSAGES_MIN = 100
_CHAOS_S = (6.0, 95.0)
_WORK_S = 100.0
_HEAL_S = 240.0
_QUIET_S = 20.0
_QUIET_FRAMES = 12
_LOOK_S = 0.25


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a run. `latencies` are of FLASH messages, in seconds."""

    seed: int
    violations: tuple[Violation, ...]
    counts: Counter[str]
    latencies: tuple[float, ...]
    digest: str
    virtual_s: float


def simulate(seed: int, verbose: bool = False, change: Callable[[Run], None] | None = None) -> Result:
    """Run `seed`, until its end or the first violation. `change` may spoil the run before it begins."""
    world = World(seed, verbose)
    asyncio.set_event_loop(None)
    run = Run(world)
    if change is not None:
        change(run)
    try:
        with simulated(run.network):
            world.loop.run_until_complete(run.whole())
    finally:
        run.end()
        world.loop.close()
    latencies = tuple(run.flashes.latencies)
    return Result(seed, tuple(world.violations), world.counts, latencies, world.digest, world.loop.time())


class Run:
    """Everything of one run. Mutable."""

    def __init__(self, world: World) -> None:
        self.world = world
        parties = PARTIES[: 3 if world.seed % 5 == 4 else 2]
        self.network = Network(world, parties)
        lay_paths(self.network, parties)
        self.auditor = Auditor(world)
        self.houses = [Headquarters(world, self.network, self.auditor, parties, party) for party in parties]
        self.auditor.houses = self.houses
        self.flashes = Flashes(world, self.houses)
        self.auditor.on_receipt = self.flashes.receipted
        self.people = [People(world, here, self.auditor, self.flashes) for here in self.houses]
        self.faults = Faults(world, self.network, self.houses, self.people)
        self.leaving = Leaving(world)
        self._by_party = {here.party: here for here in self.houses}
        self.network.watches.append(self._left)

    async def whole(self) -> None:
        """From the first boot to the verdict, or to the first violation."""
        loop = self.world.loop
        story = self.world.spawn(self._story())
        wrong = loop.create_task(self.world.wrong.wait())
        await asyncio.wait([story, wrong], return_when=asyncio.FIRST_COMPLETED)
        wrong.cancel()
        if not story.done():
            story.cancel()

    def end(self) -> None:
        """Drop what still runs."""
        loop = self.world.loop
        self.world.over = True
        left = [task for task in asyncio.all_tasks(loop) if not task.done()]
        for here in self.houses:
            here.wanted_up = False
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))

    async def _story(self) -> None:
        for here in self.houses:
            await here.boot()
        shift = Shift(_WORK_S, MESSAGES_MIN)
        work = [task for people in self.people for task in people.begin(shift)]
        watching = self.world.spawn(self._every_second())
        await self.faults.run(*_CHAOS_S)
        await asyncio.wait(work)
        self.world.note("heal")
        self.faults.heal()
        await self._rest()
        watching.cancel()
        await self._until(self.auditor.settled)
        self.auditor.judge()
        for name in self.faults.missed():
            self.world.violate("faults-fire", f"{name} took no effect")
        self.world.counts["messages"] = self.auditor.messages
        enough = self.auditor.messages >= MESSAGES_MIN
        self.world.check(enough, "faults-fire", f"only {self.auditor.messages} messages were sent")
        await self._fork()

    async def _rest(self) -> None:
        """Wait until everything is where it should be, and see that it then stays quiet."""
        loop, begun = self.world.loop, self.world.loop.time()
        while not self.auditor.settled():
            if loop.time() - begun > _HEAL_S:
                self.world.violate("equal-in-the-end", f"not settled after {_HEAL_S:.0f} s: {self.auditor.unsettled()}")
                return
            await asyncio.sleep(0.5)
        self.world.counts["settled-after-ms"] = round((loop.time() - begun) * 1_000)
        await asyncio.sleep(5)
        frames, entries = self.world.counts["frames"], self.world.counts["entries"]
        await asyncio.sleep(_QUIET_S)
        sessions = sum(wire.up for wire in self.network.wires)
        said = self.world.counts["frames"] - frames - 12 * (self.world.counts["entries"] - entries)
        self.world.check(
            said <= _QUIET_FRAMES * (sessions + len(self.houses)),
            "comes-to-rest",
            f"{said} frames in {_QUIET_S:.0f} s on {sessions} sessions after everything had settled",
        )

    async def _fork(self) -> None:
        """A machine goes back to an old disk, nobody tells it so, and its officers speak: a second signed history."""
        liar, victim = self.world.chance("fork").sample(self.houses, 2)
        made = liar.disk.backup()
        liar_people = next(people for people in self.people if people.here is liar)
        await liar_people.send("flash")
        await self._until(self.auditor.settled)
        for path in self.network.paths:
            self.network.cut(path, path.ways)
        liar.wanted_up = False
        liar.lose(silently=True)
        self.network.forget(liar.party)
        self.auditor.forked.add(liar.origin)
        liar.restore(made, told=False)
        liar.wanted_up = True
        await liar.boot()
        before = [entry.leaf_hash for entry in victim.disk.content.logs[liar.origin].entries]
        await liar_people.send("flash")
        self.world.fire("fork", liar.label)
        for path in self.network.paths:
            self.network.heal(path)
        await self._until(lambda: self._noticed(victim, liar))
        self.world.check(
            self._noticed(victim, liar), "fork-is-noticed", f"{victim.label} has no evidence of {liar.label}'s fork"
        )
        after = [entry.leaf_hash for entry in victim.disk.content.logs[liar.origin].entries]
        self.world.check(before == after[: len(before)], "fork-is-noticed", f"{victim.label} changed what it held")

    def _noticed(self, victim: Headquarters, liar: Headquarters) -> bool:
        shown = victim.process is not None and liar.party in victim.process.keeper.forked
        kept = any(row.origin == liar.origin and row.fault == "log-forked" for row in victim.disk.content.evidence)
        return shown and kept

    async def _until(self, reached: Callable[[], bool], most_s: float = 120.0) -> None:
        for _ in range(round(most_s / _LOOK_S)):
            if reached():
                return
            await asyncio.sleep(_LOOK_S)

    async def _every_second(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            self.network.silent()

    def _left(self, plug: Plug, data: bytes) -> None:
        here = self._by_party[plug.owner]
        if not (plug.wire.lying and plug.dialled) and here.process is not None:
            self.leaving.frame(here, data)

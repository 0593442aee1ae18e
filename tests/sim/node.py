"""A simulated headquarters: the real `openline.node.service.Node` on a machine whose parts are simulated.

`Process` is one run of the node's program: all of it is real but the store below it (memory, with faults), the clock,
the thread for attachments, and `listen` and `dial`, which lead to the simulated network. `Headquarters` is what
outlives a process: the disk, the clock, the keys, and whoever starts the program again.
"""

from __future__ import annotations

import asyncio
import inspect
import io
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar, cast
from unittest.mock import patch

from openline.base.errors import OpenlineError, StoreError
from openline.line.kinds import Change
from openline.node import dialing, service
from openline.node.config import parse_config
from openline.node.desk import Desk
from openline.node.founding import load_trust, newest_card
from openline.node.journal import Journal
from openline.node.keeper import Keeper, Outward, Turn
from openline.node.lines import LineState
from openline.node.service import Node
from openline.node.status import deadlines
from openline.node.switchboard import Switchboard
from openline.node.tasks import Tasks
from openline.node.voice import Voice
from openline.node.wiring import registry
from openline.record.ports import BlobStore, Write
from openline.store.blobs import Blobs
from openline.store.memory import Crash, MemoryDisk, MemoryStore
from openline.store.memory_chunks import MemoryChunks
from openline.store.sqlite import SqliteStore
from openline.store.writer import Writer
from openline.transport.profile import TlsIdentity
from openline.transport.session import Receiver, Rules, Session, Target, Who
from openline.transport.tls import Listener
from tests.sim.clock import SimClock
from tests.sim.disk import Commits, Disk
from tests.sim.network import Network
from tests.sim.parties import first_writes, line_of, member
from tests.sim.world import World

T = TypeVar("T")

_CONFIG = """
[party]
id = "{party}"
[desk]
name = "watch"
[[path]]
name = "fibre"
listen = "0.0.0.0:7000"
[[path]]
name = "radio"
listen = "0.0.0.0:7001"
sessions = 3
[[path]]
name = "satellite"
listen = "0.0.0.0:7002"
metered = true
"""


class Auditor(Protocol):
    """Who watches a headquarters."""

    def committed(self, disk: Disk, writes: Sequence[Write]) -> None:
        """These writes are on the disk now."""
        ...

    def shown(self, here: Headquarters, receipted: Mapping[str, int]) -> None:
        """This is what a desk is told after a turn."""
        ...

    def restored(self, here: Headquarters) -> None:
        """A backup was put back; the process starts after this."""
        ...

    def whole(self, here: Headquarters) -> bool:
        """Whether it holds everything that it ever held."""
        ...


@dataclass(frozen=True, slots=True)
class _Identity:
    """The place of a TLS identity: who it is."""

    party: str


class _BlobThread:
    """The place of the thread that writes attachments."""

    def __init__(self, crashed: Callable[[], None]) -> None:
        self._crashed = crashed
        self.dead = False

    def work(self, done: asyncio.Future[T], do: Callable[[], T]) -> None:
        """Do the work now, unless the process is gone."""
        if self.dead or done.cancelled():
            return
        try:
            done.set_result(do())
        except OpenlineError as why:
            done.set_exception(why)
        except Crash:
            self._crashed()

    def shutdown(self) -> None:
        """Nothing to release."""


class _Tasks(Tasks):
    """Tasks that can be dropped in the order they were started, as the end of a process does."""

    def __init__(self, failed: Callable[[str, OpenlineError | Exception], None]) -> None:
        super().__init__(failed)
        self._order: list[tuple[asyncio.Task[None], Coroutine[object, None, None]]] = []

    def spawn(self, work: Coroutine[object, None, None], name: str) -> asyncio.Task[None]:
        """Run `work`, and remember its place."""
        task = super().spawn(work, name)
        self._order = [row for row in self._order if not row[0].done()] + [(task, work)]
        return task

    def drop(self) -> None:
        """End all of it, also what has not begun."""
        self._stopping = True
        for task, work in self._order:
            task.cancel()
            if inspect.getcoroutinestate(work) == inspect.CORO_CREATED:
                work.close()


class _Told(io.TextIOBase):
    """Where a node's log goes: into the trace of the world."""

    def __init__(self, here: Headquarters) -> None:
        self._here = here

    def write(self, text: str) -> int:
        if self._here.world.verbose:
            self._here.world.show(self._here.label, text.strip())
        return len(text)


class Process(Node):
    """One run of a node's program. Mutable; it is dead once `end` was called, whatever still runs of it."""

    def __init__(self, here: Headquarters) -> None:
        """As `Node.__init__`, with the parts of `here`; opens the store. Raises StoreError."""
        self.here = here
        self.dead = False
        self.clock = here.clock
        self.config = parse_config(_CONFIG.format(party=here.party), "openline.toml")
        self.secrets = member(here.party).secrets
        self.journal = Journal(self.clock, cast("io.TextIOWrapper", _Told(here)))
        store = MemoryStore(here.disk.content)
        store.claim()
        self.store = cast("SqliteStore", store)
        self.blobs = Blobs(MemoryChunks(here.disk.content))
        self.trust = load_trust(self.store)
        self.me = newest_card(self.store).party
        self.registry = registry()
        self.started = self.clock.now()
        due = self.config.due
        self.deadlines = deadlines(due.flash, due.immediate, due.priority, due.routine)
        self.lines: dict[str, LineState] = {}
        self.ports: dict[str, int] = {}
        self.failure: OpenlineError | Exception | None = None
        self.faulty = 0
        self._stopped = asyncio.Event()
        self.commits = Commits(here.disk, store, here.crashed)
        self._writer = cast("Writer", self.commits)
        self.thread = _BlobThread(here.crashed)
        self.blob_thread = cast("ThreadPoolExecutor", self.thread)
        self.tasks = _Tasks(self._task_failed)
        self.switchboard = Switchboard(
            cast("BlobStore", self.blobs),
            self._keep_card,
            self._store_blob,
            self._blob_delivered,
            self._faulty_bytes,
        )
        self.voice = Voice(None, self.journal, self.tasks.spawn)
        self.desk = Desk(self)
        self.switchboard.carrier = self.voice
        self.voice.hearer = self.desk.telephone

    @property
    def state(self) -> LineState:
        """The line of this simulation."""
        return self.lines[self.here.line]

    @property
    def keeper(self) -> Keeper:
        """Its keeper."""
        return self.state.keeper

    def carry_out(self, keeper: Keeper, effects: Iterable[Outward]) -> None:
        """What may leave, leaves, as long as there is a process."""
        if not self.dead:
            super().carry_out(keeper, effects)

    def committed(self, keeper: Keeper, turn: Turn, changes: Sequence[Change]) -> None:
        """A turn is durable and folded: the auditor hears of it as well."""
        if not self.dead:
            self.here.auditor.shown(self.here, keeper.receipted)
            super().committed(keeper, turn, changes)

    def end(self, made: bool) -> None:
        """The process is gone from one moment to the next. `made`: the write under way still got to the disk."""
        self.commits.end(made)
        self.dead = self.thread.dead = True
        self._stopped.set()
        cast("_Tasks", self.tasks).drop()
        for state in self.lines.values():
            if state.timer is not None:
                state.timer.cancel()


class Headquarters:
    """One machine with a node on it. Mutable; owned by the run. `process` is None while it is down."""

    def __init__(self, world: World, network: Network, auditor: Auditor, parties: Sequence[str], party: str) -> None:
        self.world = world
        self.network = network
        self.auditor = auditor
        self.party = party
        self.label = party.split(".", 1)[0]
        self.line = line_of(parties)
        self.clock = SimClock(world, party)
        self.disk = Disk(world, party, auditor)
        self.process: Process | None = None
        self.up_since = -1.0
        self.troubled_at = 0.0
        self.wanted_up = True
        self.restores = 0
        self._chance = world.chance(f"machine/{party}")
        self._commands: list[asyncio.Task[object]] = []
        self._supervisor: asyncio.Task[None] | None = None
        store = MemoryStore(self.disk.content)
        store.claim()
        self.disk.write(store, first_writes(parties, party, self.clock))
        network.answer(party, self.door)

    @property
    def up(self) -> bool:
        """Whether the node is ready."""
        return self.process is not None

    @property
    def ready(self) -> bool:
        """Whether it answers, dials and takes what people say."""
        return self.process is not None and hasattr(self.process, "paths")

    @property
    def whole(self) -> bool:
        """Whether it holds again what it held before it was restored."""
        return self.process is not None and not self.process.keeper.own.quarantined and self.auditor.whole(self)

    @property
    def origin(self) -> str:
        """The origin of our own log."""
        return f"{self.party}/line/{self.line}"

    def door(self, _caller: str) -> Receiver | None:
        """Who hears of a session that a peer opens."""
        return self.receiver() if self.ready else None

    def receiver(self) -> Receiver:
        """Who hears of sessions that come in."""
        assert self.process is not None
        return self.process.switchboard.receiver(None)

    def lied_to(self) -> None:
        """Somebody tells this node lies now: it may cost it time."""
        self.troubled_at = self.world.loop.time()

    async def boot(self) -> None:
        """Start the program. When the store fails already, it will be started again."""
        assert self.process is None
        process = Process(self)
        self.process = process
        self.up_since = self.world.loop.time()
        self.world.note("boot", self.label)
        self.world.counts["boots"] += 1
        await process.start()
        if process is self.process:
            self._supervisor = self.world.spawn(self._supervise(process))

    def crashed(self) -> None:
        """The process has ended in the middle of a write."""
        self.lose(silently=self._chance.random() < 0.3)

    def lose(self, silently: bool) -> None:
        """The process ends now, wherever it is; with `silently` the whole machine, so that no peer is told."""
        process = self.process
        if process is None:
            return
        self.process = None
        self.troubled_at = self.world.loop.time()
        self.world.note("down", self.label)
        process.end(made=self._chance.random() < 0.5)
        self.network.process_ended(self.party, silently)
        if self._supervisor is not None and self._supervisor is not asyncio.current_task():
            self._supervisor.cancel()
        commands, self._commands = self._commands, []
        for command in commands:
            command.cancel()
        if silently:
            self.clock.boot()
        self.restart_in(self._chance.uniform(0.05, 2.0) if self._chance.random() < 0.8 else self._chance.uniform(5, 25))

    def restore(self, made: MemoryDisk, told: bool = True) -> None:
        """Put a backup back, while no process runs. With `told` as the restore command does it."""
        assert self.process is None
        self.restores += 1
        self.disk.put_back(made, told)
        if told:
            self.auditor.restored(self)

    def restart_in(self, seconds: float) -> None:
        """Have the program started again."""
        self.world.later(seconds, self._start_again)

    async def stop(self) -> None:
        """Stop the node in good order, and start it again later."""
        process = self.process
        if process is None:
            return
        self.troubled_at = self.world.loop.time()
        process.stop()

    def do(self, work: asyncio.Task[object]) -> None:
        """Remember a command under way: it dies with the process."""
        self._commands = [one for one in self._commands if not one.done()] + [work]

    def _start_again(self) -> None:
        if self.process is None and self.wanted_up:
            self.world.spawn(self.boot())

    async def _supervise(self, process: Process) -> None:
        """What the machine's service manager does."""
        try:
            await process.run()
        except StoreError as why:
            self.world.note("stopped", self.label, why.message_id)
        except (
            OpenlineError,
            ArithmeticError,
            AssertionError,
            AttributeError,
            LookupError,
            TypeError,
            ValueError,
        ) as why:
            self.world.violate("no-broken-invariant", f"{self.label} stopped itself: {why!r}")
        if process.dead:
            return
        if process.failure is not None:
            self.world.later(self._chance.uniform(0.0, 0.02), partial(self._end_if, process))
            return
        await process.close()
        self._end_if(process)

    def _end_if(self, process: Process) -> None:
        if self.process is process:
            self.lose(silently=False)


class _Answering:
    """The place of a listener."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.port = 7000

    def close(self) -> None:
        """The door is closed with the process."""


@contextmanager
def simulated(network: Network) -> Iterator[None]:
    """While this lasts, nodes listen and dial in the simulated network."""
    parties = {member(party).secrets.tls.seed: party for party in network.parties}

    def identity(seed: bytes) -> TlsIdentity:
        return cast("TlsIdentity", _Identity(parties[seed]))

    async def dial(target: Target, who: TlsIdentity, _known: Who, receiver: Receiver, _rules: Rules) -> Session:
        owner = cast("_Identity", who).party
        return cast("Session", await network.dial(owner, target.party, target.path, receiver))

    async def listen(*facts: object) -> Listener:
        return cast("Listener", _Answering(str(facts[1])))

    with (
        patch.object(service, "TlsIdentity", identity),
        patch.object(dialing, "dial", dial),
        patch.object(dialing, "listen", listen),
    ):
        yield

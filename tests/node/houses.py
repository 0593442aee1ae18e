"""Headquarters for these tests: real keys, a memory disk, a clock set by hand, and nodes without threads or sockets.

`played` runs a coroutine on an event loop whose time jumps to whatever is planned next: hours cost nothing, and a
future that nobody will ever resolve fails the test at once. A `House` is what outlives a node: its disk, keys, clock.
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar, cast
from unittest.mock import patch

from msgspec.structs import replace

from openline.base.errors import OpenlineError, PathError, StoreError
from openline.base.schema import pack
from openline.base.time import SECOND_US, Instant
from openline.identity.card import Card
from openline.identity.keys import NodeSecrets, RootSecrets
from openline.identity.names import line_name, line_origin
from openline.line.membership import is_open
from openline.line.message import Message
from openline.node import dialing
from openline.node.config import parse_config
from openline.node.desk import Desk
from openline.node.folder import Folder
from openline.node.founding import OURSELVES, load_trust, newest_card, open_logs
from openline.node.journal import Journal
from openline.node.keeper import Keeper
from openline.node.lines import LineState
from openline.node.service import Node
from openline.node.status import deadlines
from openline.node.switchboard import Switchboard
from openline.node.tasks import Tasks
from openline.node.views import EventView, Officer, SaidView
from openline.node.voice import Voice
from openline.node.wiring import Parts, build_keeper, registry
from openline.record.entry import Draft, Mark, Precedence, Ref
from openline.record.introduction import make_invitation
from openline.record.ports import Introduction, LineOpened, Write
from openline.store.blobs import Blobs
from openline.store.memory import MemoryDisk, MemoryStore
from openline.store.memory_chunks import MemoryChunks
from openline.store.sqlite import SqliteStore
from openline.store.writer import Writer
from openline.transport.connection import TlsSession
from openline.transport.handshake import Terms
from openline.transport.memory import End, MemorySession, pair
from openline.transport.profile import TlsIdentity
from openline.transport.session import Rules
from openline.transport.tls import Listener
from tests.identity.parties import card_of
from tests.sim.world import VirtualLoop

T = TypeVar("T")

START = Instant.from_ms(1_790_000_000_000)
ALPHA, BRAVO, CHARLIE = "alpha.example", "bravo.example", "charlie.example"
PAIR = (ALPHA, BRAVO)
LINE = "alpha-bravo"
LIMIT_S = 100_000
EVERYTHING = frozenset({"all"})
OFFICER = Officer("watch", EVERYTHING)

CONFIG = """
[party]
id = "{party}"
[[path]]
name = "fibre"
[[path]]
name = "radio"
"""


def played(story: Coroutine[object, object, T]) -> T:
    """Run a coroutine to its end in virtual time."""
    loop = VirtualLoop()
    failed: list[str] = []
    loop.set_exception_handler(
        lambda _, context: failed.append(f"{context.get('message')} {context.get('exception')!r}")
    )

    async def limited() -> T:
        async with asyncio.timeout(LIMIT_S):
            return await story

    try:
        result = loop.run_until_complete(limited())
        loop.run_until_complete(_ended(asyncio.all_tasks(loop)))
    finally:
        loop.close()
    assert not failed, failed
    return result


async def _ended(tasks: set[asyncio.Task[object]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class HandClock:
    """A clock that stands where it is put; on an event loop it passes with the loop's time as well."""

    exercise = False

    def __init__(self, name: str = "", now: Instant = START) -> None:
        self.at = now
        self._name = name
        self._drawn = 0

    def now(self) -> Instant:
        try:
            return self.at.plus(round(asyncio.get_running_loop().time() * SECOND_US))
        except RuntimeError:
            return self.at

    def jump(self, us: int) -> None:
        self.at = self.at.plus(us)

    def entropy(self, size: int) -> bytes:
        self._drawn += 1
        return sha256(f"{self._name} {self._drawn}".encode()).digest()[:size]


@cache
def secrets_of(party: str) -> NodeSecrets:
    """The party's node secrets, from seeds of its name."""
    return NodeSecrets.from_seeds(*(sha256(f"{party} {number}".encode()).digest() for number in range(5)))


@cache
def root_of(party: str) -> RootSecrets:
    return RootSecrets.from_seed(sha256(f"{party} root".encode()).digest())


@cache
def card(party: str) -> Card:
    """The party's first card, without addresses to dial."""
    names = [("en", party.split(".", maxsplit=1)[0].title())]
    return replace(card_of(party, names, root_of(party), secrets_of(party), START.ms - 86_400_000), endpoints=())


@cache
def proof(party: str) -> bytes:
    """Its invitation file."""
    return make_invitation([card(party)], root_of(party), START.seconds - 3_600)


def renewed(party: str, **changes: object) -> tuple[Card, bytes]:
    """The card that follows the first one, by the same root, and its invitation file."""
    newer = replace(card(party), valid_from_ms=START.ms, **changes)
    return newer, make_invitation([card(party), newer], root_of(party), START.seconds)


def origin(party: str, line: str = LINE) -> str:
    return line_origin(party, line)


def first_writes(me: str, parties: Sequence[str] = PAIR, line: str | None = None) -> list[Write]:
    """What stands in the record of `me` once all parties are paired on one line."""
    members, name = tuple(sorted(parties)), line or line_name(parties)
    writes: list[Write] = [Introduction(me, proof(me), OURSELVES, START)]
    writes += [Introduction(party, proof(party), "the watch", START) for party in members if party != me]
    return [*writes, LineOpened(name, members, START), *open_logs(name, members, me, HandClock(me).entropy)]


def message(
    text: str = "hello", precedence: Precedence | None = Precedence.ROUTINE, refs: tuple[Ref | int, ...] = ()
) -> Draft:
    """The draft of a message."""
    return Draft(1, pack(Message(text=text)), "watch", refs, precedence=precedence, mark=Mark.OPERATION)


class PlainCommits:
    """A writer without a thread: commits at once. `busy` has everything submitted; `hold` keeps submissions back."""

    def __init__(self, store: MemoryStore) -> None:
        self.store = store
        self.busy = False
        self.hold = False
        self.waiting: list[tuple[Sequence[Write], Callable[[StoreError | None], None]]] = []
        self.made_now = 0
        self.submitted: list[Sequence[Write]] = []
        self.committed: list[Sequence[Write]] = []

    def submit(self, writes: Sequence[Write], on_done: Callable[[StoreError | None], None]) -> None:
        self.submitted.append(writes)
        self.waiting.append((writes, on_done))
        if not self.hold:
            self.release()

    def release(self) -> None:
        """Commit what was kept back."""
        while self.waiting:
            writes, on_done = self.waiting.pop(0)
            try:
                self._commit(writes)
            except StoreError as why:
                on_done(why)
            else:
                on_done(None)

    def commit_now(self, writes: Sequence[Write]) -> bool:
        assert not self.waiting, "nothing may overtake what was submitted"
        if self.busy:
            return False
        self.made_now += 1
        self._commit(writes)
        return True

    def close(self) -> None:
        self.release()

    def _commit(self, writes: Sequence[Write]) -> None:
        self.store.commit(writes)
        self.committed.append(writes)


class InlineThread:
    """The place of the thread for attachments: works when it is asked, and counts. Beyond `most` it never answers."""

    def __init__(self) -> None:
        self.works = 0
        self.most = 1_000_000

    def work(self, done: asyncio.Future[T], do: Callable[[], T]) -> None:
        self.works += 1
        if done.cancelled() or self.works > self.most:
            return
        try:
            done.set_result(do())
        except OpenlineError as why:
            done.set_exception(why)

    def shutdown(self) -> None:
        pass


class House:
    """One party's machine: what is there before and after each run of its node."""

    def __init__(self, party: str, parties: Sequence[str] = PAIR, line: str | None = None) -> None:
        self.party = party
        self.clock = HandClock(party)
        self.disk = MemoryDisk()
        self.features: tuple[str, ...] = ()
        store = self.store()
        store.commit(first_writes(party, parties, line))

    def store(self) -> MemoryStore:
        """The disk, opened and claimed."""
        store = MemoryStore(self.disk)
        store.claim()
        return store

    def parts(self, store: MemoryStore) -> Parts:
        blobs = Blobs(MemoryChunks(self.disk))
        config = parse_config(CONFIG.format(party=self.party), "openline.toml")
        trust = load_trust(store)
        secrets = secrets_of(self.party)
        return Parts(store, blobs, trust, secrets, self.party, config.path, registry(), self.features)

    def keeper(self, store: MemoryStore | None = None) -> Keeper:
        """The keeper of its only line, as after a start."""
        opened = store or self.store()
        return build_keeper(self.parts(opened), opened.lines()[0])[0]


class MemoryNode(Node):
    """A real node on a House: no files, no threads, no sockets, no voice process. Connect two with `connect`."""

    def __init__(self, house: House, config: str = CONFIG) -> None:
        self.house = house
        self.clock = house.clock
        self.folder = Folder(Path("/nowhere"))
        self.config = parse_config(config.format(party=house.party), "openline.toml")
        self.secrets = secrets_of(house.party)
        self.log = io.StringIO()
        self.journal = Journal(self.clock, self.log)
        self.memory = house.store()
        self.store = cast("SqliteStore", self.memory)
        self.blobs = Blobs(MemoryChunks(house.disk))
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
        self.commits = PlainCommits(self.memory)
        self._writer = cast("Writer", self.commits)
        self.thread = InlineThread()
        self.blob_thread = cast("ThreadPoolExecutor", self.thread)
        self.tasks = Tasks(self._task_failed)
        self.switchboard = Switchboard(
            self.blobs, self._keep_card, self._store_blob, self._blob_delivered, self._faulty_bytes
        )
        self.voice = Voice(None, self.journal, self.tasks.spawn)
        self.desk = Desk(self)

    @property
    def state(self) -> LineState:
        """The only line."""
        (state,) = self.lines.values()
        return state

    @property
    def keeper(self) -> Keeper:
        return self.state.keeper

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def facts(self, fact: str) -> list[dict[str, object]]:
        """What the journal says under this name."""
        rows = [cast("dict[str, object]", json.loads(row)) for row in self.log.getvalue().splitlines()]
        return [row for row in rows if row["fact"] == fact]

    async def say(
        self, text: str | None = "hello", verb: str = "send", wait: str = "recorded", **more: object
    ) -> SaidView:
        """Have the watch say something; `more` are arguments of the verb, and how it is asked."""
        key, timeout_s = more.pop("key", None), more.pop("timeout_s", 30.0)
        who, mark = more.pop("who", OFFICER), more.pop("mark", "OPERATION")
        assert isinstance(who, Officer)
        assert isinstance(timeout_s, float)
        arguments = more if text is None else {"text": text, **more}
        how = {"key": None if key is None else str(key), "mark": str(mark), "wait": wait}
        return await self.desk.say(who, None, verb, arguments, timeout_s=timeout_s, **how)  # type: ignore[arg-type] # by name


async def started(house: House, config: str = CONFIG) -> MemoryNode:
    """A node of the house, running."""
    node = MemoryNode(house, config)
    await node.start()
    return node


async def both(config: str = CONFIG) -> tuple[MemoryNode, MemoryNode]:
    """Two fresh nodes that hear each other."""
    alpha, bravo = await started(House(ALPHA), config), await started(House(BRAVO), config)
    connect(alpha, bravo)
    await heard(alpha, bravo)
    return alpha, bravo


def connect(dialling: MemoryNode, answering: MemoryNode, path: str = "fibre", line: str = LINE) -> MemorySession:
    """Open a session; the dialling node's end."""
    loop = asyncio.get_running_loop()
    ours = End(dialling.me, dialling.switchboard.receiver(line))
    theirs = End(answering.me, answering.switchboard.receiver(None))
    return pair(ours, theirs, path, loop.call_soon)[0]


async def heard(*nodes: MemoryNode) -> None:
    """Until every node has heard from its peer."""
    await until(lambda: all(peer.heard is not None for node in nodes for peer in node.keeper.engine.health()))


async def opened(*nodes: MemoryNode) -> None:
    """Until every node has its only line as opened by all of its members."""
    await until(lambda: all(is_open(node.keeper.book) for node in nodes))


async def until(reached: Callable[[], bool], most_s: float = 600.0) -> None:
    """Let the loop run until `reached`."""
    loop = asyncio.get_running_loop()
    end = loop.time() + most_s
    while not reached():
        assert loop.time() < end, "it never comes to that"
        await asyncio.sleep(0.01)


async def settled(*nodes: MemoryNode) -> None:
    """Until every entry of every node is receipted by its peers."""
    await until(lambda: all(node.keeper.waiting() == 0 for node in nodes))


def turned_away(node: MemoryNode, path: str, *whys: str) -> None:
    """Have somebody call on `path` for each of these reasons, and come to no session."""
    identity, receiver = TlsIdentity(bytes(32)), node.switchboard.receiver(None)
    terms = Terms(path, Rules(), identity, node.trust.party_by_pin, receiver)
    listeners = {listener.path: listener for listener in node.paths.listeners}
    if path not in listeners:
        listeners[path] = Listener(terms)
        node.paths.listeners.append(listeners[path])
    for why in whys:
        fault = PathError(why, path=path, address="192.0.2.7:50123", pin="ab" * 32)
        listeners[path].failed(TlsSession(terms, listeners[path]), fault)


@contextmanager
def no_network() -> Iterator[list[tuple[str, str]]]:
    """While this lasts nothing is dialled; what would have been is noted as (party, path)."""
    dialled: list[tuple[str, str]] = []

    class NoDialer:
        def __init__(self, targets: Sequence[object], *facts: object) -> None:
            dialled.extend((target.party, target.path) for target in targets)  # type: ignore[attr-defined] # each is a target

        def start(self) -> None:
            pass

        def hurry(self) -> None:
            pass

        async def stop(self) -> None:
            pass

    with patch.object(dialing, "Dialer", NoDialer):
        yield dialled


async def singly(groups: AsyncIterator[Sequence[EventView]]) -> AsyncGenerator[EventView, None]:
    """The events of a stream one by one."""
    try:
        async for group in groups:
            for event in group:
                yield event
    finally:
        await cast("AsyncGenerator[Sequence[EventView], None]", groups).aclose()

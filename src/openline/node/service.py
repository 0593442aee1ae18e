"""A running node: opens the record, folds it, answers and dials the paths, serves the console, stops in order.

Order of a start: configuration, keys, store (claimed: any other node on it is fenced), fold, paths, voice, console. It
is ready when the console answers, whether or not sound can be carried. Order of a stop: no new sayings, voice ended,
the open turn committed, BYE on every session, paths closed, store released. Any failure of a task or of the store
stops the node, with one sentence; the next start is the recovery.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from openline.base.errors import OpenlineError, PathError, PeerError, StoreError
from openline.base.time import SECOND_US
from openline.line.book import Book
from openline.line.kinds import Change
from openline.link import events as link
from openline.link.frames import VOICE, Presence
from openline.node.clock import Clock, SystemClock
from openline.node.config import Config, read_config
from openline.node.desk import Desk
from openline.node.dialing import Paths
from openline.node.folder import Folder
from openline.node.founding import RENEWED, load_trust, newest_card
from openline.node.journal import Journal
from openline.node.keeper import Keeper, Outward, Turn
from openline.node.lines import LineState
from openline.node.searching import Searching
from openline.node.snapshot import Named
from openline.node.snapshots import Snapshots
from openline.node.status import deadlines
from openline.node.switchboard import Switchboard
from openline.node.tasks import Tasks
from openline.node.turn import Turns
from openline.node.voice import Voice
from openline.node.voice_settings import voice_settings
from openline.node.waiting import settle
from openline.node.wiring import Parts, build_keeper, fold, registry
from openline.record.entry import Attachment
from openline.record.introduction import open_invitation
from openline.record.ports import Evidence, Introduction, LineOpened, Write
from openline.store.blobs import Blobs, SqliteChunks
from openline.store.sqlite import SqliteStore
from openline.store.writer import Writer
from openline.transport.connection import TlsSession
from openline.transport.profile import TlsIdentity
from openline.transport.session import Session

_TICK_S = 1.0
_SOON_US = 50_000
_EVIDENCE_MAX = 64


class Node:
    """One node. `start`, then `run` until `stop`; everything on one event loop."""

    searching: Searching | None = None
    snapshots: Snapshots | None = None

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self.folder = Folder(folder)
        self.clock = clock or SystemClock()
        self.config: Config = read_config(folder)
        self.secrets = self.folder.secrets()
        self.journal = Journal(self.clock)
        self.store = SqliteStore(self.folder.record)
        self.store.claim()
        self.blobs = Blobs(SqliteChunks(self.folder.blobs))
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
        self._writer = Writer(self.store)
        self.blob_thread = ThreadPoolExecutor(1, "blobs")
        self.tasks = Tasks(self._task_failed)
        self.switchboard = Switchboard(
            self.blobs, self._keep_card, self._store_blob, self._blob_delivered, self._faulty_bytes
        )
        self.voice = Voice(voice_settings(self.config, self.folder), self.journal, self.tasks.spawn)
        self.snapshots = Snapshots(self.folder, self.secrets, self.store, self.journal)
        self.searching = Searching(self.folder.search, self.store, self.registry, self.journal)
        self.desk = Desk(self)
        self.switchboard.carrier = self.voice
        self.voice.hearer = self.desk.telephone

    async def start(self, progress: Callable[[int], None] = lambda _seq: None) -> None:
        """Fold the record, answer and dial. Raises what makes a start impossible."""
        backlogs = [self._line(opened) for opened in self.store.lines()]
        after, named = (0, []) if self.snapshots is None else self.snapshots.take_up(self.books())
        next_seq, more = fold(self.store, [state.keeper for state in self.lines.values()], progress, after)
        self.turns = Turns(self.clock, self._writer, self, next_seq)
        self.switchboard.turns = self.turns
        self.turns.failure.add_done_callback(lambda done: self._task_failed("store", done.result()))
        self.desk.begin(next_seq - 1)
        for keeper, backlog in backlogs:
            self.turns.tell(keeper, *backlog)
        for name in (*named, *more):
            self._attachment(self.lines[name.line], name.origin, name.attachment)
        if self.snapshots is not None:
            self.snapshots.begin([*named, *more])
        self.paths = Paths(
            self.config.path, TlsIdentity(self.secrets.tls.seed), self.trust, self.switchboard, self.tasks.spawn
        )
        self.ports = await self.paths.listen()
        for state in self.lines.values():
            self.paths.dial(state.keeper)
        self.voice.start(self.ports)
        self.tasks.spawn(self._tick(), "tick")
        if self.searching is not None:
            self.searching.start()

    async def durable(self, writes: Sequence[asyncio.Future[bool]]) -> None:
        """Until these writes of `Waiting.write` are on the disk. Raises the StoreError that stops the node."""
        failure = self.turns.failure

        def give_up(_: asyncio.Future[StoreError]) -> None:
            for done in writes:
                settle(done, False)

        failure.add_done_callback(give_up)
        try:
            for done in writes:
                if not await done:
                    raise failure.result()
        finally:
            failure.remove_done_callback(give_up)

    async def commit(self, writes: Sequence[Write]) -> None:
        """Commit writes that belong to no line's turn yet. Raises StoreError, which stops the node as well."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[bool] = loop.create_future()

        def resolve(why: StoreError | None) -> None:
            if why is None:
                settle(done, True)
            elif not done.done():
                done.set_exception(why)

        def returned(why: StoreError | None) -> None:
            loop.call_soon_threadsafe(resolve, why)

        self._writer.submit(writes, returned)
        try:
            await done
        except StoreError as why:
            self._task_failed("store", why)
            raise

    def add_line(self, opened: LineOpened) -> None:
        """A line was paired while the node runs: keep it from now on, and dial its parties' newest addresses."""
        for state in self.lines.values():
            if not set(opened.members).isdisjoint({*state.keeper.setup.members} - {self.me}):
                self.paths.redial(state.keeper)
        keeper, backlog = self._line(opened)
        self.turns.tell(keeper, *backlog)
        self.paths.dial(keeper)

    async def run(self) -> None:
        """Until `stop` is asked for. Raises what stopped the node, if anything did."""
        await self._stopped.wait()
        if self.failure is not None:
            raise self.failure

    def path_failure(self, party: str, path: str) -> PathError | None:
        """Why dialling a path failed last; None when it did not."""
        return self.paths.failures.get((party, path))

    def stop(self) -> None:
        """Ask the node to stop in order."""
        self._stopped.set()

    async def close(self) -> None:
        """Release everything. After a failure nothing more is written."""
        await self.voice.stop()
        if hasattr(self, "turns") and self.failure is None:
            for state in self.lines.values():
                self.turns.tell(state.keeper, link.Stopping())
            idle, failed = self.turns.idle, self.turns.failure
            failed.add_done_callback(lambda _: idle.set())
            await idle.wait()  # the open turn is committed, or no turn will ever be again
        self._stopped.set()
        for state in self.lines.values():
            if state.timer is not None:
                state.timer.cancel()
        self.desk.close()
        if hasattr(self, "paths"):
            await self.paths.stop()
        for session in self.switchboard.sessions():
            session.close("stopping")
        await self.tasks.stop()
        await asyncio.get_running_loop().run_in_executor(None, self._writer.close)
        if self.snapshots is not None and hasattr(self, "turns") and self.failure is None:
            self.snapshots.keep(self.books(), self.desk.seq)
        if self.searching is not None:
            await asyncio.get_running_loop().run_in_executor(None, self.searching.close)
        self.blob_thread.shutdown()
        self.blobs.close()
        self.store.close()
        self.journal.say("stopped", party=self.me)

    # Outlet of the turns

    def carry_out(self, keeper: Keeper, effects: Iterable[Outward]) -> None:
        """What may leave, leaves."""
        self.switchboard.carry_out(keeper, effects)
        self._arm(keeper)

    def committed(self, keeper: Keeper, turn: Turn, changes: Sequence[Change]) -> None:
        """A turn is durable and folded: whoever waited hears of it."""
        self.switchboard.breathe()
        state = self.lines[keeper.setup.line]
        state.waiting.committed(turn.writes)
        if turn.receipts:
            state.waiting.receipted(keeper.receipted_by_all())
        self.desk.committed(state, turn, changes)
        if self.searching is not None and turn.arrived:
            self.searching.grew()
        for arrived in turn.arrived:
            for attachment in arrived.entry.leaf.attachments:
                self._attachment(state, arrived.entry.origin, attachment)
                if self.snapshots is not None:
                    self.snapshots.named.append(Named(keeper.setup.line, arrived.entry.origin, attachment))

    # Lines and time

    def books(self) -> list[Book]:
        """The book of every line."""
        return [state.keeper.book for state in self.lines.values()]

    def _line(self, opened: LineOpened) -> tuple[Keeper, list[link.Event]]:
        features = (VOICE,) if self.voice.enabled else ()
        parts = Parts(
            self.store, self.blobs, self.trust, self.secrets, self.me, self.config.path, self.registry, features
        )
        keeper, backlog = build_keeper(parts, opened)
        self.lines[opened.line] = LineState(keeper)
        self.switchboard.lines[opened.line] = keeper
        return keeper, backlog

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK_S)
            self.switchboard.expire(asyncio.get_running_loop().time())
            for state in self.lines.values():
                self.turns.tell(state.keeper, link.Tick())
            self.desk.tick()
            if self.snapshots is not None and self.snapshots.due(self.desk.seq):
                self.tasks.spawn(self.snapshots.make_elsewhere(self.desk.seq), "snapshot")

    def _arm(self, keeper: Keeper) -> None:
        """Have the engine told the time when it asks to be."""
        state = self.lines.get(keeper.setup.line)
        if state is None or (state.wakes is not None and state.wakes <= self.clock.now().plus(_SOON_US)):
            return
        wakes = keeper.engine.wakes_at()
        if wakes is None or (state.wakes is not None and state.wakes <= wakes):
            return
        if state.timer is not None:
            state.timer.cancel()
        state.wakes = wakes
        wait_us = max(0, wakes - self.clock.now())
        state.timer = asyncio.get_running_loop().call_later(wait_us / SECOND_US, self._wake, state)

    def _wake(self, state: LineState) -> None:
        state.timer, state.wakes = None, None
        if not self._stopped.is_set():
            self.turns.tell(state.keeper, link.Tick())

    def present(self, presence: Presence) -> None:
        """What this node knows of its own people has changed."""
        for state in self.lines.values():
            self.turns.tell(state.keeper, link.PresenceChanged(presence))

    # Attachments

    def _attachment(self, state: LineState, origin: str, attachment: Attachment) -> None:
        """An entry names `attachment`: offer it when it is here, else fetch it from its author.

        What is missing of our own after a restore is asked of every peer; whoever holds it may give it.
        """
        keeper = state.keeper
        state.blob_sizes[attachment.digest] = attachment.size
        if self.blobs.complete(attachment.digest):
            self.turns.tell(keeper, link.BlobOffered(attachment.digest, attachment.size))
            return
        author = keeper.setup.origins.index(origin)
        members = keeper.peers if author == keeper.me else [author]

        def begun(done: asyncio.Future[int]) -> None:
            at = self._blob_result(keeper, attachment, done)
            if at is not None:
                needed = [link.BlobNeeded(member, attachment.digest, attachment.size, at) for member in members]
                self.turns.tell(keeper, *needed)

        self._in_blob_thread(partial(self.blobs.begin, attachment), begun)

    async def blob_work(self, work: Callable[[], int]) -> int:
        """Work on attachments, in their thread. Raises PeerError, and StoreError, which stops the node as well."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self.blob_thread, work)
        except StoreError as why:
            self._task_failed("blobs", why)
            raise

    def blob_kept(self, attachment: Attachment) -> None:
        """An attachment has become whole here by other hands than a line's: lines that name it may give it now."""
        for state in self.lines.values():
            if state.blob_sizes.get(attachment.digest) == attachment.size:
                self.turns.tell(state.keeper, link.BlobOffered(attachment.digest, attachment.size))

    def _store_blob(self, keeper: Keeper, offer: link.OfferBlob) -> None:
        size = self.lines[keeper.setup.line].blob_sizes.get(offer.digest)
        if size is None:
            return
        attachment = Attachment(size, offer.digest)

        def told(done: asyncio.Future[int]) -> None:
            at = self._blob_result(keeper, attachment, done)
            if at is not None:
                self.turns.tell(keeper, link.BlobStored(offer.digest, at))
            if at == size:
                self.blob_kept(attachment)

        def stored(done: asyncio.Future[int]) -> None:
            told(done)
            if isinstance(done.exception(), PeerError):  # It goes on from where it stands, which may be its beginning.
                self._in_blob_thread(partial(self.blobs.begin, attachment), told)

        self._in_blob_thread(partial(self.blobs.write, attachment, offer.offset, offer.data), stored)

    def _in_blob_thread(self, work: Callable[[], int], then: Callable[[asyncio.Future[int]], None]) -> None:
        if not self._stopped.is_set():
            asyncio.get_running_loop().run_in_executor(self.blob_thread, work).add_done_callback(then)

    def _blob_result(self, keeper: Keeper, attachment: Attachment, done: asyncio.Future[int]) -> int | None:
        """How many bytes are here; None when there is nothing more to do about it."""
        why = None if done.cancelled() else done.exception()
        if isinstance(why, PeerError):
            digest = attachment.digest.hex()
            self.journal.say("blob-refused", line=keeper.setup.line, digest=digest, fault=why.message_id)
        elif isinstance(why, Exception):
            self._task_failed("blobs", why)
        return None if done.cancelled() or why is not None or self._stopped.is_set() else done.result()

    def _blob_delivered(self, keeper: Keeper, delivered: link.BlobDelivered) -> None:
        self.lines[keeper.setup.line].delivered.add((delivered.peer, delivered.digest))

    def _keep_card(self, keeper: Keeper, offer: link.OfferCard) -> None:
        party = keeper.setup.members[offer.peer]
        held = self.trust.card(party)
        try:
            card = open_invitation(offer.proof).card
            if card.party != party or card == held:
                return
            self.trust.renew(card)
        except OpenlineError as why:
            self.journal.say("card-refused", line=keeper.setup.line, party=party, fault=why.message_id)
            return
        keeper.keep(Introduction(party, offer.proof, RENEWED, self.clock.now()))
        self.turns.touch(keeper)
        self.paths.redial(keeper)

    def _faulty_bytes(self, session: Session, keeper: Keeper | None, fault: str, data: bytes) -> None:
        self.journal.say("faulty-bytes", party=session.peer, path=session.path, fault=fault, size=len(data))
        self.faulty += 1
        if keeper is not None and self.faulty <= _EVIDENCE_MAX:
            origin = keeper.setup.origins[keeper.setup.members.index(session.peer)]
            keeper.keep(Evidence(keeper.setup.line, origin, fault, self.clock.now(), data[:65_536]))
            self.turns.touch(keeper)

    def loop_failed(self, _loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        """For the event loop: what it should do with an error that nobody handles.

        One in a callback of ours has left a turn half done: that is a bug, and the node stops. What a transport or a
        forgotten future complains of is noted only.
        """
        why = context.get("exception")
        ours = "handle" in context or isinstance(context.get("protocol"), TlsSession)
        if ours and isinstance(why, Exception) and not isinstance(why, OSError):
            self._task_failed("loop", why)
        else:
            self.journal.say("loop-trouble", detail=str(context.get("message")), error=type(why).__name__)

    def _task_failed(self, name: str, why: OpenlineError | Exception) -> None:
        if self.failure is None:
            self.failure = why
            self.journal.say("failed", task=name, fault=why.message_id if isinstance(why, OpenlineError) else repr(why))
        self._stopped.set()

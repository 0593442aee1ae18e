"""A running node: opens the record, folds it, answers and dials the paths, serves the console, stops in order.

Order of a start: configuration, keys, store (claimed: any other node on it is fenced), fold, paths, console. It is
ready when the console answers. Order of a stop: no new sayings, the open turn committed, BYE on every session,
paths closed, store released. Any failure of a task or of the store stops the node, with one sentence; the next
start is the recovery.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from openline.base.errors import OpenlineError, StoreError
from openline.base.time import SECOND_US
from openline.link import events as link
from openline.link.frames import Presence
from openline.node.clock import Clock, SystemClock
from openline.node.config import Config, read_config
from openline.node.desk import Desk
from openline.node.dialing import Paths
from openline.node.folder import Folder
from openline.node.founding import load_trust, newest_card
from openline.node.journal import Journal
from openline.node.keeper import Keeper, Outcome, Outward, Turn
from openline.node.lines import LineState
from openline.node.status import deadlines
from openline.node.switchboard import Switchboard
from openline.node.tasks import Tasks
from openline.node.turn import Turns
from openline.node.wiring import Parts, build_keeper, fold, registry
from openline.record.entry import Attachment
from openline.record.introduction import open_invitation
from openline.record.ports import Evidence, Introduction, LineOpened, Write
from openline.store.blobs import Blobs, SqliteChunks
from openline.store.sqlite import SqliteStore
from openline.store.writer import Writer
from openline.transport.profile import TlsIdentity
from openline.transport.session import Session

_TICK_S = 1.0
_SOON_US = 50_000
_EVIDENCE_MAX = 64


class Node:
    """One node. `start`, then `run` until `stop`; everything on one event loop."""

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
        self.desk = Desk(self)

    async def start(self, progress: Callable[[int], None] = lambda _seq: None) -> None:
        """Fold the record, answer and dial. Raises what makes a start impossible."""
        backlogs = [self._line(opened) for opened in self.store.lines()]
        next_seq, named = fold(self.store, [state.keeper for state in self.lines.values()], progress)
        self.turns = Turns(self.clock, self._writer, self, next_seq)
        self.switchboard.turns = self.turns
        self.turns.failure.add_done_callback(lambda done: self._task_failed("store", done.result()))
        self.desk.begin(next_seq - 1)
        for keeper, backlog in backlogs:
            self.turns.tell(keeper, *backlog)
        for keeper, origin, attachment in named:
            self._attachment(self.lines[keeper.setup.line], origin, attachment)
        self.paths = Paths(
            self.config.path, TlsIdentity(self.secrets.tls.seed), self.trust, self.switchboard, self.tasks.spawn
        )
        self.ports = await self.paths.listen()
        for state in self.lines.values():
            self.paths.dial(state.keeper)
        self.tasks.spawn(self._tick(), "tick")

    async def commit(self, writes: Sequence[Write]) -> None:
        """Commit writes that belong to no line's turn yet. Raises StoreError, which stops the node as well."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def returned(why: StoreError | None) -> None:
            loop.call_soon_threadsafe(lambda: done.set_result(None) if why is None else done.set_exception(why))

        self._writer.submit(writes, returned)
        try:
            await done
        except StoreError as why:
            self._task_failed("store", why)
            raise

    def add_line(self, opened: LineOpened) -> None:
        """A line was paired while the node runs: keep it from now on."""
        keeper, backlog = self._line(opened)
        self.turns.tell(keeper, *backlog)
        self.paths.dial(keeper)

    async def run(self) -> None:
        """Until `stop` is asked for. Raises what stopped the node, if anything did."""
        await self._stopped.wait()
        if self.failure is not None:
            raise self.failure

    def path_failure(self, party: str, path: str) -> str:
        """Why dialling a path failed last, as a message id; empty when it did not."""
        return self.paths.failures.get((party, path), "")

    def stop(self) -> None:
        """Ask the node to stop in order."""
        self._stopped.set()

    async def close(self) -> None:
        """Release everything. After a failure nothing more is written."""
        if hasattr(self, "turns") and self.failure is None:
            for state in self.lines.values():
                self.turns.tell(state.keeper, link.Stopping())
            await self.turns.idle.wait()
        self.desk.close()
        if hasattr(self, "paths"):
            await self.paths.stop()
        for session in self.switchboard.sessions():
            session.close("stopping")
        await self.tasks.stop()
        await asyncio.get_running_loop().run_in_executor(None, self._writer.close)
        self.blob_thread.shutdown()
        self.blobs.close()
        self.store.close()
        self.journal.say("stopped", party=self.me)

    # Outlet of the turns

    def carry_out(self, keeper: Keeper, effects: Iterable[Outward]) -> None:
        """What may leave, leaves."""
        self.switchboard.carry_out(keeper, effects)
        self._arm(keeper)

    def committed(self, keeper: Keeper, turn: Turn, outcome: Outcome) -> None:
        """A turn is durable: whoever waited hears of it."""
        self.switchboard.breathe()
        state = self.lines[keeper.setup.line]
        if turn.receipts:
            state.waiting.receipted(min(outcome.receipted.values(), default=0))
        self.desk.committed(state, turn, outcome)
        for arrived in turn.arrived:
            for attachment in arrived.entry.leaf.attachments:
                self._attachment(state, arrived.entry.origin, attachment)

    # Lines and time

    def _line(self, opened: LineOpened) -> tuple[Keeper, list[link.Event]]:
        parts = Parts(self.store, self.blobs, self.trust, self.secrets, self.me, self.config.path, self.registry)
        keeper, backlog = build_keeper(parts, opened)
        self.lines[opened.line] = LineState(keeper)
        self.switchboard.lines[opened.line] = keeper
        return keeper, backlog

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK_S)
            for state in self.lines.values():
                self.turns.tell(state.keeper, link.Tick())
            self.desk.tick()

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
        wait_s = max(0, wakes - self.clock.now()) / SECOND_US
        state.timer = asyncio.get_running_loop().call_later(wait_s, self._wake, state)

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
        keeper = state.keeper
        state.blob_sizes[attachment.digest] = attachment.size
        complete = self.blobs.complete(attachment.digest)
        if origin == keeper.own.origin and complete:
            self.turns.tell(keeper, link.BlobOffered(attachment.digest, attachment.size))
        elif not complete:
            member, at = keeper.setup.origins.index(origin), self.blobs.begin(attachment)
            self.turns.tell(keeper, link.BlobNeeded(member, attachment.digest, attachment.size, at))

    def _store_blob(self, keeper: Keeper, offer: link.OfferBlob) -> None:
        state = self.lines[keeper.setup.line]
        size = state.blob_sizes.get(offer.digest)
        if size is None:
            return
        attachment = Attachment(size, offer.digest)
        loop = asyncio.get_running_loop()

        def stored(done: asyncio.Future[int]) -> None:
            why = done.exception()
            if why is None:
                self.turns.tell(keeper, link.BlobStored(offer.digest, done.result()))
            elif isinstance(why, StoreError):
                self._task_failed("blobs", why)
            else:
                self.journal.say("blob-refused", line=keeper.setup.line, digest=offer.digest.hex())

        loop.run_in_executor(
            self.blob_thread, self.blobs.write, attachment, offer.offset, offer.data
        ).add_done_callback(stored)

    def _blob_delivered(self, keeper: Keeper, delivered: link.BlobDelivered) -> None:
        self.lines[keeper.setup.line].delivered.add((delivered.peer, delivered.digest))

    # What peers bring beside entries

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
        keeper.keep(Introduction(party, offer.proof, "renewed by its own root", self.clock.now()))
        self.turns.touch(keeper)
        self.paths.redial(keeper)

    def _faulty_bytes(self, session: Session, keeper: Keeper | None, fault: str, data: bytes) -> None:
        self.journal.say("faulty-bytes", party=session.peer, path=session.path, fault=fault, size=len(data))
        self.faulty += 1
        if keeper is not None and self.faulty <= _EVIDENCE_MAX:
            origin = keeper.setup.origins[keeper.setup.members.index(session.peer)]
            keeper.keep(Evidence(keeper.setup.line, origin, fault, self.clock.now(), data[:65_536]))
            self.turns.touch(keeper)

    def _task_failed(self, name: str, why: OpenlineError | Exception) -> None:
        if self.failure is None:
            self.failure = why
            self.journal.say("failed", task=name, fault=why.message_id if isinstance(why, OpenlineError) else repr(why))
        self._stopped.set()

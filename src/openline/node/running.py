"""Running the node, as the desk offers it: presence, pairing, bundles, backup, seals, and what the node says itself."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from openline.base.errors import OpenlineError, UsageError
from openline.base.limits import SEAL_EVERY_US
from openline.base.time import Instant
from openline.identity.names import mirror_name
from openline.line.duty import duties
from openline.link.frames import Presence, SealFrame
from openline.node import health, metrics
from openline.node.facts import facts_of
from openline.node.founding import newest_card, pairing, read_invitation
from openline.node.keeper import Keeper
from openline.node.lines import LineState
from openline.node.long import Progress, long_work
from openline.node.views import AttachmentView, Finding, InvitationView, LineView, Officer
from openline.record.audit import audit
from openline.record.bundle import Scope, write_bundle
from openline.record.entry import Attachment, Entry, Mark
from openline.record.ports import LineOpened
from openline.record.receipts import give_seal
from openline.store.backup import backup

if TYPE_CHECKING:
    from openline.node.service import Node

_READ_BYTES = 65_536


class Running:
    """The desk's hand on the node. Used from the event loop only."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._consoles = 0
        self._officers: Counter[str] = Counter()
        self._linguists: Counter[str] = Counter()
        self._sealed: dict[str, int] = {}
        self._seal_at: Instant | None = None

    # People

    def console_connected(self, who: Officer) -> None:
        """A console listens."""
        del who
        self._consoles += 1
        self._tell_presence()

    def console_gone(self, who: Officer) -> None:
        """It no longer does."""
        del who
        self._consoles -= 1
        self._tell_presence()

    def noted(self, who: Officer, what: str, reason: str) -> None:
        """Write one fact into the node's log: nobody was asked before `what`, for this reason."""
        self._node.journal.say("unasked", desk=who.desk, what=what, reason=reason)

    def watch_on(self, who: Officer) -> None:
        """An officer is on watch; one who may `interpret` counts as linguist too."""
        self._officers[who.desk] += 1
        if "interpret" in who.capabilities:
            self._linguists[who.desk] += 1
        self._tell_presence()

    def watch_off(self, who: Officer) -> None:
        """The officer has left the watch."""
        for counter in (self._officers, self._linguists):
            counter[who.desk] -= 1
            if counter[who.desk] <= 0:
                del counter[who.desk]
        self._tell_presence()

    def _tell_presence(self) -> None:
        presence = Presence.CONSOLE if self._consoles else Presence.NOBODY
        presence |= Presence.OFFICER if self._officers else Presence.NOBODY
        presence |= Presence.LINGUIST if self._linguists else Presence.NOBODY
        self._node.present(presence)

    # Pairing

    def card(self) -> bytes:
        """Our own invitation, as a file."""
        return newest_card(self._node.store).proof

    async def pair_open(self, data: bytes) -> InvitationView:
        """Read an invitation. Nothing is accepted. Raises PeerError when it does not hold together."""
        return read_invitation(data, self._node.store)

    async def pair_confirm(self, data: bytes, line: str | None, confirmed_by: str, fingerprint: str) -> LineView:
        """Accept an invitation whose fingerprint a person has heard, and open the line at once."""
        node = self._node
        view, accepted, writes = pairing(data, node.store, node.clock, (confirmed_by, fingerprint), line)
        await node.commit(writes)
        node.trust.adopt(accepted)
        node.add_line(LineOpened(view.line, view.members, node.clock.now()))
        return node.desk.line_view(view.line, "en")

    # What the node does by itself

    def tick(self) -> None:
        """Once a second: say what is due, seal what has grown."""
        now = self._node.clock.now()
        mark = Mark.EXERCISE if self._node.clock.exercise else Mark.OPERATION
        for state in self._node.lines.values():
            keeper = state.keeper
            if keeper.own.quarantined or keeper.forked or state.duty_under_way:
                continue
            drafts = duties(keeper.book, facts_of(state, self._node.started), now, mark)
            if drafts:
                state.duty_under_way = True
                saying = self._node.turns.say(keeper, drafts, None)
                saying.add_done_callback(partial(self._duty_done, state))
        if self._seal_at is None or now >= self._seal_at:
            self._seal_at = now.plus(SEAL_EVERY_US)
            for state in self._node.lines.values():
                self.seal(state.keeper)

    def _duty_done(self, state: LineState, done: asyncio.Future[list[Entry]]) -> None:
        state.duty_under_way = False
        why = done.exception()
        if why is not None:
            fault = why.message_id if isinstance(why, OpenlineError) else repr(why)
            self._node.journal.say("duty-refused", line=state.keeper.setup.line, fault=fault)

    def seal(self, keeper: Keeper) -> None:
        """Seal every log of a line that has grown since its last seal, with ML-DSA-44, and tell the peers."""
        now, secrets = self._node.clock.now(), self._node.secrets
        me = keeper.setup.members.index(keeper.setup.me)
        for number, log in enumerate(keeper.logs):
            if log.signed is None or self._sealed.get(log.origin) == log.signed.size:
                continue
            name = log.origin if number == me else mirror_name(keeper.own.origin)
            seal = give_seal(log.signed, name, secrets.seal, now)
            self._sealed[log.origin] = log.signed.size
            keeper.keep(seal)
            frame = SealFrame(number, seal.size, me, seal.time_s, seal.signature)
            keeper.send_after(frame)
        self._node.turns.touch(keeper)

    # Long work

    async def export(self, line: str | None, bodies: bool, attachments: bool) -> AsyncIterator[bytes]:
        """The line's record as one bundle (`.olx`), sealed afresh."""
        node, state = self._node, self._node.desk.state(line)
        self.seal(state.keeper)
        await node.turns.idle.wait()
        scope = Scope(state.keeper.setup.line, node.me, node.clock.now(), bodies, attachments, frozenset())
        with tempfile.TemporaryFile() as file:

            def write(progress: Progress) -> None:
                write_bundle(file, node.store, node.blobs if attachments else None, scope, progress)

            async for _ in long_work(write):
                pass
            file.seek(0)
            while data := file.read(_READ_BYTES):
                yield data

    async def verify(self, line: str | None) -> AsyncIterator[Mapping[str, object]]:
        """Check our own record again as an auditor would: progress, then the verdict."""
        node, state = self._node, self._node.desk.state(line)
        scope = Scope(state.keeper.setup.line, node.me, node.clock.now(), True, False, frozenset())
        roots = {
            party: card.fingerprint()
            for party in state.keeper.setup.members
            if (card := node.trust.card(party)) is not None
        }
        with tempfile.TemporaryFile() as file:

            def check(progress: Progress) -> None:
                write_bundle(file, node.store, None, scope, lambda done, total: progress(done, 2 * total))
                file.seek(0)
                verdict = audit(file, roots, lambda done, total: progress(total + done, 2 * total))
                progress.result = metrics.verdict_view(verdict)

            async for row in long_work(check):
                yield row

    async def backup(self, target: str) -> AsyncIterator[Mapping[str, object]]:
        """Copy the running record and its attachments to a new folder: progress, then what was written."""
        node = self._node

        def copy(progress: Progress) -> None:
            manifest = backup(node.folder.record, node.folder.blobs, Path(target), progress)
            progress.result = {"target": target, "files": len(manifest.files)}

        async for row in long_work(copy):
            yield row

    # Attachments

    def upload_offset(self, digest_hex: str, size: int) -> int:
        """How many bytes of this attachment are durable here already."""
        return self._node.blobs.begin(Attachment(size, _digest(digest_hex)))

    async def upload(self, chunks: AsyncIterator[bytes], size: int, digest_hex: str | None) -> AttachmentView:
        """Keep an attachment; `chunks` go on from `upload_offset`. Raises UsageError without its digest."""
        loop, blobs = asyncio.get_running_loop(), self._node.blobs
        if digest_hex is None:
            raise UsageError("attachment-digest-needed")
        attachment = Attachment(size, _digest(digest_hex))
        at = blobs.begin(attachment)
        async for data in chunks:
            at = await loop.run_in_executor(self._node.blob_thread, blobs.write, attachment, at, data)
        return AttachmentView(digest_hex, size)

    # State of health

    def doctor(self, language: str = "en") -> list[Finding]:
        """What is right and what is wrong with this node."""
        return health.doctor(self._node.folder.path, language, running=True)

    def metrics(self) -> str:
        """Counters and gauges in the Prometheus text format."""
        return metrics.render(self._node)


def _digest(digest_hex: str) -> bytes:
    try:
        digest = bytes.fromhex(digest_hex)
    except ValueError:
        digest = b""
    if len(digest) != 32:
        raise UsageError("digest-wrong", digest=digest_hex[:80])
    return digest

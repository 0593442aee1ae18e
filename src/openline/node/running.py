"""Running the node, as the desk offers it: presence, pairing, bundles, backup, seals, and what the node says itself."""

from __future__ import annotations

import asyncio
import errno
import os
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from openline.base.catalogue import sentence
from openline.base.errors import OpenlineError, UsageError
from openline.base.limits import DOWN_AFTER_US, SEAL_EVERY_US
from openline.base.time import DAY_US, MINUTE_US, SECOND_US, Instant
from openline.identity.names import mirror_name
from openline.identity.trust import Accepted
from openline.line.duty import DESK, DRAFTS_MAX, duties
from openline.line.enrolling import owed
from openline.line.escalation import escalations_due
from openline.line.membership import barred, is_open
from openline.line.personal import PersonalAudit
from openline.line.release import not_for_release
from openline.line.schedule import Watchkeeping, watch_duties
from openline.link.frames import Presence, SealFrame
from openline.node import health, metrics
from openline.node.clock import Jumps
from openline.node.facts import facts_of
from openline.node.founding import PairedView, newest_card, pairing, read_invitation
from openline.node.keeper import Keeper
from openline.node.lines import LineState
from openline.node.long import Progress, long_work
from openline.node.showing import digest_of
from openline.node.views import AttachmentView, Enrolled, Finding, InvitationView, LineView, Officer, OnWatchView
from openline.node.watching import schedule_of
from openline.record.audit import audit
from openline.record.bundle import Scope, write_bundle
from openline.record.entry import Attachment, Entry, Mark
from openline.record.ports import LineOpened, Seal, Signed, Write
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
        self._on_watch: dict[str, bool] = {}
        self._signs: dict[str, Instant] = {}
        self._sealed: dict[str, int] = {}
        self._seal_at: Instant | None = None
        self._jumps = Jumps()
        self._pairing = asyncio.Lock()
        self._officers: Sequence[Enrolled] | None = None

    # People

    def officers_are(self, rows: Sequence[Enrolled]) -> None:
        """Who the officers are, by the officers' file; what the record lacks of it is written with the next duties."""
        self._officers = rows

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
        """A desk is on watch, said once or often; one that may `interpret` counts as linguist too."""
        self._on_watch[who.desk] = "interpret" in who.capabilities
        self.sign_of(who)
        self._tell_presence()

    def sign_of(self, who: Officer) -> None:
        """The officer at a desk on watch is there: whoever says something, or says again to be on watch."""
        if who.desk in self._on_watch:
            self._signs[who.desk] = self._node.clock.now()

    def watch_off(self, who: Officer) -> None:
        """The desk has left the watch."""
        self._on_watch.pop(who.desk, None)
        self._signs.pop(who.desk, None)
        self._tell_presence()

    def on_watch(self) -> tuple[OnWatchView, ...]:
        """Our desks on watch, by name, and by when each has to give a sign."""
        every_us = self._node.config.checks.presence_minutes * MINUTE_US
        return tuple(
            OnWatchView(desk, self._signs[desk].plus(every_us).rfc3339() if every_us else None)
            for desk in sorted(self._on_watch)
        )

    def _tell_presence(self) -> None:
        presence = Presence.CONSOLE if self._consoles else Presence.NOBODY
        presence |= Presence.OFFICER if self._on_watch else Presence.NOBODY
        presence |= Presence.LINGUIST if any(self._on_watch.values()) else Presence.NOBODY
        self._node.present(presence)

    # Pairing

    def card(self) -> bytes:
        """Our own invitation, as a file."""
        return newest_card(self._node.store).proof

    async def pair_open(self, data: bytes) -> InvitationView:
        """Read an invitation. Nothing is accepted. Raises PeerError when it does not hold together."""
        return read_invitation(data, self._node.store)

    async def pair_confirm(self, data: bytes, line: str | None, confirmed_by: str, fingerprint: str) -> LineView:
        """Accept an invitation whose fingerprint a person has heard, and open the line at once.

        What is begun is finished, also when whoever asked has gone.
        """
        node = self._node
        async with self._pairing:
            view, accepted, writes = pairing(data, node.store, node.clock, (confirmed_by, fingerprint), line)
            await asyncio.shield(node.tasks.spawn(self._open_line(view, accepted, writes), "open line"))
        if node.failure is not None:
            raise node.failure
        return node.desk.line_view(view.line, "en")

    async def _open_line(self, view: PairedView, accepted: Accepted, writes: Sequence[Write]) -> None:
        node = self._node
        await node.commit(writes)
        node.trust.adopt(accepted)
        if view.line not in node.lines:
            node.add_line(LineOpened(view.line, view.members, node.clock.now()))
            self._tell_presence()

    # What the node does by itself

    def tick(self) -> None:
        """Once a second: say what is due, seal what has grown."""
        now = self._node.clock.now()
        self._look_at_clock(now)
        for state in self._node.lines.values():
            if not state.duty_under_way and self.may_speak(state.keeper, now):
                self._do_duties(state, now)
        if self._seal_at is None or not 0 < self._seal_at - now <= SEAL_EVERY_US:
            self._seal_at = now.plus(SEAL_EVERY_US)
            for state in self._node.lines.values():
                self.seal(state.keeper)

    def _look_at_clock(self, now: Instant) -> None:
        jump_us = self._jumps.look(now, asyncio.get_running_loop().time())
        if jump_us is not None:
            self._node.journal.say("clock-jumped", seconds=jump_us // SECOND_US)

    def may_speak(self, keeper: Keeper, now: Instant) -> bool:
        """Whether the node may write by itself.

        Just started, it waits until the peers have said what they hold of our log, or count as down: on a disk that
        was put back without our knowing, a test written before that would be a second history.
        """
        if keeper.own.quarantined or keeper.forked or barred(keeper.book, ()) is not None:
            return False
        unheard = any(peer.heard is None for peer in keeper.engine.health())
        return not unheard or not 0 <= now - self._node.started < DOWN_AFTER_US

    def _do_duties(self, state: LineState, now: Instant) -> None:
        node = self._node
        if not is_open(state.keeper.book):
            return
        mark = Mark.EXERCISE if node.clock.exercise else Mark.OPERATION
        facts = facts_of(state, node.started, now, node.paths.reached)
        drafts = duties(state.keeper.book, facts, now, mark, node.config.tests.every_minutes * MINUTE_US)
        if self._officers is not None:
            drafts += owed(state.keeper.book, self._officers, mark, DESK, node.config.desk.show_names)
        drafts += escalations_due(state.keeper.book, now, node.deadlines)
        keeping = Watchkeeping(schedule_of(node.config.checks), node.started, self._signs)
        drafts = (drafts + watch_duties(state.keeper.book, keeping, now, DESK, mark))[:DRAFTS_MAX]
        if drafts:
            state.duty_under_way = True
            saying = node.turns.say(state.keeper, drafts, None)
            saying.add_done_callback(partial(self._duty_done, state))

    def _duty_done(self, state: LineState, done: asyncio.Future[list[Entry]]) -> None:
        state.duty_under_way = False
        why = done.exception()
        if why is not None:
            fault = why.message_id if isinstance(why, OpenlineError) else repr(why)
            self._node.journal.say("duty-refused", line=state.keeper.setup.line, fault=fault)

    def seal(self, keeper: Keeper) -> list[Seal]:
        """Seal every log of a line that has grown since its last seal, with ML-DSA-44, and tell the peers.

        What is given back is durable with the line's next turn.
        """
        now, secrets, me = self._node.clock.now(), self._node.secrets, keeper.me
        made: list[Seal] = []
        for number, log in enumerate(keeper.logs):
            name = log.origin if number == me else mirror_name(keeper.own.origin)
            if log.signed is None or self._is_sealed(log.signed, name):
                continue
            seal = give_seal(log.signed, name, secrets.seal, now)
            self._sealed[log.origin] = log.signed.size
            keeper.keep(seal)
            made.append(seal)
            keeper.send_after(SealFrame(number, seal.size, me, seal.time_s, seal.signature))
        if made:
            self._node.turns.touch(keeper)
        return made

    def _is_sealed(self, signed: Signed, name: str) -> bool:
        """Whether our seal of this size was made before. ML-DSA signs differently each time: only the first counts."""
        if self._sealed.get(signed.origin) == signed.size:
            return True
        return self._node.store.is_sealed(signed.origin, signed.size, name)

    # Long work

    async def export(
        self, line: str | None, bodies: bool, attachments: bool, release: bool = False
    ) -> AsyncIterator[bytes]:
        """The line's record as one bundle (`.olx`), sealed afresh; with `release` without what is not for everybody."""
        node, state = self._node, self._node.desk.state(line)
        await node.durable([state.waiting.write(seal) for seal in self.seal(state.keeper)])
        now, book = node.clock.now(), state.keeper.book
        redact = not_for_release(book, node.desk.entry_at, now) if release else frozenset()
        scope = Scope(state.keeper.setup.line, node.me, now, bodies, attachments, redact)
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
                verdict = audit(file, roots, lambda done, total: progress(total + done, 2 * total), [PersonalAudit()])
                found = [str(finding) for finding in verdict.findings]
                progress.result = {"verdict": verdict.state.name, "findings": found}

            async for row in long_work(check):
                yield row

    def backup(self, target: str) -> AsyncIterator[Mapping[str, object]]:
        """Copy the running record and its attachments to a new folder: progress, then what was written.

        Raises UsageError at once when the folder is there already or cannot be made.
        """
        node, place = self._node, Path(target)
        if place.exists():
            raise UsageError("backup-target-exists", path=target)
        if not os.access(place.parent, os.W_OK | os.X_OK):
            raise UsageError("folder-not-writable", folder=str(place.parent), detail=os.strerror(errno.EACCES))

        def copy(progress: Progress) -> None:
            manifest = backup(node.folder.record, node.folder.blobs, place, progress)
            progress.result = {"target": target, "files": len(manifest.files)}

        return long_work(copy)

    # Attachments

    async def upload_offset(self, digest_hex: str, size: int) -> int:
        """How many bytes of this attachment are durable here already."""
        attachment = Attachment(size, digest_of(digest_hex))
        return await self._node.blob_work(partial(self._node.blobs.begin, attachment))

    async def upload(self, chunks: AsyncIterator[bytes], size: int, digest_hex: str) -> AttachmentView:
        """Keep an attachment; `chunks` go on from `upload_offset`. Raises UsageError when they end too early."""
        blobs, work = self._node.blobs, self._node.blob_work
        attachment = Attachment(size, digest_of(digest_hex))
        at = await work(partial(blobs.begin, attachment))
        async for data in chunks:
            at = await work(partial(blobs.write, attachment, at, data))
        if at < size:
            raise UsageError("upload-offset", offset=at)
        self._node.blob_kept(attachment)
        return AttachmentView(digest_hex, size)

    # State of health

    def doctor(self, language: str = "en") -> list[Finding]:
        """What is right and what is wrong with this node."""
        findings = health.doctor(self._node.folder.path, language, running=True)
        jump = self._jumps.last
        if jump is not None and self._node.clock.now() - jump.at < DAY_US:
            told = sentence("clock-jumped", {"seconds": jump.by_us // SECOND_US, "at": jump.at.dtg()}, language)
            findings.append(Finding("clock-jumped", "warn", told))
        passed_s, now = asyncio.get_running_loop().time(), self._node.clock.now()
        findings += health.sound(self._node.voice, passed_s, language)
        return [*findings, *health.refused_calls(self._node.paths.listeners, passed_s, now, language)]

    def metrics(self) -> str:
        """Counters and gauges in the Prometheus text format."""
        return metrics.render(self._node)

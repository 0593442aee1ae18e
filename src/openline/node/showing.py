"""What the desk shows: the node at a glance, entries with their texts, attachments, the event stream."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from openline.base.errors import UsageError
from openline.base.limits import MEMBERS_MAX
from openline.base.time import SECOND_US, Instant
from openline.line.item import Stage
from openline.line.kinds import Change
from openline.line.lexicon import NameView, TermView, name_views, term_views
from openline.line.view import EntryView, entry_view
from openline.node.finding import Finder
from openline.node.keeper import Turn
from openline.node.lines import LineState
from openline.node.phrases import with_sentences
from openline.node.status import line_view, status_view
from openline.node.stream import Stream
from openline.node.views import EventView, FoundView, LineView, Officer, RawEntryView, Search, StatusView
from openline.record.entry import Entry, Mark, Ref
from openline.record.ports import Arrived

if TYPE_CHECKING:
    from openline.node.service import Node

_BLOB_READ_BYTES = 65_536
_SCAN_COUNT = 512
_RECEIPTS_COUNT = 2 * MEMBERS_MAX


class VerbView(msgspec.Struct, frozen=True):
    """One verb of the line: what a role must be able to do, one line of help, and the shape of its arguments."""

    name: str
    capability: str
    summary: str
    arguments: type[msgspec.Struct]


class Showing:
    """The desk's eyes. Reads only. Used from the event loop only."""

    def __init__(self, node: Node) -> None:
        self._shown = node
        self._stream = Stream(node.store, self._event)
        self._finder = Finder(node)

    # Lines and officers

    @property
    def seq(self) -> int:
        """The newest arrival number that is durable and folded."""
        return self._stream.seq

    @property
    def party(self) -> str:
        """Our own party id."""
        return self._shown.me

    def line_of(self, line: str | None) -> str:
        """The line named, or the only one there is. Raises UsageError."""
        return self.state(line).keeper.setup.line

    def state(self, line: str | None) -> LineState:
        """A line's state. Raises UsageError when the line is not named and not alone, or not ours."""
        lines = self._shown.lines
        if line is None and len(lines) == 1:
            return next(iter(lines.values()))
        if line is None:
            raise UsageError("line-needed" if lines else "no-lines", lines=", ".join(sorted(lines)))
        if line not in lines:
            raise UsageError("line-unknown", line=line, lines=", ".join(sorted(lines)))
        return lines[line]

    def allow(self, who: Officer, capability: str) -> None:
        """Raises UsageError when the officer's role lacks `capability`."""
        if capability not in who.capabilities and "all" not in who.capabilities:
            raise UsageError("not-allowed", desk=who.desk, capability=capability)

    def verbs(self) -> Mapping[str, VerbView]:
        """Every verb, by name."""
        return {
            verb.name: VerbView(verb.name, verb.capability, verb.summary, verb.arguments)
            for verb in self._shown.registry.verbs
        }

    # At a glance

    def status(self, language: str) -> StatusView:
        """The node at a glance."""
        return status_view(self._shown, language)

    def line_view(self, line: str, language: str) -> LineView:
        """One line at a glance."""
        return line_view(self._shown, self.state(line), language)

    # Entries

    def entry(self, who: Officer, line: str | None, entry_id: str) -> EntryView:
        """One entry, with its text. Looking is not saying: nothing is recorded."""
        self.allow(who, "read")
        state = self.state(line)
        origin, index = state.keeper.book.find(entry_id)
        arrived = self._shown.store.arrival(origin, index)
        assert arrived is not None, "the book holds only what the record holds"
        return self._view(state, arrived)

    def entries(  # noqa: PLR0913 - each is a filter, all but two by name
        self,
        who: Officer,
        line: str | None,
        *,
        kind: str | None,
        origin: str | None,
        open_only: bool,
        before: int | None,
        count: int,
    ) -> list[EntryView]:
        """Entries by arrival, newest first. `origin` is `ours` or `theirs`; `before` is an arrival number."""
        self.allow(who, "read")
        state = self.state(line)
        found: list[EntryView] = []
        still_open = sum(1 for _ in state.keeper.book.open_items)
        for arrived in self._backwards(before):
            if len(found) == count or (open_only and not still_open):
                break
            entry = arrived.entry
            if entry.origin not in state.keeper.setup.origins:
                continue
            is_open = self._is_open(state, entry)
            still_open -= is_open
            if (is_open or not open_only) and self._wanted(state, entry, kind, origin):
                found.append(self._view(state, arrived))
        return found

    async def search(self, who: Officer, asked: Search) -> FoundView:
        """Entries by their words. Raises UsageError, and BusyError while there is no index to ask."""
        self.allow(who, "read")
        return await self._finder.search(asked)

    def names(self, who: Officer, line: str | None, name: str | None, mark: str | None) -> list[NameView]:
        """The register of names of a line, or one id of it."""
        self.allow(who, "read")
        return name_views(self.state(line).keeper.book, name, self.mark_of(mark))

    def terms(self, who: Officer, line: str | None, mark: str | None) -> list[TermView]:
        """The contested terms of a line."""
        self.allow(who, "read")
        return term_views(self.state(line).keeper.book, self._shown.clock.now(), self.mark_of(mark))

    def mark_of(self, mark: str | None) -> Mark:
        """The mark asked for; when none is, that of all that is said under this node's clock."""
        if mark is None:
            return Mark.EXERCISE if self._shown.clock.exercise else Mark.OPERATION
        return Mark[mark]

    def log_entries(self, line: str, origin: str, start: int, count: int) -> list[RawEntryView]:
        """Entries of one log as they are, for who wants to check them without us. `origin` is a party or an origin."""
        keeper = self.state(line).keeper
        log = dict(zip(keeper.setup.members, keeper.setup.origins, strict=True)).get(origin, origin)
        if log not in keeper.setup.origins:
            raise UsageError("log-unknown", origin=origin, line=line)
        rows = self._shown.store.entries(log, start, start + count)
        return [raw_view(entry, self._shown.registry.name(entry.leaf.kind)) for entry in rows]

    def blob(self, digest_hex: str) -> Iterator[bytes]:
        """An attachment in chunks. Raises UsageError before the first one."""
        digest = digest_of(digest_hex)
        if not self._shown.blobs.complete(digest):
            raise UsageError("attachment-missing", digest=digest_hex)
        return self._blob(digest)

    def _blob(self, digest: bytes) -> Iterator[bytes]:
        offset = 0
        while data := self._shown.blobs.read(digest, offset, _BLOB_READ_BYTES):
            yield data
            offset += len(data)

    def stage_stands(self, state: LineState, ref: Ref, stage: str) -> bool:
        """Whether some party has put this stage of the entry on the record."""
        wanted = Stage[stage.upper()]
        return any(wanted in stages for stages in state.keeper.book.stages(ref.origin, ref.index).values())

    # Events

    def begin(self, seq: int) -> None:
        """The record is folded up to arrival number `seq`."""
        self._stream.seq = seq

    def committed(self, state: LineState, turn: Turn, changes: Sequence[Change]) -> None:
        """A turn is durable and folded: tell who waits and who listens."""
        for change in changes:
            state.waiting.reached((change.origin, change.index), change.what)
        for arrived in turn.arrived:
            self._stream.arrived(arrived)
        if self._stream.heard:
            self._publish(state, turn, changes)

    async def events(self, after: int | None, language: str) -> AsyncIterator[Sequence[EventView]]:
        """What happens, from arrival number `after` on, with a beat every two seconds; all that there is at a time."""
        async for given in self._stream.listen(after, self._beat):
            told = [shown for event in given if (shown := self.rendered(event, language)) is not None]
            if told:
                yield told

    def rendered(self, event: EventView, language: str) -> EventView | None:
        """An event as a listener of this language gets it; None when there is nothing to tell any more."""
        del language
        return event

    def close(self) -> None:
        """End every stream."""
        self._stream.close()

    def _publish(self, state: LineState, turn: Turn, changes: Sequence[Change]) -> None:
        line, label = state.keeper.setup.line, state.keeper.book.label
        for change in changes:
            row: dict[str, object] = {
                "id": label(change.origin, change.index),
                "kind": change.kind,
                "what": change.what,
            }
            self._stream.publish(EventView(self._stream.seq, "change", line, row))
        for number, receipt in turn.receipts:
            party = state.keeper.setup.members[number]
            told = {"party": party, "size": receipt.size, "time_s": receipt.time_s}
            self._stream.publish(EventView(self._stream.seq, "received", line, told))

    def _beat(self) -> EventView:
        now = self._shown.clock.now()
        return EventView(self._stream.seq, "beat", "", {"now_at": now.rfc3339(), "now_dtg": now.dtg()})

    def _event(self, arrived: Arrived) -> EventView | None:
        state = self._line_of_origin(arrived.entry.origin)
        if state is None:
            return None
        view = self._view(state, arrived)
        return EventView(arrived.seq, "entry", state.keeper.setup.line, msgspec.to_builtins(view))

    # Helpers

    def _line_of_origin(self, origin: str) -> LineState | None:
        for state in self._shown.lines.values():
            if origin in state.keeper.setup.origins:
                return state
        return None

    def _backwards(self, before: int | None) -> Iterator[Arrived]:
        newest = self._stream.seq + 1
        stop = newest if before is None else min(before, newest)
        while stop > 1:
            start = max(1, stop - _SCAN_COUNT)
            yield from reversed(self._shown.store.arrived(start - 1, stop - start))
            stop = start

    def _wanted(self, state: LineState, entry: Entry, kind: str | None, origin: str | None) -> bool:
        if kind is not None and self._shown.registry.name(entry.leaf.kind) != kind:
            return False
        return origin is None or (entry.origin == state.keeper.own.origin) is (origin == "ours")

    def _is_open(self, state: LineState, entry: Entry) -> bool:
        book = state.keeper.book
        item = book.item(entry.origin, entry.index)
        return item is not None and not book.is_settled(item)

    def _view(self, state: LineState, arrived: Arrived) -> EntryView:
        own = arrived.entry.origin == state.keeper.own.origin
        received = self._received_at(state, arrived.entry) if own else {}
        return with_sentences(entry_view(state.keeper.book, arrived, received, self._shown.deadlines))

    def _received_at(self, state: LineState, entry: Entry) -> dict[str, Instant]:
        """When each peer that holds an entry of ours receipted it: its first receipt that covers the entry."""
        keeper = state.keeper
        holding = sum(size > entry.index for size in keeper.receipted.values())
        found: dict[str, Instant] = {}
        after = entry.index
        while len(found) < holding:
            rows = self._shown.store.receipts(entry.origin, after, _RECEIPTS_COUNT)
            for receipt in rows:
                found.setdefault(receipt.cosigner.removesuffix("/mirror"), Instant(receipt.time_s * SECOND_US))
            if len(rows) < _RECEIPTS_COUNT:
                break
            after = rows[-1].size - 1  # The rest of this size may have been cut off; more than one size was there.
        return found


def digest_of(digest_hex: str) -> bytes:
    """A SHA-256 as 64 hexadecimal digits. Raises UsageError."""
    try:
        digest = bytes.fromhex(digest_hex)
    except ValueError:
        digest = b""
    if len(digest) != 32:
        raise UsageError("digest-wrong", digest=digest_hex[:80])
    return digest


def raw_view(entry: Entry, kind: str) -> RawEntryView:
    """An entry as it is, in hexadecimal."""
    return RawEntryView(
        entry.index,
        kind,
        entry.leaf.time.rfc3339(),
        entry.leaf_hash.hex(),
        entry.leaf_bytes.hex(),
        entry.salt.hex(),
        None if entry.body is None else entry.body.hex(),
    )

"""Dispute packs, as the desk makes them: chosen, written, audited by ourselves, and written again with their page.

The page says what an audit of the pack says, so the pack is audited before anybody gets it; one that does not hold is
not handed out.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, BinaryIO

from openline.base.errors import StoreError, UsageError
from openline.base.limits import REASON_BYTES_MAX
from openline.base.time import Instant
from openline.line.book import Book
from openline.line.packpage import page, text_kept
from openline.line.precise import day_of
from openline.line.words import time_of
from openline.node.long import Progress, long_work
from openline.node.recalling import DAY_CHARACTERS
from openline.node.views import Officer, PackAsked
from openline.record.choosing import Wanted, choose
from openline.record.packaudit import audit_pack
from openline.record.packing import write_pack
from openline.record.ports import BlobStore, RecordStore
from openline.record.verdict import State

if TYPE_CHECKING:
    from openline.line.kinds import Registry
    from openline.node.service import Node

_READ_BYTES = 65_536


class Packs:
    """The desk's hand on dispute packs. Used from the event loop only."""

    def __init__(self, node: Node) -> None:
        self._packed = node

    async def pack(self, who: Officer, line: str | None, asked: PackAsked) -> AsyncIterator[bytes]:
        """One dispute pack, sealed afresh. Raises UsageError when there is nothing such, or it is too large."""
        node, desk = self._packed, self._packed.desk
        desk.allow(who, "read")
        state = desk.state(line)
        wanted = wanted_of(state.keeper.book, asked, node.me, node.clock.now())
        await node.durable([state.waiting.write(seal) for seal in desk.seal(state.keeper)])
        roots = {
            party: card.fingerprint()
            for party in state.keeper.setup.members
            if (card := node.trust.card(party)) is not None
        }
        with tempfile.TemporaryFile() as file:

            def write(progress: Progress) -> None:
                make_pack(file, node.store, node.blobs, node.registry, wanted, roots, progress)

            async for _ in long_work(write):
                pass
            file.seek(0)
            while data := file.read(_READ_BYTES):
                yield data


def make_pack(  # noqa: PLR0913 - what a pack is made of, each of them once
    file: BinaryIO,
    store: RecordStore,
    blobs: BlobStore | None,
    registry: Registry,
    wanted: Wanted,
    roots: Mapping[str, str],
    progress: Progress,
) -> None:
    """Write a pack with its page into an empty file. Raises UsageError; StoreError when our record does not hold."""

    def part(n: int, done: int, total: int) -> None:
        progress(n * total + done, 4 * total)

    chosen = choose(store, wanted, lambda done, total: part(0, done, total))
    write_pack(file, store, blobs, chosen, b"", lambda done, total: part(1, done, total))
    file.seek(0)
    verdict = audit_pack(file, roots, text_kept(registry), lambda done, total: part(2, done, total))
    if verdict.state is State.FALSE:
        raise StoreError("store-corrupt", path=str(wanted.line), detail=str(verdict.findings[0]))
    file.seek(0)
    file.truncate()
    write_pack(file, store, blobs, chosen, page(registry, verdict), lambda done, total: part(3, done, total))


def wanted_of(book: Book, asked: PackAsked, exporter: str, now: Instant) -> Wanted:
    """What an officer asks for. Raises UsageError when it is neither a period nor entries, or cannot be read."""
    about = [*asked.about, *(() if asked.call is None else (asked.call,))]
    period = (asked.since, asked.until)
    if bool(about) is any(period) or (any(period) and not all(period)):
        raise UsageError("pack-scope-wrong")
    if len(asked.reason.encode()) > REASON_BYTES_MAX:
        raise UsageError("text-too-long", field="reason", size=len(asked.reason.encode()), limit=REASON_BYTES_MAX)
    since, until = (None if text is None else moment_of(text) for text in period)
    if since is not None and until is not None and since >= until:
        raise UsageError("pack-period-wrong", since=since.rfc3339(), until=until.rfc3339())
    return Wanted(
        line=book.line,
        exporter=exporter,
        time=now,
        since=since,
        until=until,
        about=tuple(map(book.find, about)),
        redact=frozenset(map(book.find, asked.redact)),
        show=frozenset(map(book.find, asked.show)) if asked.show else None,
        reason=asked.reason,
        attachments=asked.attachments,
    )


def moment_of(text: str) -> Instant:
    """The moment of an RFC 3339 time, or the beginning of a day. Raises UsageError."""
    return day_of(text)[0] if len(text) == DAY_CHARACTERS else time_of(text)

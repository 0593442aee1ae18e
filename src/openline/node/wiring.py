"""Builds everything of a node, with explicit arguments: stores, trust, and a keeper for every line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import openline.voice
from openline.identity.keys import NodeSecrets
from openline.identity.names import line_origin, mirror_name, split_origin
from openline.identity.trust import Trust
from openline.line.book import Book
from openline.line.kinds import Registry
from openline.line.standard import kinds_in, standard
from openline.link import events as link
from openline.link.engine import Engine, Known, Setup
from openline.link.frames import Ack
from openline.link.paths import PathSpec
from openline.node.config import PathConfig
from openline.node.held import Holdings
from openline.node.keeper import Keeper, LineSetup, tip_of
from openline.node.pushes import weight
from openline.node.snapshot import Named, nothing_is_garbage
from openline.record.entry import Precedence
from openline.record.ports import BlobStore, Head, LineOpened, RecordStore

FORKED = "log-forked"
"""The fault of evidence that a party has signed two histories: it counts for ever, whatever is restarted."""

_FOLD_COUNT = 2_048


@dataclass(frozen=True, slots=True)
class Parts:
    """What every line of a node is built from. `features` are what its HELLOs say that it can do."""

    store: RecordStore
    blobs: BlobStore
    trust: Trust
    secrets: NodeSecrets
    me: str
    paths: tuple[PathConfig, ...]
    registry: Registry
    features: tuple[str, ...] = ()


def registry() -> Registry:
    """Every kind this node knows: those of the line, and those of the telephone."""
    return standard(kinds_in(openline.voice))


def build_keeper(parts: Parts, opened: LineOpened) -> tuple[Keeper, list[link.Event]]:
    """The keeper of a line as the store has it, its book not folded yet, and the first events for its engine."""
    setup = LineSetup(opened.line, opened.members, parts.me, parts.secrets)
    by_origin = {head.origin: head for head in parts.store.heads()}
    heads = [by_origin[origin] for origin in setup.origins]
    engine = Engine(_setup(parts, setup, heads))
    book = Book(parts.registry, opened.line, setup.origins, line_origin(parts.me, opened.line))
    keeper = Keeper(setup, heads, engine, book, parts.trust, Holdings(parts.store))
    for number in keeper.peers:
        keeper.receipted[setup.members[number]] = _receipted(parts.store, setup, number)
    for row in parts.store.evidence():
        place = split_origin(row.origin)
        if row.fault == FORKED and row.line == opened.line and place is not None:
            keeper.forked[place[0]] = row.fault
    return keeper, _backlog(parts.store, keeper)


def fold(
    store: RecordStore, keepers: Sequence[Keeper], tick: Callable[[int], None], after: int = 0
) -> tuple[int, list[Named]]:
    """Fold what arrived after `after` into the keepers' books, in arrival order: the whole record unless told else.

    Returns the next arrival number, and every attachment that was named with its line and its author's log. `tick`
    hears how far it is.
    """
    by_origin = {log.origin: keeper for keeper in keepers for log in keeper.logs}
    named: list[Named] = []
    seq = after
    with nothing_is_garbage():
        while rows := store.arrived(seq, _FOLD_COUNT):
            for arrived in rows:
                keeper, entry = by_origin[arrived.entry.origin], arrived.entry
                keeper.book.apply(arrived)
                named += [Named(keeper.setup.line, entry.origin, each) for each in entry.leaf.attachments]
            seq = rows[-1].seq
            tick(seq)
    return seq + 1, named


def _setup(parts: Parts, setup: LineSetup, heads: Sequence[Head]) -> Setup:
    me = setup.members.index(setup.me)
    known = tuple(
        Known(
            tip=tip_of(number, heads[number].signed),
            receipted=_receipted(parts.store, setup, number),
            cosigned=_cosigned(parts.store, setup, number, heads[number].origin),
        )
        for number in range(len(heads))
        if number != me
    )
    paths = tuple(
        PathSpec(path.name, tip.tip.member, path.metered, path.sessions) for tip in known for path in parts.paths
    )
    tip = tip_of(me, heads[me].signed)
    salt_key = heads[me].salt_key
    return Setup(setup.line, setup.members, me, salt_key, tip, known, paths, features=parts.features)


def _receipted(store: RecordStore, setup: LineSetup, number: int) -> int:
    own = line_origin(setup.me, setup.line)
    newest = store.newest_receipt(own, mirror_name(setup.origins[number]))
    return 0 if newest is None else newest.size


def _cosigned(store: RecordStore, setup: LineSetup, number: int, origin: str) -> Ack | None:
    newest = store.newest_receipt(origin, mirror_name(line_origin(setup.me, setup.line)))
    return None if newest is None else Ack(number, newest.size, newest.time_s, newest.signature)


def _backlog(store: RecordStore, keeper: Keeper) -> list[link.Event]:
    """One Grew for every checkpoint that some peer has not receipted; weights are what a PUSH takes at most.

    They wait for a receipt, so they are weighed in the keeper's credit too.
    """
    own = keeper.own
    start = min(keeper.receipted.values(), default=0)
    events: list[link.Event] = []
    for signed in keeper.held.signed_between(own.origin, start, own.size):
        entries = store.entries(own.origin, start, signed.size)
        flash, size_bytes = any(entry.leaf.precedence is Precedence.FLASH for entry in entries), weight(entries)
        keeper.credit.grew(signed.size, size_bytes)
        events.append(link.Grew(tip_of(keeper.me, signed), size_bytes, flash))
        start = signed.size
    return events

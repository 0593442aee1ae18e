"""Turns the engine's order to send entries into PUSH frames that fit."""

from __future__ import annotations

from collections.abc import Sequence

from openline.base.limits import PUSH_BYTES_MAX
from openline.link.events import SendEntries
from openline.link.frames import Push
from openline.node.held import Holdings
from openline.record.entry import Entry
from openline.record.ports import Signed
from openline.record.thin import thin, whole


def pushes(order: SendEntries, origins: Sequence[str], reader: int, held: Holdings) -> list[Push]:
    """The frames for `order`, in order, each ending at a signed checkpoint and below PUSH_BYTES_MAX.

    `reader` is the member they go to. Our own entries go thin; a member that gets its own log back has lost what
    thin ones are rebuilt from.

    Where `stop` is no signed checkpoint they go on to the next one. A single batch is never larger than a frame.
    """
    origin, start = origins[order.member], order.start
    result: list[Push] = []
    for signed in _stops(held, origin, start, order.stop):
        entries = list(held.entries(origin, start, signed.size))
        base_ms, mine = min(entry.leaf.time_ms for entry in entries), order.member != reader
        items: list[object] = [
            thin(entry, origins, base_ms, origins[reader]) if mine else whole(entry) for entry in entries
        ]
        result.append(Push(order.member, start, base_ms, items, signed.signature))
        start = signed.size
    return result


def _stops(held: Holdings, origin: str, start: int, stop: int) -> list[Signed]:
    last = held.signed_from(origin, stop)
    if last is None:
        return []
    stop = last.size
    if weight(held.entries(origin, start, stop)) <= PUSH_BYTES_MAX:
        return [last]
    stops: list[Signed] = []
    total, before = 0, start
    for signed in held.signed_between(origin, start, stop):
        step = weight(held.entries(origin, before, signed.size))
        if stops and total + step <= PUSH_BYTES_MAX:
            stops[-1], total = signed, total + step
        else:
            stops.append(signed)
            total = step
        before = signed.size
    return stops


def weight(entries: Sequence[Entry]) -> int:
    """At most how many bytes `entries` take in a PUSH."""
    return sum(len(entry.leaf_bytes) + len(entry.body or b"") + 32 for entry in entries)

"""Turns the engine's order to send entries into PUSH frames that fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from openline.base.limits import PUSH_BYTES_MAX
from openline.link.events import SendEntries
from openline.link.frames import Push
from openline.node.held import Holdings
from openline.record.entry import Entry
from openline.record.ports import Signed
from openline.record.thin import thin


def pushes(order: SendEntries, origins: Sequence[str], held: Holdings) -> list[Push]:
    """The frames for `order`, in order, each ending at a signed checkpoint and below PUSH_BYTES_MAX.

    Where `stop` is no signed checkpoint they go on to the next one. A single batch is never larger than a frame.
    """
    origin, start = origins[order.member], order.start
    result: list[Push] = []
    for signed in _stops(held, origin, start, order.stop):
        entries = list(held.entries(origin, start, signed.size))
        result.append(_push(order.member, entries, signed, origins))
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


def _push(member: int, entries: Sequence[Entry], signed: Signed, origins: Sequence[str]) -> Push:
    base_ms = entries[0].leaf.time_ms
    items = cast("list[object]", [thin(entry, origins, base_ms) for entry in entries])
    return Push(member, entries[0].index, base_ms, items, signed.signature)


def weight(entries: Sequence[Entry]) -> int:
    """At most how many bytes `entries` take in a PUSH."""
    return sum(len(entry.leaf_bytes) + len(entry.body or b"") + 32 for entry in entries)

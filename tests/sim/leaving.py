"""What leaves a headquarters: each frame is checked against what is durable on its disk at that moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import cbor2
import msgspec

from openline.identity.names import mirror_name
from openline.link.frames import Ack, Evidence, HaveBlob, Hello, Ping, Push, SealFrame
from openline.store.memory import MemoryStore
from tests.sim.checkers import size_of
from tests.sim.node import Headquarters
from tests.sim.world import World

_LENGTH_BYTES = 4
_RULE = "commit-before-signature"


class Leaving:
    """Checks each frame that a headquarters lets out against what is durable on its disk at that moment."""

    def __init__(self, world: World) -> None:
        self._world = world
        checks: dict[type[msgspec.Struct], Callable[[Headquarters, list[object]], None]] = {
            Hello: self._hello,
            Push: self._push,
            Ack: self._ack,
            HaveBlob: self._blob_held,
            SealFrame: self._seal,
            Evidence: self._evidence,
            Ping: self._ping,
        }
        self._by_tag = {kind.__struct_config__.tag: check for kind, check in checks.items()}

    def frame(self, here: Headquarters, data: bytes) -> None:
        """`here` lets this frame out, with its length before it."""
        value = cast("list[object]", cbor2.loads(data[_LENGTH_BYTES:]))
        self._world.counts["frames"] += 1
        check = self._by_tag.get(cast("int", value[0]))
        if check is not None:
            check(here, value)

    def _hello(self, here: Headquarters, hello: list[object]) -> None:
        head = here.disk.content.logs[here.origin].head
        self._world.check(hello[7] == head.salt_key, _RULE, f"{here.label} names a salt key that is not durable")
        for tip in cast("list[list[object]]", hello[9]):
            self._tip(here, tip, "HELLO")

    def _push(self, here: Headquarters, push: list[object]) -> None:
        size = cast("int", push[2]) + len(cast("list[object]", push[4]))
        self._signed(here, cast("int", push[1]), size, cast("bytes", push[5]), "PUSH")

    def _evidence(self, here: Headquarters, evidence: list[object]) -> None:
        self._tip(here, cast("list[object]", evidence[1]), "EVIDENCE")

    def _tip(self, here: Headquarters, tip: list[object], where: str) -> None:
        if tip[3] is not None:
            self._signed(here, cast("int", tip[0]), cast("int", tip[1]), cast("bytes", tip[3]), where)

    def _signed(self, here: Headquarters, number: int, size: int, signature: bytes, where: str) -> None:
        origin = _origin(here, number)
        signed = MemoryStore(here.disk.content).checkpoint(origin, size)
        durable = signed is not None and signed.signature == signature
        self._world.check(durable, _RULE, f"{here.label} signs {origin} at {size} in a {where} before its commit")

    def _ack(self, here: Headquarters, ack: list[object]) -> None:
        origin, size = _origin(here, cast("int", ack[1])), cast("int", ack[2])
        log = here.disk.content.logs[origin]
        receipt = log.receipts.get((size, mirror_name(here.origin)))
        durable = receipt is not None and receipt.signature == ack[4] and len(log.entries) >= size
        self._world.check(durable, _RULE, f"{here.label} receipts {origin} at {size} before its commit")

    def _ping(self, here: Headquarters, ping: list[object]) -> None:
        size = size_of(here.disk.content, here.origin)
        self._world.check(cast("int", ping[3]) <= size, _RULE, f"{here.label} tells of entries not durable")

    def _seal(self, here: Headquarters, seal: list[object]) -> None:
        origin, size = _origin(here, cast("int", seal[1])), seal[2]
        seals = here.disk.content.logs[origin].seals.values()
        durable = any(kept.size == size and kept.signature == seal[5] for kept in seals)
        self._world.check(durable, _RULE, f"{here.label} seals {origin} before its commit")

    def _blob_held(self, here: Headquarters, held: list[object]) -> None:
        durable = held[1] in here.disk.content.complete_blobs
        self._world.check(durable, _RULE, f"{here.label} claims an attachment it does not hold")


def _origin(here: Headquarters, number: int) -> str:
    assert here.process is not None
    return here.process.keeper.setup.origins[number]

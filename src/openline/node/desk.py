"""The desk: who may say what, when, and on to the kind's own verb. It never grows with the kinds.

A saying is answered "recorded" only after its commit. The same idempotency key, or a fact that stands already,
writes nothing new and is answered with what was written before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from openline.base.errors import PeerError, UsageError
from openline.base.limits import ROLE_BYTES_MAX
from openline.base.time import Instant
from openline.line.kinds import Asked, Change, Verb
from openline.line.taking import anyone_may
from openline.node.keeper import Turn
from openline.node.lines import LineState
from openline.node.membering import Membering
from openline.node.packs import Packs
from openline.node.pressing import Pressing, Thing, thing_of
from openline.node.procedure import chartered, procedure_of
from openline.node.retaining import Retaining
from openline.node.signing import Signing
from openline.node.sop import SopView, sop
from openline.node.views import Officer, SaidView
from openline.node.waiting import settle
from openline.record.entry import Draft, Entry, Mark, Ref, desk_text

if TYPE_CHECKING:
    from openline.node.service import Node

RECORDED, RECEIVED = "recorded", "received"


class Desk(Signing, Packs, Retaining, Membering):
    """What the console may ask of a node. Used from the node's event loop only."""

    def __init__(self, node: Node) -> None:
        Signing.__init__(self, node)
        Packs.__init__(self, node)
        Retaining.__init__(self, node)
        Membering.__init__(self, node)
        self._node = node
        self._under_way: dict[str, tuple[str, asyncio.Future[list[Entry]]]] = {}
        self._pressing = Pressing()

    def begin(self, seq: int) -> None:
        """The record is folded up to arrival number `seq`."""
        super().begin(seq)
        self.reconcile()
        for state in self._node.lines.values():
            self.part_gone(state)

    def tick(self) -> None:
        """Once a second: what the node does by itself."""
        super().tick()
        self.telephone.tick()

    def committed(self, state: LineState, turn: Turn, changes: Sequence[Change]) -> None:
        """A turn is durable and folded."""
        super().committed(state, turn, changes)
        self.part_gone(state)

    def sop(self, who: Officer, line: str | None) -> SopView:
        """What the watch of a line does by the rules of this node, in the officer's language. Raises UsageError."""
        self.allow(who, "read")
        node, state = self._node, self.state(line)
        procedure = chartered(procedure_of(node.config), state.keeper.book, node.clock.now(), self.mark_of(None))
        return sop(procedure, node.registry, who.language, state.keeper.book.line)

    async def say(  # noqa: PLR0913 - one call of one verb has this many facts, all of them by name
        self,
        who: Officer,
        line: str | None,
        verb: str,
        arguments: object,
        *,
        key: str | None,
        mark: str,
        wait: str,
        timeout_s: float,
    ) -> SaidView:
        """Put one thing on the record and wait until `wait` is reached or `timeout_s` is over.

        Raises UsageError when it is refused, BusyError when the line is full: nothing is written then.
        """
        said = await self.say_many(who, line, verb, [arguments], key=key, mark=mark, wait=wait, timeout_s=timeout_s)
        return said[0]

    async def say_many(  # noqa: PLR0913 - the same facts as `say`
        self,
        who: Officer,
        line: str | None,
        verb: str,
        many: Sequence[object],
        *,
        key: str | None,
        mark: str,
        wait: str,
        timeout_s: float,
    ) -> list[SaidView]:
        """The same for many at once, checked all before any is written: all are recorded or none."""
        state = self.state(line)
        found = self._node.registry.verb(verb)
        if who.desk not in self._on_watch or not all(anyone_may(state.keeper.book, verb, one) for one in many):
            self.allow(who, found.capability)
        self.sign_of(who)
        waits = _Waits(wait, asyncio.get_running_loop().time() + timeout_s)
        thing = thing_of(state.keeper.book, verb, many)
        await self._pressing.turn(thing)
        earlier = None if key is None else await self._earlier(state, key)
        if earlier is not None:
            refs, at = earlier
            apart = [[ref] for ref in refs] if len(refs) == len(many) else [refs]
            return [await self._told(state, some, at, waits, repeated=True) for some in apart]
        drafted = [self._draft(state, who, found, arguments, Mark[mark]) for arguments in many]
        entries = iter(await self._record(state, _joined(drafted), key, thing))
        at = self._node.clock.now()
        result: list[SaidView] = []
        for drafts in drafted:
            refs = [next(entries).ref for _ in drafts]
            result.append(await self._told(state, refs, at, waits, repeated=not refs))
        return result

    def _draft(self, state: LineState, who: Officer, verb: Verb, arguments: object, mark: Mark) -> Sequence[Draft]:
        try:
            values = msgspec.convert(arguments, verb.arguments)
        except msgspec.ValidationError as why:
            raise UsageError("arguments-wrong", verb=verb.name, detail=str(why)) from why
        if self._node.clock.exercise and mark is Mark.OPERATION:
            mark = Mark.EXERCISE
        keeper = state.keeper
        asked = Asked(keeper.own.origin, _recordable(who.desk), self._node.clock.now(), mark, who.capabilities)
        drafts = verb.say(keeper.book, asked, values)
        for draft in drafts:
            for attachment in draft.attachments:
                if not self._node.blobs.complete(attachment.digest):
                    raise UsageError("attachment-missing", digest=attachment.digest.hex())
        return drafts

    async def _record(
        self, state: LineState, drafts: Sequence[Draft], key: str | None, thing: Thing | None
    ) -> list[Entry]:
        """Put `drafts` on the record: in one commit, all of them or none."""
        if not drafts:
            return []
        future = self._node.turns.say(state.keeper, drafts, key)
        self._pressing.begin(thing, future)
        if key is None:
            return await future
        self._under_way[key] = (state.keeper.setup.line, future)
        future.add_done_callback(partial(self._over, key))
        return await asyncio.shield(future)

    def _over(self, key: str, said: asyncio.Future[list[Entry]]) -> None:
        """From now on the store knows the key, or nothing was written with it. Whoever asked may have gone."""
        self._under_way.pop(key, None)
        if not said.cancelled():
            said.exception()

    async def _earlier(self, state: LineState, key: str) -> tuple[Sequence[Ref], Instant] | None:
        """What this key has put on the record before, or is just putting there, and when."""
        line, under_way = self._under_way.get(key, (state.keeper.setup.line, None))
        command = None if under_way is not None else self._node.store.command(key)
        if command is not None:
            line = command.line
        if line != state.keeper.setup.line:
            raise UsageError("key-used-elsewhere", key=key, line=line)
        if under_way is not None:
            return [entry.ref for entry in await asyncio.shield(under_way)], self._node.clock.now()
        return None if command is None else (command.refs, command.time)

    async def _told(
        self, state: LineState, refs: Sequence[Ref], at: Instant, waits: _Waits, *, repeated: bool
    ) -> SaidView:
        reached, stage = True, waits.stage
        if refs and stage != RECORDED:
            reached = await self._wait(state, refs, waits)
        if not reached:
            stage = RECEIVED if self._received(state, refs[-1]) else RECORDED
        ids = tuple(state.keeper.book.label(ref.origin, ref.index) for ref in refs)
        return SaidView(state.keeper.setup.line, ids, at.rfc3339(), stage, reached, repeated)

    async def _wait(self, state: LineState, refs: Sequence[Ref], waits: _Waits) -> bool:
        """Whether the stage is reached in time: by the first entry, or by all when it is their receipt."""
        ref = refs[-1] if waits.stage == RECEIVED else refs[0]
        place = (ref.origin, ref.index)
        if waits.stage == RECEIVED:
            if self._received(state, ref):
                return True
            done = state.waiting.receipt(ref.index)
        elif self.stage_stands(state, ref, waits.stage):
            return True
        else:
            done = state.waiting.stage(place, waits.stage)
        limit = asyncio.get_running_loop().call_at(waits.until_s, settle, done, False)
        try:
            return await done
        finally:
            limit.cancel()
            state.waiting.forget(place, waits.stage, done)

    def _received(self, state: LineState, ref: Ref) -> bool:
        return state.keeper.receipted_by_all() > ref.index


@dataclass(frozen=True, slots=True)
class _Waits:
    """Which stage whoever says something waits for, and until when by the event loop's clock."""

    stage: str
    until_s: float


def _recordable(desk: str) -> str:
    """The desk's name, when an entry may carry it: one that may not could not be read back from the store."""
    try:
        return desk_text(desk)
    except PeerError as why:
        raise UsageError("desk-name-wrong", limit=ROLE_BYTES_MAX) from why


def _joined(drafted: Sequence[Sequence[Draft]]) -> list[Draft]:
    """All drafts in one list; a ref to a draft said together goes on meaning the same one."""
    joined: list[Draft] = []
    for drafts in drafted:
        shift = len(joined)
        for draft in drafts:
            refs = tuple(ref + shift if isinstance(ref, int) else ref for ref in draft.refs)
            joined.append(replace(draft, refs=refs))
    return joined

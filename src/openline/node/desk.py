"""The desk: who may say what, when, and on to the kind's own verb. It never grows with the kinds.

A saying is answered "recorded" only after its commit. The same idempotency key, or a fact that stands already,
writes nothing new and is answered with what was written before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from openline.base.errors import UsageError
from openline.line.kinds import Asked, Verb
from openline.node.lines import LineState
from openline.node.running import Running
from openline.node.showing import Showing
from openline.node.views import Officer, SaidView
from openline.node.waiting import settle
from openline.record.entry import Draft, Entry, Mark, Ref

if TYPE_CHECKING:
    from openline.node.service import Node


class Desk(Showing, Running):
    """What the console may ask of a node. Used from the node's event loop only."""

    def __init__(self, node: Node) -> None:
        Showing.__init__(self, node)
        Running.__init__(self, node)
        self._node = node
        self._under_way: dict[str, asyncio.Future[list[Entry]]] = {}

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
        self.allow(who, found.capability)
        earlier = None if key is None else await self._earlier(state, key)
        if earlier is not None:
            apart = [[ref] for ref in earlier] if len(earlier) == len(many) else [earlier]
            return [await self._told(state, refs, wait, timeout_s, repeated=True) for refs in apart]
        drafted = [self._draft(state, who, found, arguments, Mark[mark]) for arguments in many]
        entries = iter(await self._record(state, _joined(drafted), key))
        result: list[SaidView] = []
        for drafts in drafted:
            refs = [next(entries).ref for _ in drafts]
            result.append(await self._told(state, refs, wait, timeout_s, repeated=not refs))
        return result

    def _draft(self, state: LineState, who: Officer, verb: Verb, arguments: object, mark: Mark) -> Sequence[Draft]:
        try:
            values = msgspec.convert(arguments, verb.arguments)
        except msgspec.ValidationError as why:
            raise UsageError("arguments-wrong", verb=verb.name, detail=str(why)) from why
        if self._node.clock.exercise and mark is Mark.OPERATION:
            mark = Mark.EXERCISE
        keeper = state.keeper
        asked = Asked(keeper.own.origin, who.desk, self._node.clock.now(), mark)
        drafts = verb.say(keeper.book, asked, values)
        for draft in drafts:
            for attachment in draft.attachments:
                if not self._node.blobs.complete(attachment.digest):
                    raise UsageError("attachment-missing", digest=attachment.digest.hex())
        return drafts

    async def _record(self, state: LineState, drafts: Sequence[Draft], key: str | None) -> list[Entry]:
        """Put `drafts` on the record: in one commit, all of them or none."""
        if not drafts:
            return []
        future = self._node.turns.say(state.keeper, drafts, key)
        if key is None:
            return await future
        self._under_way[key] = future
        future.add_done_callback(lambda _: self._under_way.pop(key, None))
        return await asyncio.shield(future)

    async def _earlier(self, state: LineState, key: str) -> Sequence[Ref] | None:
        """What this key has put on the record before, or is just putting there."""
        under_way = self._under_way.get(key)
        if under_way is not None:
            return [entry.ref for entry in await asyncio.shield(under_way)]
        command = self._node.store.command(key)
        if command is None:
            return None
        if command.line != state.keeper.setup.line:
            raise UsageError("key-used-elsewhere", key=key, line=command.line)
        return command.refs

    async def _told(
        self, state: LineState, refs: Sequence[Ref], wait: str, timeout_s: float, *, repeated: bool
    ) -> SaidView:
        reached = True
        if refs and wait != "recorded":
            reached = await self._wait(state, refs[0], wait, timeout_s)
        ids = tuple(state.keeper.book.label(ref.origin, ref.index) for ref in refs)
        at, stage = self._node.clock.now().rfc3339(), wait if reached else "recorded"
        return SaidView(state.keeper.setup.line, ids, at, stage, reached, repeated)

    async def _wait(self, state: LineState, ref: Ref, wait: str, timeout_s: float) -> bool:
        place = (ref.origin, ref.index)
        if wait == "received":
            if min(state.keeper.receipted.values(), default=0) > ref.index:
                return True
            done = state.waiting.receipt(ref.index)
        elif self.stage_stands(state, ref, wait):
            return True
        else:
            done = state.waiting.stage(place, wait)
        limit = asyncio.get_running_loop().call_later(timeout_s, settle, done, False)
        try:
            return await done
        finally:
            limit.cancel()
            state.waiting.forget(place, wait, done)


def _joined(drafted: Sequence[Sequence[Draft]]) -> list[Draft]:
    """All drafts in one list; a ref to a draft said together goes on meaning the same one."""
    joined: list[Draft] = []
    for drafts in drafted:
        shift = len(joined)
        for draft in drafts:
            refs = tuple(ref + shift if isinstance(ref, int) else ref for ref in draft.refs)
            joined.append(replace(draft, refs=refs))
    return joined

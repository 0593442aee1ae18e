"""Officers: they send, read, accept, pass on, answer, correct and withdraw; they ask again when nobody answered them.

Each command carries a key of its own and, where it has a text, a tag that stands nowhere else, so that the checkers
can tell what became of it. An officer whose node ended under his hands repeats the command with the same key.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import cast

from openline.base.errors import StoreError, UsageError
from openline.line.status import LineState, declared
from openline.node.views import Officer, SaidView
from tests.sim.checkers import Auditor, Command
from tests.sim.flash import Flashes
from tests.sim.node import Headquarters, Process
from tests.sim.world import World

_ALL = frozenset({"all"})
_WORDS = ("convoy", "halted", "at", "the", "bridge", "request", "confirm", "grid", "colonne", "arrêtée", "мост", "جسر")
_PATIENCE_S = 600.0
_TRIES_MAX = 40
_OVERTIME_S = 300.0


@dataclass(frozen=True, slots=True)
class Shift:
    """What the people of one run do together: until when (virtual seconds), for how many messages, how busily."""

    until: float
    messages: int
    pause_s: float = 2.2


class People:
    """The officers of one headquarters. Mutable."""

    def __init__(self, world: World, here: Headquarters, auditor: Auditor, flashes: Flashes) -> None:
        self.world = world
        self.here = here
        self.auditor = auditor
        self.flashes = flashes
        self.chance = world.chance(f"people/{here.party}")
        self.who = Officer("watch", _ALL)

    def begin(self, shift: Shift) -> list[asyncio.Task[None]]:
        """Everybody goes to work."""
        work = [self._writes(shift), self._writes(shift), self._reads(shift), self._alarms(shift)]
        return [self.world.spawn(each) for each in work]

    # Each officer's day

    async def _writes(self, shift: Shift) -> None:
        while await self._pause(shift, shift.pause_s):
            if self._suspended() and self.chance.random() < 0.3:
                await self.say("declare", {"status": "resumed"}, "reason")
            kind = self.chance.choices(("send", "own", "status", "test", "attach"), (30, 5, 1, 2, 2))[0]
            match kind:
                case "send":
                    await self.send(self._precedence())
                case "own":
                    await self._about_own()
                case "status":
                    await self._suspend()
                case "test":
                    await self.say("test", {}, tagged=False)
                case _:
                    await self.attach()

    async def _reads(self, shift: Shift) -> None:
        while await self._pause(shift, 1.3):
            entry = self._one_of_theirs()
            if entry is None:
                continue
            match self.chance.choices(("read", "ack", "pass", "reply", "translate"), (6, 5, 2, 3, 1))[0]:
                case "pass":
                    role = self.chance.choice(("air", "naval", "medical"))
                    await self.say("pass", {"entry": entry, "to": role}, "note")
                case "reply":
                    await self.say("reply", {"entry": entry}, "text")
                case "translate":
                    await self.say("translate", {"entry": entry, "language": "fr"}, "text")
                case verb:
                    await self.say(verb, {"entry": entry}, "by")

    async def _alarms(self, shift: Shift) -> None:
        while await self._pause(shift, 12.0):
            await self.flash()

    # Single things

    async def send(self, precedence: str, padding: int = 0) -> None:
        """One message."""
        text = " ".join(self.chance.choices(_WORDS, k=self.chance.randint(3, 30)))
        arguments: dict[str, object] = {"precedence": precedence, "action": ["watch"]}
        if self.chance.random() < 0.2:
            arguments["action"] = ["air", "watch"]
        if self.chance.random() < 0.1:
            entry = self._one_of_theirs()
            arguments |= {"refs": [entry]} if entry is not None else {}
        mark = self.chance.choices(("OPERATION", "EXERCISE", "TEST"), (8, 1, 1))[0]
        await self.say("send", arguments, "text", text=text + " x" * (padding // 2), mark=mark)

    async def flash(self) -> None:
        """A FLASH, watched by the clock."""
        process = self.here.process
        if process is None:
            return
        watched = self.flashes.begin(self.here)
        command = await self.say("send", {"precedence": "flash"}, "text", text="enemy armour crossing", tries=1)
        self.flashes.recorded(watched, command.recorded[0] if command.recorded else None)

    async def flood(self, count: int, size: int) -> None:
        """Many ROUTINE messages at once, from a program; and a FLASH right behind them."""
        self.world.fire("flood", self.here.label, count)
        sayings = [self.world.spawn(self.send("routine", size)) for _ in range(count)]
        await asyncio.sleep(0.001)
        await self.flash()
        await asyncio.wait(sayings)

    async def _about_own(self) -> None:
        entry = self._one_of_ours()
        if entry is None:
            return
        if self.chance.random() < 0.6:
            await self.say("correct", {"entry": entry, "change": "the grid"}, "text", text="Corrected: grid 4471")
        else:
            await self.say("withdraw", {"entry": entry}, "reason")

    async def _suspend(self) -> None:
        await self.say("declare", {"status": "suspended"}, "reason")
        await asyncio.sleep(self.chance.uniform(1, 4))
        await self.say("declare", {"status": "resumed"}, "reason")

    async def attach(self) -> None:
        """A message with an attachment."""
        process = self.here.process
        if process is None:
            return
        data = self.chance.randbytes(self.chance.choice((10, 5_000, 60_000)))
        digest = sha256(data).hexdigest()

        async def chunks() -> AsyncIterator[bytes]:
            yield data

        work = self.world.loop.create_task(process.desk.upload(chunks(), len(data), digest))
        self.here.do(cast("asyncio.Task[object]", work))
        await asyncio.wait([work])
        if work.cancelled() or work.exception() is not None:
            return
        self.world.counts["attachments"] += 1
        named = {"size": len(data), "sha256": digest}
        await self.say("send", {"attachments": [named]}, "text", text="See attached.")

    # Saying, until it is certain

    async def say(
        self,
        verb: str,
        arguments: dict[str, object],
        tag_field: str = "",
        *,
        text: str = "",
        mark: str = "OPERATION",
        tagged: bool = True,
        tries: int = _TRIES_MAX,
    ) -> Command:
        """Put one thing on the record, and try again with the same key until it is known what became of it."""
        command = self.auditor.command(self.here, verb)
        if tagged and tag_field:
            arguments[tag_field] = f"{text} {command.tag}".strip()
        for _ in range(tries):
            if not await self._ready() or self.here.restores != command.restores:
                return command
            answer = await self._once(command, verb, arguments, mark)
            if answer is not None:
                return command
            self.world.counts["asked-again"] += 1
            await asyncio.sleep(self.chance.uniform(0.1, 2.0))
        return command

    async def _once(self, command: Command, verb: str, arguments: dict[str, object], mark: str) -> bool | None:
        process = self.here.process
        assert process is not None
        saying = process.desk.say(
            self.who, None, verb, arguments, key=command.key, mark=mark, wait="recorded", timeout_s=_PATIENCE_S
        )
        work = self.world.loop.create_task(saying)
        self.here.do(cast("asyncio.Task[object]", work))
        await asyncio.wait([work])
        if work.cancelled():
            return None
        why = work.exception()
        if isinstance(why, StoreError):
            return None
        if isinstance(why, UsageError):
            self.world.counts[f"refused:{why.message_id}"] += 1
            self.auditor.refused(command, why.message_id)
            return False
        if why is not None:
            self.world.violate("no-broken-invariant", f"{verb} ended with {why!r}")
            return False
        self._recorded(process, command, work.result())
        return True

    def _recorded(self, process: Process, command: Command, said: SaidView) -> None:
        places = [process.keeper.book.find(entry_id) for entry_id in said.ids]
        self.auditor.recorded(self.here, command, places)
        self.world.note("recorded", command.key, *said.ids)

    async def _ready(self) -> bool:
        for _ in range(300):
            if self.here.ready:
                return True
            await asyncio.sleep(0.5)
        return False

    async def _pause(self, shift: Shift, mean_s: float) -> bool:
        await asyncio.sleep(self.chance.expovariate(1 / mean_s))
        over = self.world.loop.time() - shift.until
        return over < 0 or (over < _OVERTIME_S and self.auditor.messages < shift.messages)

    def _suspended(self) -> bool:
        process = self.here.process
        if process is None:
            return False
        return declared(process.keeper.book, self.here.origin).state is LineState.SUSPENDED

    def _precedence(self) -> str:
        return self.chance.choices(("immediate", "priority", "routine"), (2, 3, 8))[0]

    def _one_of_theirs(self) -> str | None:
        return self._some([origin for origin in self._origins() if origin != self.here.origin], 12)

    def _one_of_ours(self) -> str | None:
        return self._some([self.here.origin], 20)

    def _origins(self) -> Sequence[str]:
        return () if self.here.process is None else self.here.process.keeper.setup.origins

    def _some(self, origins: Sequence[str], newest: int) -> str | None:
        process = self.here.process
        if process is None or not origins:
            return None
        book = process.keeper.book
        origin = self.chance.choice(origins)
        size = book.size(origin)
        items = [index for index in range(max(0, size - newest), size) if book.item(origin, index) is not None]
        return book.label(origin, self.chance.choice(items)) if items else None

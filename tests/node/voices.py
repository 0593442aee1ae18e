"""A voice process that is none: it keeps what it is told, makes a leg of any offer, and says what a test has it say.

`Floor` is a node with one, and what officers and legs do there in one line each.
"""

from __future__ import annotations

import asyncio
from typing import TypeVar

from openline.base.errors import BusyError
from openline.base.limits import BODY_BYTES_MAX
from openline.base.schema import unpack
from openline.media.words import Answered, CallIs, GateIs, LegOver, LegUp, Order, SoundIs
from openline.node.legs import Leg
from openline.node.views import CallView, Officer
from openline.node.voice import Heard
from openline.voice.call import Call, Calls, CallStep, call_of
from tests.node.houses import ALPHA, BRAVO, CONFIG, EVERYTHING, LINE, House, MemoryNode, connect, heard, started, until

W = TypeVar("W")

SDP = "v=0\r\na=fingerprint:sha-256 AB:CD\r\n"
ANSWERING = CONFIG + "\n[voice]\nanswering = true\n"


class FakeVoice:
    """The node's end of a voice process. `hold` keeps offers waiting until it is set."""

    def __init__(self) -> None:
        self.state = "running"
        self.lag_us = 1_500
        self.restarts = 0
        self.phones: tuple[str, ...] = ()
        self.words: list[Order] = []
        self.legs = 0
        self.hold: asyncio.Event | None = None

    def say(self, word: Order) -> None:
        self.words.append(word)

    async def offer(self, desk: str, session: str, sdp: str) -> Answered:
        if self.state != "running":
            raise BusyError("voice-not-running")
        if self.hold is not None:
            await self.hold.wait()
        self.legs += 1
        return Answered(self.legs, self.legs, SDP)

    def said(self, kind: type[W]) -> list[W]:
        """What it was told, of one kind."""
        return [word for word in self.words if isinstance(word, kind)]


class Floor:
    """One headquarters of a test: its node, its voice process, its officers."""

    def __init__(self, node: MemoryNode) -> None:
        self.node = node
        self.voice = FakeVoice()
        self.phone = node.desk.telephone
        self.phone.connect(self.voice)

    def officer(self, desk: str = "watch", session: str = "") -> Officer:
        return Officer(desk, EVERYTHING, session=session)

    async def ring(self, desk: str = "watch", mark: str = "OPERATION", **arguments: object) -> str:
        """Ring the other side; the call's id."""
        who = self.officer(desk)
        how = {"key": None, "mark": mark, "wait": "recorded"}
        said = await self.node.desk.say(who, None, "ring", arguments, timeout_s=30, **how)  # type: ignore[arg-type] # by name
        return said.ids[0]

    async def step(self, call: str, step: str, desk: str = "watch") -> None:
        await self.node.say(None, "call", who=self.officer(desk), call=call, step=step)

    async def leg(self, desk: str = "watch", session: str = "") -> int:
        """The leg of a browser, up."""
        answer = await self.node.desk.offer_leg(self.officer(desk, session or desk), "v=0")
        self.tell(LegUp(answer.leg))
        return answer.leg

    def gate(self, call: str, is_open: bool, desk: str = "watch", session: str = "") -> int:
        """Press or let go the key; the leg whose gate it is."""
        return self.node.desk.gate(self.officer(desk, session or desk), None, call, is_open=is_open).leg

    def tell(self, *words: Heard) -> None:
        for word in words:
            self.phone.told(word)

    def sound(self, lost: bool, party: str | None = None) -> None:
        """Whether sound passes to and from the peer."""
        peers = [member for member in self.node.keeper.setup.members if member != self.node.me]
        self.tell(*(SoundIs(LINE, peer, lost) for peer in ([party] if party else peers)))

    def hang_up(self, leg: int, reason: str = "leg-left") -> None:
        self.tell(LegOver(leg, reason))

    def view(self, call: str) -> CallView:
        return self.node.desk.call(self.officer(), None, call)

    def call(self, call: str) -> Call:
        return call_of(self.node.keeper.book, call)

    def found(self, leg: int) -> Leg | None:
        return self.phone.legs.shown(leg)

    @property
    def calls(self) -> list[CallIs]:
        """What the voice process was told of calls."""
        return self.voice.said(CallIs)

    @property
    def gates(self) -> list[tuple[int, bool]]:
        """Gates opened and closed, by leg."""
        return [(word.leg, word.open) for word in self.voice.said(GateIs)]

    @property
    def open(self) -> list[Call]:
        return list(self.node.keeper.book.state(Calls).open.values())

    def steps(self) -> list[tuple[str, str, str]]:
        """Our own steps on the record, in order: what, at which desk, why."""
        rows = self.node.memory.entries(self.node.keeper.own.origin, 0, 10_000)
        bodies = [
            (row.leaf.desk, unpack(CallStep, row.body, BODY_BYTES_MAX))
            for row in rows
            if row.leaf.kind == 12 and row.body
        ]
        return [(body.step.name, desk, body.cause) for desk, body in bodies]


async def floors(config: str = CONFIG) -> tuple[Floor, Floor]:
    """Alpha and bravo, which hear each other; sound passes between them."""
    nodes = await started(House(ALPHA), config), await started(House(BRAVO), config)
    alpha, bravo = Floor(nodes[0]), Floor(nodes[1])
    connect(*nodes)
    await heard(*nodes)
    for floor in (alpha, bravo):
        floor.phone.ready()
        floor.sound(lost=False)
    return alpha, bravo


async def up(alpha: Floor, bravo: Floor) -> str:
    """A call that alpha has rung and bravo has answered, with a browser at each end; its id."""
    await alpha.leg()
    await bravo.leg()
    call = await alpha.ring()
    await known(call, bravo)
    await bravo.step(call, "answered")
    await until(lambda: alpha.call(call).up)
    return call


async def known(call: str, *at: Floor) -> None:
    """Until these floors hold the call."""
    origin, index = at[0].node.keeper.book.members, int(call.rpartition(":")[2])
    member = next(name for name in origin if name.startswith(call.partition(":")[0]))
    await until(lambda: all(floor.node.keeper.book.holds(member, index) for floor in at))

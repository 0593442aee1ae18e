"""Seeded days of telephone calls: officers ring, answer, speak and hang up while paths are cut and nodes are killed.

Afterwards everybody is heard again, and it must all fit: the same record at every node, the voice processes told what
the record says, and no more said by the nodes themselves than there was to say.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import suppress
from itertools import pairwise
from random import Random

import pytest

from openline.base.errors import UsageError
from openline.base.limits import BODY_BYTES_MAX
from openline.base.schema import unpack
from openline.line.duty import DESK
from openline.media.words import CallIs, CallOver, GateIs, Order
from openline.record.entry import Ref
from openline.transport.memory import MemorySession
from openline.voice.call import CALL_STEP, CallStep, Side, Step
from tests.node.houses import ALPHA, BRAVO, CHARLIE, House, connect, heard, played, settled, started
from tests.node.voices import Floor

STEPS = ("answered", "answered", "declined", "held", "resumed", "left", "recording-agreed")


class Day:
    """Some headquarters on one line, and chance."""

    def __init__(self, seed: int, parties: tuple[str, ...]) -> None:
        self.chance = Random(seed)
        self.parties = parties
        self.floors: dict[str, Floor] = {}
        self.sessions: list[MemorySession] = []

    async def open(self) -> None:
        for party in self.parties:
            await self.start(party, House(party, self.parties))
        self.mend()
        await heard(*(floor.node for floor in self.floors.values()))

    async def start(self, party: str, house: House) -> None:
        floor = self.floors[party] = Floor(await started(house))
        floor.phone.ready()
        line = floor.node.keeper.setup.line
        for peer in self.parties:
            floor.phone.exchange.sound(line, peer).lost = False

    def mend(self) -> None:
        line = self.floors[self.parties[0]].node.keeper.setup.line
        for number, near in enumerate(self.parties):
            for far in self.parties[number + 1 :]:
                self.sessions.append(connect(self.floors[near].node, self.floors[far].node, line=line))

    def cut(self) -> None:
        for session in self.sessions:
            session.close("path-broken-off")
        self.sessions.clear()

    async def happens(self) -> None:
        """One thing, at one place."""
        floor = self.floors[self.chance.choice(self.parties)]
        desk = self.chance.choice(("watch", "ops"))
        calls = [view.id for view in floor.node.desk.calls(floor.officer(), None, open_only=True, count=9)]
        call = self.chance.choice(calls) if calls else None
        match self.chance.choices(("ring", "step", "gate", "leg", "gone", "cut", "kill"), (4, 8, 8, 4, 3, 1, 1))[0]:
            case "ring":
                await floor.ring(desk)
            case "step" if call is not None:
                await floor.step(call, self.chance.choice(STEPS), desk)
            case "gate" if call is not None:
                floor.gate(call, self.chance.random() < 0.6, desk)
            case "leg":
                await floor.leg(desk)
            case "gone":
                for leg in floor.phone.legs.open[:1]:
                    floor.hang_up(leg.number)
            case "cut":
                self.cut()
                await asyncio.sleep(self.chance.uniform(0, 40))
                self.mend()
            case "kill":
                self.cut()
                await self.start(floor.node.me, floor.node.house)
                self.mend()
            case _:
                pass

    async def pass_by(self, things: int) -> None:
        for _ in range(things):
            with suppress(UsageError):  # Not possible just now: what an officer reads as a sentence.
                await self.happens()
            await asyncio.sleep(self.chance.choice((0, 0.05, 1, 20)))
        self.cut()
        self.mend()
        floors = list(self.floors.values())
        await heard(*(floor.node for floor in floors))
        await asyncio.sleep(100)
        await settled(*(floor.node for floor in floors))


def told(words: list[Order]) -> tuple[dict[int, CallIs], set[tuple[int, int]]]:
    """The calls that a voice process knows of, and the gates that are open in it (call and leg)."""
    calls: dict[int, CallIs] = {}
    gates: set[tuple[int, int]] = set()
    for word in words:
        match word:
            case CallIs():
                calls[word.number] = word
                seats = set() if word.held else {row.leg for row in word.seats}
                gates = {(call, leg) for call, leg in gates if call != word.number or leg in seats}
            case CallOver():
                del calls[word.number]
                gates = {(call, leg) for call, leg in gates if call != word.number}
            case GateIs(call, leg, is_open):
                (gates.add if is_open else gates.discard)((call, leg))
            case _:
                pass
    return calls, gates


def fits(day: Day) -> None:
    """The records are equal, and every voice process was told what its record says."""
    assert len({floor.node.keeper.book.digest() for floor in day.floors.values()}) == 1
    for floor in day.floors.values():
        keeper = floor.node.keeper
        mine = [call for call in floor.open if call.parts[keeper.me].side is not Side.OUT]
        calls, gates = told(floor.voice.words)
        peers = [tuple(keeper.setup.members[n] for n in keeper.peers if call.parts[n].takes_part) for call in mine]
        assert sorted(word.peers for word in calls.values()) == sorted(peers)
        legs = {leg.number: leg.desk for leg in floor.phone.legs.open}
        speaking = {desk for call in mine for desk in call.parts[keeper.me].speaking}
        assert speaking == {legs[leg] for _, leg in gates}
        assert keeper.book.faults == []
        for said in by_the_node(floor).values():
            assert all(one != two for one, two in pairwise(said)), f"the node repeats itself: {said}"


def by_the_node(floor: Floor) -> dict[Ref, list[Step]]:
    """What a node has said by itself of each call, in order."""
    said: dict[Ref, list[Step]] = defaultdict(list)
    for entry in floor.node.memory.entries(floor.node.keeper.own.origin, 0, 10_000):
        if entry.leaf.kind == CALL_STEP and entry.leaf.desk == DESK:
            said[entry.leaf.refs[0]].append(unpack(CallStep, entry.body or b"", BODY_BYTES_MAX).step)
    return said


@pytest.mark.parametrize("parties", [(ALPHA, BRAVO), (ALPHA, BRAVO, CHARLIE)], ids=["two", "three"])
@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_in_a_day_all_fits_in_the_end(seed: int, parties: tuple[str, ...]) -> None:
    async def story() -> None:
        day = Day(seed, parties)
        await day.open()
        await day.pass_by(80)
        fits(day)

    played(story())

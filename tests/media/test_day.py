"""A day of an open line on which little is said, in no time: nothing grows, and every counter goes round once.

Whole houses run for some hours here, over real sockets; `python -m tests.media.test_day 24` lets them run for a day.
The numbers of a day, which wrap after 13 and 18 hours, are gone through by two peers without a network.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Collection
from time import process_time

from openline.base.time import SECOND_US
from openline.media.peer import PeerSound
from openline.media.wire import Arrival
from openline.media.wire_carriage import Pace
from openline.media.words import CallIs, CallOver, GateIs, SeatRow
from openline.voice.frame import Codec, Frame
from tests.media.fast_loop import on_fast_loop
from tests.media.houses import LINE, Between, Quarter, ports, words

PATHS = ("fibre", "radio")
HOUR_S = 3_600
CALL_EVERY_S, CALLS, SAID = 60, 30, 20
BLOCKS_MAX = 400
"""So many blocks of memory more or less are chance: caches and the garbage collector's own."""


def blocks() -> int:
    gc.collect()
    return sys.getallocatedblocks()


async def spoken(houses: tuple[Quarter, Quarter], calls: range) -> None:
    """Every minute a call between other legs, in which one of them says a few words.

    Tags, legs and the numbers of their frames are used again and again.
    """
    heard = 0
    for number in calls:
        house, other = houses[number % 2], houses[1 - number % 2]
        leg = 1 + number % 8
        for each, peer in ((house, other), (other, house)):
            each.leg(leg)
            each.tell(CallIs(number, LINE, number % 4, (peer.party,), (SeatRow(leg),)))
        house.tell(GateIs(number, leg, open=True))
        for place in range(SAID):
            house.talk(leg, words(1), place)
            await asyncio.sleep(0.02)
        house.tell(GateIs(number, leg, open=False))
        await asyncio.sleep(CALL_EVERY_S - 1)
        heard += len(other.ears[leg].played)
        for each in houses:
            each.tell(CallOver(number))
            ear = each.ears.pop(leg)
            each.house.ended(ear, "leg-lost")
            each.said.clear()
    assert heard > SAID * len(calls) * 0.8, "on a loaded machine time leaps over a datagram now and then"


def open_line(halves: int) -> list[int]:
    """The blocks of memory in use after each half hour."""
    found: list[int] = []

    async def story() -> None:
        houses = alpha, bravo = Quarter("alpha", {}, Pace()), Quarter("bravo", ports(*PATHS), Pace())
        between = Between(alpha, bravo)
        for path in PATHS:
            between.join(path)
        await asyncio.sleep(60)
        assert between.carried(*PATHS)
        for half in range(halves):
            await spoken(houses, range(half * CALLS, (half + 1) * CALLS))
            found.append(blocks())
        await alpha.close()
        await bravo.close()

    on_fast_loop(story())
    return found


def test_hours_of_an_open_line_take_no_more_memory_than_the_first_half() -> None:
    first, _, last = open_line(3)
    assert abs(last - first) < BLOCKS_MAX


class Ether:
    """Two peers, and datagrams that arrive at once on paths of numbers that wrap."""

    def __init__(self) -> None:
        self.now = 0
        self.sent = 0
        self.heard = 0
        self._sequences: dict[tuple[str, str], int] = {}
        self.peers = {party: PeerSound(LINE, party, self) for party in ("alpha", "bravo")}
        for peer in self.peers.values():
            for path in PATHS:
                peer.opened(path, 0)

    def send(self, peer: str, payload: bytes, only: Collection[str] | None = None) -> list[tuple[str, int]]:
        """What one says to a peer comes from the other."""
        party = peer.split()[1]
        other = self.peers["bravo" if party == "alpha" else "alpha"]
        left = []
        for path in only or ():
            sequence = self._sequences[party, path] = self._sequences.get((party, path), 0) + 1
            left.append((path, sequence % 65_536))
            self.sent += 1
            arrival = Arrival(other.key, path, 1, False, sequence % 65_536, payload, self.now)
            self.heard += len(other.arrived(arrival))
        return left


def test_a_day_of_one_peer_and_another_wraps_every_number_and_loses_nothing() -> None:
    ether, before = Ether(), 0
    said = 0
    for second in range(24 * HOUR_S):
        ether.now = second * SECOND_US
        for peer in ether.peers.values():
            peer.look(ether.now)
        if second % 1_800 == 0:
            for place in range(50):
                frame = Frame(
                    7, (second * 50 + place) % 65_536, (second * 50 + place) * 960 % 2**32, False, Codec.OPUS, b"x"
                )
                ether.peers["bravo"].say(frame, ether.now)
                said += 1
            for sound in ether.peers["bravo"].rest(7):
                ether.peers["bravo"].repeat(sound, ether.now)
        if second == HOUR_S:
            before = blocks()
        assert not any(peer.lost for peer in ether.peers.values())
    assert abs(blocks() - before) < BLOCKS_MAX
    assert ether.heard == said
    assert sum(peer.totals()[1] for peer in ether.peers.values()) == 0
    assert ether.sent > 2 * 65_536, "the numbers of a path went round"


def main() -> None:
    """Prints what each hour leaves."""
    hours = int(sys.argv[1]) if len(sys.argv) > 1 else 24
    for half, count in enumerate(open_line(2 * hours), 1):
        print(f"after {half / 2} h: {count} blocks of memory")
    print(f"{process_time():.0f} s of work")


if __name__ == "__main__":
    main()

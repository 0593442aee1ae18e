"""Whole houses (media/house.py) of several headquarters in one loop: streams in memory, datagrams over loopback."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from itertools import count

from openline.media.house import House
from openline.media.wire_carriage import Pace
from openline.media.wire_keys import SECRET_BYTES
from openline.media.wire_socket import place_of
from openline.media.words import (
    Begin,
    CallIs,
    Figures,
    GateIs,
    OverStream,
    PathIs,
    SeatRow,
    SessionEnded,
    SessionOpened,
    SoundIs,
    StreamArrived,
    Telling,
    Word,
)
from openline.voice.frame import Codec, Frame
from openline.voice.seats import Kind
from tests.media.wire_ends import CALM, V4, Relay, free_port

LINE, CALL, TAG = "hotline", 41, 7
_sessions = count(1)


class Ear:
    """A leg that notes what it plays."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.played: list[Frame] = []
        self.closed = ""

    def play(self, frame: Frame) -> None:
        self.played.append(frame)

    def close(self, reason: str) -> None:
        self.closed = reason

    @property
    def words(self) -> list[bytes]:
        return [frame.payload for frame in self.played]

    def missing(self) -> int:
        """How many numbers whoever plays this counts as lost: of each stream, those between its first and last."""
        lost = 0
        for stream in {frame.stream for frame in self.played}:
            numbers = [frame.sequence for frame in self.played if frame.stream == stream]
            lost += (max(numbers) - min(numbers) + 1) - len(set(numbers))
        return lost


class Quarter:
    """One headquarters: its house, what the house has said, and its legs."""

    def __init__(self, party: str, ports: dict[str, int], pace: Pace = CALM) -> None:
        self.party = party
        self.ports = ports
        self.pace = pace
        self.said: list[Telling] = []
        self.tasks: set[asyncio.Task[None]] = set()
        self.failed: list[BaseException] = []
        self.ways: dict[int, Quarter] = {}
        self.opened: list[SessionOpened] = []
        self.ears: dict[int, Ear] = {}
        self.life = 0
        self.house = self._made()

    def again(self) -> None:
        """The voice process dies without a word, and another one is handed everything."""
        self.life += 1
        self.house._bridge._timer.cancel()  # type: ignore[union-attr] # a process that dies cancels its timers
        self.house._timer.cancel()
        self.house._wire.close()
        self.said.clear()
        self.ears.clear()
        self.house = self._made()
        for word in self.opened:
            self.house.told(word)

    def leg(self, number: int) -> Ear:
        """A leg that is up."""
        ear = self.ears[number] = Ear(number)
        self.house._legs.joined(ear)
        self.house.connected(ear)
        return ear

    def tell(self, *words: Word) -> None:
        for word in words:
            self.house.told(word)  # type: ignore[arg-type] # one of them

    def call(self, *peers: str, seats: tuple[int, ...] = (), **more: object) -> None:
        """The call stands so; `seats` are legs, all of them positions."""
        rows = tuple(SeatRow(number, Kind.POSITION) for number in seats)
        self.tell(CallIs(CALL, LINE, TAG, peers, rows, **more))  # type: ignore[arg-type] # fields by name

    def gate(self, leg: int, is_open: bool = True) -> None:
        self.tell(GateIs(CALL, leg, is_open))

    def talk(self, leg: int, words: list[bytes], first: int = 100) -> None:
        for place, word in enumerate(words, first):
            frame = Frame(leg, place % 65_536, place * 960, False, Codec.OPUS, word)
            self.house.heard(self.ears[leg], frame)

    def of(self, kind: type[Telling]) -> list[Telling]:
        return [word for word in self.said if isinstance(word, kind)]

    def sounds(self, party: str) -> list[bool]:
        """Whether sound to a party was lost, as it was said."""
        return [word.lost for word in self.said if isinstance(word, SoundIs) and word.peer == party]

    def carriage(self, party: str, path: str) -> str:
        words = [word for word in self.said if isinstance(word, PathIs) and (word.peer, word.path) == (party, path)]
        return words[-1].carriage if words else ""

    def figures(self, party: str) -> list[Figures]:
        return [word for word in self.said if isinstance(word, Figures) and word.peer == party]

    async def close(self) -> None:
        await self.house.close()
        if self.tasks:
            await asyncio.wait(self.tasks)
        assert not self.failed

    def _made(self) -> House:
        return House(Begin(self.life, (V4,), self.ports), self._said, self._start, self.pace)

    def _said(self, word: Telling) -> None:
        self.said.append(word)
        if isinstance(word, OverStream) and word.session in self.ways:
            other = self.ways[word.session]
            loop = asyncio.get_running_loop()
            loop.call_soon(lambda: other.house.told(StreamArrived(word.session, word.data)))

    def _start(self, work: Coroutine[object, None, None], name: str) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        why = None if task.cancelled() else task.exception()
        if why is not None:
            self.failed.append(why)


class Between:
    """The paths between two headquarters; the first dials. With `relayed` every datagram passes a relay."""

    def __init__(self, dialler: Quarter, listener: Quarter, relayed: bool = False) -> None:
        self.dialler, self.listener = dialler, listener
        self.relayed = relayed
        self.relays: dict[str, Relay] = {}
        self.numbers: dict[str, int] = {}

    def join(self, path: str) -> None:
        """A session on `path`, at both ends."""
        port = self.listener.ports[path]
        if self.relayed and path not in self.relays:
            self.relays[path] = Relay(V4, place_of(V4, port)[1])
        door = self.relays[path].place[1] if self.relayed else port
        number, secret = next(_sessions), os.urandom(SECRET_BYTES)
        self.numbers[path] = number
        for house, other, dialled in ((self.listener, self.dialler, False), (self.dialler, self.listener, True)):
            own, theirs = ((V4, 40_000), (V4, door)) if dialled else ((V4, port), (V4, 40_000))
            word = SessionOpened(number, LINE, other.party, path, dialled, secret, own, theirs)
            house.ways[number] = other
            house.opened.append(word)
            house.tell(word)

    def cut(self, *paths: str) -> None:
        """Nothing gets through on these any more: no datagram, and no stream."""
        for path in paths:
            self.relays[path].harm = lambda _data, _inward: []
            for house in (self.dialler, self.listener):
                house.ways.pop(self.numbers[path], None)

    def heal(self, *paths: str) -> None:
        """They are back; the TLS sessions have survived, as over a cable that was pulled for some seconds."""
        for path in paths:
            self.relays[path].harm = lambda data, _inward: [data]
            self.dialler.ways[self.numbers[path]] = self.listener
            self.listener.ways[self.numbers[path]] = self.dialler

    def end(self, path: str) -> None:
        for house in (self.dialler, self.listener):
            house.tell(SessionEnded(self.numbers[path], at_once=True))

    def carried(self, *paths: str) -> bool:
        ends = ((self.dialler, self.listener.party), (self.listener, self.dialler.party))
        return all(house.carriage(party, path) == "udp" for house, party in ends for path in paths)

    def close(self) -> None:
        for relay in self.relays.values():
            relay.close()


def ports(*paths: str) -> dict[str, int]:
    """A free port for each path that is listened at."""
    return {path: free_port(V4) for path in paths}


def words(count: int, of: str = "word") -> list[bytes]:
    return [f"{of} {number}".encode() for number in range(count)]


Until = Callable[[Callable[[], bool]], Coroutine[object, None, None]]

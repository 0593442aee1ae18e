"""From leg to leg over real wires: who hears whom, gates, holds, and paths that come and go."""

from __future__ import annotations

import asyncio

from openline.media.bridge import Bridge
from openline.media.ports import Leg
from openline.media.wire import Arrival
from openline.media.wire_carriage import Carriage, PathSound
from openline.voice.frame import Codec, Frame
from openline.voice.seats import Kind
from tests.media.wire_ends import V4, House, Pair, Run, both_loops, until

PATHS = {"fibre": 0, "radio": 1}
TAG = 7


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


def same_shape(ear: Ear) -> Leg:
    return ear


class Desk:
    """One headquarters' bridge on the wire of a house, with a call under way."""

    def __init__(self, house: House, *numbers: int) -> None:
        self.house = house
        self.happened: list[str] = []
        self.bridge = Bridge(self)
        self.peer = self.bridge.meet(house.other.name, PATHS, house.wire)
        self.bridge.begin(TAG, [house.other.name])
        self.ears = [Ear(number) for number in numbers]
        for ear in self.ears:
            self.bridge.sit(TAG, ear)
        house.arrived = self.arrived  # type: ignore[method-assign]  # the house gives on what comes
        house.carried = self.carried  # type: ignore[method-assign]  # and how paths stand
        for fact in house.wire.facts():
            self.carried(fact)

    def arrived(self, arrival: Arrival) -> None:
        self.bridge.arrived(arrival)

    def carried(self, fact: PathSound) -> None:
        if fact.carriage is Carriage.DEAD:
            self.bridge.path_ended(fact.peer, fact.path)
        else:
            self.bridge.path_opened(fact.peer, fact.path)

    def sound_lost(self, party: str) -> None:
        self.happened.append(f"lost {party}")

    def sound_back(self, party: str) -> None:
        self.happened.append(f"back {party}")

    def talk(self, ear: Ear, words: list[bytes], first: int = 100) -> None:
        for place, word in enumerate(words, first):
            self.bridge.heard(ear, Frame(ear.number, place, place * 960, False, Codec.OPUS, word))

    def open(self, ear: Ear) -> None:
        self.bridge.gate(TAG, ear.number, open=True)


def words(count: int, of: str = "word") -> list[bytes]:
    return [f"{of} {number}".encode() for number in range(count)]


class Line:
    """Alpha with two officers, bravo with two, and two paths between them."""

    def __init__(self) -> None:
        self.pair = Pair(("fibre", V4), ("radio", V4))
        self.sessions = {name: self.pair.join(name) for name in PATHS}
        self.alpha = Desk(self.pair.alpha, 1, 2)
        self.bravo = Desk(self.pair.bravo, 1, 3)

    async def ready(self) -> None:
        houses = (self.pair.alpha, self.pair.bravo)
        await until(lambda: all(house.carries(path, Carriage.UDP) for house in houses for path in PATHS))

    def close(self) -> None:
        for desk in (self.alpha, self.bravo):
            desk.bridge.close()
            desk.house.wire.close()


@both_loops
def test_what_one_says_at_an_open_gate_everybody_else_hears_once(run: Run) -> None:
    async def story() -> None:
        line = Line()
        await line.ready()
        speaker, beside = line.alpha.ears
        line.alpha.open(speaker)
        for place, word in enumerate(words(50), 100):
            line.alpha.talk(speaker, [word], place)
            await asyncio.sleep(0.001)
        far = line.bravo.ears
        await until(lambda: all(len(ear.played) == 50 for ear in far))
        assert far[0].words == far[1].words == beside.words == words(50)
        assert [frame.sequence for frame in far[0].played] == list(range(100, 150))
        assert speaker.played == [], "nobody hears himself"
        assert line.bravo.peer.totals() == (50, 0)
        line.close()

    run(story())


@both_loops
def test_a_closed_gate_lets_nothing_out(run: Run) -> None:
    async def story() -> None:
        line = Line()
        await line.ready()
        speaker = line.alpha.ears[0]
        line.alpha.talk(speaker, words(5, "behind the gate"))
        line.alpha.open(speaker)
        line.alpha.talk(speaker, words(5, "said"), 200)
        line.alpha.bridge.gate(TAG, speaker.number, open=False)
        line.alpha.talk(speaker, words(5, "after"), 300)
        await until(lambda: len(line.bravo.ears[0].played) == 5)
        await asyncio.sleep(0.2)
        assert line.bravo.ears[0].words == words(5, "said"), "and its copies after the gate are no second word"
        line.close()

    run(story())


@both_loops
def test_a_seat_on_hold_neither_speaks_nor_hears(run: Run) -> None:
    async def story() -> None:
        line = Line()
        await line.ready()
        speaker, held = line.alpha.ears[0], line.bravo.ears[0]
        line.alpha.open(speaker)
        line.bravo.open(held)
        line.bravo.bridge.hold(TAG, held.number, held=True)
        line.bravo.open(held)
        line.bravo.talk(held, words(3, "on hold"))
        line.alpha.talk(speaker, words(3))
        await until(lambda: len(line.bravo.ears[1].played) == 3)
        assert held.played == []
        assert speaker.played == []
        line.bravo.bridge.hold(TAG, held.number, held=False)
        line.alpha.talk(speaker, words(3, "again"), 103)
        await until(lambda: len(held.played) == 3)
        line.close()

    run(story())


@both_loops
def test_both_speak_at_once_and_are_kept_apart(run: Run) -> None:
    async def story() -> None:
        line = Line()
        await line.ready()
        ours, theirs = line.alpha.ears[0], line.bravo.ears[0]
        line.alpha.open(ours)
        line.bravo.open(theirs)
        line.alpha.talk(ours, words(10, "alpha"))
        line.bravo.talk(theirs, words(10, "bravo"))
        listener = line.alpha.ears[1]
        await until(lambda: len(listener.played) == 20)
        streams = {frame.payload.split()[0]: frame.stream for frame in listener.played}
        assert len(set(streams.values())) == 2, "leg 1 of alpha and leg 1 of bravo are two speakers"
        line.close()

    run(story())


@both_loops
def test_a_path_dies_in_the_middle_of_a_word_and_nothing_is_lost(run: Run) -> None:
    async def story() -> None:
        line = Line()
        await line.ready()
        speaker = line.alpha.ears[0]
        line.alpha.open(speaker)
        for place, word in enumerate(words(200), 100):
            if place == 200:
                for house in (line.pair.alpha, line.pair.bravo):
                    house.wire.ended(line.sessions["fibre"], at_once=True)
            line.alpha.talk(speaker, [word], place)
            await asyncio.sleep(0.001)
        await until(lambda: len(line.bravo.ears[0].played) == 200)
        assert line.bravo.peer.totals() == (200, 0)
        assert "lost alpha" not in line.bravo.happened
        line.close()

    run(story())


@both_loops
def test_all_paths_go_and_one_comes_back_to_the_same_call(run: Run) -> None:
    async def story() -> None:
        line = Line()
        await line.ready()
        await until(lambda: line.bravo.happened == ["back alpha"])
        for number in line.sessions.values():
            for house in (line.pair.alpha, line.pair.bravo):
                house.wire.ended(number, at_once=True)
        await until(lambda: line.bravo.happened == ["back alpha", "lost alpha"])
        speaker = line.alpha.ears[0]
        line.alpha.open(speaker)
        line.alpha.talk(speaker, words(3, "into the void"))
        line.pair.join("radio")
        await until(lambda: line.bravo.happened[-1] == "back alpha" and line.alpha.happened[-1] == "back bravo")
        line.alpha.talk(speaker, words(3, "back"), 103)
        await until(lambda: words(3, "back")[-1] in line.bravo.ears[0].words)
        line.close()

    run(story())


@both_loops
def test_what_a_peer_sends_beside_the_call_reaches_nobody(run: Run) -> None:
    async def story() -> None:
        line = Line()
        await line.ready()
        alone = Ear(4)
        line.bravo.bridge.begin(TAG + 1, [])
        line.bravo.bridge.sit(TAG + 1, alone)
        stranger = Frame((TAG + 1) << 8 | 1, 1, 960, False, Codec.OPUS, b"of another call")
        line.alpha.peer.say(stranger, 0)
        line.alpha.house.wire.send("bravo", b"\x99garbage")
        line.alpha.open(line.alpha.ears[0])
        line.alpha.talk(line.alpha.ears[0], words(1))
        await until(lambda: line.bravo.ears[0].words == words(1))
        assert line.bravo.peer.refused == {"voice-datagram-wrong": 2}, "on both paths"
        assert alone.played == [], "a peer takes part in its own calls only"
        line.close()

    run(story())


@both_loops
def test_a_call_that_is_over_lets_nothing_through_and_its_tag_is_free(run: Run) -> None:
    async def story() -> None:
        line = Line()
        await line.ready()
        speaker = line.alpha.ears[0]
        line.alpha.open(speaker)
        line.alpha.bridge.end(TAG)
        line.alpha.talk(speaker, words(3))
        line.alpha.bridge.begin(TAG, ["bravo"])
        line.alpha.bridge.sit(TAG, speaker, Kind.PHONE)
        line.alpha.open(speaker)
        line.alpha.talk(speaker, words(3, "new"), 300)
        await until(lambda: len(line.bravo.ears[0].played) == 3)
        assert line.bravo.ears[0].words == words(3, "new")
        line.close()

    run(story())

"""From leg to leg without a network: who hears whom, gates, holds, lines side by side, interpreters, phones, tap."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from itertools import count, pairwise

import pytest

from openline.base.time import SECOND_US
from openline.media.bridge import IDLE_LOOK_S, LOOK_S, Bridge
from openline.media.peer import peer_key
from openline.media.ports import Leg
from openline.media.wire import Arrival
from openline.media.words import CallIs, SeatRow
from openline.voice.datagram import Sound, decode
from openline.voice.frame import Codec, Frame
from openline.voice.seats import Kind
from tests.media.houses import CALL, LINE, TAG, Ear, words
from tests.media.wire_ends import Run, both_loops, until


class Desk:
    """One headquarters' bridge, on ways that lead to others at once."""

    def __init__(self, party: str) -> None:
        self.party = party
        self.happened: list[tuple[str, str, bool]] = []
        self.sent: list[Sound] = []
        self.others: dict[str, tuple[str, Desk]] = {}
        self.ears: dict[int, Ear] = {}
        self._sequence = count(1)
        self.bridge = Bridge(self, self)

    def sound(self, line: str, party: str, lost: bool) -> None:
        self.happened.append((line, party, lost))

    def send(self, peer: str, payload: bytes, only: Collection[str] | None = None) -> list[tuple[str, int]]:
        assert only is not None
        left = []
        for path in only:
            sequence = next(self._sequence)
            left.append((path, sequence % 65_536))
            said = decode(payload)
            if isinstance(said, Sound):
                self.sent.append(said)
            line, other = self.others[peer]
            now = int(asyncio.get_running_loop().time() * 1_000_000)
            whose = peer_key(line, self.party)
            other.bridge.arrived(Arrival(whose, path, 1, False, sequence % 65_536, payload, now))
        return left

    def meet(self, line: str, other: Desk, *paths: str) -> None:
        for ours, theirs in ((self, other), (other, self)):
            ours.others[peer_key(line, theirs.party)] = line, theirs
            for path in paths or ("fibre",):
                ours.bridge.path_opened(line, theirs.party, path)

    def leg(self, *numbers: int) -> None:
        for number in numbers:
            self.ears[number] = Ear(number)
            self.bridge.leg_up(self.ears[number])

    def call(self, *peers: str, seats: tuple[int | SeatRow, ...] = (), **more: object) -> None:
        rows = tuple(row if isinstance(row, SeatRow) else SeatRow(row) for row in seats)
        values: dict[str, object] = {"number": CALL, "line": LINE, "tag": TAG, "peers": peers, "seats": rows, **more}
        self.bridge.call_is(CallIs(**values))  # type: ignore[arg-type] # fields by name

    def talk(self, leg: int, said: list[bytes], first: int = 100) -> None:
        for place, word in enumerate(said, first):
            frame = Frame(leg, place % 65_536, place * 960, False, Codec.OPUS, word)
            self.bridge.heard(self.ears[leg], frame)


def same_shape(ear: Ear) -> Leg:
    return ear


def two(*seats: int | SeatRow) -> tuple[Desk, Desk]:
    """Alpha with the legs 1, 2 and 5 in a call, bravo with 1 and 3."""
    alpha, bravo = Desk("alpha"), Desk("bravo")
    alpha.meet(LINE, bravo)
    alpha.leg(1, 2, 5)
    bravo.leg(1, 3)
    alpha.call("bravo", seats=seats or (1, 2, 5))
    bravo.call("alpha", seats=(1, 3))
    return alpha, bravo


@both_loops
def test_what_one_says_at_an_open_gate_everybody_else_hears_once(run: Run) -> None:
    async def story() -> None:
        alpha, bravo = two()
        alpha.bridge.gate(CALL, 1, open=True)
        alpha.talk(1, words(20))
        assert bravo.ears[1].words == bravo.ears[3].words == alpha.ears[2].words == words(20)
        assert [frame.sequence for frame in bravo.ears[1].played] == list(range(100, 120))
        assert alpha.ears[1].played == [], "nobody hears himself"
        assert alpha.sent[0].newest.stream == TAG << 8 | 1

    run(story())


@both_loops
def test_a_closed_gate_lets_nothing_out_and_what_was_late_before_it_opened_neither(run: Run) -> None:
    async def story() -> None:
        alpha, bravo = two()
        alpha.talk(1, words(5, "behind the gate"))
        alpha.bridge.gate(CALL, 1, open=True)
        alpha.talk(1, words(5, "said"), 200)
        alpha.talk(1, words(2, "late, from before"), 150)
        alpha.bridge.gate(CALL, 1, open=False)
        alpha.talk(1, words(5, "after"), 300)
        await asyncio.sleep(0.2)
        assert bravo.ears[3].words == words(5, "said"), "and its copies after the gate are no second word"
        assert bravo.ears[3].missing() == 0
        assert alpha.bridge.open_gates(CALL) == []

    run(story())


@both_loops
def test_after_the_gate_the_last_frames_are_sent_again(run: Run) -> None:
    async def story() -> None:
        alpha, _ = two()
        alpha.bridge.gate(CALL, 1, open=True)
        alpha.talk(1, words(10))
        before = len(alpha.sent)
        alpha.bridge.gate(CALL, 1, open=False)
        await until(lambda: len(alpha.sent) > before)
        assert alpha.sent[-1].newest.sequence <= 109

    run(story())


@both_loops
def test_two_lines_with_the_same_tag_are_two_calls(run: Run) -> None:
    async def story() -> None:
        alpha, bravo, charlie = Desk("alpha"), Desk("bravo"), Desk("charlie")
        alpha.meet("east", bravo)
        alpha.meet("west", charlie)
        alpha.leg(1, 2)
        bravo.leg(1)
        charlie.leg(1)
        alpha.call("bravo", line="east", number=1, seats=(1, 2))
        alpha.call("charlie", line="west", number=2, seats=(1, 2))
        bravo.call("alpha", line="east", number=1, seats=(1,))
        charlie.call("alpha", line="west", number=9, seats=(1,))
        alpha.bridge.gate(1, 1, open=True)
        alpha.talk(1, words(3, "to the east"))
        assert (bravo.ears[1].words, charlie.ears[1].words) == (words(3, "to the east"), [])
        for desk, call in ((bravo, 1), (charlie, 9)):
            desk.bridge.gate(call, 1, open=True)
            desk.talk(1, words(3, desk.party))
        heard = {frame.payload.split()[0]: frame.stream for frame in alpha.ears[2].played}
        assert len(set(heard.values())) == 3, "leg 1 of everybody, each a speaker of its own"

    run(story())


@both_loops
def test_a_peer_is_heard_in_its_own_calls_only(run: Run) -> None:
    async def story() -> None:
        alpha, bravo = two()
        bravo.leg(9)
        bravo.call("somebody else", number=8, tag=TAG + 1, seats=(9,))
        alpha.call("bravo", number=8, tag=TAG + 1, seats=(1,))
        alpha.bridge.gate(8, 1, open=True)
        alpha.talk(1, words(3, "of another call"))
        assert [ear.played for ear in bravo.ears.values()] == [[], [], []]

    run(story())


@both_loops
def test_an_interpreter_hears_the_far_side_and_the_seats_of_its_list(run: Run) -> None:
    async def story() -> None:
        alpha, bravo = two(1, 2, SeatRow(5, Kind.INTERPRETER, listens=(2,), speaks=(1,)))
        for leg in (1, 2, 5):
            alpha.bridge.gate(CALL, leg, open=True)
        bravo.bridge.gate(CALL, 3, open=True)
        alpha.talk(1, words(1, "one"))
        alpha.talk(2, words(1, "two"))
        bravo.talk(3, words(1, "far"))
        alpha.talk(5, words(1, "interpreted"))
        assert alpha.ears[5].words == words(1, "two") + words(1, "far")
        assert alpha.ears[1].words == words(1, "two") + words(1, "far") + words(1, "interpreted")
        assert alpha.ears[2].words == words(1, "one") + words(1, "far")
        assert words(1, "interpreted")[0] in bravo.ears[1].words

    run(story())


@both_loops
def test_the_same_state_again_changes_nothing_and_another_one_only_what_differs(run: Run) -> None:
    async def story() -> None:
        alpha, bravo = two()
        alpha.bridge.gate(CALL, 1, open=True)
        alpha.talk(1, words(5, "one"))
        for _ in range(3):
            alpha.call("bravo", seats=(1, 2, 5))
        alpha.talk(1, words(5, "two"), 105)
        alpha.call("bravo", seats=(2, 1))
        assert alpha.bridge.open_gates(CALL) == [1], "a seat that stays keeps its gate"
        alpha.talk(1, words(5, "three"), 110)
        assert bravo.ears[3].words == words(5, "one") + words(5, "two") + words(5, "three")
        assert len(alpha.ears[5].played) == 10, "who left hears no more"
        alpha.call(seats=(1, 2))
        alpha.talk(1, words(5, "alone"), 115)
        assert len(bravo.ears[3].played) == 15
        alpha.bridge.call_over(CALL)
        alpha.bridge.call_over(CALL)
        alpha.call("bravo", seats=(1, 2))
        assert alpha.bridge.open_gates(CALL) == [], "a call that begins anew has closed gates"

    run(story())


@both_loops
def test_a_hold_closes_every_gate_and_keeps_them_closed(run: Run) -> None:
    async def story() -> None:
        alpha, bravo = two(1, 2, SeatRow(5, Kind.PHONE))
        alpha.bridge.gate(CALL, 1, open=True)
        assert alpha.bridge.open_gates(CALL) == [1, 5], "a phone has no key"
        alpha.call("bravo", seats=(1, 2, SeatRow(5, Kind.PHONE)), held=True)
        alpha.bridge.gate(CALL, 1, open=True)
        assert alpha.bridge.open_gates(CALL) == []
        alpha.talk(1, words(3, "on hold"))
        bravo.bridge.gate(CALL, 3, open=True)
        bravo.talk(3, words(3, "to nobody"))
        assert (bravo.ears[1].words, alpha.ears[2].words) == (words(3, "to nobody"), [])
        alpha.call("bravo", seats=(1, 2, SeatRow(5, Kind.PHONE)))
        assert alpha.bridge.open_gates(CALL) == [5]
        alpha.bridge.gate(CALL, 5, open=False)
        alpha.call("bravo", seats=(1, 2, SeatRow(5, Kind.PHONE)))
        assert alpha.bridge.open_gates(CALL) == [], "what was closed by a word stays so"

    run(story())


@both_loops
def test_a_frame_that_fits_no_datagram_is_dropped_and_the_next_one_goes(run: Run) -> None:
    async def story() -> None:
        alpha, bravo = two()
        alpha.bridge.gate(CALL, 1, open=True)
        alpha.talk(1, [b"x" * 1_275, b"small"])
        assert bravo.ears[3].words == [b"small"]

    run(story())


@both_loops
def test_the_tap_sees_what_passes_a_gate_or_arrives_for_a_call_and_nothing_else(run: Run) -> None:
    async def story() -> None:
        alpha, bravo = two()
        seen: list[tuple[int, str, int, bytes]] = []
        alpha.bridge.tap = lambda call, party, frame: seen.append((call, party, frame.stream, frame.payload))
        alpha.talk(1, words(2, "behind the gate"))
        alpha.bridge.gate(CALL, 1, open=True)
        alpha.talk(1, words(1, "said"), 200)
        bravo.bridge.gate(CALL, 3, open=True)
        bravo.talk(3, words(1, "came"))
        assert seen == [(CALL, "", TAG << 8 | 1, b"said 0"), (CALL, "bravo", TAG << 8 | 3, b"came 0")]

    run(story())


@both_loops
def test_an_answering_position_says_back_what_a_caller_has_said(run: Run) -> None:
    async def story() -> None:
        alpha, bravo = two()
        bravo.call("alpha", answering=True)
        alpha.bridge.gate(CALL, 1, open=True)
        alpha.talk(1, words(10))
        alpha.bridge.gate(CALL, 1, open=False)
        await until(lambda: alpha.ears[1].words == words(10))
        assert alpha.ears[1].missing() == 0
        assert alpha.ears[1].played[0].marker
        await until(lambda: bravo.bridge.open_gates(CALL) == [])
        assert {sound.newest.stream for sound in bravo.sent} == {TAG << 8}, "it speaks as leg 0"
        bravo.call("alpha")
        alpha.bridge.gate(CALL, 1, open=True)
        alpha.talk(1, words(1), 200)
        await asyncio.sleep(0.8)
        assert len(alpha.ears[1].played) == 10

    run(story())


@both_loops
def test_two_answering_positions_never_answer_each_other(run: Run) -> None:
    async def story() -> None:
        alpha, bravo, charlie = Desk("alpha"), Desk("bravo"), Desk("charlie")
        for one, other in ((alpha, bravo), (alpha, charlie), (bravo, charlie)):
            one.meet(LINE, other)
        alpha.leg(1)
        alpha.call("bravo", "charlie", seats=(1,))
        bravo.call("alpha", "charlie", answering=True)
        charlie.call("alpha", "bravo", answering=True)
        alpha.bridge.gate(CALL, 1, open=True)
        alpha.talk(1, words(3))
        alpha.bridge.gate(CALL, 1, open=False)
        await until(lambda: len(alpha.ears[1].played) == 6)
        await asyncio.sleep(1.5)
        assert len(alpha.ears[1].played) == 6, "each says it back once"

    run(story())


@both_loops
def test_whether_sound_passes_is_said_once_and_when_it_changes(run: Run) -> None:
    async def story() -> None:
        alpha = Desk("alpha")
        alpha.call("bravo")
        await until(lambda: alpha.happened == [(LINE, "bravo", True)])
        bravo = Desk("bravo")
        alpha.meet(LINE, bravo)
        await until(lambda: alpha.happened[1:] == [(LINE, "bravo", False)])
        alpha.bridge.path_ended(LINE, "bravo", "fibre")
        await until(lambda: alpha.happened[2:] == [(LINE, "bravo", True)])

    run(story())


@pytest.mark.parametrize("busy", [True, False])
def test_peers_are_looked_at_often_while_there_is_sound_and_seldom_else(busy: bool) -> None:
    async def story() -> None:
        alpha, _ = two()
        alpha.bridge.gate(CALL, 1, open=True)
        await asyncio.sleep(1.1)
        looks: list[int] = []
        peer = alpha.bridge.peers_in_calls()[0]
        look = peer.look

        def counted(now: int) -> None:
            looks.append(now)
            look(now)

        peer.look = counted  # type: ignore[method-assign] # what it does is left as it is
        if busy:
            alpha.talk(1, words(1))
        await until(lambda: len(looks) > 5)
        shortest_s = min(after - before for before, after in pairwise(looks)) / SECOND_US
        assert shortest_s >= (LOOK_S if busy else IDLE_LOOK_S) / 2, "after a late look comes a short wait"
        assert busy == (shortest_s < IDLE_LOOK_S / 2)
        alpha.bridge.close()

    asyncio.run(story())

"""How a path chooses between UDP and the stream: told the time, never waiting for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

from openline.base.limits import WIRE_OUTSTANDING_MAX
from openline.base.time import MINUTE_US, SECOND_US
from openline.media.wire_carriage import Carriage, Pace, Unsent
from openline.media.wire_path import WirePath
from openline.media.wire_seal import Kind, Label, read_label
from openline.media.wire_session import WireSession
from openline.media.wire_words import Asked, Epoch, Port, Probe, Renew, Said, Sound, decode_probe, decode_word
from tests.media.test_wire_session import PLACE, Taken, session

MS = 1_000
TICK_US = 62_500
PACE = Pace()
ELSEWHERE = ("198.51.100.7", 9)


class Bench:
    """A path whose far end is the test: it answers probes one round trip later.

    `udp` and `stream_up` say whether it does so there, and `mute` on which sessions it does not by UDP.
    """

    def __init__(self, dialled: bool = True, life: int = 0) -> None:
        self.now = 0
        self.udp = self.stream_up = True
        self.trip = 10 * MS
        self.mute: set[int] = set()
        self.answers: list[tuple[int, Callable[[int], None]]] = []
        self.said: list[tuple[int, Said]] = []
        self.changes: list[tuple[int, Carriage]] = []
        self.datagrams: list[tuple[int, Kind, bytes]] = []
        self.sockets: list[tuple[WireSession, Taken]] = []
        self.far: dict[int, WireSession] = {}
        self.path = WirePath("bravo", "fibre", self, PACE, 0)
        self.dialled, self.life = dialled, life

    def open(self, number: int = 1) -> WireSession:
        near, out = session(self.dialled, self.life)
        near.number = number
        self.sockets.append((near, out))
        self.far[number] = session(not self.dialled)[0]
        self.path.open(near, self.now)
        self.carry_out()
        return near

    def stream(self, session: int, data: bytes) -> None:
        said = decode_word(data)
        assert said is not None
        self.said.append((session, said))

    def changed(self, path: WirePath) -> None:
        self.changes.append((self.now, path.carriage))

    def run(self, us: int) -> None:
        end = self.now + us
        while self.now < end:
            self.now += TICK_US
            self.answer()
            self.path.forget(self.now)
            self.path.tick(self.now)
            self.carry_out()

    def carry_out(self) -> None:
        """What went out arrives."""
        for near, out in self.sockets:
            for data, _ in out.sent:
                label = read_label(data)
                assert isinstance(label, Label)
                payload = self.far[near.number].take(label, data)
                assert isinstance(payload, bytes)
                self.datagrams.append((self.now, label.kind, payload))
                probe = decode_probe(payload)
                if label.kind is Kind.PROBE and probe is not None and self.udp and near.number not in self.mute:
                    answer = Probe(probe.number, self.far[near.number].taken)
                    self.later(partial(self.path.answered, answer))
            out.sent.clear()
        for number, said in list(self.said):
            if isinstance(said, Asked) and not said.answer and self.stream_up:
                near = next(one for one in self.path.sessions if one.number == number)
                told = Asked(said.probe, answer=True)
                self.later(partial(self.path.said, near, told))
                self.said.remove((number, said))

    def later(self, tell: Callable[[int], None]) -> None:
        self.answers.append((self.now + self.trip, tell))

    def answer(self) -> None:
        due = [tell for at, tell in self.answers if at <= self.now]
        self.answers = [(at, tell) for at, tell in self.answers if at > self.now]
        for tell in due:
            tell(self.now)

    def sounds(self) -> list[bytes]:
        return [said.payload for _, said in self.said if isinstance(said, Sound)]

    def carries(self, carriage: Carriage) -> bool:
        return self.path.carriage is carriage

    def kinds(self, since: int = 0) -> Counter[Kind]:
        return Counter(kind for at, kind, _ in self.datagrams if at >= since)


def up() -> Bench:
    """A path on which UDP has answered."""
    bench = Bench()
    bench.open()
    bench.run(SECOND_US)
    assert bench.carries(Carriage.UDP)
    return bench


def test_an_answered_probe_is_what_makes_udp() -> None:
    bench = Bench()
    bench.udp = False
    bench.open()
    bench.run(2 * SECOND_US)
    assert bench.carries(Carriage.STREAM)
    bench.udp = True
    bench.run(SECOND_US)
    assert bench.carries(Carriage.UDP)


def test_silence_costs_one_probe_in_five_seconds() -> None:
    bench = up()
    start = bench.now
    bench.run(MINUTE_US)
    assert 11 <= bench.kinds(start)[Kind.PROBE] <= 13


def test_an_open_line_in_silence_is_probed_no_more_often_and_talk_twice_a_second() -> None:
    for every_us, low, high in ((170 * MS, 11, 13), (20 * MS, 90, 125)):
        bench = up()
        start = bench.now
        for _ in range(MINUTE_US // every_us):
            bench.path.send(b"sound", bench.now)
            bench.now += every_us
            bench.answer()
            bench.path.tick(bench.now)
            bench.carry_out()
        assert low <= bench.kinds(start)[Kind.PROBE] <= high
        assert bench.kinds(start)[Kind.SOUND] == MINUTE_US // every_us


def test_doubt_sends_both_ways_and_silence_leaves_the_stream() -> None:
    bench = up()
    bench.udp = False
    start = bench.now
    while bench.now < start + 8 * SECOND_US:
        for _ in range(3):
            bench.path.send(b"sound", bench.now)
        bench.run(TICK_US)
    assert [carriage for _, carriage in bench.changes][-2:] == [Carriage.BOTH, Carriage.STREAM]
    doubted, silent = (at for at, _ in bench.changes[-2:])
    assert doubted - start <= PACE.busy_us + PACE.late_us + bench.trip + 2 * TICK_US
    assert silent - start <= PACE.busy_us + PACE.silent_us + bench.trip + 2 * TICK_US
    assert len(bench.sounds()) >= 3 * ((start + 8 * SECOND_US - doubted) // TICK_US - 1), "nothing was dropped since"


def test_one_lost_answer_changes_nothing() -> None:
    bench = up()
    bench.udp = False
    while bench.path._asked is None:
        bench.run(TICK_US)
    bench.udp = True
    bench.run(MINUTE_US)
    assert [carriage for _, carriage in bench.changes] == [Carriage.STREAM, Carriage.UDP]


def test_a_long_round_trip_is_no_silence() -> None:
    bench = Bench()
    bench.trip = 3 * SECOND_US // 2
    bench.open()
    bench.run(MINUTE_US)
    assert bench.carries(Carriage.UDP)
    assert bench.path.facts().round_trip_us in range(bench.trip, bench.trip + 2 * TICK_US)
    assert len(bench.changes) == 2


def test_back_from_nothing_within_a_second_of_the_first_minute() -> None:
    bench = up()
    bench.udp = bench.stream_up = False
    for _ in range(5 * SECOND_US // TICK_US):
        bench.path.send(b"sound", bench.now)
        bench.run(TICK_US)
    assert bench.carries(Carriage.DEAD)
    bench.udp = True
    bench.run(SECOND_US)
    assert bench.carries(Carriage.UDP)


def test_a_path_that_is_dead_for_long_is_probed_less() -> None:
    bench = up()
    bench.udp = bench.stream_up = False
    bench.run(3 * MINUTE_US)
    start = bench.now
    bench.run(MINUTE_US)
    assert bench.kinds(start)[Kind.PROBE] <= 31
    assert len(bench.path._outstanding) <= WIRE_OUTSTANDING_MAX


def test_sound_stops_when_the_stream_owes_an_answer() -> None:
    bench = Bench()
    bench.udp = False
    bench.open()
    bench.run(SECOND_US)
    bench.stream_up = False
    start, sent = bench.now, 0
    bench.said.clear()
    while bench.now < start + 10 * SECOND_US:
        for _ in range(3):
            bench.path.send(b"sound", bench.now)
            sent += 1
        bench.run(TICK_US)
    worth_us = len(bench.sounds()) * TICK_US // 3
    assert worth_us <= PACE.busy_us + PACE.stale_us + bench.trip + 2 * TICK_US
    unsent = bench.path.unsent
    assert len(bench.sounds()) + unsent[Unsent.STALE] + unsent[Unsent.DEAD] == sent
    assert bench.carries(Carriage.DEAD)


def test_of_several_streams_the_newest_that_moves_is_used() -> None:
    bench = Bench()
    bench.udp = False
    old, new = bench.open(1), bench.open(2)
    bench.path.send(b"first", bench.now)
    new.asked = bench.now - 10 * SECOND_US
    bench.path.send(b"second", bench.now)
    old.asked = bench.now - 10 * SECOND_US
    bench.path.send(b"third", bench.now)
    carried = [(number, said.payload) for number, said in bench.said if isinstance(said, Sound)]
    assert carried == [(2, b"first"), (1, b"second")]


def test_a_newer_session_is_used_once_it_has_answered() -> None:
    bench = up()
    bench.mute.add(2)
    bench.open(2)
    bench.run(5 * SECOND_US)
    assert (bench.path.facts().session, bench.carries(Carriage.UDP)) == (1, True)
    bench.mute.clear()
    bench.run(5 * SECOND_US)
    assert bench.path.facts().session == 2
    assert len(bench.changes) == 2


def test_when_the_newest_falls_silent_an_older_one_that_answers_carries() -> None:
    bench = up()
    bench.open(2)
    bench.run(5 * SECOND_US)
    bench.mute.add(2)
    bench.run(10 * SECOND_US)
    assert (bench.path.facts().session, bench.carries(Carriage.UDP)) == (1, True)


def test_who_answered_waits_to_be_found() -> None:
    bench = Bench(dialled=False)
    bench.open()
    bench.run(SECOND_US)
    assert not bench.datagrams, "there is nowhere to send to yet"
    bench.path._probed = bench.now
    bench.path.follow(PLACE)
    bench.run(2 * TICK_US)
    assert bench.carries(Carriage.UDP), "it is probed at once, not when its turn comes"


def test_a_probe_is_answered_where_it_came_from() -> None:
    bench = up()
    near, out = bench.sockets[0]
    bench.path.probed(near, Probe(5, 1), ELSEWHERE)
    data, place = out.sent[0]
    label = read_label(data)
    assert isinstance(label, Label)
    assert (label.kind, place) == (Kind.ANSWER, ELSEWHERE)


def test_a_dialler_keeps_to_the_address_it_dialled() -> None:
    bench = up()
    bench.path.follow(ELSEWHERE)
    _, out = bench.sockets[0]
    bench.path.send(b"sound", bench.now)
    assert [place for _, place in out.sent] == [PLACE]


def test_a_port_that_is_told_is_used_and_none_means_the_stream() -> None:
    bench = up()
    near, out = bench.sockets[0]
    bench.path.follow(ELSEWHERE)
    bench.path.said(near, Port(9_000), bench.now)
    bench.path.send(b"sound", bench.now)
    assert [place for _, place in out.sent] == [(PLACE[0], 9_000)]
    bench.carry_out()
    bench.path.said(near, Port(0), bench.now)
    bench.run(2 * TICK_US)
    bench.path.send(b"sound", bench.now)
    assert bench.sounds() == [b"sound"]
    assert bench.carries(Carriage.STREAM)


def test_whoever_asks_for_a_new_epoch_gets_one_and_is_told() -> None:
    bench = up()
    near, _ = bench.sockets[0]
    bench.path.said(near, Renew(), bench.now)
    assert bench.said[-1] == (1, Epoch(1))
    bench.path.said(near, Renew(), bench.now)
    assert bench.said[-1] == (1, Epoch(1)), "an untouched epoch is as good as new"


def test_a_successor_asks_for_a_new_epoch_until_it_has_one() -> None:
    bench = Bench(life=1)
    near = bench.open()
    bench.run(3 * SECOND_US)
    assert sum(said == Renew() for _, said in bench.said) >= 2
    bench.path.said(near, Epoch(9), bench.now)
    bench.said.clear()
    bench.run(3 * SECOND_US)
    assert not [said for _, said in bench.said if said == Renew()]


def test_facts_have_loss_and_round_trip() -> None:
    bench = up()
    near, out = bench.sockets[0]
    for number in range(400):
        bench.path.send(b"sound", bench.now)
        if number % 10 == 0:
            out.sent.pop()  # One in ten is lost.
        bench.carry_out()
        if number % 20 == 19:
            bench.run(PACE.busy_us)
    facts = bench.path.facts()
    assert (facts.peer, facts.path, facts.carriage, facts.session) == ("bravo", "fibre", Carriage.UDP, near.number)
    assert facts.loss_out is not None
    assert 60 <= facts.loss_out <= 110
    assert facts.round_trip_us is not None
    assert bench.trip <= facts.round_trip_us <= bench.trip + 2 * TICK_US


def test_a_path_without_sessions_stays_and_waits() -> None:
    bench = up()
    near, _ = bench.sockets.pop()
    bench.path.end(near, bench.now, at_once=True)
    bench.run(MINUTE_US)
    bench.path.send(b"sound", bench.now)
    assert bench.carries(Carriage.DEAD)
    assert bench.path.facts().session is None
    bench.open(2)
    bench.run(SECOND_US)
    assert bench.carries(Carriage.UDP)


def test_answers_to_nothing_and_on_other_ways_are_passed_over() -> None:
    bench = Bench()
    bench.udp = bench.stream_up = False
    near = bench.open()
    asked = next(said for _, said in bench.said if isinstance(said, Asked))
    bench.path.answered(Probe(asked.probe.number, 0), bench.now)
    bench.path.answered(Probe(12_345, 0), bench.now)
    bench.path.said(near, Asked(Probe(54_321, 0), answer=True), bench.now)
    other = bench.open(2)
    first = next(said for number, said in bench.said if number == 1 and isinstance(said, Asked))
    bench.path.said(other, Asked(first.probe, answer=True), bench.now)
    assert near.asked is not None
    assert [near.met, other.met] == [False, False]
    assert bench.carries(Carriage.STREAM)
    assert not near.proved

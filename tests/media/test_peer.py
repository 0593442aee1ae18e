"""One peer's sound over a way that notes what it is given: copies, reports, probes, and numbers that leap."""

from __future__ import annotations

from collections.abc import Collection

from openline.base.time import SECOND_US
from openline.media.peer import NEW_LIFE_AHEAD, PeerSound
from openline.media.wire import Arrival
from openline.voice.datagram import Probe, Report, Sound, decode, encode
from openline.voice.frame import Codec, Frame

PATHS = {"fibre": 0, "radio": 1}
STEP_US = 20_000


class Noted:
    """A way on which everything leaves. `sent` has the path and what was said."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes]] = []
        self._sequence = {"fibre": 65_530, "radio": 10}

    def send(self, peer: str, payload: bytes, only: Collection[str] | None = None) -> list[tuple[str, int]]:
        del peer
        left = []
        for name in PATHS:
            if only is None or name in only:
                self._sequence[name] = (self._sequence[name] + 1) % 65_536
                self.sent.append((name, payload))
                left.append((name, self._sequence[name]))
        return left

    def of(self, kind: type[Sound | Report | Probe]) -> list[tuple[str, Sound | Report | Probe]]:
        said = [(name, decode(payload)) for name, payload in self.sent]
        return [(name, one) for name, one in said if isinstance(one, kind)]


def frame(sequence: int, payload: bytes = b"word") -> Frame:
    return Frame(3, sequence % 65_536, sequence * 960, False, Codec.OPUS, payload)


def arrival(sequence: int, payload: bytes, at: int, path: str = "fibre") -> Arrival:
    return Arrival("bravo", path, 1, False, sequence, payload, at)


def both(*names: str) -> tuple[PeerSound, Noted]:
    way = Noted()
    peer = PeerSound("bravo", PATHS, way)
    for name in names:
        peer.opened(name, 0)
    return peer, way


def test_a_frame_leaves_on_every_path_that_is_open() -> None:
    peer, way = both("fibre", "radio")
    peer.say(frame(1), 0)
    assert [name for name, _ in way.of(Sound)] == ["fibre", "radio"]
    peer.ended("fibre", STEP_US)
    peer.say(frame(2), STEP_US)
    assert [name for name, _ in way.of(Sound)] == ["fibre", "radio", "radio"]


def test_without_a_path_nothing_leaves_and_sound_is_lost() -> None:
    peer, way = both()
    peer.say(frame(1), 0)
    assert (way.sent, peer.lost) == ([], True)
    peer.opened("by hand", 0)
    assert peer.lost, "a path that carries no voice is none"
    peer.opened("radio", 0)
    assert not peer.lost


def test_earlier_frames_go_along_and_after_the_gate_the_last_ones_again() -> None:
    peer, way = both("fibre")
    for number in range(8):
        peer.say(frame(number), number * STEP_US)
    newest = way.of(Sound)[-1][1]
    assert isinstance(newest, Sound)
    assert [copy.sequence for copy in newest.copies] == [7 - offset for offset in peer.offsets[1:]]
    rest = peer.rest(3)
    assert len(rest) == peer.offsets[-1]
    assert peer.rest(3) == [], "once"


def test_a_frame_that_comes_twice_is_given_once() -> None:
    peer, _ = both("fibre", "radio")
    payload = encode(Sound(frame(1)))
    assert peer.arrived(arrival(1, payload, 0)) == [frame(1)]
    assert peer.arrived(arrival(1, payload, 0, "radio")) == []


def test_what_comes_on_a_path_that_is_not_open_is_not_looked_at() -> None:
    peer, _ = both("fibre")
    assert peer.arrived(arrival(1, encode(Sound(frame(1))), 0, "radio")) == []
    assert peer.arrived(arrival(1, b"\xff", 0, "by hand")) == []
    assert not peer.refused


def test_garbage_of_the_peer_is_counted_and_the_path_stays() -> None:
    peer, _ = both("fibre")
    assert peer.arrived(arrival(1, b"\xff", 0)) == []
    assert peer.refused == {"voice-datagram-wrong": 1}
    assert peer.arrived(arrival(2, encode(Sound(frame(1))), 0)) == [frame(1)]


def test_a_silent_path_is_probed_and_what_comes_is_reported() -> None:
    peer, way = both("fibre", "radio")
    peer.look(SECOND_US)
    assert sorted(name for name, _ in way.of(Probe)) == ["fibre", "radio"]
    for number in range(20):
        peer.arrived(arrival(number, encode(Sound(frame(number))), SECOND_US + number * STEP_US))
        peer.look(SECOND_US + number * STEP_US)
    reports = [said for _, said in way.of(Report) if isinstance(said, Report)]
    assert reports
    assert reports[-1].paths[0].received > 10


def test_losses_that_the_peer_reports_make_more_copies() -> None:
    peer, way = both("fibre", "radio")
    back = Noted()
    told = PeerSound("alpha", PATHS, back)
    for name in PATHS:
        told.opened(name, 0)

    def talk(frames: range, every: int) -> tuple[int, ...]:
        """The peer hears one datagram of `every`, and its reports come."""
        for number in frames:
            way.sent.clear()
            back.sent.clear()
            now = number * STEP_US
            peer.say(frame(number), now)
            if number % every == 0:
                for path, payload in way.sent:
                    told.arrived(Arrival("alpha", path, 1, False, number, payload, now))
            told.look(now)
            for path, payload in back.sent:
                peer.arrived(arrival(number, payload, now, path))
            peer.look(now)
        return peer.offsets

    calm = talk(range(1, 400), every=1)
    assert len(talk(range(400, 500), every=3)) > len(calm)


def test_numbers_that_leap_are_a_new_life_of_the_peer_and_no_loss() -> None:
    peer, way = both("fibre")
    for number in range(10):
        peer.arrived(arrival(number, b"", number * STEP_US))
    peer.arrived(arrival(10 + 2 * NEW_LIFE_AHEAD, b"", SECOND_US))
    for number in range(1, 10):
        peer.arrived(arrival(10 + 2 * NEW_LIFE_AHEAD + number, b"", SECOND_US + number * STEP_US))
    peer.look(2 * SECOND_US)
    report = way.of(Report)[-1][1]
    assert isinstance(report, Report)
    assert (report.paths[0].lost, report.paths[0].received) == (0, 10)

"""One peer's sound over a way that notes what it is given: copies, reports, probes, and numbers that leap."""

from __future__ import annotations

from collections.abc import Collection

from openline.base.limits import VOICE_PATHS_MAX
from openline.base.time import SECOND_US
from openline.media.peer import NEW_LIFE_AHEAD, PeerSound, peer_key
from openline.media.wire import Arrival
from openline.voice.datagram import Probe, Reception, Report, Sound, decode, encode, path_number
from openline.voice.frame import Codec, Frame

PATHS = ("fibre", "radio")
STEP_US = 20_000
RADIO = Reception(path_number("radio"), True, 1, 1, 0, 0, 0)


class Noted:
    """A way on which everything leaves. `sent` has the path and what was said."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes]] = []
        self._sequence = {"fibre": 65_530, "radio": 10}

    def send(self, peer: str, payload: bytes, only: Collection[str] | None = None) -> list[tuple[str, int]]:
        assert peer in ("hotline bravo", "hotline alpha")
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
    peer = PeerSound("hotline", "bravo", way)
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
    peer.opened("radio", 0)
    assert not peer.lost
    peer.ended("fibre", 0)
    assert not peer.lost, "that was not open"


def test_of_more_paths_than_may_be_the_last_are_passed_over() -> None:
    peer, _ = both(*(f"path-{number}" for number in range(VOICE_PATHS_MAX)))
    peer.opened("one-more", 0)
    peer.opened("path-0", 0)
    assert peer.refused == {"voice-too-many-paths": 1}
    peer.ended("one-more", 0)
    peer.ended("path-0", 0)
    peer.opened("one-more", 0)
    assert peer.refused == {"voice-too-many-paths": 1}


def test_a_path_that_takes_nothing_is_probed_once_a_second_and_not_at_every_look() -> None:
    peer, way = both("by stream")
    asked: list[Collection[str] | None] = []

    def send(peer: str, payload: bytes, only: Collection[str] | None = None) -> list[tuple[str, int]]:
        asked.append(only)
        return []

    way.send = send  # type: ignore[method-assign] # over the stream no datagram has a number
    for look in range(1, 500):
        peer.look(look * STEP_US)
    assert 8 <= len(asked) <= 11


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


def test_sound_on_a_path_that_is_not_open_is_heard_and_not_counted() -> None:
    peer, way = both("fibre")
    assert peer.arrived(arrival(1, encode(Sound(frame(1))), 0, "radio")) == [frame(1)]
    assert peer.arrived(arrival(2, encode(Report(1, 0, 0, (RADIO,))), 0, "radio")) == []
    peer.look(SECOND_US)
    assert not way.of(Report), "nothing has come on a path of ours"
    assert not peer.refused


def test_a_frame_too_large_for_any_datagram_is_counted() -> None:
    peer, way = both("fibre")
    peer.say(frame(1, b"x" * 1_275), 0)
    assert (way.sent, peer.refused) == ([], {"voice-frame-wrong-size": 1})
    peer.say(frame(2), 0)
    assert len(way.of(Sound)) == 1


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
    told = PeerSound("hotline", "alpha", back)
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


def test_a_party_on_two_lines_is_two_peers() -> None:
    assert peer_key("east", "bravo") != peer_key("west", "bravo")

"""Proof of life: heartbeats, silence, presence, and the peer's clock."""

from __future__ import annotations

from openline.base.limits import DOWN_AFTER_US, HEARTBEAT_US
from openline.base.time import HOUR_US, MINUTE_US, SECOND_US, Instant
from openline.link.events import Drop, PresenceChanged, Send
from openline.link.frames import Ping, Pong, Presence
from openline.link.pulse import Life, Steady
from tests.link.playbook import (
    ALPHA,
    BRAVO,
    REST,
    START,
    greeted,
    grew,
    hello,
    later,
    opened,
    pings,
    play,
    pong,
    receipt,
    says,
)


def test_a_greeted_session_is_pinged_at_once_and_then_on_the_beat() -> None:
    talk = play(own=3)
    talk >> opened(1) << REST
    talk >> says(1, hello(theirs=3))
    assert pings(talk.left) == [Ping(1, START.ms, 3, 0)]
    talk << REST
    beats = pings(talk.until(2 * HEARTBEAT_US))
    assert [beat.time_ms - START.ms for beat in beats] == [15_000, 30_000]


def test_a_late_tick_does_not_move_the_beat() -> None:
    talk = greeted(play(), us=0)
    talk >> later(HEARTBEAT_US + 4 * SECOND_US) << REST
    beats = pings(talk.until(HEARTBEAT_US))
    assert [beat.time_ms - START.ms for beat in beats] == [30_000]


def test_every_session_has_its_own_beat() -> None:
    talk = greeted(greeted(play(), 1), 2, "radio")
    beats = [effect for effect in talk.until(HEARTBEAT_US) if isinstance(effect, Send)]
    assert sorted(effect.session for effect in beats) == [1, 2]


def test_a_ping_carries_the_size_of_our_log_as_it_is_then() -> None:
    talk = greeted(play())
    talk >> grew(1) << REST
    talk >> says(1, receipt(ALPHA, 1)) << REST
    assert pings(talk.until(HEARTBEAT_US))[0].size == 1


def test_a_silent_session_is_ended_and_any_frame_counts_as_life() -> None:
    talk = greeted(play())
    talk.until(DOWN_AFTER_US - SECOND_US)
    talk >> says(1, Ping(1, 0, 0, 0)) << REST
    assert not [drop for drop in talk.until(DOWN_AFTER_US - 1) if isinstance(drop, Drop)]
    assert talk.until(1)[-1] == Drop(1, "path-silent")


def test_a_peer_is_down_when_nothing_was_heard_for_long() -> None:
    talk = play()
    assert talk.engine.health()[0].down
    greeted(talk)
    heard = talk.now
    assert not talk.engine.health()[0].down
    talk.until(DOWN_AFTER_US - 1)
    assert not talk.engine.health()[0].down
    talk.until(1)
    assert talk.engine.health()[0].down
    assert talk.engine.health()[0].heard == heard


def test_a_change_of_presence_is_told_at_once_and_from_then_on() -> None:
    talk = greeted(play())
    talk >> PresenceChanged(Presence.OFFICER) << Send(1, Ping(2, talk.now.ms, 0, int(Presence.OFFICER)))
    talk >> says(1, Ping(1, 5, 0, 0)) << Send(1, Pong(1, 5, talk.now.ms, int(Presence.OFFICER)))


def test_presence_comes_with_hello_ping_and_pong_and_unknown_bits_are_dropped() -> None:
    talk = greeted(play())
    talk >> says(1, Ping(1, 0, 0, 255)) << REST
    assert talk.engine.health()[0].presence == Presence.CONSOLE | Presence.OFFICER | Presence.LINGUIST
    talk.until(HEARTBEAT_US)
    pong(talk, number=2, presence=int(Presence.CONSOLE))
    assert talk.engine.health()[0].presence == Presence.CONSOLE


def test_a_pong_nobody_asked_for_tells_nothing() -> None:
    talk = greeted(play(), us=2_000)
    talk >> says(1, Pong(99, 0, 0, 7))
    assert talk.engine.health()[0].presence == Presence.NOBODY
    assert talk.engine.paths()[0].round_trip_us == 2_000


def test_the_peers_clock_is_known_from_hello_and_better_from_a_pong() -> None:
    talk = play()
    talk >> opened(1) << REST
    talk >> says(1, hello(time_ms=START.ms + 5_000)) << REST
    assert talk.engine.health()[0].clock_offset_us == 5 * SECOND_US
    talk.pass_by(100_000)
    talk >> says(1, Pong(1, START.ms, START.ms + 4_050, 0)) << REST
    assert talk.engine.health()[0].clock_offset_us == 4 * SECOND_US


def test_a_slow_pong_does_not_spoil_what_is_known_of_the_clock() -> None:
    life = Life()
    life.ponged(10_000, 0, 2_000, 2_000)
    assert life.clock_offset_us == 11_000
    life.ponged(90_000, 0, 60_000, 2_000)
    assert life.clock_offset_us == 11_000


def test_a_clock_set_back_stops_no_timer() -> None:
    talk = greeted(play())
    talk.now = talk.now.plus(-HOUR_US)
    talk >> later(0) << REST
    beats = pings(talk.until(HEARTBEAT_US))
    assert len(beats) == 1
    assert beats[0].time_ms < START.ms
    assert talk.engine.paths()[0].round_trip_us == 1_000


def test_times_of_health_are_the_nodes_own_after_its_clock_was_set_back() -> None:
    talk = greeted(play())
    talk.now = talk.now.plus(-HOUR_US)
    talk >> says(1, Ping(1, 0, 0, 0)) << REST
    assert talk.engine.health()[0].heard == talk.now
    assert talk.engine.paths()[0].heard == talk.now


def test_steady_time_never_runs_backwards() -> None:
    steady = Steady()
    assert steady.at(MINUTE_US) == MINUTE_US
    assert steady.at(0) == MINUTE_US
    assert steady.at(SECOND_US) == MINUTE_US + SECOND_US


def test_a_clock_set_forward_by_a_year_ends_the_sessions_and_nothing_else() -> None:
    talk = greeted(play())
    talk.now = Instant(talk.now + 365 * 24 * HOUR_US)
    talk >> later(0) << Drop(1, "path-silent")
    greeted(talk, 2)
    assert talk.engine.session_for(BRAVO) == 2


def test_pings_that_are_never_answered_do_not_pile_up() -> None:
    talk = greeted(play())
    for _ in range(40):
        talk.until(HEARTBEAT_US)
        talk >> says(1, receipt(ALPHA, 0)) << REST
    pong(talk, number=41)
    assert talk.engine.paths()[0].state == "UP"

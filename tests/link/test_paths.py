"""Paths and sessions: the table of states, and which session is in use."""

from __future__ import annotations

import pytest

from openline.base.limits import SESSIONS_PER_PATH_MAX
from openline.base.machine import NoTransition, advance
from openline.base.time import SECOND_US
from openline.link.events import Closed, Drop, Effect, PathHealth, Send, SendEntries
from openline.link.frames import Bye
from openline.link.paths import HEALTH, Happening, State
from tests.link.playbook import (
    ALPHA,
    BRAVO,
    REST,
    Play,
    greeted,
    grew,
    hello,
    later,
    opened,
    play,
    pong,
    receipt,
    says,
)


def state(talk: Play, path: str = "fibre") -> str:
    return next(health.state for health in talk.engine.paths() if health.path == path)


def entries(effects: list[Effect]) -> list[SendEntries]:
    return [effect for effect in effects if isinstance(effect, SendEntries)]


def test_a_session_goes_from_down_over_greeting_to_up() -> None:
    talk = play()
    assert state(talk) == "DOWN"
    talk >> opened(1) << REST
    assert state(talk) == "GREETING"
    talk >> says(1, hello()) << REST
    assert state(talk) == "UP"
    talk >> Closed(1, "path-reset")
    assert talk.engine.paths()[0].state == "DOWN"
    assert talk.engine.paths()[0].reason == "path-reset"


def test_the_table_allows_nothing_else() -> None:
    for old in State:
        for happening in Happening:
            if (old, happening) not in HEALTH:
                with pytest.raises(NoTransition):
                    advance(HEALTH, old, happening)


def test_a_path_is_as_good_as_its_best_session() -> None:
    talk = greeted(play(), 1)
    talk >> opened(2) << REST
    assert state(talk) == "UP"
    talk >> Closed(1, "gone") << REST
    assert state(talk) == "GREETING"


def test_health_tells_when_a_path_was_heard_and_how_far_away_it_is() -> None:
    talk = greeted(greeted(play(), 1, us=40_000), 2, us=60_000)
    fibre, radio = talk.engine.paths()
    assert fibre == PathHealth(BRAVO, "fibre", "UP", 2, talk.now, 60_000, "")
    assert radio == PathHealth(BRAVO, "radio", "DOWN", 0, None, None, "")


def test_the_nearest_session_is_used_but_not_changed_for_a_trifle() -> None:
    talk = greeted(greeted(play(), 1, us=30_000), 2, us=20_000)
    assert talk.engine.session_for(BRAVO) == 1
    greeted(talk, 3, us=5_000)
    assert talk.engine.session_for(BRAVO) == 3


def test_a_metered_path_is_used_only_when_no_other_lives() -> None:
    talk = greeted(play(), 1, "radio", us=1_000)
    assert talk.engine.session_for(BRAVO) == 1
    greeted(talk, 2, "fibre", us=400_000)
    assert talk.engine.session_for(BRAVO) == 2
    assert talk.engine.health()[0].path_in_use == "fibre"
    talk >> Closed(2, "gone") << REST
    assert talk.engine.session_for(BRAVO) == 1


def test_changing_over_takes_what_is_unanswered_along() -> None:
    talk = greeted(play(), 1, "radio")
    talk >> grew(1) << SendEntries(1, ALPHA, 0, 1)
    talk >> opened(2, "fibre") << REST
    talk >> says(2, hello())
    assert entries(talk.left) == [SendEntries(2, ALPHA, 0, 1)]


def test_a_session_that_answers_nothing_is_stalled_and_left() -> None:
    talk = greeted(greeted(play(), 1), 2, "radio")
    talk.until(15 * SECOND_US)
    talk >> says(2, receipt(ALPHA, 0)) << REST
    pong(talk, 2, number=2)
    talk.until(3 * SECOND_US)
    assert (state(talk), state(talk, "radio")) == ("STALLED", "UP")
    talk >> grew(1) << SendEntries(2, ALPHA, 0, 1)


def test_an_unanswered_push_stalls_a_session_too() -> None:
    talk = greeted(greeted(play(), 1), 2, "radio")
    talk >> grew(1) << SendEntries(1, ALPHA, 0, 1)
    assert entries(talk.until(3 * SECOND_US)) == [SendEntries(2, ALPHA, 0, 1)]
    assert state(talk) == "STALLED"


def test_a_stalled_session_that_answers_is_up_again() -> None:
    talk = greeted(greeted(play(), 1), 2, "radio")
    talk >> grew(1) << REST
    talk.until(3 * SECOND_US)
    talk >> says(1, receipt(ALPHA, 1)) << REST
    assert state(talk) == "UP"
    assert talk.engine.session_for(BRAVO) == 1


def test_the_only_session_is_used_even_when_stalled() -> None:
    talk = greeted(play())
    talk >> grew(1) << REST
    talk.until(5 * SECOND_US)
    assert state(talk) == "STALLED"
    talk >> grew(2) << SendEntries(1, ALPHA, 1, 2)


def test_too_many_sessions_on_a_path_push_out_the_one_longest_not_heard() -> None:
    talk = play()
    for session in range(1, SESSIONS_PER_PATH_MAX + 1):
        greeted(talk, session)
    talk >> later(1_000) << REST
    talk >> says(1, receipt(ALPHA, 0)) << REST
    talk >> opened(99)
    assert talk.left[-2:] == [Send(2, Bye("path-crowded")), Drop(2, "path-crowded")]
    talk << REST
    talk >> Closed(2, "path-crowded")


def test_frames_and_the_end_of_a_dropped_session_are_ignored() -> None:
    talk = greeted(play())
    talk >> says(1, Bye("stopping")) << Drop(1, "stopping")
    talk >> says(1, receipt(ALPHA, 0))
    talk >> Closed(1, "gone")
    assert talk.engine.paths()[0].reason == "stopping"

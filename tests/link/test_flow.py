"""Entries going out: pieces, window, FLASH, and sending again."""

from __future__ import annotations

import pytest

from openline.base.limits import IN_FLIGHT_BYTES_MAX, IN_FLIGHT_BYTES_MIN, PUSH_BYTES_MAX
from openline.base.time import SECOND_US
from openline.link.events import Closed, Effect, Receipted, Send, SendEntries, Tick
from openline.link.frames import Ping
from tests.link.playbook import (
    ALPHA,
    REST,
    Play,
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


def sent(effects: list[Effect]) -> list[SendEntries]:
    return [effect for effect in effects if isinstance(effect, SendEntries)]


def backlog(count: int, size_bytes: int = 200) -> Play:
    talk = play()
    for size in range(1, count + 1):
        talk >> grew(size, size_bytes)
    return talk


def drain(talk: Play, effects: list[Effect], rounds: int) -> list[SendEntries]:
    """Bravo answers every piece after a millisecond, for so many rounds; all that was sent in them."""
    everything: list[SendEntries] = []
    for _ in range(rounds):
        pieces = sent(effects)
        everything += pieces
        effects = []
        talk.pass_by(1_000)
        for piece in pieces:
            talk >> says(1, receipt(ALPHA, piece.stop))
            effects += talk.left
            talk << REST
    return everything


def test_every_growth_goes_at_once_while_the_window_is_open() -> None:
    talk = greeted(play())
    talk >> grew(1) << SendEntries(1, ALPHA, 0, 1)
    talk >> grew(4) << SendEntries(1, ALPHA, 1, 4)
    talk >> grew(5) << SendEntries(1, ALPHA, 4, 5)


def test_growth_without_a_session_waits_for_one() -> None:
    talk = play()
    talk >> grew(1) >> grew(2)
    talk >> opened(1) << REST
    talk >> says(1, hello())
    assert sent(talk.left) == [SendEntries(1, ALPHA, 0, 2)]


def test_a_backlog_is_cut_at_checkpoints_and_stops_at_the_window() -> None:
    talk = backlog(1_000)
    talk >> opened(1) << REST
    talk >> says(1, hello())
    pieces = sent(talk.left)
    assert [piece.start for piece in pieces] == [0, *(piece.stop for piece in pieces[:-1])]
    assert sum(piece.stop - piece.start for piece in pieces) * 200 <= IN_FLIGHT_BYTES_MIN
    assert len(pieces) == 4


def test_the_window_opens_to_what_the_path_carries() -> None:
    talk = backlog(20_000)
    talk >> opened(1) << REST
    talk >> says(1, hello())
    effects = list(talk.left)
    talk << REST
    pieces = drain(talk, effects, rounds=12)
    assert pieces[-1].stop == 20_000
    in_flight = max((piece.stop - piece.start) * 200 for piece in pieces)
    assert IN_FLIGHT_BYTES_MIN < in_flight <= min(PUSH_BYTES_MAX, IN_FLIGHT_BYTES_MAX)


def test_one_piece_larger_than_the_window_still_goes() -> None:
    talk = greeted(play())
    talk >> grew(1, size_bytes=60_000) << SendEntries(1, ALPHA, 0, 1)
    talk >> grew(2, size_bytes=60_000)
    talk.pass_by(1_000)
    talk >> says(1, receipt(ALPHA, 1))
    assert sent(talk.left) == [SendEntries(1, ALPHA, 1, 2)]


def test_a_cumulative_ack_frees_all_it_covers() -> None:
    talk = greeted(play())
    for size in range(1, 60):
        talk >> grew(size) << REST
    talk.pass_by(1_000)
    talk >> says(1, receipt(ALPHA, 40))
    assert sent(talk.left) == [SendEntries(1, ALPHA, 40, 59)]


# FLASH


def test_flash_goes_over_every_session_of_every_path() -> None:
    talk = greeted(greeted(greeted(play(), 1), 2), 3, "radio")
    talk >> grew(1, flash=True)
    talk << SendEntries(1, ALPHA, 0, 1) << SendEntries(2, ALPHA, 0, 1) << SendEntries(3, ALPHA, 0, 1)


def test_flash_takes_along_what_the_peer_lacks_so_that_each_copy_stands_alone() -> None:
    talk = greeted(greeted(play(), 1), 2)
    talk >> grew(1) << REST
    talk >> grew(2, flash=True) << SendEntries(1, ALPHA, 1, 2) << SendEntries(2, ALPHA, 0, 2)


def test_flash_behind_a_backlog_goes_over_the_others_as_soon_as_it_fits() -> None:
    talk = greeted(greeted(play(), 1), 2)
    talk >> grew(1, size_bytes=30_000) << REST
    talk >> grew(2, flash=True)
    talk.pass_by(1_000)
    talk >> says(1, receipt(ALPHA, 1))
    assert sent(talk.left) == [SendEntries(1, ALPHA, 1, 2), SendEntries(2, ALPHA, 1, 2)]


def test_flash_goes_over_a_session_that_opens_before_it_is_answered() -> None:
    talk = greeted(play())
    talk >> grew(1, flash=True) << SendEntries(1, ALPHA, 0, 1)
    talk >> opened(2) << REST
    talk >> says(2, hello())
    assert sent(talk.left) == [SendEntries(2, ALPHA, 0, 1)]


def test_a_flash_that_was_answered_is_not_sent_again() -> None:
    talk = greeted(greeted(play(), 1), 2)
    talk >> grew(1, flash=True) << REST
    talk >> says(2, receipt(ALPHA, 1)) << REST
    talk >> opened(3) << REST
    talk >> says(3, hello(theirs=1))
    assert not sent(talk.left)


# Sending again


def test_what_is_not_answered_goes_over_another_session() -> None:
    talk = greeted(greeted(play(), 1), 2)
    talk >> grew(1) << SendEntries(1, ALPHA, 0, 1)
    talk >> grew(2) << SendEntries(1, ALPHA, 1, 2)
    assert sent(talk.until(SECOND_US // 4)) == [SendEntries(2, ALPHA, 0, 2)]


def test_sending_again_slows_down_and_goes_round() -> None:
    talk = greeted(greeted(play(), 1, us=20_000), 2, us=20_000)
    talk >> grew(1) << REST
    again = sent(talk.until(9 * SECOND_US))
    assert [piece.session for piece in again[:4]] == [2, 1, 2, 1]
    assert len(again) <= 7


def test_with_one_session_nothing_is_sent_again_before_its_arrival_is_proved() -> None:
    talk = greeted(play())
    talk >> grew(1) << REST
    assert not sent(talk.until(14 * SECOND_US))


def test_what_arrived_and_was_not_answered_is_sent_again_on_the_same_session() -> None:
    talk = greeted(play())
    talk >> grew(1) << REST
    assert [ping.number for ping in pings(talk.until(SECOND_US // 2))] == [2], "it is late: has it arrived?"
    pong(talk, number=2)
    assert sent(talk.until(3 * SECOND_US)) == [SendEntries(1, ALPHA, 0, 1)]


def test_when_something_is_late_every_session_of_its_path_is_asked_whether_it_works() -> None:
    talk = greeted(greeted(greeted(greeted(play(), 1), 2), 3), 4, "radio")
    talk >> grew(1) << REST
    happened = talk.until(SECOND_US // 4)
    asked = [effect.session for effect in happened if isinstance(effect, Send) and isinstance(effect.frame, Ping)]
    assert sorted(asked) == [1, 2, 3], "once, and not on a path with which nothing is wrong"


@pytest.mark.parametrize("size_bytes", [1_000, 130_000])
def test_a_path_that_is_dead_on_all_its_sessions_is_left_for_a_metered_one_within_seconds(size_bytes: int) -> None:
    talk = greeted(greeted(greeted(greeted(play(), 1), 2), 3), 4, "radio")
    talk >> grew(1, size_bytes) << REST
    assert SendEntries(4, ALPHA, 0, 1) in sent(talk.until(13 * SECOND_US // 2))


def test_a_slow_answer_is_waited_for_while_answers_come() -> None:
    talk = greeted(greeted(play(), 1, us=200_000), 2, us=200_000)
    for size in range(1, 6):
        talk >> grew(size) << REST
    for size in range(1, 6):
        talk.pass_by(SECOND_US // 2) >> Tick()
        assert not sent(talk.left)
        talk << REST
        talk >> says(1, receipt(ALPHA, size)) << REST


def test_a_closed_session_hands_over_at_once() -> None:
    talk = greeted(greeted(play(), 1), 2)
    talk >> grew(1) << SendEntries(1, ALPHA, 0, 1)
    talk >> Closed(1, "gone") << SendEntries(2, ALPHA, 0, 1)


def test_a_new_session_takes_over_at_once_what_is_late() -> None:
    talk = greeted(play())
    talk >> grew(1) << REST
    talk >> later(SECOND_US) << REST
    talk >> opened(2) << REST
    talk >> says(2, hello())
    assert sent(talk.left) == [SendEntries(2, ALPHA, 0, 1)]


def test_a_new_session_does_not_repeat_what_is_not_late() -> None:
    talk = greeted(play(), us=100_000)
    talk >> grew(1) << REST
    talk >> opened(2) << REST
    talk >> says(2, hello())
    assert not sent(talk.left)


def test_a_peer_that_lost_what_it_had_receipted_gets_it_again() -> None:
    talk = play(own=5, receipted=5)
    talk >> opened(1) << REST
    talk >> says(1, hello(theirs=2))
    assert sent(talk.left) == [SendEntries(1, ALPHA, 2, 5)]


def test_a_hello_made_before_the_last_ack_is_no_loss() -> None:
    talk = greeted(play())
    talk >> opened(2) << REST
    talk >> grew(1) << REST
    talk >> says(1, receipt(ALPHA, 1)) << REST
    talk >> says(2, hello(theirs=0))
    assert not sent(talk.left)


def test_a_receipt_that_is_lost_is_asked_for_by_sending_the_last_entry_again() -> None:
    talk = greeted(play(own=5), answer=hello(theirs=5))
    assert sent(talk.until(5 * SECOND_US)) == [SendEntries(1, ALPHA, 4, 5)]
    talk >> says(1, receipt(ALPHA, 5)) << REST
    talk >> Receipted(1, 5)
    assert not sent(talk.until(60 * SECOND_US))

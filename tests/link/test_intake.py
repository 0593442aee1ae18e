"""Entries coming in: offered, receipted, asked for; and our own log given back after a restore."""

from __future__ import annotations

from openline.base.time import SECOND_US
from openline.link.events import Closed, Drop, Effect, Refused, Send, SendEntries
from openline.link.frames import Ack, Evidence, Want
from tests.link.playbook import (
    ALPHA,
    BRAVO,
    REST,
    Play,
    greeted,
    grew,
    held,
    hello,
    offer,
    opened,
    play,
    push,
    receipt,
    says,
    tip,
)


def wants(effects: list[Effect]) -> list[Want]:
    return [effect.frame for effect in effects if isinstance(effect, Send) and isinstance(effect.frame, Want)]


def test_a_push_is_offered_and_receipted_where_it_came() -> None:
    talk = greeted(greeted(play(), 1), 2)
    talk >> says(2, push(0, 3)) << offer(2, push(0, 3))
    talk >> held(3) << Send(2, receipt(BRAVO, 3))


def test_when_the_session_it_came_on_is_gone_the_receipt_takes_another() -> None:
    talk = greeted(greeted(play(), 1), 2)
    talk >> says(2, push(0, 3)) << offer(2, push(0, 3))
    talk >> Closed(2, "gone")
    talk >> held(3) << Send(1, receipt(BRAVO, 3))


def test_without_any_session_the_receipt_waits_for_the_next_hello() -> None:
    talk = greeted(play())
    talk >> says(1, push(0, 3)) << REST
    talk >> Closed(1, "gone")
    talk >> held(3)
    talk >> opened(2) << REST
    talk >> says(2, hello(own=3, receipted=0)) << REST
    talk >> says(2, push(0, 3)) << Send(2, receipt(BRAVO, 3))


def test_pushes_may_follow_each_other_before_the_first_is_durable() -> None:
    talk = greeted(play())
    talk >> says(1, push(0, 3)) << offer(1, push(0, 3))
    talk >> says(1, push(3, 5)) << offer(1, push(3, 5))
    talk >> held(5) << Send(1, receipt(BRAVO, 5))


def test_what_is_held_already_is_receipted_again() -> None:
    talk = greeted(play(theirs=5), answer=hello(own=5))
    talk >> says(1, push(2, 4)) << Send(1, receipt(BRAVO, 5))


def test_a_push_that_overlaps_is_offered() -> None:
    talk = greeted(play(theirs=5), answer=hello(own=5))
    talk >> says(1, push(2, 7)) << offer(1, push(2, 7))


def test_a_copy_on_another_session_is_not_offered_twice_and_both_are_receipted() -> None:
    talk = greeted(greeted(play(), 1), 2)
    talk >> says(1, push(0, 1)) << offer(1, push(0, 1))
    talk >> says(2, push(0, 1))
    talk >> held(1) << Send(1, receipt(BRAVO, 1)) << Send(2, receipt(BRAVO, 1))


def test_a_gap_is_asked_for_once() -> None:
    talk = greeted(play())
    talk >> says(1, push(3, 5)) << Send(1, Want(BRAVO, 0))
    talk >> says(1, push(5, 6))
    talk >> says(1, push(0, 2)) << offer(1, push(0, 2))
    talk >> says(1, push(6, 7)) << Send(1, Want(BRAVO, 2))


def test_a_gap_that_stays_is_asked_for_again_with_growing_patience() -> None:
    talk = greeted(play())
    talk >> says(1, push(3, 5)) << REST
    assert len(wants(talk.until(4 * SECOND_US))) == 2
    assert len(wants(talk.until(26 * SECOND_US))) == 2


def test_a_refused_push_is_answered_with_what_we_hold_and_forgotten() -> None:
    talk = greeted(play(theirs=2), answer=hello(own=9))
    talk >> says(1, push(2, 4)) << REST
    talk >> Refused(1, BRAVO, "peer-push-unsigned", tip(BRAVO, 2)) << Send(1, Evidence(tip(BRAVO, 2)))
    talk >> says(1, push(4, 5)) << Send(1, Want(BRAVO, 2))
    talk >> says(1, push(2, 4)) << offer(1, push(2, 4))


def test_three_faults_end_the_session() -> None:
    talk = greeted(play(), answer=hello(own=9))
    for _ in range(2):
        talk >> Refused(1, BRAVO, "peer-push-unsigned", tip(BRAVO, 0))
    talk >> Refused(1, BRAVO, "peer-push-unsigned", tip(BRAVO, 0)) << Drop(1, "peer-push-unsigned")
    talk >> Refused(1, BRAVO, "peer-push-unsigned", tip(BRAVO, 0))


# After a restore


def test_a_peer_that_lost_part_of_its_own_log_gets_it_back_until_it_says_that_it_has_all() -> None:
    talk = play(theirs=700)
    talk >> opened(1) << REST
    talk >> says(1, hello(own=100))
    assert talk.left[-1] == SendEntries(1, BRAVO, 100, 356)
    talk << REST
    talk >> says(1, Evidence(tip(BRAVO, 400))) << REST
    talk >> says(1, Evidence(tip(BRAVO, 700))) << REST
    assert not [effect for effect in talk.until(20 * SECOND_US) if isinstance(effect, SendEntries)]


def test_a_hello_made_before_our_last_push_of_that_log_came_is_no_loss() -> None:
    talk = greeted(play(theirs=5), answer=hello(own=5))
    talk >> opened(2) << REST
    talk >> says(1, push(5, 6)) << REST
    talk >> held(6) << REST
    talk >> says(2, hello(own=5)) << REST
    assert not [effect for effect in talk.until(10 * SECOND_US) if isinstance(effect, SendEntries)]


def restored() -> Play:
    """Alpha came back with 2 entries of its log; bravo holds 5."""
    talk = play(own=2)
    talk >> opened(1) << REST
    return talk >> says(1, hello(theirs=5)) << REST


def test_our_own_log_is_taken_back_and_each_step_is_confirmed() -> None:
    talk = restored()
    talk >> says(1, push(2, 4, ALPHA)) << offer(1, push(2, 4, ALPHA))
    talk >> grew(4) << Send(1, Evidence(tip(ALPHA, 4)))
    talk >> says(1, push(4, 5, ALPHA)) << offer(1, push(4, 5, ALPHA))
    talk >> grew(5) << Send(1, Evidence(tip(ALPHA, 5)))
    talk >> says(1, push(4, 5, ALPHA)) << Send(1, Evidence(tip(ALPHA, 5)))


def test_nothing_of_a_log_taken_back_is_sent_to_who_gave_it() -> None:
    talk = restored()
    talk >> says(1, push(2, 5, ALPHA)) << REST
    talk >> grew(5) << REST
    assert not [effect for effect in talk.until(2 * SECOND_US) if isinstance(effect, SendEntries)]


def test_what_is_missing_of_our_own_log_is_asked_for() -> None:
    assert wants(restored().until(2 * SECOND_US)) == [Want(ALPHA, 2)]


def test_a_receipt_is_never_for_more_than_is_durable() -> None:
    talk = greeted(play())
    talk >> says(1, push(0, 3)) << REST
    talk >> says(1, push(3, 9)) << REST
    talk >> held(3)
    assert [ack.size for effect in talk.left if isinstance(effect, Send) and isinstance(ack := effect.frame, Ack)] == [
        3
    ]

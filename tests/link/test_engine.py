"""The engine as its caller sees it: events in, effects out, when it wakes, and what an event costs."""

from __future__ import annotations

import sys
from types import FrameType

import msgspec
import pytest

from openline.base.limits import DOWN_AFTER_US, HEARTBEAT_US, HELLO_WITHIN_US
from openline.base.time import SECOND_US
from openline.link.engine import Engine, Known, Setup
from openline.link.events import (
    Closed,
    Drop,
    Event,
    Gone,
    OfferReceipt,
    Opened,
    Refused,
    Send,
    SendEntries,
    Stopping,
    Tick,
)
from openline.link.frames import Bye, Evidence, Hello, Presence
from tests.link.playbook import (
    ALPHA,
    BRAVO,
    CHARLIE,
    LINE,
    REST,
    SALT_KEY,
    START,
    Play,
    greeted,
    grew,
    held,
    hello,
    later,
    offer,
    opened,
    play,
    pong,
    push,
    receipt,
    says,
    tip,
)


def test_one_message_and_its_receipt_are_two_frames() -> None:
    talk = greeted(play())
    talk >> grew(1) << SendEntries(1, ALPHA, 0, 1)
    ack = receipt(ALPHA, 1)
    talk >> says(1, ack) << OfferReceipt(1, BRAVO, 1, ack.time_s, ack.signature)
    talk >> says(1, push(0, 1)) << offer(1, push(0, 1))
    talk >> held(1) << Send(1, receipt(BRAVO, 1))


def test_the_engine_asks_for_no_tick_while_nothing_can_happen() -> None:
    talk = play(own=5)
    assert talk.engine.wakes_at() is None
    talk >> grew(6)
    assert talk.engine.wakes_at() is None


def test_the_engine_names_the_next_time_it_must_be_told() -> None:
    talk = play()
    talk >> opened(1) << REST
    assert talk.engine.wakes_at() == START.plus(HELLO_WITHIN_US)
    talk >> says(1, hello()) << REST
    pong(talk, us=0)
    assert talk.engine.wakes_at() == START.plus(HEARTBEAT_US)
    talk >> grew(1) << REST
    wakes = talk.engine.wakes_at()
    assert wakes is not None
    assert START < wakes < START.plus(SECOND_US)
    talk >> says(1, receipt(ALPHA, 1)) << REST
    assert talk.engine.wakes_at() == START.plus(HEARTBEAT_US)


def test_a_tick_nobody_asked_for_does_nothing() -> None:
    talk = greeted(play())
    talk >> later(0) >> later(SECOND_US)


def test_stopping_says_so_on_every_session_and_lets_nobody_in() -> None:
    talk = greeted(greeted(play(), 1), 2, "radio")
    talk >> Stopping()
    talk << Send(1, Bye("stopping")) << Drop(1, "stopping") << Send(2, Bye("stopping")) << Drop(2, "stopping")
    talk >> opened(3) << Send(3, Bye("stopping")) << Drop(3, "stopping")
    talk >> grew(1)
    assert talk.engine.wakes_at() is None


def test_a_receipt_that_is_refused_may_be_offered_again() -> None:
    talk = greeted(play(own=1))
    ack = receipt(ALPHA, 1)
    offer = OfferReceipt(1, BRAVO, 1, ack.time_s, ack.signature)
    talk >> says(1, ack) << offer
    talk >> Refused(1, ALPHA, "receipt-unsigned", tip(ALPHA, 1)) << Send(1, Evidence(tip(ALPHA, 1)))
    talk >> says(1, ack) << offer


def test_the_last_session_that_ends_leaves_all_to_the_next() -> None:
    talk = greeted(play())
    talk >> grew(1) << REST
    talk >> Closed(1, "gone")
    talk >> grew(2)
    assert talk.engine.session_for(BRAVO) is None
    talk >> opened(2) << REST
    talk >> says(2, hello())
    assert talk.left[-1] == SendEntries(2, ALPHA, 0, 2)
    talk << REST


def test_with_three_members_each_peer_is_owed_by_itself() -> None:
    members = ("alpha.example", "bravo.example", "charlie.example")
    known = (Known(tip(BRAVO, 0)), Known(tip(CHARLIE, 0)))
    talk = Play(Engine(Setup(LINE, members, ALPHA, SALT_KEY, tip(ALPHA, 0), known)))
    for session, peer in ((1, BRAVO), (2, CHARLIE)):
        talk >> Opened(session, peer, "fibre", dialled=True) << REST
        theirs = msgspec.structs.replace(hello(), members=members, me=peer, tips=())
        talk >> says(session, theirs) << REST
        pong(talk, session)
    talk >> grew(1) << SendEntries(1, ALPHA, 0, 1) << SendEntries(2, ALPHA, 0, 1)
    talk >> says(1, receipt(ALPHA, 1)) << REST
    talk >> grew(2) << SendEntries(1, ALPHA, 1, 2) << SendEntries(2, ALPHA, 1, 2)
    assert [(peer.peer, peer.holds) for peer in talk.engine.health()] == [(BRAVO, 1), (CHARLIE, 0)]


def test_a_new_engine_owes_what_was_not_receipted() -> None:
    talk = play(own=9, receipted=4)
    for size in (6, 9):
        talk >> grew(size)
    talk >> opened(1) << REST
    talk >> says(1, hello(theirs=4))
    assert talk.left[-1] == SendEntries(1, ALPHA, 4, 9)
    talk << REST


def test_health_before_anything_was_heard() -> None:
    health = play(own=3, receipted=2).engine.health()[0]
    assert (health.peer, health.heard, health.presence, health.down) == (BRAVO, None, Presence.NOBODY, True)
    assert (health.holds, health.receipted, health.path_in_use, health.clock_offset_us) == (2, 2, None, None)


def test_the_same_events_give_the_same_effects() -> None:
    def story() -> list[object]:
        talk = greeted(greeted(play(own=3), 1), 2, "radio")
        told: list[object] = []
        events: list[Event] = [grew(4, flash=True), says(1, receipt(ALPHA, 2)), says(2, push(0, 3)), held(3), Tick()]
        for event in events:
            talk >> event
            told += talk.left
            talk << REST
        return told + list(talk.until(DOWN_AFTER_US))

    assert story() == story()


@pytest.mark.parametrize("sessions", [1, 6])
def test_the_work_of_a_message_does_not_grow_with_the_backlog(sessions: int) -> None:
    short, long = behind(200, sessions), behind(20_000, sessions)
    for event in (grew(20_001), says(1, push(0, 1)), held(1), says(1, receipt(ALPHA, 1))):
        assert calls(long, event) <= calls(short, event) + 4
    assert calls(long, says(1, receipt(ALPHA, 2))) < 80


def behind(size: int, sessions: int) -> Play:
    """Bravo answers nothing of a log of this size; the window is full."""
    talk = play()
    for session in range(1, sessions + 1):
        greeted(talk, session)
    for stop in [*range(1, size), 20_000]:
        talk >> grew(stop, size_bytes=3_000) << REST
    return talk


def calls(talk: Play, event: Event) -> int:
    """How many Python functions one step calls."""
    count = 0

    def counting(frame: FrameType, what: str, arg: object) -> None:
        nonlocal count
        count += what == "call"

    talk.now = talk.now.plus(1_000)
    sys.setprofile(counting)
    try:
        talk.engine.step(event, talk.now)
    finally:
        sys.setprofile(None)
    return count


# Members that have gone


def _three(me: int = ALPHA) -> Engine:
    members = ("alpha.example", "bravo.example", "charlie.example")
    known = tuple(Known(tip(number, 0)) for number in (ALPHA, BRAVO, CHARLIE) if number != me)
    return Engine(Setup(LINE, members, me, SALT_KEY, tip(me, 0), known))


def _open_three(talk: Play) -> None:
    members = ("alpha.example", "bravo.example", "charlie.example")
    for peer in (BRAVO, CHARLIE):
        talk >> Opened(peer, peer, "fibre", dialled=True) << REST
        talk >> says(peer, msgspec.structs.replace(hello(), members=members, me=peer, tips=())) << REST


def test_whoever_has_gone_is_told_so_and_sent_nothing_more() -> None:
    talk = Play(_three())
    _open_three(talk)
    talk >> Gone(CHARLIE) << Send(CHARLIE, Bye("hello-member-left")) << Drop(CHARLIE, "hello-member-left")
    talk >> grew(1) << SendEntries(BRAVO, ALPHA, 0, 1)
    talk >> says(CHARLIE, push(CHARLIE, 0, 1))
    assert talk.left == [], "its session is over, and nothing that still comes on it is taken"
    (
        talk
        >> Opened(7, CHARLIE, "fibre", dialled=False)
        << Send(7, Bye("hello-member-left"))
        << Drop(7, "hello-member-left")
    )
    assert [peer.peer for peer in talk.engine.health()] == [BRAVO]
    assert {path.peer for path in talk.engine.paths()} <= {BRAVO}
    talk >> Gone(CHARLIE)
    assert talk.left == [], "it goes once"


def test_who_has_gone_is_still_told_of_to_the_others() -> None:
    talk = Play(_three())
    talk >> held(2, member=CHARLIE) << REST
    talk >> Gone(CHARLIE)
    talk >> Opened(BRAVO, BRAVO, "fibre", dialled=True)
    (sent,) = talk.left
    assert isinstance(sent, Send)
    assert isinstance(sent.frame, Hello)
    assert [(row.member, row.size) for row in sent.frame.tips] == [(ALPHA, 0), (BRAVO, 0), (CHARLIE, 2)]
    talk << REST


def test_what_we_receipt_of_one_the_others_hear_at_once_and_again_when_they_are_greeted() -> None:
    talk = Play(_three())
    _open_three(talk)
    talk >> held(1, member=CHARLIE)
    assert [effect.session for effect in talk.left if isinstance(effect, Send)] == [CHARLIE, BRAVO]
    talk << REST
    talk >> says(BRAVO, receipt(CHARLIE, 1))
    assert [type(effect).__name__ for effect in talk.left] == ["OfferOthersReceipt"]
    talk << REST
    talk >> Opened(9, BRAVO, "radio", dialled=True) << REST
    members = ("alpha.example", "bravo.example", "charlie.example")
    talk >> says(9, msgspec.structs.replace(hello(), members=members, me=BRAVO, tips=()))
    assert Send(9, receipt(CHARLIE, 1)) in talk.left

"""HELLO: first both ways, checked before anything else is heard."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import msgspec
import pytest

from openline.base.limits import HELLO_WITHIN_US
from openline.link.engine import Engine
from openline.link.events import Drop, Greeted, OfferTip, Opened, OwnTip, Send, SendEntries
from openline.link.frames import PROTOCOL, Bye, Hello, Ping, Tip
from openline.link.greeting import reason_given, refusal, statements
from tests.link.playbook import (
    ALPHA,
    BRAVO,
    LINE,
    MEMBERS,
    REST,
    SALT_KEY,
    START,
    Play,
    hello,
    later,
    opened,
    play,
    push,
    receipt,
    says,
    setup,
    tip,
)


def test_our_hello_goes_first_and_says_where_both_logs_stand() -> None:
    talk = play(own=3, theirs=2, receipted=1)
    ours = Hello(
        versions=(1, PROTOCOL),
        line=LINE,
        members=MEMBERS,
        me=ALPHA,
        path="fibre",
        time_ms=START.ms,
        salt_key=SALT_KEY,
        presence=0,
        tips=(tip(ALPHA, 3), tip(BRAVO, 2)),
        receipted=1,
    )
    talk >> opened(1) << Send(1, ours)


def test_nothing_is_acted_on_before_hello() -> None:
    talk = play(own=3)
    talk >> opened(1) << REST
    talk >> says(1, push(0, 2)) >> says(1, receipt(ALPHA, 3)) >> says(1, Ping(1, 0, 5, 0))
    assert talk.engine.session_for(BRAVO) is None


def test_hello_is_compared_and_what_is_owed_goes_at_once() -> None:
    talk = play(own=3, theirs=2)
    talk >> opened(1) << REST
    talk >> says(1, hello(own=2, theirs=1))
    talk << OfferTip(1, BRAVO, tip(BRAVO, 2)) << OfferTip(1, BRAVO, tip(ALPHA, 1)) << OwnTip(BRAVO, 1)
    talk << Send(1, Ping(1, START.ms, 3, 0)) << SendEntries(1, ALPHA, 1, 3)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"versions": (PROTOCOL + 1, PROTOCOL + 2)}, "hello-other-version"),
        ({"versions": (0, 0)}, "hello-other-version"),
        ({"line": "alpha-charlie"}, "hello-other-line"),
        ({"members": ("alpha.example", "bravo.example", "charlie.example")}, "hello-other-members"),
        ({"me": ALPHA}, "hello-other-party"),
    ],
)
def test_a_hello_that_does_not_fit_is_refused_with_its_reason(wrong: dict[str, object], reason: str) -> None:
    talk = play(own=3)
    talk >> opened(1) << REST
    talk >> says(1, msgspec.structs.replace(hello(), **wrong)) << Send(1, Bye(reason)) << Drop(1, reason)
    talk >> says(1, hello())
    assert talk.engine.paths()[0].reason == reason


def test_a_newer_peer_that_still_speaks_our_version_is_welcome() -> None:
    assert refusal(msgspec.structs.replace(hello(), versions=(PROTOCOL, PROTOCOL + 2)), LINE, MEMBERS, BRAVO) is None


def test_a_second_hello_on_a_session_changes_nothing() -> None:
    talk = play(own=3)
    talk >> opened(1) << REST
    talk >> says(1, hello(theirs=3)) << REST
    talk >> says(1, hello(theirs=0))


def test_what_both_ends_can_do_is_told_first() -> None:
    talk = Play(Engine(replace(setup(own=3), features=("voice", "b"))))
    talk >> opened(1)
    (said,) = talk.left
    assert isinstance(said, Send)
    assert cast("Hello", said.frame).features == ("voice", "b")
    talk << REST
    talk >> says(1, msgspec.structs.replace(hello(), features=("c", "voice")))
    talk << Greeted(1, ("voice",)) << REST


def test_a_peer_that_can_do_nothing_more_is_as_before() -> None:
    talk = Play(Engine(replace(setup(own=3), features=("voice",))))
    talk >> opened(1) << REST
    talk >> says(1, hello(theirs=3))
    assert not [effect for effect in talk.left if isinstance(effect, Greeted)]
    talk << REST
    talk >> opened(2) << REST
    talk >> says(2, msgspec.structs.replace(hello(theirs=3), features=("voice",), line="another"))
    assert not [effect for effect in talk.left if isinstance(effect, Greeted)], "a HELLO that is refused greets nobody"
    talk << REST


def test_a_session_that_never_says_hello_is_ended() -> None:
    talk = play()
    talk >> opened(1) << REST
    talk >> later(HELLO_WITHIN_US - 1)
    talk >> later(1) << Drop(1, "path-no-hello")


def test_a_peer_that_refuses_us_is_heard() -> None:
    talk = play()
    talk >> opened(1) << REST
    talk >> says(1, Bye("hello-other-line")) << Drop(1, "hello-other-line")


def test_a_reason_that_is_no_message_id_is_not_repeated() -> None:
    assert reason_given("stopping") == "stopping"
    assert reason_given("\u202egnippots") == "peer-left"


def test_an_accepted_session_takes_its_path_from_the_hello() -> None:
    talk = play()
    talk >> Opened(1, BRAVO, "", dialled=False) << REST
    talk >> says(1, hello()) << REST
    assert [(path.path, path.sessions) for path in talk.engine.paths()] == [("fibre", 1), ("radio", 0)]


def test_a_path_name_that_is_none_is_not_shown() -> None:
    talk = play()
    talk >> Opened(1, BRAVO, "", dialled=False) << REST
    talk >> says(1, msgspec.structs.replace(hello(), path="\x1b[31m")) << REST
    assert [path.path for path in talk.engine.paths()] == ["fibre", "radio", "unnamed"]


def test_a_tip_that_states_nothing_is_left_out() -> None:
    unsigned, foreign = Tip(ALPHA, 3, bytes(32), None), tip(2, 3)
    assert statements((tip(ALPHA, 0), unsigned, foreign, tip(BRAVO, 1)), 2) == {BRAVO: tip(BRAVO, 1)}

"""What an engine is made from, and the moves that events and frames share."""

from __future__ import annotations

import pytest

from openline.base.time import SECOND_US
from openline.link.engine import Engine, Known, Setup
from openline.link.events import Drop, Opened, Send
from openline.link.frames import Bye, Hello, Ping, Presence
from openline.link.tables import Tables
from tests.link.playbook import ALPHA, BRAVO, CHARLIE, LINE, MEMBERS, SALT_KEY, START, opened, setup, tip


def test_every_other_member_must_be_known() -> None:
    with pytest.raises(AssertionError):
        Engine(Setup(LINE, MEMBERS, ALPHA, SALT_KEY, tip(ALPHA, 0), ()))
    with pytest.raises(AssertionError):
        Engine(Setup(LINE, MEMBERS, ALPHA, SALT_KEY, tip(ALPHA, 0), (Known(tip(BRAVO, 0)), Known(tip(CHARLIE, 0)))))


def test_a_hello_tells_the_presence_and_the_time_of_now() -> None:
    tables = Tables(setup(presence=Presence.OFFICER))
    tables.begin(START)
    session = tables.paths.open(opened(1), tables.now)
    tables.begin(START.plus(SECOND_US))
    ours = tables.hello(session)
    assert (ours.time_ms, ours.presence) == (START.ms + 1_000, int(Presence.OFFICER))


def test_a_hello_over_an_accepted_session_names_some_path() -> None:
    tables = Tables(setup())
    tables.begin(START)
    ours = tables.hello(tables.paths.open(Opened(1, BRAVO, "", dialled=False), 0))
    assert isinstance(ours, Hello)
    assert ours.path == "unnamed"


def test_who_is_refused_is_told_why_and_then_gone() -> None:
    tables = Tables(setup())
    out = tables.begin(START)
    session = tables.paths.open(opened(1), tables.now)
    tables.refuse(session, "path-crowded")
    assert out == [Send(1, Bye("path-crowded")), Drop(1, "path-crowded")]
    assert not tables.sessions


def test_a_beat_counts_up() -> None:
    tables = Tables(setup(own=4))
    out = tables.begin(START)
    session = tables.paths.open(opened(1), tables.now)
    tables.beat(session)
    tables.beat(session)
    assert out == [Send(1, Ping(1, START.ms, 4, 0)), Send(1, Ping(2, START.ms, 4, 0))]

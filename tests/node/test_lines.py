"""What the node keeps of a line beside its keeper."""

from __future__ import annotations

from openline.link.frames import Presence
from openline.node.lines import LineState
from tests.node.houses import ALPHA, START, House

PEER = 1


def state() -> LineState:
    return LineState(House(ALPHA).keeper())


def test_since_when_people_stand_as_they_do_is_known_from_the_first_word_of_the_peer() -> None:
    line = state()
    assert line.presence_since(PEER, Presence.NOBODY, None) is None, "never heard, so nothing is known"
    assert line.presence_since(PEER, Presence.NOBODY, START) == START
    assert line.presence_since(PEER, Presence.NOBODY, START.plus(5)) == START


def test_it_begins_anew_whenever_the_peer_says_something_else() -> None:
    line = state()
    line.presence_since(PEER, Presence.CONSOLE, START)
    changed = START.plus(7)
    assert line.presence_since(PEER, Presence.CONSOLE | Presence.OFFICER, changed) == changed
    assert line.presence_since(PEER, Presence.CONSOLE, changed.plus(1)) == changed.plus(1)


def test_each_peer_has_its_own_times() -> None:
    line = state()
    line.presence_since(1, Presence.CONSOLE, START)
    assert line.presence_since(2, Presence.CONSOLE, START.plus(9)) == START.plus(9)


def test_two_lines_share_nothing() -> None:
    one, other = state(), state()
    one.blob_sizes[bytes(32)] = 1
    one.delivered.add((PEER, bytes(32)))
    assert (other.blob_sizes, other.delivered, other.waiting is one.waiting) == ({}, set(), False)

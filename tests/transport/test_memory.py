"""The pair for tests keeps the promises of a real session. Turns are run by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from openline.base.limits import FRAME_BYTES_MAX
from openline.transport.memory import NOWHERE, End, MemorySession, pair
from openline.transport.session import Session
from tests.transport.ends import Log, framed


class Turns(list[Callable[[], None]]):
    """What is still to happen."""

    def run(self) -> None:
        while self:
            self.pop(0)()


class Pair:
    """Alpha and bravo, and what each has heard."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.alpha_log, self.bravo_log = Log(), Log()
        self.alpha, self.bravo = pair(
            End("alpha.example", self.alpha_log), End("bravo.example", self.bravo_log), "fibre", self.turns.append
        )


def same_shape(session: MemorySession) -> Session:
    """Nothing but a promise to mypy: a memory session is a session."""
    return session


def test_both_ends_are_open_and_know_each_other() -> None:
    it = Pair()
    assert it.alpha_log.sessions == [it.alpha]
    assert (same_shape(it.alpha).peer, it.bravo.peer) == ("bravo.example", "alpha.example")
    assert (it.alpha.dialled, it.bravo.dialled) == (True, False)
    assert it.alpha.number != it.bravo.number
    assert it.alpha.own == it.alpha.theirs == NOWHERE


def test_frames_of_one_turn_arrive_together_in_a_later_one() -> None:
    it = Pair()
    it.alpha.send(framed(b"one"))
    it.alpha.send(framed(b"two") + framed(b"three"))
    assert it.bravo_log.reads == []
    it.turns.run()
    assert it.bravo_log.reads == [[b"one", b"two", b"three"]]


def test_what_is_flushed_is_on_its_way_at_once() -> None:
    it = Pair()
    it.alpha.send(framed(b"one"))
    assert it.bravo.unread_bytes == 0
    it.alpha.flush()
    assert it.bravo.unread_bytes == 7
    it.turns.run()
    assert it.bravo_log.heard == [b"one"]


def test_a_paused_end_makes_the_other_wait() -> None:
    it = Pair()
    it.bravo.pause()
    it.alpha.send(framed(b"one"))
    it.turns.run()
    assert (it.bravo_log.heard, it.alpha.backlog_bytes) == ([], 7)
    it.bravo.resume()
    it.turns.run()
    assert (it.bravo_log.heard, it.alpha.backlog_bytes) == ([b"one"], 0)


def test_what_was_sent_before_close_arrives() -> None:
    it = Pair()
    it.alpha.send(framed(b"bye"))
    it.alpha.close("stopping")
    it.alpha.send(framed(b"too late"))
    assert it.alpha_log.reasons == []
    it.turns.run()
    assert it.bravo_log.heard == [b"bye"]
    assert (it.alpha_log.reasons, it.bravo_log.reasons) == (["stopping"], ["session-ended"])


def test_a_cut_wire_loses_what_is_on_the_way() -> None:
    it = Pair()
    it.alpha.send(framed(b"lost"))
    it.alpha.cut()
    it.turns.run()
    assert it.bravo_log.heard == []
    assert it.alpha_log.reasons == it.bravo_log.reasons == ["session-broken"]


def test_a_frame_that_is_too_long_ends_the_session() -> None:
    it = Pair()
    it.alpha.send((FRAME_BYTES_MAX + 1).to_bytes(4, "big"))
    it.turns.run()
    assert it.bravo_log.reasons == ["session-frame-too-large"]
    assert it.alpha_log.reasons == ["session-ended"]


def test_both_ends_export_the_same_and_no_other_pair_does() -> None:
    it, other = Pair(), Pair()
    assert it.alpha.exporter(b"voice", 32) == it.bravo.exporter(b"voice", 32)
    assert it.alpha.exporter(b"voice", 32) != it.alpha.exporter(b"other", 32)
    assert it.alpha.exporter(b"voice", 32) != other.alpha.exporter(b"voice", 32)


def test_whoever_waits_for_the_end_learns_its_reason() -> None:
    it = Pair()
    it.alpha.close("stopping")
    it.turns.run()
    assert asyncio.run(it.alpha.ended()) == "stopping"
    assert asyncio.run(it.bravo.ended()) == "session-ended"

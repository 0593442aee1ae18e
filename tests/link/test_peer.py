"""One peer: what is settled, which session is used, and receipts that are asked for."""

from __future__ import annotations

from openline.base.time import SECOND_US
from openline.link.events import BlobNeeded, Effect, Receipted, Send, SendEntries
from openline.link.frames import Ping, WantBlob
from openline.link.holding import Holding
from openline.link.paths import Paths
from openline.link.peer import Peer
from openline.link.pulse import NEVER
from tests.link.playbook import ALPHA, BRAVO, CHARLIE, REST, greeted, grew, held, hello, play, push, receipt, says, tip


def peer(own: int, theirs: int, receipted: int) -> Peer:
    mine, its = Holding(tip(ALPHA, own), True, receipted), Holding(tip(BRAVO, theirs), False, theirs)
    return Peer(mine, its, receipted, Paths(()), {})


def entries(effects: list[Effect]) -> list[SendEntries]:
    return [effect for effect in effects if isinstance(effect, SendEntries)]


def test_there_are_two_logs_in_each_direction_and_no_third() -> None:
    one = peer(3, 2, 1)
    assert one.flow(ALPHA) is one.mine
    assert one.flow(BRAVO) is one.refill
    assert one.intake(BRAVO) is one.theirs
    assert one.intake(ALPHA) is one.back
    assert one.flow(CHARLIE) is None
    assert one.intake(CHARLIE) is None


def test_a_peer_is_settled_when_nothing_is_owed_either_way() -> None:
    one = peer(3, 2, 1)
    settled = [one.settled]
    one.mine.answered(3, 0)
    settled.append(one.settled)
    one.theirs.there = 3
    settled.append(one.settled)
    assert settled == [False, True, False]


def test_without_a_session_nothing_is_due() -> None:
    assert peer(3, 2, 1).due() == NEVER


def test_blobs_wait_until_both_ends_are_settled() -> None:
    talk = greeted(play())
    talk >> grew(1) << REST
    talk >> says(1, push(0, 1)) << REST
    talk >> BlobNeeded(BRAVO, bytes(32), 10, 0)
    talk >> held(1) << Send(1, receipt(BRAVO, 1))
    talk >> says(1, receipt(ALPHA, 1))
    assert talk.left[-1] == Send(1, WantBlob(bytes(32), 0))
    talk << REST


def test_a_missing_receipt_is_asked_for_with_growing_patience() -> None:
    talk = greeted(play(own=5, receipted=3), answer=hello(theirs=5))
    assert entries(talk.until(SECOND_US)) == []
    asked = entries(talk.until(60 * SECOND_US))
    assert set(asked) == {SendEntries(1, ALPHA, 4, 5)}
    assert 3 <= len(asked) <= 5


def test_receipts_that_keep_coming_are_not_asked_for() -> None:
    talk = greeted(play())
    for size in range(1, 60):
        talk >> grew(size) << REST
        talk >> says(1, receipt(ALPHA, size)) << REST
        assert not entries(talk.until(SECOND_US // 5))
        talk >> says(1, Ping(size, 0, 0, 0)) << REST
        talk >> Receipted(BRAVO, size)

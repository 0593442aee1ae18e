"""What a HELLO tells of a salt key counts when a signed push has proved it: a lie spoils its own session only."""

from __future__ import annotations

import pytest

from openline.link.events import Opened
from openline.link.frames import Hello, Push
from openline.node.keeper import tip_of
from openline.record.ports import SaltKey
from tests.node.houses import ALPHA, BRAVO, LINE, START, House, origin
from tests.node.keepers import ME, PEER, Side, a_push, connected, refused


def salt_keys(alpha: Side) -> list[bytes]:
    """Bravo's salt keys as alpha has written them."""
    kept = [write for write in alpha.written if isinstance(write, SaltKey)]
    assert {write.origin for write in kept} <= {origin(BRAVO)}
    return [write.salt_key for write in kept]


def greets(alpha: Side, bravo: Side, session: int, salt_key: bytes) -> None:
    """Somebody with bravo's TLS key says HELLO to alpha on a further session."""
    own, alpha.peer_of[session] = bravo.keeper.own, PEER
    alpha.tell(Opened(session, PEER, "fibre", dialled=False))
    tips = (tip_of(ME, bravo.keeper.logs[ME].signed), tip_of(PEER, own.signed))
    alpha.hear(session, Hello((1, 1), LINE, (ALPHA, BRAVO), PEER, "fibre", START.ms, salt_key, 0, tips, own.size))
    alpha.turn()


def test_the_salt_key_of_a_peer_is_kept_once_its_first_push_has_proved_it() -> None:
    table, (alpha, bravo) = connected()
    assert salt_keys(alpha) == []
    for _ in range(2):
        bravo.say()
        bravo.turn()
        table.settle()
    assert salt_keys(alpha) == [next(head for head in House(BRAVO).store().heads() if head.own).salt_key]
    again = alpha.restarted()
    assert again.keeper.logs[PEER].salt_key == bravo.keeper.own.salt_key


@pytest.mark.parametrize("before", [0, 1], ids=["before the first entry", "later"])
def test_a_false_salt_key_spoils_nothing_but_the_session_it_was_told_on(before: int) -> None:
    table, (alpha, bravo) = connected()
    for _ in range(before):
        bravo.say()
        bravo.turn()
        table.settle()
    greets(alpha, bravo, 2, bytes(range(32)))
    push = a_push(bravo)
    alpha.hear(1, push)
    alpha.turn()
    assert alpha.keeper.logs[PEER].size == before + 1
    assert salt_keys(alpha) == [bravo.keeper.own.salt_key]
    assert not alpha.dropped


def test_a_push_under_a_false_salt_key_is_refused_and_changes_none() -> None:
    _, (alpha, bravo) = connected()
    greets(alpha, bravo, 2, bytes(range(32)))
    before = alpha.keeper.logs[PEER].salt_key
    alpha.hear(2, a_push(bravo))
    alpha.turn()
    assert alpha.keeper.logs[PEER].size == 0
    assert alpha.keeper.logs[PEER].salt_key == before
    assert salt_keys(alpha) == []


def test_a_log_that_was_founded_anew_and_given_back_goes_on_under_another_salt_key() -> None:
    table, (alpha, bravo) = connected()
    bravo.say()
    bravo.turn()
    table.settle()
    bravo.keeper.own.salt_key = bytes(range(32))
    greets(alpha, bravo, 2, bytes(range(32)))
    alpha.hear(2, a_push(bravo))
    alpha.turn()
    assert alpha.keeper.logs[PEER].size == 2
    assert salt_keys(alpha)[-1] == bytes(range(32))


def test_our_own_log_keeps_its_salt_key_whatever_a_peer_tells() -> None:
    _, (alpha, bravo) = connected()
    alpha.say()
    alpha.turn()
    (push,) = alpha.frames(Push)
    anew = Side(ALPHA)
    former, anew.keeper.own.salt_key = anew.keeper.own.salt_key, bytes(range(32))
    greets(anew, bravo, 1, former)
    refused(anew, push)
    assert anew.keeper.own.salt_key == bytes(range(32))

"""A restored log waits for its own entries: quarantine, from the first word of a peer to the last entry given back."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.base.limits import QUARANTINE_SETTLES_US
from openline.base.time import HOUR_US
from openline.link.events import Closed, Opened, Tick
from openline.link.frames import Hello
from openline.record.ports import Append, Quarantine, Receipt, Signed
from openline.record.tree import Frontier
from tests.node.houses import ALPHA, BRAVO, CHARLIE, LINE, House, message, origin
from tests.node.keepers import ME, PEER, Side, Table, connected, refused, stated


def restored(alpha: Side, size: int, told: bool, receipts: bool = False) -> Side:
    """Alpha's machine with the record it had at `size` entries; `told` as the restore command leaves it.

    With `receipts` the peers' for these entries are there too.
    """
    house = House(ALPHA, alpha.keeper.setup.members)
    store = house.store()
    entries = alpha.store.entries(origin(ALPHA), 0, size)
    tree = Frontier()
    for entry in entries:
        tree.append(entry.leaf_hash)
    signed = alpha.store.checkpoint(origin(ALPHA), size)
    if signed is not None:
        store.commit([Append(tuple(entries), signed, tree.pack())])
    if receipts:
        store.commit([one for one in alpha.store.receipts(origin(ALPHA), 0) if one.size <= size])
    if told:
        store.commit([Quarantine(origin(ALPHA), True)])
    side = Side(ALPHA, alpha.keeper.setup.members, house)
    side.now = alpha.now
    return side


def with_history(count: int = 3) -> tuple[Side, Side]:
    """Alpha has said `count` messages that bravo holds."""
    table, (alpha, bravo) = connected()
    for number in range(count):
        alpha.say(message(f"number {number}"))
        alpha.turn()
        table.settle()
    bravo.tell(Closed(1, "session-broken"))
    return alpha, bravo


def test_a_restored_log_says_nothing_before_the_peer_has_told_what_it_holds() -> None:
    alpha, _ = with_history()
    again = restored(alpha, 3, told=True)
    assert again.keeper.own.quarantined
    with pytest.raises(UsageError, match="log-quarantined"):
        again.say()


def test_a_restored_log_is_refilled_by_the_peer_and_then_free_again() -> None:
    alpha, bravo = with_history()
    again = restored(alpha, 1, told=True)
    table = Table(again, bravo)
    table.settle()
    table.pass_by(QUARANTINE_SETTLES_US)
    again.tell(Tick())
    again.turn()
    assert again.keeper.own.size == 3
    assert not again.keeper.own.quarantined
    assert again.store.entries(origin(ALPHA), 0, 9) == alpha.store.entries(origin(ALPHA), 0, 9)
    assert not next(head for head in again.store.heads() if head.own).quarantined
    assert again.say()[0].index == 3
    again.turn()
    table.settle()
    assert bravo.keeper.logs[ME].size == 4
    assert not bravo.keeper.forked


def test_a_restored_log_that_nobody_has_entries_of_is_free_when_that_is_known() -> None:
    alpha, _ = with_history()
    fresh = Side(BRAVO)
    again = restored(alpha, 3, told=True)
    table = Table(again, fresh)
    table.settle()
    assert again.keeper.own.quarantined, "it waits a while, for a commit that may be under way"
    table.pass_by(QUARANTINE_SETTLES_US)
    again.tell(Tick())
    again.turn()
    assert not again.keeper.own.quarantined


def test_a_peer_that_holds_more_of_our_log_than_we_do_puts_us_into_quarantine() -> None:
    alpha, bravo = with_history()
    again = restored(alpha, 1, told=False)
    assert again.say()[0].index == 1
    again.close()
    Table(again, bravo).carry()
    assert again.keeper.own.quarantined
    with pytest.raises(UsageError, match="log-quarantined"):
        again.say()
    assert [write for write in again.close().writes if isinstance(write, Quarantine)]


def test_what_was_said_in_the_turn_in_which_quarantine_begins_is_not_signed() -> None:
    alpha, bravo = with_history()
    again = restored(alpha, 1, told=False)
    again.say(message("before the peer was heard"))
    Table(again, bravo).carry()
    assert again.keeper.own.quarantined
    assert not [write for write in again.close().writes if isinstance(write, Append)]


def test_a_peer_that_hides_what_it_has_signed_for_does_not_end_quarantine() -> None:
    alpha, bravo = with_history()
    again = restored(alpha, 2, told=True, receipts=True)
    assert again.keeper.receipted == {BRAVO: 2}
    again.peer_of[1] = PEER
    again.tell(Opened(1, PEER, "fibre", dialled=False))
    key = bravo.keeper.own.salt_key
    again.hear(1, Hello((1, 1), LINE, (ALPHA, BRAVO), PEER, "fibre", again.now.ms, key, 0, (), 0))
    again.now = again.now.plus(QUARANTINE_SETTLES_US)
    again.tell(Tick())
    assert again.keeper.own.quarantined
    again.hear(1, stated(alpha.store.checkpoints(origin(ALPHA), 0, 1)[0], ME))
    again.now = again.now.plus(QUARANTINE_SETTLES_US)
    again.tell(Tick())
    assert again.keeper.own.quarantined
    with pytest.raises(UsageError, match="log-quarantined"):
        again.say()
    again.tell(Closed(1, "session-broken"))
    table = Table(again, bravo)
    table.settle()
    table.pass_by(QUARANTINE_SETTLES_US)
    again.tell(Tick())
    assert again.keeper.own.size == 3
    assert not again.keeper.own.quarantined


def test_a_peer_that_has_lost_what_it_signed_for_gets_it_back_signs_anew_and_ends_quarantine() -> None:
    alpha, _ = with_history()
    again = restored(alpha, 3, told=True, receipts=True)
    table = Table(again, Side(BRAVO))
    table.settle()
    assert again.keeper.own.quarantined
    table.pass_by(QUARANTINE_SETTLES_US)
    again.tell(Tick())
    again.turn()
    assert not [write for write in again.written if isinstance(write, Receipt)], "we have that receipt already"
    assert not again.keeper.own.quarantined


def test_a_claim_about_our_log_without_our_signature_changes_nothing() -> None:
    _, (alpha, _) = connected()
    lie = Signed(origin(ALPHA), 9, bytes(32), bytes(64))
    refused(alpha, stated(lie, ME))
    assert not alpha.keeper.own.quarantined


def test_quarantine_ends_only_when_every_peer_has_told_its_tip() -> None:
    parties = (ALPHA, BRAVO, CHARLIE)
    house = House(ALPHA, parties)
    house.store().commit([Quarantine(origin(ALPHA, "alpha-bravo-charlie"), True)])
    alpha, bravo, charlie = Side(ALPHA, parties, house), Side(BRAVO, parties), Side(CHARLIE, parties)
    table = Table(alpha, bravo)
    table.settle()
    table.pass_by(HOUR_US)
    alpha.tell(Tick())
    assert alpha.keeper.own.quarantined
    table.sides = (alpha, bravo, charlie)
    charlie.now = alpha.now
    table.connect(alpha, charlie)
    table.settle()
    table.pass_by(QUARANTINE_SETTLES_US)
    alpha.tell(Tick())
    assert not alpha.keeper.own.quarantined


def test_a_peer_that_states_an_empty_log_of_ours_has_told_its_tip() -> None:
    _, (alpha, _) = connected()
    alpha.keeper.own.quarantined = True
    assert alpha.keeper._tips == {PEER: 0}

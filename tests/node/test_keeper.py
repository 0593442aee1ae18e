"""The keeper of one line: what it accepts, refuses, keeps as evidence and signs, and that nothing leaves too early."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openline.base.errors import BusyError, UsageError
from openline.base.limits import CREDIT_BYTES, CREDIT_ENTRIES
from openline.identity.names import mirror_name
from openline.link.events import PresenceChanged, Tick
from openline.link.frames import Ack, Hello, Ping, Presence, Push, SealFrame, Tip, Want
from openline.link.frames import Evidence as EvidenceFrame
from openline.node import credit
from openline.record.checkpoint import Checkpoint
from openline.record.entry import Precedence
from openline.record.ports import Append, Command, Evidence, Receipt, SaltKey, Signed
from openline.record.receipts import give_receipt, give_seal
from openline.record.tree import Frontier
from tests.node.houses import ALPHA, BRAVO, CHARLIE, LINE, START, message, origin, secrets_of
from tests.node.keepers import ME, PEER, Side, Table, a_push, connected, refused, stated


def signed_by(party: str, size: int, root: bytes) -> Signed:
    """A checkpoint of the party's own log, signed by it, true or not."""
    checkpoint = Checkpoint(origin(party), size, root)
    return Signed(origin(party), size, root, secrets_of(party).log.sign(checkpoint.body()))


def another_history(party: str, size: int) -> Signed:
    """A log of `size` entries that nobody else has seen, signed by its owner."""
    tree = Frontier()
    for number in range(size):
        tree.append(bytes([number]) * 32)
    return signed_by(party, size, tree.root())


# The road of one message


def test_a_message_is_held_by_the_peer_and_receipted_in_two_frames() -> None:
    table, (alpha, bravo) = connected()
    (entry,) = alpha.say(message("to the peer"))
    alpha.turn()
    (push,) = alpha.sent
    assert isinstance(push[1], Push)
    table.carry()
    bravo.turn()
    (ack,) = bravo.sent
    assert isinstance(ack[1], Ack)
    assert bravo.store.entries(origin(ALPHA), 0, 9) == [entry]
    table.carry()
    alpha.turn()
    assert alpha.keeper.receipted == {BRAVO: 1}
    assert alpha.keeper.waiting() == 0
    assert alpha.store.newest_receipt(origin(ALPHA), mirror_name(origin(BRAVO))) is not None
    assert alpha.keeper.book.digest() == bravo.keeper.book.digest()


def test_nothing_of_a_saying_leaves_before_its_commit() -> None:
    _, (alpha, _) = connected()
    alpha.say()
    assert not alpha.sent
    turn = alpha.close()
    alpha.let_out(alpha.keeper.take_out())
    alpha.tell(Tick(), PresenceChanged(Presence.OFFICER))
    assert not [frame for _, frame in alpha.sent if isinstance(frame, Push)]
    assert alpha.keeper.book.size(origin(ALPHA)) == 0, "nor is it shown"
    alpha.commit(turn)
    assert [frame for _, frame in alpha.sent if isinstance(frame, Push)]
    assert alpha.keeper.book.size(origin(ALPHA)) == 1


def test_no_receipt_leaves_before_the_entries_and_it_are_durable() -> None:
    table, (alpha, bravo) = connected()
    alpha.say()
    alpha.turn()
    table.carry()
    turn = bravo.close()
    kinds = [type(write) for write in turn.writes]
    assert kinds == [SaltKey, Append, Receipt], "what they were rebuilt with, entries and cosignature are one commit"
    assert not bravo.sent
    bravo.commit(turn)
    assert bravo.frames(Ack)


def test_a_heartbeat_needs_no_commit_and_leaves_at_once() -> None:
    table, (alpha, bravo) = connected()
    table.pass_by(16_000_000)
    alpha.tell(Tick())
    assert alpha.frames(Ping)
    table.carry()
    assert not bravo.close().writes
    (peer,) = alpha.keeper.engine.health()
    assert peer.heard == alpha.now, "and is answered"


def test_a_commit_takes_many_sayings_and_one_signature() -> None:
    _, (alpha, _) = connected()
    for number in range(5):
        alpha.say(message(f"number {number}"))
    (append,) = alpha.close().writes
    assert isinstance(append, Append)
    assert [entry.index for entry in append.entries] == [0, 1, 2, 3, 4]


def test_arrival_numbers_follow_the_order_of_the_writes() -> None:
    table, (alpha, bravo) = connected()
    alpha.say()
    alpha.turn()
    table.carry()
    bravo.say(), bravo.say()
    turn = bravo.close()
    assert [(one.seq, one.entry.origin) for one in turn.arrived] == [
        (1, origin(ALPHA)),
        (2, origin(BRAVO)),
        (3, origin(BRAVO)),
    ]
    bravo.commit(turn)
    assert bravo.store.arrived(0, 9) == turn.arrived


def test_an_entry_names_what_its_author_had_seen_and_only_when_that_is_news() -> None:
    table, (alpha, bravo) = connected()
    alpha.say()
    alpha.turn()
    table.settle()
    first, second = bravo.say(), bravo.say()
    assert [(row.origin, row.size) for row in first[0].leaf.seen] == [(origin(ALPHA), 1)]
    assert second[0].leaf.seen == ()


def test_after_a_restart_the_same_keeper_is_there_again() -> None:
    table, (alpha, _) = connected()
    for text in ("one", "two"):
        alpha.say(message(text))
        alpha.turn()
        table.settle()
    again = alpha.restarted()
    assert again.keeper.book.digest() == alpha.keeper.book.digest()
    assert again.keeper.receipted == {BRAVO: 2}
    assert again.keeper.own.size == 2
    assert again.say()[0].index == 2


# What may be said


def test_an_idempotency_key_is_written_with_its_entries_or_not_at_all() -> None:
    _, (alpha, _) = connected()
    entries = alpha.say(message("a"), message("b"), key="k-1")
    alpha.turn()
    assert alpha.store.command("k-1") == Command("k-1", LINE, tuple(entry.ref for entry in entries), START)


def test_a_precedence_whose_credit_is_used_up_waits_and_flash_never_does(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, entries in (("ROUTINE", 2), ("PRIORITY", 3), ("IMMEDIATE", 4)):
        monkeypatch.setitem(CREDIT_ENTRIES, name, entries)
    _, (alpha, _) = connected()
    alpha.say(), alpha.say()
    for precedence in (Precedence.ROUTINE, Precedence.PRIORITY, Precedence.IMMEDIATE):
        with pytest.raises(BusyError, match="line-full") as why:
            alpha.say(message(precedence=precedence))
        assert why.value.facts["precedence"] == precedence.name
        assert alpha.say(message(precedence=Precedence.FLASH))
    assert alpha.say(message(precedence=None)), "what has no precedence is the line's own business"
    assert alpha.keeper.own.size == 6, "what was refused is nowhere"


def test_what_waits_is_weighed_too_and_flash_never_waits_behind_hours_of_routine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, size_bytes in (("ROUTINE", 100_000), ("PRIORITY", 150_000), ("IMMEDIATE", 200_000)):
        monkeypatch.setitem(CREDIT_BYTES, name, size_bytes)
    _, (alpha, _) = connected()
    long = "x" * 50_000
    for precedence, more in ((Precedence.ROUTINE, 2), (Precedence.PRIORITY, 1), (Precedence.IMMEDIATE, 1)):
        for _ in range(more):
            alpha.say(message(long, precedence))
            alpha.turn()
        with pytest.raises(BusyError, match="line-full") as why:
            alpha.say(message("short", precedence))
        assert why.value.facts == {"line": LINE, "waiting": alpha.keeper.own.size, "precedence": precedence.name}
    assert alpha.say(message(precedence=Precedence.FLASH))
    assert alpha.say(message(precedence=None))


def test_what_has_no_precedence_is_refused_last_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credit, "CREDIT_BYTES_WITHOUT_PRECEDENCE", 1_000)
    _, (alpha, _) = connected()
    alpha.say(message("x" * 2_000, None))
    with pytest.raises(BusyError, match="line-full") as why:
        alpha.say(message("short", None))
    assert why.value.facts["precedence"] == "ROUTINE", "what is surely refused; FLASH is not"
    assert alpha.say(message(precedence=Precedence.FLASH))


def test_what_waits_weighs_in_the_open_turn_in_a_turn_under_way_and_after_a_restart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(CREDIT_BYTES, "ROUTINE", 1_000)
    table, (alpha, _) = connected()
    alpha.say(message("x" * 2_000))
    with pytest.raises(BusyError):
        alpha.say()
    turn = alpha.close()
    with pytest.raises(BusyError):
        alpha.say()
    alpha.commit(turn)
    with pytest.raises(BusyError):
        alpha.say()
    table.settle()
    assert alpha.keeper.credit.waiting_bytes == 0
    alpha.say(message("x" * 2_000))
    alpha.turn()
    with pytest.raises(BusyError):
        alpha.restarted().say()


def test_credit_comes_back_with_the_receipts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CREDIT_ENTRIES, "ROUTINE", 1)
    table, (alpha, _) = connected()
    alpha.say()
    with pytest.raises(BusyError):
        alpha.say()
    alpha.turn()
    table.settle()
    assert alpha.say()


def test_with_three_members_the_slowest_counts() -> None:
    sides = [Side(party, (ALPHA, BRAVO, CHARLIE)) for party in (ALPHA, BRAVO, CHARLIE)]
    alpha, bravo, charlie = sides
    table = Table(alpha, bravo)
    table.settle()
    alpha.say()
    alpha.turn()
    table.settle()
    assert alpha.keeper.receipted == {BRAVO: 1, CHARLIE: 0}
    assert alpha.keeper.waiting() == 1
    table.sides = (alpha, bravo, charlie)
    table.connect(alpha, charlie)
    table.settle()
    assert alpha.keeper.receipted == {BRAVO: 1, CHARLIE: 1}
    assert alpha.keeper.waiting() == 0
    assert charlie.keeper.book.digest() == alpha.keeper.book.digest()


# What a peer offers


def test_a_push_with_a_wrong_signature_is_refused_and_the_right_one_taken_later() -> None:
    table, (alpha, bravo) = connected()
    push = a_push(bravo)
    refused(alpha, Push(push.member, push.base, push.base_ms, push.items, bytes(64)))
    alpha.hear(1, push)
    alpha.turn()
    assert alpha.keeper.logs[PEER].size == 1
    table.settle()


def test_a_push_whose_entries_were_changed_is_refused() -> None:
    _, (alpha, bravo) = connected()
    push = a_push(bravo)
    refused(alpha, Push(push.member, push.base, push.base_ms + 1, push.items, push.signature))
    refused(alpha, Push(push.member, push.base, push.base_ms, [b"not an entry"], push.signature))


def test_the_third_refused_push_ends_the_session() -> None:
    _, (alpha, bravo) = connected()
    push = a_push(bravo)
    for _ in range(3):
        refused(alpha, Push(push.member, push.base, push.base_ms, push.items, bytes(64)))
    assert alpha.dropped == [(1, "peer-push-unsigned")]


def test_a_push_that_names_what_we_do_not_hold_is_refused_for_now() -> None:
    table, (alpha, bravo) = connected()
    (first,) = bravo.say(message("one"))
    bravo.turn()
    (one,) = bravo.frames(Push)
    bravo.sent.clear()
    bravo.say(message("two", refs=(first.ref,)))
    bravo.turn()
    (two,) = bravo.frames(Push)
    assert isinstance(one, Push)
    assert isinstance(two, Push)
    alpha.hear(1, two)
    assert alpha.frames(Want), "a gap is asked for"
    alpha.sent.clear()
    table.settle()


def test_a_push_of_an_unknown_peer_key_is_refused() -> None:
    _, (alpha, bravo) = connected()
    push = a_push(bravo)
    alpha.keeper._trust._accepted.pop(BRAVO)
    refused(alpha, push)


def test_a_push_that_comes_again_brings_nothing_and_is_answered_with_the_receipt() -> None:
    table, (alpha, bravo) = connected()
    push = a_push(bravo)
    alpha.hear(1, push)
    alpha.turn()
    table.settle()
    alpha.hear(1, push)
    turn = alpha.close()
    assert not turn.writes
    assert alpha.frames(Ack)


def test_a_push_that_overlaps_brings_only_what_is_new() -> None:
    _, (alpha, bravo) = connected()
    for text in ("one", "two"):
        bravo.say(message(text))
        bravo.turn()
    first, second = bravo.frames(Push)
    assert isinstance(first, Push)
    assert isinstance(second, Push)
    alpha.hear(1, first)
    alpha.turn()
    both = Push(first.member, first.base, first.base_ms, [*first.items, *second.items], second.signature)
    alpha.hear(1, both)
    (append, _) = alpha.close().writes
    assert isinstance(append, Append)
    assert [entry.index for entry in append.entries] == [1]


# Receipts


def test_a_receipt_by_another_key_is_refused() -> None:
    _, (alpha, bravo) = connected()
    alpha.say()
    alpha.turn()
    signed = alpha.keeper.own.signed
    assert signed is not None
    wrong = give_receipt(signed, origin(BRAVO), secrets_of(CHARLIE).receipt, bravo.now)
    refused(alpha, Ack(ME, 1, wrong.time_s, wrong.signature))
    assert alpha.keeper.receipted == {BRAVO: 0}
    right = give_receipt(signed, origin(BRAVO), secrets_of(BRAVO).receipt, bravo.now)
    alpha.hear(1, Ack(ME, 1, right.time_s, right.signature))
    alpha.turn()
    assert alpha.keeper.receipted == {BRAVO: 1}


def test_a_receipt_whose_time_was_changed_is_refused() -> None:
    _, (alpha, _) = connected()
    alpha.say()
    alpha.turn()
    assert alpha.keeper.own.signed is not None
    right = give_receipt(alpha.keeper.own.signed, origin(BRAVO), secrets_of(BRAVO).receipt, START)
    refused(alpha, Ack(ME, 1, right.time_s + 1, right.signature))


def test_a_receipt_for_a_size_that_was_never_signed_is_passed_over() -> None:
    _, (alpha, _) = connected()
    alpha.say(), alpha.say()
    alpha.turn()
    alpha.hear(1, Ack(ME, 1, START.seconds, bytes(64)))
    assert not alpha.close().writes


def test_no_receipt_counts_before_it_is_durable() -> None:
    table, (alpha, bravo) = connected()
    alpha.say()
    alpha.turn()
    table.carry()
    bravo.turn()
    table.carry()
    turn = alpha.close()
    assert alpha.keeper.receipted == {BRAVO: 0}
    alpha.commit(turn)
    assert alpha.keeper.receipted == {BRAVO: 1}


def test_a_late_receipt_for_less_takes_nothing_back() -> None:
    _, (alpha, _) = connected()
    acks: list[Ack] = []
    for _ in range(2):
        alpha.say()
        alpha.turn()
        assert alpha.keeper.own.signed is not None
        given = give_receipt(alpha.keeper.own.signed, origin(BRAVO), secrets_of(BRAVO).receipt, START)
        acks.append(Ack(ME, given.size, given.time_s, given.signature))
    alpha.hear(1, acks[1])
    first = alpha.close()
    alpha.hear(
        1, stated(Signed(origin(ALPHA), 9, bytes(32), bytes(64)), ME)
    )  # a refusal, after which all is asked anew
    alpha.hear(1, acks[0])
    second = alpha.close()
    alpha.commit(first)
    alpha.commit(second)
    assert alpha.keeper.receipted == {BRAVO: 2}


# Seals


def a_seal(by: str, log: str, size: int, root: bytes, cosigner: str) -> SealFrame:
    parties = (ALPHA, BRAVO)
    seal = give_seal(Signed(log, size, root, bytes(64)), cosigner, secrets_of(by).seal, START)
    member = parties.index(log.split("/", maxsplit=1)[0])
    return SealFrame(member, size, parties.index(BRAVO), seal.time_s, seal.signature)


def test_a_peers_seal_of_its_own_log_and_of_ours_is_kept() -> None:
    table, (alpha, bravo) = connected()
    bravo.say()
    alpha.say()
    for side in (alpha, bravo):
        side.turn()
    table.settle()
    for log in (origin(ALPHA), origin(BRAVO)):
        root = alpha.keeper.held.root_at(log, 1)
        assert root is not None
        name = log if log == origin(BRAVO) else mirror_name(origin(BRAVO))
        alpha.hear(1, a_seal(BRAVO, log, 1, root, name))
        alpha.turn()
        (kept,) = alpha.store.seals(log)
        assert (kept.cosigner, kept.root) == (name, root)


def test_a_seal_that_does_not_hold_is_not_kept() -> None:
    table, (alpha, bravo) = connected()
    bravo.say()
    bravo.turn()
    table.settle()
    root = alpha.keeper.held.root_at(origin(BRAVO), 1)
    assert root is not None
    refused(alpha, a_seal(CHARLIE, origin(BRAVO), 1, root, origin(BRAVO)))
    refused(alpha, a_seal(BRAVO, origin(BRAVO), 1, bytes(32), origin(BRAVO)))
    refused(alpha, a_seal(BRAVO, origin(BRAVO), 2, root, origin(BRAVO)))


# Forks


def test_two_signed_histories_are_kept_as_evidence_once_and_nothing_more_is_accepted() -> None:
    table, (alpha, bravo) = connected()
    bravo.say()
    bravo.turn()
    table.settle()
    mine = alpha.keeper.logs[PEER].signed
    theirs = another_history(BRAVO, 1)
    alpha.hear(1, stated(theirs, PEER))
    alpha.turn()
    assert alpha.keeper.forked == {BRAVO: "log-forked"}
    kept = alpha.evidence()
    assert mine is not None
    assert [row.data for row in kept] == [
        one.size.to_bytes(8, "big") + one.root + one.signature for one in (mine, theirs)
    ]
    assert {(row.line, row.origin, row.fault) for row in kept} == {(LINE, origin(BRAVO), "log-forked")}
    alpha.hear(1, stated(theirs, PEER))
    alpha.turn()
    assert len(alpha.evidence()) == 2, "the same fork is kept once"
    refused(alpha, a_push(bravo))
    with pytest.raises(UsageError, match="line-forked") as why:
        alpha.say()
    assert why.value.facts["party"] == BRAVO


def test_a_fork_below_our_newest_checkpoint_is_noticed_as_well() -> None:
    table, (alpha, bravo) = connected()
    bravo.say(), bravo.say(), bravo.say()
    bravo.turn()
    table.settle()
    alpha.hear(1, stated(another_history(BRAVO, 2), PEER))
    assert alpha.keeper.forked == {BRAVO: "log-forked"}


def test_a_statement_that_is_not_signed_by_its_owner_forks_nothing() -> None:
    table, (alpha, bravo) = connected()
    bravo.say()
    bravo.turn()
    table.settle()
    lie = replace(another_history(BRAVO, 1), signature=bytes(64))
    refused(alpha, stated(lie, PEER))
    assert not alpha.keeper.forked
    assert not alpha.evidence()


def test_a_fork_counts_after_a_restart_too() -> None:
    table, (alpha, bravo) = connected()
    bravo.say()
    bravo.turn()
    table.settle()
    alpha.hear(1, stated(another_history(BRAVO, 1), PEER))
    alpha.turn()
    again = alpha.restarted()
    assert again.keeper.forked == {BRAVO: "log-forked"}
    with pytest.raises(UsageError, match="line-forked"):
        again.say()


def test_when_our_own_log_is_forked_we_say_nothing_more() -> None:
    table, (alpha, _) = connected()
    alpha.say()
    alpha.turn()
    table.settle()
    alpha.hear(1, stated(another_history(ALPHA, 1), ME))
    alpha.turn()
    assert alpha.keeper.forked == {ALPHA: "log-forked"}
    with pytest.raises(UsageError, match="line-forked"):
        alpha.say()


def test_equal_statements_of_both_ends_are_no_fork() -> None:
    table, (alpha, bravo) = connected()
    bravo.say()
    bravo.turn()
    table.settle()
    assert bravo.keeper.own.signed is not None
    alpha.hear(1, stated(bravo.keeper.own.signed, PEER))
    assert not alpha.keeper.forked


# What has to wait for the commit


def test_what_is_to_be_sent_after_the_commit_goes_to_every_connected_peer() -> None:
    _, (alpha, _, _) = connected(ALPHA, BRAVO, CHARLIE)
    frame = SealFrame(ME, 1, ME, START.seconds, bytes(8))
    alpha.sent.clear()
    alpha.keeper.send_after(frame)
    alpha.let_out(alpha.keeper.take_out())
    assert not alpha.frames(SealFrame)
    alpha.turn()
    assert [number for number, one in alpha.sent if one == frame] == [1, 2]


def test_what_is_kept_beside_entries_is_part_of_the_turn() -> None:
    _, (alpha, _) = connected()
    evidence = Evidence(LINE, origin(BRAVO), "peer-frame-wrong", START, b"?")
    alpha.keeper.keep(evidence)
    assert alpha.close().writes == [evidence]


def test_a_refusal_never_shows_a_tip_that_is_not_durable() -> None:
    table, (alpha, _) = connected()
    alpha.say()
    turn = alpha.close()
    alpha.sent.clear()
    alpha.hear(1, stated(Signed(origin(ALPHA), 9, bytes(32), bytes(64)), ME))
    assert not alpha.frames(EvidenceFrame), "our signature over what may yet be lost has not left"
    alpha.commit(turn)
    table.settle()


def test_a_hello_shows_no_tip_that_is_not_durable() -> None:
    _, (alpha, _) = connected()
    alpha.say()
    alpha.close()
    other = Side(BRAVO)
    Table(alpha, other)
    (hello,) = alpha.frames(Hello)
    assert isinstance(hello, Hello)
    assert hello.tips[0] == Tip(ME, 0, None, None)

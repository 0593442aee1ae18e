"""The storage contract (record/ports.py), told once and held against every engine."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from openline.base.errors import StoreError
from openline.base.limits import BATCH_ENTRIES_MAX, BODY_BYTES_MAX
from openline.base.time import DAY_US, Instant
from openline.record.entry import Ref
from openline.record.ports import (
    Append,
    Command,
    Evidence,
    Introduction,
    LineOpened,
    OpenLog,
    Quarantine,
    Receipt,
    SaltKey,
    Seal,
    Write,
)
from tests.store.authors import ALPHA, BRAVO, LINE, NOW, Author, Engine, contents


def refused(message_id: str) -> pytest.RaisesExc[StoreError]:
    return pytest.RaisesExc(StoreError, check=lambda why: why.message_id == message_id)


# Growing


def test_a_new_log_is_empty(engine: Engine) -> None:
    store = engine.open(Author().opened)
    (head,) = store.heads()
    assert (head.origin, head.line, head.own, head.size, head.signed) == (ALPHA, LINE, True, 0, None)
    assert (head.frontier, head.salt_key, head.quarantined) == (b"", Author().salt_key, False)
    assert not store.entries(ALPHA, 0, 10)
    assert not store.arrived(0, 10)
    assert not store.checkpoints(ALPHA, 0, 10)


def test_what_was_appended_is_read_back_as_it_was(engine: Engine) -> None:
    author = Author()
    store = engine.open(author.opened, said := author.says(b"one", b"two"))
    assert store.entries(ALPHA, 0, 10) == author.entries
    assert store.checkpoint(ALPHA, 2) == author.signed()
    (head,) = store.heads()
    assert (head.size, head.signed, head.frontier) == (2, author.signed(), said.frontier)


def test_everything_is_there_after_a_restart(engine: Engine) -> None:
    alpha, bravo = Author(), Author(BRAVO, own=False)
    store = engine.open(alpha.opened, bravo.opened, alpha.says(b"one"), bravo.says(b"two"), alpha.receipt(1))
    before = contents(store)
    assert contents(engine.reopen(store)) == before


def test_opening_an_open_log_changes_nothing(engine: Engine) -> None:
    author = Author()
    store = engine.open(author.opened, author.says(b"one"))
    before = contents(store)
    store.commit([OpenLog(ALPHA, "other-line", False, b"other salt key")])
    assert contents(store) == before


def test_a_log_may_be_opened_and_appended_to_in_one_commit_after_others(engine: Engine) -> None:
    alpha, bravo = Author(), Author(BRAVO)
    store = engine.open(alpha.opened, alpha.says(b"one"))
    store.commit([bravo.opened, bravo.says(b"two"), alpha.says(b"three"), alpha.says(b"four")])
    assert [arrived.entry.body for arrived in store.arrived(0, 10)] == [b"one", b"two", b"three", b"four"]
    assert [head.size for head in store.heads()] == [3, 1]


def test_an_append_that_leaves_a_gap_is_refused_whole(engine: Engine) -> None:
    author = Author()
    store = engine.open(author.opened)
    author.says(b"never stored")
    with refused("store-fenced"):
        store.commit([author.says(b"after the gap")])
    assert store.entries(ALPHA, 0, 10) == []


def test_an_append_to_a_size_already_passed_is_refused(engine: Engine) -> None:
    store = engine.open(Author().opened, Author().says(b"one"))
    with refused("store-fenced"):
        store.commit([Author().says(b"another first entry")])
    assert [entry.body for entry in store.entries(ALPHA, 0, 10)] == [b"one"]


def test_a_commit_that_is_refused_leaves_no_part_of_it(engine: Engine) -> None:
    alpha, bravo = Author(), Author(BRAVO)
    store = engine.open(alpha.opened, bravo.opened, alpha.says(b"one"))
    before = contents(store)
    skipped = bravo.says(b"never stored")
    writes: list[Write] = [
        alpha.says(b"two"),
        alpha.receipt(1),
        Quarantine(ALPHA, True),
        SaltKey(BRAVO, b"new"),
        Command("key", LINE, (), NOW),
        Evidence(LINE, BRAVO, "log-forked", NOW, b"bytes"),
        LineOpened(LINE, ("alpha.example", "bravo.example"), NOW),
        Introduction("bravo.example", b"proof", "officer", NOW),
        Author("charlie.example/line/c").opened,
        bravo.says(b"after the gap"),
    ]
    assert skipped.base == 0
    with refused("store-fenced"):
        store.commit(writes)
    assert contents(store) == before
    assert store.command("key") is None
    assert contents(engine.reopen(store)) == before


@pytest.mark.parametrize("kind", ["append", "receipt", "seal", "quarantine", "salt key"])
def test_a_write_to_a_log_that_was_never_opened_is_refused(engine: Engine, kind: str) -> None:
    author = Author()
    writes: dict[str, Write] = {
        "append": author.says(b"one"),
        "receipt": author.receipt(1),
        "seal": Seal(ALPHA, 1, bytes(32), "seal", 1, bytes(8)),
        "quarantine": Quarantine(ALPHA, True),
        "salt key": SaltKey(ALPHA, bytes(32)),
    }
    store = engine.open()
    with refused("store-broken"):
        store.commit([writes[kind]])
    assert store.heads() == []


def test_after_a_failed_commit_nothing_more_is_written_until_the_store_is_opened_again(engine: Engine) -> None:
    author = Author()
    store = engine.open(author.opened)
    with refused("store-fenced"):
        store.commit([Append(author.says(b"one", b"two").entries[1:], author.signed(), b"")])
    with refused("store-broken"):
        store.commit([Author().says(b"one")])
    engine.reopen(store).commit([Author().says(b"one")])


def test_an_append_that_is_not_one_run_of_one_log_is_a_bug(engine: Engine) -> None:
    author = Author()
    store = engine.open(author.opened)
    said = author.says(b"one", b"two")
    wrong = [
        replace(said, entries=said.entries[::-1]),
        replace(said, entries=()),
        replace(said, signed=replace(said.signed, origin=BRAVO)),
    ]
    for append in wrong:
        with pytest.raises(AssertionError):
            store.commit([append])
        store = engine.reopen(store)
    assert store.arrived(0, 10) == []


# One writer


def test_a_second_claim_fences_the_first(engine: Engine) -> None:
    author = Author()
    first = engine.open(author.opened, author.says(b"one"))
    second = engine.open()
    with refused("store-fenced"):
        first.commit([author.says(b"two")])
    second.commit([Author().receipt(1)])
    assert second.heads()[0].size == 1


def test_a_fenced_node_cannot_even_keep_a_receipt(engine: Engine) -> None:
    author = Author()
    first = engine.open(author.opened, author.says(b"one"))
    engine.open()
    with refused("store-fenced"):
        first.commit([author.receipt(1)])
    assert first.receipts(ALPHA, 0) == []


def test_every_claim_raises_the_epoch(engine: Engine) -> None:
    epochs = [engine.open(claim=False).claim() for _ in range(3)]
    assert [later - earlier for earlier, later in pairwise(epochs)] == [1, 1]


def test_the_newest_claim_writes_on_where_the_first_stopped(engine: Engine) -> None:
    author = Author()
    engine.open(author.opened, author.says(b"one"))
    second = engine.open(author.says(b"two"))
    assert [arrived.seq for arrived in second.arrived(0, 10)] == [1, 2]


def test_a_store_that_was_not_claimed_only_reads(engine: Engine) -> None:
    author = Author()
    engine.open(author.opened, author.says(b"one"))
    reader = engine.open(claim=False)
    assert reader.heads()[0].size == 1
    with pytest.raises(AssertionError):
        reader.commit([author.says(b"two")])


# Order


def test_arrival_numbers_run_over_all_logs_without_holes(engine: Engine) -> None:
    alpha, bravo = Author(), Author(BRAVO)
    store = engine.open(alpha.opened, bravo.opened)
    for author in (bravo, alpha, alpha, bravo):
        store.commit([author.says(b"a", b"b")])
    arrived = store.arrived(0, 100)
    assert [item.seq for item in arrived] == list(range(1, 9))
    assert [(item.entry.origin, item.entry.index) for item in arrived[2:6]] == [
        (ALPHA, 0),
        (ALPHA, 1),
        (ALPHA, 2),
        (ALPHA, 3),
    ]


def test_a_replay_goes_on_after_the_number_it_names(engine: Engine) -> None:
    author = Author()
    store = engine.open(author.opened, author.says(*[b"%d" % number for number in range(10)]))
    assert [item.seq for item in store.arrived(4, 3)] == [5, 6, 7]
    assert store.arrived(10, 3) == []
    assert store.arrived(0, 0) == []


def test_one_entry_is_found_with_its_arrival_number(engine: Engine) -> None:
    alpha, bravo = Author(), Author(BRAVO)
    store = engine.open(alpha.opened, bravo.opened, bravo.says(b"a", b"b"), alpha.says(b"c"), bravo.says(b"d"))
    arrived = store.arrived(0, 100)
    assert [store.arrival(item.entry.origin, item.entry.index) for item in arrived] == arrived
    assert store.arrival(ALPHA, 1) is store.arrival(BRAVO, -1) is store.arrival("charlie.example/line/c", 0) is None


def test_entries_are_read_by_range(engine: Engine) -> None:
    author = Author()
    store = engine.open(author.opened, author.says(*[b"%d" % number for number in range(10)]))
    assert store.entries(ALPHA, 3, 5) == author.entries[3:5]
    assert store.entries(ALPHA, 8, 99) == author.entries[8:]
    assert store.entries(ALPHA, 5, 5) == store.entries(ALPHA, 6, 5) == store.entries(BRAVO, 0, 9) == []


def test_checkpoints_are_those_that_were_signed(engine: Engine) -> None:
    author = Author()
    store = engine.open(author.opened)
    signed = []
    for count in (1, 3, 2):
        said = author.says(*[b"x"] * count)
        store.commit([said])
        signed.append(said.signed)
    assert store.checkpoints(ALPHA, 0, 10) == signed
    assert store.checkpoints(ALPHA, 1, 10) == signed[1:]
    assert store.checkpoints(ALPHA, 0, 2) == signed[:2]
    assert store.checkpoint(ALPHA, 4) == signed[1]
    assert store.checkpoint(ALPHA, 2) is store.checkpoint(ALPHA, 7) is store.checkpoint(BRAVO, 1) is None


# Receipts, seals, evidence


def test_receipts_come_smallest_first(engine: Engine) -> None:
    author = Author()
    store = engine.open(author.opened, author.says(b"a", b"b", b"c"))
    for size in (2, 1, 3):
        store.commit([author.receipt(size), author.receipt(size, "charlie/mirror")])
    assert [(receipt.size, receipt.cosigner[0]) for receipt in store.receipts(ALPHA, 1)] == [
        (2, "b"),
        (2, "c"),
        (3, "b"),
        (3, "c"),
    ]
    assert store.receipts(ALPHA, 3) == store.receipts(BRAVO, 0) == []


def test_no_more_receipts_are_read_than_are_asked_for(engine: Engine) -> None:
    author = Author()
    store = engine.open(author.opened, author.says(b"a", b"b", b"c"))
    store.commit([author.receipt(size, who) for size in (1, 2, 3) for who in (f"{BRAVO}/mirror", "charlie/mirror")])
    every = store.receipts(ALPHA, 1)
    assert [store.receipts(ALPHA, 1, count) for count in range(6)] == [every[:count] for count in range(6)]


def test_the_newest_receipt_is_the_one_of_the_largest_size(engine: Engine) -> None:
    author = Author()
    store = engine.open(author.opened, author.says(b"a", b"b", b"c"))
    store.commit([author.receipt(3), author.receipt(2), author.receipt(1, "charlie/mirror")])
    assert store.newest_receipt(ALPHA, f"{BRAVO}/mirror") == author.receipt(3)
    assert store.newest_receipt(ALPHA, "charlie/mirror") == author.receipt(1, "charlie/mirror")
    assert store.newest_receipt(ALPHA, "delta/mirror") is store.newest_receipt(BRAVO, "x") is None


def test_a_receipt_that_comes_again_changes_nothing(engine: Engine) -> None:
    author = Author()
    store = engine.open(author.opened, author.says(b"a"), author.receipt(1))
    store.commit([author.receipt(1), replace(author.receipt(1), time_s=5, signature=b"another")])
    assert store.receipts(ALPHA, 0) == [author.receipt(1)]


def test_seals_are_kept_in_the_order_they_came_and_once(engine: Engine) -> None:
    author = Author()
    store = engine.open(author.opened, author.says(b"a", b"b"))
    seals = [Seal(ALPHA, size, bytes(32), who, 9, bytes(2_420)) for size, who in ((2, "b"), (1, "b"), (2, "a"))]
    store.commit([*seals, replace(seals[0], signature=b"made again, at random")])
    assert store.seals(ALPHA) == seals
    assert store.seals(BRAVO) == []
    assert [store.is_sealed(ALPHA, size, "b") for size in (1, 2, 3)] == [True, True, False]
    assert not store.is_sealed(ALPHA, 1, "a")
    assert not store.is_sealed(BRAVO, 1, "b")


def test_evidence_is_kept_whatever_it_is_about(engine: Engine) -> None:
    kept = [Evidence(LINE, "unknown origin", "log-forked", NOW, data) for data in (b"", bytes(300_000), b"")]
    store = engine.open(*kept)
    assert store.evidence() == kept


def test_introductions_and_lines_come_oldest_first(engine: Engine) -> None:
    introductions = [Introduction("bravo.example", proof, "officer", NOW) for proof in (b"old", b"new")]
    lines = [LineOpened(line, ("a", "b", "c"), NOW) for line in ("zulu", "alpha")]
    store = engine.open(*introductions, *lines, replace(lines[0], members=("x", "y")))
    assert store.introductions() == introductions
    assert store.lines() == lines


# Flags and keys


def test_quarantine_is_a_flag_of_one_log(engine: Engine) -> None:
    store = engine.open(Author().opened, Author(BRAVO).opened, Quarantine(BRAVO, True))
    assert [head.quarantined for head in store.heads()] == [False, True]
    store = engine.reopen(store)
    store.commit([Quarantine(BRAVO, False)])
    assert [head.quarantined for head in store.heads()] == [False, False]


def test_a_quarantined_log_takes_its_own_entries_back(engine: Engine) -> None:
    author = Author()
    store = engine.open(author.opened, Quarantine(ALPHA, True))
    store.commit([author.says(b"held by the peer"), Quarantine(ALPHA, False)])
    assert [(head.size, head.quarantined) for head in store.heads()] == [(1, False)]


def test_a_peers_salt_key_is_kept_when_it_is_told(engine: Engine) -> None:
    store = engine.open(Author(BRAVO).opened, SaltKey(BRAVO, b"told in HELLO"))
    assert [head.salt_key for head in store.heads()] == [b"told in HELLO"]


def test_an_idempotency_key_names_what_it_made_first(engine: Engine) -> None:
    author = Author()
    said = author.says(b"one", b"two")
    first = Command("key", LINE, tuple(entry.ref for entry in said.entries), NOW)
    store = engine.open(author.opened, said, first)
    store.commit([Command("key", LINE, (), NOW.plus(1)), Command("none", LINE, (), NOW)])
    assert store.command("key") == first
    assert store.command("none") == Command("none", LINE, (), NOW)
    assert store.command("unknown") is None


def test_commands_are_kept_seven_days_and_then_pruned(engine: Engine) -> None:
    def made(key: str, days: float) -> Command:
        return Command(key, LINE, (Ref(ALPHA, 0, bytes(32)),), Instant(NOW + int(days * DAY_US)))

    store = engine.open(made("old", 0), made("young", 3))
    store.commit([made("a week later", 7)])
    assert store.command("old") is not None
    store.commit([made("another day", 8.5)])
    assert store.command("old") is None
    assert store.command("young") == made("young", 3)


# Unusual sizes


def test_bodies_may_be_empty_withheld_or_as_long_as_allowed(engine: Engine) -> None:
    author = Author()
    store = engine.open(author.opened, author.says(b"", bytes(BODY_BYTES_MAX)), author.says(b"x", withheld=True))
    bodies = [entry.body for entry in engine.reopen(store).entries(ALPHA, 0, 3)]
    assert bodies == [b"", bytes(BODY_BYTES_MAX), None]


def test_a_full_batch_is_one_append(engine: Engine) -> None:
    author = Author()
    store = engine.open(author.opened, author.says(*[b"x"] * BATCH_ENTRIES_MAX))
    assert store.checkpoints(ALPHA, 0, 10) == [author.signed()]
    assert len(store.arrived(0, 1_000)) == BATCH_ENTRIES_MAX


def test_names_may_come_in_any_script(engine: Engine) -> None:
    author = Author("штаб.example/line/штаб-قيادة")
    store = engine.open(author.opened, author.says("Привет, \u202eمرحبا".encode()), Command("ключ", "линия", (), NOW))
    assert store.entries(author.origin, 0, 1) == author.entries
    assert store.command("ключ") is not None


def test_an_empty_commit_is_fenced_like_any_other(engine: Engine) -> None:
    first = engine.open()
    first.commit([])
    engine.open()
    with refused("store-fenced"):
        first.commit([])


def test_resting_changes_nothing(engine: Engine) -> None:
    author = Author()
    store = engine.open(author.opened)
    for number in range(100):
        store.commit([author.says(b"%d" % number)])
    before = contents(store)
    store.rest()
    store.rest()
    assert contents(store) == before


def test_closing_twice_is_closing_once(engine: Engine) -> None:
    store = engine.open()
    store.close()
    store.close()
    with refused("store-broken"):
        store.commit([Receipt(ALPHA, 1, "x", 1, b"")])

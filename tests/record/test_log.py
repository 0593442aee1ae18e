"""The two ways a log grows: ours by sealing drafts, a peer's by what its owner signed and nobody else."""

from __future__ import annotations

import pytest

from openline.base.errors import ForkError, PeerError, UsageError
from openline.base.limits import BATCH_BYTES_MAX, BATCH_ENTRIES_MAX
from openline.base.time import Instant
from openline.identity.keys import Ed25519Secret, verify_ed25519
from openline.record.checkpoint import Checkpoint
from openline.record.entry import Draft, Precedence, Seen
from openline.record.log import Log, OwnLog, Pushed, check_signed, compare, fits
from openline.record.ports import Append, Head, Signed
from openline.record.thin import thin, whole
from openline.record.tree import Frontier, root_of

ALPHA = "alpha.example/line/alpha-bravo"
BRAVO = "bravo.example/line/alpha-bravo"
MEMBERS = (ALPHA, BRAVO)
SALT = b"k" * 32
SECRET = Ed25519Secret(b"a" * 32)
NOW = Instant(1_700_000_000_000_000)


class Nothing:
    """A holder of nothing."""

    def root_at(self, origin: str, size: int) -> bytes | None:
        return None

    def leaf_hash_at(self, origin: str, index: int) -> bytes | None:
        return None


def _head(own: bool) -> Head:
    return Head(ALPHA, "alpha-bravo", own, 0, None, Frontier().pack(), SALT, False)


def _draft(text: str = "a text", **fields: object) -> Draft:
    return Draft(1, text.encode(), "watch", precedence=Precedence.ROUTINE, **fields)  # type: ignore[arg-type]  # by name


def _sealed(log: OwnLog, *texts: str) -> Append:
    log.append([_draft(text) for text in texts], NOW)
    append = log.seal()
    assert append is not None
    return append


def _pushed(append: Append, base: int | None = None) -> Pushed:
    base_ms = append.entries[0].leaf.time_ms
    items = [thin(entry, MEMBERS, base_ms) for entry in append.entries]
    return Pushed(append.base if base is None else base, base_ms, items, append.signed.signature)


def test_a_sealed_log_is_signed_over_the_tree_of_its_leaves() -> None:
    log = OwnLog(_head(own=True), SECRET)
    append = _sealed(log, "one", "two", "three")
    root = root_of([entry.leaf_hash for entry in append.entries])
    assert (append.base, append.signed.size, append.signed.root) == (0, 3, root)
    assert verify_ed25519(SECRET.public, append.signed.signature, Checkpoint(ALPHA, 3, root).body())
    assert log.seal() is None


def test_drafts_said_together_may_name_each_other() -> None:
    log = OwnLog(_head(own=True), SECRET)
    first, second = log.append([_draft("message"), _draft("receipt", refs=(0,))], NOW)
    assert second.leaf.refs == (first.ref,)


def test_seen_is_written_once_and_again_only_when_it_has_advanced() -> None:
    log = OwnLog(_head(own=True), SECRET)
    seen = Seen(BRAVO, 4, bytes(32))
    rows = [log.append([_draft()], NOW, [one])[0].leaf.seen for one in (seen, seen, Seen(BRAVO, 5, bytes(32)))]
    assert rows == [(seen,), (), (Seen(BRAVO, 5, bytes(32)),)]
    assert log.append([_draft()], NOW, [Seen(BRAVO, 0, bytes(32))])[0].leaf.seen == ()


def test_a_quarantined_log_takes_nothing() -> None:
    log = OwnLog(_head(own=True), SECRET)
    log.quarantined = True
    with pytest.raises(UsageError, match="log-quarantined"):
        log.append([_draft()], NOW)
    assert log.size == 0


def test_a_batch_has_room_up_to_its_entries_and_bytes() -> None:
    log = OwnLog(_head(own=True), SECRET)
    log.append([_draft()] * (BATCH_ENTRIES_MAX - 1), NOW)
    assert log.has_room([_draft()])
    assert not log.has_room([_draft(), _draft()])
    assert not fits([_draft()] * (BATCH_ENTRIES_MAX + 1))
    assert not fits([_draft("x" * (BATCH_BYTES_MAX // 2))] * 2)
    assert fits([_draft("x" * 60_000)])


def test_a_peer_accepts_what_the_owner_signed_and_holds_the_same_entries() -> None:
    own, copy = OwnLog(_head(own=True), SECRET), Log(_head(own=False))
    for texts in (("one",), ("two", "three")):
        append = _sealed(own, *texts)
        accepted = copy.check(_pushed(append), SECRET.public, MEMBERS, Nothing())
        assert accepted is not None
        assert (accepted.entries, accepted.signed, accepted.frontier) == (
            append.entries,
            append.signed,
            append.frontier,
        )
        copy.take(accepted)
    assert (copy.size, copy.signed) == (3, own.signed)


def test_what_is_held_already_is_skipped_and_a_push_of_it_alone_brings_nothing() -> None:
    own, copy = OwnLog(_head(own=True), SECRET), Log(_head(own=False))
    first, second = _sealed(own, "one"), _sealed(own, "two")
    held = copy.check(_pushed(first), SECRET.public, MEMBERS, Nothing())
    assert held is not None
    copy.take(held)
    assert copy.check(_pushed(first), SECRET.public, MEMBERS, Nothing()) is None
    both = Pushed(
        0, NOW.ms, [thin(e, MEMBERS, NOW.ms) for e in (*first.entries, *second.entries)], second.signed.signature
    )
    fresh = copy.check(both, SECRET.public, MEMBERS, Nothing())
    assert fresh is not None
    assert fresh.entries == second.entries


@pytest.mark.parametrize("change", ["signature", "body", "order", "key"])
def test_a_push_that_the_owner_did_not_sign_is_refused_and_changes_nothing(change: str) -> None:
    own, copy = OwnLog(_head(own=True), SECRET), Log(_head(own=False))
    pushed = _pushed(_sealed(own, "one", "two"))
    items = list(pushed.items)
    public = SECRET.public
    signature = pushed.signature
    match change:
        case "signature":
            signature = bytes(64)
        case "body":
            items[1] = [items[1][0], b"other"]  # type: ignore[index]  # a thin item is a list
        case "order":
            items.reverse()
        case _:
            public = Ed25519Secret(b"b" * 32).public
    with pytest.raises(PeerError, match="peer-push-unsigned"):
        copy.check(Pushed(0, pushed.base_ms, items, signature), public, MEMBERS, Nothing())
    assert copy.size == 0


def test_a_restored_log_takes_its_own_entries_back_whole_without_holding_what_they_name() -> None:
    own = OwnLog(_head(own=True), SECRET)
    own.append([_draft("one")], NOW, [Seen(BRAVO, 9, b"r" * 32)])
    append = own.seal()
    assert append is not None
    restored = OwnLog(_head(own=True), SECRET)
    restored.quarantined = True
    pushed = Pushed(0, NOW.ms, [whole(entry) for entry in append.entries], append.signed.signature)
    taken = restored.check(pushed, SECRET.public, MEMBERS, Nothing())
    assert taken is not None
    restored.take(taken)
    assert (restored.size, restored.signed) == (1, own.signed)
    with pytest.raises(PeerError, match="peer-names-unheld"):
        Log(_head(own=False)).check(_pushed(append), SECRET.public, MEMBERS, Nothing())


def test_two_signed_histories_are_a_fork_and_an_unsigned_one_is_nothing() -> None:
    signed = Signed(ALPHA, 2, b"r" * 32, SECRET.sign(Checkpoint(ALPHA, 2, b"r" * 32).body()))
    check_signed(signed, SECRET.public)
    compare(b"r" * 32, signed)
    compare(None, signed)
    with pytest.raises(ForkError, match="log-forked"):
        compare(b"q" * 32, signed)
    with pytest.raises(PeerError, match="peer-checkpoint-unsigned"):
        check_signed(Signed(ALPHA, 3, b"r" * 32, signed.signature), SECRET.public)

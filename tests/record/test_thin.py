"""Thin entries: what the receiver can compute is left out; what it computes is exactly the entry, or nothing passes.

Whatever a rebuild accepts can be read back from the store: the stored leaf goes through the strict decoder at every
start, so a push that rebuilt to anything else would keep a node from ever starting again.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base import codec
from openline.base.errors import PeerError
from openline.record.entry import (
    Attachment,
    Entry,
    Leaf,
    Mark,
    Precedence,
    Ref,
    Seen,
    body_digest,
    encode_leaf,
    make_entry,
    read_entry,
    salt_for,
)
from openline.record.thin import Thickener, thin

ALPHA, BRAVO, CHARLIE = (f"{name}.example/line/three" for name in ("alpha", "bravo", "charlie"))
MEMBERS = (ALPHA, BRAVO, CHARLIE)
KEY = bytes(range(32))
BASE = 1_795_000_000_000
VECTORS = json.loads((Path(__file__).parent.parent / "vectors/leaf.json").read_text(encoding="utf-8"))["thin"]


class Held:
    """What a receiver holds: roots and leaf hashes that follow from the place alone, up to a size."""

    def __init__(self, size: int = 100) -> None:
        self.size = size

    def root_at(self, origin: str, size: int) -> bytes | None:
        """A made-up root."""
        return self._made("root", origin, size) if 0 < size <= self.size else None

    def leaf_hash_at(self, origin: str, index: int) -> bytes | None:
        """A made-up leaf hash."""
        return self._made("leaf", origin, index) if 0 <= index < self.size else None

    def _made(self, word: str, origin: str, place: int) -> bytes:
        return body_digest(b"", f"{word} {origin} {place}".encode())


HELD = Held()


def entry(index: int = 100, body: bytes | None = b"\xa1\x00\x61x", leaf: Leaf | None = None) -> Entry:
    """An entry of bravo's whose digest fits its body."""
    salt = salt_for(KEY, index)
    made = leaf or Leaf(1, BASE, "watch", body_digest(salt, body or b""))
    return make_entry(BRAVO, index, made, salt, body)


def thickener(held: Held = HELD) -> Thickener:
    """A receiver of a push of bravo's log."""
    return Thickener(BRAVO, KEY, MEMBERS, held)


def travelled(item: list[codec.Value]) -> codec.Value:
    """`item` as it comes off the wire."""
    return codec.decode(codec.encode(item), 262_144)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Any entry that bravo may write at 100, its seen and refs held by the receiver."""
    body = draw(st.one_of(st.none(), st.binary(max_size=40)))
    seen = draw(st.lists(st.tuples(st.sampled_from(MEMBERS), st.integers(1, 100)), max_size=3))
    refs = draw(st.lists(st.tuples(st.sampled_from(MEMBERS), st.integers(0, 99)), max_size=3))
    strangers = draw(st.lists(st.builds(Ref, st.just("d.example/line/z"), st.just(1), st.just(bytes(32))), max_size=1))
    leaf = Leaf(
        kind=draw(st.integers(0, 2**16 - 1)),
        time_ms=BASE + draw(st.integers(-5_000, 5_000)),
        desk=draw(st.text(min_size=1, max_size=64)),
        digest=body_digest(salt_for(KEY, 100), body or b""),
        seen=tuple(Seen(origin, size, HELD.root_at(origin, size) or b"") for origin, size in seen),
        refs=(*(Ref(origin, index, HELD.leaf_hash_at(origin, index) or b"") for origin, index in refs), *strangers),
        attachments=tuple(draw(st.lists(st.just(Attachment(7, bytes(32))), max_size=2))),
        precedence=draw(st.one_of(st.none(), st.sampled_from(Precedence))),
        deadline_ms=draw(st.one_of(st.none(), st.integers(0, 2**48 - 1))),
        mark=draw(st.sampled_from(Mark)),
    )
    return entry(100, body, leaf)


# Round trips


@given(entries())
def test_a_thin_entry_is_rebuilt_to_the_byte(made: Entry) -> None:
    rebuilt = thickener().rebuild(travelled(thin(made, MEMBERS, BASE)), 100, BASE)
    assert rebuilt == made


def test_a_message_of_a_hundred_characters_travels_with_little_beside_it() -> None:
    made = entry(body=b"\xa1\x00\x78\x64" + b"x" * 100)
    assert len(codec.encode(thin(made, MEMBERS, BASE))) == 104 + 2 + 11


def test_the_vectors_are_what_travels() -> None:
    held = {(origin, index): bytes.fromhex(digest) for origin, index, digest in VECTORS["hashes"]}
    roots = {(origin, size): bytes.fromhex(root) for origin, size, root in VECTORS["roots"]}

    class Given:
        def root_at(self, origin: str, size: int) -> bytes | None:
            return roots.get((origin, size))

        def leaf_hash_at(self, origin: str, index: int) -> bytes | None:
            return held.get((origin, index))

    rebuilder = Thickener(VECTORS["origin"], bytes.fromhex(VECTORS["salt_key_hex"]), VECTORS["members"], Given())
    for row in VECTORS["entries"]:
        data = bytes.fromhex(row["item_hex"])
        rebuilt = rebuilder.rebuild(codec.decode(data, 10_000), row["index"], VECTORS["base_ms"])
        assert (rebuilt.leaf_bytes.hex(), rebuilt.leaf_hash.hex()) == (row["leaf_hex"], row["leaf_hash_hex"])
        assert (None if rebuilt.body is None else rebuilt.body.hex()) == row["body_hex"]
        assert codec.encode(thin(rebuilt, VECTORS["members"], VECTORS["base_ms"])) == data


def test_an_entry_may_refer_to_one_in_the_same_push() -> None:
    rebuilder = thickener(Held(100))
    first = entry(100)
    leaf = Leaf(5, BASE, "watch", body_digest(salt_for(KEY, 101), b"\xa1\x00\x02"), refs=(first.ref,))
    second = entry(101, b"\xa1\x00\x02", leaf)
    assert rebuilder.rebuild(travelled(thin(first, MEMBERS, BASE)), 100, BASE) == first
    assert rebuilder.rebuild(travelled(thin(second, MEMBERS, BASE)), 101, BASE) == second


@pytest.mark.parametrize(
    "made",
    [
        entry(leaf=Leaf(1, BASE - 1, "watch", body_digest(salt_for(KEY, 100), b"\xa1\x00\x61x"))),
        entry(body=None),
        entry(
            leaf=Leaf(
                1,
                BASE,
                "watch",
                body_digest(salt_for(KEY, 100), b"\xa1\x00\x61x"),
                seen=(Seen("d.example/line/z", 1, bytes(32)),),
            )
        ),
    ],
    ids=["from before the base time", "with its body withheld", "that has seen a stranger"],
)
def test_what_cannot_be_rebuilt_travels_whole(made: Entry) -> None:
    item = thin(made, MEMBERS, BASE)
    assert item[0] == made.leaf_bytes
    assert thickener().rebuild(travelled(item), 100, BASE) == made


# A wrong rebuild cannot pass


def test_another_salt_key_rebuilds_another_leaf() -> None:
    made = entry()
    rebuilt = Thickener(BRAVO, bytes(32), MEMBERS, HELD).rebuild(thin(made, MEMBERS, BASE), 100, BASE)
    assert rebuilt.leaf_hash != made.leaf_hash


@pytest.mark.parametrize(
    ("index", "base", "members"),
    [(101, BASE, MEMBERS), (100, BASE + 1, MEMBERS), (100, BASE, (BRAVO, ALPHA, CHARLIE))],
    ids=["another place", "another base time", "other members"],
)
def test_what_differs_at_the_receiver_changes_the_leaf(index: int, base: int, members: tuple[str, ...]) -> None:
    digest = body_digest(salt_for(KEY, 100), b"\xa0")
    ref = Ref(ALPHA, 3, HELD.leaf_hash_at(ALPHA, 3) or b"")
    made = entry(body=b"\xa0", leaf=Leaf(4, BASE, "watch", digest, refs=(ref,)))
    rebuilt = Thickener(BRAVO, KEY, members, HELD).rebuild(thin(made, MEMBERS, BASE), index, base)
    assert rebuilt.leaf_hash != made.leaf_hash


def test_a_whole_entry_whose_body_is_another_is_refused() -> None:
    made = entry()
    with pytest.raises(PeerError):
        thickener().rebuild([made.leaf_bytes, b"another body", made.salt], 100, BASE)


@pytest.mark.parametrize("header", [{1: 1, 3: "watch", 5: [[0, 101]]}, {1: 1, 3: "watch", 6: [[0, 100]]}])
def test_what_is_not_held_cannot_be_named(header: dict[int, codec.Value]) -> None:
    with pytest.raises(PeerError) as caught:
        thickener().rebuild([header, b""], 100, BASE)
    assert caught.value.message_id == "peer-names-unheld"


WRONG: dict[str, codec.Value] = {
    "no item": 5,
    "an item of one": [{1: 1, 3: "watch"}],
    "an item of four": [{1: 1, 3: "watch"}, b"", b"", b""],
    "a thin item with a salt": [{1: 1, 3: "watch"}, b"", bytes(16)],
    "a thin item without its body": [{1: 1, 3: "watch"}, None],
    "a whole item without salt": [bytes(5), b""],
    "a whole item with a short salt": [bytes(5), b"", bytes(15)],
    "a whole item that is too long": [bytes(4_097), b"", bytes(16)],
    "a whole item that is no leaf": [b"\xa0", b"", bytes(16)],
    "a body that is text": [{1: 1, 3: "watch"}, "x"],
    "a body that is too long": [{1: 1, 3: "watch"}, bytes(65_537)],
    "no kind": [{3: "watch"}, b""],
    "no desk": [{1: 1}, b""],
    "an empty desk": [{1: 1, 3: ""}, b""],
    "a kind too large": [{1: 2**16, 3: "watch"}, b""],
    "a time beyond 48 bits": [{1: 1, 2: 2**48, 3: "watch"}, b""],
    "a member that is none": [{1: 1, 3: "watch", 5: [[3, 1]]}, b""],
    "a member from the end": [{1: 1, 3: "watch", 6: [[-1, 1]]}, b""],
    "a place beyond 48 bits": [{1: 1, 3: "watch", 6: [[0, 2**64 - 1]]}, b""],
    "nine members seen": [{1: 1, 3: "watch", 5: [[0, 1]] * 9}, b""],
    "seventeen refs": [{1: 1, 3: "watch", 6: [[0, 1]] * 17}, b""],
    "no rows": [{1: 1, 3: "watch", 6: []}, b""],
    "a row of three": [{1: 1, 3: "watch", 6: [[0, 1, 2]]}, b""],
    "rows of bytes": [{1: 1, 3: "watch", 6: [b"\0\1"]}, b""],
    "rows that are none": [{1: 1, 3: "watch", 6: 7}, b""],
    "seventeen attachments": [{1: 1, 3: "watch", 7: [[1, bytes(32)]] * 17}, b""],
    "an attachment too large": [{1: 1, 3: "watch", 7: [[100 * 1_048_576 + 1, bytes(32)]]}, b""],
    "an attachment by a short digest": [{1: 1, 3: "watch", 7: [[1, bytes(31)]]}, b""],
    "an attachment by a text": [{1: 1, 3: "watch", 7: [[1, "x" * 32]]}, b""],
    "precedence 4": [{1: 1, 3: "watch", 8: 4}, b""],
    "a deadline that is text": [{1: 1, 3: "watch", 9: "soon"}, b""],
    "a deadline beyond 48 bits": [{1: 1, 3: "watch", 9: 2**48}, b""],
    "a mark of operation written out": [{1: 1, 3: "watch", 10: 0}, b""],
    "mark 3": [{1: 1, 3: "watch", 10: 3}, b""],
    "a field it does not have": [{1: 1, 3: "watch", 11: 0}, b""],
    "a digest of its own": [{1: 1, 3: "watch", 4: bytes(32)}, b""],
}


@pytest.mark.parametrize("item", WRONG.values(), ids=list(WRONG))
def test_what_is_no_thin_entry_is_refused(item: codec.Value) -> None:
    with pytest.raises(PeerError):
        thickener().rebuild(item, 100, BASE)


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 2**64 - 1),
    st.integers(0, 200),
    st.text(max_size=70),
    st.binary(max_size=40),
)
rows = st.lists(
    st.one_of(scalars, st.lists(st.one_of(st.integers(0, 120), st.binary(min_size=32, max_size=32), scalars)))
)
headers = st.dictionaries(st.integers(0, 12), st.one_of(st.integers(0, 3), scalars, rows), max_size=10)


@pytest.mark.fuzz
@given(
    st.one_of(headers, headers.map(lambda row: {**row, 1: 1, 3: "watch"}), st.binary(max_size=60)),
    st.one_of(st.none(), st.binary(max_size=9), scalars),
    st.lists(st.one_of(st.just(bytes(16)), scalars), max_size=2),
)
def test_whatever_is_rebuilt_can_be_read_back(header: codec.Value, body: codec.Value, rest: list[codec.Value]) -> None:
    try:
        rebuilt = thickener().rebuild([header, body, *rest], 100, BASE)
    except PeerError:
        return
    assert read_entry(BRAVO, 100, rebuilt.leaf_bytes, rebuilt.salt, rebuilt.body) == rebuilt
    assert encode_leaf(rebuilt.leaf) == rebuilt.leaf_bytes

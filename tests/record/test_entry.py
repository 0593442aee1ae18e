"""Leaves have one encoding, every other byte string is refused, and a body is bound by its salted digest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import PeerError
from openline.base.limits import ATTACHMENTS_MAX, BLOB_BYTES_MAX, LEAF_BYTES_MAX, MEMBERS_MAX, REFS_MAX
from openline.record.entry import (
    Attachment,
    Leaf,
    Mark,
    Precedence,
    Ref,
    Seen,
    body_digest,
    decode_leaf,
    encode_leaf,
    make_entry,
    read_entry,
    salt_for,
)
from openline.record.tree import leaf_hash

VECTORS = json.loads((Path(__file__).parent.parent / "vectors/leaf.json").read_text(encoding="utf-8"))

Row = tuple[str, int, str]


class LeafVector(TypedDict):
    """A leaf as the vectors write it; bytes in hex."""

    kind: int
    time_ms: int
    desk: str
    digest: str
    seen: list[Row]
    refs: list[Row]
    attachments: list[tuple[int, str]]
    precedence: int | None
    deadline_ms: int | None
    mark: int


def leaf_of(vector: LeafVector) -> Leaf:
    """The leaf that a vector describes."""
    return Leaf(
        kind=vector["kind"],
        time_ms=vector["time_ms"],
        desk=vector["desk"],
        digest=bytes.fromhex(vector["digest"]),
        seen=tuple(Seen(origin, size, bytes.fromhex(root)) for origin, size, root in vector["seen"]),
        refs=tuple(Ref(origin, index, bytes.fromhex(digest)) for origin, index, digest in vector["refs"]),
        attachments=tuple(Attachment(size, bytes.fromhex(digest)) for size, digest in vector["attachments"]),
        precedence=None if vector["precedence"] is None else Precedence(vector["precedence"]),
        deadline_ms=vector["deadline_ms"],
        mark=Mark(vector["mark"]),
    )


hashes = st.binary(min_size=32, max_size=32)
origins = st.text(max_size=60)
places = st.integers(0, 2**48 - 1)
leaves = st.builds(
    Leaf,
    kind=st.integers(0, 2**16 - 1),
    time_ms=places,
    desk=st.text(min_size=1, max_size=64),
    digest=hashes,
    seen=st.lists(st.builds(Seen, origins, places, hashes), max_size=MEMBERS_MAX).map(tuple),
    refs=st.lists(st.builds(Ref, origins, places, hashes), max_size=REFS_MAX).map(tuple),
    attachments=st.lists(st.builds(Attachment, st.integers(0, BLOB_BYTES_MAX), hashes), max_size=ATTACHMENTS_MAX).map(
        tuple
    ),
    precedence=st.one_of(st.none(), st.sampled_from(Precedence)),
    deadline_ms=st.one_of(st.none(), places),
    mark=st.sampled_from(Mark),
)


# One encoding


@pytest.mark.parametrize("vector", VECTORS["leaves"], ids=lambda vector: vector["about"])
def test_the_vectors_are_what_is_written_and_read(vector: dict[str, object]) -> None:
    leaf = leaf_of(vector["leaf"])  # type: ignore[arg-type]  # JSON carries no types
    data = bytes.fromhex(str(vector["leaf_hex"]))
    assert encode_leaf(leaf) == data
    assert decode_leaf(data) == leaf
    assert leaf_hash(data).hex() == vector["leaf_hash_hex"]


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda vector: vector["about"])
def test_what_is_no_leaf_is_refused(vector: dict[str, str]) -> None:
    with pytest.raises(PeerError):
        decode_leaf(bytes.fromhex(vector["leaf_hex"]))


@given(leaves)
def test_a_leaf_is_read_back_as_it_was_written(leaf: Leaf) -> None:
    data = encode_leaf(leaf)
    if len(data) > LEAF_BYTES_MAX:
        with pytest.raises(PeerError):
            decode_leaf(data)
    else:
        assert decode_leaf(data) == leaf


@given(leaves, st.data())
def test_one_byte_changed_is_another_leaf_or_none(leaf: Leaf, data: st.DataObject) -> None:
    whole = encode_leaf(msgspec.structs.replace(leaf, refs=leaf.refs[:2], attachments=leaf.attachments[:2]))
    place = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[place] ^= data.draw(st.integers(1, 255))
    try:
        read = decode_leaf(bytes(changed))
    except PeerError:
        return
    assert encode_leaf(read) == changed


@pytest.mark.fuzz
@given(st.binary(max_size=400))
def test_any_bytes_are_a_leaf_in_its_one_encoding_or_refused(data: bytes) -> None:
    try:
        leaf = decode_leaf(data)
    except PeerError:
        return
    assert encode_leaf(leaf) == data


def test_a_leaf_longer_than_a_leaf_may_be_is_refused_when_made() -> None:
    refs = tuple(Ref("x" * 300, index, bytes(32)) for index in range(REFS_MAX))
    with pytest.raises(PeerError):
        make_entry("alpha.example/line/x", 0, Leaf(1, 0, "watch", bytes(32), refs=refs), b"", None)


# Salt and digest


@pytest.mark.parametrize("vector", VECTORS["salts"], ids=lambda vector: f"entry {vector['index']}")
def test_salts_and_digests_are_those_of_the_vectors(vector: dict[str, str]) -> None:
    salt = salt_for(bytes.fromhex(vector["salt_key_hex"]), int(vector["index"]))
    assert salt.hex() == vector["salt_hex"]
    assert body_digest(salt, bytes.fromhex(vector["body_hex"])).hex() == vector["digest_hex"]


@given(st.binary(min_size=32, max_size=32), st.integers(0, 2**48), st.integers(0, 2**48))
def test_each_entry_has_a_salt_of_its_own(key: bytes, one: int, other: int) -> None:
    assert (salt_for(key, one) == salt_for(key, other)) is (one == other)
    assert len(salt_for(key, one)) == 16


# Entries


def test_an_entry_is_named_by_its_place_and_leaf_hash() -> None:
    entry = make_entry("alpha.example/line/x", 3, Leaf(1, 5_000, "watch", bytes(32)), bytes(16), b"body")
    assert entry.ref == Ref("alpha.example/line/x", 3, leaf_hash(entry.leaf_bytes))
    assert entry.leaf.time == 5_000_000


@given(
    leaves.filter(lambda leaf: len(encode_leaf(leaf)) <= LEAF_BYTES_MAX), st.one_of(st.none(), st.binary(max_size=9))
)
def test_an_entry_is_read_back_from_its_bytes(leaf: Leaf, body: bytes | None) -> None:
    entry = make_entry("alpha.example/line/x", 3, leaf, bytes(16), body)
    assert read_entry(entry.origin, entry.index, entry.leaf_bytes, entry.salt, entry.body) == entry

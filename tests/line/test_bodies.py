"""The bodies of all kinds: the vectors are what is written and read, and no decoder answers anything but a value or
`PeerError`, whatever bytes it is given.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base import codec
from openline.base.errors import PeerError
from openline.base.limits import BODY_BYTES_MAX
from openline.base.schema import Body, pack, unpack
from openline.line.kinds import Kind
from openline.line.standard import KINDS as PLAIN
from openline.record.entry import body_digest, read_entry, salt_for
from openline.record.ports import Arrived
from openline.voice.call import CALL_KIND, STEP_KIND
from openline.voice.recording import RECORDING_KIND
from tests.line.world import World

ROOT = Path(__file__).parent.parent.parent
KINDS = (*PLAIN, CALL_KIND, STEP_KIND, RECORDING_KIND)
PAGES = {kind.name: json.loads((ROOT / f"tests/vectors/kinds/{kind.name}.json").read_text("utf-8")) for kind in KINDS}
VECTORS = [(kind, vector) for kind in KINDS for vector in PAGES[kind.name]["vectors"]]
REFUSED = [(kind, vector) for kind in KINDS for vector in PAGES[kind.name]["refused"]]

IN_HEX = {"digest", "present", "prints", "root", "credential", "public_key", "name_digest", "salt"} | {
    "authenticator_data",
    "client_data",
    "signature",
}
HEADS = "heads"

Vector = dict[str, object]


def named(value: object) -> str:
    if isinstance(value, Kind):
        return value.name
    return str(cast("Vector", value)["about"])


def body_of(kind: Kind, vector: Vector) -> Body:
    """The body a vector describes; bytes stand in hex."""
    fields = cast("dict[str, object]", vector["body"])
    values = {name: bytes.fromhex(str(value)) if name in IN_HEX else value for name, value in fields.items()}
    if HEADS in values:
        heads = cast("list[tuple[str, int, str, str]]", values[HEADS])
        values[HEADS] = [[party, size, bytes.fromhex(root), bytes.fromhex(by)] for party, size, root, by in heads]
    return msgspec.convert(values, kind.body, builtin_types=(bytes,))


@pytest.mark.parametrize(("kind", "vector"), VECTORS, ids=named)
def test_the_vectors_are_what_is_written_and_read(kind: Kind, vector: Vector) -> None:
    data = bytes.fromhex(str(vector["body_hex"]))
    body = body_of(kind, vector)
    assert pack(body) == data
    assert unpack(kind.body, data, BODY_BYTES_MAX) == body


@pytest.mark.parametrize(("kind", "vector"), VECTORS, ids=named)
def test_the_leaf_of_a_vector_commits_to_its_body(kind: Kind, vector: Vector) -> None:
    data, index = bytes.fromhex(str(vector["body_hex"])), cast("int", vector["index"])
    salt = salt_for(bytes.fromhex(PAGES[kind.name]["salt_key_hex"]), index)
    entry = read_entry(str(vector["origin"]), index, bytes.fromhex(str(vector["leaf_hex"])), salt, data)
    told = cast("dict[str, object]", vector["leaf"])
    assert entry.leaf_hash.hex() == vector["leaf_hash_hex"]
    assert entry.leaf.digest == body_digest(salt, data) == bytes.fromhex(str(told["digest"]))
    assert (entry.leaf.kind, entry.leaf.time_ms, entry.leaf.desk) == (kind.number, told["time_ms"], told["desk"])
    assert [[ref.origin, ref.index, ref.leaf_hash.hex()] for ref in entry.leaf.refs] == told.get("refs", [])
    assert [[row.size, row.digest.hex()] for row in entry.leaf.attachments] == told.get("attachments", [])
    assert (entry.leaf.precedence, entry.leaf.deadline_ms) == (told.get("precedence"), told.get("deadline_ms"))
    assert entry.leaf.mark == told.get("mark", 0)


@pytest.mark.parametrize(("kind", "vector"), REFUSED, ids=named)
def test_what_is_no_body_is_refused(kind: Kind, vector: Vector) -> None:
    with pytest.raises(PeerError):
        unpack(kind.body, bytes.fromhex(str(vector["body_hex"])), BODY_BYTES_MAX)


def test_every_kind_has_its_page_with_its_number() -> None:
    for kind in KINDS:
        page = (ROOT / f"docs/spec/kinds/{kind.name}.md").read_text("utf-8")
        assert page.startswith(f"# Kind {kind.number}: {kind.name}\n")
        assert PAGES[kind.name]["kind"] == kind.number
        for name in kind.body.__struct_fields__:
            assert f"`{name}`" in page, f"the page of {kind.name} does not tell of {name}"


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 7),
    st.integers(-(2**64) + 1, 2**64 - 1),
    st.text(max_size=20),
    st.binary(),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.integers(0, 23), inner, max_size=4)),
)
maps = st.dictionaries(st.integers(0, 6), values, max_size=6)


@pytest.mark.fuzz
@pytest.mark.parametrize("kind", KINDS, ids=named)
@given(data=st.one_of(st.binary(max_size=200), maps.map(codec.encode), values.map(codec.encode)))
def test_any_bytes_are_a_body_or_refused(kind: Kind, data: bytes) -> None:
    try:
        body = unpack(kind.body, data, BODY_BYTES_MAX)
    except PeerError:
        return
    assert unpack(kind.body, pack(body), BODY_BYTES_MAX) == body


@pytest.mark.fuzz
@given(st.lists(st.tuples(st.sampled_from(VECTORS), st.integers(0, 500), st.integers(0, 255)), max_size=8))
def test_bodies_with_a_byte_changed_never_stop_the_book(
    changed: list[tuple[tuple[Kind, Vector], int, int]],
) -> None:
    world = World()
    for (kind, vector), place, byte in changed:
        data = bytearray.fromhex(str(vector["body_hex"]))
        data[place % len(data)] = byte
        index = len(world.logs[world.origins["bravo"]])
        leaf = bytes.fromhex(str(vector["leaf_hex"]))
        entry = read_entry(world.origins["bravo"], index, leaf, bytes(16), bytes(data))
        world.logs[entry.origin].append(entry)
        assert world.alpha.apply(Arrived(1, entry)), f"{kind.name} says nothing of what it did"
    assert world.alpha.size(world.origins["bravo"]) == len(changed)

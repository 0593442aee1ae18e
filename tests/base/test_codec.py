"""One value has one encoding: what is not that encoding is refused, whatever it would decode to."""

from __future__ import annotations

from typing import cast
from uuid import UUID

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base import codec
from openline.base.codec import Value
from openline.base.errors import PeerError
from openline.base.limits import CBOR_DEPTH_MAX

SIZE = 1_000_000

integers = st.integers(-(2**64) + 1, 2**64 - 1)
scalars = st.none() | st.booleans() | integers | st.binary(max_size=40) | st.text(max_size=40)
values: st.SearchStrategy[Value] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.integers(0, 23), inner, max_size=5),
    max_leaves=20,
)


def _refused(data: bytes) -> PeerError:
    with pytest.raises(PeerError) as refusal:
        codec.decode(data, SIZE)
    return refusal.value


def _id_of(data: str) -> str:
    return _refused(bytes.fromhex(data)).message_id


@given(values)
def test_what_is_encoded_is_decoded_to_the_same_value(value: Value) -> None:
    assert codec.decode(codec.encode(value), SIZE) == value


@given(values)
def test_a_value_has_one_encoding_however_its_maps_were_built(value: Value) -> None:
    assert codec.encode(_reversed(value)) == codec.encode(value)


def _reversed(value: Value) -> Value:
    if isinstance(value, dict):
        return {key: _reversed(item) for key, item in reversed(value.items())}
    return [_reversed(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "value", [1.5, [1.0], {1, 2}, {24: 1}, {-1: 1}, {"a": 1}, 2**64, -(2**64), UUID(int=1)], ids=str
)
def test_what_is_no_value_is_encoded_unlooked_at_and_refused_by_whoever_reads_it(value: object) -> None:
    assert _refused(codec.encode(cast("Value", value))).message_id == "peer-value-unreadable"


def test_what_cbor_does_not_know_cannot_be_encoded() -> None:
    with pytest.raises(cbor2.CBOREncodeError):
        codec.encode(cast("Value", object()))


@given(values, st.binary(min_size=1, max_size=4))
def test_trailing_bytes_are_refused(value: Value, more: bytes) -> None:
    assert _refused(codec.encode(value) + more).message_id in {"peer-value-not-canonical", "peer-value-unreadable"}


@given(values)
def test_a_value_cut_short_is_refused(value: Value) -> None:
    data = codec.encode(value)
    for size in {0, len(data) // 2, len(data) - 1} - {len(data)}:
        with pytest.raises(PeerError):
            codec.decode(data[:size], SIZE)


@pytest.mark.fuzz
@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_in_its_one_encoding_or_a_peer_error(data: bytes) -> None:
    try:
        value = codec.decode(data, SIZE)
    except PeerError:
        return
    assert codec.encode(value) == data


@pytest.mark.fuzz
@given(values, st.data())
def test_one_byte_changed_is_another_value_in_its_one_encoding_or_a_peer_error(
    value: Value, draw: st.DataObject
) -> None:
    data = bytearray(codec.encode(value))
    data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    try:
        changed = codec.decode(bytes(data), SIZE)
    except PeerError:
        return
    assert codec.encode(changed) == data


@given(values)
def test_another_encoding_of_the_same_value_is_refused(value: Value) -> None:
    data = (
        cbor2.dumps(value, canonical=False, indefinite_containers=True)
        if isinstance(value, list | dict)
        else b"\x18\x00"
    )
    if data != codec.encode(value):
        _refused(data)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("1800", "0 in two bytes"),
        ("190018", "24 in three bytes"),
        ("1a00000100", "256 in five bytes"),
        ("1b0000000000000001", "1 in nine bytes"),
        ("3800", "-1 in two bytes"),
        ("580161", "a byte string whose length takes two bytes"),
        ("780161", "a text whose length takes two bytes"),
        ("980101", "an array whose length takes two bytes"),
        ("b8010000", "a map whose length takes two bytes"),
        ("c24101", "1 as a big number"),
        ("f800", "a simple value in two bytes"),
    ],
)
def test_a_longer_form_is_refused(data: str, what: str) -> None:
    assert _id_of(data) in {"peer-value-not-canonical", "peer-value-unreadable"}, what


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("f93c00", "a half float"),
        ("fa3f800000", "a float"),
        ("fb3ff0000000000000", "a double"),
        ("f97e00", "not a number"),
        ("f7", "undefined"),
        ("f0", "an unassigned simple value"),
        ("c11a00000000", "a time (tag 1)"),
        ("c074323032362d31312d32325430303a30303a30305a", "a time (tag 0)"),
        ("c249010000000000000000", "a number above 64 bits"),
        ("d9d9f700", "a self-described value (tag 55799)"),
        ("d81c80", "a shared value (tag 28)"),
        ("82d81c8401020304d81d00", "a list named again, in as many bytes as if it stood there twice"),
        ("d90100826474657374d81900", "a text named again (tags 256 and 25)"),
        ("d8ff01", "a tag nobody knows"),
        ("a1f500", "a map with a truth for a key"),
        ("a1616100", "a map with a text for a key"),
        ("a1410000", "a map with bytes for a key"),
        ("a12000", "a map with the key -1"),
        ("a1181800", "a map with the key 24"),
    ],
)
def test_types_and_keys_that_openline_does_not_use_are_refused(data: str, what: str) -> None:
    assert _id_of(data) in {"peer-value-unreadable", "peer-value-not-canonical"}, what


@pytest.mark.parametrize("data", ["5f4100ff", "7f6161ff", "9f00ff", "bf0000ff"])
def test_indefinite_lengths_are_refused(data: str) -> None:
    assert _id_of(data) == "peer-value-unreadable"


def test_a_key_that_stands_twice_is_refused() -> None:
    assert _id_of("a200010002") == "peer-value-unreadable"


def test_keys_out_of_order_are_refused() -> None:
    _refused(bytes.fromhex("a201000000"))


@pytest.mark.parametrize("data", ["62c328", "62eda0", "61ff", "64f5808080"])
def test_text_that_is_not_utf8_is_refused(data: str) -> None:
    assert _id_of(data) == "peer-value-unreadable"


def test_text_is_not_normalised_so_two_spellings_are_two_values() -> None:
    composed, decomposed = "\u00e9", "e\u0301"
    assert codec.encode(composed) != codec.encode(decomposed)
    assert codec.decode(codec.encode(decomposed), SIZE) == decomposed


def test_size_is_looked_at_before_anything_is_parsed() -> None:
    error = _refused_at(b"\xff" * 11, 10)
    assert (error.message_id, error.facts) == ("peer-value-too-large", {"size": 11, "limit": 10})
    assert codec.decode(codec.encode(b"x" * 8), 9) == b"x" * 8


def _refused_at(data: bytes, limit: int) -> PeerError:
    with pytest.raises(PeerError) as refusal:
        codec.decode(data, limit)
    return refusal.value


def test_depth_is_bounded() -> None:
    def nested(depth: int) -> Value:
        value: Value = 0
        for _ in range(depth):
            value = [value]
        return value

    held = max(depth for depth in range(1, 2 * CBOR_DEPTH_MAX) if _is_read(codec.encode(nested(depth))))
    assert CBOR_DEPTH_MAX - 2 <= held <= CBOR_DEPTH_MAX
    assert _refused(codec.encode(nested(held + 1))).message_id == "peer-value-unreadable"
    assert _refused(b"\x81" * 100_000 + b"\x00").message_id == "peer-value-unreadable"
    assert _refused(b"\xa1\x00" * 50_000 + b"\x00").message_id == "peer-value-unreadable"


def _is_read(data: bytes) -> bool:
    try:
        codec.decode(data, SIZE)
    except PeerError:
        return False
    return True


@pytest.mark.parametrize("data", ["5a7fffffff", "7a7fffffff", "9a7fffffff", "ba7fffffff", "5bffffffffffffffff"])
def test_a_length_beyond_the_data_reserves_no_memory_and_is_refused(data: str) -> None:
    assert _id_of(data) == "peer-value-unreadable"


@pytest.mark.parametrize("number", [0, 23, 24, 255, 256, 2**32, 2**63, 2**64 - 1, -1, -24, -25, -(2**63)])
def test_every_integer_of_64_bits_passes(number: int) -> None:
    assert codec.decode(codec.encode(number), SIZE) == number


def test_true_is_not_one_and_null_is_not_zero() -> None:
    assert [codec.encode(value).hex() for value in (True, False, None, 1, 0)] == ["f5", "f4", "f6", "01", "00"]
    assert codec.decode(b"\xf5", SIZE) is True
    assert type(codec.decode(b"\x01", SIZE)) is int

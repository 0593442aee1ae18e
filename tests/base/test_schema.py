"""A body is a map by position: a default is left out, an unknown key is refused, a wrong type is named."""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base import codec
from openline.base.errors import PeerError
from openline.base.schema import Body, from_value, pack, to_map, unpack

SIZE = 10_000


class Lamp(IntEnum):
    """A field that stands as a number."""

    OFF = 0
    ON = 1


class Inner(Body, frozen=True):
    """A body inside a body."""

    name: str
    note: str = ""


class Sample(Body, frozen=True):
    """A body with every shape of field that openline uses."""

    text: str
    number: Annotated[int, msgspec.Meta(ge=0, lt=100)]
    data: bytes = b""
    lamp: Lamp = Lamp.OFF
    rows: tuple[str, ...] = ()
    maybe: int | None = None
    flag: bool = False


class Grown(Body, frozen=True):
    """`Sample` as a later version has it: one field more, with a default."""

    text: str
    number: Annotated[int, msgspec.Meta(ge=0, lt=100)]
    data: bytes = b""
    lamp: Lamp = Lamp.OFF
    rows: tuple[str, ...] = ()
    maybe: int | None = None
    flag: bool = False
    extra: str = ""


samples = st.builds(
    Sample,
    text=st.text(max_size=20),
    number=st.integers(0, 99),
    data=st.binary(max_size=20),
    lamp=st.sampled_from(Lamp),
    rows=st.lists(st.text(max_size=5), max_size=3).map(tuple),
    maybe=st.none() | st.integers(0, 2**40),
    flag=st.booleans(),
)


@given(samples)
def test_what_is_packed_is_unpacked_to_the_same_body(sample: Sample) -> None:
    assert unpack(Sample, pack(sample), SIZE) == sample


@given(samples)
def test_a_field_at_its_default_takes_no_bytes(sample: Sample) -> None:
    defaults = {2: b"", 3: Lamp.OFF, 4: (), 5: None, 6: False}
    fields = to_map(sample)
    for key, default in defaults.items():
        name = Sample.__struct_fields__[key]
        assert (key in fields) == (getattr(sample, name) != default)


@given(samples)
def test_a_field_added_with_a_default_does_not_change_older_bytes(sample: Sample) -> None:
    older = pack(sample)
    assert pack(unpack(Grown, older, SIZE)) == older


def test_fields_stand_by_their_place() -> None:
    assert to_map(Sample(text="a", number=7, lamp=Lamp.ON)) == {0: "a", 1: 7, 3: 1}
    assert pack(Sample(text="a", number=7)).hex() == "a2006161 0107".replace(" ", "")


def test_a_body_inside_a_body_stands_by_its_names_and_comes_back() -> None:
    class Outer(Body, frozen=True):
        inner: tuple[int, ...]

    assert unpack(Outer, pack(Outer(inner=(1, 2))), SIZE) == Outer(inner=(1, 2))


def test_an_explicit_default_is_read_and_written_again_without_it() -> None:
    explicit = codec.encode({0: "a", 1: 7, 2: b""})
    assert unpack(Sample, explicit, SIZE) == Sample(text="a", number=7)


@pytest.mark.parametrize(
    ("value", "detail"),
    [
        ({0: "a"}, "missing required field"),
        ({0: "a", 1: 7, 7: 1}, "index"),
        ({0: "a", 1: 100}, "<= 99"),
        ({0: "a", 1: -1}, ">= 0"),
        ({0: 1, 1: 7}, "Expected `str`"),
        ({0: b"a", 1: 7}, "Expected `str`"),
        ({0: "a", 1: "7"}, "Expected `int`"),
        ({0: "a", 1: 7, 2: "text"}, "bytes"),
        ({0: "a", 1: 7, 3: 2}, "Invalid enum value"),
        ({0: "a", 1: 7, 4: [1]}, "Expected `str`"),
        ({0: "a", 1: 7, 6: 1}, "Expected `bool`"),
        ({0: "a", 1: True}, "Expected `int`"),
    ],
)
def test_anything_that_is_not_exactly_a_body_is_refused_and_the_field_is_named(
    value: dict[int, codec.Value], detail: str
) -> None:
    with pytest.raises(PeerError) as refusal:
        unpack(Sample, codec.encode(value), SIZE)
    assert refusal.value.message_id == "peer-body-wrong"
    assert refusal.value.facts["kind"] == "Sample"
    assert detail in str(refusal.value.facts["detail"])


@pytest.mark.parametrize("value", [[], 0, "text", b"", None, True])
def test_only_a_map_is_a_body(value: codec.Value) -> None:
    with pytest.raises(PeerError) as refusal:
        from_value(Inner, value)
    assert refusal.value.facts == {"kind": "Inner", "detail": "not a map"}


def test_bytes_that_the_codec_refuses_never_reach_the_fields() -> None:
    with pytest.raises(PeerError) as refusal:
        unpack(Inner, b"\xa1\x00\x78\x01a", SIZE)
    assert refusal.value.message_id == "peer-value-not-canonical"
    with pytest.raises(PeerError) as refusal:
        unpack(Inner, b"\xa1\x00\x61a", 3)
    assert refusal.value.message_id == "peer-value-too-large"


@pytest.mark.fuzz
@given(st.binary(max_size=100))
def test_any_bytes_are_a_body_or_a_peer_error(data: bytes) -> None:
    try:
        body = unpack(Sample, data, SIZE)
    except PeerError:
        return
    assert unpack(Sample, pack(body), SIZE) == body


def test_a_body_cannot_be_changed() -> None:
    inner = Inner(name="a")
    with pytest.raises(AttributeError):
        setattr(inner, "name", "b")  # noqa: B010 - what the types do not allow must not be possible either

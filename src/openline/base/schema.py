"""Typed bodies over the codec: a `Body` class names the fields of a CBOR map by their position.

Field number n of the class is map key n; a field that equals its default is left out, so adding a field with a
default never changes the bytes of older values. msgspec checks the types strictly; unknown keys are refused.
"""

from __future__ import annotations

from typing import TypeVar, cast

import msgspec

from openline.base import codec
from openline.base.errors import PeerError


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of everything that is encoded as an integer-keyed map. Fields in order are keys 0, 1, 2 ..."""


class Row(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Base of a small record inside a body: an array of its fields, each of them always there."""


B = TypeVar("B", bound=Body)


def pack(body: Body) -> bytes:
    """The CBOR bytes of `body`."""
    return codec.encode(to_map(body))


def to_map(body: Body) -> dict[int, codec.Value]:
    """The integer-keyed map of `body`, defaults left out."""
    result: dict[int, codec.Value] = {}
    names, defaults = type(body).__struct_fields__, type(body).__struct_defaults__
    required = len(names) - len(defaults)
    for key, name in enumerate(names):
        value = getattr(body, name)
        if key >= required and value == _default(defaults[key - required]):
            continue
        result[key] = cast("codec.Value", msgspec.to_builtins(value, builtin_types=(bytes,)))
    return result


def unpack(kind: type[B], data: bytes, size_bytes_max: int) -> B:
    """Read `data` as a `kind`. Raises PeerError for anything that is not exactly one."""
    return from_value(kind, codec.decode(data, size_bytes_max))


def from_value(kind: type[B], value: codec.Value) -> B:
    """Read a decoded map as a `kind`. Raises PeerError for anything that is not exactly one."""
    if not isinstance(value, dict):
        raise PeerError("peer-body-wrong", kind=kind.__name__, detail="not a map")
    names = kind.__struct_fields__
    try:
        return msgspec.convert({names[key]: item for key, item in value.items()}, kind, builtin_types=(bytes,))
    except (msgspec.ValidationError, IndexError) as why:
        raise PeerError("peer-body-wrong", kind=kind.__name__, detail=str(why)) from why


def _default(value: object) -> object:
    factory = getattr(value, "factory", None)
    return factory() if factory is not None else value

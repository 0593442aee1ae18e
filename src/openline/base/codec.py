"""Deterministic CBOR (RFC 8949 section 4.2.1), the one encoding of leaves, bodies, cards and frames.

Allowed: integers, byte strings, text strings, booleans, null, arrays, and maps whose keys are the integers
0 to 23. What is decoded must have the size of its one encoding: a value has exactly one, so a signature over bytes is
a signature over the value. Size is checked before anything is parsed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NoReturn, cast

import cbor2

from openline.base.errors import PeerError
from openline.base.limits import CBOR_DEPTH_MAX

Value = int | bytes | str | bool | None | Sequence["Value"] | Mapping[int, "Value"]

_KEY_MAX = 23


def encode(value: Value) -> bytes:
    """The one encoding of `value`.

    That it is a `Value` is for the type checker to see: nothing is looked at here, where every frame and every entry
    passes. A value outside the allowed types is a bug. What cbor2 knows all the same (a float, a set, a key that is a
    text) becomes bytes that `decode` refuses; for anything else it raises its own CBOREncodeError.
    """
    return cbor2.dumps(value, canonical=True)


def decode(data: bytes, size_bytes_max: int) -> Value:
    """The value of `data`.

    Raises PeerError when it is longer than `size_bytes_max`, not CBOR, nested deeper than
    `CBOR_DEPTH_MAX`, of a type openline does not use, or not in its one encoding.
    """
    if len(data) > size_bytes_max:
        raise PeerError("peer-value-too-large", size=len(data), limit=size_bytes_max)
    try:
        value = cbor2.loads(
            data,
            max_depth=CBOR_DEPTH_MAX,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            semantic_decoders=_NO_TAGS,
        )
        size = _size(value)
    except (cbor2.CBORError, ValueError, OverflowError, TypeError, RecursionError, UnicodeError) as why:
        raise PeerError("peer-value-unreadable", detail=type(why).__name__) from why
    if size != len(data):
        raise PeerError("peer-value-not-canonical")
    return cast("Value", value)


def _tagged(*_: object) -> NoReturn:
    raise ValueError("tags are not allowed")


# Every tag that a library may read as something else; of the others it makes a type that is not allowed.
_NO_TAGS = dict.fromkeys((*range(1_200), 43_000, 55_799), _tagged)


def _size(value: object) -> int:
    """How many bytes the one encoding of `value` has. Raises ValueError when it holds what is not allowed.

    Without tags and indefinite lengths, and with the keys of every map in order, the bytes of a value can differ from
    its one encoding only in heads that are longer than they need be. So data of this size is that encoding.
    """
    return _size_of((value,))


def _size_of(values: Iterable[object]) -> int:
    """The same of several. Everything that is read passes here: the commonest types come first, small heads at once."""
    size = 0
    for value in values:
        if type(value) is bytes:
            length = len(value)
            size += length + (1 if length < 24 else 2 if length < 256 else _head(length))
        elif type(value) is int:
            size += 1 if 0 <= value < 24 else _head(value) if value > 0 else _head_below_zero(value)
        elif type(value) is str:
            length = len(value) if value.isascii() else len(value.encode())
            size += length + (1 if length < 24 else 2 if length < 256 else _head(length))
        elif type(value) is list:
            size += _head(len(value)) + _size_of(value)
        elif type(value) is dict:
            size += _head(len(value)) + _size_of_keys(value) + _size_of(value.values())
        elif value is None or type(value) is bool:
            size += 1
        else:
            raise ValueError("type not allowed")
    return size


def _size_of_keys(keys: Collection[object]) -> int:
    before = -1
    for key in keys:
        if type(key) is not int or not before < key <= _KEY_MAX:
            raise ValueError("map keys are not integers from 0 to 23 in order")
        before = key
    return len(keys)


def _head_below_zero(value: int) -> int:
    if value == -(2**64):  # CBOR could write it; that the range ends at its opposite is a rule of the format.
        raise ValueError("integer too large")
    return _head(-1 - value)


def _head(argument: int) -> int:
    """The bytes of the shortest head with this argument."""
    if argument < 24:
        return 1
    if argument < 2**8:
        return 2
    if argument < 2**16:
        return 3
    if argument < 2**32:
        return 5
    if argument < 2**64:
        return 9
    raise ValueError("integer too large")

"""Deterministic CBOR (RFC 8949 section 4.2.1), the one encoding of leaves, bodies, cards and frames.

Allowed: integers, byte strings, text strings, booleans, null, arrays, and maps whose keys are the integers
0 to 23. Decoding is `loads`, re-encode, compare: a value has exactly one encoding, so a signature over bytes
is a signature over the value. Size is checked before anything is parsed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import cbor2

from openline.base.errors import PeerError
from openline.base.limits import CBOR_DEPTH_MAX

Value = int | bytes | str | bool | None | Sequence["Value"] | Mapping[int, "Value"]

_INTEGER_MAX = 2**64 - 1
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
        value = cbor2.loads(data, max_depth=CBOR_DEPTH_MAX, allow_indefinite=False, allow_duplicate_keys=False)
        _check(value)
        same = cbor2.dumps(value) == data
    except (cbor2.CBORError, ValueError, OverflowError, TypeError, RecursionError, UnicodeError) as why:
        raise PeerError("peer-value-unreadable", detail=type(why).__name__) from why
    if not same:
        raise PeerError("peer-value-not-canonical")
    return cast("Value", value)


def _check(value: object) -> None:
    kind = type(value)
    if kind is bytes or kind is str or kind is bool or value is None:
        return
    if kind is int:
        if not -_INTEGER_MAX <= cast("int", value) <= _INTEGER_MAX:
            raise ValueError("integer too large")
    elif kind is list:
        for item in cast("list[object]", value):
            _check(item)
    elif kind is dict:
        before = -1
        for key, item in cast("dict[object, object]", value).items():
            if type(key) is not int or not before < key <= _KEY_MAX:
                raise ValueError("map keys are not integers from 0 to 23 in order")
            before = key
            _check(item)
    else:
        raise ValueError("type not allowed")

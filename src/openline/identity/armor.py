"""Bytes as text: base64 with one text per value, and the Bech32 that age keys are written in.

The standard decoder takes several texts for the same bytes (odd trailing bits, data after padding), and what
may be written in two ways cannot be signed over. Nothing here knows what the bytes mean.
"""

from __future__ import annotations

import binascii
from base64 import b64decode

_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_STEPS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def to_base64(data: bytes) -> str:
    """`data` in the base64 of RFC 4648 section 4, padded, without line breaks."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def from_base64(text: str) -> bytes:
    """The bytes whose `to_base64` is exactly `text`. Raises ValueError for any other text."""
    try:
        data = b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as why:
        raise ValueError("not base64") from why
    if to_base64(data) != text:
        raise ValueError("not the one base64 of its bytes")
    return data


def to_bech32(prefix: str, data: bytes) -> str:
    """`data` as Bech32 (BIP 173 without its length limit, as age uses it) after the lower-case `prefix`.

    pyrage reads such texts but makes them only from its own randomness; our keys come from seeds.
    """
    bits = int.from_bytes(data, "big") << (-8 * len(data) % 5)
    count = -(-8 * len(data) // 5)
    words = [(bits >> 5 * place) & 31 for place in reversed(range(count))]
    spread = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = _bech32_check([*spread, *words, 0, 0, 0, 0, 0, 0]) ^ 1
    words += [(check >> 5 * place) & 31 for place in reversed(range(6))]
    return prefix + "1" + "".join(_BECH32[word] for word in words)


def _bech32_check(words: list[int]) -> int:
    check = 1
    for word in words:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ word
        for bit, step in enumerate(_BECH32_STEPS):
            if top >> bit & 1:
                check ^= step
    return check

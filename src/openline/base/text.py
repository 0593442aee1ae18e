"""Text that came from elsewhere: what may be shown, how long it is, how names are checked."""

from __future__ import annotations

import re
import unicodedata

from openline.base.limits import NAME_BYTES_MAX

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\Z")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_name(text: str) -> bool:
    """Whether `text` may name a party, a line, a path or a role on the wire: small ASCII letters, digits, . and -."""
    return len(text) <= NAME_BYTES_MAX and _NAME.match(text) is not None and ".." not in text


def words(text: str) -> int:
    """How many words `text` has, as the precedence rules count them: runs between white space."""
    return len(text.split())


def visible(text: str) -> str:
    """`text` with control, escape, bidi-control and private characters written as `<U+202E>`.

    Line feed and tab stay. This is for terminals: what the other side sends must not move the cursor or
    reverse what an officer reads.
    """
    return "".join(_shown(character) for character in text)


def is_hidden(character: str) -> bool:
    """Whether `character` acts on a display instead of standing on it."""
    if character in "\n\t":
        return False
    return character in _BIDI or unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _shown(character: str) -> str:
    return f"<U+{ord(character):04X}>" if is_hidden(character) else character

"""How parties, logs and keys are named. A name on the wire is ASCII and says by itself whose it is.

<party>                        alpha.example
<party>/identity               the identity log, and the root keys that sign it
<party>/line/<line>            the party's log on a line, and its log and seal keys
<party>/line/<line>/mirror     the same party as keeper of the other logs of that line: receipts, seals
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from openline.base.text import is_name

PARTY_BYTES_MAX = 100
LINE_BYTES_MAX = 64
KEY_NAME_BYTES_MAX = 255  # the ML-DSA-44 message carries names behind one length byte


def identity_origin(party: str) -> str:
    """The origin of the party's identity log and the name of its root keys: `<party>/identity`."""
    return f"{party}/identity"


def line_origin(party: str, line: str) -> str:
    """The origin of the party's log on a line, and the name of its log keys: `<party>/line/<line>`."""
    return f"{party}/line/{line}"


def mirror_name(origin: str) -> str:
    """The name under which the owner of log `origin` receipts the line's other logs: `<origin>/mirror`."""
    return f"{origin}/mirror"


@lru_cache(maxsize=1024)
def split_origin(origin: str) -> tuple[str, str] | None:
    """The (party, line) of a line log's origin; None when `origin` is not one."""
    party, middle, line = origin.partition("/line/")
    return (party, line) if middle and is_party(party) and is_line(line) else None


def is_party(text: str) -> bool:
    """Whether `text` may be a party id, such as `alpha.example`."""
    return len(text) <= PARTY_BYTES_MAX and is_name(text)


def is_line(text: str) -> bool:
    """Whether `text` may be a line id."""
    return len(text) <= LINE_BYTES_MAX and is_name(text)


def is_key_name(text: str) -> bool:
    """Whether `text` may name a key or a log: 1 to 255 bytes of UTF-8, no Unicode space, control or `+`."""
    if any(c.isspace() or c < " " or c == "+" or "\ud800" <= c <= "\udfff" for c in text):
        return False
    return 0 < len(text.encode()) <= KEY_NAME_BYTES_MAX


def line_name(parties: Sequence[str]) -> str:
    """A line's default id: the first labels of the sorted parties, or the parties when labels coincide."""
    ordered = sorted(parties)
    labels = [party.split(".")[0] for party in ordered]
    return "-".join(labels if len(set(labels)) == len(labels) else ordered)[:LINE_BYTES_MAX]

"""How people name an entry: `bravo:14`, or `alpha-bravo/bravo:14` where several lines are in view.

A party is shown by its first DNS label when no other party of the line has the same, else by its full id. Both are
always understood.
"""

from __future__ import annotations

from collections.abc import Sequence

from openline.base.errors import UsageError
from openline.identity.names import split_origin

_INDEX_DIGITS_MAX = 15


def party_of(origin: str) -> str:
    """The party id in a log's origin; the origin itself when it is not one of a line."""
    parts = split_origin(origin)
    return parts[0] if parts else origin


def party_labels(members: Sequence[str]) -> dict[str, str]:
    """What people call the party of each origin in `members`."""
    short = [party_of(origin).split(".", 1)[0] for origin in members]
    return {
        origin: label if short.count(label) == 1 else party_of(origin)
        for origin, label in zip(members, short, strict=True)
    }


def entry_label(members: Sequence[str], origin: str, index: int, line: str = "") -> str:
    """The entry's id for people; with `line` the long form. An origin that is no member is written whole."""
    label = f"{party_labels(members).get(origin, party_of(origin))}:{index}"
    return f"{line}/{label}" if line else label


def split_id(text: str) -> tuple[str, str, int]:
    """The line ("" when not named), the party's label and the index in an entry's id.

    Raises UsageError when `text` is not such an id.
    """
    place, _, number = text.strip().rpartition(":")
    line, slash, label = place.rpartition("/")
    digits = number.isascii() and number.isdigit() and len(number) <= _INDEX_DIGITS_MAX
    if not label or not digits or (slash and not line):
        raise UsageError("entry-id-wrong", entry=text)
    return line, label, int(number)


def parse_id(text: str, line: str, members: Sequence[str]) -> tuple[str, int]:
    """The origin and index an id names on `line`.

    Raises UsageError when it is no id, names another line, or a party that is not on this one.
    """
    named_line, label, index = split_id(text)
    if named_line not in ("", line):
        raise UsageError("entry-other-line", entry=text, line=line)
    labels = party_labels(members)
    found = [origin for origin in members if label == party_of(origin)]
    found += [origin for origin in members if label == labels[origin]]
    if not found:
        raise UsageError("entry-party-unknown", entry=text, line=line)
    return found[0], index

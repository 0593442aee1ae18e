"""Entries as people name them on the command line: `bravo:14`, or `alpha-bravo/bravo:14` with its line."""

from __future__ import annotations

from openline.base.errors import UsageError


def split_entry(text: str) -> tuple[str | None, str]:
    """The line, when it is named, and the entry's own id. Raises UsageError when `text` is no such id."""
    line, slash, entry = text.strip().rpartition("/")
    party, colon, number = entry.rpartition(":")
    if not colon or not party or not (number.isascii() and number.isdigit()) or (slash and not line):
        raise UsageError("entry-id-wrong", entry=text)
    return line or None, entry

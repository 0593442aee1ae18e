"""What anyone on watch may say, whatever else the role allows: take a FLASH, call STOP and answer one (R23, R66).

A FLASH must not wait for the one officer whose role has the right word in its list.
"""

from __future__ import annotations

from collections.abc import Mapping

from openline.base.errors import UsageError
from openline.line.book import Book
from openline.record.entry import Precedence

OF_A_FLASH = frozenset({"read", "ack"})
OF_A_STOP = frozenset({"stop", "answer-stop"})


def anyone_may(book: Book, verb: str, arguments: object) -> bool:
    """Whether anyone on watch may say `verb` with these arguments, given as JSON brings them."""
    if verb in OF_A_STOP:
        return True
    entry = arguments.get("entry") if isinstance(arguments, Mapping) else None
    if verb not in OF_A_FLASH or not isinstance(entry, str):
        return False
    try:
        item = book.item(*book.find(entry))
    except UsageError:
        return False
    return item is not None and item.precedence is Precedence.FLASH

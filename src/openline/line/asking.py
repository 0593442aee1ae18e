"""What every verb that is about an earlier entry asks first: is there such an entry, may this be said of it, by us,
with this mark? Each "no" is a refusal with a sentence of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from openline.base.errors import UsageError
from openline.base.limits import LEAF_BYTES_MAX, REFS_MAX
from openline.line.book import Book
from openline.line.item import Item
from openline.line.kinds import Asked, Takes
from openline.record.entry import Attachment, Mark, Ref


class _Rule(NamedTuple):
    own: bool | None
    not_possible: str
    wrong_party: str


_RULES: Mapping[Takes, _Rule] = {
    Takes.RECEIPT: _Rule(False, "receipt-not-possible", "receipt-of-own-entry"),
    Takes.TRANSLATION: _Rule(None, "translation-not-possible", ""),
    Takes.CORRECTION: _Rule(True, "correction-not-possible", "correction-of-others-entry"),
    Takes.CANCELLATION: _Rule(True, "withdrawal-not-possible", "withdrawal-of-others-entry"),
    Takes.READ_BACK: _Rule(None, "read-back-target-wrong", ""),
    Takes.STATEMENT: _Rule(None, "statement-not-possible", ""),
}

_ROW_BYTES = 56  # a leaf's row beside the origin: array, place, a 32-byte hash, and their heads
_FIXED_BYTES = 400  # version, kind, time, desk, digest, precedence, deadline, mark


def item_for(book: Book, asked: Asked, text: str, takes: Takes) -> Item:
    """The entry an id names, when what `takes` says may be said of it. Raises UsageError when not."""
    rule = _RULES[takes]
    origin, index = book.find(text)
    item = book.item(origin, index)
    kind = book.registry.by_number(book.kind_at(origin, index))
    if item is None or kind is None or takes not in kind.takes:
        name = book.registry.name(book.kind_at(origin, index))
        raise UsageError(rule.not_possible, entry=book.label(origin, index), kind=name)
    if rule.own is not None and rule.own is not (origin == asked.me):
        raise UsageError(rule.wrong_party, entry=book.label(origin, index))
    if asked.mark not in (Mark.OPERATION, item.mark):
        entry = book.label(origin, index)
        raise UsageError("mark-differs", entry=entry, mark=asked.mark.name, expected=item.mark.name)
    return item


def ref_of(book: Book, item: Item) -> Ref:
    """How to name `item` in a draft."""
    return book.ref(book.members[item.member], item.index)


def refs_of(book: Book, texts: Sequence[str]) -> tuple[Ref, ...]:
    """The entries these ids name. Raises UsageError when one is not held or they are too many."""
    if len(texts) > REFS_MAX:
        raise UsageError("refs-too-many", limit=REFS_MAX)
    return tuple(book.ref(*book.find(text)) for text in texts)


def refs_room(book: Book) -> int:
    """How many refs to entries of this line fit in one header beside what it has seen; 2 at the least."""
    longest = max(map(len, book.members)) + _ROW_BYTES
    left = LEAF_BYTES_MAX - _FIXED_BYTES - sum(len(origin) + _ROW_BYTES for origin in book.members)
    return max(2, min(REFS_MAX, left // longest))


def check_room(book: Book, refs: Sequence[Ref], attachments: Sequence[Attachment]) -> None:
    """Refuse what could not fit the header of an entry. Raises UsageError."""
    origins = [*book.members, *(ref.origin for ref in refs)]
    size = sum(len(origin) + _ROW_BYTES for origin in origins) + _ROW_BYTES * len(attachments) + _FIXED_BYTES
    if size > LEAF_BYTES_MAX:
        raise UsageError("entry-names-too-much", refs=len(refs), attachments=len(attachments))

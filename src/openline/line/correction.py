"""Kind 3, correction: the author's new text for a message of its own, and what changed.

The original stays in the record as it was said and is shown as corrected. What was awaited for it is awaited for the
correction from then on: the clock starts again with the new words. A later correction again names the original.
"""

from __future__ import annotations

from collections.abc import Sequence

from openline.base.errors import UsageError
from openline.base.machine import NoTransition
from openline.base.schema import Body, pack
from openline.base.time import Instant
from openline.line.asking import item_for, ref_of
from openline.line.book import Book
from openline.line.item import STANDING, Act, Item, Stage, mask
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.status import refuse_suspended
from openline.line.words import BLANK, Language, Reason, Text, deadline_of, language_of, reason_of, urgent_text_of
from openline.record.entry import Draft

CORRECTION = 3


class Correction(Body, frozen=True):
    """The body; ref 0 is the original. `language` is left out when it is the original's."""

    text: Text
    change: Reason
    language: Language | None = None


class Correct(Arguments, frozen=True, kw_only=True):
    """Arguments of `correct`. Without `reply_by` the original's stays, while it is still ahead."""

    entry: str
    text: str
    change: str
    language: str | None = None
    reply_by: str | None = None


def _apply(book: Book, said: Said, _body: Correction) -> Sequence[Change]:
    original = book.subject(said, Takes.CORRECTION, own=True)
    if not isinstance(original, Item):
        return original
    try:
        book.change(original, Act.CORRECT, said)
    except NoTransition:
        return [book.fault(said, "fault-corrects-cancelled")]
    item = book.item(said.entry.origin, said.entry.index)
    assert item is not None
    item.awaits |= original.awaits & mask(Stage.PASSED)
    return [book.changed(original, "corrected")]


def _correct(book: Book, asked: Asked, values: Correct) -> Sequence[Draft]:
    original = item_for(book, asked, values.entry, Takes.CORRECTION)
    if (original.standing, Act.CORRECT) not in STANDING:
        raise UsageError("correction-of-cancelled", entry=values.entry)
    refuse_suspended(book, original.mark, original.precedence)
    body = Correction(
        text=urgent_text_of(values.text, original.precedence),
        change=reason_of(values.change, required=True),
        language=None if values.language is None else language_of(values.language),
    )
    return [
        Draft(
            CORRECTION,
            pack(body),
            asked.desk,
            (ref_of(book, original),),
            precedence=original.precedence,
            deadline=deadline_of(values.reply_by, asked.now) or _still_ahead(original, asked.now),
            mark=original.mark,
        )
    ]


def _still_ahead(original: Item, now: Instant) -> Instant | None:
    return original.deadline if original.deadline is not None and original.deadline > now else None


KIND = kind(
    CORRECTION,
    "correction",
    Correction,
    _apply,
    (verb("correct", "send", "Correct a message of our own", Correct, _correct),),
    Traits(takes=frozenset({Takes.RECEIPT, Takes.TRANSLATION}), refs_needed=1, erases={"text": BLANK, "change": ""}),
)

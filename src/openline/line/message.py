"""Kind 1, message: a text to the roles that act on it and those that are informed.

Precedence, mark, reply-by, attachments and refs stand in the leaf. A message without precedence counts as ROUTINE,
so that every message has a clock. Its clock awaits PASSED as well when it names a role other than the watch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec

from openline.base.errors import UsageError
from openline.base.limits import ROLES_MAX
from openline.base.schema import Body, pack
from openline.line.asking import check_room, refs_of
from openline.line.book import Book
from openline.line.item import Stage, mask
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.phrase import NO_LANGUAGE, Phrase, fits, phrase_of, written
from openline.line.status import refuse_suspended
from openline.line.words import (
    BLANK,
    LANGUAGE,
    WATCH,
    Attached,
    Language,
    PrecedenceName,
    Role,
    Roles,
    Subject,
    Text,
    attachments_of,
    deadline_of,
    language_of,
    precedence_of,
    roles_of,
    subject_of,
    urgent_text_of,
)
from openline.record.entry import Draft, Mark, Precedence, Ref

MESSAGE = 1


class Message(Body, frozen=True):
    """The body: what is said, in which language, to which roles, and whether it is to be read back."""

    text: Text
    language: Language = LANGUAGE
    action: Annotated[tuple[Role, ...], msgspec.Meta(min_length=1, max_length=ROLES_MAX)] = (WATCH,)
    info: Roles = ()
    subject: Subject = ""
    read_back: bool = False
    phrase: Phrase | None = None


class Letter(Arguments, frozen=True, kw_only=True):
    """What `send` and `reply` share."""

    text: str
    language: str = LANGUAGE
    action: tuple[str, ...] = (WATCH,)
    info: tuple[str, ...] = ()
    subject: str = ""
    reply_by: str | None = None
    attachments: tuple[Attached, ...] = ()


class Send(Letter, frozen=True, kw_only=True):
    """Arguments of `send`. `reply_by` is RFC 3339; `refs` are ids of entries this one is about.

    With `phrase`, a code, and `values` by name there is no text; else there is one.
    """

    text: str = ""
    phrase: str | None = None
    values: dict[str, str] = msgspec.field(default_factory=dict)
    precedence: PrecedenceName = "routine"
    read_back: bool = False
    refs: tuple[str, ...] = ()


def compose(
    book: Book, asked: Asked, letter: Letter, precedence: Precedence, mark: Mark, refs: Sequence[Ref] = ()
) -> Draft:
    """The draft of a message. Raises UsageError with what is wrong with it."""
    refuse_suspended(book, mark, precedence)
    action, info = roles_of(letter.action, letter.info)
    phrase = _phrase(letter)
    body = Message(
        text=urgent_text_of(letter.text, precedence) if phrase is None else written(phrase),
        language=language_of(letter.language) if phrase is None else NO_LANGUAGE,
        action=action,
        info=info,
        subject=subject_of(letter.subject),
        read_back=isinstance(letter, Send) and letter.read_back,
        phrase=phrase,
    )
    deadline = deadline_of(letter.reply_by, asked.now)
    attachments = attachments_of(letter.attachments)
    check_room(book, refs, attachments)
    return Draft(MESSAGE, pack(body), asked.desk, tuple(refs), attachments, precedence, deadline, mark)


def _phrase(letter: Letter) -> Phrase | None:
    if not isinstance(letter, Send) or letter.phrase is None:
        return None
    if letter.text:
        raise UsageError("phrase-and-text", code=letter.phrase)
    return phrase_of(letter.phrase, letter.values)


def _apply(book: Book, said: Said, body: Message) -> Sequence[Change]:
    item = book.item(said.entry.origin, said.entry.index)
    assert item is not None
    item.clock()
    if any(role != WATCH for role in body.action):
        item.awaits |= mask(Stage.PASSED)
    if body.read_back:
        item.reads_back = True
        for member in range(len(book.members)):
            item.owe(member, is_owed=member != item.member)
    if body.phrase is not None and not fits(body.phrase, body.text):
        return [book.changed(item, "new"), book.fault(said, "fault-phrase-wrong")]
    return [book.changed(item, "new")]


def _send(book: Book, asked: Asked, values: Send) -> Sequence[Draft]:
    refs = refs_of(book, values.refs)
    precedence = precedence_of(values.precedence)
    return [compose(book, asked, values, precedence, asked.mark, refs)]


KIND = kind(
    MESSAGE,
    "message",
    Message,
    _apply,
    (verb("send", "send", "Send a message", Send, _send),),
    Traits(
        takes=frozenset(
            {Takes.RECEIPT, Takes.TRANSLATION, Takes.READ_BACK, Takes.CORRECTION, Takes.CANCELLATION},
        ),
        erases={"text": BLANK, "subject": "", "phrase": None},
    ),
)

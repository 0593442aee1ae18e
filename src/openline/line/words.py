"""The types of body fields, and the checks a person's words pass before they become a body.

A check answers the value or raises UsageError with a sentence of its own. Texts are kept as they were written: the
sender's words are the authentic ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec

from openline.base.errors import UsageError
from openline.base.limits import (
    ATTACHMENTS_MAX,
    BLOB_BYTES_MAX,
    CODE_BYTES_MAX,
    FLASH_WORDS_MAX,
    PERSON_CHARACTERS_MAX,
    REASON_BYTES_MAX,
    ROLE_BYTES_MAX,
    ROLES_MAX,
    TEXT_BYTES_MAX,
)
from openline.base.text import is_name, words
from openline.base.time import Instant, from_rfc3339
from openline.record.entry import Attachment, Precedence

LANGUAGE = "en"
WATCH = "watch"
BLANK = "-"
"""Stands where a body must have a text that was erased. Who shows an entry looks first whether it was."""
LANGUAGE_BYTES_MAX = 35
SUBJECT_BYTES_MAX = 200
BY_CHARACTERS_MAX = 64

_LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*\Z"
_ROLE = r"^(?!.*\.\.)[a-z0-9]([a-z0-9.-]*[a-z0-9])?\Z"

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_BYTES_MAX)]
Language = Annotated[str, msgspec.Meta(pattern=_LANGUAGE, max_length=LANGUAGE_BYTES_MAX)]
Role = Annotated[str, msgspec.Meta(pattern=_ROLE, max_length=ROLE_BYTES_MAX)]
Code = Annotated[str, msgspec.Meta(pattern=_ROLE, max_length=CODE_BYTES_MAX)]
Person = Annotated[str, msgspec.Meta(min_length=1, max_length=PERSON_CHARACTERS_MAX)]
Words = Annotated[str, msgspec.Meta(max_length=TEXT_BYTES_MAX)]
Roles = Annotated[tuple[Role, ...], msgspec.Meta(max_length=ROLES_MAX)]
Subject = Annotated[str, msgspec.Meta(max_length=SUBJECT_BYTES_MAX)]
Reason = Annotated[str, msgspec.Meta(max_length=REASON_BYTES_MAX)]
By = Annotated[str, msgspec.Meta(max_length=BY_CHARACTERS_MAX)]
Number = Annotated[int, msgspec.Meta(ge=0, lt=2**48)]
Milliseconds = Number
Digest = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]

PrecedenceName = Literal["flash", "immediate", "priority", "routine"]

_LANGUAGE_TAG = re.compile(_LANGUAGE)


class Attached(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An attachment as a command names it: its size in bytes and its SHA-256 in hex."""

    size: int
    sha256: str


def text_of(text: str) -> str:
    """`text` when it may be said. Raises UsageError when it is empty, too long or not Unicode text."""
    _within(text, TEXT_BYTES_MAX, "text")
    if not text.strip():
        raise UsageError("text-empty")
    return text


def urgent_text_of(text: str, precedence: Precedence | None) -> str:
    """The same, and within the words a FLASH or IMMEDIATE may have."""
    text_of(text)
    if precedence in (Precedence.FLASH, Precedence.IMMEDIATE) and words(text) > FLASH_WORDS_MAX:
        name = Precedence(precedence).name
        raise UsageError("message-too-many-words", precedence=name, words=words(text), limit=FLASH_WORDS_MAX)
    return text


def subject_of(text: str) -> str:
    """A subject line, which may be empty. Raises UsageError when it is too long."""
    return _within(text, SUBJECT_BYTES_MAX, "subject")


def reason_of(text: str, required: bool = False) -> str:
    """A reason or note. Raises UsageError when it is too long, or missing though `required`."""
    if required and not text.strip():
        raise UsageError("reason-missing")
    return _within(text, REASON_BYTES_MAX, "reason")


def by_of(text: str, desk: str) -> str:
    """Who did it: empty when it is the desk itself, which the entry names anyway. Raises UsageError when too long."""
    _within(text, BY_CHARACTERS_MAX, "by")
    return "" if text == desk else text


def language_of(tag: str) -> str:
    """A BCP 47 language tag. Raises UsageError when it is none."""
    if len(tag) > LANGUAGE_BYTES_MAX or not _LANGUAGE_TAG.match(tag):
        raise UsageError("language-wrong", language=tag)
    return tag


def role_of(role: str) -> str:
    """A role's name. Raises UsageError when it is none."""
    if not is_name(role) or len(role) > ROLE_BYTES_MAX:
        raise UsageError("role-wrong", role=role)
    return role


def roles_of(action: Sequence[str], info: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The roles that act and those that are informed. Raises UsageError when none acts or there are too many."""
    if not action:
        raise UsageError("roles-missing")
    if max(len(action), len(info)) > ROLES_MAX:
        raise UsageError("roles-too-many", limit=ROLES_MAX)
    return tuple(map(role_of, action)), tuple(map(role_of, info))


def code_of(code: str, field: str) -> str:
    """A code word such as `immediate-cease-fire`. Raises UsageError when it is none."""
    if not is_name(code) or len(code) > CODE_BYTES_MAX:
        raise UsageError("code-wrong", field=field, code=code)
    return code


def person_of(name: str, field: str) -> str:
    """The name of a person or of a party, as it is written. Raises UsageError when it is empty or too long."""
    if not name.strip():
        raise UsageError("name-missing", field=field)
    if len(name) > PERSON_CHARACTERS_MAX:
        raise UsageError("name-too-long", field=field, size=len(name), limit=PERSON_CHARACTERS_MAX)
    return _within(name, 4 * PERSON_CHARACTERS_MAX, field)


def verbatim_of(text: str) -> str:
    """Words as they were said, which may be none. Raises UsageError when they are too long or not Unicode text."""
    return _within(text, TEXT_BYTES_MAX, "words")


def time_of(text: str) -> Instant:
    """A time given as RFC 3339. Raises UsageError when it cannot be read."""
    try:
        moment = from_rfc3339(text)
    except (ValueError, OverflowError):
        raise UsageError("time-unreadable", time=text) from None
    if moment < 0:
        raise UsageError("time-unreadable", time=text)
    return Instant.from_ms(moment.ms)


def deadline_of(text: str | None, now: Instant) -> Instant | None:
    """A reply-by time given as RFC 3339. Raises UsageError when it cannot be read or has passed."""
    if text is None:
        return None
    deadline = time_of(text)
    if deadline <= now:
        raise UsageError("reply-by-past", time=deadline.dtg(), now=now.dtg())
    return deadline


def attachments_of(attached: Sequence[Attached]) -> tuple[Attachment, ...]:
    """Attachments by size and digest. Raises UsageError when one is not so named, too large, or they are too many."""
    if len(attached) > ATTACHMENTS_MAX:
        raise UsageError("attachments-too-many", limit=ATTACHMENTS_MAX)
    return tuple(map(_attachment, attached))


def precedence_of(name: str) -> Precedence:
    """The precedence of a name that the arguments allow."""
    return Precedence[name.upper()]


def _attachment(attached: Attached) -> Attachment:
    if not re.fullmatch(r"[0-9a-f]{64}", attached.sha256) or attached.size < 0:
        raise UsageError("attachment-wrong", digest=attached.sha256)
    if attached.size > BLOB_BYTES_MAX:
        raise UsageError("attachment-too-large", size=attached.size, limit=BLOB_BYTES_MAX)
    return Attachment(attached.size, bytes.fromhex(attached.sha256))


def _within(text: str, limit: int, field: str) -> str:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise UsageError("text-unreadable", field=field) from None
    if size > limit:
        raise UsageError("text-too-long", field=field, size=size, limit=limit)
    return text

"""The clauses of a charter: what its body has, what a command gives for them, and each of them as a text (R46).

Texts say what the line is for; the other clauses are values that nodes compute with. `clauses` gives every clause a
name and a text, so that two charters are compared clause by clause and never as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

import msgspec

from openline.base.errors import UsageError
from openline.base.limits import CHARTER_LANGUAGES_MAX, CHARTER_ROWS_MAX, CHECK_TIMES_MAX, MEMBERS_MAX
from openline.base.schema import Body, Row
from openline.base.time import Instant
from openline.line.check import Form
from openline.line.level import LABELS, Level, label_of, level_of
from openline.line.name import Spelt, spelt_of
from openline.line.term import TermId, term_of
from openline.line.words import (
    LANGUAGE,
    SUBJECT_BYTES_MAX,
    Language,
    Milliseconds,
    Person,
    Subject,
    Words,
    language_of,
    person_of,
    reason_of,
    subject_of,
    verbatim_of,
)
from openline.record.entry import Attachment

DAY_MINUTES = 1_440
DUE_MINUTES_MAX = 43_200

CheckForm = Literal[1, 2]
Minutes = Annotated[int, msgspec.Meta(ge=0, le=DAY_MINUTES)]
MinuteOfDay = Annotated[int, msgspec.Meta(ge=0, lt=DAY_MINUTES)]
DueMinutes = Annotated[int, msgspec.Meta(ge=1, le=DUE_MINUTES_MAX)]
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=SUBJECT_BYTES_MAX)]
Purpose = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]


class OwnLevel(Row, frozen=True):
    """What a party calls a level of contact, and the rank of it."""

    label: Label
    level: Level


class Side(Row, frozen=True):
    """What holds for one party: under whose command its end stands, hours of watch, languages, names for levels."""

    party: Person
    commander: Person
    hours: Subject
    languages: Annotated[tuple[Language, ...], msgspec.Meta(min_length=1, max_length=CHARTER_LANGUAGES_MAX)]
    levels: Annotated[tuple[OwnLevel, ...], msgspec.Meta(max_length=CHARTER_ROWS_MAX)]


class CheckTerms(Row, frozen=True):
    """Line checks: minutes after 0000Z, forms (1 text, 2 voice), and minutes early, late, over, and for presence."""

    times: Annotated[tuple[MinuteOfDay, ...], msgspec.Meta(max_length=CHECK_TIMES_MAX)]
    forms: Annotated[tuple[CheckForm, ...], msgspec.Meta(max_length=2)]
    early: Minutes
    late: Minutes
    over: Minutes
    presence: Minutes


class DueTerms(Row, frozen=True):
    """Minutes until an entry of each precedence must have been answered or passed on."""

    flash: DueMinutes
    immediate: DueMinutes
    priority: DueMinutes
    routine: DueMinutes


class Wording(Row, frozen=True):
    """The agreed neutral formula of a contested term in one language."""

    term: TermId
    language: Language
    words: Spelt


class Charter(Body, frozen=True):
    """The body. `scope` may be left to attachments. `sides` has each party once; `from_ms` 0: from the last assent."""

    purpose: Purpose
    sides: Annotated[tuple[Side, ...], msgspec.Meta(min_length=2, max_length=MEMBERS_MAX)]
    checks: CheckTerms
    due: DueTerms
    scope: Words = ""
    language: Language = LANGUAGE
    formulas: Annotated[tuple[Wording, ...], msgspec.Meta(max_length=CHARTER_ROWS_MAX)] = ()
    from_ms: Milliseconds = 0


class _Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of the parts of a proposal as a command names them."""


class SideGiven(_Given, frozen=True):
    """What holds for one party, by its id or label. `levels` maps its own names to a level of contact."""

    party: str
    commander: str
    hours: str
    languages: tuple[str, ...]
    levels: dict[str, str] = {}


class ChecksGiven(_Given, frozen=True):
    """Line checks, named as in a node's configuration. Times are such as `0600Z`."""

    times: tuple[str, ...] = ()
    forms: tuple[Literal["text", "voice"], ...] = ("text", "voice")
    early_minutes: Minutes = 15
    late_minutes: Minutes = 15
    over_minutes: Minutes = 60
    presence_minutes: Minutes = 30


class DueGiven(_Given, frozen=True):
    """Minutes due for each precedence."""

    flash: DueMinutes
    immediate: DueMinutes
    priority: DueMinutes
    routine: DueMinutes


class WordingGiven(_Given, frozen=True):
    """An agreed neutral formula."""

    term: str
    language: str
    words: str


def purpose_of(text: str) -> str:
    """The purpose. Raises UsageError when it is missing or too long."""
    return reason_of(text, required=True)


def scope_of(text: str, attached: Sequence[Attachment]) -> str:
    """The scope, empty only where attachments have it. Raises UsageError when it is missing or too long."""
    if not text.strip() and not attached:
        raise UsageError("charter-scope-missing")
    return verbatim_of(text)


def side_of(given: SideGiven, party: str) -> Side:
    """One party's clauses; `party` is its id. Raises UsageError that says what is wrong."""
    if not given.languages or len(given.languages) > CHARTER_LANGUAGES_MAX:
        raise UsageError("charter-languages-wrong", party=party, limit=CHARTER_LANGUAGES_MAX)
    if len(given.levels) > CHARTER_ROWS_MAX:
        raise UsageError("charter-rows-too-many", clause="levels", limit=CHARTER_ROWS_MAX)
    return Side(
        party,
        person_of(given.commander, "commander"),
        subject_of(given.hours),
        tuple(map(language_of, given.languages)),
        tuple(OwnLevel(_label(label), level_of(level)) for label, level in given.levels.items()),
    )


def checks_of(given: ChecksGiven, minutes: Sequence[int]) -> CheckTerms:
    """The line checks; `minutes` are its times as minutes of the day. Raises UsageError."""
    if len(minutes) > CHECK_TIMES_MAX:
        raise UsageError("charter-rows-too-many", clause="times", limit=CHECK_TIMES_MAX)
    return CheckTerms(
        tuple(sorted(set(minutes))),
        tuple(form for form in (1, 2) if Form(form).name.lower() in given.forms),
        given.early_minutes,
        given.late_minutes,
        given.over_minutes,
        given.presence_minutes,
    )


def due_of(given: DueGiven) -> DueTerms:
    """The minutes due, which do not shrink with less urgency. Raises UsageError when they do."""
    minutes = [given.flash, given.immediate, given.priority, given.routine]
    if minutes != sorted(minutes):
        raise UsageError("charter-due-order")
    return DueTerms(*minutes)


def wordings_of(given: Sequence[WordingGiven]) -> tuple[Wording, ...]:
    """The agreed formulas, each term once in a language. Raises UsageError."""
    if len(given) > CHARTER_ROWS_MAX:
        raise UsageError("charter-rows-too-many", clause="formulas", limit=CHARTER_ROWS_MAX)
    found = tuple(Wording(term_of(row.term), language_of(row.language), spelt_of(row.words)) for row in given)
    for row in found:
        if sum((one.term, one.language) == (row.term, row.language) for one in found) > 1:
            raise UsageError("charter-formula-twice", term=row.term, language=row.language)
    return found


def clauses(body: Charter, attached: Sequence[Attachment]) -> dict[str, str]:
    """Every clause by name, as a text: the same for the same clause, whoever computes it."""
    return dict(_clauses(body, attached))


def _clauses(body: Charter, attached: Sequence[Attachment]) -> Iterator[tuple[str, str]]:
    yield "purpose", body.purpose
    yield "scope", body.scope
    yield "language", body.language
    yield "valid from", Instant.from_ms(body.from_ms).rfc3339() if body.from_ms else ""
    for attachment in attached:
        yield f"attachment {attachment.digest.hex()}", f"{attachment.size} bytes"
    for side in sorted(body.sides, key=lambda side: side.party):
        yield f"{side.party} commander", side.commander
        yield f"{side.party} hours", side.hours
        yield f"{side.party} languages", ", ".join(side.languages)
        for own in sorted(side.levels, key=lambda own: (own.level, own.label)):
            yield f"{side.party} level {own.label}", label_of(own.level)
    yield "checks times", ", ".join(time_text(minute) for minute in body.checks.times)
    yield "checks forms", ", ".join(Form(form).name.lower() for form in body.checks.forms)
    for name in ("early", "late", "over", "presence"):
        yield f"checks {name} minutes", str(getattr(body.checks, name))
    for name in DueTerms.__struct_fields__:
        yield f"due {name} minutes", str(getattr(body.due, name))
    for row in sorted(body.formulas, key=lambda row: (row.term, row.language)):
        yield f"formula {row.term} {row.language}", row.words


def time_text(minute: int) -> str:
    """A minute of the day as `0600Z`."""
    return f"{minute // 60:02d}{minute % 60:02d}Z"


def _label(label: str) -> str:
    """A party's own name for a level. Raises UsageError when it is empty, too long, or a word that is everybody's."""
    if label in LABELS:
        raise UsageError("charter-level-taken", label=label)
    if not label.strip():
        raise UsageError("name-missing", field="level")
    return subject_of(label)

"""What the history says of one contact, as message ids with facts: the sentences are in the catalogues.

Contacts are counted among those of the same parties. Each note follows from `history.py` alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from openline.base.time import Instant
from openline.line.book import Book
from openline.line.history import (
    Held,
    Question,
    attempts_before,
    between,
    channels,
    contacts,
    days_without,
    highest,
    highest_since,
    in_both,
    last,
    nth,
    parallel,
    persons,
    previous,
)
from openline.line.level import Level, label_of
from openline.line.recurring import Kept, agreements, dates
from openline.line.register import Ids

SLOTS_MAX = 1_000
"""How many dates of a recurring call are looked at, the newest ones."""


@dataclass(frozen=True, slots=True)
class Note:
    """A message id and its facts. A fact called `level` is a label of `level.py`; `day` and `since` are dates."""

    id: str
    facts: dict[str, str | int]


def notes(books: Sequence[Book], question: Question, held: Held) -> Iterator[Note]:
    """What there is to say of a contact among those that are asked for: number, previous, attempts, days, highest."""
    level = held.level
    asked = replace(question, level=level, at_least=False)
    same = replace(between(asked, held), since=question.since, until=question.until)
    yield number_note(books, same, held)
    yield previous_note(books, same, held)
    yield attempts_note(books, same, held, level)
    yield days_note(books, between(asked, held), held, level)
    highest_of_all = highest_since_note(books, same, held)
    if highest_of_all.id != "history-first":
        yield highest_of_all


def parallel_notes(books: Sequence[Book], held: Held, known: Ids) -> Iterator[Note]:
    """What else there was the same day over other channels, and who took part in both."""
    named = persons(held)
    for row in parallel(books, held):
        both = in_both(named, row, known)
        entry, level, names = f"{row.line}/{row.id}", label_of(row.level), ", ".join(both)
        yield Note("history-parallel", {"entry": entry, "level": level, "persons": names, "count": len(both)})


def recurring_notes(books: Sequence[Book], now: Instant) -> dict[str, Note]:
    """By contact: which date of a recurring call it kept, and how many were skipped before it."""
    found: dict[str, Note] = {}
    for book in books:
        for agreement in agreements(book):
            entry = f"{book.line}/{book.label(book.members[agreement.request.member], agreement.request.index)}"
            skipped = 0
            for slot in dates(books, agreement, now, SLOTS_MAX):
                skipped += slot.kept is Kept.SKIPPED
                if slot.held is not None:
                    facts: dict[str, str | int] = {"entry": entry, "number": slot.number, "skipped": skipped}
                    found[f"{slot.held.line}/{slot.held.id}"] = Note("history-recurring", facts)
    return found


def overview(books: Sequence[Book], question: Question) -> Iterator[Note]:
    """What there is to say of all contacts that are asked for: how many, the last, the highest, who, over how much."""
    if question.level is not None and not question.at_least and question.person is None:
        yield count_note(books, question, question.level)
        if question.until is None:
            yield last_note(last(books, replace(question, since=None)), question.level)
    if question.level is None or question.at_least:
        yield top_note(books, question)
    if question.person is not None:
        yield person_note(books, question)
    if highest(books, question) is not None:
        yield channels_note(books, question)


def day(held: Held) -> str:
    """The day a contact began, by UTC."""
    return held.began.rfc3339()[:10]


def last_note(held: Held | None, level: Level) -> Note:
    """Which contact at a level was the last."""
    if held is None:
        return Note("history-never", {"level": label_of(level)})
    return Note("history-last", {"day": day(held), "level": label_of(level), "line": held.line})


def previous_note(books: Sequence[Book], question: Question, held: Held) -> Note:
    """The contact before this one, in the period of the question."""
    before = previous(books, question, held)
    if before is None:
        return Note("history-first", {})
    return Note("history-previous", {"day": day(before)})


def days_note(books: Sequence[Book], question: Question, held: Held, level: Level) -> Note:
    """How many days before this one were without a contact at its level."""
    found = days_without(books, question, held)
    if found is None:
        return Note("history-never-before", {"level": label_of(level)})
    return Note("history-days", {"count": found[0], "day": day(found[1]), "level": label_of(level)})


def count_note(books: Sequence[Book], question: Question, level: Level) -> Note:
    """How many contacts at a level there were in the period of the question."""
    count, label = len(contacts(books, replace(question, level=level))), label_of(level)
    since, until = (None if end is None else end.rfc3339()[:10] for end in (question.since, question.until))
    if until is None and since is None:
        return Note("history-count-ever", {"count": count, "level": label})
    if until is None:
        return Note("history-count", {"count": count, "level": label, "since": since or ""})
    if since is None:
        return Note("history-count-until", {"count": count, "level": label, "until": until})
    return Note("history-count-from-until", {"count": count, "level": label, "since": since, "until": until})


def attempts_note(books: Sequence[Book], question: Question, held: Held, level: Level) -> Note:
    """How many attempts at its level came before this contact."""
    return Note("history-attempts", {"count": len(attempts_before(books, question, held)), "level": label_of(level)})


def highest_since_note(books: Sequence[Book], question: Question, held: Held) -> Note:
    """Since which contact this one is the highest of the period, or that it is not."""
    top = highest_since(books, question, held)
    if top is not None:
        return Note("history-highest", {"day": day(top), "level": label_of(top.level)})
    if highest(books, replace(question, level=None, until=held.began)) is None:
        return Note("history-first", {})
    return Note("history-not-highest", {})


def top_note(books: Sequence[Book], question: Question) -> Note:
    """Which contact of a period was the highest."""
    top = highest(books, question)
    if top is None:
        return Note("history-none", {})
    return Note("history-top", {"day": day(top), "level": label_of(top.level)})


def channels_note(books: Sequence[Book], question: Question) -> Note:
    """Over how many parallel channels the contacts of a period went."""
    return Note("history-channels", {"count": len(channels(books, question))})


def person_note(books: Sequence[Book], question: Question) -> Note:
    """On which days a person took part, by what some side has stated."""
    days = [day(held) for held in contacts(books, question)]
    return Note("history-person", {"count": len(days), "person": question.person or "", "days": ", ".join(days)})


def number_note(books: Sequence[Book], question: Question, held: Held) -> Note:
    """The how manieth contact at its level this one is, in the period of the question."""
    count = nth(books, question, held)
    label = label_of(question.level or held.level)
    if question.since is None:
        return Note("history-nth", {"count": count, "level": label})
    return Note("history-nth-since", {"count": count, "level": label, "since": question.since.rfc3339()[:10]})

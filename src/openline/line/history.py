"""What the record says of earlier contacts: the last one, the how manieth, the highest since, attempts, days without.

Pure, over the books of one line or several. A contact is as its first entry says (docs/adr/0030); what its authors
have withdrawn does not count, and neither does an exercise unless it is asked for. A period is from `since` on and
before `until`; a contact of which only the day is known began with that day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from openline.base.time import DAY_US, Instant
from openline.line.attempt import Tried, attempts_between
from openline.line.book import Book
from openline.line.contact import Anchor, Meeting, meetings, stands
from openline.line.grid import meeting_claims
from openline.line.ids import party_of
from openline.line.level import Level
from openline.line.name import is_id
from openline.line.precise import Grain, days_between, normal
from openline.line.register import Ids, meant
from openline.line.statement import About
from openline.record.entry import Mark

_DAY_MS = DAY_US // 1000


@dataclass(frozen=True, slots=True)
class Question:
    """Which contacts are asked for: at a level (or at least at it), with these parties in it, a person, in a period.

    `ids` are those of each spelling of a name, as far as registers have it.
    """

    level: Level | None = None
    at_least: bool = False
    parties: frozenset[str] = frozenset()
    person: str | None = None
    since: Instant | None = None
    until: Instant | None = None
    mark: Mark = Mark.OPERATION
    ids: Ids | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """One contact of one line, as the first entry says that its author has not withdrawn."""

    book: Book
    meeting: Meeting
    anchor: Anchor

    @property
    def line(self) -> str:
        """The line on whose record it is."""
        return self.book.line

    @property
    def level(self) -> Level:
        """At which level."""
        return self.anchor.level

    @property
    def began(self) -> Instant:
        """When it began; with a grain of a day, when that day did."""
        return self.anchor.began.time

    @property
    def parties(self) -> frozenset[str]:
        """Who took part."""
        return frozenset(self.anchor.parties)

    @property
    def id(self) -> str:
        """The id of that entry."""
        return self.book.label(self.book.members[self.anchor.member], self.anchor.index)

    @property
    def order(self) -> tuple[int, str, int, int]:
        """What contacts are sorted by: when they began, then line and place."""
        return self.anchor.began.ms, self.line, *self.anchor.place


@dataclass(frozen=True, slots=True)
class Channel:
    """A way two parties or more are in contact: on one line, at one level. `contacts` are those of the period."""

    line: str
    level: Level
    parties: frozenset[str]
    contacts: tuple[Held, ...]


def contacts(books: Sequence[Book], question: Question) -> list[Held]:
    """Every contact that is asked for, by when it began."""
    if len(books) == 1:
        return list(_of_book(books[0], question))
    return sorted((held for book in books for held in _of_book(book, question)), key=_order)


def between(question: Question, held: Held) -> Question:
    """The same question about the contacts of the same parties, whoever took part, at any time."""
    return replace(question, parties=held.parties, person=None, since=None, until=None)


def previous(books: Sequence[Book], question: Question, before: Held) -> Held | None:
    """The last contact that is asked for and came before this one."""
    return _newest(books, _up_to(question, before), before.order)


def last(books: Sequence[Book], question: Question) -> Held | None:
    """The last contact that is asked for."""
    return _newest(books, question, None)


def nth(books: Sequence[Book], question: Question, held: Held) -> int:
    """The how manieth it is among those asked for; 0 when it is none of them."""
    rows = [row for book in books for row in _of_book(book, _up_to(question, held))]
    if not any(row.meeting is held.meeting for row in rows):
        return 0
    order = held.order
    return 1 + sum(row.anchor.began.ms < order[0] or row.order < order for row in rows)


def highest(books: Sequence[Book], question: Question) -> Held | None:
    """The highest contact that is asked for, the latest of equals."""
    rows = (held for book in books for held in _of_book(book, question))
    return max(rows, key=_rank, default=None)


def highest_since(books: Sequence[Book], question: Question, held: Held) -> Held | None:
    """Since which earlier contact this one is the highest: the highest of those asked for, the latest of equals.

    None when there is no earlier one, or a higher one.
    """
    asked = replace(_up_to(question, held), level=None)
    rows = (row for book in books for row in _of_book(book, asked))
    order = held.order
    top = max((row for row in rows if row.anchor.began.ms < order[0] or row.order < order), key=_rank, default=None)
    return top if top is not None and top.level <= held.level else None


def days_without(books: Sequence[Book], question: Question, held: Held) -> tuple[int, Held] | None:
    """How many calendar days (UTC) before a contact were without one, and the last one; None when there was none.

    `since` of the question is left out: the last contact may be older than the period that is looked at.
    """
    found = previous(books, replace(question, since=None, until=None), held)
    return None if found is None else (days_between(found.began, held.began), found)


def attempts(books: Sequence[Book], question: Question) -> list[tuple[Book, Tried]]:
    """Every attempt that is asked for, by when it was made."""
    found = [
        (book, row)
        for book in books
        for row in attempts_between(book, *_period(question))
        if row.mark is question.mark
        and _right_level(question, row.level)
        and question.parties <= _tried(book, row)
        and stands(book, row.place)
    ]
    return sorted(found, key=lambda pair: (pair[1].at.ms, pair[0].line, pair[1].place))


def attempts_before(books: Sequence[Book], question: Question, held: Held) -> list[tuple[Book, Tried]]:
    """The attempts that are asked for between the contact before this one, if any, and this one.

    Each belongs to one contact only. Of a day on which a contact took place, nobody knows when, all come before it.
    """
    before = previous(books, question, held)
    since, until = question.since, _over(held)
    if before is not None and (since is None or _over(before) > since):
        since = _over(before)
    return attempts(books, replace(question, since=since, until=until))


def channels(books: Sequence[Book], question: Question) -> list[Channel]:
    """The parallel channels of a period: each line, level and set of parties with its contacts, the highest first."""
    rows: dict[tuple[str, Level, frozenset[str]], list[Held]] = {}
    for held in contacts(books, question):
        rows.setdefault(_channel(held), []).append(held)
    found = [Channel(*key, tuple(of)) for key, of in rows.items()]
    return sorted(found, key=lambda one: (-one.level, one.line, sorted(one.parties)))


def parallel(books: Sequence[Book], held: Held) -> list[Held]:
    """The contacts that began the same day (UTC) on another line, at another level or with other parties."""
    begin = Instant.from_ms(held.began.ms - held.began.ms % _DAY_MS)
    rows = contacts(books, Question(since=begin, until=begin.plus(DAY_US), mark=held.anchor.mark))
    return [row for row in rows if _channel(row) != _channel(held)]


def in_both(one: Held, other: Held, known: Ids) -> list[str]:
    """The names stated of one contact that may mean a person who is stated of the other."""
    there = frozenset(person for name in persons(other) for person in meant(name, known))
    return [name for name in persons(one) if meant(name, known) & there]


def persons(held: Held) -> list[str]:
    """Everybody that some side has stated to have taken part, by the names stated, in order."""
    claims = (claim for claim in meeting_claims(held.book, held.meeting) if claim.fact is About.PERSON)
    return sorted({normal(claim.value) for claim in claims if isinstance(claim.value, str)})


def by_names(held: Held, question: Question) -> dict[str, list[str]]:
    """The names stated of a contact by which the person asked for is found in it, each with the ids it is found by.

    Without ids a name is found as it is spelled; with several it may as well be another person's.
    """
    if question.person is None:
        return {}
    known = question.ids or {}
    wanted = meant(question.person, known)
    return {name: sorted(filter(is_id, found)) for name in persons(held) if wanted & (found := meant(name, known))}


def _newest(books: Sequence[Book], question: Question, before: tuple[int, str, int, int] | None) -> Held | None:
    """The last one of each book that comes before a place in the order, and the last of these."""
    rows = (
        next((row for row in _of_book(book, question, newest_first=True) if before is None or row.order < before), None)
        for book in books
    )
    return max((row for row in rows if row is not None), key=lambda row: row.order, default=None)


def _of_book(book: Book, question: Question, newest_first: bool = False) -> Iterator[Held]:
    for meeting, anchor in meetings(book, *_period(question), newest_first):
        if anchor.mark is not question.mark or not _right_level(question, anchor.level):
            continue
        if question.parties and not question.parties.issubset(anchor.parties):
            continue
        held = Held(book, meeting, anchor)
        if _took_part(held, question):
            yield held


def _took_part(held: Held, question: Question) -> bool:
    return question.person is None or bool(by_names(held, question))


def _right_level(question: Question, level: Level) -> bool:
    if question.level is None:
        return True
    return level >= question.level if question.at_least else level is question.level


def _period(question: Question) -> tuple[int, int | None]:
    """The period of a question, in milliseconds."""
    return 0 if question.since is None else question.since.ms, None if question.until is None else question.until.ms


def _tried(book: Book, row: Tried) -> frozenset[str]:
    """Who tried, and who was meant: the other members when nobody is named."""
    own = party_of(book.members[row.member])
    if row.to:
        return frozenset({own, row.to})
    return frozenset(party_of(origin) for origin in book.members)


def _channel(held: Held) -> tuple[str, Level, frozenset[str]]:
    return held.line, held.level, held.parties


def _order(held: Held) -> tuple[int, str, int, int]:
    return held.order


def _rank(held: Held) -> tuple[Level, tuple[int, str, int, int]]:
    return held.level, held.order


def _over(held: Held) -> Instant:
    """From when on something is after a contact, as exactly as its beginning is known."""
    began = held.anchor.began
    return Instant.from_ms(began.ms + 1 if began.grain is Grain.ABOUT else began.span[1])


def _up_to(question: Question, held: Held) -> Question:
    """The question about what began no later than a contact, in its period."""
    after = held.began.plus(1000)
    return replace(question, until=after if question.until is None else min(question.until, after))

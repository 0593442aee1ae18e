"""What the record says of earlier contacts: the last one, the how manieth, the highest since, attempts, days without.

Pure, over the books of one line or several. A contact is as its first entry says (docs/adr/0028); what its authors
have withdrawn does not count, and neither does an exercise unless it is asked for. A period is from `since` on and
before `until`; a contact of which only the day is known began with that day.

Contacts stand on shelves by mark, level and parties, each in the order in which they began (`contact.Contacts`): the
last one, and the how manieth, are found by halving.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

import msgspec
from msgspec.structs import replace

from openline.base.time import DAY_US, Instant
from openline.line.attempt import Tried, attempts_between
from openline.line.book import Book
from openline.line.contact import Anchor, Contacts, Meeting, Place, Rows, stands
from openline.line.ids import party_of
from openline.line.level import Level
from openline.line.name import is_id
from openline.line.precise import Grain, days_between, normal
from openline.line.readout import Readouts, readouts_of
from openline.line.register import Ids, meant
from openline.line.statement import About, Claims
from openline.record.entry import Mark

_DAY_MS = DAY_US // 1000

_Order = tuple[int, str, int, int]
"""What contacts are sorted by: when they began (ms), then line and place."""

_Shelves = Mapping[tuple[Mark, Level], Mapping[frozenset[str], Rows]]
_Slice = tuple[Level, frozenset[str], Rows, int, int]


class Question(msgspec.Struct, frozen=True):
    """Which contacts are asked for: at a level (or at least at it), with these parties in it, a person, in a period.

    `ids` are those of each spelling of a name, as far as registers have it. `chosen` are the contacts of the person by
    line, when they were looked up already (`looked_up`).
    """

    level: Level | None = None
    at_least: bool = False
    parties: frozenset[str] = frozenset()
    person: str | None = None
    since: Instant | None = None
    until: Instant | None = None
    mark: Mark = Mark.OPERATION
    ids: Ids | None = None
    chosen: Mapping[str, _Shelves] | None = None


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


def looked_up(books: Sequence[Book], question: Question) -> Question:
    """The same question, with the contacts of its person looked up once for all that is asked after it."""
    if question.person is None or question.chosen is not None:
        return question
    return replace(question, chosen={book.line: _of_person(book, question) for book in books})


def contacts(books: Sequence[Book], question: Question, count: int | None = None) -> list[Held]:
    """Every contact that is asked for, or the newest `count` of them, by when it began."""
    found: list[tuple[_Order, int]] = []
    for number, book in enumerate(books):
        for _, _, rows, start, end in _slices(book, question):
            first = start if count is None else max(start, end - count)
            found += [((ms, book.line, *place), number) for ms, place in rows[first:end]]
    chosen = sorted(found) if count is None else nlargest(count, found)[::-1]
    return [_held(books[number], (order[2], order[3])) for order, number in chosen]


def between(question: Question, held: Held) -> Question:
    """The same question about the contacts of the same parties, whoever took part, at any time."""
    return replace(question, parties=held.parties, person=None, since=None, until=None, chosen=None)


def previous(books: Sequence[Book], question: Question, before: Held) -> Held | None:
    """The last contact that is asked for and came before this one."""
    return _newest(books, question, before.order)


def last(books: Sequence[Book], question: Question) -> Held | None:
    """The last contact that is asked for."""
    return _newest(books, question, None)


def nth(books: Sequence[Book], question: Question, held: Held) -> int:
    """The how manieth it is among those asked for; 0 when it is none of them."""
    count, is_there = 1, False
    for book in books:
        for _, _, rows, start, end in _slices(book, question):
            at = _place_of(book, rows, held.order)
            count += max(0, min(at, end) - start)
            if book is held.book and start <= at < end and rows[at] == (held.order[0], held.anchor.place):
                is_there = True
    return count if is_there else 0


def highest(books: Sequence[Book], question: Question, before: Held | None = None) -> Held | None:
    """The highest contact that is asked for, the latest of equals; `before` leaves out this one and all after it."""
    order = None if before is None else before.order
    for level in sorted(Level, reverse=True):
        if _right_level(question, level):
            found = _newest(books, replace(question, level=level, at_least=False), order)
            if found is not None:
                return found
    return None


def highest_since(books: Sequence[Book], question: Question, held: Held) -> Held | None:
    """Since which earlier contact this one is the highest: the highest of those asked for, the latest of equals.

    None when there is no earlier one, or a higher one.
    """
    top = highest(books, replace(question, level=None), held)
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
        for level in Level
        if _right_level(question, level)
        for row in attempts_between(book, question.mark, level, *_period(question))
        if (not question.parties or question.parties <= _tried(book, row)) and stands(book, row.place)
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
    found = [
        Channel(book.line, level, parties, tuple(_held(book, place) for _, place in rows[start:end]))
        for book in books
        for level, parties, rows, start, end in _slices(book, question)
        if start < end
    ]
    return sorted(found, key=lambda one: (-one.level, one.line, sorted(one.parties)))


def parallel(books: Sequence[Book], held: Held) -> list[Held]:
    """The contacts that began the same day (UTC) on another line, at another level or with other parties."""
    begin = Instant.from_ms(held.began.ms - held.began.ms % _DAY_MS)
    rows = contacts(books, Question(since=begin, until=begin.plus(DAY_US), mark=held.anchor.mark))
    return [row for row in rows if _channel(row) != _channel(held)]


def in_both(names: Sequence[str], other: Held, known: Ids) -> list[str]:
    """Those of the names stated of one contact that may mean a person who is stated of the other."""
    there = frozenset(person for name in persons(other) for person in meant(name, known))
    return [name for name in names if meant(name, known) & there]


def persons(held: Held) -> list[str]:
    """Everybody that some side has stated to have taken part, by the names stated, in order."""
    book, meeting = held.book, held.meeting
    about = book.state(Claims).about
    places = [*(anchor.place for anchor in meeting.anchors), *(row.place for row in readouts_of(book, meeting))]
    claims = (claim for place in places for claim in about.get(place, ()) if claim.fact is About.PERSON)
    return sorted(
        {normal(claim.value) for claim in claims if isinstance(claim.value, str) and stands(book, claim.place)}
    )


def by_names(held: Held, question: Question) -> dict[str, list[str]]:
    """The names stated of a contact by which the person asked for is found in it, each with the ids it is found by.

    Without ids a name is found as it is spelled; with several it may as well be another person's.
    """
    if question.person is None:
        return {}
    known = question.ids or {}
    wanted = meant(question.person, known)
    return {name: sorted(filter(is_id, found)) for name in persons(held) if wanted & (found := meant(name, known))}


def _newest(books: Sequence[Book], question: Question, before: _Order | None) -> Held | None:
    """The last one that is asked for, or the last that comes before a place in the order."""
    best: tuple[_Order, Book] | None = None
    for book in books:
        for _, _, rows, start, end in _slices(book, question):
            at = end if before is None else min(end, _place_of(book, rows, before))
            if at > start:
                ms, place = rows[at - 1]
                order = (ms, book.line, *place)
                if best is None or order > best[0]:
                    best = order, book
    return None if best is None else _held(best[1], (best[0][2], best[0][3]))


def _slices(book: Book, question: Question) -> Iterator[_Slice]:
    """What is asked for of a book: level, parties, the rows of that shelf, and from where to before where in them."""
    shelves = _shelves(book, question)
    since_ms, until_ms = _period(question)
    levels = Level if question.level is None or question.at_least else (question.level,)
    for level in levels:
        if not _right_level(question, level):
            continue
        for parties, rows in shelves.get((question.mark, level), {}).items():
            if question.parties <= parties:
                start = bisect_left(rows, (since_ms, (0, 0))) if since_ms else 0
                end = len(rows) if until_ms is None else bisect_left(rows, (until_ms, (0, 0)))
                yield level, parties, rows, start, end


def _shelves(book: Book, question: Question) -> _Shelves:
    if question.person is None:
        return book.state(Contacts).shelves
    return _of_person(book, question) if question.chosen is None else question.chosen[book.line]


def _of_person(book: Book, question: Question) -> _Shelves:
    """The contacts in which the person of a question took part, by what some side has stated and not withdrawn."""
    claims, contacts_held, readouts = book.state(Claims), book.state(Contacts), book.state(Readouts)
    chosen: dict[tuple[Mark, Level], dict[frozenset[str], set[tuple[int, Place]]]] = {}
    for name in _names_of(question):
        for about, place in claims.persons.get(name, ()):
            readout = readouts.by_place.get(about)
            meeting = contacts_held.by_place.get(about if readout is None else readout.contact)
            anchor = None if meeting is None else meeting.telling
            if anchor is None or not stands(book, place) or (readout is not None and not stands(book, about)):
                continue
            shelf = chosen.setdefault((anchor.mark, anchor.level), {})
            shelf.setdefault(frozenset(anchor.parties), set()).add((anchor.began.ms, anchor.place))
    return {key: {parties: sorted(rows) for parties, rows in shelf.items()} for key, shelf in chosen.items()}


def _names_of(question: Question) -> set[str]:
    """Every name, as `register.written` has it, that may mean the person of a question."""
    assert question.person is not None
    known = question.ids or {}
    wanted = meant(question.person, known)
    spelled = {name for name, found in known.items() if wanted & found}
    return spelled | {name for name in wanted if name not in known}


def _held(book: Book, place: Place) -> Held:
    """The contact that stands by the entry at this place."""
    meeting = book.state(Contacts).by_place[place]
    assert meeting.telling is not None, "what stands on a shelf has an entry that stands"
    return Held(book, meeting, meeting.telling)


def _place_of(book: Book, rows: Rows, order: _Order) -> int:
    """Where a place in the order of all books lies among the rows of this one: how many come before it."""
    ms, line, *place = order
    if book.line == line:
        return bisect_left(rows, (ms, (place[0], place[1])))
    return bisect_left(rows, (ms if line < book.line else ms + 1, (0, 0)))


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


def _over(held: Held) -> Instant:
    """From when on something is after a contact, as exactly as its beginning is known."""
    began = held.anchor.began
    return Instant.from_ms(began.ms + 1 if began.grain is Grain.ABOUT else began.span[1])

"""What the shelves and the index of persons answer is what who goes through every entry of the record would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from openline.base.errors import UsageError
from openline.line.book import Book
from openline.line.contact import Contacts, stands
from openline.line.grid import Contradicted, is_disputed, meeting_claims, meeting_grid
from openline.line.history import (
    Held,
    Question,
    channels,
    contacts,
    highest,
    highest_since,
    in_both,
    last,
    looked_up,
    nth,
    persons,
    previous,
)
from openline.line.level import Level
from openline.line.precise import day_of, normal
from openline.line.register import ids_of, meant
from openline.line.statement import SINGLE, About
from openline.record.entry import Mark
from tests.line.test_contact import enter
from tests.line.world import World

SIDES = ("alpha", "bravo")
OTHERS = ("charlie", "An agency")
LEVELS = ("duty", "adviser", "minister")
SPELLINGS = ("Shoigu", "SHOIGU", "Шойгу", "Ivanov")
IDS = ("person:shoigu", "person:ivanov")
MARKS = (Mark.OPERATION, Mark.EXERCISE)

acts = st.lists(
    st.tuples(
        st.sampled_from(["enter", "same", "same", "person", "person", "readout", "name", "withdraw", "withdraw"]),
        st.sampled_from(SIDES),
        st.integers(0, 30),
        st.integers(0, 30),
    ),
    min_size=4,
    max_size=16,
)


class Played:
    """A line on which somebody has done things; each side has a list of what can be spoken of."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.contacts: list[str] = []
        self.about: list[str] = []
        self.own: dict[str, list[str]] = {side: [] for side in SIDES}

    def act(self, what: str, who: str, one: int, two: int) -> None:
        """One thing, done by `who`; nothing where there is nothing yet to do it to."""
        mark = MARKS[one % 5 == 0]
        values = {"began": f"2022-05-{1 + one % 9:02}", "level": LEVELS[two % 3]}
        steps: dict[str, Callable[[], str]] = {
            "enter": lambda: enter(self.world, who, mark=mark, parties=(who, OTHERS[two % 2]), **values),
            "same": lambda: enter(self.world, who, same_as=self._one(self.contacts, one), **values),
            "person": partial(
                self._say, who, "state", entry=self._one(self.about, one), fact="person", value=_name(two)
            ),
            "readout": partial(
                self._say, who, "publish", entry=self._one(self.contacts, one), text="We spoke.", released="2022-05-20"
            ),
            "name": lambda: self._say(who, "name", id=IDS[one % 2], spellings=[_spelling(two)], mark=mark),
            "withdraw": lambda: self._say(who, "withdraw", entry=self._one(self.own[who], one)),
        }
        try:
            entry = steps[what]()
        except UsageError:
            return
        if not entry:
            return
        if what in ("enter", "same"):
            self.contacts.append(entry)
        if what in ("enter", "same", "readout"):
            self.about.append(entry)
        if what != "withdraw":
            self.own[who].append(entry)

    def _say(self, who: str, verb: str, **values: object) -> str:
        said = self.world.say(who, verb, **values)
        return self.world.id(said[0]) if said else ""

    def _one(self, rows: list[str], number: int) -> str:
        return rows[number % len(rows)] if rows else ""


def _name(number: int) -> str:
    return (*SPELLINGS, *IDS)[number % 6]


def _spelling(number: int) -> dict[str, str]:
    return {"text": SPELLINGS[number % 4], "language": "en"}


def every_contact(book: Book, question: Question) -> Iterator[Held]:
    """What is asked for, by going through all entries; nothing of the shelves and of the index is used."""
    meetings = {id(meeting): meeting for meeting in book.state(Contacts).by_place.values()}
    for meeting in meetings.values():
        standing = [anchor for anchor in meeting.anchors if stands(book, anchor.place)]
        if not standing:
            continue
        held, level = Held(book, meeting, standing[0]), standing[0].level
        right = question.level in (None, level) or (question.at_least and level >= (question.level or level))
        since, until = (None if end is None else end.ms for end in (question.since, question.until))
        began = standing[0].began.ms
        if standing[0].mark is not question.mark or not right or not question.parties <= held.parties:
            continue
        if (since is not None and began < since) or (until is not None and began >= until):
            continue
        if question.person is None or _named(held, question):
            yield held


def _named(held: Held, question: Question) -> bool:
    known = question.ids or {}
    wanted = meant(question.person or "", known)
    return any(wanted & meant(name, known) for name in _stated(held))


def _stated(held: Held) -> list[str]:
    claims = (claim for claim in meeting_claims(held.book, held.meeting) if claim.fact is About.PERSON)
    return sorted({normal(claim.value) for claim in claims if isinstance(claim.value, str)})


def questions(book: Book) -> Iterator[Question]:
    """By mark, level, period, party and person."""
    begin, end = day_of("2022-05-03")[0], day_of("2022-05-07")[0]
    for mark, level, person in product(MARKS, (None, Level.ADVISER, Level.MINISTER), (None, *SPELLINGS, *IDS)):
        ids = None if person is None else ids_of([book], mark)
        asked = Question(level=level, mark=mark, person=person, ids=ids)
        yield asked
        yield Question(level=level, at_least=True, mark=mark, person=person, ids=ids, since=begin, until=end)
    yield Question(parties=frozenset({"An agency"}))


@settings(max_examples=200, deadline=None)
@given(acts)
def test_the_shelves_answer_as_every_entry_does(done: list[tuple[str, str, int, int]]) -> None:
    played = Played(World())
    for act in [("enter", "alpha", 1, 2), *done]:
        played.act(*act)
    book = played.world.alpha
    for question in questions(book):
        true = sorted(every_contact(book, question), key=lambda held: held.order)
        for asked in (question, looked_up([book], question)):
            assert contacts([book], asked) == true
            assert contacts([book], asked, 2) == true[-2:]
            assert last([book], asked) == (true[-1] if true else None)
            assert highest([book], asked) == max(true, key=lambda held: (held.level, held.order), default=None)
            assert sum(len(channel.contacts) for channel in channels([book], asked)) == len(true)
            for number, held in enumerate(true, 1):
                assert nth([book], asked, held) == number
                assert previous([book], asked, held) == (true[number - 2] if number > 1 else None)
        _of_each(book, question, true)


def _of_each(book: Book, question: Question, true: list[Held]) -> None:
    for held in true:
        assert persons(held) == _stated(held)
        single = [cell for row in meeting_grid(book, held.meeting) if row.fact in SINGLE for cell in row.cells]
        disputed = any(isinstance(cell, Contradicted) for cell in single)
        assert is_disputed(meeting_claims(book, held.meeting), len(book.members)) is disputed
        assert in_both(persons(held), held, question.ids or {}) == persons(held)
        before = [row for row in every_contact(book, question) if row.order < held.order]
        if question.level is None:
            top = max(before, key=lambda row: (row.level, row.order), default=None)
            lower = top is not None and top.level <= held.level
            assert highest_since([book], question, held) == (top if lower else None)

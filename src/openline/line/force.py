"""Which charter is in force when, and how each proposal stands. Pure: the leaves of both logs and a moment (R46).

A charter is in force from the moment it is valid, no earlier than the last assent, until a party gives notice or a
newer one begins. All of these moments are author times, so every member that holds the same entries computes the same.
A charter that was replaced or has ended never comes back by itself. Silence is never assent: only `Word.ASSENT` is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum, IntEnum

import msgspec

from openline.base import codec
from openline.base.machine import advance
from openline.base.time import Instant
from openline.line.book import Book
from openline.line.clause import Charter, CheckTerms, DueTerms
from openline.line.ids import party_of
from openline.line.kinds import Said
from openline.line.level import Level
from openline.line.memberstate import Memberships, gone_ms
from openline.record.entry import Mark

Place = tuple[int, int]


class Word(IntEnum):
    """What a party says to a charter; the numbers stand in bodies. WITHDRAW is its author's alone."""

    ASSENT = 1
    REFUSE = 2
    WITHDRAW = 3
    DENOUNCE = 4


class Stand(Enum):
    """How one party stands to a charter. The author has assented by proposing."""

    PROPOSED = "proposed"
    ASKED = "asked"
    ASSENTED = "assented"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DENOUNCED = "denounced"


OTHERS: Mapping[tuple[Stand, Word], Stand] = {
    (Stand.ASKED, Word.ASSENT): Stand.ASSENTED,
    (Stand.ASKED, Word.REFUSE): Stand.REFUSED,
    (Stand.REFUSED, Word.ASSENT): Stand.ASSENTED,
    (Stand.ASSENTED, Word.DENOUNCE): Stand.DENOUNCED,
}
"""What a party that was asked may say when. An assent is not taken back; notice ends what it was given to."""

AUTHORS: Mapping[tuple[Stand, Word], Stand] = {
    (Stand.PROPOSED, Word.WITHDRAW): Stand.WITHDRAWN,
    (Stand.PROPOSED, Word.DENOUNCE): Stand.DENOUNCED,
}
"""What the author may say of its own."""


class CharterState(Enum):
    """How a charter stands as a whole."""

    PROPOSED = "proposed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    AGREED = "agreed"
    IN_FORCE = "in-force"
    SUPERSEDED = "superseded"
    DENOUNCED = "denounced"


class Turn(Enum):
    """What happens to a charter: what the parties' words come to, and what time brings."""

    SOME_ASSENT = "some assent, none refuses"
    SOME_REFUSE = "some refuse"
    ALL_ASSENT = "all assent"
    WITHDRAWN = "the author withdraws it"
    DENOUNCED = "a party gives notice"
    BEGINS = "it becomes valid"
    REPLACED = "a newer one begins"


CHARTERED: Mapping[tuple[CharterState, Turn], CharterState] = {
    (CharterState.PROPOSED, Turn.SOME_ASSENT): CharterState.PROPOSED,
    (CharterState.PROPOSED, Turn.SOME_REFUSE): CharterState.REFUSED,
    (CharterState.PROPOSED, Turn.ALL_ASSENT): CharterState.AGREED,
    (CharterState.PROPOSED, Turn.WITHDRAWN): CharterState.WITHDRAWN,
    (CharterState.PROPOSED, Turn.DENOUNCED): CharterState.DENOUNCED,
    (CharterState.REFUSED, Turn.SOME_ASSENT): CharterState.PROPOSED,
    (CharterState.REFUSED, Turn.SOME_REFUSE): CharterState.REFUSED,
    (CharterState.REFUSED, Turn.ALL_ASSENT): CharterState.AGREED,
    (CharterState.REFUSED, Turn.WITHDRAWN): CharterState.WITHDRAWN,
    (CharterState.REFUSED, Turn.DENOUNCED): CharterState.DENOUNCED,
    (CharterState.AGREED, Turn.BEGINS): CharterState.IN_FORCE,
    (CharterState.AGREED, Turn.WITHDRAWN): CharterState.WITHDRAWN,
    (CharterState.AGREED, Turn.DENOUNCED): CharterState.DENOUNCED,
    (CharterState.IN_FORCE, Turn.REPLACED): CharterState.SUPERSEDED,
    (CharterState.IN_FORCE, Turn.WITHDRAWN): CharterState.DENOUNCED,
    (CharterState.IN_FORCE, Turn.DENOUNCED): CharterState.DENOUNCED,
}
"""Nothing leads to IN_FORCE but ALL_ASSENT and then the moment. A withdrawal that crosses the last assent is notice."""

OVER = frozenset({CharterState.WITHDRAWN, CharterState.SUPERSEDED, CharterState.DENOUNCED})


class Told(msgspec.Struct, frozen=True):
    """One word that counts: in which entry of whom, when, and how its party stands from then on.

    `at_ms` is its author time, no earlier than the charter and than what the party said of it before.
    """

    member: int
    index: int
    at_ms: int
    word: Word
    stand: Stand


class Chartered:
    """One charter: what nodes compute with, and every word said to it. Mutable; owned by `Charters`."""

    __slots__ = (
        "checks",
        "due",
        "formulas",
        "from_ms",
        "index",
        "levels",
        "mark",
        "member",
        "parties",
        "time_ms",
        "words",
    )

    def __init__(self, said: Said, body: Charter, parties: Mapping[int, str]) -> None:
        self.member = said.member
        self.index = said.entry.index
        self.mark = said.leaf.mark
        self.time_ms = said.leaf.time_ms
        self.from_ms = body.from_ms
        self.checks: CheckTerms = body.checks
        self.due: DueTerms = body.due
        self.formulas = {(row.term, row.language): row.words for row in body.formulas}
        by_party = {side.party: side.levels for side in body.sides}
        self.parties = tuple(sorted(parties))
        self.levels = {
            member: {own.label: own.level for own in by_party[party]} for member, party in sorted(parties.items())
        }
        self.words: dict[int, list[Told]] = {}

    @property
    def place(self) -> Place:
        """Member and index of the proposal."""
        return self.member, self.index

    def stand(self, member: int) -> Stand:
        """How `member` stands to it by its own last word."""
        rows = self.words.get(member)
        return rows[-1].stand if rows else Stand.PROPOSED if member == self.member else Stand.ASKED

    def say(self, said: Said, word: Word, stand: Stand) -> None:
        """Take in a word that counts."""
        rows = self.words.setdefault(said.member, [])
        at_ms = max(said.leaf.time_ms, self.time_ms, rows[-1].at_ms if rows else 0)
        rows.append(Told(said.member, said.entry.index, at_ms, word, stand))

    def told(self) -> list[Told]:
        """Every word, in the order of their times."""
        rows = [row for rows in self.words.values() for row in rows]
        return sorted(rows, key=lambda row: (row.at_ms, row.member, row.index))

    @property
    def waiting(self) -> list[int]:
        """The parties that have neither assented nor refused."""
        return [member for member in self.parties if self.stand(member) is Stand.ASKED]

    @property
    def begins_ms(self) -> int | None:
        """From when it is in force unless it ends before: valid, and assented by all; None while one has not."""
        assents = [row.at_ms for row in self.told() if row.word is Word.ASSENT]
        if len(assents) < len(self.parties) - 1:
            return None
        return max(self.from_ms, self.time_ms, *assents)

    @property
    def ends_ms(self) -> int | None:
        """When the first party gave notice or the author withdrew it; None while nobody has."""
        ends = [row.at_ms for row in self.told() if row.word in (Word.WITHDRAW, Word.DENOUNCE)]
        return min(ends, default=None)

    def row(self) -> codec.Value:
        """Everything it holds."""
        return [
            *self.place,
            int(self.mark),
            self.time_ms,
            self.from_ms,
            [
                [member, [[name, int(rank)] for name, rank in sorted(self.levels[member].items())]]
                for member in self.parties
            ],
            [list(self.checks.times), list(self.checks.forms), *map(int, _minutes(self.checks))],
            list(map(int, _minutes(self.due))),
            [[*place, words] for place, words in sorted(self.formulas.items())],
            [[row.member, row.index, row.at_ms, int(row.word), row.stand.value] for row in self.told()],
        ]


Went = tuple[int | None, ...]
"""When each member left the line or was removed, by author time; None while it has not."""


class Spell(msgspec.Struct, frozen=True):
    """A charter in force from `begin_ms` to before `end_ms`, None while nothing has ended it."""

    charter: Chartered
    begin_ms: int
    end_ms: int | None

    def has(self, at_ms: int) -> bool:
        """Whether it was in force at a moment."""
        return self.begin_ms <= at_ms and (self.end_ms is None or at_ms < self.end_ms)


class Charters:
    """Every charter; by mark those that all have assented to, and what held when. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.by_place: dict[Place, Chartered] = {}
        self.agreed: dict[Mark, dict[Place, Chartered]] = {}
        self._spells: dict[Mark, list[Spell]] = {}
        self._went: Went = ()

    def snapshot(self) -> codec.Value:
        """Every charter with its words, in order. What is in force follows from them."""
        return [row.row() for _, row in sorted(self.by_place.items())]

    def settle(self, row: Chartered) -> None:
        """A word was said to `row`. Only those that all have assented to count: a flood of proposals costs nothing."""
        if row.begins_ms is not None:
            self.agreed.setdefault(row.mark, {})[row.place] = row
            self._spells.pop(row.mark, None)

    def spells(self, mark: Mark, went: Went) -> list[Spell]:
        """What was in force when, of one mark, where the members went when `went` says."""
        if went != self._went:
            self._went = went
            self._spells.clear()
        if mark not in self._spells:
            self._spells[mark] = list(_spells(self.agreed.get(mark, {}).values(), went))
        return self._spells[mark]


def spells_of(book: Book, mark: Mark) -> list[Spell]:
    """The charters of just this mark that were ever in force, in order."""
    kept = book.state(Memberships)
    return book.state(Charters).spells(mark, tuple(gone_ms(kept, member) for member in range(len(book.members))))


def in_force(book: Book, at: Instant, mark: Mark = Mark.OPERATION) -> Chartered | None:
    """The charter in force at a moment: of the same mark, else that of operation, as an exercise is held under it."""
    for each in dict.fromkeys((mark, Mark.OPERATION)):
        for spell in reversed(spells_of(book, each)):
            if spell.has(at.ms):
                return spell.charter
    return None


def spells_within(book: Book, mark: Mark, since_ms: int, until_ms: int) -> list[Spell]:
    """The charters of just this mark that were in force at some moment of a period, in order."""
    return [
        row
        for row in spells_of(book, mark)
        if row.begin_ms < until_ms and (row.end_ms is None or since_ms < row.end_ms)
    ]


def changes_within(book: Book, mark: Mark, since: Instant, until: Instant) -> list[Instant]:
    """The moments inside a period at which another charter, or none, comes to hold for what bears `mark`."""
    rows = [row for each in {mark, Mark.OPERATION} for row in spells_within(book, each, since.ms, until.ms)]
    moments = {Instant.from_ms(ms) for row in rows for ms in (row.begin_ms, row.end_ms) if ms is not None}
    return sorted(moment for moment in moments if since < moment < until)


def state_of(book: Book, row: Chartered, now: Instant) -> CharterState:
    """How a charter stands now. What has a time of its own counts from then on, an assent or a refusal at once."""
    state = CharterState.PROPOSED
    for at_ms, turn in _turns(book, row):
        if at_ms > now.ms and state in (CharterState.AGREED, CharterState.IN_FORCE):
            break
        if state in OVER:
            break
        state = advance(CHARTERED, state, turn)
    return state


def own_levels(book: Book, origin: str, at: Instant, mark: Mark = Mark.OPERATION) -> Mapping[str, Level]:
    """What a party calls the levels of contact by the charter in force; nothing where there is none."""
    row = in_force(book, at, mark)
    return {} if row is None else row.levels[book.number(origin)]


def waiting_for(book: Book, member: int, now: Instant, mark: Mark = Mark.OPERATION) -> list[Chartered]:
    """The proposals that wait for an answer of `member`, oldest first."""
    rows = [row for row in book.state(Charters).by_place.values() if row.mark is mark and member in row.waiting]
    rows = [row for row in rows if state_of(book, row, now) not in OVER]
    return sorted(rows, key=lambda row: (row.time_ms, row.place))


def members_named(book: Book, body: Charter) -> dict[int, str] | None:
    """The members by number that a charter names, by their party ids; None when one is named twice or is no member."""
    numbers = {party_of(origin): book.number(origin) for origin in book.members}
    named = {numbers[side.party]: side.party for side in body.sides if side.party in numbers}
    return named if len(named) == len(body.sides) else None


def _spells(rows: Iterable[Chartered], went: Went) -> Iterator[Spell]:
    """The newest replaces the one before: it is in force until the next begins, or until it has ended."""
    spans = [(row, _span(row, went)) for row in rows]
    begun = [(*span, row) for row, span in spans if span is not None and (span[1] is None or span[0] < span[1])]
    begun.sort(key=lambda one: (one[0], one[2].time_ms, one[2].place))
    for number, (begin_ms, end_ms, row) in enumerate(begun):
        ends = [end_ms, begun[number + 1][0] if number + 1 < len(begun) else None]
        yield Spell(row, begin_ms, min((end for end in ends if end is not None), default=None))


def _span(row: Chartered, went: Went) -> tuple[int, int | None] | None:
    """From when to when a charter that nothing replaces is in force: only while it names just the members."""
    others = [at_ms for member, at_ms in enumerate(went) if member not in row.parties]
    gone = [at_ms for at_ms in others if at_ms is not None]
    if row.begins_ms is None or len(gone) < len(others):
        return None
    ends = [row.ends_ms, *(went[member] for member in row.parties)]
    return max([row.begins_ms, *gone]), min((end for end in ends if end is not None), default=None)


def _turns(book: Book, row: Chartered) -> Iterator[tuple[int, Turn]]:
    """What happens to a charter, in order of time; at one moment first what is said, then what follows from it."""
    turns = [(at_ms, 0, number, turn) for number, (at_ms, turn) in enumerate(_said(row))]
    for spell in spells_of(book, row.mark):
        if spell.charter is row:
            turns.append((spell.begin_ms, 1, 0, Turn.BEGINS))
            if spell.end_ms is not None and spell.end_ms != row.ends_ms:
                turns.append((spell.end_ms, 2, 0, Turn.REPLACED))
    return ((at_ms, turn) for at_ms, _, _, turn in sorted(turns, key=lambda one: one[:3]))


def _said(row: Chartered) -> Iterator[tuple[int, Turn]]:
    stands = {member: Stand.ASKED for member in row.parties if member != row.member}
    for told in row.told():
        if told.word is Word.WITHDRAW:
            yield told.at_ms, Turn.WITHDRAWN
        elif told.word is Word.DENOUNCE:
            yield told.at_ms, Turn.DENOUNCED
        else:
            stands[told.member] = told.stand
            refused = Stand.REFUSED in stands.values()
            all_assent = all(stand is Stand.ASSENTED for stand in stands.values())
            yield told.at_ms, Turn.SOME_REFUSE if refused else Turn.ALL_ASSENT if all_assent else Turn.SOME_ASSENT


def _minutes(terms: CheckTerms | DueTerms) -> Iterator[int]:
    """The single values of terms, in the order of their fields."""
    return (value for name in type(terms).__struct_fields__ if isinstance(value := getattr(terms, name), int))

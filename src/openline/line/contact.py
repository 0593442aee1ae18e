"""Kind 20, contact: that two parties were in contact, with little in it; all that is said of it are statements (R41).

A contact may have taken place on this line or elsewhere. The entry is its author's word alone: another party enters
the same contact by an entry of its own that names the first one, and both are then one meeting of the book. Neither
changes what the other has said.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from enum import IntEnum
from typing import Annotated, Literal

import msgspec

from openline.base import codec
from openline.base.errors import UsageError
from openline.base.limits import TAKING_PART_MAX
from openline.base.schema import Body, pack
from openline.line.book import Book
from openline.line.force import own_levels
from openline.line.ids import party_of
from openline.line.item import Standing
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.level import LABELS, Level, level_of
from openline.line.precise import GrainName, When, when_of
from openline.line.words import Person, Subject, person_of, subject_of
from openline.record.entry import Draft, Mark, Ref

CONTACT = 20
CALL_ENTRY = 11
"""The kind of a call on the open telephone line: docs/spec/kinds/call.md."""

Place = tuple[int, int]


class Medium(IntEnum):
    """By what the parties were in contact; the numbers stand in bodies. CALL is a call of this line."""

    NOT_STATED = 0
    CALL = 1
    TELEPHONE = 2
    VIDEO = 3
    MEETING = 4
    LETTER = 5


MediumName = Literal["not-stated", "call", "telephone", "video", "meeting", "letter"]


def medium_of(name: MediumName) -> Medium:
    """The medium of a name that the arguments allow."""
    return Medium[name.upper().replace("-", "_")]


class Contact(Body, frozen=True):
    """The body. `parties` are party ids, or plain names of who is not on this line. `label` is our word for the level.

    A ref to a contact says that this is the same one; with medium CALL the last ref names the call.
    """

    level: Level
    medium: Medium
    began: When
    parties: Annotated[tuple[Person, ...], msgspec.Meta(min_length=2, max_length=TAKING_PART_MAX)]
    elsewhere: bool = False
    label: Subject = ""


class Anchor(msgspec.Struct, frozen=True):
    """One contact entry as the book keeps it: whose, where, and the few values that history asks for."""

    member: int
    index: int
    time_ms: int
    mark: Mark
    level: Level
    medium: Medium
    began: When
    parties: tuple[str, ...]
    elsewhere: bool

    @property
    def place(self) -> Place:
        """Member and index of the entry."""
        return self.member, self.index


class Meeting:
    """One contact as the line knows it: every entry about it, the first one first. Mutable; owned by `Contacts`.

    `telling` is the entry that tells it: the first one that its author has not withdrawn; None when none stands.
    """

    __slots__ = ("anchors", "telling")

    def __init__(self, anchor: Anchor) -> None:
        self.anchors = [anchor]
        self.telling: Anchor | None = anchor

    @property
    def first(self) -> Anchor:
        """The entry that names no other one; the others name it, or one that does."""
        return self.anchors[0]

    def join(self, other: Meeting) -> None:
        """Take in the entries of `other`, whose first one names an entry of ours."""
        self.anchors[1:] = sorted([*self.anchors[1:], *other.anchors], key=_age)


Rows = list[tuple[int, Place]]
"""Contacts by when they began (ms) and by the place of the entry that tells them, in order."""

Shelves = dict[tuple[Mark, Level], dict[frozenset[str], Rows]]
"""Contacts that stand, by mark and level, then by who took part."""


class Contacts:
    """Every contact of the line. Mutable; owned by the book. `waiting` are refs to contacts that are not held yet.

    `shelves` are the meetings that stand, each as the entry says that tells it; `gone` are the entries withdrawn.
    """

    def __init__(self) -> None:
        self.by_place: dict[Place, Meeting] = {}
        self.waiting: dict[Place, list[tuple[Place, Ref]]] = {}
        self.shelves: Shelves = {}
        self.gone: set[Place] = set()

    def add(self, anchor: Anchor) -> None:
        """Take in an entry, as a meeting of its own."""
        meeting = self.by_place[anchor.place] = Meeting(anchor)
        self._shelve(meeting)

    def join(self, named: Meeting, naming: Meeting) -> None:
        """Make one meeting of two, the first entry of one naming an entry of the other."""
        self._unshelve(named)
        self._unshelve(naming)
        for anchor in naming.anchors:
            self.by_place[anchor.place] = named
        named.join(naming)
        self._shelve(named)

    def withdraw(self, place: Place) -> None:
        """The author of an entry has withdrawn it: another entry of the same meeting tells it, if there is one."""
        self.gone.add(place)
        meeting = self.by_place.get(place)
        if meeting is not None:
            self._unshelve(meeting)
            self._shelve(meeting)

    def _shelve(self, meeting: Meeting) -> None:
        meeting.telling = next((anchor for anchor in meeting.anchors if anchor.place not in self.gone), None)
        if meeting.telling is not None:
            insort(self._shelf(meeting.telling), (meeting.telling.began.ms, meeting.telling.place))

    def _unshelve(self, meeting: Meeting) -> None:
        if meeting.telling is not None:
            rows, row = self._shelf(meeting.telling), (meeting.telling.began.ms, meeting.telling.place)
            del rows[bisect_left(rows, row)]

    def _shelf(self, anchor: Anchor) -> Rows:
        shelf = self.shelves.setdefault((anchor.mark, anchor.level), {})
        return shelf.setdefault(frozenset(anchor.parties), [])

    def snapshot(self) -> codec.Value:
        """Every entry with the meeting it belongs to, in order."""
        return [
            [
                *place,
                list(meeting.first.place),
                anchor.time_ms,
                int(anchor.mark),
                int(anchor.level),
                int(anchor.medium),
                [anchor.began.ms, int(anchor.began.grain)],
                list(anchor.parties),
                anchor.elsewhere,
            ]
            for place, meeting in sorted(self.by_place.items())
            for anchor in meeting.anchors
            if anchor.place == place
        ]


def standing_anchors(book: Book, meeting: Meeting) -> list[Anchor]:
    """The entries of a meeting that their authors have not withdrawn."""
    return [anchor for anchor in meeting.anchors if stands(book, anchor.place)]


def stands(book: Book, place: Place) -> bool:
    """Whether the entry of a place has not been withdrawn by its author."""
    item = book.item_at(*place)
    return item is not None and item.standing is not Standing.CANCELLED


def meeting_of(book: Book, text: str) -> Meeting:
    """The meeting that an entry id names. Raises UsageError when that entry is no contact."""
    origin, index = book.find(text)
    found = book.state(Contacts).by_place.get((book.number(origin), index))
    if found is None:
        raise UsageError("contact-unknown", entry=book.label(origin, index), line=book.line)
    return found


def party_id(book: Book, name: str) -> str:
    """The party id of a member that `name` means by its id or label; else `name` itself, as a plain name."""
    for origin, label in book.labels.items():
        if name in (label, party_of(origin)):
            return party_of(origin)
    return person_of(name, "party")


class Enter(Arguments, frozen=True, kw_only=True):
    """Arguments of `contact`. `began` is RFC 3339 or a date; `same_as` and `call` are entry ids."""

    level: str
    medium: MediumName
    began: str
    parties: tuple[str, ...]
    grain: GrainName | None = None
    elsewhere: bool = False
    label: str = ""
    same_as: str | None = None
    call: str | None = None


def asked_level(book: Book, asked: Asked, label: str) -> Level:
    """The level that an officer of ours names, by everybody's word or our own of the charter. Raises UsageError."""
    return level_of(label, own_levels(book, asked.me, asked.now, asked.mark))


def own_word(label: str) -> str:
    """What an officer called the level, where that is no word of everybody's: it is kept beside the rank."""
    return "" if label in LABELS else label


def _age(anchor: Anchor) -> tuple[int, int, int]:
    return anchor.time_ms, anchor.member, anchor.index


def _apply(book: Book, said: Said, body: Contact) -> Sequence[Change]:
    leaf = said.leaf
    is_call = body.medium is Medium.CALL
    if is_call and (body.elsewhere or not leaf.refs):
        return [book.fault(said, "fault-contact-call")]
    same_as = leaf.refs[:-1] if is_call else leaf.refs
    if len(same_as) > 1:  # Nobody makes one contact of two that another has entered.
        return [book.fault(said, "fault-contact-refs")]
    contacts = book.state(Contacts)
    anchor = Anchor(
        said.member,
        said.entry.index,
        leaf.time_ms,
        leaf.mark,
        body.level,
        body.medium,
        body.began,
        tuple(map(book.word, body.parties)),
        body.elsewhere,
    )
    contacts.add(anchor)
    for ref in same_as:
        if ref.origin not in book.members:
            continue
        named = (book.number(ref.origin), ref.index)
        if book.holds(ref.origin, ref.index):
            _join(book, contacts, anchor.place, ref)
        else:
            contacts.waiting.setdefault(named, []).append((anchor.place, ref))
    for place, ref in contacts.waiting.pop(anchor.place, ()):
        _join(book, contacts, place, ref)
    return [Change("contact", said.entry.origin, said.entry.index, "new")]


def _join(book: Book, contacts: Contacts, place: Place, ref: Ref) -> None:
    """Make one meeting of the entry at `place` and the contact it names. The mark must be the same."""
    one = contacts.by_place[place]
    other = contacts.by_place.get((book.number(ref.origin), ref.index))
    if other is None or other is one or other.first.mark is not one.first.mark:
        return
    if book.ref(ref.origin, ref.index) != ref:
        return
    contacts.join(other, one)


def _enter(book: Book, asked: Asked, values: Enter) -> Sequence[Draft]:
    medium = medium_of(values.medium)
    if medium is Medium.CALL and (values.elsewhere or values.call is None):
        raise UsageError("contact-call-missing")
    if not 2 <= len(values.parties) <= TAKING_PART_MAX:
        raise UsageError("contact-parties-wrong", count=len(values.parties), limit=TAKING_PART_MAX)
    body = Contact(
        level=asked_level(book, asked, values.level),
        medium=medium,
        began=when_of(values.began, values.grain),
        parties=tuple(party_id(book, name) for name in values.parties),
        elsewhere=values.elsewhere,
        label=subject_of(values.label or own_word(values.level)),
    )
    refs: list[Ref] = []
    mark = asked.mark
    if values.same_as is not None:
        first = meeting_of(book, values.same_as).first
        refs.append(book.ref(book.members[first.member], first.index))
        mark = same_mark(book, asked, first.place, first.mark)
    if values.call is not None:
        refs.append(_call(book, values.call))
    return [Draft(CONTACT, pack(body), asked.desk, tuple(refs), mark=mark)]


def same_mark(book: Book, asked: Asked, place: Place, mark: Mark) -> Mark:
    """The mark of what is said about an entry: the entry's own. Raises UsageError when another one was asked for."""
    if asked.mark not in (Mark.OPERATION, mark):
        entry = book.label(book.members[place[0]], place[1])
        raise UsageError("mark-differs", entry=entry, mark=asked.mark.name, expected=mark.name)
    return mark


def _call(book: Book, text: str) -> Ref:
    place = book.find(text)
    if book.kind_at(*place) != CALL_ENTRY:
        raise UsageError("contact-not-a-call", entry=book.label(*place), kind=book.registry.name(book.kind_at(*place)))
    return book.ref(*place)


KIND = kind(
    CONTACT,
    "contact",
    Contact,
    _apply,
    (verb("contact", "state", "Enter a contact, here or elsewhere", Enter, _enter),),
    Traits(
        fresh=Contacts,
        takes=frozenset({Takes.STATEMENT, Takes.CANCELLATION, Takes.RECEIPT}),
        withdrawn=lambda book, place: book.state(Contacts).withdraw(place),
    ),
)

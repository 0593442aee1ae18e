"""An entry that others refer to: which stages each party stated for it, and whether its author changed it since.

Stages are facts, one by one: a later stage never states an earlier one, nor an earlier one a later. What is no
longer *awaited* once another stage stands is a different question, which `MET_BY` answers. Only its author changes
where an entry stands, so `STANDING` is walked in the order of one log and cannot depend on arrival.

An item keeps no text; it is small because there is one for every message ever said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum, IntEnum

import msgspec

from openline.base import codec
from openline.base.machine import advance
from openline.base.time import Instant
from openline.record.entry import Leaf, Mark, Precedence

FACTS_PER_PARTY_MAX = 64


class Stage(IntEnum):
    """What a party says it did with an entry; the numbers stand in receipt bodies."""

    DISPLAYED = 1
    ACCEPTED = 2
    PASSED = 3
    ANSWERED = 4


MET_BY: Mapping[Stage, frozenset[Stage]] = {
    Stage.DISPLAYED: frozenset(Stage),
    Stage.ACCEPTED: frozenset({Stage.ACCEPTED, Stage.PASSED, Stage.ANSWERED}),
    Stage.PASSED: frozenset({Stage.PASSED}),
    Stage.ANSWERED: frozenset({Stage.ANSWERED}),
}
"""Which stated stages end the wait for a stage. An answer by the watch does not pass anything on."""


class Standing(Enum):
    """Where an entry stands by its author's own later words."""

    OPEN = "open"
    CORRECTED = "corrected"
    CANCELLED = "cancelled"


class Act(Enum):
    """What an author does to an entry of its own."""

    CORRECT = "correct"
    CANCEL = "cancel"


STANDING: Mapping[tuple[Standing, Act], Standing] = {
    (Standing.OPEN, Act.CORRECT): Standing.CORRECTED,
    (Standing.OPEN, Act.CANCEL): Standing.CANCELLED,
    (Standing.CORRECTED, Act.CORRECT): Standing.CORRECTED,
    (Standing.CORRECTED, Act.CANCEL): Standing.CANCELLED,
}


class Relation(IntEnum):
    """How a later entry belongs to an item."""

    TRANSLATION = 1
    CORRECTION = 2
    CANCELLATION = 3


RELATIONS: Mapping[Act, Relation] = {Act.CORRECT: Relation.CORRECTION, Act.CANCEL: Relation.CANCELLATION}


class Fact(msgspec.Struct, frozen=True, gc=False):
    """One stage, stated by `member` in its entry `index`: when, by whom, to which role, with which reply of its own.

    `code` is the proword that states it, 0 when there is none.
    """

    member: int
    index: int
    stage: Stage
    time_ms: int
    by: str
    to: str
    reply: int | None
    code: int = 0

    @property
    def time(self) -> Instant:
        """When the party that states it says it happened."""
        return Instant.from_ms(self.time_ms)


class Link(msgspec.Struct, frozen=True, gc=False):
    """A later entry that belongs to an item."""

    relation: Relation
    member: int
    index: int
    time_ms: int


def mask(*stages: Stage) -> int:
    """The stages as bits."""
    return sum(1 << (stage - 1) for stage in stages)


def in_mask(bits: int) -> Iterator[Stage]:
    """The stages whose bits are set, in order."""
    return (stage for stage in Stage if bits >> (stage - 1) & 1)


_MET = tuple(mask(*(stage for stage in Stage if MET_BY[stage] & set(in_mask(bits)))) for bits in range(16))
_CLOCKED = mask(Stage.DISPLAYED, Stage.ACCEPTED)
_ANSWERED = mask(Stage.ANSWERED)


class Item(msgspec.Struct, eq=False, gc=False):
    """What the book keeps of one entry. Mutable; owned by the book, changed by the kinds only.

    `awaits` are the stages expected of every party but the author, as bits; none when the entry has no precedence.
    `owes` are the members, as bits, that have still to answer it in the words of its own kind, as for a STOP;
    `reads_back` says that its author wants it read back.

    `is_open`: the book has it among those of which something is awaited. It holds nothing that could hold it, so the
    collector of circles need not walk a million of them.
    """

    member: int
    index: int
    kind: int
    time_ms: int
    precedence: Precedence | None
    deadline_ms: int | None
    mark: Mark
    awaits: int
    standing: Standing = Standing.OPEN
    facts: tuple[Fact, ...] = ()
    links: list[Link] | None = None
    is_open: bool = False
    owes: int = 0
    reads_back: bool = False
    _stated: int = 0

    @classmethod
    def of(cls, member: int, index: int, leaf: Leaf) -> Item:
        """The item of a new entry."""
        awaits = 0 if leaf.precedence is None else _CLOCKED
        if leaf.deadline_ms is not None:
            awaits |= _ANSWERED
        return cls(member, index, leaf.kind, leaf.time_ms, leaf.precedence, leaf.deadline_ms, leaf.mark, awaits)

    def clock(self) -> None:
        """Give it the clock of a ROUTINE entry when it has no precedence."""
        if self.precedence is None:
            self.precedence = Precedence.ROUTINE
            self.awaits |= _CLOCKED

    def flash(self) -> None:
        """Give it the clock of a FLASH, whatever its leaf says."""
        self.precedence = Precedence.FLASH
        self.awaits |= _CLOCKED

    def owe(self, member: int, is_owed: bool) -> None:
        """Note whether `member` has still to answer in the words of the kind."""
        self.owes = self.owes | 1 << member if is_owed else self.owes & ~(1 << member)

    @property
    def time(self) -> Instant:
        """When its author says it was written."""
        return Instant.from_ms(self.time_ms)

    @property
    def deadline(self) -> Instant | None:
        """By when its author asks for an answer."""
        return None if self.deadline_ms is None else Instant.from_ms(self.deadline_ms)

    def stated(self, member: int) -> int:
        """The stages `member` stated, as bits."""
        return self._stated >> 4 * member & 15

    def missing(self, member: int) -> int:
        """The stages still awaited of `member`, as bits."""
        return self.awaits & ~_MET[self._stated >> 4 * member & 15]

    def settled(self, members: int, gone: frozenset[int] = frozenset()) -> bool:
        """Whether nothing is awaited of anyone any more; `members` is how many parties the line has.

        Nothing is awaited of those that are `gone`.
        """
        if self.precedence is None or self.standing is not Standing.OPEN:
            return True
        if self.owes and any(member not in gone for member in range(members) if self.owes >> member & 1):
            return False
        awaits, stated = self.awaits, self._stated
        for member in range(members):
            if awaits & ~_MET[stated >> 4 * member & 15] and member != self.member and member not in gone:
                return False
        return True

    def holds(self, member: int, stage: Stage, to: str = "", reply: int | None = None) -> bool:
        """Whether `member` has stated just this already."""
        if not self._stated >> 4 * member + stage - 1 & 1:
            return False
        return any(
            fact.member == member and fact.stage is stage and fact.to == to and fact.reply == reply
            for fact in self.facts
        )

    def full(self, member: int) -> bool:
        """Whether `member` has stated as many facts as are kept for one entry."""
        if len(self.facts) < FACTS_PER_PARTY_MAX:
            return False
        return sum(fact.member == member for fact in self.facts) >= FACTS_PER_PARTY_MAX

    def state(self, fact: Fact) -> None:
        """Add a fact that does not stand yet."""
        self.facts = (*self.facts, fact)
        self._stated |= 1 << (4 * fact.member + fact.stage - 1)

    def change(self, act: Act, link: Link) -> None:
        """Let the author's `act` count. Raises NoTransition when the table does not allow it."""
        self.standing = advance(STANDING, self.standing, act)
        self.link(link)

    def link(self, link: Link) -> None:
        """Note a later entry that belongs to this one."""
        if self.links is None:
            self.links = []
        self.links.append(link)

    def newest(self, relation: Relation) -> Link | None:
        """The last entry of this relation that arrived. Only for relations that one party alone can make."""
        return next((link for link in reversed(self.links or ()) if link.relation is relation), None)

    def linked(self, relation: Relation) -> list[Link]:
        """The entries of this relation, by author and place."""
        found = [link for link in self.links or () if link.relation is relation]
        return sorted(found, key=lambda link: (link.member, link.index))

    def snapshot(self) -> codec.Value:
        """Everything this item holds, in one order."""
        return [
            self.member,
            self.index,
            self.kind,
            self.time_ms,
            None if self.precedence is None else int(self.precedence),
            self.deadline_ms,
            int(self.mark),
            self.standing.value,
            self.awaits,
            self.owes,
            [
                [fact.member, fact.index, int(fact.stage), fact.time_ms, fact.by, fact.to, fact.reply, fact.code]
                for fact in sorted(self.facts, key=lambda fact: (fact.member, fact.index))
            ],
            [
                [int(link.relation), link.member, link.index, link.time_ms]
                for link in sorted(self.links or (), key=_place)
            ],
        ]


def _place(link: Link) -> tuple[int, int, int]:
    return link.member, link.index, link.relation

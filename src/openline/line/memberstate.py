"""What membership is made of: the tables, the bodies of kinds 46 and 47, and what the book keeps of them (R88).

The rules are in `membership`. Logs have no common order, so nothing here depends on one: what takes several voices is
computed from the set of answers that are held, each party answering once. Whoever holds the same entries computes the
same members, however they arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum, IntEnum
from typing import Annotated

import msgspec

from openline.base import codec
from openline.base.limits import MEMBERS_MAX
from openline.base.schema import Body, Row
from openline.identity.names import LINE_BYTES_MAX, PARTY_BYTES_MAX
from openline.line.book import Book
from openline.line.kinds import Said
from openline.line.words import Number, Reason

Place = tuple[int, int]

MEMBERSHIP = 46
MEMBERSHIP_ANSWER = 47

OPENED_FROM = 3
"""A line of so many members or more is opened by all of them; one of two stands when both have paired."""

DIGITS = 30

Party = Annotated[str, msgspec.Meta(max_length=PARTY_BYTES_MAX)]
Parties = Annotated[tuple[Party, ...], msgspec.Meta(max_length=MEMBERS_MAX)]
LineId = Annotated[str, msgspec.Meta(max_length=LINE_BYTES_MAX)]
Fingerprint = Annotated[str, msgspec.Meta(pattern=rf"^([0-9]{{{DIGITS}}})?\Z")]
Root = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
Signature = Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]


class Act(IntEnum):
    """What is said of the membership; the numbers stand in bodies."""

    JOIN = 1
    LEAVE = 2
    REMOVE = 3
    OPENED = 4


class Word(IntEnum):
    """What a member answers to a JOIN or REMOVE; the numbers stand in bodies."""

    ASSENT = 1
    REFUSE = 2


class AnswerState(Enum):
    """How a member stands to a proposal."""

    UNANSWERED = "unanswered"
    ASSENTED = "assented"
    REFUSED = "refused"


ANSWERS: Mapping[tuple[AnswerState, Word], AnswerState] = {
    (AnswerState.UNANSWERED, Word.ASSENT): AnswerState.ASSENTED,
    (AnswerState.UNANSWERED, Word.REFUSE): AnswerState.REFUSED,
}
"""A member answers once. Whoever proposes has assented."""


class ProposalState(Enum):
    """How a proposal stands."""

    STANDING = "standing"
    IN_EFFECT = "in effect"
    REFUSED = "refused"
    LAPSED = "lapsed"


class Outcome(Enum):
    """What ends a proposal, as the answers that are held say."""

    ALL_ASSENTED = "all assented"
    ONE_REFUSED = "one refused"
    ONE_GONE = "one gone"


PROPOSAL: Mapping[tuple[ProposalState, Outcome], ProposalState] = {
    (ProposalState.STANDING, Outcome.ALL_ASSENTED): ProposalState.IN_EFFECT,
    (ProposalState.STANDING, Outcome.ONE_REFUSED): ProposalState.REFUSED,
    (ProposalState.STANDING, Outcome.ONE_GONE): ProposalState.LAPSED,
}


class PartyState(Enum):
    """How a party stands to the line."""

    OPENING = "opening"
    MEMBER = "member"
    LEFT = "left"
    REMOVED = "removed"


class Event(Enum):
    """What changes it."""

    OPENED = "opened"
    LEAVE = "leave"
    REMOVE = "remove"


STANDS: Mapping[tuple[PartyState, Event], PartyState] = {
    (PartyState.OPENING, Event.OPENED): PartyState.MEMBER,
    (PartyState.OPENING, Event.LEAVE): PartyState.LEFT,
    (PartyState.OPENING, Event.REMOVE): PartyState.REMOVED,
    (PartyState.MEMBER, Event.LEAVE): PartyState.LEFT,
    (PartyState.MEMBER, Event.REMOVE): PartyState.REMOVED,
    (PartyState.REMOVED, Event.LEAVE): PartyState.LEFT,
}
"""A line of two begins with both as MEMBER. Nothing leads back: who returns comes onto a line that follows."""


class Head(Row, frozen=True):
    """A log of the line before, as far as the author held it: whose, its size, its root, its owner's signature."""

    party: Party
    size: Number
    root: Root
    signature: Signature


class Membership(Body, frozen=True):
    """The body. What stands in which act:

    JOIN: `party` with the `fingerprint` of its root; the `line` that follows and its `members`; not before `from_ms`;
    `past`: the record of this line may be handed to it. REMOVE: `party`. OPENED, entry 0 of its log: the `members` of
    this line, the `line` before and its `heads`, where there is one.
    """

    act: Act
    party: Party = ""
    fingerprint: Fingerprint = ""
    line: LineId = ""
    members: Parties = ()
    from_ms: Number = 0
    past: bool = False
    heads: tuple[Head, ...] = ()
    reason: Reason = ""


class MembershipAnswer(Body, frozen=True):
    """The body; ref 0 is the JOIN or REMOVE. An ASSENT to a JOIN names the root that the answerer itself accepted."""

    answer: Word
    fingerprint: Fingerprint = ""
    reason: Reason = ""


class Answered(msgspec.Struct, frozen=True):
    """One answer that counts: in which entry, when by its author's clock, from which desk."""

    index: int
    time_ms: int
    desk: str
    state: AnswerState
    reason: str


class Opened(msgspec.Struct, frozen=True):
    """A member has opened the line: when, after which line, and that line's heads as it held them."""

    time_ms: int
    line: str
    heads: tuple[Head, ...]


class Left(msgspec.Struct, frozen=True):
    """A member has left, by its own word."""

    index: int
    time_ms: int
    reason: str


class Proposal:
    """One JOIN or REMOVE with its answers by member. Mutable; owned by `Memberships`."""

    __slots__ = ("answers", "body", "desk", "index", "mark", "member", "state", "time_ms")

    def __init__(self, said: Said, body: Membership) -> None:
        self.member = said.member
        self.index = said.entry.index
        self.time_ms = said.leaf.time_ms
        self.desk = said.leaf.desk
        self.mark = said.leaf.mark
        self.body = body
        self.answers: dict[int, Answered] = {}
        self.state = ProposalState.STANDING

    @property
    def place(self) -> Place:
        """Member and index of the entry."""
        return self.member, self.index

    def answer(self, member: int) -> AnswerState:
        """How a member stands to it."""
        if member == self.member:
            return AnswerState.ASSENTED
        found = self.answers.get(member)
        return AnswerState.UNANSWERED if found is None else found.state

    @property
    def refused(self) -> bool:
        """Whether some member has refused."""
        return any(row.state is AnswerState.REFUSED for row in self.answers.values())

    def assented(self, members: Iterable[int]) -> bool:
        """Whether all these have assented."""
        return all(self.answer(member) is AnswerState.ASSENTED for member in members)


class Memberships:
    """Who opened, who left, what was proposed; `removed` by which proposal. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.opened: dict[int, Opened] = {}
        self.left: dict[int, Left] = {}
        self.removed: dict[int, Place] = {}
        self.proposals: dict[Place, Proposal] = {}

    def snapshot(self) -> codec.Value:
        """Everything, in one order."""
        return [
            [
                [member, row.time_ms, row.line, [[*msgspec.structs.astuple(head)] for head in row.heads]]
                for member, row in sorted(self.opened.items())
            ],
            [[member, row.index, row.time_ms, row.reason] for member, row in sorted(self.left.items())],
            [[member, *place] for member, place in sorted(self.removed.items())],
            [
                [
                    *place,
                    row.time_ms,
                    row.state.value,
                    [[member, one.index, one.state.value] for member, one in sorted(row.answers.items())],
                ]
                for place, row in sorted(self.proposals.items())
            ],
        ]


def removed_of(kept: Memberships, parties: Mapping[str, int]) -> dict[int, Place]:
    """Who was removed, by which proposal. What is needed shrinks as more are gone, so this has one end."""
    found: dict[int, Place] = {}
    while True:
        gone = set(kept.left) | set(found)
        more = {
            parties[row.body.party]: place
            for place, row in sorted(kept.proposals.items(), reverse=True)
            if row.body.act is Act.REMOVE
            and not row.refused
            and row.assented(set(parties.values()) - gone - {parties[row.body.party]})
        }
        if more == found:
            return found
        found = more


def outcome_of(row: Proposal, parties: Mapping[str, int], gone: set[int]) -> Outcome | None:
    """What ends this proposal, None while nothing does."""
    if row.refused:
        return Outcome.ONE_REFUSED
    everybody = set(parties.values())
    if row.body.act is Act.REMOVE:
        needed = everybody - gone - {parties[row.body.party]}
        return Outcome.ALL_ASSENTED if row.assented(needed) else None
    needed = {parties[party] for party in row.body.members if party != row.body.party}
    if row.assented(needed):
        return Outcome.ALL_ASSENTED if everybody - needed <= gone else None
    lost = any(member in gone and row.answer(member) is AnswerState.UNANSWERED for member in needed)
    return Outcome.ONE_GONE if lost else None


def gone_ms(kept: Memberships, member: int) -> int | None:
    """When a member went, by author time: of its LEAVE, else of the last answer to its removal. None: it has not."""
    if member in kept.left:
        return kept.left[member].time_ms
    if member not in kept.removed:
        return None
    row = kept.proposals[kept.removed[member]]
    return max([row.time_ms, *(one.time_ms for one in row.answers.values())])


def counted(book: Book, time_ms: int) -> list[int]:
    """The members of whom something was awaited at a time: those that had not gone by then."""
    kept = book.state(Memberships)
    went = {member: gone_ms(kept, member) for member in range(len(book.members))}
    return [member for member, at in went.items() if at is None or at > time_ms]

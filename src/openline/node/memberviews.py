"""How the members of a line are shown: since when, by whose word, who is heard, who has gone, what is awaited of whom.

Everything is read from the book, but for what the node alone knows: who is heard now, and whose cards it has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from openline.base.time import Instant
from openline.identity.keys import read_digits
from openline.identity.trust import Trust
from openline.line.book import Book
from openline.line.ids import party_of
from openline.line.item import Item, in_mask
from openline.line.membership import is_open, state_of_party
from openline.line.memberstate import Act, Memberships, PartyState, Proposal, ProposalState, gone_ms
from openline.line.view import Time, moment
from openline.node.keeper import Keeper

OPEN_ITEMS_MAX = 100
_LEFT = "LEFT"
_AWAITED = "AWAITED"
_RECEIVED = "RECEIVED"


class MemberView(msgspec.Struct, frozen=True, kw_only=True):
    """One party of a line. `state` is OPENING, MEMBER, LEFT or REMOVED; `since` when it came, or went.

    `entry` is what says so, where one entry does. `heard_through` are the paths on which it is heard now;
    `receipted` is how far it holds our log. `fingerprint` is that of the root which we have accepted for it.
    """

    party: str
    label: str
    ours: bool
    state: str
    since: Time | None
    entry: str | None
    reason: str
    fingerprint: str | None
    heard_at: str | None
    heard_through: tuple[str, ...]
    receipted: int


class MemberAnswerView(msgspec.Struct, frozen=True):
    """How one member stands to a proposal: UNANSWERED, ASSENTED or REFUSED, in which entry."""

    party: str
    state: str
    id: str | None
    time: Time | None
    reason: str


class ProposalView(msgspec.Struct, frozen=True, kw_only=True):
    """A JOIN or REMOVE. `state` is STANDING, IN_EFFECT, REFUSED or LAPSED; `following` is the line that a JOIN opens.

    `known` says whether we have accepted just this root for the party; null where we have accepted none.
    `past` says that the record of this line may be handed to it.
    """

    id: str
    line: str
    act: str
    party: str
    by: str
    time: Time
    reason: str
    state: str
    fingerprint: str
    known: bool | None
    following: str
    members: tuple[str, ...]
    not_before: Time | None
    past: bool
    answers: tuple[MemberAnswerView, ...]


class OpenItemView(msgspec.Struct, frozen=True):
    """An open item by member: the last stage each has stated, AWAITED or RECEIVED before that, LEFT where it has gone.

    `accepted` of `of` members have accepted, passed on or answered it.
    """

    id: str
    kind: str
    precedence: str | None
    stages: dict[str, str]
    accepted: int
    of: int


class HeadView(msgspec.Struct, frozen=True):
    """A log of the line before, as `by` held it when it opened this one: how long, and its root in hex."""

    by: str
    party: str
    size: int
    root: str


class OutsiderView(msgspec.Struct, frozen=True):
    """A party whose card we have accepted and that is not on this line: it is sent nothing and heard in nothing."""

    party: str
    fingerprint: str


class MembersView(msgspec.Struct, frozen=True, kw_only=True):
    """The members of a line. `state` is OPENING, OPEN, LEFT (we have gone) or ENDED (all others have).

    `begun` is the proposal on the line before that opened this one, if we were there; `following` are the lines that
    joins on this one have opened.
    """

    line: str
    state: str
    members: tuple[MemberView, ...]
    begun: ProposalView | None
    heads: tuple[HeadView, ...]
    proposals: tuple[ProposalView, ...]
    following: tuple[str, ...]
    open_items: tuple[OpenItemView, ...]
    outsiders: tuple[OutsiderView, ...]


def line_stands(book: Book) -> str:
    """The line in one word: LEFT, ENDED, OPENING or OPEN."""
    me = book.number(book.me)
    if book.is_gone(me):
        return _LEFT
    if book.present() == [me]:
        return "ENDED"
    return "OPEN" if is_open(book) else "OPENING"


def members_view(keeper: Keeper, trust: Trust, opened: Instant, begun: tuple[Book, Proposal] | None) -> MembersView:
    """The members of a line; it was opened here at `opened`, by the proposal `begun` of another line if any."""
    book = keeper.book
    rows = sorted(book.state(Memberships).proposals.values(), key=lambda row: (row.time_ms, row.place))
    on_line = set(keeper.setup.members)
    return MembersView(
        line=book.line,
        state=line_stands(book),
        members=tuple(_member(keeper, trust, opened, number) for number in range(len(book.members))),
        begun=None if begun is None else proposal_view(begun[0], begun[1], trust),
        heads=tuple(_heads(book)),
        proposals=tuple(proposal_view(book, row, trust) for row in rows),
        following=tuple(row.body.line for row in rows if row.state is ProposalState.IN_EFFECT and row.body.line),
        open_items=tuple(_open_items(keeper)),
        outsiders=tuple(
            OutsiderView(one.card.party, one.fingerprint) for one in trust.accepted() if one.card.party not in on_line
        ),
    )


def _member(keeper: Keeper, trust: Trust, opened: Instant, number: int) -> MemberView:
    book = keeper.book
    origin, party, state = book.members[number], keeper.setup.members[number], state_of_party(book, number)
    kept, card = book.state(Memberships), trust.card(party)
    entry, reason, went = None, "", gone_ms(kept, number)
    since: Instant | None = None if went is None else Instant.from_ms(went)
    if number in kept.left:
        entry, reason = book.label(origin, kept.left[number].index), kept.left[number].reason
    elif number in kept.removed:
        place = kept.removed[number]
        entry, reason = book.label(book.members[place[0]], place[1]), kept.proposals[place].body.reason
    elif number in kept.opened:
        entry, since = book.label(origin, 0), Instant.from_ms(kept.opened[number].time_ms)
    elif state is PartyState.MEMBER:
        since = opened
    heard = next((peer.heard for peer in keeper.engine.health() if peer.peer == number), None)
    return MemberView(
        party=party,
        label=book.labels[origin],
        ours=number == keeper.me,
        state=state.name,
        since=None if since is None else moment(since),
        entry=entry,
        reason=reason,
        fingerprint=None if card is None else card.fingerprint(),
        heard_at=None if heard is None else heard.rfc3339(),
        heard_through=tuple(path.path for path in keeper.engine.paths() if path.peer == number and path.sessions),
        receipted=keeper.own.size if number == keeper.me else keeper.receipted.get(party, 0),
    )


def proposal_view(book: Book, row: Proposal, trust: Trust) -> ProposalView:
    """One proposal, with the answers of all who are asked."""
    body, card = row.body, trust.card(row.body.party)
    joins = body.act is Act.JOIN
    known = None if card is None or not joins else read_digits(card.fingerprint()) == body.fingerprint
    asked = [n for n in range(len(book.members)) if n != row.member and party_of(book.members[n]) != body.party]
    return ProposalView(
        id=book.label(book.members[row.member], row.index),
        line=book.line,
        act=body.act.name,
        party=body.party,
        by=book.labels[book.members[row.member]],
        time=moment(Instant.from_ms(row.time_ms)),
        reason=body.reason,
        state=row.state.name,
        fingerprint=body.fingerprint,
        known=known,
        following=body.line,
        members=body.members,
        not_before=moment(Instant.from_ms(body.from_ms)) if body.from_ms else None,
        past=body.past,
        answers=tuple(_answer(book, row, number) for number in asked),
    )


def _answer(book: Book, row: Proposal, number: int) -> MemberAnswerView:
    origin, found = book.members[number], row.answers.get(number)
    if found is None:
        return MemberAnswerView(book.labels[origin], row.answer(number).name, None, None, "")
    at = moment(Instant.from_ms(found.time_ms))
    return MemberAnswerView(book.labels[origin], found.state.name, book.label(origin, found.index), at, found.reason)


def _heads(book: Book) -> Iterator[HeadView]:
    for number, opened in sorted(book.state(Memberships).opened.items()):
        for head in opened.heads:
            yield HeadView(book.labels[book.members[number]], head.party, head.size, head.root.hex())


def _open_items(keeper: Keeper) -> Iterator[OpenItemView]:
    """The newest open items, each by member."""
    book = keeper.book
    receipted = {number: keeper.receipted.get(keeper.setup.members[number], 0) for number in range(len(book.members))}
    rows = sorted(book.open_items, key=lambda item: (item.time_ms, item.member, item.index), reverse=True)
    for item in rows[:OPEN_ITEMS_MAX]:
        stages = {
            book.labels[book.members[number]]: _stage(book, item, number, receipted)
            for number in range(len(book.members))
            if number != item.member
        }
        accepted = sum(stage in ("ACCEPTED", "PASSED", "ANSWERED") for stage in stages.values())
        yield OpenItemView(
            book.label(book.members[item.member], item.index),
            book.registry.name(item.kind),
            None if item.precedence is None else item.precedence.name,
            stages,
            accepted,
            len(stages),
        )


def _stage(book: Book, item: Item, number: int, receipted: Mapping[int, int]) -> str:
    """How far one member is with an item, by its own word."""
    stated = [stage.name for stage in in_mask(item.stated(number))]
    if stated:
        return stated[-1]
    if book.is_gone(number):
        return _LEFT
    ours, own = book.number(book.me) == item.member, book.number(book.me) == number
    held = own or (ours and receipted[number] > item.index)
    return _RECEIVED if held else _AWAITED

"""Kinds 46 and 47, membership and membership-answer: who is on the line, who comes, who goes; no silent member (R88).

The members of a line are fixed when it is opened. A party that joins comes onto a line that *follows*: every present
member assents to it, each then opens the following line, and nothing is said there before every member has said
OPENED in its own log. So nobody hears anything of a line before its membership stands in every member's record, and
what was said before stays on the line before, whose signed heads the OPENED entries carry. A party that leaves, or
that all others have removed, stays in the list and in the record; from then on it is *gone*: nothing is awaited of
it, and no node sends it anything or accepts anything of it.

Logs have no common order, so nothing here depends on one. A LEAVE counts from its place in its author's own log.
What takes several voices is computed from the set of answers that are held, each party answering once: whoever holds
the same entries computes the same members, however they arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from openline.base.errors import UsageError
from openline.base.limits import BODY_BYTES_MAX, MEMBERS_MAX
from openline.base.machine import advance
from openline.base.schema import pack, unpack
from openline.identity.keys import read_digits
from openline.identity.names import is_line, is_party, line_name
from openline.line.answering import answered, check_possible, settle, target_of
from openline.line.book import Book
from openline.line.ids import party_of
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.memberstate import (
    ANSWERS,
    DIGITS,
    MEMBERSHIP,
    MEMBERSHIP_ANSWER,
    OPENED_FROM,
    PROPOSAL,
    STANDS,
    Act,
    Answered,
    AnswerState,
    Event,
    Head,
    Left,
    Membership,
    MembershipAnswer,
    Memberships,
    Opened,
    PartyState,
    Proposal,
    ProposalState,
    Word,
    outcome_of,
    removed_of,
)
from openline.line.words import reason_of, time_of
from openline.record.entry import Draft, Mark, Precedence


class Join(Arguments, frozen=True, kw_only=True):
    """Arguments of `propose-join`. `line` is the line that follows, named after its members where it is left out."""

    party: str
    fingerprint: str
    line: str = ""
    from_time: str | None = None
    past: bool = False
    reason: str = ""


class Leave(Arguments, frozen=True, kw_only=True):
    """Arguments of `leave-line`."""

    reason: str = ""


class Remove(Arguments, frozen=True, kw_only=True):
    """Arguments of `propose-removal`. The reason is needed."""

    party: str
    reason: str


class Assent(Arguments, frozen=True, kw_only=True):
    """Arguments of `assent`: to a JOIN with the digits of the root that we ourselves have accepted."""

    entry: str
    fingerprint: str = ""


class Refuse(Arguments, frozen=True, kw_only=True):
    """Arguments of `refuse-membership`. The reason is needed."""

    entry: str
    reason: str


# Reading


def state_of_party(book: Book, member: int) -> PartyState:
    """How a member stands to the line."""
    kept = book.state(Memberships)
    state = PartyState.OPENING if len(book.members) >= OPENED_FROM else PartyState.MEMBER
    happened = ((Event.OPENED, kept.opened), (Event.REMOVE, kept.removed), (Event.LEAVE, kept.left))
    for event, rows in happened:
        if member in rows and (state, event) in STANDS:
            state = advance(STANDS, state, event)
    return state


def is_open(book: Book) -> bool:
    """Whether anything may be said: every member that is not gone has opened the line."""
    return all(state_of_party(book, member) is not PartyState.OPENING for member in range(len(book.members)))


def barred(book: Book, drafts: Iterable[Draft]) -> str | None:
    """The message id of why we may not say this on the line; None when we may."""
    me = book.number(book.me)
    if book.is_gone(me):
        return "line-left"
    if not any(member != me for member in book.present()):
        return "line-ended"
    return None if is_open(book) or all(_may_precede(book, draft) for draft in drafts) else "line-opening"


def _may_precede(book: Book, draft: Draft) -> bool:
    """Whether this may be said before the line is open: of members, and nothing but LEAVE before our own OPENED."""
    if draft.kind == MEMBERSHIP and book.size(book.me) == 0:
        return unpack(Membership, draft.body, BODY_BYTES_MAX).act in (Act.OPENED, Act.LEAVE)
    return draft.kind in (MEMBERSHIP, MEMBERSHIP_ANSWER) and book.size(book.me) > 0


def joins_in_effect(book: Book) -> list[Proposal]:
    """Every JOIN that all have assented to, of which our own party is to be a member."""
    me = party_of(book.me)
    rows = book.state(Memberships).proposals.values()
    return [row for row in rows if row.state is ProposalState.IN_EFFECT and me in row.body.members]


def opening(members: Sequence[str], line: str, heads: Sequence[Head], desk: str) -> Draft:
    """What the node of a member says first on a line of several. `members` are party ids, `line` the one before."""
    body = Membership(act=Act.OPENED, line=line, members=tuple(sorted(members)), heads=tuple(heads))
    return Draft(MEMBERSHIP, pack(body), desk)


def proposal_of(book: Book, text: str) -> Proposal:
    """The proposal that an entry id names. Raises UsageError when that entry is none."""
    origin, index = book.find(text)
    found = book.state(Memberships).proposals.get((book.number(origin), index))
    if found is None:
        raise UsageError("proposal-unknown", entry=book.label(origin, index), line=book.line)
    return found


# The fold


def _apply(book: Book, said: Said, body: Membership) -> Sequence[Change]:
    item = book.item(said.entry.origin, said.entry.index)
    assert item is not None
    if body.act is Act.OPENED:
        return _opened(book, said, body)
    if said.leaf.mark is not Mark.OPERATION:
        return [book.changed(item, "exercise")]
    kept = book.state(Memberships)
    if body.act is Act.LEAVE:
        kept.left[said.member] = Left(said.entry.index, said.leaf.time_ms, body.reason)
        book.close_log(said.member)
    else:
        wrong = _wrong(book, said, body)
        if wrong is not None:
            return [book.fault(said, wrong)]
        row = Proposal(said, body)
        kept.proposals[row.place] = row
    return [book.changed(item, body.act.name.lower()), *_reckon(book)]


def _opened(book: Book, said: Said, body: Membership) -> Sequence[Change]:
    """OPENED stands first in its log and names the members as everybody has them."""
    if said.entry.index != 0:
        return [book.fault(said, "fault-opened-late")]
    if body.members != tuple(map(party_of, book.members)):
        return [book.fault(said, "fault-opened-members", members=", ".join(body.members))]
    kept = book.state(Memberships)
    kept.opened[said.member] = Opened(said.leaf.time_ms, body.line, body.heads)
    what = "open" if is_open(book) else "opened"
    return [Change("membership", said.entry.origin, said.entry.index, what)]


def _wrong(book: Book, said: Said, body: Membership) -> str | None:
    """What is wrong with a proposal, by its own words and nothing else."""
    author, parties = party_of(said.entry.origin), set(map(party_of, book.members))
    if body.act is Act.REMOVE:
        return None if body.party in parties - {author} else "fault-member-wrong"
    members = set(body.members)
    in_order = list(body.members) == sorted(members) and len(members) >= OPENED_FROM
    named = {body.party, author} <= members and body.party != author and members - {body.party} <= parties
    readable = is_party(body.party) and is_line(body.line) and body.line != book.line and len(body.fingerprint) > 0
    return None if in_order and named and readable else "fault-join-wrong"


def _apply_answer(book: Book, said: Said, body: MembershipAnswer) -> Sequence[Change]:
    row = target_of(book, said, book.state(Memberships).proposals)
    if isinstance(row, Change):
        return [row]
    proposed = row.body
    if proposed.act is Act.REMOVE and proposed.party == party_of(said.entry.origin):
        return [book.fault(said, "fault-own-removal")]
    if proposed.act is Act.JOIN and body.answer is Word.ASSENT and body.fingerprint != proposed.fingerprint:
        return [book.fault(said, "fault-fingerprint-differs", party=proposed.party)]
    state = answered(book, said, ANSWERS, row.answer(said.member), body.answer)
    if isinstance(state, Change):
        return [state]
    leaf = said.leaf
    row.answers[said.member] = Answered(said.entry.index, leaf.time_ms, book.word(leaf.desk), state, body.reason)
    return [settle(book, said, state.value), *_reckon(book)]


def _reckon(book: Book) -> list[Change]:
    """Compute again who is gone and how each proposal stands, from all that is held."""
    kept = book.state(Memberships)
    parties = {party_of(origin): number for number, origin in enumerate(book.members)}
    kept.removed = removed_of(kept, parties)
    gone = set(kept.left) | set(kept.removed)
    news = [n for n in sorted(gone) if not book.is_gone(n)]
    places = [(n, kept.left[n].index) if n in kept.left else kept.removed[n] for n in news]
    changes = [Change("membership", book.members[by], index, "gone") for by, index in places]
    if gone != set(range(len(book.members))) - set(book.present()):
        book.set_gone(gone)
    for row in kept.proposals.values():
        before = row.state
        outcome = outcome_of(row, parties, gone)
        row.state = ProposalState.STANDING if outcome is None else advance(PROPOSAL, ProposalState.STANDING, outcome)
        if row.state is not before:
            changes.append(Change("membership", book.members[row.member], row.index, row.state.value))
        _owe(book, row, parties)
    return changes


def _owe(book: Book, row: Proposal, parties: Mapping[str, int]) -> None:
    """Whoever has still to answer a proposal that stands owes it."""
    item = book.item_at(row.member, row.index)
    assert item is not None
    spared = parties[row.body.party] if row.body.act is Act.REMOVE else -1
    for member in parties.values():
        unanswered = row.answer(member) is AnswerState.UNANSWERED and member != spared
        item.owe(member, is_owed=row.state is ProposalState.STANDING and unanswered)
    book.review(item)


# What people say


def _join(book: Book, asked: Asked, values: Join) -> Sequence[Draft]:
    present = [party_of(book.members[member]) for member in book.present()]
    if not is_party(values.party):
        raise UsageError("party-name-wrong", party=values.party)
    if values.party in present:
        raise UsageError("member-already", party=values.party, line=book.line)
    digits = _digits(values.fingerprint, values.party)
    members = tuple(sorted((*present, values.party)))
    if len(members) < OPENED_FROM:
        raise UsageError("member-pair-instead", party=values.party, line=book.line)
    if len(members) > MEMBERS_MAX:
        raise UsageError("members-too-many", limit=MEMBERS_MAX)
    line = values.line or _following(book.line, members)
    if not is_line(line) or line == book.line:
        raise UsageError("line-name-wrong", line=line)
    body = Membership(
        act=Act.JOIN,
        party=values.party,
        fingerprint=digits,
        line=line,
        members=members,
        from_ms=0 if values.from_time is None else time_of(values.from_time).ms,
        past=values.past,
        reason=reason_of(values.reason),
    )
    return [_draft(asked, body)]


def _leave(_book: Book, asked: Asked, values: Leave) -> Sequence[Draft]:
    return [_draft(asked, Membership(act=Act.LEAVE, reason=reason_of(values.reason)))]


def _remove(book: Book, asked: Asked, values: Remove) -> Sequence[Draft]:
    named = [
        member
        for member in book.present()
        if values.party in (party_of(book.members[member]), book.labels[book.members[member]])
    ]
    if not named or book.members[named[0]] == asked.me:
        raise UsageError("member-unknown", party=values.party, line=book.line)
    if len(book.present()) < OPENED_FROM:
        raise UsageError("member-leave-instead", party=values.party, line=book.line)
    body = Membership(
        act=Act.REMOVE, party=party_of(book.members[named[0]]), reason=reason_of(values.reason, required=True)
    )
    return [_draft(asked, body)]


def _assent(book: Book, asked: Asked, values: Assent) -> Sequence[Draft]:
    row = _open_to(book, asked, values.entry, Word.ASSENT)
    digits = ""
    if row.body.act is Act.JOIN:
        digits = _digits(values.fingerprint, row.body.party)
        if digits != row.body.fingerprint:
            raise UsageError("member-digits-differ", party=row.body.party, entry=values.entry)
    return [_answer(book, asked, row, MembershipAnswer(answer=Word.ASSENT, fingerprint=digits))]


def _refuse(book: Book, asked: Asked, values: Refuse) -> Sequence[Draft]:
    row = _open_to(book, asked, values.entry, Word.REFUSE)
    reason = reason_of(values.reason, required=True)
    return [_answer(book, asked, row, MembershipAnswer(answer=Word.REFUSE, reason=reason))]


def _open_to(book: Book, asked: Asked, entry: str, word: Word) -> Proposal:
    row = proposal_of(book, entry)
    own_removal = row.body.act is Act.REMOVE and row.body.party == party_of(asked.me)
    if book.members[row.member] == asked.me or own_removal:
        raise UsageError("proposal-own", entry=entry)
    if row.state is not ProposalState.STANDING:
        raise UsageError("proposal-ended", entry=entry, state=row.state.value)
    check_possible(ANSWERS, row.answer(book.number(asked.me)), word, entry)
    return row


def _answer(book: Book, asked: Asked, row: Proposal, body: MembershipAnswer) -> Draft:
    ref = book.ref(book.members[row.member], row.index)
    return Draft(MEMBERSHIP_ANSWER, pack(body), asked.desk, (ref,), precedence=Precedence.IMMEDIATE, mark=row.mark)


def _draft(asked: Asked, body: Membership) -> Draft:
    return Draft(MEMBERSHIP, pack(body), asked.desk, precedence=Precedence.IMMEDIATE, mark=asked.mark)


def _digits(text: str, party: str) -> str:
    digits = read_digits(text)
    if len(digits) != DIGITS:
        raise UsageError("fingerprint-needed", party=party)
    return digits


def _following(line: str, members: Sequence[str]) -> str:
    """The default name of the line that follows: its members' names, with a number where that name is this line's."""
    name = line_name(members)
    if line != name and not line.startswith(f"{name}-"):
        return name
    number = line.removeprefix(name).removeprefix("-")
    return f"{name}-{int(number) + 1 if number.isdecimal() else 2}"


KIND = kind(
    MEMBERSHIP,
    "membership",
    Membership,
    _apply,
    (
        verb(
            "propose-join",
            "declare",
            "Propose that a party joins: a line that follows, with all who assent",
            Join,
            _join,
        ),
        verb("leave-line", "declare", "Leave the line: nothing more is sent to us or taken of us", Leave, _leave),
        verb("propose-removal", "declare", "Propose that a member is removed: all others must assent", Remove, _remove),
    ),
    Traits(fresh=Memberships, takes=frozenset({Takes.RECEIPT})),
)

ANSWER_KIND = kind(
    MEMBERSHIP_ANSWER,
    "membership-answer",
    MembershipAnswer,
    _apply_answer,
    (
        verb("assent", "declare", "Assent to a party joining or being removed", Assent, _assent),
        verb("refuse-membership", "declare", "Refuse it, with the reason: that ends the proposal", Refuse, _refuse),
    ),
    Traits(takes=frozenset({Takes.RECEIPT}), refs_needed=1),
)

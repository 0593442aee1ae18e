"""What a node does about members: it opens lines that follow, says OPENED, and parts with whoever has gone (R88).

Who is a member is decided by the book alone. A party that is in the configuration and not on a line is never dialled
for it, and its calls for that line are answered with a BYE before anything is said.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from functools import partial

from openline.base.catalogue import sentence
from openline.base.errors import OpenlineError, UsageError
from openline.base.limits import DOWN_AFTER_US, MEMBERS_MAX
from openline.base.time import Instant
from openline.identity.keys import read_digits
from openline.identity.names import is_line, line_origin
from openline.line.book import Book
from openline.line.duty import DESK
from openline.line.membership import joins_in_effect, opening
from openline.line.memberstate import OPENED_FROM, Head, Memberships, Proposal, ProposalState
from openline.node.founding import introduce, open_logs
from openline.node.lines import LineState
from openline.node.memberviews import MembersView, members_view
from openline.node.running import Running
from openline.node.views import InvitationView, LineView, Officer
from openline.record.entry import Entry
from openline.record.ports import LineOpened

_OTHER_MEMBERS = "hello-other-members"
_OPENED_FAULTS = frozenset({"fault-opened-members", "fault-opened-late"})


class Membering(Running):
    """The desk's hand on members. Used from the node's event loop only."""

    # What officers ask and do

    def members(self, who: Officer, line: str | None) -> MembersView:
        """The members of a line. Raises UsageError."""
        self._node.desk.allow(who, "read")
        state = self._node.desk.state(line)
        name = state.keeper.setup.line
        opened = next(one.time for one in self._node.store.lines() if one.line == name)
        return members_view(state.keeper, self._node.trust, opened, self._begun(name))

    async def accept_card(self, data: bytes, confirmed_by: str, fingerprint: str) -> InvitationView:
        """Accept an invitation whose fingerprint a person has heard, and open no line. Raises UsageError."""
        node = self._node
        async with self._pairing:
            view, accepted, write = introduce(data, node.store, node.clock, (confirmed_by, fingerprint))
            await asyncio.shield(node.tasks.spawn(node.commit([write]), "accept card"))
            if node.failure is not None:
                raise node.failure
            node.trust.adopt(accepted)
        return view

    async def enter_line(self, who: Officer, line: str, parties: Sequence[str]) -> LineView:
        """Come onto a line of which our own record says nothing: `parties` are all the others, whose cards we have.

        Nothing is said or heard there until each of them has opened the line with the same members. Raises UsageError.
        """
        node = self._node
        node.desk.allow(who, "declare")
        members = tuple(sorted({*parties, node.me}))
        if not OPENED_FROM <= len(members) <= MEMBERS_MAX:
            raise UsageError("enter-members", count=len(members), limit=MEMBERS_MAX)
        for party in members:
            if node.trust.card(party) is None:
                raise UsageError("member-not-introduced", party=party)
        if not is_line(line):
            raise UsageError("line-name-wrong", line=line)
        async with self._pairing:
            if any(one.line == line for one in node.store.lines()):
                raise UsageError("line-exists", line=line)
            await asyncio.shield(node.tasks.spawn(self._begin(line, members), "open line"))
        if node.failure is not None:
            raise node.failure
        return node.desk.line_view(line, "en")

    # What the node does by itself

    def tick(self) -> None:
        """Once a second."""
        super().tick()
        now = self._node.clock.now()
        for state in list(self._node.lines.values()):
            self.part_gone(state)
            self._say_opened(state, now)
            self._look_at_claims(state)
            for row in joins_in_effect(state.keeper.book):
                if self._may_open(row, now) is None and not self._pairing.locked():
                    self._node.tasks.spawn(self._follow(row), "open line")

    def part_gone(self, state: LineState) -> None:
        """End everything with members that have gone. When we go ourselves, each first gets our log whole."""
        node, keeper = self._node, state.keeper
        for number in keeper.peers:
            party = keeper.setup.members[number]
            leaving = keeper.book.is_gone(keeper.me) and keeper.receipted[party] >= keeper.own.size
            if keeper.book.is_gone(number) or leaving:
                keeper.part(number, node.clock.now())
                node.turns.touch(keeper)
                if hasattr(node, "paths"):
                    node.paths.part(keeper.setup.line, party)
                node.journal.say("member-gone", line=keeper.setup.line, party=party)

    def troubles(self, language: str) -> Iterator[str]:
        """What is wrong with members, as sentences: whoever claims others, and joins that cannot be opened here."""
        now = self._node.clock.now()
        for state in self._node.lines.values():
            keeper = state.keeper
            for party in sorted(_claimants(state)):
                yield sentence("members-differ", {"line": keeper.setup.line, "party": party}, language)
            for row in joins_in_effect(keeper.book):
                why = self._may_open(row, now)
                if why in ("member-root-differs", "member-not-introduced", "line-taken"):
                    told: dict[str, str | int] = {"party": row.body.party, "line": row.body.line}
                    yield sentence(why, told, language)

    def _may_open(self, row: Proposal, now: Instant) -> str | None:
        """Why the line of a JOIN in effect is not opened now: a message id, or a word for what needs nobody."""
        node, body = self._node, row.body
        known = next((one for one in node.store.lines() if one.line == body.line), None)
        if known is not None:
            return "open" if known.members == body.members else "line-taken"
        if any(node.trust.card(party) is None for party in body.members):
            return "member-not-introduced"
        card = node.trust.card(body.party)
        if card is None or read_digits(card.fingerprint()) != body.fingerprint:
            return "member-root-differs"
        return "early" if now.ms < body.from_ms else None

    async def _follow(self, row: Proposal) -> None:
        async with self._pairing:
            if self._may_open(row, self._node.clock.now()) is None:
                await self._begin(row.body.line, row.body.members)

    async def _begin(self, line: str, members: tuple[str, ...]) -> None:
        node = self._node
        opened = LineOpened(line, members, node.clock.now())
        await node.commit([opened, *open_logs(line, members, node.me, node.clock.entropy)])
        if line not in node.lines:
            node.add_line(opened)
            self._tell_presence()
            node.journal.say("line-follows", line=line, members=", ".join(members))

    def _say_opened(self, state: LineState, now: Instant) -> None:
        """Say OPENED first of all on a line of several."""
        keeper = state.keeper
        several = len(keeper.setup.members) >= OPENED_FROM
        if not several or keeper.own.size or state.duty_under_way or not self.may_speak(keeper, now):
            return
        # A disk that was put back may lack a log of ours that the others hold: they are asked before it begins anew.
        state.since = state.since or now
        unheard = any(peer.heard is None for peer in keeper.engine.health())
        if unheard and 0 <= now - state.since < DOWN_AFTER_US:
            return
        begun = self._begun(keeper.setup.line)
        before = "" if begun is None else begun[0].line
        state.duty_under_way = True
        draft = opening(keeper.setup.members, before, self._heads(before), DESK)
        self._node.turns.say(keeper, [draft], None).add_done_callback(partial(self._opened, state))

    def _opened(self, state: LineState, done: asyncio.Future[list[Entry]]) -> None:
        state.duty_under_way = False
        why = done.exception()
        if why is not None:
            fault = why.message_id if isinstance(why, OpenlineError) else repr(why)
            self._node.journal.say("duty-refused", line=state.keeper.setup.line, fault=fault)

    def _heads(self, line: str) -> list[Head]:
        """The signed heads of a line's logs as they are on our disk."""
        state = self._node.lines.get(line)
        parties = () if state is None else state.keeper.setup.members
        by_origin = {head.origin: head.signed for head in self._node.store.heads()}
        found = ((party, by_origin.get(line_origin(party, line))) for party in parties)
        return [Head(party, head.size, head.root, head.signature) for party, head in found if head is not None]

    def _begun(self, line: str) -> tuple[Book, Proposal] | None:
        """The proposal that has opened a line, and the book it stands in."""
        for state in self._node.lines.values():
            book = state.keeper.book
            for _, row in sorted(book.state(Memberships).proposals.items()):
                if row.state is ProposalState.IN_EFFECT and row.body.line == line:
                    return book, row
        return None

    def _look_at_claims(self, state: LineState) -> None:
        """Note once when a peer claims other members than we have, and once when it no longer does."""
        claimants = _claimants(state)
        for party in sorted(claimants - state.claimants):
            self._node.journal.say("members-differ", line=state.keeper.setup.line, party=party)
        state.claimants = claimants


def _claimants(state: LineState) -> set[str]:
    """The peers whose node or whose log names other members than ours."""
    keeper = state.keeper
    members, book = keeper.setup.members, keeper.book
    found = {
        members[path.peer] for path in keeper.engine.paths() if path.reason == _OTHER_MEMBERS and not path.sessions
    }
    for number in keeper.peers if len(members) >= OPENED_FROM else ():
        faults = book.faults_of(book.members[number], 0)
        if any(fault.message_id in _OPENED_FAULTS for fault in faults):
            found.add(members[number])
    return found

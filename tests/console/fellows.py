"""The fixed members that a `FakeDesk` shows: bravo is on the line, charlie is proposed, delta is only known."""

from __future__ import annotations

from collections.abc import Sequence

from openline.base.errors import UsageError
from openline.base.time import from_rfc3339
from openline.line.view import Time, moment
from openline.node.memberviews import (
    MemberAnswerView,
    MembersView,
    MemberView,
    OpenItemView,
    OutsiderView,
    ProposalView,
)
from openline.node.views import InvitationView, LineView, Officer

CHARLIE_DIGITS = "11111 22222 33333 44444 55555 66666"


def at(text: str = "2026-11-21T22:00:00.000Z") -> Time:
    """A time as it is shown."""
    return moment(from_rfc3339(text))


def member(party: str, *, ours: bool) -> MemberView:
    """A member that is heard on the fibre."""
    return MemberView(
        party=f"{party}.example",
        label=party,
        ours=ours,
        state="MEMBER",
        since=at(),
        entry=None,
        reason="",
        fingerprint="01234 56789 01234 56789 01234 56789",
        heard_at=None if ours else "2026-11-21T22:30:00.000Z",
        heard_through=() if ours else ("fibre",),
        receipted=8,
    )


def proposal() -> ProposalView:
    """Bravo has proposed charlie, whose root we know; we have not answered."""
    return ProposalView(
        id="bravo:20",
        line="alpha-bravo",
        act="JOIN",
        party="charlie.example",
        by="bravo",
        time=at(),
        reason="joint patrols",
        state="STANDING",
        fingerprint=CHARLIE_DIGITS.replace(" ", ""),
        known=True,
        following="alpha-bravo-charlie",
        members=("alpha.example", "bravo.example", "charlie.example"),
        not_before=None,
        past=False,
        answers=(MemberAnswerView("alpha", "UNANSWERED", None, None, ""),),
    )


def fellows() -> MembersView:
    """All of it."""
    return MembersView(
        line="alpha-bravo",
        state="OPEN",
        members=(member("alpha", ours=True), member("bravo", ours=False)),
        begun=None,
        heads=(),
        proposals=(proposal(),),
        following=(),
        open_items=(OpenItemView("alpha:7", "message", "PRIORITY", {"bravo": "RECEIVED"}, 0, 1),),
        outsiders=(OutsiderView("charlie.example", CHARLIE_DIGITS), OutsiderView("delta.example", "0" * 30)),
    )


class FakeMembers:
    """What a desk says of members. `entered` holds the lines that were entered, `accepted` who accepted a card."""

    entered: list[tuple[str, tuple[str, ...]]]
    accepted: list[str]

    def members(self, who: Officer, line: str | None) -> MembersView:
        """See console.ports."""
        return fellows()

    async def enter_line(self, who: Officer, line: str, parties: Sequence[str]) -> LineView:
        """See console.ports."""
        from tests.console.desk import line_view

        if len(parties) < 2:
            raise UsageError("enter-members", count=len(parties) + 1, limit=8)
        self.entered.append((line, tuple(parties)))
        return line_view()

    async def accept_card(self, data: bytes, confirmed_by: str, fingerprint: str) -> InvitationView:
        """See console.ports."""
        opened: InvitationView = await self.pair_open(data)  # type: ignore[attr-defined] # of the desk that this is part of
        if [digit for digit in fingerprint if digit.isdigit()] != [d for d in opened.fingerprint if d.isdigit()]:
            raise UsageError("trust-digits-differ", party=opened.party)
        self.accepted.append(confirmed_by)
        return opened

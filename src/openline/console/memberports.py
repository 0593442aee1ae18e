"""What the console asks of the desk about parties and members of lines; part of `ports`, which the desk is held to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from openline.node.memberviews import MembersView
from openline.node.views import InvitationView, LineView, Officer


class Membering(Protocol):
    """Parties that are accepted, and the members of a line."""

    def members(self, who: Officer, line: str | None) -> MembersView:
        """Who is on it, who comes and who has gone."""
        ...

    async def enter_line(self, who: Officer, line: str, parties: Sequence[str]) -> LineView:
        """Come onto a line of several, with all these others."""
        ...

    async def accept_card(self, data: bytes, confirmed_by: str, fingerprint: str) -> InvitationView:
        """Accept an invitation whose fingerprint a person has heard, and open no line."""
        ...

    async def pair_open(self, data: bytes) -> InvitationView:
        """Read an invitation. Nothing is accepted."""
        ...

    async def pair_confirm(self, data: bytes, line: str | None, confirmed_by: str, fingerprint: str) -> LineView:
        """Accept an invitation whose fingerprint a person has heard."""
        ...

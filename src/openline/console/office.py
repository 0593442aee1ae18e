"""What all doors of a node share of its officers, and what each door adds: its names, and whether it has seats."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

import msgspec

from openline.base.errors import UsageError
from openline.console.answers import Answer
from openline.console.attempts import Attempts
from openline.console.calls import Call
from openline.console.doors import Names, Place
from openline.console.passkeys import Challenges
from openline.console.ports import Desk
from openline.console.roster import Roster
from openline.console.sessions import Clock, Sessions
from openline.console.table import Handler
from openline.node.views import Enrolled

T = TypeVar("T")


class Journal(Protocol):
    """The node's log."""

    def say(self, fact: str, /, **facts: str | int | None) -> None:
        """One fact."""
        ...


class Office:
    """What all doors of a node share. `addresses` are those of the console, for the links of invitations."""

    def __init__(
        self,
        *,
        roster: Roster,
        sessions: Sessions,
        clock: Clock,
        journal: Journal,
        party: str,
        addresses: Sequence[str] = (),
    ) -> None:
        self.roster = roster
        self.sessions = sessions
        self.clock = clock
        self.journal = journal
        self.party = party
        self.addresses = tuple(addresses)
        self.challenges = Challenges(clock)
        self.attempts = Attempts(clock)
        self._turn = asyncio.Lock()

    async def read(self, work: Callable[[], T]) -> T:
        """Ask the officers' file."""
        return await asyncio.to_thread(work)

    async def write(self, work: Callable[[], T], then: Callable[[T], None]) -> T:
        """Write to the officers' file, and do in memory what follows before anything else is written."""
        async with self._turn:
            done = await asyncio.to_thread(work)
            then(done)
            return done

    async def tell(self, desk: Desk) -> None:
        """Tell the node who its officers are: what the record lacks of it is written from there."""
        desk.officers_are(await self.read(self.enrolled))

    def enrolled(self) -> list[Enrolled]:
        """Every passkey as the record is to have it."""
        opened, positions = self.roster.opened(), self.sessions.positions
        return [
            Enrolled(
                terms=row.terms,
                roles=(positions[row.position],) if row.position in positions else (),
                credential=row.credential,
                public_key=row.public_key,
                host=row.host,
                name=row.holder,
                salt=row.salt,
                withdrawn=None if row.revoked is None else (row.revoked_by, row.revoked_why),
                opened=opened.get(row.terms.pseudonym),
            )
            for row in self.roster.passkeys()
        ]

    async def settle(self) -> None:
        """Write down which sessions have ended: who has left stays gone, whatever becomes of the node."""
        keep = self.sessions.sweep()
        if keep is not None:
            await self.write(keep, lambda _: None)


class OptionsView(msgspec.Struct, frozen=True):
    """What the browser's `parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON` reads."""

    options: dict[str, object]


class Entrance:
    """One door's way in. `seats` are open in a demonstration alone, on loopback alone."""

    def __init__(self, office: Office, names: Names, seats: bool = False) -> None:
        self.office = office
        self.names = names
        self.seats = seats

    def place(self, call: Call) -> Place:
        """Where the browser is. Raises UsageError where no passkey works."""
        return self.names.place(call.scope, (call.header(b"host") or "").encode("latin-1"))


Bound = Callable[[Entrance, Desk, Call], Awaitable[Answer]]


def bind(entrance: Entrance | None, handler: Bound) -> Handler:
    """The handler of a route at one door. Without an entrance the route is there to be described only."""

    async def handle(desk: Desk, call: Call) -> Answer:
        if entrance is None:
            raise UsageError("address-unknown", address=call.scope["path"])
        return await handler(entrance, desk, call)

    return handle

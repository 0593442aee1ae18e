"""Routes that list officers, withdraw one, and open a name. Who is one follows from the officers' file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import msgspec

from openline.base.errors import UsageError
from openline.base.time import Instant
from openline.console.answers import Answer, json_answer
from openline.console.auth import OFFICERS
from openline.console.calls import Call
from openline.console.invitations import reason_of
from openline.console.office import Bound, Entrance
from openline.console.ports import Desk
from openline.console.roster import PasskeyRow, Roster
from openline.console.table import Body, Handler, Route


class OfficerView(msgspec.Struct, frozen=True):
    """One passkey and whose it is. `host` is the name of the console it was made for.

    `opened` says whether the name was told to the other parties.
    """

    officer: str
    number: int
    position: str
    role: str
    holder: str
    host: str
    registered_at: str
    used_at: str
    withdrawn_at: str | None
    withdrawn_by: str
    reason: str
    opened: bool


class OfficersView(msgspec.Struct, frozen=True):
    """Every passkey there ever was."""

    officers: tuple[OfficerView, ...]


class ReasonRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why."""

    reason: str


class WithdrawnView(msgspec.Struct, frozen=True):
    """Who was withdrawn, and how many open sessions ended with it."""

    officer: str
    sessions: int


class OpenedView(msgspec.Struct, frozen=True):
    """Whose name the other parties will read."""

    officer: str
    holder: str


def officer_routes(bound: Callable[[Bound], Handler]) -> list[Route]:
    """The routes, each handler bound to the entrance of one door."""
    return [
        Route(
            "GET", "/api/v1/officers", "Every officer there ever was", bound(_list), Body(OfficersView), needs=OFFICERS
        ),
        Route(
            "POST",
            "/api/v1/officers/{officer}/withdraw",
            "Withdraw an officer, and end the sessions at once",
            bound(_withdraw),
            Body(WithdrawnView),
            takes=Body(ReasonRequest),
            needs=OFFICERS,
        ),
        Route(
            "POST",
            "/api/v1/officers/{officer}/open-name",
            "Tell the other parties the name of an officer",
            bound(_open),
            Body(OpenedView),
            takes=Body(ReasonRequest),
            needs=OFFICERS,
        ),
    ]


async def _list(entrance: Entrance, _desk: Desk, _call: Call) -> Answer:
    office = entrance.office
    return json_answer(await office.read(partial(officers_view, office.roster, office.sessions.positions)))


async def _withdraw(entrance: Entrance, desk: Desk, call: Call) -> Answer:
    office, name = entrance.office, call.path["officer"]
    reason = reason_of((await call.json(ReasonRequest)).reason)
    ended: list[int] = []

    def end(numbers: Sequence[int]) -> None:
        ended.append(sum(office.sessions.withdraw(number) for number in numbers))

    by, now = call.who.officer, office.clock.now()
    if not await office.write(partial(office.roster.withdraw, name, now, by, reason), end):
        raise UsageError("officer-unknown", officer=name[:80])
    await office.tell(desk)
    office.journal.say("passkey-revoked", officer=name, sessions=ended[0])
    return json_answer(WithdrawnView(name, ended[0]))


async def _open(entrance: Entrance, desk: Desk, call: Call) -> Answer:
    office, name = entrance.office, call.path["officer"]
    reason = reason_of((await call.json(ReasonRequest)).reason)
    work = partial(open_name, office.roster, name, office.clock.now(), (call.who.officer, reason))
    holder = await office.write(work, lambda _: None)
    await office.tell(desk)
    return json_answer(OpenedView(name, holder))


def open_name(roster: Roster, name: str, now: Instant, why: tuple[str, str]) -> str:
    """Note that a name is to be told, by whom and why; the name. Raises UsageError when there is none."""
    rows = [row for row in roster.passkeys() if row.terms.pseudonym == name]
    if not rows:
        raise UsageError("officer-unknown", officer=name[:80])
    if not rows[-1].holder:
        raise UsageError("officer-nameless", officer=name)
    roster.open_name(name, now, *why)
    return rows[-1].holder


def officers_view(roster: Roster, positions: Mapping[str, str]) -> OfficersView:
    """Every passkey as it is shown."""
    opened = roster.opened()
    return OfficersView(tuple(_shown(row, positions, row.terms.pseudonym in opened) for row in roster.passkeys()))


def _shown(row: PasskeyRow, positions: Mapping[str, str], opened: bool) -> OfficerView:
    return OfficerView(
        officer=row.terms.pseudonym,
        number=row.number,
        position=row.position,
        role=positions.get(row.position, ""),
        holder=row.holder,
        host=row.host,
        registered_at=row.registered.rfc3339(),
        used_at=row.used.rfc3339(),
        withdrawn_at=None if row.revoked is None else row.revoked.rfc3339(),
        withdrawn_by=row.revoked_by,
        reason=row.revoked_why,
        opened=opened,
    )

"""Routes for the operator: invite a position to register a passkey, list the passkeys, revoke one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import msgspec

from openline.base.errors import UsageError
from openline.base.time import Instant
from openline.console import passkeys
from openline.console.answers import Answer, json_answer
from openline.console.auth import OPERATE
from openline.console.calls import Call
from openline.console.office import Bound, Entrance
from openline.console.ports import Desk
from openline.console.roster import PasskeyRow
from openline.console.table import Body, Handler, Route


class InviteRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For which position, and who is to have the passkey."""

    position: str
    holder: str = ""


class InviteView(msgspec.Struct, frozen=True):
    """An invitation: its code, until when it is good, and the links that carry it, one for each name of the console."""

    position: str
    code: str
    expires_at: str
    links: tuple[str, ...]


class PasskeyView(msgspec.Struct, frozen=True):
    """A registered passkey. `host` is the name of the console it was made for."""

    number: int
    position: str
    holder: str
    host: str
    registered_at: str
    used_at: str
    revoked_at: str | None


class PasskeysView(msgspec.Struct, frozen=True):
    """Every passkey there ever was."""

    passkeys: tuple[PasskeyView, ...]


class RevokedView(msgspec.Struct, frozen=True):
    """What was revoked, and how many open sessions ended with it."""

    number: int
    sessions: int


def invitation_routes(bound: Callable[[Bound], Handler]) -> list[Route]:
    """The routes, each handler bound to the entrance of one door."""
    return [
        Route(
            "POST",
            "/api/v1/invites",
            "Invite a position to register a passkey",
            bound(_invite),
            Body(InviteView),
            takes=Body(InviteRequest),
            needs=OPERATE,
        ),
        Route(
            "GET", "/api/v1/passkeys", "Every passkey there ever was", bound(_list), Body(PasskeysView), needs=OPERATE
        ),
        Route(
            "DELETE",
            "/api/v1/passkeys/{passkey}",
            "Revoke a passkey, and end its sessions at once",
            bound(_revoke),
            Body(RevokedView),
            needs=OPERATE,
        ),
    ]


async def _invite(entrance: Entrance, _desk: Desk, call: Call) -> Answer:
    office, asked = entrance.office, await call.json(InviteRequest)
    make = partial(
        passkeys.invite,
        office.roster,
        office.clock,
        position=asked.position,
        holder=asked.holder,
        positions=office.sessions.positions,
    )
    code, expires = await office.write(make, lambda _: None)
    office.journal.say("passkey-invited", position=asked.position)
    return json_answer(invite_view(asked.position, code, expires, office.addresses))


async def _list(entrance: Entrance, _desk: Desk, _call: Call) -> Answer:
    rows = await entrance.office.read(entrance.office.roster.passkeys)
    return json_answer(PasskeysView(tuple(passkey_view(row) for row in rows)))


async def _revoke(entrance: Entrance, _desk: Desk, call: Call) -> Answer:
    office, number = entrance.office, _number(call.path["passkey"])
    ended: list[int] = []

    def end(revoked: bool) -> None:
        ended.append(office.sessions.end_of(number) if revoked else 0)

    if not await office.write(partial(office.roster.revoke, number, office.clock.now()), end):
        raise UsageError("passkey-number-unknown", number=number)
    office.journal.say("passkey-revoked", passkey=number, sessions=ended[0])
    return json_answer(RevokedView(number, ended[0]))


def invite_view(position: str, code: str, expires: Instant, addresses: Sequence[str]) -> InviteView:
    """An invitation as it is shown. The code stands behind the `#`, which no browser sends to anybody."""
    return InviteView(position, code, expires.rfc3339(), tuple(f"{address}/#register={code}" for address in addresses))


def passkey_view(row: PasskeyRow) -> PasskeyView:
    """A passkey as it is shown."""
    revoked = None if row.revoked is None else row.revoked.rfc3339()
    times = row.registered.rfc3339(), row.used.rfc3339(), revoked
    return PasskeyView(row.number, row.position, row.holder, row.host, *times)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise UsageError("passkey-number-unknown", number=text[:20])
    return int(text)

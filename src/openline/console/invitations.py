"""Invitations to register a passkey: of a new officer, of one who lost the key, and by recovery at the machine.

A supervisor invites; at the node's machine, where nobody has logged in, whoever opens its socket does. The last
supervisor who is lost is recovered there and nowhere else, with a reason and a witness, and the record says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec

from openline.base.errors import UsageError
from openline.base.limits import REASON_BYTES_MAX, ROLE_BYTES_MAX
from openline.base.text import is_name
from openline.base.time import Instant
from openline.console import passkeys
from openline.console.answers import Answer, json_answer
from openline.console.auth import ALL, OFFICERS, OPERATE
from openline.console.calls import Call
from openline.console.office import Bound, Entrance
from openline.console.passkeys import Invited
from openline.console.ports import Desk
from openline.console.roster import Roster
from openline.console.sessions import Clock
from openline.console.table import Body, Handler, Route
from openline.node.views import OfficerStep, Terms


class InviteRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For which position, and who is to have the passkey. `replaces` is an officer who was withdrawn, with a reason."""

    position: str
    holder: str = ""
    replaces: str = ""
    reason: str = ""


class RecoverRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same at the node's machine, where no supervisor is left. `replaces` is whose key is lost, if it is known."""

    position: str
    reason: str
    witness_role: str
    witness: str
    holder: str = ""
    replaces: str = ""


class InviteView(msgspec.Struct, frozen=True):
    """An invitation: its code, until when it is good, and the links that carry it, one for each name of the console.

    `officer` is the pseudonym that the record will have.
    """

    position: str
    officer: str
    code: str
    expires_at: str
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inviting:
    """What an invitation is made with: the officers' file, the clock, positions, and how pseudonyms are chosen.

    `may` says what a position may do.
    """

    roster: Roster
    clock: Clock
    positions: Mapping[str, str]
    may: Callable[[str], frozenset[str]]
    next_pseudonym: Callable[[Collection[str]], str]

    def invite(self, asked: InviteRequest, by: str) -> tuple[str, str, Instant]:
        """Make one: pseudonym, code, until when. `by` is a pseudonym; empty: at the machine. Raises UsageError."""
        if not by and self._supervises(asked.position) and self._was_supervised():
            raise UsageError("officer-recover-needed", position=asked.position)
        step = OfficerStep.ENROL
        if asked.replaces:
            step = OfficerStep.REPLACE
            self._check_withdrawn(asked.replaces)
            reason_of(asked.reason)
        name = asked.replaces or self._new_name()
        return self._made(asked.position, asked.holder, Terms(pseudonym=name, step=step, by=by, reason=asked.reason))

    def recover(self, asked: RecoverRequest) -> tuple[str, str, Instant, list[int]]:
        """Make one by recovery: the same, and the passkeys that were withdrawn with it. Raises UsageError."""
        reason_of(asked.reason)
        if not is_name(asked.witness_role) or not 0 < len(asked.witness.strip()) <= ROLE_BYTES_MAX:
            raise UsageError("officer-witness-missing")
        if asked.position not in self.positions:
            raise UsageError("position-unknown", position=asked.position, positions=", ".join(self.positions))
        if asked.replaces and asked.replaces not in self.roster.pseudonyms():
            raise UsageError("officer-unknown", officer=asked.replaces)
        gone = list(self.roster.withdraw(asked.replaces, self.clock.now(), "", asked.reason)) if asked.replaces else []
        terms = Terms(
            pseudonym=asked.replaces or self._new_name(),
            step=OfficerStep.RECOVER,
            reason=asked.reason,
            witness_role=asked.witness_role,
            witness=asked.witness.strip(),
        )
        return (*self._made(asked.position, asked.holder, terms), gone)

    def _made(self, position: str, holder: str, terms: Terms) -> tuple[str, str, Instant]:
        code, expires = passkeys.invite(self.roster, self.clock, Invited(position, holder, terms), self.positions)
        return terms.pseudonym, code, expires

    def _new_name(self) -> str:
        return self.next_pseudonym(self.roster.pseudonyms())

    def _check_withdrawn(self, pseudonym: str) -> None:
        rows = [row for row in self.roster.passkeys() if row.terms.pseudonym == pseudonym]
        if not rows:
            raise UsageError("officer-unknown", officer=pseudonym)
        if any(row.revoked is None for row in rows):
            raise UsageError("officer-still-enrolled", officer=pseudonym)

    def _supervises(self, position: str) -> bool:
        return bool({OFFICERS, ALL} & self.may(position))

    def _was_supervised(self) -> bool:
        """Whether there is, or ever was, a passkey of somebody who may say who is an officer."""
        return any(self._supervises(row.position) for row in self.roster.passkeys())


def reason_of(reason: str) -> str:
    """A reason that the other side will read. Raises UsageError when it is missing or too long."""
    if not reason.strip():
        raise UsageError("reason-missing")
    if len(reason.encode()) > REASON_BYTES_MAX:
        raise UsageError("text-too-long", field="reason", size=len(reason.encode()), limit=REASON_BYTES_MAX)
    return reason


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
            needs=OFFICERS,
        ),
        Route(
            "POST",
            "/api/v1/officers/recover",
            "Recover the last supervisor, at the node's machine",
            bound(_recover),
            Body(InviteView),
            takes=Body(RecoverRequest),
            needs=OPERATE,
        ),
    ]


def inviting(entrance: Entrance, desk: Desk) -> Inviting:
    """What invitations of this door are made with."""
    office = entrance.office
    sessions = office.sessions
    return Inviting(office.roster, office.clock, sessions.positions, sessions.may, desk.next_pseudonym)


async def _invite(entrance: Entrance, desk: Desk, call: Call) -> Answer:
    office, asked = entrance.office, await call.json(InviteRequest)
    make = partial(inviting(entrance, desk).invite, asked, call.who.officer)
    name, code, expires = await office.write(make, lambda _: None)
    office.journal.say("passkey-invited", position=asked.position, officer=name)
    return json_answer(invite_view(asked.position, name, code, expires, office.addresses))


async def _recover(entrance: Entrance, desk: Desk, call: Call) -> Answer:
    office, asked = entrance.office, await call.json(RecoverRequest)
    if call.who.session:
        raise UsageError("officer-recover-here")

    def end(made: tuple[str, str, Instant, list[int]]) -> None:
        for number in made[3]:
            office.sessions.withdraw(number)

    name, code, expires, _ = await office.write(partial(inviting(entrance, desk).recover, asked), end)
    await office.tell(desk)
    office.journal.say("officer-recovering", position=asked.position, officer=name)
    return json_answer(invite_view(asked.position, name, code, expires, office.addresses))


def invite_view(position: str, officer: str, code: str, expires: Instant, addresses: Sequence[str]) -> InviteView:
    """An invitation as it is shown. The code stands behind the `#`, which no browser sends to anybody."""
    links = tuple(f"{address}/#register={code}" for address in addresses)
    return InviteView(position, officer, code, expires.rfc3339(), links)

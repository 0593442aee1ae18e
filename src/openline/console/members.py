"""Routes about the members of a line: who they are, coming onto a line of several, accepting a card without a line."""

from __future__ import annotations

from typing import Annotated

import msgspec

from openline.base.limits import MEMBERS_MAX
from openline.console.answers import Answer, json_answer
from openline.console.auth import OPERATE
from openline.console.calls import Call
from openline.console.ports import Desk
from openline.console.read import OneLine
from openline.console.table import Body, Route
from openline.node.memberviews import MembersView
from openline.node.views import InvitationView, LineView


class EnterRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which line to come onto, and the ids of all its other members, whose cards are accepted here."""

    line: str
    members: Annotated[list[str], msgspec.Meta(max_length=MEMBERS_MAX)]


class AcceptRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An invitation with the digits a person has heard from the other side, and who that person is."""

    invitation: bytes
    fingerprint: str
    confirmed_by: str


async def _members(desk: Desk, call: Call) -> Answer:
    return json_answer(desk.members(call.who, call.query(OneLine).line))


async def _enter(desk: Desk, call: Call) -> Answer:
    asked = await call.json(EnterRequest)
    return json_answer(await desk.enter_line(call.who, asked.line, asked.members))


async def _accept(desk: Desk, call: Call) -> Answer:
    asked = await call.json(AcceptRequest)
    return json_answer(await desk.accept_card(asked.invitation, asked.confirmed_by, asked.fingerprint))


MEMBER_ROUTES = [
    Route(
        "GET",
        "/api/v1/members",
        "Who is on a line, who comes and who has gone",
        _members,
        Body(MembersView),
        query=OneLine,
    ),
    Route(
        "POST",
        "/api/v1/members/enter",
        "Come onto a line of several, of which our own record says nothing",
        _enter,
        Body(LineView),
        takes=Body(EnterRequest),
        needs=OPERATE,
    ),
    Route(
        "POST",
        "/api/v1/members/accept",
        "Accept an invitation whose 30 digits a person has heard, and open no line",
        _accept,
        Body(InvitationView),
        takes=Body(AcceptRequest),
        needs=OPERATE,
    ),
]

"""Routes of the telephone: calls on a line, the steps in them, the gate that a key opens, and the legs of browsers.

A leg belongs to the console session that offered it; who comes without a session has none, and may still ring,
answer and look. The gate is quick: it is the node's own, and the record hears of it afterwards.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from openline.base.errors import UsageError
from openline.base.limits import LEG_OFFER_BYTES_MAX
from openline.console.answers import Answer, json_answer
from openline.console.calls import Call, Count, Query
from openline.console.ports import Desk
from openline.console.read import Flag, OneLine
from openline.console.say import SAID, Waiting, say
from openline.console.table import Body, Route
from openline.node.views import CallView, GateView, LegAnswerView, LegView
from openline.voice.call import Ring, SeatName, StepName

RING, STEP, SEAT = "ring", "call", "seat"
TALK = "call"
"""The capability to take part in calls."""

Sdp = Annotated[str, msgspec.Meta(min_length=1, description="What the browser offers (RFC 8866)")]


class ListingOfCalls(Query, frozen=True):
    """Which calls to list: newest first; `open` leaves out those that have ended for us."""

    line: str | None = None
    open: Flag = False
    count: Count = 50


class StepRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What our side does in a call, and why in a person's own words."""

    step: StepName
    reason: str = ""


class SeatRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the seat of one of our desks is; an interpreter's names the own desks that it listens and speaks to."""

    desk: str
    kind: SeatName
    listens: tuple[str, ...] = ()
    speaks: tuple[str, ...] = ()


class GateRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the asker is to be heard."""

    open: bool


class OfferRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The offer of a browser."""

    sdp: Sdp


async def _calls(desk: Desk, call: Call) -> Answer:
    query = call.query(ListingOfCalls)
    return json_answer(list(desk.calls(call.who, query.line, open_only=query.open, count=query.count)))


async def _one(desk: Desk, call: Call) -> Answer:
    return json_answer(desk.call(call.who, call.query(OneLine).line, call.path["call"]))


async def _ring(desk: Desk, call: Call) -> Answer:
    how = call.query(Waiting)
    return await say(desk, call, how, RING, await call.json(dict[str, object]))


async def _step(desk: Desk, call: Call) -> Answer:
    how = call.query(Waiting)
    asked = await call.json(StepRequest)
    arguments = {"call": call.path["call"], "step": asked.step, "reason": asked.reason}
    return await say(desk, call, how, STEP, arguments)


async def _seat(desk: Desk, call: Call) -> Answer:
    how = call.query(Waiting)
    asked = msgspec.structs.asdict(await call.json(SeatRequest))
    return await say(desk, call, how, SEAT, {"call": call.path["call"], **asked})


async def _gate(desk: Desk, call: Call) -> Answer:
    line = call.query(OneLine).line
    asked = await call.json(GateRequest)
    return json_answer(desk.gate(call.who, line, call.path["call"], is_open=asked.open))


async def _offer(desk: Desk, call: Call) -> Answer:
    sdp = (await call.json(OfferRequest)).sdp
    if len(sdp) > LEG_OFFER_BYTES_MAX:
        raise UsageError("leg-offer-too-large", limit=LEG_OFFER_BYTES_MAX)
    return json_answer(await desk.offer_leg(call.who, sdp))


async def _close(desk: Desk, call: Call) -> Answer:
    number = call.path["leg"]
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        raise UsageError("leg-unknown", leg=number[:40])
    return json_answer(desk.close_leg(call.who, int(number)))


async def _legs(desk: Desk, call: Call) -> Answer:
    return json_answer(list(desk.legs(call.who)))


TELEPHONE_ROUTES = [
    Route("GET", "/api/v1/calls", "Calls, newest first", _calls, Body(list[CallView]), query=ListingOfCalls),
    Route("GET", "/api/v1/calls/{call}", "One call", _one, Body(CallView), query=OneLine),
    Route("POST", "/api/v1/calls", "Ring the other side", _ring, SAID, takes=Body(Ring), query=Waiting, command=True),
    Route(
        "POST",
        "/api/v1/calls/{call}/steps",
        "Answer, decline, hold or leave a call",
        _step,
        SAID,
        takes=Body(StepRequest),
        query=Waiting,
        command=True,
    ),
    Route(
        "POST",
        "/api/v1/calls/{call}/seats",
        "Give or take an interpreter's seat in a call",
        _seat,
        SAID,
        takes=Body(SeatRequest),
        query=Waiting,
        command=True,
    ),
    Route(
        "POST",
        "/api/v1/calls/{call}/gate",
        "Be heard, or no longer; takes effect at once",
        _gate,
        Body(GateView),
        takes=Body(GateRequest),
        query=OneLine,
        needs=TALK,
    ),
    Route("GET", "/api/v1/legs", "The legs of this node", _legs, Body(list[LegView])),
    Route(
        "POST",
        "/api/v1/legs",
        "Offer the sound of this browser",
        _offer,
        Body(LegAnswerView),
        takes=Body(OfferRequest),
        needs=TALK,
    ),
    Route("DELETE", "/api/v1/legs/{leg}", "End a leg of this position", _close, Body(LegView), needs=TALK),
]

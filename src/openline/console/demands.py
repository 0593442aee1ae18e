"""Routes that look at demands, warnings and allegations, and at calls that recur. Looking records nothing."""

from __future__ import annotations

import msgspec

from openline.console.answers import Answer, json_answer
from openline.console.calls import Call
from openline.console.ports import AllegationView, DemandView, Desk, RecurringView, WarningView
from openline.console.read import OneLine
from openline.console.table import Body, Route


class DemandsView(msgspec.Struct, frozen=True):
    """Demands, newest first."""

    demands: tuple[DemandView, ...]


class WarningsView(msgspec.Struct, frozen=True):
    """Warnings, newest first."""

    warnings: tuple[WarningView, ...]


class AllegationsView(msgspec.Struct, frozen=True):
    """Allegations, newest first."""

    allegations: tuple[AllegationView, ...]


class RecurringsView(msgspec.Struct, frozen=True):
    """Calls that recur, the oldest first."""

    recurring: tuple[RecurringView, ...]


async def _demands(desk: Desk, call: Call) -> Answer:
    return json_answer(DemandsView(tuple(desk.demands(call.who, call.query(OneLine).line))))


async def _warnings(desk: Desk, call: Call) -> Answer:
    return json_answer(WarningsView(tuple(desk.warnings(call.who, call.query(OneLine).line))))


async def _allegations(desk: Desk, call: Call) -> Answer:
    return json_answer(AllegationsView(tuple(desk.allegations(call.who, call.query(OneLine).line))))


async def _recurring(desk: Desk, call: Call) -> Answer:
    return json_answer(RecurringsView(tuple(desk.recurring(call.who, call.query(OneLine).line))))


DEMAND_ROUTES = [
    Route(
        "GET", "/api/v1/demands", "Demands, with repetitions and answers", _demands, Body(DemandsView), query=OneLine
    ),
    Route(
        "GET", "/api/v1/warnings", "Warnings, counted, with who relayed", _warnings, Body(WarningsView), query=OneLine
    ),
    Route(
        "GET",
        "/api/v1/allegations",
        "Allegations, with what evidence either side has produced",
        _allegations,
        Body(AllegationsView),
        query=OneLine,
    ),
    Route(
        "GET",
        "/api/v1/recurring",
        "Calls that recur, each date kept or skipped",
        _recurring,
        Body(RecurringsView),
        query=OneLine,
    ),
]

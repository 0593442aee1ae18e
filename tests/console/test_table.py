"""The form of a route."""

from __future__ import annotations

from openline.console.answers import Answer
from openline.console.app import all_routes
from openline.console.calls import Call
from openline.console.ports import Desk
from openline.console.table import Body, NoQuery, Route
from tests.console.desk import VERBS


async def _nothing(_desk: Desk, _call: Call) -> Answer:
    return Answer(b"{}")


def test_a_route_is_named_by_method_and_address() -> None:
    route = Route("POST", "/api/v1/entries/{entry}/ack", "Accept", _nothing, Body())
    assert route.name == "post_entries_entry_ack"
    assert (route.query, route.command, route.open_to_all) == (NoQuery, False, False)


def test_no_two_routes_share_a_name() -> None:
    names = [route.name for route in all_routes(VERBS)]
    assert len(names) == len(set(names))

"""Making a dispute pack over HTTP."""

from __future__ import annotations

from openline.node.views import PackAsked
from tests.console.caller import ask, console
from tests.console.desk import LINE, FakeDesk


def test_a_pack_is_one_file_of_what_was_asked_for() -> None:
    desk = FakeDesk()
    query = "about=bravo:14,alpha:7&redact=alpha:7&reason=a%20source&attachments=false"
    reply = ask(console(desk), "GET", f"/api/v1/record/{LINE}/pack?{query}")
    assert (reply.status, reply.body) == (200, b"PK\x03\x04pack of alpha-bravo")
    wanted = PackAsked(about=("bravo:14", "alpha:7"), redact=("alpha:7",), reason="a source", attachments=False)
    assert desk.packed == [wanted]


def test_a_period_and_a_call_are_passed_on() -> None:
    desk = FakeDesk()
    ask(console(desk), "GET", f"/api/v1/record/{LINE}/pack?since=2026-11-21&until=2026-11-22")
    ask(console(desk), "GET", f"/api/v1/record/{LINE}/pack?call=alpha:3&show=alpha:4")
    assert desk.packed == [
        PackAsked(since="2026-11-21", until="2026-11-22"),
        PackAsked(call="alpha:3", show=("alpha:4",)),
    ]


def test_a_query_nobody_knows_is_refused() -> None:
    assert ask(console(FakeDesk()), "GET", f"/api/v1/record/{LINE}/pack?from=2026-11-21").status == 400

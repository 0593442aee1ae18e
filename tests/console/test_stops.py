"""Looking at STOPs over HTTP."""

from __future__ import annotations

from typing import cast

from tests.console.caller import ask, console
from tests.console.desk import FakeDesk


def test_a_stop_is_shown_with_the_clock_of_both_ends() -> None:
    reply = ask(console(FakeDesk()), "GET", "/api/v1/stops")
    assert reply.status == 200
    (stop,) = cast("list[dict[str, object]]", reply.json()["stops"])
    assert (stop["place"], stop["text"], stop["standing"]) == ("37TCL 123 456", "Your fire is hitting us.", True)
    assert stop["sides"] == [{"party": "bravo", "state": "STANDING", "clock_s": 0.0, "answers": []}]


def test_a_query_nobody_knows_is_refused() -> None:
    assert ask(console(FakeDesk()), "GET", "/api/v1/stops?open=true").status == 400

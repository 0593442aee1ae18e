"""Looking at charters over HTTP."""

from __future__ import annotations

from typing import cast

import pytest

from tests.console.caller import ask, console
from tests.console.desk import FakeDesk


def test_the_charters_of_a_line_and_which_is_in_force() -> None:
    reply = ask(console(FakeDesk()), "GET", "/api/v1/charters")
    found = reply.json()
    assert (reply.status, found["in_force"], found["mark"]) == (200, "alpha:0", "OPERATION")
    charters = cast("list[dict[str, object]]", found["charters"])
    assert [(row["id"], row["state"], row["waiting"]) for row in charters] == [
        ("bravo:1", "proposed", ["alpha"]),
        ("alpha:0", "in-force", []),
    ]
    assert ask(console(FakeDesk()), "GET", "/api/v1/charters?mark=EXERCISE").json()["charters"] == []


def test_a_proposal_beside_what_is_in_force() -> None:
    found = ask(console(FakeDesk()), "GET", "/api/v1/charters/bravo:1").json()
    assert found["against"] == "alpha:0"
    changes = cast("list[dict[str, object]]", found["changes"])
    assert {"clause": "scope", "change": "changed", "before": "Air and sea movements.", "after": "Air movements."} in (
        changes
    )
    alone = ask(console(FakeDesk()), "GET", "/api/v1/charters/alpha:0").json()
    assert (alone["against"], {row["change"] for row in cast("list[dict[str, object]]", alone["changes"])}) == (
        None,
        {"added"},
    )


@pytest.mark.parametrize(("address", "status"), [("/alpha:9", 404), ("/bravo:0", 404), ("?open=true", 400)])
def test_what_is_no_charter_or_no_query_is_refused(address: str, status: int) -> None:
    assert ask(console(FakeDesk()), "GET", f"/api/v1/charters{address}").status == status

"""Looking at demands, warnings, allegations and recurring calls over HTTP."""

from __future__ import annotations

from typing import cast

import pytest

from tests.console.caller import ask, console
from tests.console.desk import FakeDesk


def rows(path: str, name: str) -> list[dict[str, object]]:
    reply = ask(console(FakeDesk()), "GET", path)
    assert reply.status == 200
    return cast("list[dict[str, object]]", reply.json()[name])


def test_demands_come_with_their_count_and_how_each_party_stands() -> None:
    again, first = rows("/api/v1/demands", "demands")
    assert (again["times"], again["repeats"], first["times"], first["contact"]) == (2, "alpha:7", 1, "alpha:0")
    assert first["sides"] == [{"party": "bravo", "state": "refused", "answers": ["bravo:3"]}]
    assert again["sides"] == [{"party": "bravo", "state": "open", "answers": []}]


def test_warnings_name_who_relayed_them_in_order() -> None:
    (warning,) = rows("/api/v1/warnings", "warnings")
    assert (warning["times"], warning["through"]) == (1, ["a third State", "an envoy"])


def test_allegations_say_of_each_party_whether_it_has_produced_evidence() -> None:
    (allegation,) = rows("/api/v1/allegations", "allegations")
    assert allegation["evidence"] == [{"party": "alpha", "produced": False}, {"party": "bravo", "produced": False}]


def test_recurring_calls_keep_the_dates_that_were_skipped() -> None:
    (call,) = rows("/api/v1/recurring?line=alpha-bravo", "recurring")
    assert [(date["number"], date["kept"]) for date in cast("list[dict[str, object]]", call["dates"])] == [
        (1, "skipped"),
        (2, "skipped"),
        (3, "ahead"),
    ]


@pytest.mark.parametrize("path", ["demands", "warnings", "allegations", "recurring"])
def test_a_query_nobody_knows_is_refused(path: str) -> None:
    assert ask(console(FakeDesk()), "GET", f"/api/v1/{path}?open=true").status == 400

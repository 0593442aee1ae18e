"""Legal holds and retention over HTTP."""

from __future__ import annotations

import json
from typing import cast

from tests.console.caller import ask, console
from tests.console.desk import LINE, FakeDesk


def test_a_hold_is_shown_with_whose_it_is_over_what_and_why() -> None:
    reply = ask(console(FakeDesk()), "GET", f"/api/v1/holds?line={LINE}")
    (hold,) = cast("list[dict[str, object]]", reply.json()["holds"])
    assert (hold["party"], hold["state"], hold["whole"]) == ("bravo.example", "STANDING", False)


def test_classes_are_shown() -> None:
    (row,) = cast("list[dict[str, object]]", ask(console(FakeDesk()), "GET", "/api/v1/retention").json()["classes"])
    assert (row["name"], row["days"]) == ("messages", 30)


def test_nothing_is_erased_unless_it_is_said() -> None:
    desk = FakeDesk()
    for asked in ({}, {"dry_run": True}, {"dry_run": False}):
        reply = ask(console(desk), "POST", "/api/v1/retention/run", asked)
        assert json.loads(reply.body.splitlines()[-1])["classes"][0]["class"] == "messages"
    assert desk.retained == [True, True, False]
    assert ask(console(desk), "POST", "/api/v1/retention/run", {"really": True}).status == 400

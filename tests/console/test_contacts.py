"""Looking at contacts over HTTP: the history, one contact, readouts side by side, requests."""

from __future__ import annotations

from typing import cast

from starlette.types import ASGIApp

from tests.console.caller import ask, console
from tests.console.desk import FakeDesk

Row = dict[str, object]


def rows(app: ASGIApp, path: str, name: str, language: str = "en") -> list[Row]:
    """The list that a look answers with."""
    reply = ask(app, "GET", f"/api/v1/{path}", headers={"accept-language": language})
    return cast("list[Row]", reply.json()[name])


def test_contacts_come_with_what_the_history_says_in_the_asked_language() -> None:
    app = console(FakeDesk())
    for language, text in (("en", "First contact at the level of ministers."), ("fr", "Premier contact au niveau des")):
        (contact,) = rows(app, "contacts?level=minister", "contacts", language)
        assert str(cast("list[Row]", contact["notes"])[0]["text"]).startswith(text)
    assert ask(app, "GET", "/api/v1/contacts?level=duty").json()["contacts"] == []


def test_all_that_was_asked_for_is_told_together_with_its_channels() -> None:
    whole = cast("Row", ask(console(FakeDesk()), "GET", "/api/v1/contacts").json()["overview"])
    assert [row["id"] for row in cast("list[Row]", whole["notes"])] == ["history-top", "history-channels"]
    assert whole["channels"] == [
        {
            "line": "alpha-bravo",
            "level": "minister",
            "parties": ["alpha.example", "bravo.example"],
            "contacts": 1,
            "last": "alpha-bravo/alpha:0",
        }
    ]


def test_a_query_nobody_knows_is_refused() -> None:
    app = console(FakeDesk())
    for query in ("?rank=minister", "?count=0", "?mark=REAL", "?at_least=perhaps"):
        assert ask(app, "GET", f"/api/v1/contacts{query}").status == 400


def test_a_contact_is_named_by_an_entry_or_its_day() -> None:
    app = console(FakeDesk())
    by_day, by_entry = (ask(app, "GET", f"/api/v1/contacts/{name}").json() for name in ("2022-05-13", "alpha:0"))
    assert by_day == by_entry
    assert ask(app, "GET", "/api/v1/contacts/2022-05-14").status == 404


def test_readouts_need_two_names() -> None:
    app = console(FakeDesk())
    assert ask(app, "GET", "/api/v1/readouts/compare?left=alpha:3").status == 400
    (pair,) = rows(app, "readouts/compare?left=alpha:3&right=bravo:1", "comparisons")
    assert [row["outcome"] for row in cast("list[Row]", pair["facts"])] == ["only-left"]


def test_a_request_without_an_answer_by_its_deadline_is_none_and_not_declined() -> None:
    request, recurring = rows(console(FakeDesk()), "requests", "requests")
    assert recurring["answers"] == [{"party": "bravo", "state": "accepted", "late": False, "answers": ["bravo:2"]}]
    assert request["answers"] == [{"party": "bravo", "state": "none", "late": False, "answers": []}]

"""The search over HTTP: what is asked reaches the desk, and what cannot be asked has a clear answer."""

from __future__ import annotations

import pytest

from openline.node.views import Search
from tests.console.caller import ask, console
from tests.console.desk import HOSTILE, LINE, FakeDesk


def test_words_and_filters_reach_the_desk() -> None:
    desk = FakeDesk()
    query = f"q=Cho%C3%AFgou+calls&line={LINE}&kind=message&party=bravo&mark=EXERCISE&since=2022-05-13"
    reply = ask(console(desk), "GET", f"/api/v1/search?{query}&until=2022-05-14&similar=false&before=99&count=7")
    assert reply.status == 200
    assert desk.searched == [
        Search(
            text="Choïgou calls",
            line=LINE,
            kind="message",
            party="bravo",
            mark="EXERCISE",
            since="2022-05-13",
            until="2022-05-14",
            similar=False,
            before=99,
            count=7,
        )
    ]


def test_hits_come_as_they_were_said_with_where_the_next_page_begins() -> None:
    page = ask(console(FakeDesk()), "GET", "/api/v1/search?q=fire&count=1").json()
    assert page["next_before"] == 14
    assert HOSTILE in str(page["hits"][0]["excerpt"]).replace("\\\\", "\\")  # type: ignore[index] # a list of objects
    assert ask(console(FakeDesk()), "GET", "/api/v1/search?q=fire").json()["next_before"] is None


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("", "request-wrong"),
        ("q=", "search-empty"),
        ("q=%2A%22-", "search-empty"),
        ("q=" + "x" * 200_000, "search-too-long"),
        ("q=" + "a+" * 17, "search-too-many-words"),
        ("q=x&count=51", "request-wrong"),
        ("q=x&count=0", "request-wrong"),
        ("q=x&mark=REAL", "request-wrong"),
        ("q=x&sort=best", "request-wrong"),
        ("q=%FF", "request-wrong"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(query: str, error: str) -> None:
    reply = ask(console(FakeDesk()), "GET", f"/api/v1/search?{query}")
    assert (reply.status, reply.json()["error"]) == (400, error)
    assert reply.json()["text"]

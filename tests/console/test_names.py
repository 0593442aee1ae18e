"""The register of names and the contested terms over HTTP."""

from __future__ import annotations

from typing import cast

from openline.console.app import make_app
from openline.console.auth import SocketAuth
from tests.console.caller import Reply, answered, ask, console
from tests.console.desk import EVERYTHING, LINE, FakeDesk
from tests.node.houses import both, played

Rows = list[dict[str, object]]


def rows(answer: Reply, name: str) -> Rows:
    return cast("Rows", answer.json()[name])


def texts(name: dict[str, object]) -> list[object]:
    return [row["text"] for row in cast("Rows", name["spellings"])]


def test_one_name_or_all() -> None:
    app = console(FakeDesk())
    (name,) = rows(ask(app, "GET", "/api/v1/names"), "names")
    assert texts(name)[:2] == ["Shoigu", "Шойгу"]
    assert ask(app, "GET", "/api/v1/names?id=person:nobody").json() == {"names": []}
    assert ask(app, "GET", "/api/v1/names?mark=EXERCISE").json() == {"names": []}
    assert ask(app, "GET", "/api/v1/names?mark=maybe").json()["error"] == "request-wrong"


def test_terms_of_a_line() -> None:
    app = console(FakeDesk())
    agreed, proposed = rows(ask(app, "GET", f"/api/v1/terms?line={LINE}"), "terms")
    assert (agreed["formula"], proposed["formula"]) == ("the events", None)
    assert ask(app, "GET", "/api/v1/terms?line=nowhere").json()["error"] == "line-unknown"


def test_two_real_desks_show_the_same_register_and_the_same_agreement() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        shoigu = [{"text": "Choïgou", "language": "fr"}]
        await alpha.say(None, "name", id="person:shoigu", spellings=shoigu, wait="received")
        await alpha.say(None, "formula", id="events", word="the events", language="en", wait="received")
        await bravo.say(None, "formula", id="events", language="en", wait="received")
        for house in (alpha, bravo):
            app = make_app(house.desk, SocketAuth(lambda _role: EVERYTHING))
            (name,) = rows(await answered(app, "GET", "/api/v1/names", [b""], {}), "names")
            (term,) = rows(await answered(app, "GET", "/api/v1/terms", [b""], {}), "terms")
            assert texts(name) == ["Choïgou"]
            assert (term["formula"], term["agreed"]) == (None, "the events")

    played(story())

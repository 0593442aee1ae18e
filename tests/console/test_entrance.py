"""Coming in and going: what each door offers, and two headquarters in one browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.console.authenticator import Authenticator
from tests.console.floor import TOKEN, Browser, Floor


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with Floor(tmp_path, seats=True) as made:
        yield made


def test_seats_are_shown_where_they_are_open(floor: Floor) -> None:
    assert Browser(floor).get("/seats").json() == {
        "seats": [
            {"id": "watch", "name": "watch", "role": "watch"},
            {"id": "senior watch", "name": "senior watch", "role": "supervisor"},
        ],
        "passkeys": True,
    }


def test_on_the_watch_floor_there_are_no_seats_even_in_a_demonstration(floor: Floor) -> None:
    browser = Browser(floor, floor.floor, host="alpha.watch.example:8443")
    assert browser.get("/seats").json() == {"seats": [], "passkeys": True}
    reply = browser.post("/session", {"seat": "watch"})
    assert (reply.status, reply.json()["error"]) == (403, "seats-closed")
    assert browser.cookies == {}


def test_without_the_demonstration_there_are_no_seats(tmp_path: Path) -> None:
    with Floor(tmp_path) as floor:
        browser = Browser(floor)
        assert browser.get("/seats").json()["seats"] == []
        assert browser.post("/session", {"seat": "watch"}).json()["error"] == "seats-closed"


def test_at_an_address_there_are_no_passkeys_and_it_is_said(floor: Floor) -> None:
    browser = Browser(floor, host="127.0.0.1:8000")
    assert browser.get("/seats").json()["passkeys"] is False
    for path, body in (("/passkeys/login/begin", {}), ("/passkeys/register/begin", {"invite": "x"})):
        assert browser.post(path, body).json()["error"] == "passkey-place"


def test_a_seat_that_is_not_there_is_named(floor: Floor) -> None:
    reply = Browser(floor).post("/session", {"seat": "admiral"})
    assert (reply.status, reply.json()["error"]) == (404, "position-unknown")


def test_a_seat_is_a_session_like_another(floor: Floor) -> None:
    browser = Browser(floor)
    assert browser.post("/session", {"seat": "senior watch"}).json()["role"] == "supervisor"
    assert browser.post("/messages", {"text": "Good evening"}).status == 200
    assert floor.desk.asked[0]["desk"] == "senior watch"
    assert browser.delete("/session").json() == {"ended": True}
    assert browser.cookies == {}
    assert browser.get("/session").status == 401


def test_cookies_are_secure_over_https(floor: Floor) -> None:
    desk = Browser(floor, floor.floor, host="alpha.watch.example:8443")
    code = floor.invite()
    begun = desk.post("/passkeys/register/begin", {"invite": code})
    assert begun.headers["set-cookie"].endswith("; Secure")
    reply = desk.register(Authenticator(desk.origin), floor.invite())
    assert reply.status == 200
    assert reply.headers["set-cookie"].endswith("; Path=/; HttpOnly; SameSite=Strict; Secure")
    assert reply.headers["cache-control"] == "no-store"
    assert "; Secure" in desk.delete("/session").headers["set-cookie"]


def test_the_socket_and_the_token_say_who_they_are_as_well(floor: Floor) -> None:
    operator = Browser(floor, floor.socket)
    assert operator.get("/session").json()["desk"] == "watch"
    assert operator.delete("/session").json() == {"ended": False}
    script = Browser(floor).ask("GET", "/session", headers={"authorization": f"Bearer {TOKEN}"})
    assert script.json() == {
        "desk": "north",
        "role": "watch",
        "capabilities": ["accept", "read", "send"],
        "language": "en",
        "officer": "",
    }


def test_the_language_is_the_browser_s(floor: Floor) -> None:
    browser = Browser(floor)
    reply = browser.ask("POST", "/session", {"seat": "watch"}, {"accept-language": "fr-CH"})
    assert reply.json()["language"] == "fr"
    assert browser.ask("GET", "/session", headers={"accept-language": "fr"}).json()["language"] == "fr"


def test_two_headquarters_in_one_browser_have_cookies_of_their_own(tmp_path: Path) -> None:
    with Floor(tmp_path, "alpha", seats=True) as alpha, Floor(tmp_path, "bravo", seats=True) as bravo:
        at_alpha = Browser(alpha, host="alpha.localhost:8001")
        at_bravo = Browser(bravo, host="bravo.localhost:8002")
        for browser, seat in ((at_alpha, "watch"), (at_bravo, "senior watch")):
            reply = browser.post("/session", {"seat": seat})
            assert "domain" not in reply.headers["set-cookie"].lower(), "else it would be sent to both"
        assert at_alpha.get("/session").json()["desk"] == "watch"
        assert at_bravo.get("/session").json()["desk"] == "senior watch"
        at_bravo.cookies["openline_session"] = bravo.sessions.token()
        assert at_bravo.get("/session").status == 401
        swapped = Browser(bravo, host="bravo.localhost:8002")
        swapped.cookies = dict(at_alpha.cookies)
        assert swapped.get("/session").status == 401, "a session of alpha is none of bravo"


def test_a_passkey_of_one_headquarters_does_not_open_the_other(tmp_path: Path) -> None:
    with Floor(tmp_path, "alpha") as alpha, Floor(tmp_path, "bravo") as bravo:
        at_alpha = Browser(alpha, host="alpha.localhost:8001")
        key = Authenticator(at_alpha.origin)
        assert at_alpha.register(key, alpha.invite()).status == 200
        at_bravo = Browser(bravo, host="bravo.localhost:8002")
        key.origin = at_bravo.origin
        assert at_bravo.log_in(key).json()["error"] == "passkey-unknown"


def test_who_came_and_went_and_who_did_not_stands_in_the_log(floor: Floor) -> None:
    browser = Browser(floor)
    key = Authenticator(browser.origin)
    browser.register(key, floor.invite())
    browser.delete("/session")
    key.verifies = False
    browser.log_in(key)
    names = [name for name, _ in floor.log.facts]
    assert names == ["passkey-invited", "console-opened", "console-closed", "console-refused"]
    opened, closed = floor.log.facts[1][1], floor.log.facts[2][1]
    assert opened["session"] == closed["session"]
    assert floor.log.facts[3][1]["fault"] == "passkey-wrong"
    assert "User verification" in str(floor.log.facts[3][1]["detail"])


def test_a_door_without_an_entrance_has_none(floor: Floor) -> None:
    from tests.console.caller import ask, console

    assert ask(console(floor.desk), "GET", "/api/v1/seats").json()["error"] == "address-unknown"

"""Officers are listed, withdrawn and opened; who is withdrawn is out at once and is told so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.console.authenticator import Authenticator
from tests.console.desk import NOW
from tests.console.floor import Browser, Floor

LOST = {"reason": "the key was lost"}


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with Floor(tmp_path) as made:
        yield made


@pytest.fixture
def operator(floor: Floor) -> Browser:
    return Browser(floor, floor.socket)


def test_officers_are_listed_with_their_names_withdrawn_ones_too(floor: Floor, operator: Browser) -> None:
    browser = Browser(floor)
    for number, holder in enumerate(("A. Berg", "C. Dahl")):
        key = Authenticator(browser.origin, seed=b"%d" % number)
        assert browser.register(key, floor.invite("watch", holder)).status == 200
    assert operator.post("/officers/S-1/withdraw", LOST).json() == {"officer": "S-1", "sessions": 0}
    first, second = cast("list[dict[str, object]]", operator.get("/officers").json()["officers"])
    assert (first["officer"], first["holder"], first["withdrawn_at"]) == ("S-1", "A. Berg", NOW.rfc3339())
    assert (first["reason"], first["withdrawn_by"]) == ("the key was lost", "")
    assert (second["holder"], second["withdrawn_at"], second["host"]) == ("C. Dahl", None, "alpha.localhost")


def test_a_withdrawn_officer_s_consoles_close_at_once_and_no_others(floor: Floor, operator: Browser) -> None:
    first, second, other = Browser(floor), Browser(floor), Browser(floor)
    key = Authenticator(first.origin)
    assert first.register(key, floor.invite()).status == 200
    assert second.log_in(key).status == 200
    assert other.register(Authenticator(first.origin, seed=b"other"), floor.invite()).status == 200
    assert operator.post("/officers/S-1/withdraw", LOST).json() == {"officer": "S-1", "sessions": 2}
    assert [browser.get("/session").status for browser in (first, second, other)] == [403, 403, 200]
    assert len(floor.ended) == 2
    assert [row.passkey for row in floor.officers.sessions()] == [2]


def test_further_presses_of_a_withdrawn_officer_get_a_clear_answer(floor: Floor, operator: Browser) -> None:
    browser = Browser(floor)
    key = Authenticator(browser.origin)
    browser.register(key, floor.invite())
    operator.post("/officers/S-1/withdraw", LOST)
    for _ in range(2):
        pressed = browser.post("/messages", {"text": "FLASH"})
        assert (pressed.status, pressed.json()["error"]) == (403, "officer-withdrawn")
    assert floor.desk.asked == []
    assert browser.log_in(key).json()["error"] == "officer-withdrawn"


@pytest.mark.parametrize("name", ["S-9", "admiral", "x" * 200, "%C2%B2"])
def test_an_officer_who_is_none_is_refused(operator: Browser, name: str) -> None:
    reply = operator.post(f"/officers/{name}/withdraw", LOST)
    assert (reply.status, reply.json()["error"]) == (404, "officer-unknown")


def test_an_officer_is_withdrawn_once_and_never_without_a_reason(floor: Floor, operator: Browser) -> None:
    Browser(floor).register(Authenticator("http://alpha.localhost:8000"), floor.invite())
    assert operator.post("/officers/S-1/withdraw", {"reason": " "}).json()["error"] == "reason-missing"
    assert operator.post("/officers/S-1/withdraw", LOST).status == 200
    assert operator.post("/officers/S-1/withdraw", LOST).status == 404


def test_a_name_is_opened_with_a_reason_and_told_to_the_node(floor: Floor, operator: Browser) -> None:
    browser = Browser(floor)
    browser.register(Authenticator(browser.origin), floor.invite("watch", "A. Berg"))
    opened = operator.post("/officers/S-1/open-name", {"reason": "a board asks"})
    assert opened.json() == {"officer": "S-1", "holder": "A. Berg"}
    (row,) = floor.desk.officers or ()
    assert (row.name, row.opened) == ("A. Berg", ("", "a board asks"))


def test_a_name_that_nobody_gave_cannot_be_opened(floor: Floor, operator: Browser) -> None:
    browser = Browser(floor)
    browser.register(Authenticator(browser.origin), floor.invite())
    assert operator.post("/officers/S-1/open-name", {"reason": "asked"}).json()["error"] == "officer-nameless"
    assert operator.post("/officers/S-9/open-name", {"reason": "asked"}).json()["error"] == "officer-unknown"

"""A session: who sits where, how long, and who hears of its end."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from openline.base.errors import UsageError
from openline.base.limits import SESSION_IDLE_US, SESSION_LIFE_US
from openline.base.time import MINUTE_US
from openline.console.sessions import SESSION_COOKIE, SessionAuth, cookies, digest_of, set_cookie
from tests.console.authenticator import Authenticator
from tests.console.floor import Browser, Floor


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with Floor(tmp_path, seats=True) as made:
        yield made


@pytest.fixture
def browser(floor: Floor) -> Browser:
    """A browser whose officer has logged in by passkey."""
    made = Browser(floor)
    assert made.register(Authenticator(made.origin), floor.invite()).status == 200
    return made


def _head(token: str) -> dict[bytes, bytes]:
    return {b"cookie": b"openline_session=" + token.encode()}


def sweep(floor: Floor) -> None:
    keep = floor.sessions.sweep()
    if keep is not None:
        keep()


def test_a_token_has_256_bits_and_only_its_digest_is_kept(floor: Floor, browser: Browser) -> None:
    token = browser.cookies["openline_session"]
    assert len(token) == 43
    (row,) = floor.officers.sessions()
    assert row.digest == sha256(token.encode()).digest() == digest_of(token)
    files = [file.read_bytes() for file in floor.file.parent.glob(f"{floor.file.name}*")]
    assert files
    assert not any(token.encode() in data for data in files)


def test_a_session_ends_an_hour_after_it_was_last_used(floor: Floor, browser: Browser) -> None:
    for _ in range(3):
        floor.clock.pass_us(SESSION_IDLE_US - 1)
        assert browser.get("/session").status == 200
    floor.clock.pass_us(SESSION_IDLE_US)
    assert browser.get("/session").json()["error"] == "session-needed"
    assert len(floor.ended) == 1


def test_a_session_ends_after_twelve_hours_however_it_is_used(floor: Floor, browser: Browser) -> None:
    for _ in range(SESSION_LIFE_US // (30 * MINUTE_US) - 1):
        floor.clock.pass_us(30 * MINUTE_US)
        assert browser.get("/session").status == 200
    floor.clock.pass_us(30 * MINUTE_US)
    assert browser.get("/session").status == 401


def test_a_console_that_listens_is_not_idle_but_ends_after_twelve_hours(floor: Floor, browser: Browser) -> None:
    session = floor.sessions.find(_head(browser.cookies["openline_session"]))
    assert session is not None
    session.asking = 1
    for _ in range(11):
        floor.clock.pass_us(SESSION_IDLE_US)
        sweep(floor)
    assert floor.ended == []
    floor.clock.pass_us(SESSION_IDLE_US)
    sweep(floor)
    assert floor.ended == [session.id]


def test_whoever_asked_to_hear_hears_of_every_end_once(floor: Floor, browser: Browser) -> None:
    assert browser.delete("/session").json() == {"ended": True}
    assert len(floor.ended) == 1
    floor.sessions.end(floor.ended[0])
    sweep(floor)
    assert len(floor.ended) == 1
    assert floor.officers.sessions() == []


def test_who_has_left_stays_gone_when_the_node_dies_at_once(floor: Floor, browser: Browser) -> None:
    taken = dict(browser.cookies)
    assert browser.delete("/session").status == 200
    floor.close()
    floor.open()
    again = Browser(floor)
    again.cookies = taken
    assert again.get("/session").status == 401


def test_a_session_outlives_the_node(floor: Floor, browser: Browser) -> None:
    floor.clock.pass_us(MINUTE_US)
    assert browser.get("/session").status == 200
    sweep(floor)
    floor.close()
    floor.open()
    again = Browser(floor)
    again.cookies = browser.cookies
    assert again.get("/session").json()["desk"] == "watch"
    floor.clock.pass_us(SESSION_IDLE_US)
    assert again.get("/session").status == 401


def test_a_seat_does_not_outlive_the_node(floor: Floor) -> None:
    browser = Browser(floor)
    assert browser.post("/session", {"seat": "watch"}).status == 200
    assert floor.sessions.sweep() is None, "of a seat nothing is written"
    assert floor.officers.sessions() == []
    floor.close()
    floor.open()
    again = Browser(floor)
    again.cookies = browser.cookies
    assert again.get("/session").status == 401


def test_a_revoked_passkey_s_sessions_are_gone_after_a_restart_too(floor: Floor, browser: Browser) -> None:
    floor.officers.withdraw("S-1", floor.clock.now(), "", "lost")
    floor.close()
    floor.open()
    again = Browser(floor)
    again.cookies = browser.cookies
    assert again.get("/session").status == 401


def test_a_position_that_is_gone_ends_its_sessions(floor: Floor, browser: Browser) -> None:
    del floor.positions["watch"]
    assert browser.get("/session").status == 401


def test_nothing_is_written_where_nothing_has_changed(floor: Floor, browser: Browser) -> None:
    sweep(floor)
    assert floor.sessions.sweep() is None
    floor.clock.pass_us(1)
    assert browser.get("/session").status == 200
    assert floor.sessions.sweep() is not None


def test_the_role_decides_what_may_be_done(floor: Floor, browser: Browser) -> None:
    officer = floor.sessions.officer({**_head(browser.cookies["openline_session"]), b"accept-language": b"fr-CH"})
    assert (officer.desk, officer.role, officer.language) == ("watch", "watch", "fr")
    assert officer.capabilities == {"send", "read", "accept"}
    assert browser.post("/backup", {"target": "/x"}).json()["error"] == "not-allowed"


def test_who_logs_in_anew_leaves_the_session_before(floor: Floor, browser: Browser) -> None:
    before = browser.cookies["openline_session"]
    assert browser.post("/session", {"seat": "senior watch"}).status == 200
    assert browser.cookies["openline_session"] != before
    assert len(floor.ended) == 1


def test_a_cookie_given_twice_is_none(floor: Floor, browser: Browser) -> None:
    token = browser.cookies["openline_session"]
    head = {b"cookie": f"openline_session={token}; openline_session={token}".encode()}
    assert floor.sessions.find(head) is None
    with pytest.raises(UsageError, match="session-needed"):
        floor.sessions.officer(head)


@pytest.mark.parametrize("given", [b"", b"=", b"openline_session", b"openline_session=", b"\xff\xfe=;;", b"x=y; z"])
def test_any_cookie_is_read(floor: Floor, given: bytes) -> None:
    assert floor.sessions.find({b"cookie": given}) is None


def test_cookies_are_told_apart_by_their_whole_name() -> None:
    head = {b"cookie": b"a=1; openline_session=two=2;openline_sessions=3; Openline_session=4"}
    assert cookies(head, SESSION_COOKIE) == [b"two=2"]


def test_a_cookie_is_for_this_host_alone_and_out_of_reach_of_scripts() -> None:
    name, plain = set_cookie(SESSION_COOKIE, "abc", 12 * 3600 * 1_000_000, "/", secure=False)
    assert name == b"set-cookie"
    assert plain == b"openline_session=abc; Max-Age=43200; Path=/; HttpOnly; SameSite=Strict"
    assert set_cookie(SESSION_COOKIE, "abc", 0, "/", secure=True)[1].endswith(b"; Secure")


def test_without_a_token_a_browser_is_told_to_log_in_and_a_script_to_bring_its_token(floor: Floor) -> None:
    browser = Browser(floor)
    assert browser.ask("GET", "/status", headers={"sec-fetch-site": "same-origin"}).json()["error"] == "session-needed"
    assert browser.get("/status").json()["error"] == "token-needed"
    with pytest.raises(UsageError, match="session-needed"):
        SessionAuth(floor.sessions).officer({b"authorization": b"Bearer x"})

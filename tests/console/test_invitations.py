"""The operator's part: inviting, listing, revoking; for whoever may operate, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from openline.base.limits import INVITE_WITHIN_US
from tests.console.authenticator import Authenticator
from tests.console.desk import NOW
from tests.console.floor import Browser, Floor


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with Floor(tmp_path, seats=True) as made:
        yield made


@pytest.fixture
def operator(floor: Floor) -> Browser:
    return Browser(floor, floor.socket)


def test_an_invitation_has_a_code_links_and_an_end(operator: Browser) -> None:
    made = operator.post("/invites", {"position": "watch"}).json()
    assert (made["position"], made["expires_at"]) == ("watch", NOW.plus(INVITE_WITHIN_US).rfc3339())
    code = str(made["code"])
    assert len(code.replace("-", "")) == 16
    assert made["links"] == [f"https://alpha.watch.example:8443/#register={code}"]


def test_only_a_digest_of_the_code_is_kept(floor: Floor) -> None:
    code = floor.invite().replace("-", "").encode()
    for file in floor.file.parent.glob(f"{floor.file.name}*"):
        assert code not in file.read_bytes()


@pytest.mark.parametrize(
    ("body", "error"),
    [({"position": "admiral"}, "position-unknown"), ({"position": "watch", "holder": "x" * 65}, "holder-too-long")],
)
def test_what_cannot_be_invited_is_said(operator: Browser, body: object, error: str) -> None:
    assert operator.post("/invites", body).json()["error"] == error


def test_passkeys_are_listed_with_their_holders_revoked_ones_too(floor: Floor, operator: Browser) -> None:
    browser = Browser(floor)
    for number, holder in enumerate(("A. Berg", "C. Dahl")):
        key = Authenticator(browser.origin, seed=b"%d" % number)
        assert browser.register(key, floor.invite("watch", holder)).status == 200
    assert operator.delete("/passkeys/1").json() == {"number": 1, "sessions": 0}
    first, second = cast("list[dict[str, object]]", operator.get("/passkeys").json()["passkeys"])
    assert (first["holder"], first["revoked_at"]) == ("A. Berg", NOW.rfc3339())
    assert (second["holder"], second["revoked_at"], second["host"]) == ("C. Dahl", None, "alpha.localhost")


def test_a_revoked_passkey_s_consoles_close_at_once_and_no_others(floor: Floor, operator: Browser) -> None:
    first, second, other = Browser(floor), Browser(floor), Browser(floor)
    key = Authenticator(first.origin)
    assert first.register(key, floor.invite()).status == 200
    assert second.log_in(key).status == 200
    assert other.register(Authenticator(first.origin, seed=b"other"), floor.invite()).status == 200
    assert operator.delete("/passkeys/1").json() == {"number": 1, "sessions": 2}
    assert [browser.get("/session").status for browser in (first, second, other)] == [401, 401, 200]
    assert len(floor.ended) == 2
    assert [row.passkey for row in floor.officers.sessions()] == [2]


@pytest.mark.parametrize("number", ["0", "1", "9" * 30, "x", "%C2%B2"])
def test_a_number_that_is_none_is_refused(operator: Browser, number: str) -> None:
    reply = operator.delete(f"/passkeys/{number}")
    assert (reply.status, reply.json()["error"]) == (404, "passkey-number-unknown")


def test_a_passkey_is_revoked_once(floor: Floor, operator: Browser) -> None:
    Browser(floor).register(Authenticator("http://alpha.localhost:8000"), floor.invite())
    assert operator.delete("/passkeys/1").status == 200
    assert operator.delete("/passkeys/1").status == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("POST", "/invites", {"position": "watch"}), ("GET", "/passkeys", None), ("DELETE", "/passkeys/1", None)],
)
def test_an_officer_who_may_not_operate_may_not(floor: Floor, method: str, path: str, body: object) -> None:
    browser = Browser(floor)
    assert browser.ask(method, path, body).status == 401
    assert browser.post("/session", {"seat": "watch"}).status == 200
    assert browser.ask(method, path, body).json()["error"] == "not-allowed"
    assert browser.post("/session", {"seat": "senior watch"}).status == 200
    assert browser.ask(method, path, body).json().get("error") in (None, "passkey-number-unknown")

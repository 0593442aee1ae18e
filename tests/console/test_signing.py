"""What a passkey is asked to sign for an entry: by who sits there, at this console, with the key of the record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from openline.identity.assertion import entry_challenge
from tests.console.authenticator import Authenticator, decoded
from tests.console.floor import Browser, Floor, options_of
from tests.console.signers import signed
from tests.line.corps import SUPERVISOR


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with Floor(tmp_path, seats=True) as made:
        yield made


def test_the_challenge_is_the_entry_s_and_the_key_the_officer_s_own(floor: Floor) -> None:
    browser = Browser(floor)
    browser.register(Authenticator(browser.origin), floor.invite())
    options = options_of(browser.get("/entries/alpha:2/signing"))
    entry = signed().entry("alpha:2")
    assert decoded(options["challenge"]) == entry_challenge(entry.origin, entry.index, entry.leaf_hash)
    assert (options["rpId"], options["userVerification"]) == ("alpha.localhost", "required")
    (key,) = cast("list[dict[str, object]]", options["allowCredentials"])
    assert decoded(key["id"]) == SUPERVISOR.credential


def test_a_seat_without_a_passkey_signs_nothing(floor: Floor) -> None:
    browser = Browser(floor)
    browser.post("/session", {"seat": "watch"})
    assert browser.get("/entries/alpha:2/signing").json()["error"] == "signature-passkey-needed"


def test_at_an_address_no_passkey_signs(floor: Floor) -> None:
    browser = Browser(floor, host="127.0.0.1:8000")
    browser.post("/session", {"seat": "watch"})
    assert browser.get("/entries/alpha:2/signing").json()["error"] == "passkey-place"


def test_officers_signatures_and_what_is_not_signed_are_shown(floor: Floor) -> None:
    browser = Browser(floor)
    browser.post("/session", {"seat": "watch"})
    found = browser.get("/signatures").json()
    people = cast("list[dict[str, object]]", found["officers"])
    assert [(row["party"], row["officer"], row["name"]) for row in people] == [
        ("alpha", "S-1", ""),
        ("bravo", "T-1", "A. Berg"),
    ]
    assert [row["id"] for row in cast("list[dict[str, object]]", found["signed"])] == ["alpha:2", "alpha:0"]
    assert found["owed"] == {"alpha": 1, "bravo": 1}
    assert [row["id"] for row in cast("list[dict[str, object]]", found["unsigned"])] == ["alpha:4", "bravo:0"]

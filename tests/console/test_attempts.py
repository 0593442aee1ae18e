"""Guessing is slow: whoever is refused too often from one address waits a minute, and nobody else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from openline.base.errors import BusyError
from openline.base.limits import ATTEMPTS_ADDRESSES_MAX, ATTEMPTS_FORGOTTEN_US, ATTEMPTS_MAX
from openline.console.attempts import Attempts
from tests.console.authenticator import Authenticator
from tests.console.floor import Browser, Floor, HandClock


def test_an_address_is_kept_out_after_so_many_refusals_and_forgotten_after_a_minute() -> None:
    clock = HandClock()
    attempts = Attempts(clock)
    for _ in range(ATTEMPTS_MAX):
        attempts.check("10.0.0.7")
        attempts.refused("10.0.0.7")
    with pytest.raises(BusyError):
        attempts.check("10.0.0.7")
    attempts.check("10.0.0.8")
    clock.pass_us(ATTEMPTS_FORGOTTEN_US)
    attempts.check("10.0.0.7")


def test_what_is_remembered_is_bounded() -> None:
    attempts = Attempts(HandClock())
    for number in range(ATTEMPTS_ADDRESSES_MAX + 1):
        for _ in range(ATTEMPTS_MAX):
            attempts.refused(str(number))
    attempts.check("0")
    with pytest.raises(BusyError):
        attempts.check("1")


def test_codes_cannot_be_guessed_at_any_speed_and_who_is_right_is_not_kept_out(tmp_path: Path) -> None:
    with Floor(tmp_path) as floor:
        browser = Browser(floor)
        for _ in range(ATTEMPTS_MAX):
            assert browser.post("/passkeys/register/begin", {"invite": "guess"}).json()["error"] == "invite-wrong"
        code, key = floor.invite(), Authenticator(browser.origin)
        kept_out = browser.register(key, code)
        assert (kept_out.status, kept_out.json()["error"]) == (429, "login-too-often")
        floor.clock.pass_us(ATTEMPTS_FORGOTTEN_US)
        assert browser.register(key, code).status == 200
        for _ in range(2 * ATTEMPTS_MAX):
            assert browser.log_in(key).status == 200, "only what is refused counts"

"""Asking before what cannot be taken back, and asking for secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from openline.base.errors import UsageError
from openline.cli.asking import ask_secret, confirm
from openline.cli.context import App
from openline.cli.settings import Settings


def test_where_nobody_sits_nothing_is_confirmed() -> None:
    with pytest.raises(UsageError, match="confirmation-needed"):
        confirm(App(Settings(), "send"), "This rings.", "alpha-bravo")


def test_yes_needs_a_reason_and_hands_it_on() -> None:
    with pytest.raises(UsageError, match="reason-needed"):
        confirm(App(Settings(yes=True), "send"), "This rings.", "alpha-bravo")
    assert confirm(App(Settings(yes=True, reason=" drill "), "send"), "This rings.", "alpha-bravo") == "drill"
    assert confirm(App(Settings(yes=True), "send"), "This rings.", "alpha-bravo", "wrong line") == "wrong line"


def test_a_passphrase_is_the_first_line_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "phrase").write_text("correct horse\nsecond line\n")
    assert ask_secret("Passphrase", str(tmp_path / "phrase"), twice=True) == "correct horse"


def test_an_empty_passphrase_is_none(tmp_path: Path) -> None:
    (tmp_path / "phrase").write_text("\n")
    with pytest.raises(UsageError, match="passphrase-needed"):
        ask_secret("Passphrase", str(tmp_path / "phrase"), twice=True)


def test_a_passphrase_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="passphrase-file-unreadable"):
        ask_secret("Passphrase", str(tmp_path / "nothing"), twice=False)


def test_where_nobody_sits_no_passphrase_is_asked() -> None:
    with pytest.raises(UsageError, match="passphrase-needed"):
        ask_secret("Passphrase", None, twice=False)

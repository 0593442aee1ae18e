"""What every command is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from openline.base.errors import UsageError
from openline.cli.context import App, read_token
from openline.cli.settings import Settings


def test_a_node_by_address_needs_a_token(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="token-file-needed"):
        App(Settings(node="http://127.0.0.1:8080"), "status").place()
    (tmp_path / "token").write_text("abc watch\n")
    place = App(Settings(node="http://127.0.0.1:8080", token_file=str(tmp_path / "token")), "status").place()
    assert (place.url, place.token, place.socket) == ("http://127.0.0.1:8080", "abc", None)


@pytest.mark.parametrize("text", ["", "\n", "ы"])
def test_a_token_file_without_a_token_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "token").write_text(text)
    with pytest.raises(UsageError, match="token-file-unreadable"):
        read_token(str(tmp_path / "token"))


def test_keys_are_never_the_same() -> None:
    app = App(Settings(), "send")
    assert len({app.new_key() for _ in range(100)}) == 100

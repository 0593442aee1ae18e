"""Who asks: believed on the socket, known by a token on loopback, refused otherwise."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from openline.base.errors import UsageError
from openline.console.auth import (
    ALL,
    OFFICERS,
    OPERATE,
    SocketAuth,
    TokenAuth,
    capabilities_of,
    read_desk_name,
    read_language,
    read_tokens,
)

TOKEN = "a" * 32
ROLES = {"watch": ("send", "read"), "auditor": ("read",)}


def test_the_socket_is_the_watch_and_may_operate() -> None:
    officer = SocketAuth(capabilities_of(ROLES)).officer({})
    assert (officer.desk, officer.language) == ("watch", "en")
    assert officer.capabilities == frozenset({"send", "read", OPERATE, OFFICERS})


def test_the_socket_s_caller_names_its_desk_and_role() -> None:
    head = {b"x-openline-desk": b"auditor", b"accept-language": b"fr-CH, en;q=0.5"}
    officer = SocketAuth(capabilities_of(ROLES)).officer(head)
    assert (officer.desk, officer.capabilities, officer.language) == (
        "auditor",
        frozenset({"read", OPERATE, OFFICERS}),
        "fr",
    )


def test_a_role_nobody_configured_may_nothing() -> None:
    assert capabilities_of(ROLES)("stranger") == frozenset()


def test_where_no_role_is_configured_everybody_may_everything() -> None:
    assert capabilities_of({})("watch") == frozenset({ALL})


@pytest.mark.parametrize("name", [b"", b"   ", b"%0a", b"%e2%80%ae", b"x" * 65, b"%ff", "ы".encode()])
def test_a_desk_s_name_must_be_able_to_stand_in_the_record(name: bytes) -> None:
    with pytest.raises(UsageError, match="desk-name-wrong"):
        read_desk_name(name)


def test_a_desk_s_name_may_be_in_any_script() -> None:
    assert read_desk_name(b"%D0%B2%D0%B0%D1%85%D1%82%D0%B0") == "вахта"


@pytest.mark.parametrize(("raw", "language"), [(None, "en"), (b"fr", "fr"), (b"*", "en"), (b"", "en"), (b"\xff", "en")])
def test_a_language_is_read_or_english(raw: bytes | None, language: str) -> None:
    assert read_language(raw) == language


def test_a_token_tells_desk_and_role() -> None:
    auth = TokenAuth({sha256(TOKEN.encode()).digest(): ("north", "auditor")}, capabilities_of(ROLES))
    officer = auth.officer({b"authorization": b"Bearer " + TOKEN.encode(), b"x-openline-desk": b"watch"})
    assert (officer.desk, officer.capabilities) == ("north", frozenset({"read"}))


@pytest.mark.parametrize("given", [None, b"", b"Bearer", b"Bearer wrong", b"Basic " + TOKEN.encode()])
def test_without_the_right_token_nobody_comes_in(given: bytes | None) -> None:
    auth = TokenAuth({sha256(TOKEN.encode()).digest(): ("north", "watch")}, capabilities_of({}))
    with pytest.raises(UsageError, match="token-needed"):
        auth.officer({} if given is None else {b"authorization": given})


def _token_file(folder: Path, text: str, mode: int = 0o600) -> Path:
    file = folder / "console.token"
    file.write_text(text)
    file.chmod(mode)
    return file


def test_a_token_file_has_desks_and_roles(tmp_path: Path) -> None:
    other = "b" * 40
    file = _token_file(tmp_path, f"# consoles\n{TOKEN}\n\n{other} north auditor # night\n")
    assert read_tokens(file) == {
        sha256(TOKEN.encode()).digest(): ("watch", "watch"),
        sha256(other.encode()).digest(): ("north", "auditor"),
    }


def test_a_token_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="token-file-open"):
        read_tokens(_token_file(tmp_path, TOKEN, 0o640))


@pytest.mark.parametrize("text", ["short", f"{TOKEN} a b c"])
def test_a_wrong_line_of_a_token_file_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_tokens(_token_file(tmp_path, f"# head\n{text}\n"))
    assert (refused.value.message_id, refused.value.facts["line"]) == ("token-file-wrong", 2)


def test_a_missing_token_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="token-file-unreadable"):
        read_tokens(tmp_path / "nothing")

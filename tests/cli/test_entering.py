"""What the doors are told: positions, addresses, and sessions kept while the node runs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from openline.base.errors import StoreError, UsageError
from openline.base.limits import SESSION_IDLE_US
from openline.cli.entering import addresses_of, keep_sessions, positions_of, tokens_of
from openline.node.config import Config, parse_config
from tests.console.authenticator import Authenticator
from tests.console.floor import Browser, Floor


def _config(text: str) -> Config:
    return parse_config('[party]\nid = "north.example"\n' + text, "here")


def test_positions_have_the_role_given_or_that_of_their_name() -> None:
    config = _config('[[position]]\nname = "watch 1"\nrole = "watch"\n[[position]]\nname = "supervisor"\n')
    assert positions_of(config) == {"watch 1": "watch", "supervisor": "supervisor"}


def test_where_no_position_is_configured_the_desk_is_one() -> None:
    assert positions_of(_config("")) == {"watch": "watch"}
    assert positions_of(_config('[desk]\nname = "night"\n')) == {"night": "watch"}
    assert positions_of(_config('[desk]\nname = "linguist"\n')) == {"linguist": "linguist"}


def test_a_token_of_an_unknown_role_is_refused_with_the_list(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{'t' * 40} north clerk\n")
    file.chmod(0o600)
    assert list(tokens_of(file, _config('[desk.roles]\nclerk = ["read"]\n')).values()) == [("north", "clerk")]
    with pytest.raises(UsageError) as caught:
        tokens_of(file, _config(""))
    assert (caught.value.message_id, caught.value.facts["role"]) == ("role-unknown", "clerk")


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("", ()),
        ('[http]\nlisten = "127.0.0.1:8000"\n', ("http://localhost:8000",)),
        (
            '[https]\nlisten = "10.0.0.5:8443"\nnames = ["a.example", "b.example"]\n',
            ("https://a.example:8443", "https://b.example:8443"),
        ),
        ('[https]\nlisten = "10.0.0.5:443"\nnames = ["a.example"]\n', ("https://a.example",)),
    ],
)
def test_addresses_are_names_that_passkeys_take(text: str, addresses: tuple[str, ...]) -> None:
    assert addresses_of(_config(text)) == addresses


def _swept(floor: Floor, monkeypatch: pytest.MonkeyPatch, times: int, fail: Exception | None = None) -> int:
    """Let the keeper run so often; how often the other work was done."""
    done = 0

    class EnoughError(Exception):
        pass

    def also() -> None:
        nonlocal done
        done += 1
        if fail is not None:
            raise fail

    async def passed(_seconds: float) -> None:
        nonlocal times
        if not times:
            raise EnoughError
        times -= 1

    monkeypatch.setattr("openline.cli.entering.asyncio.sleep", passed)
    with pytest.raises(EnoughError):
        asyncio.run(keep_sessions(floor.sessions, floor.log, also))  # type: ignore[arg-type]  # a log that remembers
    return done


def test_sessions_that_are_over_end_while_nobody_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Floor(tmp_path) as floor:
        browser = Browser(floor)
        browser.register(Authenticator(browser.origin), floor.invite())
        floor.clock.pass_us(SESSION_IDLE_US)
        assert _swept(floor, monkeypatch, 2) == 2
        assert len(floor.ended) == 1
        assert floor.officers.sessions() == []


@pytest.mark.parametrize("why", [StoreError("store-disk-full", path="x"), UsageError("console-certificate-missing")])
def test_what_cannot_be_written_or_read_is_noted_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: Exception
) -> None:
    with Floor(tmp_path) as floor:
        assert _swept(floor, monkeypatch, 3, why) == 3
        assert [name for name, _ in floor.log.facts] == ["console-trouble"] * 3

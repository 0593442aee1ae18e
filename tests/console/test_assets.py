"""The console as a browser gets it: policy, caching, and what is said where it was not built."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from openline.base.catalogue import sentence
from openline.console.app import make_app
from openline.console.assets import BUILT, Assets
from openline.console.auth import SocketAuth
from tests.console.caller import Reply, ask
from tests.console.desk import EVERYTHING, FakeDesk

SCRIPT = "assets/index-AbC123.js"
PAGE = f'<!doctype html><script type="module" src="/{SCRIPT}"></script>'
DESK_BYTES_MAX = 60_000
"""JavaScript that a browser fetches before the desk stands, with one language, each file by gzip (docs/adr/0017)."""
SCREENS_BYTES_MAX = 30_000
"""The same for the screens that are not the desk, fetched when the first of them is opened."""


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / SCRIPT).write_text("export {};")
    (tmp_path / "secret.key").write_text("not for anybody")
    return tmp_path


def _app(folder: Path) -> ASGIApp:
    return make_app(FakeDesk(), SocketAuth(lambda _role: EVERYTHING), assets=Assets(folder))


def _get(folder: Path, target: str, language: str = "en") -> Reply:
    return ask(_app(folder), "GET", target, headers={"Accept-Language": language})


def test_the_page_is_asked_for_anew_each_time(built: Path) -> None:
    reply = _get(built, "/")
    assert (reply.status, reply.body.decode()) == (200, PAGE)
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["cache-control"] == "no-cache"


def test_a_file_that_is_named_by_its_hash_is_kept_for_ever(built: Path) -> None:
    reply = _get(built, f"/{SCRIPT}")
    assert (reply.status, reply.body) == (200, b"export {};")
    assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in reply.headers["cache-control"]


@pytest.mark.parametrize("address", ["/", f"/{SCRIPT}"])
def test_every_answer_carries_the_policy(built: Path, address: str) -> None:
    headers = _get(built, address).headers
    policy = dict(row.split(" ", 1) for row in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert not re.search(r"unsafe|data:|blob:|\*|https?:", headers["content-security-policy"])
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("address", ["/secret.key", "/index.html", "/assets/../secret.key", "/assets/", "/nothing"])
def test_nothing_else_is_served(built: Path, address: str) -> None:
    assert _get(built, address).status == 404


def test_the_page_is_only_read(built: Path) -> None:
    assert ask(_app(built), "POST", "/").status == 404


def test_the_api_stands_beside_the_page(built: Path) -> None:
    assert _get(built, "/api/v1/status").status == 200


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_console_that_was_not_built_says_so(tmp_path: Path, language: str) -> None:
    reply = _get(tmp_path, "/", language)
    assert reply.status == 503
    assert reply.body.decode().strip() == sentence("console-not-built", {}, language)
    assert "content-security-policy" in reply.headers


def test_a_door_without_a_console_has_no_page(built: Path) -> None:
    assert ask(make_app(FakeDesk(), SocketAuth(lambda _role: EVERYTHING)), "GET", "/").status == 404


# What was built


def _page() -> str:
    if not (BUILT / "index.html").is_file():
        pytest.skip("the console was not built: run `make console`")
    return (BUILT / "index.html").read_text(encoding="utf-8")


def test_the_built_page_has_nothing_inline_and_nothing_from_elsewhere() -> None:
    page = _page()
    assert not re.search(r"<style|\sstyle=|\son\w+=|https?://", page)
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL)
    assert scripts
    assert not any(scripts)
    for name in re.findall(r'(?:src|href)="/([^"]+)"', page):
        assert (BUILT / name).is_file(), name


def test_the_script_of_the_console_stays_small() -> None:
    named = set(re.findall(r'"/assets/([^"]+[.]js)"', _page()))
    sizes = {file.name: len(gzip.compress(file.read_bytes())) for file in BUILT.rglob("*.js")}
    texts = {room: _largest(sizes, room) for room in ("console", "line", "screens", "contacts")}
    desk = sum(sizes[name] for name in named) + texts["console"] + texts["line"]
    code = [name for name in sizes if name not in named and name.partition("-")[0] not in texts]
    screens = sum(sizes[name] for name in code) + texts["screens"] + texts["contacts"]
    print(f"\nconsole by gzip: desk {desk} of {DESK_BYTES_MAX}, other screens {screens} of {SCREENS_BYTES_MAX}")
    assert desk < DESK_BYTES_MAX
    assert screens < SCREENS_BYTES_MAX
    assert code, "the other screens are fetched by themselves"


def _largest(sizes: dict[str, int], room: str) -> int:
    """The sentences of a room in the language that needs most."""
    return max(size for name, size in sizes.items() if name.startswith(f"{room}-"))


def test_licences_of_what_is_shipped_stand_beside_it() -> None:
    _page()
    notices = (BUILT / "THIRD_PARTY.txt").read_text(encoding="utf-8")
    assert all(name in notices for name in ("preact", "@fluent/bundle", "@fontsource/noto-sans"))

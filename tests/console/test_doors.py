"""Under which names the console answers, and which requests that change something it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from starlette.types import Message

from openline.base.errors import UsageError
from openline.console.answers import ENDLESS
from openline.console.doors import Names, Place
from tests.console.authenticator import Authenticator
from tests.console.floor import TOKEN, Browser, Floor

BEARER = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with Floor(tmp_path, seats=True) as made:
        yield made


@pytest.fixture
def seated(floor: Floor) -> Browser:
    browser = Browser(floor)
    assert browser.post("/session", {"seat": "watch"}).status == 200
    return browser


# Names


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8000",
        "LOCALHOST",
        "alpha.localhost:1",
        "a.b.localhost",
        "127.0.0.1:8000",
        "[::1]:8000",
        "alpha.watch.example",
        "Alpha.Watch.example:8443",
    ],
)
def test_the_console_answers_under_its_own_names(host: str) -> None:
    assert Names(["alpha.watch.example"]).answers(host.encode())


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:8000",
        "alpha.watch.example.evil.example",
        "notlocalhost",
        "localhost.evil.example",
        "localhost.",
        "127.0.0.2",
        "10.0.0.5:8443",
        "alpha.watch.example:",
        "alpha.watch.example:99999999",
        "alpha.watch.example@evil.example",
        "localhost, evil.example",
        "localhost evil",
        "-.localhost",
        "\u0430lpha.localhost",
    ],
)
def test_and_under_no_other(host: str) -> None:
    assert not Names(["alpha.watch.example"]).answers(host.encode())


@pytest.mark.parametrize("door", ["app", "floor"])
@pytest.mark.parametrize("path", ["/seats", "/session", "/openapi.json", "/status", "/nothing"])
def test_a_foreign_name_that_points_at_us_gets_nothing(floor: Floor, door: str, path: str) -> None:
    browser = Browser(floor, getattr(floor, door), host="evil.example")
    reply = browser.get(path)
    assert (reply.status, reply.json()["error"]) == (421, "host-unknown")


@pytest.mark.parametrize("hosts", [[], ["alpha.localhost", "evil.example"], ["alpha.localhost", "alpha.localhost"]])
def test_a_request_names_one_host(floor: Floor, hosts: list[str]) -> None:
    browser = Browser(floor)
    scope = browser.scope("GET", "/seats")
    scope["headers"] = [(b"host", host.encode()) for host in hosts]
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def asked() -> None:
        await floor.app(scope, receive, send)

    asyncio.run(asked())
    assert sent[0]["status"] == 421


def test_a_right_token_comes_under_any_name_and_a_wrong_one_does_not(floor: Floor) -> None:
    script = Browser(floor, host="tunnel.example")
    assert script.ask("GET", "/status", headers=BEARER).status == 200
    for path in ("/status", "/seats"):
        reply = script.ask("GET", path, headers={"authorization": "Bearer wrong"})
        assert (reply.status, reply.json()["error"]) == (401, "token-needed")


# Where a passkey works


def _place(host: str, scheme: str = "http", port: int | None = 8000) -> Place:
    scope = {"scheme": scheme, "server": ("127.0.0.1", port)}
    return Names(["alpha.watch.example"]).place(scope, host.encode())


@pytest.mark.parametrize(
    ("host", "scheme", "port", "origin"),
    [
        ("localhost:8000", "http", 8000, "http://localhost:8000"),
        ("Alpha.Localhost:8000", "http", 8000, "http://alpha.localhost:8000"),
        ("alpha.watch.example:8443", "https", 8443, "https://alpha.watch.example:8443"),
        ("alpha.watch.example", "https", 8443, "https://alpha.watch.example"),
        ("alpha.watch.example:443", "https", 8443, "https://alpha.watch.example"),
    ],
)
def test_the_relying_party_is_the_name_and_the_origin_has_our_port(
    host: str, scheme: str, port: int, origin: str
) -> None:
    place = _place(host, scheme, port)
    assert (place.host, place.origin) == (host.lower().partition(":")[0], origin)


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8000", "[::1]:8000", "10.0.0.5:8000", "evil.example:8000", "localhost:8001", ""]
)
def test_an_address_a_foreign_name_and_another_port_have_no_passkeys(host: str) -> None:
    with pytest.raises(UsageError, match="passkey-place"):
        _place(host)


# Requests that change something


@pytest.mark.parametrize(
    "headers",
    [
        {"x-openline-console": ""},
        {"x-openline-console": "0"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"x-openline-console": "", "sec-fetch-site": "cross-site"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/messages"), ("DELETE", "/session"), ("PUT", "/watch"), ("DELETE", "/watch")]
)
def test_with_a_session_it_must_come_from_our_own_page(
    floor: Floor, seated: Browser, method: str, path: str, headers: Mapping[str, str]
) -> None:
    reply = seated.ask(method, path, {"text": "x"} if path == "/messages" else None, headers)
    assert (reply.status, reply.json()["error"]) == (403, "request-from-elsewhere")
    assert floor.desk.asked == []
    assert floor.desk.on_watch == []
    assert seated.get("/session").status == 200


def test_our_own_page_is_believed(floor: Floor, seated: Browser) -> None:
    assert seated.post("/messages", {"text": "Good evening"}).status == 200
    assert floor.desk.asked[0]["desk"] == "watch"


def test_a_browser_that_does_not_say_from_where_is_believed_by_the_header(seated: Browser) -> None:
    del seated.headers["sec-fetch-site"]
    assert seated.post("/messages", {"text": "Good evening"}).status == 200


def test_reading_needs_no_header(seated: Browser) -> None:
    seated.headers.clear()
    assert seated.get("/status").status == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/session", {"seat": "watch"}),
        ("/passkeys/login/begin", {}),
        ("/passkeys/login/finish", {}),
        ("/passkeys/register/begin", {"invite": "x"}),
    ],
)
def test_nobody_is_logged_in_by_a_foreign_page(floor: Floor, path: str, body: object) -> None:
    browser = Browser(floor)
    browser.headers = {"sec-fetch-site": "cross-site"}
    reply = browser.post(path, body)
    assert (reply.status, reply.json()["error"]) == (403, "request-from-elsewhere")
    assert browser.cookies == {}


def test_a_token_needs_no_header_and_no_cookie(floor: Floor) -> None:
    script = Browser(floor)
    script.headers = {}
    reply = script.ask("POST", "/messages", {"text": "x"}, BEARER)
    assert (reply.status, floor.desk.asked[0]["desk"]) == (200, "north")


def test_on_the_watch_floor_no_token_is_taken(floor: Floor) -> None:
    script = Browser(floor, floor.floor, host="alpha.watch.example")
    reply = script.ask("GET", "/status", headers=BEARER)
    assert (reply.status, reply.json()["error"]) == (401, "session-needed")
    stolen = {**BEARER, "host": "tunnel.example"}
    assert script.ask("GET", "/status", headers=stolen).status == 421


# Streams end with their session


def test_a_stream_ends_with_its_session_and_what_is_being_answered_is_answered(floor: Floor) -> None:
    floor.desk.forever = True
    browser = Browser(floor)
    key = Authenticator(browser.origin)
    assert browser.register(key, floor.invite()).status == 200

    async def watched() -> tuple[list[Message], int]:
        sent: list[Message] = []
        began = asyncio.Event()

        async def send(message: Message) -> None:
            sent.append(message)
            if message.get("body"):
                began.set()

        async def receive() -> Message:
            await asyncio.Event().wait()
            return {"type": "http.disconnect"}

        scope = browser.scope("GET", "/events")
        scope["state"] = {ENDLESS: set()}
        stream = asyncio.ensure_future(floor.app(scope, receive, send))
        await began.wait()
        listening = floor.desk.listening
        operator = Browser(floor, floor.socket)
        revoked = await operator.asked("POST", "/officers/S-1/withdraw", {"reason": "lost"})
        assert revoked.json() == {"officer": "S-1", "sessions": 1}
        done, _ = await asyncio.wait([stream], timeout=60)
        assert done, "the stream goes on without its session"
        return sent, listening

    sent, listening = asyncio.run(watched())
    assert listening == 1
    assert floor.desk.listening == 0
    assert sent[-1] == {"type": "http.response.body", "body": b""}
    assert browser.get("/session").json()["error"] in ("session-needed", "officer-withdrawn")


def test_a_command_under_way_is_not_broken_off_when_the_session_ends(floor: Floor, seated: Browser) -> None:
    async def said() -> int:
        go_on, begun = asyncio.Event(), asyncio.Event()
        say = floor.desk.say

        async def slow(*given: object, **named: object) -> object:
            begun.set()
            await go_on.wait()
            return await say(*given, **named)  # type: ignore[arg-type]  # handed on as they came

        floor.desk.say = slow  # type: ignore[method-assign,assignment]  # the desk takes its time
        sending = asyncio.ensure_future(seated.asked("POST", "/messages", {"text": "x"}))
        await begun.wait()
        assert (await seated.asked("DELETE", "/session")).status == 200
        go_on.set()
        return (await sending).status

    assert asyncio.run(said()) == 200
    assert len(floor.desk.asked) == 1

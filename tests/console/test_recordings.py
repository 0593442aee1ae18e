"""Recordings over HTTP: what there is, whether it holds, and a stream that a browser plays."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from openline.base.errors import StoreError
from openline.console.auth import TokenAuth, capabilities_of
from tests.console.caller import ask, console
from tests.console.desk import LINE, FakeDesk

CALL = "/api/v1/recordings/alpha:3"


def test_recorded_calls_are_listed_with_their_streams() -> None:
    rows = json.loads(ask(console(FakeDesk()), "GET", f"/api/v1/recordings?line={LINE}").body)
    assert [row["call"] for row in rows] == ["alpha:3"]
    assert [stream["number"] for stream in rows[0]["streams"]] == [1, 2]
    assert ask(console(FakeDesk()), "GET", CALL).json() == rows[0]


def test_a_check_tells_progress_and_then_its_verdict() -> None:
    desk = FakeDesk()
    desk.verdict = "FALSE"
    rows = ask(console(desk), "GET", f"{CALL}/verify").lines()
    assert [row["type"] for row in rows] == ["progress", "result"]
    assert rows[-1]["verdict"] == "FALSE"


def test_a_check_that_fails_ends_in_an_error() -> None:
    desk = FakeDesk()
    desk.fail = StoreError("store-corrupt", file="record.db")
    assert ask(console(desk), "GET", f"{CALL}/verify").lines()[-1]["error"] == "store-corrupt"


def test_a_stream_is_sound_that_a_browser_plays() -> None:
    reply = ask(console(FakeDesk()), "GET", f"{CALL}/ogg?stream=2")
    assert (reply.status, reply.body, reply.whole) == (200, b"OggS of stream 2", True)
    assert reply.headers["content-type"] == "audio/ogg"
    assert reply.headers["content-disposition"] == 'inline; filename="alpha-3-2.ogg"'


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (f"{CALL}/ogg?stream=9", 404),
        (f"{CALL}/ogg?stream=0", 400),
        (f"{CALL}/ogg?stream=x", 400),
        ("/api/v1/recordings/alpha:4", 404),
        ("/api/v1/recordings/alpha:4/verify", 404),
        ("/api/v1/recordings?line=elsewhere", 404),
    ],
)
def test_what_is_not_there_is_refused(target: str, status: int) -> None:
    assert ask(console(FakeDesk()), "GET", target).status == status


def test_who_may_not_call_may_not_listen() -> None:
    auth = TokenAuth({sha256(b"t" * 32).digest(): ("north", "clerk")}, capabilities_of({"clerk": ("read",)}))
    app = console(FakeDesk(), auth)
    head = {"authorization": "Bearer " + "t" * 32}
    assert ask(app, "GET", f"{CALL}/ogg", None, head).status == 403
    assert ask(app, "GET", CALL, None, head).status == 200

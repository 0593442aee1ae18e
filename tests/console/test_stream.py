"""Server-sent events: ids to resume after, replay without a gap, beats, and a console that is known to listen."""

from __future__ import annotations

import asyncio
import json

import pytest

from openline.console.stream import written
from openline.node.views import EventView
from tests.console.caller import answered, ask, console
from tests.console.desk import LINE, FakeDesk


def _events(body: bytes) -> list[tuple[int, str]]:
    blocks = [block for block in body.decode().split("\n\n") if block.startswith("id:")]
    fields = [dict(line.split(": ", 1) for line in block.splitlines()) for block in blocks]
    return [(int(field["id"]), field["event"]) for field in fields]


def test_an_event_is_an_id_a_type_and_one_line_of_json() -> None:
    event = EventView(7, "entry", LINE, {"text": "two\nlines"})
    head, _, data = written(event).decode().partition("data: ")
    assert head == "id: 7\nevent: entry\n"
    assert data.endswith("\n\n")
    assert json.loads(data) == {"seq": 7, "type": "entry", "line": LINE, "data": {"text": "two\nlines"}}


def test_a_console_that_was_away_gets_what_it_missed() -> None:
    reply = ask(console(FakeDesk()), "GET", "/api/v1/events?after=3")
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.body.startswith(b"retry: 250\n\n")
    assert _events(reply.body) == [(4, "entry"), (5, "entry"), (5, "beat")]


def test_what_the_browser_has_seen_counts_more_than_the_address() -> None:
    reply = ask(console(FakeDesk()), "GET", "/api/v1/events?after=1", headers={"Last-Event-ID": "4"})
    assert _events(reply.body) == [(5, "entry"), (5, "beat")]


@pytest.mark.parametrize("seen", ["four", "-1", "9" * 19])
def test_an_id_that_is_no_arrival_number_is_refused(seen: str) -> None:
    reply = ask(console(FakeDesk()), "GET", "/api/v1/events", headers={"Last-Event-ID": seen})
    assert (reply.status, reply.json()["error"]) == (400, "request-wrong")


def test_other_lines_can_be_left_out_but_never_the_beat() -> None:
    desk = FakeDesk()
    desk.seen.append(EventView(6, "entry", "alpha-charlie", {}))
    reply = ask(console(desk), "GET", f"/api/v1/events?after=4&line={LINE}")
    assert _events(reply.body) == [(5, "entry"), (6, "beat")]


@pytest.mark.parametrize(
    ("asked", "spoken"), [("&language=fr", "fr"), ("&language=fr-CA", "fr"), ("&language=..%2Ffr", "en"), ("", "de")]
)
def test_sentences_in_events_come_in_the_language_of_the_console_and_else_of_the_browser(
    asked: str, spoken: str
) -> None:
    desk = FakeDesk()
    reply = ask(console(desk), "GET", f"/api/v1/events?after=4{asked}", headers={"Accept-Language": "de-CH"})
    assert (reply.status, desk.spoken) == (200, [spoken])


def test_a_console_counts_as_listening_until_it_goes_away() -> None:
    desk = FakeDesk()
    desk.forever = True
    heard: list[int] = []

    async def until_the_beat(piece: bytes) -> bool:
        heard.append(desk.listening)
        return b"event: beat" not in piece

    reply = asyncio.run(answered(console(desk), "GET", "/api/v1/events", [b""], {}, until_the_beat))
    assert reply.status == 200
    assert set(heard) == {1}
    assert desk.listening == 0

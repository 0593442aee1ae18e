"""Looking at lines, entries and the record. Nothing of it is recorded."""

from __future__ import annotations

import asyncio
from typing import cast

from starlette.types import ASGIApp

from openline.console.app import make_app
from openline.console.auth import SocketAuth
from tests.console.caller import answered, ask, console
from tests.console.desk import EVERYTHING, HOSTILE, LINE, FakeDesk
from tests.node.houses import both, played


def test_the_status_can_be_of_one_line() -> None:
    app = console(FakeDesk())
    assert ask(app, "GET", "/api/v1/status").json()["party"] == "alpha.example"
    assert ask(app, "GET", f"/api/v1/status?line={LINE}").status == 200
    missing = ask(app, "GET", "/api/v1/status?line=nowhere")
    assert (missing.status, missing.json()["error"]) == (404, "line-unknown")


def test_entries_come_page_by_page() -> None:
    page = ask(console(FakeDesk()), "GET", "/api/v1/messages?origin=theirs&open=true&count=3&before=10").json()
    entries = page["entries"]
    assert isinstance(entries, list)
    assert [entry["id"] for entry in entries] == ["bravo:9", "bravo:8", "bravo:7"]


async def _pages(app: ASGIApp, first: str) -> list[list[dict[str, object]]]:
    """The entries of every page, each asked for with the number that the page before names."""
    pages: list[list[dict[str, object]]] = []
    more = ""
    while True:
        reply = await answered(app, "GET", f"{first}{more}", [b""], {})
        page = reply.json()
        pages.append(cast("list[dict[str, object]]", page["entries"]))
        if page["next_before"] is None:
            return pages
        more = f"&before={page['next_before']}"


def test_three_pages_hold_every_entry_once() -> None:
    pages = asyncio.run(_pages(console(FakeDesk()), "/api/v1/entries?count=5"))
    assert [len(page) for page in pages] == [5, 5, 4]
    assert [entry["seq"] for page in pages for entry in page] == list(range(14, 0, -1))


def test_pages_of_a_real_desk_miss_nothing_whatever_the_filter_and_whatever_arrives_meanwhile() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        app = make_app(alpha.desk, SocketAuth(lambda _role: EVERYTHING))
        for number in range(7):
            await alpha.say(f"number {number}", wait="received")
            await bravo.say(None, "ack", entry=f"alpha:{number}", wait="received")
        newest = [f"{who}:{number}" for number in range(6, -1, -1) for who in ("bravo", "alpha")]
        for query, ids in (
            ("entries?count=5", newest),
            ("entries?count=3&kind=receipt", newest[::2]),
            ("messages?count=3", newest[1::2]),
        ):
            pages = await _pages(app, f"/api/v1/{query}")
            assert len(pages) == 3
            assert [entry["id"] for page in pages for entry in page] == ids
        one = (await answered(app, "GET", "/api/v1/entries?count=5", [b""], {})).json()
        await alpha.say("and one more", wait="received")
        rest = await _pages(app, f"/api/v1/entries?count=9&before={one['next_before']}")
        assert [entry["id"] for page in rest for entry in page] == newest[5:]
        looked = (await answered(app, "GET", "/api/v1/entries/alpha:6", [b""], {})).json()
        assert looked["seq"] == 13, "one entry by itself has the same number"

    played(story())


def test_looking_at_an_entry_records_nothing_and_changes_no_character() -> None:
    desk = FakeDesk()
    entry = ask(console(desk), "GET", f"/api/v1/entries/bravo:14?line={LINE}").json()
    assert entry["text"] == HOSTILE
    assert not desk.asked


def test_the_raw_log_is_found_by_its_party() -> None:
    app = console(FakeDesk())
    log = ask(app, "GET", f"/api/v1/record/{LINE}/log/bravo.example?start=1&count=5").json()
    assert (log["origin"], log["size"]) == ("bravo.example/line/alpha-bravo", 2)
    other = ask(app, "GET", f"/api/v1/record/{LINE}/log/charlie.example")
    assert (other.status, other.json()["error"]) == (404, "log-unknown")


def test_the_bundle_is_a_file_of_the_line() -> None:
    reply = ask(console(FakeDesk()), "GET", f"/api/v1/record/{LINE}/export?bodies=false")
    assert reply.headers["content-disposition"] == 'attachment; filename="alpha-bravo.olx"'
    assert reply.body.startswith(b"PK")


def test_the_check_of_our_record_tells_progress_and_then_the_verdict() -> None:
    rows = ask(console(FakeDesk()), "GET", f"/api/v1/record/{LINE}/verify").lines()
    assert [row["type"] for row in rows] == ["progress", "progress", "progress", "result"]
    assert rows[-1]["verdict"] == "VERIFIED"


def test_an_unknown_line_is_refused_before_a_stream_begins() -> None:
    app = console(FakeDesk())
    for what in ("verify", "export"):
        assert ask(app, "GET", f"/api/v1/record/nowhere/{what}").status == 404

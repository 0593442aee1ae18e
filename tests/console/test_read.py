"""Looking at lines, entries and the record. Nothing of it is recorded."""

from __future__ import annotations

from tests.console.caller import ask, console
from tests.console.desk import HOSTILE, LINE, FakeDesk


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

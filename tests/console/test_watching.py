"""The watch over HTTP: its log, the ledger, and the report in its canonical bytes."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import cast

from starlette.types import ASGIApp

from tests.console.caller import ask
from tests.console.entrance_vectors import world
from tests.console.guard import guarded


def test_the_report_comes_in_its_canonical_bytes() -> None:
    with world() as app:
        reply = ask(app, "GET", "/api/v1/report?month=2026-11")
        page = ask(app, "GET", "/api/v1/report/page?month=2026-11")
    value = json.loads(reply.body)
    assert json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == reply.body
    assert sha256(reply.body).hexdigest() in page.body.decode()
    assert value["at"] == {f"{name}.example": len(guarded().logs[origin]) for name, origin in guarded().origins.items()}


def test_the_page_speaks_the_language_of_the_console_and_not_that_of_the_browser() -> None:
    with world() as app:
        asked = "/api/v1/report/page?month=2026-11"
        french = ask(app, "GET", f"{asked}&language=fr", headers={"Accept-Language": "en"}).body.decode()
        english = ask(app, "GET", asked, headers={"Accept-Language": "en"}).body.decode()
    assert '<html lang="fr">' in french
    assert '<html lang="en">' in english


def test_the_page_is_served_under_the_policy_of_the_console() -> None:
    with world() as app:
        page = ask(app, "GET", "/api/v1/report/page?month=2026-11")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_what_is_asked_wrongly_is_refused() -> None:
    with world() as app:
        for target, error in (
            ("/api/v1/report", "request-wrong"),
            ("/api/v1/report?month=2026-13", "month-wrong"),
            ("/api/v1/watch?mark=DRILL", "request-wrong"),
            ("/api/v1/silences?when=now", "request-wrong"),
        ):
            reply = ask(app, "GET", target)
            assert (reply.status, reply.json()["error"]) == (400, error)


def test_the_watch_and_the_ledger() -> None:
    with world() as app:
        watch, drills = answer(app, "/api/v1/watch"), answer(app, "/api/v1/watch?mark=EXERCISE")
        ledger = answer(app, "/api/v1/silences")
    assert sorted(str(row["state"]) for row in watch["handovers"]) == ["offered", "taken"]
    assert [row["form"] for row in drills["checks"]] == ["ping"]
    assert len(ledger["silences"]) == 1


def answer(app: ASGIApp, target: str) -> dict[str, list[dict[str, object]]]:
    """Every list of an answer, by its name."""
    return cast("dict[str, list[dict[str, object]]]", ask(app, "GET", target).json())

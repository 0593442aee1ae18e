"""Running the node over HTTP: pairing, the watch, the doctor, backups, metrics."""

from __future__ import annotations

from base64 import b64encode

from openline.console.auth import TokenAuth, capabilities_of
from tests.console.caller import ask, console
from tests.console.desk import DIGITS, LINE, FakeDesk

INVITATION = b"invitation of bravo\n"


def _confirm(desk: FakeDesk, fingerprint: str) -> tuple[int, dict[str, object]]:
    body = {"invitation": b64encode(INVITATION).decode(), "confirmed_by": "Aune", "fingerprint": fingerprint}
    reply = ask(console(desk), "POST", "/api/v1/pair/confirm", body)
    return reply.status, reply.json()


def test_opening_an_invitation_accepts_nothing() -> None:
    desk = FakeDesk()
    opened = ask(console(desk), "POST", "/api/v1/pair/open", INVITATION).json()
    assert (opened["party"], opened["fingerprint"], desk.paired) == ("bravo.example", DIGITS, [])


def test_bytes_that_are_no_invitation_are_refused_as_the_other_side_s() -> None:
    reply = ask(console(FakeDesk()), "POST", "/api/v1/pair/open", b"nonsense")
    assert (reply.status, reply.json()["error"]) == (422, "invitation-wrong")


def test_the_right_digits_pair() -> None:
    desk = FakeDesk()
    status, line = _confirm(desk, DIGITS)
    assert (status, line["line"], desk.paired) == (200, LINE, [("Aune", LINE)])


def test_other_digits_pair_with_nobody() -> None:
    desk = FakeDesk()
    status, error = _confirm(desk, "0" * 30)
    assert (status, error["error"], desk.paired) == (409, "trust-digits-differ", [])


def test_who_may_not_operate_neither_pairs_nor_backs_up() -> None:
    desk = FakeDesk()
    from hashlib import sha256

    auth = TokenAuth({sha256(b"t" * 32).digest(): ("north", "watch")}, capabilities_of({"watch": ("send",)}))
    app = console(desk, auth)
    head = {"authorization": "Bearer " + "t" * 32}
    for target in ("/api/v1/pair/open", "/api/v1/pair/confirm", "/api/v1/backup"):
        reply = ask(app, "POST", target, INVITATION, head)
        assert (reply.status, reply.json()["error"]) == (403, "not-allowed")


def test_a_backup_tells_progress_and_then_what_it_wrote() -> None:
    rows = ask(console(FakeDesk()), "POST", "/api/v1/backup", {"target": "/mnt/b"}).lines()
    assert rows[-1] == {"type": "result", "target": "/mnt/b", "files": 2}


def test_the_watch_is_taken_and_left() -> None:
    desk = FakeDesk()
    app = console(desk)
    assert ask(app, "PUT", "/api/v1/watch").json() == {"desk": "watch", "on": True}
    assert ask(app, "PUT", "/api/v1/watch", None, {"x-openline-desk": "night"}).json() == {"desk": "night", "on": True}
    assert desk.on_watch == ["watch", "night"]
    assert ask(app, "DELETE", "/api/v1/watch").json() == {"desk": "watch", "on": False}
    assert desk.on_watch == ["night"]


def test_the_card_the_doctor_and_the_metrics() -> None:
    app = console(FakeDesk())
    assert ask(app, "GET", "/api/v1/card").body == b"invitation of alpha\n"
    findings = ask(app, "GET", "/api/v1/doctor").json()["findings"]
    assert isinstance(findings, list)
    assert findings[1]["level"] == "warn"
    metrics = ask(app, "GET", "/metrics")
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert b"openline_entries 5" in metrics.body


def test_whether_the_process_answers_needs_no_token() -> None:
    app = console(FakeDesk(), TokenAuth({}, capabilities_of({})))
    assert ask(app, "GET", "/healthz").json() == {"alive": True}
    assert ask(app, "GET", "/metrics").status == 401
    assert ask(app, "GET", "/api/v1/status").status == 401

"""The telephone over HTTP: calls are listed and rung, gates are quick, and nobody without the capability has a leg."""

from __future__ import annotations

import pytest

from openline.base.errors import BusyError
from openline.base.limits import LEG_OFFER_BYTES_MAX
from openline.console.auth import SocketAuth
from openline.console.telephone import TELEPHONE_ROUTES
from tests.console.caller import ask, console
from tests.console.desk import LINE, FakeDesk


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


def test_ringing_is_a_saying_like_any_other(desk: FakeDesk) -> None:
    target = f"/api/v1/calls?line={LINE}&mark=EXERCISE&wait=received&timeout=5"
    headers = {"X-Openline-Desk": "night", "Idempotency-Key": "k"}
    for _ in range(2):
        assert ask(console(desk), "POST", target, {"action": ["ops"]}, headers).status == 200
    assert desk.asked == [
        {"desk": "night", "verb": "ring", "arguments": {"action": ["ops"]}, "mark": "EXERCISE", "wait": "received"}
    ]


def test_a_step_names_its_call_by_the_address(desk: FakeDesk) -> None:
    reply = ask(console(desk), "POST", "/api/v1/calls/bravo:2/steps", {"step": "declined", "reason": "later"})
    assert reply.status == 200
    assert desk.asked[0]["arguments"] == {"call": "bravo:2", "step": "declined", "reason": "later"}


@pytest.mark.parametrize("step", ["missed", "gate-opened", "sound-lost", "", "ANSWERED"])
def test_the_steps_of_a_node_are_not_for_officers(desk: FakeDesk, step: str) -> None:
    reply = ask(console(desk), "POST", "/api/v1/calls/bravo:2/steps", {"step": step})
    assert (reply.status, reply.json()["error"]) == (400, "request-wrong")
    assert desk.asked == []


def test_a_call_may_not_be_named_twice(desk: FakeDesk) -> None:
    reply = ask(console(desk), "POST", "/api/v1/calls/bravo:2/steps", {"step": "left", "call": "alpha:3"})
    assert (reply.status, reply.json()["error"]) == (400, "request-wrong")


def test_a_seat_names_its_desk_what_it_is_and_the_lists(desk: FakeDesk) -> None:
    body = {"desk": "booth", "kind": "interpreter", "listens": ["watch"], "speaks": ["watch", "ops"]}
    reply = ask(console(desk), "POST", f"/api/v1/calls/bravo:2/seats?line={LINE}", body)
    assert reply.status == 200
    assert (desk.asked[0]["verb"], desk.asked[0]["arguments"]) == (
        "seat",
        {"call": "bravo:2", **body} | {"listens": ("watch",), "speaks": ("watch", "ops")},
    )
    for wrong in ({"desk": "booth"}, {"kind": "interpreter"}, {**body, "kind": "phone"}, {**body, "leg": 1}):
        reply = ask(console(desk), "POST", "/api/v1/calls/bravo:2/seats", wrong)
        assert (reply.status, reply.json()["error"]) == (400, "request-wrong")


def test_calls_are_listed_as_asked(desk: FakeDesk) -> None:
    app = console(desk)
    both = ask(app, "GET", "/api/v1/calls")
    assert b'"id":"alpha:3"' in both.body
    assert b'"id":"bravo:2"' in both.body
    assert b'"id":"bravo:2"' not in ask(app, "GET", "/api/v1/calls?open=true").body
    assert ask(app, "GET", "/api/v1/calls?count=0").status == 400
    assert ask(app, "GET", "/api/v1/calls?line=nowhere").status == 404
    assert ask(app, "GET", "/api/v1/calls/alpha:99").status == 404


def test_the_gate_says_whose_it_is(desk: FakeDesk) -> None:
    reply = ask(console(desk), "POST", "/api/v1/calls/alpha:3/gate", {"open": True})
    assert (reply.status, reply.json()) == (200, {"call": "alpha:3", "leg": 7, "open": True})
    assert desk.gates == [("watch", "alpha:3", True)]
    assert desk.asked == []


@pytest.mark.parametrize(
    ("call", "asker", "status", "error"),
    [
        ("bravo:2", "watch", 409, "gate-not-possible"),
        ("alpha:3", "night", 409, "leg-missing"),
        ("alpha:9", "watch", 404, "call-unknown"),
    ],
)
def test_a_gate_that_cannot_be_says_why(desk: FakeDesk, call: str, asker: str, status: int, error: str) -> None:
    reply = ask(console(desk), "POST", f"/api/v1/calls/{call}/gate", {"open": True}, {"X-Openline-Desk": asker})
    assert (reply.status, reply.json()["error"]) == (status, error)


@pytest.mark.parametrize("body", [{}, {"open": "yes"}, {"open": True, "leg": 3}])
def test_a_gate_takes_no_leg_and_nothing_but_yes_or_no(desk: FakeDesk, body: object) -> None:
    reply = ask(console(desk), "POST", "/api/v1/calls/alpha:3/gate", body)
    assert (reply.status, reply.json()["error"]) == (400, "request-wrong")
    assert desk.gates == []


def test_an_offer_is_answered_with_the_node_s_own(desk: FakeDesk) -> None:
    reply = ask(console(desk), "POST", "/api/v1/legs", {"sdp": "v=0\r\n"})
    assert (reply.status, reply.json()) == (200, {"leg": 8, "sdp": "v=0\r\n", "fingerprint": "sha-256 01:23"})


@pytest.mark.parametrize(
    ("sdp", "status", "error"),
    [
        ("v=0" + "a" * LEG_OFFER_BYTES_MAX, 413, "leg-offer-too-large"),
        ("a=bomb:" * 4_000, 400, "leg-offer-wrong"),
        ("", 400, "request-wrong"),
    ],
)
def test_an_offer_that_is_none_is_refused_with_a_sentence(desk: FakeDesk, sdp: str, status: int, error: str) -> None:
    reply = ask(console(desk), "POST", "/api/v1/legs", {"sdp": sdp})
    assert (reply.status, reply.json()["error"]) == (status, error)
    assert str(reply.json()["text"]).endswith(".")


def test_no_leg_while_the_voice_process_does_not_run(desk: FakeDesk) -> None:
    desk.fail = BusyError("voice-not-running")
    reply = ask(console(desk), "POST", "/api/v1/legs", {"sdp": "v=0"})
    assert (reply.status, reply.json()["error"], reply.headers["retry-after"]) == (429, "voice-not-running", "1")


@pytest.mark.parametrize("leg", ["9", "x", "-1", "7777777777", "٧"])
def test_a_leg_that_is_none_of_this_position_is_not_ended(desk: FakeDesk, leg: str) -> None:
    reply = ask(console(desk), "DELETE", f"/api/v1/legs/{leg}")
    assert (reply.status, reply.json()["error"]) == (404, "leg-unknown")


def test_legs_are_listed_with_why_they_ended(desk: FakeDesk) -> None:
    reply = ask(console(desk), "GET", "/api/v1/legs")
    assert b'"reason":"leg-lost"' in reply.body


def test_the_gate_and_the_legs_need_the_capability_of_calls(desk: FakeDesk) -> None:
    may_read = console(desk, SocketAuth(lambda _role: frozenset({"read"})))
    for method, path, body in (
        ("POST", "/api/v1/legs", {"sdp": "v=0"}),
        ("POST", "/api/v1/calls/alpha:3/gate", {"open": True}),
        ("DELETE", "/api/v1/legs/7", None),
        ("POST", "/api/v1/calls", {}),
        ("POST", "/api/v1/calls/alpha:3/steps", {"step": "left"}),
    ):
        reply = ask(may_read, method, path, body)
        assert (reply.status, reply.json()["error"]) == (403, "not-allowed"), path
    assert ask(may_read, "GET", "/api/v1/calls").status == 200
    assert desk.gates == []
    assert desk.asked == []


def test_what_changes_a_call_without_a_verb_says_what_it_needs() -> None:
    needing = {(route.method, route.path) for route in TELEPHONE_ROUTES if route.needs == "call"}
    assert needing == {
        ("POST", "/api/v1/calls/{call}/gate"),
        ("POST", "/api/v1/legs"),
        ("DELETE", "/api/v1/legs/{leg}"),
    }

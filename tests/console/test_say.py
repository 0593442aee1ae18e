"""Putting something on the record over HTTP: every verb has its address, and a key never records twice."""

from __future__ import annotations

import pytest

from openline.base.errors import BusyError, StoreError
from openline.console.say import is_about_an_entry, say_routes
from openline.line.standard import standard
from tests.console.caller import ask, console
from tests.console.desk import LINE, VERBS, FakeDesk


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


def test_a_message_is_recorded_with_the_desk_that_asks(desk: FakeDesk) -> None:
    target = "/api/v1/messages?wait=received&timeout=5&mark=EXERCISE"
    reply = ask(console(desk), "POST", target, {"text": "Good evening"}, {"X-Openline-Desk": "night%20watch"})
    assert reply.status == 200
    assert reply.json()["ids"] == ["alpha:1"]
    assert desk.asked == [
        {
            "desk": "night watch",
            "verb": "send",
            "arguments": {"text": "Good evening"},
            "mark": "EXERCISE",
            "wait": "received",
        }
    ]


def test_the_same_key_records_once(desk: FakeDesk) -> None:
    app = console(desk)
    first, second = (
        ask(app, "POST", "/api/v1/messages", {"text": "one"}, {"Idempotency-Key": "k-1"}).json() for _ in range(2)
    )
    assert len(desk.asked) == 1
    assert (first["ids"], first["repeated"], second["repeated"]) == (second["ids"], False, True)


def test_a_stage_that_is_not_reached_is_an_answer_and_no_error(desk: FakeDesk) -> None:
    desk.reached = False
    reply = ask(console(desk), "POST", "/api/v1/messages?wait=accepted&timeout=0", {"text": "one"})
    assert (reply.status, reply.json()["reached"], reply.json()["stage"]) == (200, False, "recorded")


def test_a_batch_is_answered_in_its_order(desk: FakeDesk) -> None:
    reply = ask(console(desk), "POST", "/api/v1/messages/batch", {"messages": [{"text": "one"}, {"text": "two"}]})
    assert reply.status == 200
    assert [row["arguments"] for row in desk.asked] == [{"text": "one"}, {"text": "two"}]


@pytest.mark.parametrize("messages", [[], [{"text": "x"}] * 1001], ids=["none", "too many"])
def test_a_batch_has_limits(desk: FakeDesk, messages: list[object]) -> None:
    reply = ask(console(desk), "POST", "/api/v1/messages/batch", {"messages": messages})
    assert (reply.status, reply.json()["error"]) == (400, "request-wrong")
    assert not desk.asked


def test_a_verb_about_an_entry_gets_the_entry_from_its_address(desk: FakeDesk) -> None:
    reply = ask(console(desk), "POST", "/api/v1/entries/bravo:14/pass", {"to": "ops"})
    assert reply.status == 200
    assert desk.asked[0]["arguments"] == {"entry": "bravo:14", "to": "ops"}


def test_an_entry_named_twice_is_refused(desk: FakeDesk) -> None:
    reply = ask(console(desk), "POST", "/api/v1/entries/bravo:14/ack", {"entry": "bravo:15"})
    assert (reply.status, reply.json()["error"]) == (400, "request-wrong")


def test_every_verb_about_an_entry_has_an_address_and_no_other_has() -> None:
    routed = {route.path.rpartition("/")[2] for route in say_routes(VERBS) if "/entries/" in route.path}
    assert routed == {
        *("read", "ack", "pass", "reply", "withdraw", "correct", "translate"),
        *("state", "publish", "answer-request", "answer-demand", "answer-allegation", "take-over"),
        *("answer-charter", "denounce-charter", "withdraw-charter"),
        *("answer-stop", "tap", "sign", "respond", "read-back", "confirm", "reissue", "lift-hold"),
        *("assent", "refuse-membership"),
    }
    assert routed == {verb.name for verb in standard().verbs if is_about_an_entry(verb)}


def test_any_verb_can_be_said_on_a_line(desk: FakeDesk) -> None:
    body = {"verb": "declare", "arguments": {"status": "degraded", "reason": "rain"}}
    assert ask(console(desk), "POST", f"/api/v1/lines/{LINE}/say", body).status == 200
    assert desk.asked[0]["verb"] == "declare"


def test_a_verb_nobody_knows_is_refused(desk: FakeDesk) -> None:
    body = {"verb": "fire", "arguments": {}}
    reply = ask(console(desk), "POST", f"/api/v1/lines/{LINE}/say", body)
    assert (reply.status, reply.json()["error"]) == (404, "verb-unknown")


def test_a_test_of_the_line_is_a_verb_without_arguments(desk: FakeDesk) -> None:
    assert ask(console(desk), "POST", "/api/v1/tests?wait=answered").status == 200
    assert (desk.asked[0]["verb"], desk.asked[0]["wait"]) == ("test", "answered")


def test_what_was_not_asked_is_noted_with_its_reason(desk: FakeDesk) -> None:
    headers = {"X-Openline-Unasked": "drill%20of%20the%20night"}
    ask(console(desk), "POST", "/api/v1/messages", {"text": "one"}, headers)
    assert desk.notes == [("watch", "send", "drill of the night")]


@pytest.mark.parametrize(
    ("failure", "status", "header"),
    [
        (BusyError("credit-used", precedence="ROUTINE"), 429, "retry-after"),
        (StoreError("store-failed"), 503, None),
    ],
)
def test_a_failure_of_the_desk_has_its_own_status(
    desk: FakeDesk, failure: BusyError | StoreError, status: int, header: str | None
) -> None:
    desk.fail = failure
    reply = ask(console(desk), "POST", "/api/v1/messages", {"text": "one"})
    assert (reply.status, reply.json()["error"]) == (status, failure.message_id)
    assert header is None or header in reply.headers

"""The telephone on the command line: every step is one verb, and what the other side wrote moves no cursor."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from openline.node.views import CallSeatView, InterpreterView
from tests.cli.conftest import FakeNode, Run
from tests.console.desk import LINE, call_view


def asked(node: FakeNode) -> list[tuple[object, object, object]]:
    return [(row["verb"], row["arguments"], row["mark"]) for row in node.desk.asked]


def test_ringing_names_roles_and_what_it_is_about(node: FakeNode, at_node: Run) -> None:
    ran = at_node("call", "ring", LINE, "--role", "ops", "--role", "interpreter", "--subject", "the convoy")
    assert ran.code == 0
    assert asked(node) == [("ring", {"action": ["ops", "interpreter"], "subject": "the convoy"}, "OPERATION")]


def test_the_line_may_be_left_out_and_the_roles_too(node: FakeNode, at_node: Run) -> None:
    assert at_node("call", "ring", "--mark", "exercise").code == 0
    assert asked(node) == [("ring", {}, "EXERCISE")]


def test_a_line_check_rings_the_position_that_answers_it(node: FakeNode, at_node: Run) -> None:
    assert at_node("call", "check", LINE, "--wait", "received").code == 0
    assert asked(node) == [("ring", {"action": ["line-check"]}, "OPERATION")]
    assert node.desk.asked[0]["wait"] == "received"


@pytest.mark.parametrize(
    ("word", "step"),
    [
        ("answer", "answered"),
        ("decline", "declined"),
        ("hold", "held"),
        ("resume", "resumed"),
        ("leave", "left"),
    ],
)
def test_each_step_is_said_about_its_call(node: FakeNode, at_node: Run, word: str, step: str) -> None:
    ran = at_node("call", word, f"{LINE}/bravo:2", "--reason", "why", "--key", "k", "--desk", "night")
    assert ran.code == 0
    assert asked(node) == [("call", {"call": "bravo:2", "step": step, "reason": "why"}, "OPERATION")]
    assert node.desk.asked[0]["desk"] == "night"
    assert at_node("call", word, "nonsense").code == 2
    assert len(node.desk.asked) == 1


def test_an_interpreter_s_seat_names_its_desk_and_the_lists(node: FakeNode, at_node: Run) -> None:
    words = ("call", "interpreter", f"{LINE}/bravo:2", "--desk", "booth")
    assert at_node(*words, "--listens", "watch", "--speaks", "watch", "--speaks", "ops").code == 0
    assert at_node(*words, "--end", "--key", "k").code == 0
    given = {
        "call": "bravo:2",
        "desk": "booth",
        "kind": "interpreter",
        "listens": ("watch",),
        "speaks": ("watch", "ops"),
    }
    ended = {**given, "kind": "position", "listens": (), "speaks": ()}
    assert asked(node) == [("seat", row, "OPERATION") for row in (given, ended)]
    assert {row["desk"] for row in node.desk.asked} == {"watch"}, "whoever gives it, and not whoever has it"


def test_a_phone_on_hold_an_interpreter_and_a_stopped_recording_are_shown(
    node: FakeNode, at_node: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = call_view("alpha:3", "up")
    parts = (
        replace(view.parts[0], interpreters=(InterpreterView("booth", ("watch",), ("watch", "ops")),)),
        view.parts[1],
    )
    seats = (CallSeatView("night", 4, "phone", False, held=True),)
    why = "The disk for recordings cannot be written."
    shown = replace(view, parts=parts, seats=seats, recording="stopped", recording_text=why)
    monkeypatch.setattr(node.desk, "call", lambda *_: shown)
    rows = {row[0]: row[1:] for row in at_node("call", "show", "alpha:3").rows()}
    assert rows["seat"] == ["night", "phone", "on hold"]
    assert rows["interpreter"] == ["alpha.example", "booth", "watch", "watch, ops"]
    assert rows["recording"] == ["stopped", why]


def test_calls_are_listed_newest_first_and_their_subjects_made_visible(at_node: Run) -> None:
    ran = at_node("call", "list")
    assert [row[:2] for row in ran.rows()] == [["alpha:3", "up"], ["bravo:2", "ended"]]
    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out
    assert [row[0] for row in at_node("call", "list", "--open").rows()] == ["alpha:3"]
    assert [row[0] for row in at_node("call", "list", "--count", "1").rows()] == ["alpha:3"]


def test_one_call_shows_who_takes_part_and_how_sound_goes(at_node: Run) -> None:
    rows = at_node("call", "show", "alpha:3").rows()
    assert [row[0] for row in rows] == ["call", "part", "part", "sound", "seat"]
    assert rows[1][1:5] == ["alpha.example", "in", "watch", "watch"]
    assert rows[2][5] == "ops"
    assert rows[3][1:] == ["bravo.example", "fibre", "udp", "12.5 ms", "0.0 %", "0.3 %"]
    assert rows[4][1:] == ["watch", "browser", "open"]


def test_a_call_that_is_none_is_a_mistake_of_the_caller(at_node: Run) -> None:
    ran = at_node("call", "show", "alpha:4")
    assert (ran.code, ran.out) == (2, "")
    assert "alpha:4 is no call" in ran.err


def test_with_a_day_it_shows_the_contact_of_that_day_wherever_it_was_held(at_node: Run) -> None:
    assert at_node("call", "show", "2022-05-13").out == at_node("contact", "show", "2022-05-13").out
    assert at_node("call", "show", "2022-05-13", "--json").json()["schema"] == "openline.contact.show/1"
    assert at_node("call", "show", "1999-01-01").code == at_node("contact", "show", "1999-01-01").code != 0

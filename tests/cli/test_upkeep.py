"""Commands that man a line and keep it up."""

from __future__ import annotations

import pytest

from tests.cli.conftest import FakeNode, Run
from tests.console.desk import LINE


def test_the_watch_is_taken_and_left_by_the_desk_that_says_so(node: FakeNode, at_node: Run) -> None:
    ran = at_node("watch", "on")
    assert (ran.code, ran.rows(), ran.err) == (0, [["watch", "on"]], "")
    assert at_node("--desk", "night", "watch", "on", "--json").json() == {
        "schema": "openline.watch.on/1",
        "desk": "night",
        "on": True,
    }
    assert node.desk.on_watch == ["watch", "night"]
    assert at_node("watch", "off").rows() == [["watch", "off"]]
    assert at_node("watch", "off").code == 0, "who is not on watch may say so as well"
    assert node.desk.on_watch == ["night"]
    assert not node.desk.asked, "nothing of it is on the record"


def test_the_watch_is_on_or_off_and_nothing_else(node: FakeNode, at_node: Run) -> None:
    assert at_node("watch").code == at_node("watch", "maybe").code == at_node("watch", "on", "off").code == 2
    assert not node.desk.on_watch


def test_nobody_is_on_watch_at_a_node_that_does_not_run(run: Run) -> None:
    assert (run("watch", "on").code, run("watch", "off").code) == (9, 9)


def test_the_watch_has_its_examples(run: Run) -> None:
    assert "openline watch on\n" in run("watch", "on", "--help").out


def test_a_declaration_has_its_reason(node: FakeNode, at_node: Run) -> None:
    assert at_node("declare", LINE, "degraded", "--reason", "rain").code == 0
    assert node.desk.asked[0]["arguments"] == {"status": "degraded", "reason": "rain"}


def test_a_suspension_says_its_effect_and_wants_the_line_s_name(
    node: FakeNode, at_node: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openline.cli.asking.sees_a_person", lambda: True)
    refused = at_node("declare", LINE, "suspended", "--reason", "move", typed="\n")
    assert (refused.code, node.desk.asked) == (2, [])
    assert "Only FLASH, tests and service messages pass" in refused.err
    assert at_node("declare", LINE, "suspended", "--reason", "move", typed=f"{LINE}\n").code == 0


def test_a_state_nobody_knows_is_refused(node: FakeNode, at_node: Run) -> None:
    assert at_node("declare", LINE, "closed").code == 2
    assert not node.desk.asked


def test_the_operators_have_a_channel_of_their_own(node: FakeNode, at_node: Run) -> None:
    assert at_node("service", LINE, "--lang", "fr", typed="Voyez-vous des pertes ?").code == 0
    assert node.desk.asked[0]["arguments"] == {"text": "Voyez-vous des pertes ?", "language": "fr"}


def test_a_test_waits_for_its_answer(node: FakeNode, at_node: Run) -> None:
    ran = at_node("test", "now")
    assert (ran.code, node.desk.asked[0]["wait"]) == (0, "answered")
    assert ran.err.startswith("Reached after ")


def test_a_test_without_an_answer_is_exit_code_4(node: FakeNode, at_node: Run) -> None:
    node.desk.reached = False
    assert at_node("test", "now", LINE, "--timeout", "0").code == 4

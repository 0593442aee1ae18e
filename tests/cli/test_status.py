"""`status` and `lines`: what stands, worst first, with an exit code that a script can trust."""

from __future__ import annotations

from typing import cast

import pytest

from openline.cli.context import App
from openline.cli.output import Cell
from openline.cli.settings import Settings
from openline.cli.status import fetch, tables, without_data
from openline.node.views import LineCallView
from tests.cli.conftest import FakeNode, Run
from tests.console.desk import LINE


def test_a_proven_line_is_one_row_and_exit_code_0(at_node: Run) -> None:
    ran = at_node("status")
    assert (ran.code, ran.err) == (0, "")
    assert ran.rows() == [
        [LINE, "PROVEN", "2026-11-21T22:31:04.123Z", "2026-11-21T23:31:04.123Z", "1", "0", "fibre"],
    ]


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("PROVEN", 0),
        ("ONE_PATH_LEFT", 0),
        ("LATE", 3),
        ("DOWN", 3),
        ("SUSPENDED", 3),
        ("FORKED", 3),
        ("NEVER_HEARD", 3),
    ],
)
def test_a_line_that_is_not_proven_is_exit_code_3(node: FakeNode, at_node: Run, state: str, code: int) -> None:
    node.desk.state = state
    assert at_node("status").code == code
    assert at_node("lines", "show", LINE).code == code


def test_a_problem_of_the_node_is_said_first_and_is_exit_code_1(node: FakeNode, at_node: Run) -> None:
    node.desk.problems = ("The clock of bravo differs by 40 s.",)
    ran = at_node("status")
    assert (ran.code, ran.err) == (1, "The clock of bravo differs by 40 s.\n")


def test_a_node_that_does_not_run_is_exit_code_9(run: Run) -> None:
    ran = run("status")
    assert (ran.code, ran.out) == (9, "")
    assert "node-unreachable" in ran.err or "node" in ran.err


def test_a_line_that_is_not_ours_is_exit_code_2(at_node: Run) -> None:
    assert at_node("status", "nowhere").code == 2


def test_one_line_shows_its_paths_logs_people_and_alarms(node: FakeNode, at_node: Run) -> None:
    node.desk.state = "DOWN"
    kinds = [row[0] for row in at_node("lines", "show", LINE).rows()]
    assert kinds == ["line", "path", "log", "log", "party", "alarm"]


def test_why_a_path_is_down_is_a_sentence_and_for_a_program_its_id_as_well(node: FakeNode, at_node: Run) -> None:
    node.desk.state = "DOWN"
    told = [at_node("lines", "show", LINE, *more).rows()[1] for more in ((), ("--lang", "fr"))]
    assert [row[0] for row in told] == ["path", "path"]
    assert told[0][-1].startswith("Nobody answers at 127.0.0.1:7443 (path fibre): the machine is up")
    assert told[1][-1].startswith("Personne ne répond à 127.0.0.1:7443 (voie fibre)")
    (path,) = cast("list[dict[str, object]]", at_node("lines", "show", LINE, "--json").json()["paths"])
    assert (path["reason"], path["text"]) == ("path-refused", told[0][-1])


def test_without_a_word_from_the_node_nothing_is_known(at_node: Run) -> None:
    silent = without_data(at_node("status", "--json").json())
    line = silent["lines"][0]  # type: ignore[index]  # a list of lines
    assert (line["state"], line["alarms"], line["presence"]) == ("NO_DATA", [], {})
    assert line["paths"][0]["state"] == "NO_DATA"


def test_a_line_shows_the_calls_that_are_under_way(node: FakeNode, at_node: Run) -> None:
    node.desk.under_way = (LineCallView("bravo:2", "ringing-in", "EXERCISE", ("bravo.example",)),)
    rows = [row for row in at_node("lines", "show", LINE).rows() if row[0] == "call"]
    assert rows == [["call", "bravo:2", "ringing in", "EXERCISE", "bravo.example"]]
    assert len(at_node("status").rows()) == 1


def test_a_charter_that_waits_for_our_answer_is_shown_to_a_person(node: FakeNode, at_node: Run) -> None:
    node.desk.charters_waiting = ("bravo:14",)
    assert [row for row in at_node("lines", "show", LINE).rows() if row[0] == "charter"] == [
        ["charter", "bravo:14", "waits for our answer"]
    ]
    app = App(Settings(folder=str(node.folder)), "status")
    app.output.is_terminal = True
    try:
        found = {table.columns[0]: table.rows for table in tables(app, fetch(app, None))}
        assert found["charter that waits for our answer"] == [[f"{LINE}/bravo:14"]]
    finally:
        app.close()


def test_a_person_sees_calls_and_a_voice_process_that_does_not_run(node: FakeNode) -> None:
    app = App(Settings(folder=str(node.folder)), "status")
    app.output.is_terminal = True

    def columns() -> list[tuple[str, ...]]:
        return [table.columns for table in tables(app, fetch(app, None))]

    try:
        assert columns() == [("line", "state", "proven", "next test", "open", "owed", "path")]
        node.desk.under_way = (LineCallView("alpha:3", "up", "OPERATION", ("bravo.example",)),)
        node.desk.voice = "starting"
        assert columns()[1:] == [("on line", "call", "state", "mark", "with"), ("voice",)]
        calls, voice = list(tables(app, fetch(app, None)))[1:]
        assert calls.rows == [[LINE, "alpha:3", Cell("up", "ok"), "", "bravo.example"]]
        assert voice.rows == [[Cell("The process that carries sound is starting. Use text until then.", "u2")]]
    finally:
        app.close()

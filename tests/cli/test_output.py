"""What is printed: nothing of it can act on a terminal, and a pipe gets stable fields."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import UsageError
from openline.base.text import is_hidden
from openline.cli.exits import Exit, Refusal
from openline.cli.output import Cell, Output, Table, sentence_of, to_json
from openline.cli.settings import Settings
from tests.cli.conftest import Run
from tests.console.desk import HOSTILE


@given(st.text())
def test_json_keeps_every_character_and_shows_none_that_acts(text: str) -> None:
    written = to_json({"text": text})
    assert json.loads(written) == {"text": text}
    assert not any(is_hidden(character) for character in written)
    assert "\n" not in written


def test_a_hostile_text_is_visible_in_every_form(at_node: Run) -> None:
    for words in (["inbox"], ["read", "bravo:14"], ["record", "show", "bravo:14"]):
        for more in ([], ["--plain"], ["--json"]):
            ran = at_node(*words, *more)
            assert ran.code == 0
            assert not any(is_hidden(character) for character in ran.out), (words, more)
    assert "<U+001B>[31m once<U+202E> reversed<U+0007>" in at_node("read", "bravo:14").out
    assert at_node("read", "bravo:14", "--json").json()["entry"]["text"] == HOSTILE  # type: ignore[index]  # an entry


def test_fields_of_a_pipe_never_break_the_row(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(Settings(), "inbox")
    output.result({}, [Table(("a", "b"), [["one\ttwo", Cell("three\nfour \\", theirs=True)]], kind="row")])
    assert capsys.readouterr().out == "row\tone\\ttwo\tthree\\nfour \\\\\n"


def test_with_json_there_is_one_object_and_no_table(capsys: pytest.CaptureFixture[str]) -> None:
    Output(Settings(as_json=True), "lines.list").result({"lines": []}, [Table(("a",), [["x"]])])
    assert json.loads(capsys.readouterr().out) == {"schema": "openline.lines.list/1", "lines": []}


def test_quiet_says_only_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(Settings(quiet=True), "send")
    output.note("Answer by 2300Z.")
    output.out("alpha:1")
    assert capsys.readouterr() == ("alpha:1\n", "")


def test_an_error_is_said_on_standard_error_with_its_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    code = Output(Settings(), "send").failed(UsageError("text-empty"))
    assert code is Exit.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("openline: ")


def test_the_node_s_own_sentence_is_shown() -> None:
    refusal = Refusal("line-suspended", "The line is suspended.", 409, {})
    assert sentence_of(refusal, "fr") == "The line is suspended."


def test_a_terminal_that_lacks_a_letter_gets_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", stream)
    Output(Settings(), "read").out("вахта")
    stream.flush()
    assert stream.buffer.getvalue() == b"\\u0432\\u0430\\u0445\\u0442\\u0430\n"

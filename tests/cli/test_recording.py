"""Recordings on the command line: consent, what there is, whether it holds, and files to play."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from openline.base.errors import StoreError
from tests.cli.conftest import FakeNode, Run

CALL = "alpha:3"


@pytest.mark.parametrize(("name", "step"), [("agree", "recording-agreed"), ("withdraw", "recording-withdrawn")])
def test_consent_is_said_for_one_call(node: FakeNode, at_node: Run, name: str, step: str) -> None:
    assert at_node("recording", name, CALL, "--reason", "for the minutes").code == 0
    assert node.desk.asked[-1]["verb"] == "call"
    assert node.desk.asked[-1]["arguments"] == {"call": CALL, "step": step, "reason": "for the minutes"}


def test_recorded_calls_are_rows(at_node: Run) -> None:
    row = at_node("recording", "list").rows()[0]
    assert [row[0], *row[3:]] == [CALL, "now", "2", "1100", "1097", "0", "3"]


def test_the_streams_of_a_call_are_rows(at_node: Run) -> None:
    assert at_node("recording", "show", CALL).rows() == [
        ["1", "alpha.example", "2", "800", "bravo.example 800", "matches 2", "2"],
        ["2", "bravo.example", "1", "300", "alpha.example 297", "subset 1", "1"],
    ]


@pytest.mark.parametrize(("verdict", "code"), [("VERIFIED", 0), ("FALSE", 6), ("INCOMPLETE", 7)])
def test_the_check_of_a_recording_ends_in_its_verdict(node: FakeNode, at_node: Run, verdict: str, code: int) -> None:
    node.desk.verdict = verdict
    ran = at_node("recording", "verify", CALL)
    assert ran.code == code
    assert ran.out.startswith(f"{verdict}: ")
    if code:
        assert f"{verdict}.frames" in ran.rows()[1][0]


def test_a_check_that_fails_on_the_way_says_why(node: FakeNode, at_node: Run) -> None:
    node.desk.fail = StoreError("store-corrupt", file="record.db")
    assert at_node("recording", "verify", CALL).code == 1


def test_an_export_is_one_file_for_each_stream(at_node: Run, tmp_path: Path) -> None:
    ran = at_node("recording", "export", CALL, "--out", str(tmp_path / "call.ogg"), "--json")
    files = cast("list[dict[str, object]]", ran.json()["files"])
    assert [Path(str(row["file"])).name for row in files] == ["call-1.ogg", "call-2.ogg"]
    assert (tmp_path / "call-2.ogg").read_bytes() == b"OggS of stream 2"


def test_one_stream_goes_to_the_file_that_was_named(at_node: Run, tmp_path: Path) -> None:
    ran = at_node("recording", "export", CALL, "--out", str(tmp_path / "call.ogg"), "--stream", "2")
    assert ran.rows() == [["2", str(tmp_path / "call.ogg"), "16"]]
    assert (tmp_path / "call.ogg").read_bytes() == b"OggS of stream 2"


def test_an_export_never_replaces_a_file_and_leaves_none_when_it_breaks_off(
    node: FakeNode, at_node: Run, tmp_path: Path
) -> None:
    file = tmp_path / "call-1.ogg"
    file.write_text("precious")
    assert at_node("recording", "export", CALL, "--out", str(tmp_path / "call.ogg")).code == 2
    assert file.read_text() == "precious"
    node.desk.breaks = True
    assert at_node("recording", "export", CALL, "--out", str(tmp_path / "b.ogg"), "--stream", "1").code == 9
    assert list(tmp_path.glob("b.ogg*")) == []


@pytest.mark.parametrize("words", [("export", CALL, "--stream", "x"), ("export", CALL, "--stream", "9"), ("show", "x")])
def test_what_is_not_there_is_refused(at_node: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    out = ("--out", str(tmp_path / "c.ogg")) if words[0] == "export" else ()
    assert at_node("recording", *words, *out).code == 2


def test_a_call_that_is_none_has_no_recording(at_node: Run) -> None:
    assert at_node("recording", "verify", "alpha:4").code == 2

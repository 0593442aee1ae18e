"""The record on the command line: shown, checked, exported, followed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openline.base.errors import StoreError
from tests.cli.conftest import FakeNode, Run
from tests.console.desk import LINE


def test_a_line_s_entries_are_rows(at_node: Run) -> None:
    rows = at_node("record", "show", LINE, "--count", "3").rows()
    assert [row[0] for row in rows] == ["bravo:14", "bravo:13", "bravo:12"]


def test_the_record_of_a_line_is_shown_page_by_page(at_node: Run) -> None:
    first = at_node("record", "show", LINE, "--count", "10")
    assert "Add --before 5 to see them." in first.err
    last = at_node("record", "show", LINE, "--count", "10", "--before", "5")
    assert [row[0] for row in first.rows() + last.rows()] == [f"bravo:{index}" for index in range(14, 0, -1)]
    assert last.err == ""


def test_raw_leaves_are_for_who_checks_without_us(at_node: Run) -> None:
    rows = at_node("record", "show", LINE, "--raw", "bravo.example", "--start", "1").rows()
    assert [row[0] for row in rows] == ["1", "2"]
    assert rows[0][3] == "00" * 32


@pytest.mark.parametrize(("verdict", "code"), [("VERIFIED", 0), ("FALSE", 6), ("INCOMPLETE", 7)])
def test_the_check_of_our_record_ends_in_its_verdict(node: FakeNode, at_node: Run, verdict: str, code: int) -> None:
    node.desk.verdict = verdict
    ran = at_node("record", "verify")
    assert ran.code == code
    assert ran.out.startswith(f"{verdict}: ")


def test_a_check_that_fails_on_the_way_says_why(node: FakeNode, at_node: Run) -> None:
    node.desk.fail = StoreError("store-corrupt", file="record.db")
    ran = at_node("record", "verify", "--json")
    assert (ran.code, ran.out) == (1, "")
    assert json.loads(ran.err.splitlines()[-1])["error"] == "store-corrupt"


def test_an_export_is_a_whole_file_or_none(node: FakeNode, at_node: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.olx"
    ran = at_node("record", "export", LINE, "-o", str(file))
    assert (ran.code, file.read_bytes()) == (0, b"PK\x03\x04bundle of alpha-bravo")
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_an_export_never_replaces_a_file(at_node: Run, tmp_path: Path) -> None:
    (tmp_path / "a.olx").write_text("precious")
    assert at_node("record", "export", "-o", str(tmp_path / "a.olx")).code == 2
    assert (tmp_path / "a.olx").read_text() == "precious"


def test_an_export_that_breaks_off_leaves_nothing(node: FakeNode, at_node: Run, tmp_path: Path) -> None:
    node.desk.breaks = True
    ran = at_node("record", "export", "-o", str(tmp_path / "a.olx"))
    assert ran.code == 9
    assert list(tmp_path.glob("a.olx*")) == []


def test_following_shows_every_event_and_no_beat(at_node: Run) -> None:
    rows = at_node("record", "follow", "--once", "--after", "3").rows()
    assert [row[0] for row in rows] == ["4", "5"]


def test_following_as_json_is_one_object_a_line(at_node: Run) -> None:
    lines = at_node("record", "follow", "--once", "--after", "3", "--json").out.splitlines()
    assert [json.loads(line)["seq"] for line in lines] == [4, 5]


def test_an_arrival_number_is_a_number(at_node: Run) -> None:
    assert at_node("record", "follow", "--after", "soon").code == 2


def test_without_a_line_s_name_the_only_one_is_meant(node: FakeNode, at_node: Run) -> None:
    assert at_node("record", "verify", "--json").json()["line"] == LINE

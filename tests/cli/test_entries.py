"""Commands about entries: looking, and what is stated about them."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from openline.base.errors import UsageError
from openline.line.view import AttachmentView
from tests.cli.conftest import FakeNode, Run


def test_the_inbox_records_nothing(node: FakeNode, at_node: Run) -> None:
    ran = at_node("inbox", "--open", "--count", "2")
    assert [row[0] for row in ran.rows()] == ["bravo:14", "bravo:13"]
    assert not node.desk.asked


def test_the_inbox_is_read_page_by_page(at_node: Run) -> None:
    seen: list[str] = []
    before: list[str] = []
    pages = 0
    while pages == 0 or before:
        ran = at_node("inbox", "--count", "6", *before)
        seen += [row[0] for row in ran.rows()]
        before = ["--before", ran.err.split("--before ")[1].split()[0]] if ran.err else []
        pages += 1
    assert (pages, seen) == (3, [f"bravo:{index}" for index in range(14, 0, -1)])


def test_a_program_finds_the_next_page_in_the_result_and_no_remark_beside_it(at_node: Run) -> None:
    ran = at_node("inbox", "--count", "6", "--json")
    assert (ran.json()["next_before"], ran.err) == (9, "")
    assert at_node("inbox", "--count", "6", "--quiet").err == ""


def test_reading_shows_the_text_and_states_that_it_was_displayed(node: FakeNode, at_node: Run) -> None:
    ran = at_node("read", "bravo:1", "--by", "Aune")
    assert ran.out.endswith("\n\nGood evening\n")
    assert node.desk.asked[0]["arguments"] == {"entry": "bravo:1", "by": "Aune"}


def test_reading_can_be_silent(node: FakeNode, at_node: Run) -> None:
    assert at_node("read", "bravo:1", "--no-receipt").code == 0
    assert not node.desk.asked


def test_reading_our_own_entry_states_nothing(node: FakeNode, at_node: Run) -> None:
    node.desk.fail = UsageError("receipt-of-own-entry", entry="alpha:1")
    ran = at_node("read", "bravo:1", "--json")
    assert (ran.code, ran.json()["receipt"]) == (0, None)


def test_attachments_are_saved_and_nothing_is_replaced(
    node: FakeNode, at_node: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = b"attachment" * 100_000
    digest = sha256(data).hexdigest()
    node.desk.blobs[digest] = data
    node.desk.attached = (AttachmentView(len(data), digest),)
    assert at_node("read", "bravo:14", "--save", str(tmp_path / "in")).code == 0
    assert (tmp_path / "in" / "bravo-14-1").read_bytes() == data
    again = at_node("read", "bravo:14", "--save", str(tmp_path / "in"))
    assert again.code == 2


def test_accepting_and_passing_on_are_different_facts(node: FakeNode, at_node: Run) -> None:
    assert at_node("ack", "bravo:14", "--reason", "we have it", "--by", "Aune").code == 0
    assert at_node("pass", "bravo:14", "--to", "ops").code == 0
    assert [(row["verb"], row["arguments"]) for row in node.desk.asked] == [
        ("ack", {"entry": "bravo:14", "note": "we have it", "by": "Aune"}),
        ("pass", {"entry": "bravo:14", "to": "ops", "note": "", "by": ""}),
    ]


def test_passing_on_needs_a_role(node: FakeNode, at_node: Run) -> None:
    assert at_node("pass", "bravo:14").code == 2
    assert not node.desk.asked


def test_withdrawing_says_its_effect_and_wants_the_entry_s_name(
    node: FakeNode, at_node: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openline.cli.asking.sees_a_person", lambda: True)
    refused = at_node("withdraw", "alpha:7", "--reason", "wrong line", typed="no\n")
    assert (refused.code, node.desk.asked) == (2, [])
    assert "cannot be undone" in refused.err
    assert at_node("withdraw", "alpha:7", "--reason", "wrong line", typed="alpha:7\n").code == 0
    assert node.desk.asked[0]["arguments"] == {"entry": "alpha:7", "reason": "wrong line"}


def test_withdrawing_unasked_needs_a_reason(node: FakeNode, at_node: Run) -> None:
    assert at_node("withdraw", "alpha:7", "--yes").code == 2
    assert at_node("withdraw", "alpha:7", "--yes", "--reason", "wrong line").code == 0
    assert node.desk.notes == [("watch", "withdraw", "wrong line")]

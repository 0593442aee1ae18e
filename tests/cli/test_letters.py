"""Commands that carry a text: what is sent, what is repeated first, and what nobody sends by mistake."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from openline.base.time import from_rfc3339
from tests.cli.conftest import FakeNode, Run
from tests.console.desk import LINE


def _asked(node: FakeNode) -> Mapping[str, object]:
    assert len(node.desk.asked) == 1
    return node.desk.asked[0]


def _arguments(node: FakeNode) -> dict[str, object]:
    arguments = _asked(node)["arguments"]
    assert isinstance(arguments, dict)
    return arguments


def test_words_become_a_message(node: FakeNode, at_node: Run) -> None:
    ran = at_node("send", LINE, "Good", "evening")
    assert (ran.code, ran.rows()) == (0, [["alpha:1", "recorded", "new"]])
    assert _arguments(node) == {"text": "Good evening", "precedence": "routine"}


@pytest.mark.parametrize("words", [[], ["-"]])
def test_without_words_standard_input_is_the_message(node: FakeNode, at_node: Run, words: list[str]) -> None:
    assert at_node("send", LINE, *words, typed="Bonsoir\nà tous\n").code == 0
    assert _arguments(node)["text"] == "Bonsoir\nà tous"


def test_every_option_of_a_letter_reaches_the_node(node: FakeNode, at_node: Run) -> None:
    options = ["-p", "priority", "--lang", "ru", "--action", "ops", "--action", "air", "--info", "legal"]
    more = ["--subject", "Convoy", "--ref", "bravo:14", "--mark", "exercise", "--wait", "received", "--key", "k1"]
    assert at_node("send", LINE, "текст", *options, *more).code == 0
    assert (_asked(node)["mark"], _asked(node)["wait"]) == ("EXERCISE", "received")
    assert _arguments(node) == {
        "text": "текст",
        "precedence": "priority",
        "language": "ru",
        "action": ["ops", "air"],
        "info": ["legal"],
        "subject": "Convoy",
        "refs": ["bravo:14"],
    }
    assert list(node.desk.keys) == ["k1"]


def test_a_time_to_answer_by_is_repeated_in_full(node: FakeNode, at_node: Run) -> None:
    ran = at_node("send", LINE, "text", "--answer-by", "+30m")
    assert ran.err.startswith("Answer by ")
    assert ran.err.endswith(", in 30 min.\n")
    assert from_rfc3339(str(_arguments(node)["reply_by"]))


def test_what_is_not_reached_in_time_is_exit_code_4_and_stays_queued(node: FakeNode, at_node: Run) -> None:
    node.desk.reached = False
    ran = at_node("send", LINE, "text", "--wait", "accepted", "--timeout", "0")
    assert ran.code == 4
    assert "stays queued" in ran.err


def test_a_flash_says_its_effect_and_wants_the_line_s_name(
    node: FakeNode, at_node: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openline.cli.asking.sees_a_person", lambda: True)
    wrong = at_node("send", LINE, "-p", "flash", "Hold fire", typed="yes\n")
    assert (wrong.code, node.desk.asked) == (2, [])
    assert "rings at every position" in wrong.err
    assert at_node("send", LINE, "-p", "flash", "Hold fire", typed=f"{LINE}\n").code == 0
    assert _arguments(node)["precedence"] == "flash"


def test_where_nobody_can_be_asked_a_flash_is_not_sent(node: FakeNode, at_node: Run) -> None:
    for more in ([], ["--yes"], ["--yes", "--reason", " "]):
        assert at_node("send", LINE, "-p", "flash", "Hold fire", *more).code == 2
    assert not node.desk.asked


def test_a_reason_stands_for_the_answer_and_the_node_logs_it(node: FakeNode, at_node: Run) -> None:
    assert at_node("send", LINE, "-p", "flash", "Hold fire", "--yes", "--reason", "exercice d'été").code == 0
    assert node.desk.notes == [("watch", "send", "exercice d'été")]


@pytest.mark.parametrize("precedence", ["flash", "immediate"])
def test_a_long_urgent_text_is_refused_before_anybody_is_asked(node: FakeNode, at_node: Run, precedence: str) -> None:
    ran = at_node("send", LINE, "-p", precedence, "word " * 201, "--json")
    assert (ran.code, json.loads(ran.err)["error"]) == (2, "message-too-many-words")
    assert not node.desk.asked


def test_a_file_goes_along(node: FakeNode, at_node: Run, tmp_path: Path) -> None:
    data = bytes(range(256)) * 3000
    (tmp_path / "route.bin").write_bytes(data)
    assert at_node("send", LINE, "text", "--file", str(tmp_path / "route.bin")).code == 0
    digest = sha256(data).hexdigest()
    assert _arguments(node)["attachments"] == [{"size": len(data), "sha256": digest}]
    assert node.desk.blobs[digest] == data


def test_a_file_that_is_not_there_sends_nothing(node: FakeNode, at_node: Run, tmp_path: Path) -> None:
    assert at_node("send", LINE, "text", "--file", str(tmp_path / "nothing")).code == 2
    assert not node.desk.asked


def test_an_answer_goes_to_its_entry(node: FakeNode, at_node: Run) -> None:
    assert at_node("reply", f"{LINE}/bravo:14", "Understood").code == 0
    assert (_asked(node)["verb"], _arguments(node)) == ("reply", {"entry": "bravo:14", "text": "Understood"})


def test_a_correction_says_what_changed(node: FakeNode, at_node: Run) -> None:
    assert at_node("correct", "alpha:7", "0700Z", "--change", "time was 0600Z").code == 0
    assert _arguments(node) == {"entry": "alpha:7", "text": "0700Z", "change": "time was 0600Z"}


def test_a_translation_names_its_language_and_how_far_it_goes(node: FakeNode, at_node: Run) -> None:
    assert at_node("translate", "bravo:14", "Bonsoir").code == 2
    assert at_node("translate", "bravo:14", "Bonsoir", "--lang", "fr", "--state", "checked").code == 0
    assert _arguments(node) == {
        "entry": "bravo:14",
        "text": "Bonsoir",
        "language": "fr",
        "state": "checked",
        "author": "",
    }

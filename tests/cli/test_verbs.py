"""`say` puts any verb on the record, with arguments as they are, and asks first what the verb's own command asks."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.cli.verbs import arguments_of
from tests.cli.conftest import FakeNode, Run
from tests.console.desk import LINE


def test_texts_are_texts_and_json_is_json() -> None:
    assert arguments_of(("text=12", "count:=12", 'action:=["watch"]', "words=a=b", "empty=")) == {
        "text": "12",
        "count": 12,
        "action": ["watch"],
        "words": "a=b",
        "empty": "",
    }


@pytest.mark.parametrize("values", [("text",), ("=x",), (":=1",), ("count:=soon",), ("text=a", "text=b")])
def test_what_is_no_value_is_refused_by_its_name(values: tuple[str, ...]) -> None:
    with pytest.raises(UsageError) as told:
        arguments_of(values)
    assert told.value.message_id == "value-wrong"
    assert told.value.facts["value"] == values[-1]


def test_a_verb_is_said_as_it_is(node: FakeNode, at_node: Run) -> None:
    ran = at_node("say", LINE, "service", "text=Rain.", "--wait", "received", "--json")
    assert (ran.code, ran.json()["schema"]) == (0, "openline.say/1")
    (asked,) = node.desk.asked
    assert (asked["verb"], asked["wait"]) == ("service", "received")
    assert asked["arguments"] == {"text": "Rain."}


def test_a_verb_that_nobody_knows_is_said_to_be_none(node: FakeNode, at_node: Run) -> None:
    assert at_node("say", LINE, "whisper", "text=Rain.").code == 2
    assert not node.desk.asked


@pytest.mark.parametrize(
    "words",
    [
        ("withdraw", "entry=alpha:1"),
        ("declare", "status=suspended"),
        ("declare", "status=emcon"),
        ("send", "text=Now.", "precedence=flash"),
    ],
)
def test_what_its_own_command_asks_first_is_asked_here_too(
    node: FakeNode, at_node: Run, words: tuple[str, ...]
) -> None:
    refused = at_node("say", LINE, *words, "--json")
    assert (refused.code, node.desk.asked) == (2, [])
    assert "confirmation-needed" in refused.err
    assert at_node("say", LINE, *words, "--yes", "--reason", "a drill").code == 0
    assert [asked["verb"] for asked in node.desk.asked] == [words[0]]

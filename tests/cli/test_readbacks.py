"""Short replies and read-backs on the command line."""

from __future__ import annotations

from tests.cli.conftest import FakeNode, Run
from tests.console.desk import LINE


def test_one_word_is_a_reply(node: FakeNode, at_node: Run) -> None:
    assert at_node("respond", "bravo:14", "unable", "--reason", "the bridge is down", "--by", "watch-2").code == 0
    assert at_node("respond", "bravo:14", "aye").code == 2
    (asked,) = node.desk.asked
    assert asked["arguments"] == {
        "entry": "bravo:14",
        "code": "unable",
        "note": "the bridge is down",
        "by": "watch-2",
    }


def test_a_message_is_read_back_and_judged(node: FakeNode, at_node: Run) -> None:
    assert at_node("read-back", "bravo:14", "six", "trucks", "--lang", "en").code == 0
    assert at_node("confirm", "alpha:7").code == 0
    assert at_node("reissue", "alpha:7", "seven", "trucks", "--party", "bravo").code == 0
    assert [(row["verb"], row["arguments"]) for row in node.desk.asked] == [
        ("read-back", {"entry": "bravo:14", "text": "six trucks", "language": "en"}),
        ("confirm", {"entry": "alpha:7"}),
        ("reissue", {"entry": "alpha:7", "text": "seven trucks", "party": "bravo"}),
    ]


def test_a_message_may_be_a_phrase_or_be_meant_to_be_read_back(node: FakeNode, at_node: Run) -> None:
    value = ("--value", "place=the bridge")
    assert at_node("send", LINE, "--phrase", "mines-at", *value).code == 0
    assert at_node("send", LINE, "six trucks", "--read-back").code == 0
    first, second = (row["arguments"] for row in node.desk.asked)
    assert first == {"phrase": "mines-at", "values": {"place": "the bridge"}, "precedence": "routine"}
    assert second == {"text": "six trucks", "read_back": True, "precedence": "routine"}

"""Saying: one key for one command, and the truth about what is not known."""

from __future__ import annotations

import json

import pytest

from openline.base.errors import PathError
from openline.cli.client import Node
from openline.cli.context import App
from openline.cli.saying import How, post
from openline.cli.settings import Settings
from tests.cli.conftest import FakeNode, Run
from tests.console.desk import LINE


def test_a_repeated_key_tells_that_it_was_there(at_node: Run) -> None:
    first = at_node("send", LINE, "text", "--key", "k")
    second = at_node("send", LINE, "text", "--key", "k")
    assert first.rows() == [["alpha:1", "recorded", "new"]]
    assert second.rows() == [["alpha:1", "recorded", "again"]]


def test_each_command_has_a_key_of_its_own(node: FakeNode, at_node: Run) -> None:
    for _ in range(2):
        at_node("send", LINE, "text")
    assert len(node.desk.keys) == 2


def test_a_connection_that_broke_off_is_tried_once_more_with_the_same_key(
    node: FakeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = App(Settings(folder=str(node.folder)), "send")
    answer, breaks = Node.post, [True]

    def breaking(self: Node, *given: object, **named: object) -> object:
        said = answer(self, *given, **named)  # type: ignore[arg-type]  # handed on as it came
        if breaks.pop() if breaks else False:
            raise PathError("node-broke-off", place="", detail="")
        return said

    monkeypatch.setattr(Node, "post", breaking)
    said = post(app, "/messages", {"text": "one"}, How(line=LINE))
    app.close()
    assert (said["ids"], said["repeated"]) == (["alpha:1"], True)
    assert len(node.desk.asked) == 1


def test_when_it_breaks_off_twice_the_key_to_repeat_it_with_is_told(
    node: FakeNode, at_node: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object, **_named: object) -> object:
        raise PathError("node-broke-off", place="api.sock", detail="reset")

    monkeypatch.setattr(Node, "post", broken)
    ran = at_node("send", LINE, "text", "--key", "night-1", "--json")
    error = json.loads(ran.err)
    assert (ran.code, error["error"], error["facts"]["key"]) == (9, "saying-uncertain", "night-1")

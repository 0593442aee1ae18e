"""`status --watch`: shown when something changes, and NO DATA as soon as the node falls silent."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import FakeNode, Run


class Enough(KeyboardInterrupt):
    """The person has seen enough."""


def _watched(node: FakeNode, at_node: Run, monkeypatch: pytest.MonkeyPatch, then: list[str], *words: str) -> list[str]:
    """The states shown while, each time the stream ends, the next of `then` happens."""

    def happens(_seconds: float) -> None:
        if not then:
            raise Enough
        what = then.pop(0)
        if what == "silence":
            node.close()
        else:
            node.desk.state = what
            node.open()

    monkeypatch.setattr("openline.cli.watching.time.sleep", happens)
    ran = at_node("status", "--watch", *words)
    assert ran.code == 130
    return ran.out.splitlines()


def test_only_a_change_is_shown(node: FakeNode, at_node: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = _watched(node, at_node, monkeypatch, [])
    assert [line.split("\t")[1] for line in shown] == ["PROVEN"]


def test_a_silent_node_is_no_data_at_once_and_comes_back(
    node: FakeNode, at_node: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = _watched(node, at_node, monkeypatch, ["silence", "DOWN"], "--json")
    states = [json.loads(line)["lines"][0]["state"] for line in shown]
    assert states == ["PROVEN", "NO_DATA", "DOWN"]


def test_a_node_that_never_answered_is_exit_code_9(run: Run) -> None:
    assert run("status", "--watch").code == 9

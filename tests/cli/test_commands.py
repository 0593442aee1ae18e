"""The shape of every command: an example that can be typed, and an end that is told."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from openline.cli.commands import Command, Group, argument, command
from openline.cli.main import openline
from tests.cli.conftest import Run
from tests.test_docs import _problem, _simple_commands


def _leaves(group: click.Group, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        if (*above, name) == ("demo",):
            continue
        found = group.get_command(context, name)
        assert found is not None
        if isinstance(found, click.Group):
            yield from _leaves(found, (*above, name))
        else:
            yield (*above, name), found


LEAVES = dict(_leaves(openline))


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_every_command_has_an_example_that_can_be_typed(words: tuple[str, ...]) -> None:
    found = LEAVES[words]
    assert isinstance(found, Command)
    examples = [typed for line in found.example.splitlines() for typed in _simple_commands(line)]
    assert examples
    for typed in examples:
        assert typed[: len(words) + 1] == ["openline", *words]
        assert not _problem(openline, typed[1:]), typed


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_every_command_s_help_says_what_it_does_and_shows_the_example(run: Run, words: tuple[str, ...]) -> None:
    ran = run(*words, "--help")
    assert ran.code == 0
    assert re.search(r"Example:\n  openline ", ran.out)
    assert f"{LEAVES[words].help}".split(".")[0].split()[0] in ran.out


def test_a_command_is_known_by_the_function_it_runs() -> None:
    made = command("one", "openline one", argument("name"))(lambda app, name: 0)
    assert (made.name, next(parameter.name for parameter in made.params)) == ("one", "name")


def test_a_group_imports_a_command_only_when_it_is_asked_for() -> None:
    group = Group("group", "A group.", {"missing": "openline.cli.nowhere:nothing"})
    context = click.Context(group)
    assert group.list_commands(context) == ["missing"]
    assert group.get_command(context, "other") is None
    with pytest.raises(ModuleNotFoundError):
        group.get_command(context, "missing")


def test_ctrl_c_is_exit_code_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("openline.cli.status.fetch", interrupted)
    ran = run("status")
    assert (ran.code, ran.out) == (130, "")
    assert ran.err

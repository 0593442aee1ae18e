"""Global options: understood before and after the command, and the last one typed counts."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from openline.cli.commands import Command, Group
from openline.cli.context import App
from openline.cli.main import openline
from openline.cli.settings import Settings, settings_of
from tests.cli.conftest import FakeNode, Run


def _settings(*words: str) -> Settings:
    context = openline.make_context("openline", list(words))
    while isinstance(context.command, click.Group):
        name, command, rest = context.command.resolve_command(context, [*context._protected_args, *context.args])
        assert command is not None
        context = command.make_context(name, rest, parent=context)
    return settings_of(context)


@pytest.mark.parametrize(
    "words",
    [
        ["--json", "--desk", "night", "record", "verify"],
        ["record", "--json", "--desk", "night", "verify"],
        ["record", "verify", "--json", "--desk", "night"],
        ["--desk", "day", "record", "--json", "verify", "--desk", "night"],
    ],
)
def test_a_global_option_may_stand_anywhere(words: list[str]) -> None:
    settings = _settings(*words)
    assert (settings.as_json, settings.desk) == (True, "night")


def test_the_environment_gives_way_to_what_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENLINE_DIR", "/srv/one")
    assert _settings("status").path == Path("/srv/one")
    assert _settings("--dir", "/srv/two", "status").path == Path("/srv/two")
    assert _settings("status", "--dir", "/srv/three").path == Path("/srv/three")


def test_an_option_of_the_command_s_own_is_no_global_one() -> None:
    assert _settings("--lang", "fr", "send", "alpha-bravo", "text", "--lang", "ru").lang == "fr"


@pytest.mark.parametrize(
    ("lang", "environment", "language"),
    [("fr", "", "fr"), (None, "fr_FR.UTF-8", "fr"), (None, "C.UTF-8", "en"), (None, "", "en"), ("x1", "", "en")],
)
def test_the_language_is_asked_for_or_the_machine_s_or_english(
    monkeypatch: pytest.MonkeyPatch, lang: str | None, environment: str, language: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", environment)
    assert Settings(lang=lang).language == language


def test_the_desk_is_the_one_that_was_named(node: FakeNode, at_node: Run) -> None:
    assert at_node("--desk", "вахта", "send", "alpha-bravo", "text").code == 0
    assert node.desk.asked[0]["desk"] == "вахта"


def test_global_options_stand_in_the_help_of_openline_alone(run: Run) -> None:
    assert "--no-color" in run("--help").out
    assert "--no-color" not in run("send", "--help").out


def test_every_command_understands_every_global_option() -> None:
    def names(command: click.Command) -> set[str]:
        return {parameter.name or "" for parameter in command.params}

    wanted = {"as_json", "plain", "quiet", "no_color", "folder", "node", "desk", "timeout", "yes"}
    context = click.Context(openline)
    for name in openline.list_commands(context):
        if name != "demo":
            command = openline.get_command(context, name)
            assert isinstance(command, Command | Group)
            assert wanted <= names(command), name


def test_settings_are_made_without_a_node() -> None:
    assert str(App(Settings(folder="/srv/one"), "status").place()) == "/srv/one/api.sock"

"""The generated parts of the documents: commands and global options, and the HTTP API with its OpenAPI document.

They are drawn from what runs: the commands themselves, the tables of routes, the registry of kinds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from openline.cli.main import openline
from openline.cli.settings import global_options as options
from openline.console.app import all_routes
from openline.console.openapi import document, routes_table
from openline.node.wiring import registry


def commands() -> str:
    """Every command with its first sentence, as a Markdown table."""
    rows = [f"| `{words}` | {text} |" for words, text in _commands(openline, "openline")]
    return "\n".join(["| command | what it does |", "| --- | --- |", *rows])


def global_options() -> str:
    """Every global option, as a Markdown table."""
    rows = [f"| `{_names(option)}` | {option.help} |" for option in options()]
    return "\n".join(["| option | meaning |", "| --- | --- |", *rows])


def api_routes() -> str:
    """Every route of the HTTP API, as a Markdown table."""
    return routes_table(all_routes({verb.name: verb for verb in registry().verbs}))


def api_document() -> str:
    """The OpenAPI document, as docs/spec/openapi.json has it."""
    verbs = {verb.name: verb for verb in registry().verbs}
    return json.dumps(document(all_routes(verbs), verbs), indent=1, ensure_ascii=False) + "\n"


def _commands(group: click.Group, above: str) -> Iterator[tuple[str, str]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None, "a group lists only what it has"
        if isinstance(found, click.Group):
            yield from _commands(found, f"{above} {name}")
        else:
            yield " ".join([f"{above} {name}", *_arguments(found)]), _first_sentence(found)


def _arguments(command: click.Command) -> Iterator[str]:
    context = click.Context(command)
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            yield parameter.make_metavar(context).replace("|", "\\|")


def _first_sentence(command: click.Command) -> str:
    text = " ".join((command.help or "").split())
    return text.partition(". ")[0].rstrip(".") + "."


def _names(option: click.Option) -> str:
    names = ", ".join([*option.opts, *option.secondary_opts])
    return f"{names} {option.metavar}" if option.metavar else names

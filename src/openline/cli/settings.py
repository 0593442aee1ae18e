"""The options every command takes, before or after its name, and what they come to."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path

import click
from click.core import ParameterSource

DEFAULT_FOLDER = "~/.openline"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the global options say. Field names are the options' names."""

    as_json: bool = False
    plain: bool = False
    quiet: bool = False
    no_color: bool = False
    node: str | None = None
    token_file: str | None = None
    folder: str = DEFAULT_FOLDER
    desk: str | None = None
    lang: str | None = None
    local: bool = False
    timeout: float = 30.0
    yes: bool = False
    reason: str | None = None

    @property
    def path(self) -> Path:
        """The node's folder."""
        return Path(self.folder).expanduser()

    @property
    def language(self) -> str:
        """The language of sentences: asked for, or the environment's, or English."""
        wished = self.lang or os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
        first = (wished or "en").split(".")[0].replace("_", "-").split("-")[0].lower()
        return first if first.isalpha() and 2 <= len(first) <= 3 else "en"


class _Global(click.Option):
    """An option that stands in the help of `openline` alone and is understood everywhere."""


def _flag(*names: str, text: str) -> click.Option:
    return _Global(names, is_flag=True, help=text)


def global_options() -> list[click.Option]:
    """The options, fresh: a click parameter belongs to one command."""
    return [
        _flag("--json", "as_json", text="One JSON object, or JSON lines; see docs/operating/cli.md."),
        _flag("--plain", "plain", text="Tab-separated fields without colour, also on a terminal."),
        _flag("-q", "--quiet", "quiet", text="Say nothing but the result."),
        _flag("--no-color", "no_color", text="No colour (also: NO_COLOR in the environment)."),
        _Global(
            ["--dir", "folder"],
            envvar="OPENLINE_DIR",
            default=DEFAULT_FOLDER,
            show_default=True,
            metavar="DIR",
            help="The node's folder.",
        ),
        _Global(["--node"], envvar="OPENLINE_NODE", metavar="URL", help="A node on loopback instead of a folder."),
        _Global(
            ["--token-file"], envvar="OPENLINE_TOKEN_FILE", metavar="FILE", help="The token for --node, in a file."
        ),
        _Global(["--desk"], envvar="OPENLINE_DESK", metavar="NAME", help="Which desk this is, for the record."),
        _Global(["--lang"], envvar="OPENLINE_LANG", metavar="TAG", help="Language of sentences: en or fr."),
        _Global(["--local/--utc"], default=False, help="Show local time beside the date-time group."),
        _Global(["--timeout"], type=click.FloatRange(0, 3600), default=30.0, metavar="S", help="Seconds to wait."),
        _flag("--yes", "yes", text="Do not ask; needs --reason, which is logged."),
        _Global(["--reason"], metavar="TEXT", help="Why; logged where --yes stands for an answer."),
    ]


def add_globals(command: click.Command) -> None:
    """Let `command` understand the global options that it has no option of its own for."""
    names = {parameter.name for parameter in command.params}
    words = {word for parameter in command.params for word in (*parameter.opts, *parameter.secondary_opts)}
    for option in global_options():
        if option.name in names or words & {*option.opts, *option.secondary_opts}:
            continue
        # Defaults and the environment are read once, at `openline` itself.
        option.hidden, option.envvar, option.default = True, None, None
        command.params.append(option)


def settings_of(context: click.Context) -> Settings:
    """What the global options from `openline` to this command say; the last one typed counts."""
    chain = [context]
    while chain[0].parent is not None:
        chain.insert(0, chain[0].parent)
    values = dict(chain[0].params)
    for level in chain[1:]:
        typed = {name for name in level.params if _is_typed(level, name)}
        values |= {name: level.params[name] for name in typed}
    known = {field.name for field in fields(Settings)}
    return Settings(**{name: value for name, value in values.items() if name in known and value is not None})


def own_params(command: click.Command, context: click.Context) -> dict[str, object]:
    """The parameters that are the command's own."""
    ours = {parameter.name for parameter in command.params if not isinstance(parameter, _Global)}
    return {name: value for name, value in context.params.items() if name in ours}


def _is_typed(context: click.Context, name: str) -> bool:
    is_global = any(isinstance(option, _Global) and option.name == name for option in context.command.params)
    return is_global and context.get_parameter_source(name) is ParameterSource.COMMANDLINE

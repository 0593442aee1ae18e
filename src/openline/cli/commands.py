"""The shape of a command: global options anywhere, an example in its help, errors as sentences, documented exit codes.

Groups import the module of a command only when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import cast

import click
from click.shell_completion import CompletionItem

from openline.base.errors import OpenlineError
from openline.cli.context import App
from openline.cli.exits import Exit
from openline.cli.settings import add_globals, own_params, settings_of

Run = Callable[..., int | None]

LEVELS = ("duty", "operational", "chief-of-staff", "adviser", "minister", "head-of-state")
_LEVELS = f"[{'|'.join(LEVELS)}|NAME]"


class Command(click.Command):
    """A command. Its function gets an App and its own parameters, and returns an exit code or nothing."""

    def __init__(self, name: str, run: Run, example: str, params: list[click.Parameter]) -> None:
        super().__init__(name, params=params, help=run.__doc__, no_args_is_help=False)
        self.run = run
        self.example = example
        add_globals(self)

    def invoke(self, ctx: click.Context) -> None:
        """Run it; every failure that is foreseen becomes a sentence and an exit code."""
        app = App(settings_of(ctx), self._schema(ctx))
        try:
            code = self.run(app, **own_params(self, ctx)) or Exit.OK
        except OpenlineError as error:
            code = app.output.failed(error)
        except (KeyboardInterrupt, click.Abort):
            app.output.tell("told-interrupted")
            code = Exit.INTERRUPTED
        finally:
            app.close()
        ctx.exit(int(code))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The example, as it is typed."""
        del ctx
        with formatter.section("Example"):
            for line in self.example.strip().splitlines():
                formatter.write(f"{'':>{formatter.current_indent}}{line.strip()}\n")

    def _schema(self, ctx: click.Context) -> str:
        words = ctx.command_path.split()[1:]
        return ".".join(words)


class Group(click.Group):
    """Commands by name, each with where it is: `module:attribute`. Imported when asked for.

    `otherwise` is the command that is meant when the first word names none.
    """

    def __init__(self, name: str, text: str, places: Mapping[str, str], otherwise: str | None = None) -> None:
        super().__init__(name, help=text, no_args_is_help=True)
        self._places = places
        self._otherwise = otherwise
        add_globals(self)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order a reader needs them."""
        del ctx
        return list(self._places)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command named by the first word; `otherwise`, where the group has one, when it names none."""
        if self._otherwise is not None and args and args[0] not in self._places:
            args = [self._otherwise, *args]
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        del ctx
        if cmd_name not in self._places:
            return None
        module, _, attribute = self._places[cmd_name].partition(":")
        return cast("click.Command", getattr(import_module(module), attribute))


def command(name: str, example: str, *params: click.Parameter) -> Callable[[Run], Command]:
    """Make a command of a function."""

    def made(run: Run) -> Command:
        return Command(name, run, example, list(params))

    return made


def argument(name: str, required: bool = True, many: bool = False, choices: tuple[str, ...] = ()) -> click.Argument:
    """An argument; `many` takes all that follow, `choices` are the only values it may have."""
    kind = click.Choice(choices, case_sensitive=False) if choices else None
    return click.Argument([name], required=required, nargs=-1 if many else 1, type=kind)


def option(*names: str, text: str, metavar: str | None = None, default: str | None = None) -> click.Option:
    """An option with a text."""
    return click.Option(names, help=text, metavar=metavar, default=default, show_default=default is not None)


def many_option(*names: str, text: str, metavar: str | None = None) -> click.Option:
    """An option that may be given several times."""
    return click.Option(names, help=text, metavar=metavar, multiple=True)


def choice_option(*names: str, text: str, choices: tuple[str, ...], default: str | None = None) -> click.Option:
    """An option with few possible values."""
    kind = click.Choice(choices, case_sensitive=False)
    return click.Option(names, help=text, type=kind, default=default, show_default=default is not None)


class LevelChoice(click.ParamType[str]):
    """A level of contact: one of everybody's words, or whatever our party calls it by the charter, as it is typed."""

    name = "level"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Everybody's word in small letters; any other is left to the node, which knows the charter."""
        del param, ctx  # The form of click; a level needs neither.
        return value.lower() if value.lower() in LEVELS else value

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Everybody's words."""
        del ctx, param  # As above.
        return [CompletionItem(level) for level in LEVELS if level.startswith(incomplete.lower())]


def level_option(text: str) -> click.Option:
    """The option `--level`."""
    return click.Option(
        ["--level"], help=f"{text} Or our own name of the charter.", type=LevelChoice(), metavar=_LEVELS
    )


def flag(*names: str, text: str) -> click.Option:
    """An option that is there or not."""
    return click.Option(names, help=text, is_flag=True)

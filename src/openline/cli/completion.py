"""`completion`: what a shell must load to complete our commands."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from openline.cli.commands import argument, command
from openline.cli.context import App

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_OPENLINE_COMPLETE"


@command(
    "completion",
    "openline completion bash > ~/.local/share/bash-completion/completions/openline",
    argument("shell", choices=SHELLS),
)
def completion(app: App, shell: str) -> None:
    """Print the completion script of SHELL."""
    made = get_completion_class(shell)
    assert made is not None, "click knows the three shells"
    root = click.get_current_context().find_root().command
    script = made(root, {}, "openline", VARIABLE)
    text = script.source_template % script.source_vars()
    app.output.result({"shell": shell, "script": text}, [])
    if not app.output.settings.as_json:
        app.output.out(text.rstrip("\n"))

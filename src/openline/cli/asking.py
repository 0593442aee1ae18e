"""Asking a person: before what cannot be taken back, the effect is said in a sentence and a name must be typed."""

from __future__ import annotations

import sys

import click

from openline.base.errors import UsageError
from openline.cli.context import App


def confirm(app: App, effect: str, name: str, reason: str | None = None) -> str:
    """Have `name` typed after the sentence `effect` was said. Returns "", or the reason given for `--yes`.

    Raises UsageError when the name is another one, nobody can be asked, or `--yes` has no reason.
    """
    if app.settings.yes:
        given = (reason or app.settings.reason or "").strip()
        if not given:
            raise UsageError("reason-needed")
        return given
    if not sees_a_person():
        raise UsageError("confirmation-needed", effect=effect)
    click.echo(effect, err=True)
    question = app.output.sentence("ask-name", name=name)
    typed = click.prompt(question, default="", show_default=False, err=True)
    if typed.strip() != name:
        raise UsageError("confirmation-differs", name=name)
    return ""


def sees_a_person() -> bool:
    """Whether somebody sits at the keyboard."""
    return sys.stdin.isatty()


def ask_secret(question: str, file: str | None, *, twice: bool) -> str:
    """A passphrase from `file` or the terminal. Raises UsageError when neither gives one."""
    if file is not None:
        from pathlib import Path

        try:
            phrase = Path(file).read_text(encoding="utf-8").partition("\n")[0]
        except (OSError, UnicodeDecodeError) as why:
            raise UsageError("passphrase-file-unreadable", file=file, detail=type(why).__name__) from why
    elif sees_a_person():
        phrase = click.prompt(question, hide_input=True, confirmation_prompt=twice, err=True)
    else:
        raise UsageError("passphrase-needed")
    if not phrase:
        raise UsageError("passphrase-needed")
    return str(phrase)

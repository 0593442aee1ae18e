"""Putting something on the record through the node: one idempotency key for one command, and how its end is told.

When the connection breaks off, nobody knows whether it was recorded. The key makes the same command safe to repeat;
it is tried again once here, and the message says which key to give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote

import click

from openline.base.errors import PathError
from openline.cli.client import JsonObject
from openline.cli.commands import choice_option, option
from openline.cli.context import App
from openline.cli.exits import Exit
from openline.cli.output import Cell, Table

STAGES = ("recorded", "received", "displayed", "accepted", "answered")
MARKS = ("exercise", "test")
MARGIN_S = 15.0
SHOWN = {
    "recorded": "in our log",
    "received": "in their log",
    "displayed": "displayed to their officer",
    "accepted": "accepted by their watch",
    "answered": "answered",
}


@dataclass(frozen=True, slots=True)
class How:
    """How to say it: what to wait for, under which mark, with which key; `line` when the address does not name it.

    `unasked` is the reason why nobody was asked before; the node logs it.
    """

    wait: str = "recorded"
    mark: str | None = None
    key: str | None = None
    line: str | None = None
    unasked: str = ""


def how_options() -> list[click.Option]:
    """The options that every saying has."""
    return [
        choice_option(
            "--wait", text="Wait until it is there, at most --timeout seconds.", choices=STAGES, default="recorded"
        ),
        choice_option("--mark", text="Not for real: an exercise or a test.", choices=MARKS),
        option("--key", text="Idempotency key; the same key never records twice.", metavar="KEY"),
    ]


def say(app: App, path: str, arguments: Mapping[str, object], how: How) -> Exit:
    """Post it, tell where it stands, and return the exit code."""
    return tell(app, post(app, path, arguments, how))


def tell(app: App, said: JsonObject) -> Exit:
    """Print where it stands, and return the exit code."""
    app.output.result(said, [_table(said, app)])
    return Exit.OK if said["reached"] else _late(app, said)


def post(app: App, path: str, arguments: Mapping[str, object], how: How) -> JsonObject:
    """Post it and return what the node says. Raises Refusal, and PathError with the key to repeat it with."""
    key = how.key or app.new_key()
    query = {
        "line": how.line,
        "mark": how.mark.upper() if how.mark else None,
        "wait": how.wait,
        "timeout": app.settings.timeout,
    }
    headers = {"Idempotency-Key": key, **({"X-Openline-Unasked": quote(how.unasked)} if how.unasked else {})}
    within_s = app.settings.timeout + MARGIN_S
    try:
        return app.node.post(path, arguments, query, headers, within_s)
    except PathError as why:
        if why.message_id == "node-unreachable":
            raise
    try:
        return app.node.post(path, arguments, query, headers, within_s)
    except PathError as why:
        raise PathError("saying-uncertain", key=key, place=str(why.facts.get("place", ""))) from why


def _table(said: JsonObject, app: App) -> Table:
    ids = cast("list[str]", said["ids"])
    stage, again = str(said["stage"]), "again" if said["repeated"] else "new"
    if not app.output.is_terminal:
        return Table(("entry", "stage", ""), [[entry, stage, again] for entry in ids or ["-"]])
    shown = SHOWN.get(stage, stage) + (", it was there already" if said["repeated"] else "")
    cell = Cell(shown, "ok" if said["reached"] else "u3")
    return Table(("entry", "stands"), [[entry, cell] for entry in ids or ["-"]])


def _late(app: App, said: JsonObject) -> Exit:
    ids = ", ".join(cast("list[str]", said["ids"]))
    app.output.tell("told-not-reached", entries=ids, seconds=f"{app.settings.timeout:g}")
    return Exit.NOT_REACHED

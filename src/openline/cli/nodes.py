"""`node`: run the node of this headquarters, look after it, back it up, bring it back."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from openline.base.errors import PathError
from openline.base.time import SECOND_US
from openline.cli.client import JsonObject
from openline.cli.commands import argument, command, flag
from openline.cli.context import App
from openline.cli.exits import Exit
from openline.cli.output import Cell, Table
from openline.cli.records import worked

BACKUP_WITHIN_S = 3_600.0
URGENCY = {"ok": "ok", "warn": "u3", "bad": "u1"}


@command(
    "run",
    "openline node run --dir /var/lib/openline",
    flag("--seats", text="For demonstrations: whoever opens the console on this machine takes any position."),
    click.Option(
        ["--demo-clock"],
        type=int,
        metavar="SECONDS",
        help="For demonstrations: a clock that many seconds ahead. All that is entered is marked EXERCISE.",
    ),
)
def run(app: App, seats: bool, demo_clock: int | None) -> int:
    """Run the node in the foreground until it is told to stop (SIGTERM, Ctrl-C). Its log is one JSON line per fact."""
    from openline.cli.running import run_node
    from openline.node.clock import DemoClock

    clock = None if demo_clock is None else DemoClock(demo_clock * SECOND_US)
    return run_node(app.settings.path, seats, clock)


@command("doctor", "openline node doctor")
def doctor(app: App) -> int:
    """Say what is right and wrong with this node and what to do. Exit code 1 when something is wrong."""
    found = _findings(app)
    rows: list[list[Cell | str]] = [
        [Cell(str(row["level"]).upper(), URGENCY.get(str(row["level"]), "unk")), str(row["id"]), str(row["text"])]
        for row in found
    ]
    app.output.result({"findings": found}, [Table(("", "what", "and what to do"), rows)])
    return Exit.FAILED if any(row["level"] == "bad" for row in found) else Exit.OK


@command("backup", "openline node backup /mnt/backup/2026-11-21", argument("target"))
def backup(app: App, target: str) -> None:
    """Copy the running node's record and attachments into the new folder TARGET. Keys are not in it."""
    place = str(Path(target).absolute())
    rows = app.node.json_lines("POST", "/backup", None, {"target": place}, BACKUP_WITHIN_S)
    result = worked(app, "backup", rows)
    app.output.result(result, [Table(("backup", "files"), [[place, str(result.get("files", "-"))]])])


@command("restore", "openline node restore /mnt/backup/2026-11-21", argument("backup"))
def restore(app: App, backup: str) -> None:
    """Put a backup in place of a lost record, while the node does not run. Our logs wait until the peers were heard."""
    from openline.node.folder import Folder
    from openline.store.backup import restore as put_back

    folder, progress = Folder(app.settings.path), app.progress("restore")
    try:
        waiting = put_back(Path(backup), folder.record, folder.blobs, progress.at)
    finally:
        progress.end()
    value = {"restored": backup, "folder": str(folder.path), "quarantined": waiting}
    app.output.result(value, [Table(("restored", "logs that wait"), [[backup, ", ".join(waiting)]])])
    app.output.tell("told-restored")


def _findings(app: App) -> list[JsonObject]:
    """From the running node, or from its folder while it does not run."""
    try:
        return cast("list[JsonObject]", app.node.get("/doctor")["findings"])
    except PathError:
        if app.settings.node is not None:
            raise
    from openline.node.health import doctor as look

    found = look(app.settings.path, app.settings.language)
    return [{"id": row.id, "level": row.level, "text": row.text} for row in found]

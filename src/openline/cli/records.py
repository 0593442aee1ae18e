"""`record`: look at a line's record, check it, export it, follow it. Looking records nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import click

from openline.base.errors import PathError, UsageError
from openline.cli.client import JsonObject, Node
from openline.cli.commands import argument, command, flag, option
from openline.cli.context import App
from openline.cli.exits import Exit
from openline.cli.ids import split_entry
from openline.cli.letter import listing, print_letter, tell_more
from openline.cli.output import Cell, Table
from openline.cli.verdicts import code_of, verdict_table

WATCHDOG_S = 6.0
RETRY_S = 1.0
CHECK_WITHIN_S = 3_600.0
BEAT = "beat"


@command(
    "show",
    "openline record show alpha-bravo --kind message --count 20\nopenline record show bravo:14\n"
    "openline record show alpha-bravo --raw bravo.example --json",
    argument("what"),
    option("--kind", text="Only entries of this kind.", metavar="KIND"),
    option("--count", text="How many at most.", default="50"),
    option("--before", text="Only what arrived before this number.", metavar="SEQ"),
    option("--raw", text="The leaves of this party's log, as they are.", metavar="PARTY"),
    option("--start", text="With --raw: the first leaf.", default="0"),
)
def show(app: App, what: str, kind: str | None, raw: str | None, **page: str | None) -> None:
    """Show an entry (WHAT is bravo:14) or the entries of a line (WHAT is its name), newest first."""
    if raw is not None:
        _show_raw(app, what, raw, page)
    elif ":" in what:
        line, place = split_entry(what)
        view = app.node.get(f"/entries/{place}", {"line": line})
        if not app.output.settings.as_json:
            print_letter(app, view)
        app.output.result({"entry": view}, [], "record.entry")
    else:
        query = {"line": what, "kind": kind, "count": page["count"], "before": page["before"]}
        found = app.node.get("/entries", query)
        app.output.result(found, [listing(found, app)])
        tell_more(app, found)


@command("verify", "openline record verify alpha-bravo", argument("line", required=False))
def verify(app: App, line: str | None) -> int:
    """Check our own record again, as an auditor would. Exit code 6: something is false; 7: something is missing."""
    name = only_line(app, line)
    result = worked(
        app, f"checking {name}", app.node.json_lines("GET", f"/record/{name}/verify", None, None, CHECK_WITHIN_S)
    )
    app.output.result({"line": name, **result}, [verdict_table(result)])
    return code_of(str(result["verdict"]))


@command(
    "export",
    "openline record export alpha-bravo -o alpha-bravo.olx --attachments",
    argument("line", required=False),
    option("-o", "--output", "target", text="Where to write it (default: LINE.olx).", metavar="FILE"),
    flag("--no-bodies", "no_bodies", text="Leave the texts out; the proofs stay whole."),
    flag("--attachments", text="Put the attachments in."),
    flag("--for-release", "release", text="Leave out what is not for everybody, and readouts under embargo."),
)
def export(app: App, line: str | None, target: str | None, no_bodies: bool, attachments: bool, release: bool) -> None:
    """Write a line's record as one file that anyone can verify without us."""
    name = only_line(app, line)
    file = Path(target or f"{name}.olx")
    query = {"bodies": str(not no_bodies).lower(), "attachments": str(attachments).lower()}
    if release:
        query["release"] = "true"
    size = written(app, f"/record/{name}/export", query, file)
    value = {"line": name, "file": str(file), "size": size}
    app.output.result(value, [Table(("line", "file", "bytes"), [[name, str(file), str(size)]])])


@command(
    "follow",
    "openline record follow\nopenline record follow alpha-bravo --after 1200 --json",
    argument("line", required=False),
    option("--after", text="Begin after this arrival number.", metavar="SEQ"),
    flag("--once", text="Stop when everything up to now was shown."),
)
def follow(app: App, line: str | None, after: str | None, once: bool) -> int:
    """Show what happens as it happens, and take up again after a break without a gap."""
    seen, silent = _number(after), False
    while True:
        events = Node(app.place())
        try:
            for event in events.events({"line": line, "after": seen}, WATCHDOG_S, seen):
                seen, silent = cast("int", event["seq"]), False
                if event["type"] != BEAT:
                    app.output.result(event, [Table(("seq", "what", "line", "entry", ""), [_event(event)])])
                elif once:
                    return Exit.OK
        except PathError:
            if once:
                raise
            if not silent:
                app.output.tell("told-events-broke-off")
            silent = True
        finally:
            events.close()
        time.sleep(RETRY_S)


def only_line(app: App, line: str | None) -> str:
    """The line named, or the only one there is. Raises UsageError."""
    if line is not None:
        return line
    lines = [str(row["line"]) for row in cast("list[JsonObject]", app.node.get("/lines")["lines"])]
    if len(lines) != 1:
        raise UsageError("line-needed" if lines else "no-lines", lines=", ".join(lines))
    return lines[0]


def _show_raw(app: App, line: str, party: str, page: dict[str, str | None]) -> None:
    found = app.node.get(f"/record/{line}/log/{party}", {"start": page["start"], "count": page["count"]})
    columns = ("index", "kind", "time_at", "leaf_hash", "leaf", "salt", "body")
    leaves = cast("list[JsonObject]", found["leaves"])
    rows = [[str(leaf[name] if leaf[name] is not None else "-") for name in columns] for leaf in leaves]
    app.output.result(found, [Table(columns, rows)], "record.leaves")


def worked(app: App, what: str, rows: Iterator[JsonObject]) -> JsonObject:
    """The result of long work at the node, with its progress shown."""
    progress = app.progress(what)
    result: JsonObject = {}
    try:
        for row in rows:
            if row.get("type") == "progress":
                progress.at(cast("int", row["done"]), cast("int", row["total"]))
            else:
                result = {name: value for name, value in row.items() if name != "type"}
    finally:
        progress.end()
    if not result:
        raise PathError("node-broke-off", place=str(app.place()), detail="no result")
    return result


def written(app: App, path: str, query: dict[str, str], file: Path) -> int:
    """Stream an answer into a new file; what broke off leaves none. Returns its size in bytes. Raises UsageError."""
    if file.exists():
        raise UsageError("file-exists", file=str(file))
    part = file.with_name(f"{file.name}.part")
    progress = app.progress(file.name)
    done = 0
    try:
        with part.open("wb") as opened:
            for piece in app.node.pieces(path, query, within_s=CHECK_WITHIN_S):
                done += opened.write(piece)
                progress.at(done, 0)
        part.replace(file)
    except OSError as why:
        raise UsageError("file-unwritable", file=str(file), detail=why.strerror or "") from why
    finally:
        progress.end()
        part.unlink(missing_ok=True)
    return done


def _event(event: JsonObject) -> list[Cell | str]:
    data = cast("JsonObject", event["data"])
    what = " ".join(str(data[name]) for name in ("kind", "what") if data.get(name)) or str(event["type"])
    about = str(data.get("text") or data.get("party") or "")
    return [str(event["seq"]), what, str(event["line"]), str(data.get("id") or "-"), Cell(about, theirs=True)]


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise click.BadParameter("--after is an arrival number")
    return int(text)

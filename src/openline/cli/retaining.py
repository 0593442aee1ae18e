"""Legal holds (`hold place`, `hold lift`, `hold list`) and retention (`retention show`, `retention run`)."""

from __future__ import annotations

from typing import cast

from openline.cli.client import JsonObject
from openline.cli.commands import argument, command, flag, many_option, option
from openline.cli.contacts import how_of
from openline.cli.context import App
from openline.cli.ids import split_entry
from openline.cli.output import Cell, Table
from openline.cli.records import CHECK_WITHIN_S, worked
from openline.cli.saying import how_options, say

COUNTS = ("due", "erased", "held", "open", "faulty", "undelivered", "attachments", "recordings")


@command(
    "place",
    'openline hold place alpha-bravo --from 2026-11-20 --reason "inquiry 12" --authority "the judge advocate"\n'
    'openline hold place alpha-bravo --entry bravo:14 --reason "inquiry 12" --authority "the judge advocate"\n'
    'openline hold place alpha-bravo --whole --reason "inquiry 12" --authority "the judge advocate"',
    argument("line"),
    flag("--whole", text="Over the whole line."),
    option("--from", "since", text="Over what was said from this time on (RFC 3339).", metavar="T"),
    option("--to", "until", text="To before this time; without it the hold has no end.", metavar="T"),
    many_option("--entry", "entries", text="Over this entry.", metavar="ENTRY"),
    option("--reason", "why", text="Why; the other side sees it.", metavar="TEXT"),
    option("--authority", text="On whose word; the other side sees it.", metavar="TEXT"),
    *how_options(),
)
def place(app: App, line: str, whole: bool, entries: tuple[str, ...], **given: str | None) -> int:
    """Place a legal hold on LINE. While it stands, neither side erases what it covers."""
    arguments: JsonObject = {"reason": given["why"] or "", "authority": given["authority"] or "", "whole": whole}
    arguments |= {name: _moment(str(given[name])) for name in ("since", "until") if given[name]}
    if entries:
        arguments["entries"] = list(entries)
    return say(app, f"/lines/{line}/say", {"verb": "hold", "arguments": arguments}, how_of(given))


@command(
    "lift",
    'openline hold lift alpha:7 --reason "inquiry 12 is closed" --authority "the judge advocate"',
    argument("entry"),
    option("--reason", "why", text="Why; the other side sees it.", metavar="TEXT"),
    option("--authority", text="On whose word; the other side sees it.", metavar="TEXT"),
    *how_options(),
)
def lift(app: App, entry: str, **given: str | None) -> int:
    """Lift the hold ENTRY, which our side has placed. One of the other side, only the other side can lift."""
    line, name = split_entry(entry)
    arguments: JsonObject = {"reason": given["why"] or "", "authority": given["authority"] or ""}
    return say(app, f"/entries/{name}/lift-hold", arguments, how_of(given, line))


@command("list", "openline hold list\nopenline hold list alpha-bravo --json", argument("line", required=False))
def listed(app: App, line: str | None) -> None:
    """Every hold, those that stand first: whose, over what, why, on whose word."""
    found = app.node.get("/holds", {"line": line})
    rows = [_row(hold) for hold in cast("list[JsonObject]", found["holds"])]
    app.output.result(found, [Table(("hold", "party", "stands", "over", "reason", "authority"), rows)])


@command("show", "openline retention show --json")
def show(app: App) -> None:
    """The retention classes of this node. Without any it keeps everything for ever."""
    found = app.node.get("/retention")
    rows: list[list[Cell | str]] = [
        [
            str(row["name"]),
            str(row["days"]),
            " ".join(cast("list[str]", row["kinds"])),
            " ".join(cast("list[str]", row["marks"])),
            "yes" if row["attachments"] else "no",
        ]
        for row in cast("list[JsonObject]", found["classes"])
    ]
    kinds = [[kind] for kind in cast("list[str]", found["kinds"])]
    tables = [Table(("class", "days", "kinds", "marks", "attachments"), rows)]
    app.output.result(found, [*tables, Table(("kinds that may stand in a class",), kinds, kind="kind")])


@command(
    "run",
    "openline retention run --dry-run\nopenline retention run",
    flag("--dry-run", "dry_run", text="Count only; nothing is erased."),
)
def run(app: App, dry_run: bool) -> None:
    """Erase here what is due, and tell the other side. Its copy is its own matter."""
    work = app.node.json_lines("POST", "/retention/run", None, {"dry_run": dry_run}, CHECK_WITHIN_S)
    result = worked(app, "looking", work)
    rows: list[list[Cell | str]] = [
        [str(row["line"]), str(row["class"]), *(str(row[name]) for name in COUNTS)]
        for row in cast("list[JsonObject]", result["classes"])
    ]
    app.output.result(result, [Table(("line", "class", *COUNTS), rows)])


def _row(hold: JsonObject) -> list[Cell | str]:
    over = "the whole line" if hold["whole"] else " ".join(cast("list[str]", hold["entries"]))
    if hold["since"] is not None:
        over = f"{hold['since']} to {hold['until'] or 'no end'}"
    mark = "" if hold["mark"] == "OPERATION" else f"{hold['mark']} "
    return [
        f"{hold['line']}/{hold['id']}",
        str(hold["party"]),
        Cell(mark + str(hold["state"]), "u2" if hold["state"] == "STANDING" else "ok"),
        over,
        Cell(str(hold["reason"]), theirs=True),
        Cell(str(hold["authority"]), theirs=True),
    ]


def _moment(text: str) -> str:
    """A day stands for its beginning."""
    return f"{text}T00:00:00Z" if len(text) == len("2026-11-20") else text

"""STOP: `stop now`, `stop answer`, `stop list`; and who it was, `tap`."""

from __future__ import annotations

from typing import cast

from openline.base.errors import UsageError
from openline.cli.client import JsonObject
from openline.cli.commands import argument, command, option
from openline.cli.contacts import how_of
from openline.cli.context import App
from openline.cli.ids import split_entry
from openline.cli.output import Cell, Table
from openline.cli.saying import how_options, say

ANSWERS = ("stopped", "not-ours", "unable")


@command(
    "now",
    'openline stop now alpha-bravo --place "37TCL 123 456" "your fire is hitting a hospital"\n'
    "openline stop now alpha-bravo --about bravo:14",
    argument("line"),
    argument("text", required=False, many=True),
    option("--place", text="Where, in words or coordinates.", metavar="PLACE"),
    option("--about", text="The notice or other entry it is about.", metavar="ENTRY"),
    option("--lang", "language", text="Language of the text.", metavar="TAG"),
    *how_options(),
)
def now(app: App, line: str, text: tuple[str, ...], **given: str | None) -> int:
    """Call STOP on LINE, at once and without a question. It rings everyone there and stands until answered."""
    arguments: JsonObject = {name: given[name] for name in ("place", "about", "language") if given[name]}
    if text:
        arguments["text"] = " ".join(text)
    return say(app, f"/lines/{line}/say", {"verb": "stop", "arguments": arguments}, how_of(given))


@command(
    "answer",
    'openline stop answer alpha:7 stopped\nopenline stop answer alpha:7 unable --reason "no contact with the battery"',
    argument("entry"),
    argument("answer", choices=ANSWERS),
    option("--reason", "note", text="A note the other side sees.", metavar="TEXT"),
    *how_options(),
)
def answer(app: App, entry: str, answer: str, note: str | None, **given: str | None) -> int:
    """Answer the STOP ENTRY of the other side. Nothing else closes it."""
    line, place = split_entry(entry)
    return say(app, f"/entries/{place}/answer-stop", {"answer": answer, "note": note or ""}, how_of(given, line))


@command(
    "list",
    "openline stop list\nopenline stop list alpha-bravo --json\nopenline stop list --until 2022-05-13 --count 20",
    argument("line", required=False),
    option("--until", text="Before this day, or RFC 3339.", metavar="DATE"),
    option("--count", text="How many at most.", default="50"),
)
def listed(app: App, line: str | None, until: str | None, count: str) -> None:
    """STOPs, all that stand first, then the newest others: how each party stands to it, and the clock of both ends."""
    found = app.node.get("/stops", {"line": line, "until": until, "count": count})
    rows = [row for stop in cast("list[JsonObject]", found["stops"]) for row in _rows(stop)]
    app.output.result(found, [Table(("stop", "time", "party", "stands", "clock", "about", "text"), rows)])


@command(
    "tap",
    "openline tap alpha:7 --by watch-2",
    argument("entry"),
    option("--by", text="Which officer it was.", metavar="NAME"),
    *how_options(),
)
def tap(app: App, entry: str, by: str | None, **given: str | None) -> int:
    """Say who it was that made ENTRY, an entry of ours."""
    if not by:
        raise UsageError("name-missing", field="by")
    line, place = split_entry(entry)
    return say(app, f"/entries/{place}/tap", {"by": by}, how_of(given, line))


def _rows(stop: JsonObject) -> list[list[Cell | str]]:
    about = str(stop["about"] or stop["place"])
    mark = "" if stop["mark"] == "OPERATION" else f"{stop['mark']} "
    return [
        [
            f"{stop['line']}/{stop['id']}",
            str(cast("JsonObject", stop["time"])["dtg"]),
            str(side["party"]),
            Cell(mark + str(side["state"]), "u1" if side["state"] == "STANDING" else "ok"),
            f"{cast('float', side['clock_s']):.0f} s",
            Cell(about, theirs=True),
            Cell(str(stop["text"]), theirs=True),
        ]
        for side in cast("list[JsonObject]", stop["sides"])
    ]

"""`charter`: what the parties of a line have agreed on for it. A template, a proposal from a file, and every answer."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import cast

from openline.base.errors import UsageError
from openline.base.limits import REQUEST_BYTES_MAX
from openline.cli.charterfile import template_text
from openline.cli.client import JsonObject
from openline.cli.commands import Command, argument, choice_option, command, flag, many_option, option
from openline.cli.contacts import how_of
from openline.cli.context import App
from openline.cli.ids import split_entry
from openline.cli.output import Cell, Table
from openline.cli.records import only_line
from openline.cli.saying import MARKS, how_options, say
from openline.cli.texts import upload
from openline.cli.times import in_full, read_deadline

URGENCY = {
    "in-force": "ok",
    "agreed": "ok",
    "proposed": "u3",
    "refused": "u2",
    "denounced": "u2",
    "assented": "ok",
    "asked": "u3",
}
CHANGED = {"changed": "u3", "added": "u3", "removed": "u2"}
COLUMNS = ("charter", "by", "stands", "from", "until", "waits for")


@command(
    "template",
    "openline charter template alpha-bravo > charter.toml",
    argument("line", required=False),
)
def template(app: App, line: str | None) -> None:
    """Print a charter of LINE to edit: the one in force, else one with its parties and usual values."""
    name = only_line(app, line)
    found = app.node.get("/charters", {"line": name})
    members = cast("list[str]", app.node.get(f"/lines/{name}")["members"])
    charters = cast("list[JsonObject]", found["charters"])
    holds = next((row for row in charters if row["id"] == found["in_force"]), None)
    text = template_text(members, None if holds is None else clauses_of(holds))
    app.output.result({"line": name, "toml": text}, [])
    if not app.output.settings.as_json:
        app.output.out(text.removesuffix("\n"))


@command(
    "propose",
    "openline charter propose alpha-bravo charter.toml\n"
    "openline charter propose alpha-bravo charter.toml --file scope.pdf --answer-by +72h",
    argument("line"),
    argument("file"),
    many_option("--file", "files", text="Attach a file, such as the scope. May be given again.", metavar="FILE"),
    option("--answer-by", text="2300Z, 212300Z, +72h or RFC 3339; repeated in full.", metavar="TIME"),
    *how_options(),
)
def propose(app: App, line: str, file: str, files: tuple[str, ...], **given: str | None) -> int:
    """Propose the charter in FILE for LINE. We assent to it by that; it binds nobody before all have assented."""
    arguments = read_charter(file)
    if files:
        arguments["attachments"] = upload(app, files)
    asked = given["answer_by"]
    if asked is not None:
        now = app.now()
        deadline = read_deadline(asked, now)
        app.output.tell("told-answer-by", time=in_full(deadline, now))
        arguments["reply_by"] = deadline.rfc3339()
    body = {"verb": "propose-charter", "arguments": arguments}
    return say(app, f"/lines/{line}/say", body, how_of(given))


@command(
    "list",
    "openline charter list\nopenline charter list alpha-bravo --json",
    argument("line", required=False),
    choice_option("--mark", text="Exercises or tests instead of what is real.", choices=MARKS),
    option("--count", text="How many at most.", default="50"),
)
def listed(app: App, line: str | None, mark: str | None, count: str) -> None:
    """The charters of LINE, newest first: how it stands, when it was in force, and who has not answered."""
    query = {"line": only_line(app, line), "mark": mark.upper() if mark else None, "count": count}
    found = app.node.get("/charters", query)
    rows = [_row(row) for row in cast("list[JsonObject]", found["charters"])]
    app.output.result(found, [Table(COLUMNS, rows, "charter")])


@command(
    "show",
    "openline charter show bravo:14\nopenline charter show bravo:14 --against alpha:3\nopenline charter show bravo:14 "
    "--changes",
    argument("entry"),
    option("--against", text="Beside this charter instead of the one in force.", metavar="ENTRY"),
    flag("--changes", text="Only the clauses that differ."),
)
def show(app: App, entry: str, against: str | None, changes: bool) -> None:
    """The charter ENTRY beside the one in force, clause by clause, and what each party has said to it."""
    line, place = split_entry(entry)
    other = None if against is None else split_entry(against)[1]
    found = app.node.get(f"/charters/{place}", {"line": line, "against": other})
    charter = cast("JsonObject", found["charter"])
    rows = [
        _change(row) for row in cast("list[JsonObject]", found["changes"]) if not changes or row["change"] != "same"
    ]
    tables = [
        Table(COLUMNS, [_row(charter)], "charter"),
        Table(("party", "stands", "entry", "reason"), _sides(charter), "party"),
        Table(("clause", "", str(found["against"] or "none in force"), str(charter["id"])), rows, "clause"),
    ]
    app.output.result(found, tables)


def _answer(word: str, verb: str, text: str, example: str, reason: str) -> Command:
    """A command that says one word to a charter."""

    def run(app: App, entry: str, why: str | None, **given: str | None) -> int:
        line, place = split_entry(entry)
        arguments = {**({"answer": word} if verb == "answer-charter" else {}), "reason": why or ""}
        return say(app, f"/entries/{place}/{verb}", arguments, how_of(given, line))

    run.__doc__ = text
    return command(
        word,
        f"openline charter {word} {example}",
        argument("entry"),
        option("--reason", "why", text=reason, metavar="TEXT"),
        *how_options(),
    )(run)


assent = _answer(
    "assent",
    "answer-charter",
    "Assent to the charter ENTRY of the other side, as it stands.",
    "bravo:14",
    "A note the other side sees.",
)
refuse = _answer(
    "refuse",
    "answer-charter",
    "Refuse the charter ENTRY of the other side. It may be assented to later.",
    'bravo:14 --reason "0930Z is in our handover"',
    "Why; the other side sees it.",
)
withdraw = _answer(
    "withdraw",
    "withdraw-charter",
    "Withdraw the charter ENTRY that we proposed, while not all have assented.",
    "alpha:9",
    "A note the other side sees.",
)
denounce = _answer(
    "denounce",
    "denounce-charter",
    "Give notice: the charter ENTRY ends now, for every party.",
    'alpha:9 --reason "a new commander takes over"',
    "Why; the other side sees it.",
)


def read_charter(file: str) -> JsonObject:
    """The arguments of a proposal in a TOML file. Raises UsageError when it cannot be read."""
    try:
        with Path(file).open("rb") as opened:
            data = opened.read(REQUEST_BYTES_MAX + 1)
    except OSError as why:
        raise UsageError("file-unreadable", file=file, detail=why.strerror or type(why).__name__) from why
    if len(data) > REQUEST_BYTES_MAX:
        raise UsageError("request-too-large", limit=REQUEST_BYTES_MAX)
    try:
        return cast("JsonObject", _plain(tomllib.loads(data.decode("utf-8"))))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as why:
        raise UsageError("charter-file-wrong", file=file, detail=str(why)) from why


def _plain(value: object) -> object:
    """Dates and times of TOML as texts; JSON has none."""
    match value:
        case dict():
            return {str(name): _plain(one) for name, one in value.items()}
        case list():
            return [_plain(one) for one in value]
        case str() | int() | float() | bool():
            return value
        case _:
            return str(value).replace(" ", "T")


def clauses_of(charter: JsonObject) -> dict[str, str]:
    """The clauses of a charter by name."""
    return {str(row["clause"]): str(row["text"]) for row in cast("list[JsonObject]", charter["clauses"])}


def _row(charter: JsonObject) -> list[Cell | str]:
    state = str(charter["state"])
    mark = "" if charter["mark"] == "OPERATION" else f"{charter['mark']} "
    return [
        f"{charter['line']}/{charter['id']}",
        str(charter["party"]),
        Cell(mark + state, URGENCY.get(state, "unk")),
        _dtg(charter["begin"] or charter["valid_from"]),
        _dtg(charter["end"]),
        ", ".join(cast("list[str]", charter["waiting"])) or "-",
    ]


def _sides(charter: JsonObject) -> list[list[Cell | str]]:
    rows: list[list[Cell | str]] = []
    for side in cast("list[JsonObject]", charter["sides"]):
        stand = Cell(str(side["stand"]), URGENCY.get(str(side["stand"]), ""))
        words = cast("list[JsonObject]", side["words"])
        rows.append([str(side["party"]), stand, str(words[-1]["id"]) if words else "-", _reason(words)])
    return rows


def _reason(words: list[JsonObject]) -> Cell:
    return Cell(str(words[-1]["reason"]) if words else "", theirs=True)


def _change(row: JsonObject) -> list[Cell | str]:
    change = str(row["change"])
    texts = [Cell("-" if row[name] is None else str(row[name]), theirs=True) for name in ("before", "after")]
    return [Cell(str(row["clause"]), theirs=True), Cell(change, CHANGED.get(change, "")), *texts]


def _dtg(time: object) -> str:
    return str(cast("JsonObject", time)["dtg"]) if time else "-"

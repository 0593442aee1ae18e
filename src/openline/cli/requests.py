"""Requests for calls: `request new`, `request answer`, `request list`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from openline.base.errors import UsageError
from openline.cli.client import JsonObject
from openline.cli.commands import argument, choice_option, command, level_option, option
from openline.cli.contacts import MEDIA, how_of
from openline.cli.context import App
from openline.cli.ids import split_entry
from openline.cli.letters import PRECEDENCES
from openline.cli.output import Cell, Table
from openline.cli.saying import how_options, say
from openline.cli.times import in_full, read_deadline

_LENGTH = re.compile(r"([1-9]\d{0,4})([mhd])")
ANSWERS = ("accept", "propose", "delegate", "decline")


@command(
    "new",
    'openline request new alpha-bravo "Movements near the dam" --level minister --answer-by +48h\n'
    'openline request new alpha-bravo "Weekly call" --level operational --from 0900Z --until 1000Z --every 7d',
    argument("line"),
    argument("subject", many=True),
    level_option(text="At which level."),
    choice_option("--medium", text="By what.", choices=MEDIA, default="call"),
    option("--from", "from_", text="Beginning of the window that is wished: 2300Z, +2h, RFC 3339.", metavar="TIME"),
    option("--until", text="Its end.", metavar="TIME"),
    choice_option("-p", "--precedence", text="How urgent it is.", choices=PRECEDENCES, default="routine"),
    option("--answer-by", text="2300Z, 212300Z, +30m or RFC 3339; repeated in full.", metavar="TIME"),
    option("--lang", "language", text="Language of the subject.", metavar="TAG"),
    option("--label", text="What we call this level.", metavar="TEXT"),
    option("--every", text="A call that recurs: after how long again, such as 7d or 24h.", metavar="LENGTH"),
    option("--last", text="No time of it begins then or later: RFC 3339.", metavar="TIME"),
    *how_options(),
)
def new(
    app: App, line: str, subject: tuple[str, ...], from_: str | None, until: str | None, **given: str | None
) -> int:
    """Ask the other side of LINE for a call about SUBJECT, once, or with --every again and again.

    A recurring call is agreed when the other side accepts it; --from and --until are the window of its first time.
    """
    if given["level"] is None:
        raise UsageError("level-needed")
    arguments: JsonObject = {"subject": " ".join(subject), **_window(app, from_, until)}
    arguments |= {name: given[name] for name in ("level", "medium", "precedence", "language", "label") if given[name]}
    if given["every"]:
        arguments["every"] = minutes_of(given["every"])
    if given["last"]:
        arguments["last"] = read_deadline(given["last"], app.now()).rfc3339()
    asked = given["answer_by"]
    if asked is not None:
        now = app.now()
        deadline = read_deadline(asked, now)
        app.output.tell("told-answer-by", time=in_full(deadline, now))
        arguments["reply_by"] = deadline.rfc3339()
    return say(app, f"/lines/{line}/say", {"verb": "request", "arguments": arguments}, how_of(given))


@command(
    "answer",
    "openline request answer bravo:14 accept\nopenline request answer bravo:14 propose --from 0900Z --until 1100Z\n"
    "openline request answer bravo:14 delegate --level adviser",
    argument("entry"),
    argument("answer", choices=ANSWERS),
    option("--from", "from_", text="Beginning of a window.", metavar="TIME"),
    option("--until", text="Its end.", metavar="TIME"),
    level_option(text="The level that takes it."),
    option("--to", text="The role that takes it.", metavar="ROLE"),
    option("--reason", "why", text="Why; the other side sees it.", metavar="TEXT"),
    *how_options(),
)
def answer(app: App, entry: str, answer: str, from_: str | None, until: str | None, **given: str | None) -> int:
    """Answer the request ENTRY of the other side."""
    line, place = split_entry(entry)
    arguments: JsonObject = {"answer": answer, **_window(app, from_, until)}
    arguments |= {name: given[name] for name in ("level", "to") if given[name]}
    arguments |= {"reason": given["why"]} if given["why"] else {}
    return say(app, f"/entries/{place}/answer-request", arguments, how_of(given, line))


@command(
    "list",
    "openline request list\nopenline request list alpha-bravo --json\n"
    "openline request list --until 2022-05-13 --count 20",
    argument("line", required=False),
    option("--until", text="Before this day, or RFC 3339.", metavar="DATE"),
    option("--count", text="How many at most.", default="50"),
)
def listed(app: App, line: str | None, until: str | None, count: str) -> None:
    """Requests for calls, newest first. No answer by the deadline is shown as none, which is not a refusal."""
    found = app.node.get("/requests", {"line": line, "until": until, "count": count})
    rows = [row for request in cast("list[JsonObject]", found["requests"]) for row in _rows(request)]
    app.output.result(found, [Table(("request", "time", "level", "answer by", "party", "stands", "subject"), rows)])


@command("dates", "openline request dates\nopenline request dates alpha-bravo --json", argument("line", required=False))
def dates(app: App, line: str | None) -> None:
    """Calls that recur by agreement: each date, kept by which contact, or skipped. Skipped dates stay."""
    found = app.node.get("/recurring", {"line": line})
    rows = [row for call in cast("list[JsonObject]", found["recurring"]) for row in _dates(call)]
    columns = ("call", "level", "with", "date", "begins", "was", "contact", "subject")
    app.output.result(found, [Table(columns, rows)])


def minutes_of(text: str) -> int:
    """A length such as 7d, 24h or 90m, in minutes. Raises UsageError."""
    found = _LENGTH.fullmatch(text)
    if found is None:
        raise UsageError("length-unreadable", length=text)
    return int(found[1]) * {"m": 1, "h": 60, "d": 1440}[found[2]]


def _dates(call: JsonObject) -> Iterator[list[Cell | str]]:
    for date in cast("list[JsonObject]", call["dates"]):
        mark = "" if call["mark"] == "OPERATION" else f"{call['mark']} "
        yield [
            f"{call['line']}/{call['id']}",
            str(call["level"]),
            str(call["party"]),
            str(date["number"]),
            _dtg(date["due"]),
            Cell(mark + str(date["kept"]), "u2" if date["kept"] == "skipped" else ""),
            str(date["contact"] or "-"),
            Cell(str(call["subject"]), theirs=True),
        ]


def _rows(request: JsonObject) -> list[list[Cell | str]]:
    rows: list[list[Cell | str]] = []
    for party in cast("list[JsonObject]", request["answers"]):
        words = ["withdrawn"] if request["withdrawn"] else []
        words += [str(party["state"]), *(["late"] if party["late"] else [])]
        rows.append(
            [
                f"{request['line']}/{request['id']}",
                _dtg(request["time"]),
                str(request["level"]),
                _dtg(request["reply_by"]),
                str(party["party"]),
                Cell(", ".join(words), "u2" if party["state"] == "none" else ""),
                Cell(str(request["subject"]), theirs=True),
            ]
        )
    return rows


def _dtg(time: object) -> str:
    return str(cast("JsonObject", time)["dtg"]) if time else "-"


def _window(app: App, begin: str | None, end: str | None) -> JsonObject:
    now = app.now()
    times = {"from": begin, "until": end}
    return {name: read_deadline(text, now).rfc3339() for name, text in times.items() if text is not None}

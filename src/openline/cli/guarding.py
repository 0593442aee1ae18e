"""Commands of the watch: `watch handover`, `take`, `log`; `check now`, `answer`, `skip`, `keep`; and drills."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from openline.base.errors import UsageError
from openline.cli.client import JsonObject
from openline.cli.commands import Command, argument, choice_option, command, flag, option
from openline.cli.contacts import how_of
from openline.cli.context import App
from openline.cli.ids import split_entry
from openline.cli.output import Cell, Table
from openline.cli.records import only_line
from openline.cli.saying import MARKS, how_options, say

FORMS = ("text", "voice")
URGENCY = {"missed": "u1", "late": "u2", "due": "u3", "kept": "ok", "taken": "ok", "refused": "u2"}
BY = "Who, as the other side may see it; else the desk."


@command(
    "handover",
    "openline watch handover alpha-bravo --by Osprey --to Heron",
    argument("line", required=False),
    option("--by", text=BY, metavar="NAME"),
    option("--to", text="To whom.", metavar="NAME"),
    option("--note", text="What the next officer should know; the other side sees it.", metavar="TEXT"),
    *how_options(),
)
def handover(app: App, line: str | None, **given: str | None) -> int:
    """Offer the watch of LINE with every open item. Until it is taken, all of them stay ours."""
    body = {"verb": "hand-over", "arguments": _given(given, ("by", "to", "note"))}
    return say(app, f"/lines/{only_line(app, line)}/say", body, how_of(given))


@command(
    "take",
    "openline watch take alpha:31 bravo:14 bravo:17 --by Heron\nopenline watch take alpha:31 --by Heron\n"
    'openline watch take alpha:31 --refuse --reason "bravo:14 is not understood"',
    argument("handover"),
    argument("items", required=False, many=True),
    option("--by", text=BY, metavar="NAME"),
    flag("--refuse", text="Refuse the watch; --reason says why."),
    flag("--withdraw", text="Withdraw the offer."),
    option("--reason", text="Why; the other side sees it.", metavar="TEXT"),
    *how_options(),
)
def take(app: App, handover: str, items: tuple[str, ...], refuse: bool, withdraw: bool, **given: str | None) -> int:
    """Accept ITEMS of HANDOVER; without any, take the watch. Each open item is accepted before it can be taken."""
    if refuse + withdraw + bool(items) > 1:
        raise UsageError("handover-one-thing")
    line, place = split_entry(handover)
    step = "refuse" if refuse else "withdraw" if withdraw else "accept" if items else "take"
    arguments: JsonObject = {"step": step, **_given(given, ("by", "reason"))}
    if items:
        arguments["items"] = [split_entry(item)[1] for item in items]
    return say(app, f"/entries/{place}/take-over", arguments, how_of(given, line))


@command(
    "log",
    "openline watch log\nopenline watch log alpha-bravo --json",
    argument("line", required=False),
    option("--count", text="How many of each at most.", default="20"),
)
def log(app: App, line: str | None, count: str) -> None:
    """The watch of LINE: checks due, open items and whose they are, handovers, checks, officers who gave no sign."""
    found = app.node.get("/watch", {"line": line, "count": count})
    tables = [
        Table(("check", "due", "stands"), [_date(row) for row in _rows(found, "dates")], "date"),
        Table(("open", "precedence", "owner"), [_open(row) for row in _rows(found, "open")], "open"),
        _handovers(found),
        _checks(found),
        Table(("absence", "desk", "sign due"), [_absence(row) for row in _rows(found, "absences")], "absence"),
    ]
    app.output.result(found, tables)


@command(
    "now",
    "openline check now alpha-bravo\nopenline check now alpha-bravo --voice alpha:7\nopenline check now --undated",
    argument("line", required=False),
    option("--voice", text="By voice: the call of this check.", metavar="CALL"),
    flag("--undated", text="For no date of the schedule."),
    option("--by", text=BY, metavar="NAME"),
    *how_options(),
)
def now(app: App, line: str | None, voice: str | None, undated: bool, **given: str | None) -> int:
    """Call the other watch up: the check that is due now, by text or by voice."""
    name, form = only_line(app, line), "voice" if voice else "text"
    arguments: JsonObject = {"form": form, **_given(given, ("by",))}
    if voice:
        arguments["call"] = split_entry(voice)[1]
    if not undated:
        arguments["due"] = _due_now(app, name, form)
    return say(app, f"/lines/{name}/say", {"verb": "check", "arguments": arguments}, how_of(given))


@command(
    "answer",
    "openline check answer bravo:14 --by Heron",
    argument("entry"),
    option("--by", text=BY, metavar="NAME"),
    *how_options(),
)
def answer(app: App, entry: str, **given: str | None) -> int:
    """Answer the call-up ENTRY of the other side: our watch is here."""
    line, place = split_entry(entry)
    return say(app, f"/entries/{place}/ack", _given(given, ("by",)), how_of(given, line))


def _word(name: str, word: str, text: str) -> Command:
    """A command that says something of the check of a date."""

    def run(app: App, line: str, due: str, **given: str | None) -> int:
        arguments = {"due": due, "word": word, "form": given["form"] or "text", **_given(given, ("by", "reason"))}
        return say(app, f"/lines/{line}/say", {"verb": "check-date", "arguments": arguments}, how_of(given))

    run.__doc__ = text
    return command(
        name,
        f"openline check {name} alpha-bravo 2026-11-22T06:00:00Z --form voice",
        argument("line"),
        argument("due"),
        choice_option("--form", text="Which check.", choices=FORMS, default="text"),
        option("--by", text=BY, metavar="NAME"),
        option("--reason", text="Why; the other side sees it.", metavar="TEXT"),
        *how_options(),
    )(run)


skip = _word("skip", "skip", "Agree that the check of LINE at DUE is skipped. It is when every side says so.")
keep = _word("keep", "keep", "Take back that the check of LINE at DUE is skipped.")


@command(
    "run",
    "openline drill run alpha-bravo",
    argument("line", required=False),
    option("--by", text=BY, metavar="NAME"),
    *how_options(),
)
def drill_run(app: App, line: str | None, **given: str | None) -> int:
    """Send the other watch an unannounced ping, as an exercise. It is scored, and never counts as operation."""
    given["mark"] = "exercise"
    body = {"verb": "check", "arguments": {"form": "ping", **_given(given, ("by",))}}
    return say(app, f"/lines/{only_line(app, line)}/say", body, how_of(given))


@command(
    "list",
    "openline drill list alpha-bravo",
    argument("line", required=False),
    choice_option("--mark", text="Tests instead of exercises.", choices=MARKS, default="exercise"),
    option("--count", text="How many at most.", default="50"),
)
def drill_list(app: App, line: str | None, mark: str, count: str) -> None:
    """Drills of LINE with their answers, and the score of each side."""
    found = app.node.get("/watch", {"line": line, "mark": mark.upper(), "count": count})
    scores = [
        [str(row["form"]), str(row["asked_by"]), str(row["answered_by"]), str(row["made"]), *speed_of(row["answers"])]
        for row in _rows(found, "scores")
    ]
    columns = ("score", "asked by", "answered by", "made", "answered", "median", "worst")
    app.output.result(found, [_checks(found), Table(columns, scores, "score")])


def speed_of(value: object) -> list[str]:
    """How many, the median and the worst of answer times, as cells."""
    row = cast("JsonObject", value)
    return [str(row["count"]), *(_seconds(row[name]) for name in ("median_ms", "worst_ms"))]


def _seconds(time_ms: object) -> str:
    return "-" if time_ms is None else f"{cast('int', time_ms) / 1000:.1f} s"


def _due_now(app: App, line: str, form: str) -> str:
    dates = _rows(app.node.get("/watch", {"line": line}), "dates")
    for row in dates:
        if row["form"] == form and row["state"] in ("due", "late"):
            return str(cast("JsonObject", row["due"])["rfc3339"])
    raise UsageError("check-none-due", form=form)


def _checks(found: JsonObject) -> Table:
    rows = [cells for row in _rows(found, "checks") for cells in _check(row)]
    return Table(("called", "form", "time", "by", "answered by", "after"), rows, "check")


def _check(row: JsonObject) -> Iterator[list[Cell | str]]:
    head: list[Cell | str] = [str(row["id"]), str(row["form"]), _dtg(row["time"]), Cell(str(row["by"]), theirs=True)]
    answers = _rows(row, "answers")
    for one in answers:
        yield [*head, Cell(f"{one['party']} ({one['by']})", "ok", theirs=True), _seconds(one["took_ms"])]
    if not answers:
        yield [*head, Cell("-", "u2"), "-"]


def _date(row: JsonObject) -> list[Cell | str]:
    return [str(row["form"]), _dtg(row["due"]), Cell(str(row["state"]), URGENCY.get(str(row["state"]), ""))]


def _open(row: JsonObject) -> list[Cell | str]:
    name = row["owner"]
    return [str(row["id"]), str(row["precedence"]), Cell(str(name or "-"), "" if name else "u2", theirs=True)]


def _absence(row: JsonObject) -> list[Cell | str]:
    return [str(row["id"]), Cell(str(row["desk"]), theirs=True), _dtg(row["due"])]


def _handovers(found: JsonObject) -> Table:
    columns = ("handover", "time", "by", "to", "stands", "missing")
    return Table(columns, [_handover(row) for row in _rows(found, "handovers")], "handover")


def _handover(row: JsonObject) -> list[Cell | str]:
    missing = ", ".join(str(item) for item in cast("list[str]", row["missing"]))
    return [
        str(row["id"]),
        _dtg(row["offered"]),
        Cell(str(row["by"]), theirs=True),
        Cell(str(row["closed_by"] or row["to"] or "-"), theirs=True),
        Cell(str(row["state"]), URGENCY.get(str(row["state"]), "")),
        missing or "-",
    ]


def _dtg(time: object) -> str:
    return str(cast("JsonObject", time)["dtg"]) if time else "-"


def _rows(value: JsonObject, name: str) -> list[JsonObject]:
    return cast("list[JsonObject]", value[name])


def _given(given: dict[str, str | None], names: tuple[str, ...]) -> JsonObject:
    return {name: given[name] for name in names if given.get(name)}

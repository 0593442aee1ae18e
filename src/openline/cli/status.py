"""`status` and `lines`: is the line up, when was it proven, what must be done by when. Health problems stand first.

Without a fresh word from the node nothing is shown as known: every state becomes NO DATA.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from openline.base.time import from_rfc3339
from openline.cli.client import JsonObject
from openline.cli.commands import argument, command, flag
from openline.cli.context import App
from openline.cli.exits import Exit
from openline.cli.output import Cell, Table
from openline.cli.times import length, local

URGENCY = {
    "PROVEN": "ok",
    "OPENING": "u3",
    "ENDED": "unk",
    "LATE": "u3",
    "ONE_PATH_LEFT": "u2",
    "SUSPENDED": "u2",
    "QUARANTINED": "u1",
    "FORKED": "u1",
    "DOWN": "u1",
    "NEVER_HEARD": "unk",
    "NO_DATA": "unk",
}
PROVEN = ("PROVEN", "ONE_PATH_LEFT", "ENDED")
"""The states that need nobody. On a line that has ended there is nobody to be heard."""
CALL_URGENCY = {"up": "ok", "held": "u3", "ringing-out": "u2", "ringing-in": "u1"}
COLUMNS = ("line", "state", "proven", "next test", "open", "owed", "path")


@command(
    "status",
    "openline status\nopenline status alpha-bravo --json\nopenline status --watch",
    argument("line", required=False),
    flag("--watch", "watch", text="Stay, and show every change."),
)
def status(app: App, line: str | None, watch: bool) -> int:
    """How the lines stand, worst first. Exit code 3 when one is not proven, 1 when the node has a problem."""
    if watch:
        from openline.cli.watching import keep_showing

        return keep_showing(app, line)
    view = fetch(app, line)
    show(app, view)
    return code_of(view)


@command("list", "openline lines list")
def lines_list(app: App) -> None:
    """Every line, one row each."""
    view = app.node.get("/lines")
    app.output.result(view, [board(_lines(view), app)])


@command("show", "openline lines show alpha-bravo", argument("line"))
def lines_show(app: App, line: str) -> int:
    """One line: its paths, logs, people and alarms."""
    view = app.node.get(f"/lines/{line}")
    if app.output.is_terminal:
        app.output.text(str(view["text"]))
    app.output.result(view, _details(view, app))
    return Exit.OK if view["state"] in PROVEN else Exit.NOT_PROVEN


def fetch(app: App, line: str | None) -> JsonObject:
    """What the node says of itself and its lines, or of one."""
    return app.node.get("/status", {"line": line})


def show(app: App, view: JsonObject) -> None:
    """Print a status: problems, the board, what needs somebody."""
    if not app.output.is_terminal:
        for problem in cast("list[str]", view["problems"]):
            app.output.note(problem)
    app.output.result(view, tables(app, view), "status")


def code_of(view: JsonObject) -> Exit:
    """The exit code of a status."""
    if any(line["state"] not in PROVEN for line in _lines(view)):
        return Exit.NOT_PROVEN
    return Exit.FAILED if view["problems"] else Exit.OK


def without_data(view: JsonObject) -> JsonObject:
    """The same lines when the node does not answer: what was known is not known now."""
    return {**view, "lines": [_silent(line) for line in _lines(view)]}


def _silent(line: JsonObject) -> JsonObject:
    paths = [{**path, "state": "NO_DATA", "sessions": 0, "in_use": False} for path in _of(line, "paths")]
    unknown: JsonObject = {"state": "NO_DATA", "cause": None, "text": "", "presence": {}, "alarms": [], "calls": []}
    unknown["paths"] = paths
    return {**line, **unknown}


def board(lines: Sequence[JsonObject], app: App, kind: str = "") -> Table:
    """The lines, a row each."""
    return Table(COLUMNS, [_row(line, app) for line in lines], kind=kind)


def tables(app: App, view: JsonObject) -> Iterator[Table]:
    """A status as tables; for a pipe the lines alone."""
    problems = cast("list[str]", view["problems"])
    if problems and app.output.is_terminal:
        yield Table(("problem",), [[Cell(problem, "u1")] for problem in problems])
    lines = _lines(view)
    yield board(lines, app)
    waiting = [[f"{line['line']}/{entry}"] for line in lines for entry in cast("list[str]", line["charters_waiting"])]
    if waiting and app.output.is_terminal:
        yield Table(("charter that waits for our answer",), waiting)
    alarms = [alarm for line in lines for alarm in cast("list[JsonObject]", line["alarms"])]
    if alarms and app.output.is_terminal:
        yield Table(("needs you", "due", "wake"), [_alarm(alarm, app) for alarm in alarms])
    if app.output.is_terminal:
        yield from _telephone(view)


def _telephone(view: JsonObject) -> Iterator[Table]:
    """The calls that are under way, and the voice process where it does not run as it should."""
    calls = [[str(line["line"]), *_call(call)] for line in _lines(view) for call in _of(line, "calls")]
    if calls:
        yield Table(("on line", "call", "state", "mark", "with"), calls)
    voice = cast("JsonObject", view["voice"])
    if voice["state"] != "running":
        yield Table(("voice",), [[Cell(str(voice["text"]), "u2")]])


def _call(call: JsonObject) -> list[Cell | str]:
    state, mark = str(call["state"]), str(call["mark"])
    return [
        str(call["id"]),
        Cell(state.replace("-", " "), CALL_URGENCY.get(state, "unk")),
        Cell(mark, "drill") if mark != "OPERATION" else "",
        ", ".join(cast("list[str]", call["parties"])),
    ]


def _row(line: JsonObject, app: App) -> list[Cell | str]:
    state = str(line["state"])
    paths = cast("list[JsonObject]", line["paths"])
    in_use = ", ".join(str(path["name"]) for path in paths if path["in_use"])
    return [
        str(line["line"]),
        Cell(state.replace("_", " "), URGENCY.get(state, "unk")),
        when(line.get("proven_at"), app, past=True),
        when(line.get("next_test_at"), app, past=False),
        str(line["open_items"]),
        str(line["unreceipted"]),
        in_use or "-",
    ]


def _alarm(alarm: JsonObject, app: App) -> list[Cell | str]:
    wake = ", ".join(cast("list[str]", alarm["wake"]))
    return [Cell(str(alarm["text"]), "u1"), when(alarm.get("due_at"), app, past=False), wake]


def _details(view: JsonObject, app: App) -> Iterator[Table]:
    yield board([view], app, "line")
    paths = [_path(path, app) for path in _of(view, "paths")]
    yield Table(("path", "peer", "state", "round trip", "heard", "reason"), paths, kind="path")
    yield Table(("log of", "entries", "receipted", ""), [_log(log) for log in _of(view, "logs")], kind="log")
    declared = cast("Mapping[str, str]", view["declared"])
    presence = cast("Mapping[str, list[str]]", view["presence"])
    people = [[party, state, ", ".join(presence.get(party, []))] for party, state in declared.items()]
    yield Table(("party", "declared", "present"), people, kind="party")
    calls = [_call(call) for call in _of(view, "calls")]
    if calls:
        yield Table(("call", "state", "mark", "with"), calls, kind="call")
    holds = view["charter"]
    charters: list[list[Cell | str]] = [[str(holds), Cell("in force", "ok")]] if holds else []
    charters += [[entry, Cell("waits for our answer", "u3")] for entry in cast("list[str]", view["charters_waiting"])]
    if charters:
        yield Table(("charter", "stands"), charters, kind="charter")
    alarms = [_alarm(alarm, app) for alarm in _of(view, "alarms")]
    if alarms:
        yield Table(("needs you", "due", "wake"), alarms, kind="alarm")


def _path(path: JsonObject, app: App) -> list[Cell | str]:
    up = str(path["state"])
    round_trip = path.get("round_trip_ms")
    return [
        str(path["name"]),
        str(path["peer"]),
        Cell(up, "ok" if path["sessions"] else "u2"),
        "-" if round_trip is None else f"{round_trip} ms",
        when(path.get("heard_at"), app, past=True),
        str(path["text"]),
    ]


def _log(log: JsonObject) -> list[Cell | str]:
    receipted = ", ".join(f"{party} {size}" for party, size in cast("Mapping[str, int]", log["receipted"]).items())
    trouble = "FORKED" if log["forked"] else "QUARANTINED" if log["quarantined"] else ""
    return [str(log["party"]), str(log["size"]), receipted, Cell(trouble, "u1") if trouble else ""]


def when(moment: object, app: App, *, past: bool) -> str:
    """A time for a person: date-time group first, then how far away; for a pipe RFC 3339 alone."""
    if not isinstance(moment, str):
        return "-"
    if not app.output.is_terminal:
        return moment
    instant, now = from_rfc3339(moment), app.now()
    away = f"{length(now - instant)} ago" if past else f"in {length(instant - now)}"
    beside = f" {local(instant)}" if app.settings.local else ""
    return f"{instant.dtg()[:7]}{beside}, {away}"


def _lines(view: JsonObject) -> list[JsonObject]:
    return _of(view, "lines")


def _of(view: JsonObject, name: str) -> list[JsonObject]:
    return cast("list[JsonObject]", view[name])

"""Commands of the telephone: `call ring`, `check`, `answer`, `decline`, `hold`, `leave`, `interpreter`, `show`.

Who rings or answers here takes part without a voice: sound is in the console and in desk phones. A position that
answers here is heard as soon as it has sound there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import click

from openline.cli.client import JsonObject
from openline.cli.commands import Command, argument, choice_option, command, flag, many_option, option
from openline.cli.contacts import is_day, show_page
from openline.cli.context import App
from openline.cli.ids import split_entry
from openline.cli.output import Cell, Table
from openline.cli.saying import MARKS, How, say
from openline.cli.status import CALL_URGENCY, when

STAGES = ("recorded", "received")
LINE_CHECK = "line-check"


def _how_options(mark: bool = False) -> list[click.Option]:
    """The options of what is said in calls; the mark is that of the call, so only who rings chooses it."""
    return [
        choice_option(
            "--wait", text="Wait until it is there, at most --timeout seconds.", choices=STAGES, default="recorded"
        ),
        *([choice_option("--mark", text="Not for real: an exercise or a test.", choices=MARKS)] if mark else []),
        option("--key", text="Idempotency key; the same key never records twice.", metavar="KEY"),
    ]


@command(
    "ring",
    'openline call ring alpha-bravo --subject "the convoy"\nopenline call ring --role interpreter',
    argument("line", required=False),
    many_option("--role", "roles", text="Role to ring (default: watch). May be given again.", metavar="ROLE"),
    option("--subject", text="What it is about; the other side sees it.", metavar="TEXT"),
    *_how_options(mark=True),
)
def ring(app: App, line: str | None, roles: tuple[str, ...], subject: str | None, **how: str | None) -> int:
    """Ring the other side of LINE. All its positions ring, and its desk phones."""
    arguments = {**({"action": roles} if roles else {}), **({"subject": subject} if subject else {})}
    return say(app, "/calls", arguments, _how(how, line))


@command(
    "check",
    "openline call check alpha-bravo",
    argument("line", required=False),
    *_how_options(mark=True),
)
def check(app: App, line: str | None, **how: str | None) -> int:
    """Ring the position that answers line checks by voice. What is said there comes back."""
    return say(app, "/calls", {"action": [LINE_CHECK]}, _how(how, line))


def _step(name: str, step: str, text: str) -> Command:
    """A command that takes one step in a call."""

    def run(app: App, call: str, why: str | None, **how: str | None) -> int:
        line, place = split_entry(call)
        return say(app, f"/calls/{place}/steps", {"step": step, "reason": why or ""}, _how(how, line))

    run.__doc__ = text
    reason = option("--reason", "why", text="Why; the other side sees it.", metavar="TEXT")
    return command(name, f"openline call {name} bravo:14", argument("call"), reason, *_how_options())(run)


answer = _step("answer", "answered", "Answer CALL: this desk takes part.")
decline = _step("decline", "declined", "This desk does not take CALL. The others go on ringing.")
hold = _step("hold", "held", "Put our side of CALL on hold. Nobody of ours is heard until it is resumed.")
resume = _step("resume", "resumed", "Take part in CALL again.")
leave = _step("leave", "left", "Leave CALL with our whole side. Between two parties that ends it.")


@command(
    "interpreter",
    "openline call interpreter bravo:14 --desk booth --listens watch --speaks watch\n"
    "openline call interpreter bravo:14 --desk booth --end",
    argument("call"),
    option("--desk", "seat", text="The desk that interprets.", metavar="DESK"),
    many_option("--listens", "listens", text="A desk of ours that it hears. May be given again.", metavar="DESK"),
    many_option("--speaks", "speaks", text="A desk of ours that hears it. May be given again.", metavar="DESK"),
    flag("--end", text="It is a position like any other again."),
    *_how_options(),
)
def interpreter(app: App, call: str, listens: tuple[str, ...], speaks: tuple[str, ...], **how: object) -> int:
    """Give a desk the interpreter's seat in CALL: heard by the other side, and by the desks of ours that you name."""
    line, place = split_entry(call)
    seat = {"desk": how.pop("seat") or "", "kind": "position" if how.pop("end") else "interpreter"}
    asked = {**seat, "listens": listens, "speaks": speaks}
    return say(app, f"/calls/{place}/seats", asked, _how(cast("dict[str, str | None]", how), line))


@command(
    "list",
    "openline call list --open\nopenline call list --line alpha-bravo --json",
    option("--line", text="Only this line.", metavar="LINE"),
    flag("--open", "open_only", text="Only what has not ended for us."),
    option("--count", text="How many at most.", default="50"),
)
def calls(app: App, line: str | None, open_only: bool, count: str) -> None:
    """Calls, newest first."""
    query = {"line": line, "open": str(open_only).lower(), "count": count}
    found = cast("list[JsonObject]", app.node.get("/calls", query))
    app.output.result({"calls": found}, [_listing(found, app)])


@command(
    "show",
    "openline call show bravo:14\nopenline call show 2022-05-13",
    argument("call"),
    option("--line", text="On which line, where a day is named.", metavar="LINE"),
)
def show(app: App, call: str, line: str | None) -> None:
    """One CALL: who takes part, who speaks, and how sound goes. With a day, the contact of that day, wherever held."""
    if is_day(call):
        show_page(app, call, line, "contact.show")
        return
    named, place = split_entry(call)
    view = app.node.get(f"/calls/{place}", {"line": named or line})
    app.output.result(view, _tables(view, app))


def _how(how: dict[str, str | None], line: str | None) -> How:
    return How(how.get("wait") or "recorded", how.get("mark"), how.get("key"), line)


def _listing(found: list[JsonObject], app: App, kind: str = "") -> Table:
    return Table(
        ("call", "state", "rung", "with", "why", "about"), [_row(view, app) for view in found], kind, wide=True
    )


def _row(view: JsonObject, app: App) -> list[Cell | str]:
    others = ", ".join(str(part["party"]) for part in _of(view, "parts") if not part["own"])
    return [
        str(view["id"]),
        Cell(str(view["state"]).replace("-", " "), CALL_URGENCY.get(str(view["state"]), "unk")),
        when(view["rung_at"], app, past=True),
        others,
        Cell(str(view["text"]), theirs=True),
        Cell(str(view["subject"]), theirs=True),
    ]


def _tables(view: JsonObject, app: App) -> Iterator[Table]:
    yield _listing([view], app, "call")
    parts = [_part(part, app) for part in _of(view, "parts")]
    yield Table(("party", "side", "desks", "speaking", "declined", "sound lost", "why"), parts, "part")
    sound = [_path(sound, path) for sound in _of(view, "sound") for path in _of(sound, "paths")]
    if sound:
        yield Table(("sound with", "path", "goes", "round trip", "lost out", "lost in"), sound, "sound")
    seats = [[str(seat["desk"]), str(seat["kind"]), _gate(seat)] for seat in _of(view, "seats")]
    if seats:
        yield Table(("seat", "", "gate"), seats, "seat")
    interpreters = [_interpreter(row, part) for part in _of(view, "parts") for row in _of(part, "interpreters")]
    if interpreters:
        yield Table(("interpreter of", "desk", "listens to", "speaks to"), interpreters, "interpreter")
    if view["recording"] != "off":
        yield Table(("recording", "why"), [[str(view["recording"]), str(view["recording_text"])]], "recording")


def _gate(seat: JsonObject) -> str:
    return "on hold" if seat["held"] else "open" if seat["gate_open"] else ""


def _part(part: JsonObject, app: App) -> list[Cell | str]:
    desks, speaking, declined = (_joined(part[name]) for name in ("desks", "speaking", "declined"))
    lost = Cell(when(part["lost_at"], app, past=True), "u1" if part["lost_at"] else "")
    return [
        str(part["party"]),
        str(part["side"]),
        desks,
        speaking,
        declined,
        lost,
        Cell(str(part["text"]), theirs=True),
    ]


def _interpreter(row: JsonObject, part: JsonObject) -> list[Cell | str]:
    desk = Cell(str(row["desk"]), theirs=True)
    return [str(part["party"]), desk, _joined(row["listens"]), _joined(row["speaks"])]


def _path(sound: JsonObject, path: JsonObject) -> list[Cell | str]:
    round_trip = path["round_trip_ms"]
    return [
        Cell(str(sound["party"]), "u1" if sound["lost"] else "ok"),
        str(path["name"]),
        str(path["carriage"]),
        "-" if round_trip is None else f"{round_trip} ms",
        _share(path["loss_out"]),
        _share(path["loss_in"]),
    ]


def _share(thousandths: object) -> str:
    return f"{thousandths / 10:.1f} %" if isinstance(thousandths, int) else "-"


def _joined(texts: object) -> Cell:
    return Cell(", ".join(cast("list[str]", texts)), theirs=True)


def _of(view: JsonObject, name: str) -> list[JsonObject]:
    return cast("list[JsonObject]", view[name])

"""Commands of recordings: `recording agree`, `withdraw`, `list`, `show`, `verify`, `export`.

A call is recorded while everybody who takes part has agreed to that, each for this call alone. What is checked and
exported are our own files and both sides' entries.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from openline.base.errors import UsageError
from openline.cli.client import JsonObject
from openline.cli.commands import Command, argument, choice_option, command, option
from openline.cli.context import App
from openline.cli.ids import split_entry
from openline.cli.output import Cell, Table
from openline.cli.records import CHECK_WITHIN_S, worked, written
from openline.cli.saying import How, say
from openline.cli.status import when
from openline.cli.verdicts import code_of, verdict_table

STAGES = ("recorded", "received")
SUFFIX = ".ogg"


def _step(name: str, text: str) -> Command:
    """A command that says our side's consent, or takes it back."""

    def run(app: App, call: str, why: str | None, **how: str | None) -> int:
        line, place = split_entry(call)
        step = "recording-agreed" if name == "agree" else "recording-withdrawn"
        asked = How(how.get("wait") or "recorded", None, how.get("key"), line)
        return say(app, f"/calls/{place}/steps", {"step": step, "reason": why or ""}, asked)

    run.__doc__ = text
    return command(
        name,
        f"openline recording {name} bravo:14",
        argument("call"),
        option("--reason", "why", text="Why; the other side sees it.", metavar="TEXT"),
        choice_option(
            "--wait", text="Wait until it is there, at most --timeout seconds.", choices=STAGES, default="recorded"
        ),
        option("--key", text="Idempotency key; the same key never records twice.", metavar="KEY"),
    )(run)


agree = _step("agree", "Agree that CALL is recorded from now on. It is, once everybody who takes part has agreed.")
withdraw = _step("withdraw", "No longer agree that CALL is recorded. It is recorded no more from now on.")


@command(
    "list", "openline recording list\nopenline recording list alpha-bravo --json", argument("line", required=False)
)
def recordings(app: App, line: str | None) -> None:
    """Calls that were or are recorded, newest first."""
    found = cast("list[JsonObject]", app.node.get("/recordings", {"line": line}))
    rows = [_row(view, app) for view in found]
    table = Table(("call", "line", "rung", "recorded", "streams", "sent", "heard", "differs", "files"), rows)
    app.output.result({"recordings": found}, [table])


@command("show", "openline recording show bravo:14", argument("call"))
def show(app: App, call: str) -> None:
    """The streams of the recorded CALL: a row for each leg of each speaker."""
    view = _view(app, call)
    rows = [_stream(stream) for stream in _streams(view)]
    columns = ("stream", "of", "chunks", "sent", "heard", "agreement", "files")
    app.output.result(view, [Table(columns, rows)])


@command("verify", "openline recording verify bravo:14", argument("call"))
def verify(app: App, call: str) -> int:
    """Check our files of CALL against the record, and what was heard against what was sent.

    Exit code 6: a file or an entry is not what was signed; 7: something is missing.
    """
    line, place = split_entry(call)
    rows = app.node.json_lines("GET", f"/recordings/{place}/verify", {"line": line}, None, CHECK_WITHIN_S)
    result = worked(app, f"checking {call}", rows)
    app.output.result(result, [verdict_table(result)])
    return code_of(str(result["verdict"]))


@command(
    "export",
    "openline recording export bravo:14 --out call.ogg\nopenline recording export bravo:14 --out call.ogg --stream 2",
    argument("call"),
    option("-o", "--out", "target", text="Where to write it (default: CALL.ogg).", metavar="FILE"),
    option("--stream", text="Only this stream, by its number in `recording show`.", metavar="N"),
)
def export(app: App, call: str, target: str | None, stream: str | None) -> None:
    """Write CALL as Ogg Opus files, which every player plays: one for each stream, or the one stream wanted.

    Several are FILE with the stream's number added. All begin at the same moment.
    """
    line, place = split_entry(call)
    view = _view(app, call)
    numbers = [cast("int", each["number"]) for each in _streams(view) if each["files"]]
    if stream is not None:
        numbers = [_number(stream)]
    if not numbers:
        raise UsageError("recording-files-gone", folder=place)
    base = Path(target or f"{place.replace(':', '-')}{SUFFIX}")
    made: list[JsonObject] = []
    for number in numbers:
        file = base if stream is not None else base.with_name(f"{base.stem}-{number}{base.suffix}")
        size = written(app, f"/recordings/{place}/ogg", {"line": line or "", "stream": str(number)}, file)
        made.append({"stream": number, "file": str(file), "size": size})
    rows = [[str(each["stream"]), str(each["file"]), str(each["size"])] for each in made]
    app.output.result({"call": call, "files": made}, [Table(("stream", "file", "bytes"), rows)])


def _view(app: App, call: str) -> JsonObject:
    line, place = split_entry(call)
    return app.node.get(f"/recordings/{place}", {"line": line})


def _streams(view: JsonObject) -> list[JsonObject]:
    return cast("list[JsonObject]", view["streams"])


def _row(view: JsonObject, app: App) -> list[Cell | str]:
    streams = _streams(view)
    differs = sum(_counts(stream, "agreement").get("differs", 0) for stream in streams)
    return [
        str(view["call"]),
        str(view["line"]),
        when(view["rung_at"], app, past=True),
        Cell("now", "u2") if view["recorded"] else "",
        str(len(streams)),
        str(sum(cast("int", stream["sent"]) for stream in streams)),
        str(sum(sum(_counts(stream, "heard").values()) for stream in streams)),
        Cell(str(differs), "u1" if differs else "ok"),
        str(sum(cast("int", stream["files"]) for stream in streams)),
    ]


def _stream(stream: JsonObject) -> list[Cell | str]:
    agreement = _counts(stream, "agreement")
    told = ", ".join(f"{name} {count}" for name, count in sorted(agreement.items()))
    return [
        str(stream["number"]),
        str(stream["party"]),
        str(stream["chunks"]),
        str(stream["sent"]),
        ", ".join(f"{party} {count}" for party, count in _counts(stream, "heard").items()),
        Cell(told, "u1" if agreement.get("differs") else "ok"),
        str(stream["files"]),
    ]


def _counts(stream: JsonObject, name: str) -> dict[str, int]:
    return cast("dict[str, int]", stream[name])


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise click.BadParameter("--stream is a number")
    return int(text)

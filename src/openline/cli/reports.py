"""What the record says of the line itself: `report`, the figures of a month, and `silences`, the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import cast

from openline.cli.client import JsonObject
from openline.cli.commands import argument, choice_option, command, option
from openline.cli.context import App
from openline.cli.guarding import speed_of
from openline.cli.output import Cell, Table
from openline.cli.records import written
from openline.cli.saying import MARKS


@command(
    "report",
    "openline report alpha-bravo --month 2026-11\nopenline report --month 2026-11 --at alpha:120,bravo:98\n"
    "openline report --month 2026-11 --html november.html",
    argument("line", required=False),
    option("--month", text="Year and month, such as 2026-11.", metavar="MONTH"),
    option("--at", text="Sizes of the logs; else those we hold now.", metavar="SIZES"),
    option("--html", text="Write one page of HTML with plots into FILE.", metavar="FILE"),
)
def report(app: App, line: str | None, month: str | None, at: str | None, html: str | None) -> None:
    """The report of LINE for a month. Every side computes the same bytes at the same sizes; compare the digest."""
    query = {name: value for name, value in (("line", line), ("month", month), ("at", at)) if value is not None}
    if html is not None:
        size = written(app, "/report/page", query, Path(html))
        app.output.result({"file": html, "size": size}, [Table(("file", "bytes"), [[html, str(size)]])], "report.page")
        return
    whole = b"".join(app.node.pieces("/report", query))
    found = cast("JsonObject", json.loads(whole))
    digest = sha256(whole).hexdigest()
    app.output.result({"digest": digest, "canonical": found}, _tables(found))
    if not app.output.settings.as_json:
        sizes = cast("dict[str, int]", found["at"])
        app.output.field("at", Cell(",".join(f"{party}:{size}" for party, size in sorted(sizes.items()))))
        app.output.field("digest", Cell(digest))


@command(
    "silences",
    "openline silences alpha-bravo --since 2026-11-01\nopenline silences --json",
    argument("line", required=False),
    option("--since", text="From this day on, or RFC 3339.", metavar="DATE"),
    option("--until", text="Before this day, or RFC 3339.", metavar="DATE"),
    choice_option("--mark", text="Exercises or tests instead of what was real.", choices=MARKS),
)
def silences(app: App, line: str | None, since: str | None, until: str | None, mark: str | None) -> None:
    """The silence ledger of LINE: what each side states, the gaps between them, and checks skipped or missed."""
    found = app.node.get(
        "/silences", {"line": line, "since": since, "until": until, "mark": mark.upper() if mark else None}
    )
    rows: list[list[Cell | str]] = []
    for episode in _rows(found, "silences"):
        for told in _rows(episode, "told"):
            about = Cell(str(told["about"]), theirs=True)
            times = [_dtg(told["begin"]), _dtg(told["end"])]
            rows.append([str(told["id"]), str(told["party"]), about, str(told["cause"]), *times])
        for gap in _rows(episode, "gaps"):
            only = "only " + ", ".join(cast("list[str]", gap["told_by"]))
            rows.append(["-", Cell(only, "u2"), "-", "-", _dtg(gap["begin"]), _dtg(gap["end"])])
    dates: list[list[Cell | str]] = [
        [str(row["form"]), _dtg(row["due"]), str(row["state"])]
        for row in (*_rows(found, "skipped"), *_rows(found, "missed"))
    ]
    columns = ("entry", "stated by", "about", "cause", "begin", "end")
    app.output.result(found, [Table(columns, rows, "silence"), Table(("check", "due", "stands"), dates, "date")])


def _tables(found: JsonObject) -> list[Table]:
    """The figures as tables: each row begins with its mark."""
    sections = _rows(found, "sections")
    asked = ("mark", "form", "asked by", "answered by", "made", "answered", "median", "worst")
    kept = ("mark", "form", "kept", "skipped", "missed")
    silent = ("mark", "cause", "told by", "about", "number", "lasting", "total ms", "longest ms")
    sent = ("mark", "precedence", "sent by", "stated by", "sent", "stage", "number", "median", "worst")
    rung = ("mark", "rung by", "answered by", "made", "answered", "median", "worst")
    return [
        Table(asked, [*_cells(sections, "tests", asked[2:5]), *_cells(sections, "checks", asked[1:5])], "check"),
        Table(kept, list(_cells(sections, "dates", kept[1:])), "date"),
        Table(silent, list(_silences(sections)), "silence"),
        Table(sent, [row for section in sections for row in _messages(section)], "message"),
        Table(rung, list(_cells(sections, "calls", rung[1:4])), "call"),
    ]


def _cells(sections: list[JsonObject], part: str, columns: Sequence[str]) -> Iterator[list[Cell | str]]:
    """The rows of a part: the mark, what the columns name, and the answer times where there are any."""
    for section in sections:
        for row in _rows(section, part):
            head = [str(section["mark"]), *(["test"] if part == "tests" else [])]
            values = [str(row[column.replace(" ", "_")]) for column in columns]
            yield [*head, *values, *(speed_of(row["answers"]) if "answers" in row else [])]


def _silences(sections: list[JsonObject]) -> Iterator[list[Cell | str]]:
    for section in sections:
        for row in _rows(section, "silences"):
            figures = [str(row[name]) for name in ("count", "lasting", "total_ms", "longest_ms")]
            about = Cell(str(row["about"]), theirs=True)
            yield [str(section["mark"]), str(row["cause"]), str(row["told_by"]), about, *figures]


def _messages(section: JsonObject) -> Iterator[list[Cell | str]]:
    for row in _rows(section, "messages"):
        head = [str(row[name]) for name in ("precedence", "sent_by", "stated_by", "sent")]
        stages = cast("JsonObject", row["stages"])
        for stage in stages:
            yield [str(section["mark"]), *head, stage, *speed_of(stages[stage])]


def _dtg(time: object) -> str:
    return str(cast("JsonObject", time)["dtg"]) if time else "-"


def _rows(value: JsonObject, name: str) -> list[JsonObject]:
    return cast("list[JsonObject]", value[name])

"""Readouts: `readout publish`, `readout show`, `readout compare`."""

from __future__ import annotations

from typing import cast

from openline.cli.client import JsonObject
from openline.cli.commands import argument, choice_option, command, option
from openline.cli.contacts import GRAINS, chain_of, how_of, page_of, shown_claim
from openline.cli.context import App
from openline.cli.ids import split_entry
from openline.cli.output import Cell, Table
from openline.cli.saying import how_options, say
from openline.cli.texts import read_text

OUTCOMES = {"differs": "u2", "only-left": "u3", "only-right": "u3", "same": "ok"}


@command(
    "publish",
    'openline readout publish alpha:7 "The two spoke by telephone." --released 2026-11-21T15:00:00Z',
    argument("contact"),
    argument("text", required=False, many=True),
    option("--lang", "language", text="Language of the text.", metavar="TAG"),
    option("--title", text="One line above the text.", metavar="TEXT"),
    option("--released", text="When it is or was published; now when left out.", metavar="TIME"),
    choice_option("--grain", text="How exactly that is known.", choices=GRAINS),
    option("--embargo", text="Not to be passed on before.", metavar="TIME"),
    option("--after", text="Another side's readout that came out earlier.", metavar="ENTRY"),
    *how_options(),
)
def publish(app: App, contact: str, text: tuple[str, ...], **given: str | None) -> int:
    """Publish our readout of CONTACT: TEXT, or standard input when there is none."""
    line, place = split_entry(contact)
    arguments: JsonObject = {"text": read_text(app, text)}
    names = ("language", "title", "released", "grain", "embargo", "after")
    arguments |= {name: given[name] for name in names if given.get(name)}
    return say(app, f"/entries/{place}/publish", arguments, how_of(given, line))


@command(
    "show",
    "openline readout show 2022-10-21\nopenline readout show alpha:7 --json",
    argument("contact"),
    option("--line", text="On which line, where a day is named.", metavar="LINE"),
)
def show(app: App, contact: str, line: str | None) -> None:
    """Show the readouts of CONTACT, an entry of it or its day, in the order in which they came out."""
    readouts = cast("list[JsonObject]", page_of(app, contact, line)["readouts"])
    rows = [_row(readout) for readout in readouts]
    app.output.result(
        {"readouts": readouts}, [Table(("order", "readout", "side", "released", "text"), rows, wide=True)]
    )


@command(
    "compare",
    "openline readout compare 2022-05-13 2022-10-21\nopenline readout compare alpha:12 bravo:9",
    argument("left"),
    argument("right"),
    option("--line", text="On which line, where days are named.", metavar="LINE"),
)
def compare(app: App, left: str, right: str, line: str | None) -> None:
    """Readouts side by side: two of them, or each side's of two contacts, or both sides' of one contact named twice."""
    found = app.node.get("/readouts/compare", {"left": left, "right": right, "line": line})
    pairs = cast("list[JsonObject]", found["comparisons"])
    app.output.result(found, [table for pair in pairs for table in _tables(pair)])


def _tables(pair: JsonObject) -> list[Table]:
    texts: list[list[Cell | str]] = [
        ["left" if name == "left" else "right", *_row(cast("JsonObject", pair[name]))[1:]]
        for name in ("left", "right")
        if pair[name] is not None
    ]
    facts = [_fact(row) for row in cast("list[JsonObject]", pair["facts"])]
    return [
        Table(("", "readout", "side", "released", "text"), texts, "readout", wide=True),
        Table(("fact", "", "left", "right"), facts, "fact", wide=True),
    ]


def _fact(row: JsonObject) -> list[Cell | str]:
    outcome = str(row["outcome"])
    return [str(row["fact"]), Cell(outcome, OUTCOMES.get(outcome, "")), _said(row["left"]), _said(row["right"])]


def _said(claim: object) -> Cell:
    if claim is None:
        return Cell("-")
    said = cast("JsonObject", claim)
    return Cell(f"{shown_claim(said)} [{said['id']}: {chain_of(said)}]", theirs=True)


def _row(readout: JsonObject) -> list[Cell | str]:
    embargo = cast("JsonObject | None", readout["embargo"])
    released = str(cast("JsonObject", readout["released"])["text"])
    if embargo is not None and readout["embargoed"]:
        released += f", EMBARGO {embargo['dtg']}"
    released += ", WITHDRAWN" if readout["withdrawn"] else ""
    text = str(readout["corrected"] or readout["text"])
    return [
        str(readout["step"]),
        str(readout["id"]),
        str(readout["party"]),
        released,
        Cell(text + (" [corrected]" if readout["corrected"] else ""), theirs=True),
    ]

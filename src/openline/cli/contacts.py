"""Contacts and what is said of them: `contacts`, `contact show`, `contact enter`, `state`, `attempt`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import cast

from openline.base.errors import UsageError
from openline.cli.client import JsonObject
from openline.cli.commands import argument, choice_option, command, flag, level_option, many_option, option
from openline.cli.context import App
from openline.cli.ids import split_entry
from openline.cli.output import Cell, Table
from openline.cli.saying import MARKS, How, how_options, say

MEDIA = ("not-stated", "call", "telephone", "video", "meeting", "letter")
GRAINS = ("minute", "hour", "day", "about")
RESULTS = ("no-answer", "busy", "refused", "reached", "not-taken-up")
FACTS = (
    *("held", "initiative", "start", "duration", "level", "person", "medium", "subject"),
    *("demand", "answer", "tone", "outcome", "follow-up", "remark"),
)
HOWS = ("own", "said", "published", "quoted", "anonymous")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
URGENCY = {"AGREED": "ok", "CONTRADICTED": "u2", "NOT_STATED": "unk"}


@command(
    "contacts",
    "openline contacts --since 2022-02-24 --level minister --lang fr\nopenline contacts --level adviser --at-least",
    option("--line", text="Only this line; else all lines together.", metavar="LINE"),
    option("--since", text="From this day on, or RFC 3339.", metavar="DATE"),
    option("--until", text="Before this day, or RFC 3339.", metavar="DATE"),
    level_option(text="At this level."),
    flag("--at-least", "at_least", text="At this level or a higher one."),
    option("--party", text="With this party in it.", metavar="PARTY"),
    option("--person", text="With this person in it, as stated.", metavar="NAME"),
    choice_option("--mark", text="Exercises or tests instead of what was real.", choices=MARKS),
    option("--count", text="How many at most.", default="20"),
)
def contacts(app: App, at_least: bool, mark: str | None, **asked: str | None) -> None:
    """Contacts, newest first: the how manieth, the one before, attempts, days without, the highest since."""
    query = {**asked, "at_least": str(at_least).lower(), "mark": mark.upper() if mark else None}
    found = app.node.get("/contacts", query)
    rows = _objects(found, "contacts")
    whole = cast("JsonObject", found["overview"])
    app.output.result(found, [contacts_table(rows)])
    if not app.output.settings.as_json:
        for row in rows:
            for text in told_of(app, row):
                app.output.field(f"{row['line']}/{row['id']}", text)
        for note in _objects(whole, "notes"):
            app.output.field("together", Cell(str(note["text"])))
        for channel in _objects(whole, "channels"):
            app.output.field("channel", _channel(channel))


@command(
    "show",
    "openline contact show 2022-05-13\nopenline contact show alpha-bravo/alpha:7 --json",
    argument("contact"),
    option("--line", text="On which line, where a day is named.", metavar="LINE"),
)
def show(app: App, contact: str, line: str | None) -> None:
    """Show CONTACT, an entry of it or its day: the grid of facts by side, each cell with its source."""
    show_page(app, contact, line)


def show_page(app: App, contact: str, line: str | None, schema: str | None = None) -> None:
    """Print a contact, by an entry id or its day: the grid, then what the history says."""
    page = page_of(app, contact, line)
    app.output.result(page, [grid_table(page)], schema)
    if not app.output.settings.as_json:
        if cast("JsonObject", page["contact"])["withdrawn"]:
            app.output.field("WITHDRAWN", Cell(app.output.sentence("contact-is-withdrawn"), "u2"))
        for note in _objects(cast("JsonObject", page["contact"]), "notes"):
            app.output.field("history", Cell(str(note["text"])))


@command(
    "enter",
    "openline contact enter alpha-bravo 2022-05-13 --level minister --elsewhere --with alpha --with bravo",
    argument("line"),
    argument("began"),
    level_option(text="At which level."),
    choice_option("--medium", text="By what.", choices=MEDIA, default="not-stated"),
    many_option("--with", "parties", text="A party that took part; give each of them.", metavar="PARTY"),
    choice_option("--grain", text="How exactly the time is known.", choices=GRAINS),
    flag("--elsewhere", text="It did not take place on this line."),
    option("--label", text="What we call this level.", metavar="TEXT"),
    option("--same-as", text="The other side's entry of the same contact.", metavar="ENTRY"),
    option("--call", text="The call of this line.", metavar="ENTRY"),
    *how_options(),
)
def enter(app: App, line: str, began: str, parties: tuple[str, ...], elsewhere: bool, **given: str | None) -> int:
    """Enter a contact that began at BEGAN, a date or RFC 3339, on the record of LINE."""
    if given["level"] is None:
        raise UsageError("level-needed")
    arguments: JsonObject = {"began": began, "parties": parties, "elsewhere": elsewhere}
    arguments |= _given(given, ("level", "medium", "grain", "label", "same_as", "call"))
    return say(app, f"/lines/{line}/say", {"verb": "contact", "arguments": arguments}, how_of(given))


@command(
    "state",
    "openline state alpha:7 tone professional --words professionnel --text-lang fr --source anonymous:an-official\n"
    "openline state alpha:7 duration 60 --precision about\nopenline state alpha:7 tone --contradicts bravo:12",
    argument("entry"),
    argument("fact", choices=FACTS),
    argument("value", required=False),
    option("--words", text="The words as they were said.", metavar="TEXT"),
    option("--text-lang", "language", text="Language of the words.", metavar="TAG"),
    many_option("--source", "sources", text=f"HOW:WHO, first who said it; HOW is {', '.join(HOWS)}.", metavar="SOURCE"),
    choice_option(
        "--precision", text="How exactly it is meant.", choices=("exact", "about", "at-least", "not-specified")
    ),
    choice_option("--grain", text="How exactly a time is meant.", choices=GRAINS),
    choice_option("--releasable", text="To whom it may be passed on.", choices=("all", "members", "own")),
    option("--agrees", text="The other side's statement it agrees with.", metavar="ENTRY"),
    option("--contradicts", text="The other side's statement it contradicts.", metavar="ENTRY"),
    *how_options(),
)
def state(app: App, entry: str, fact: str, value: str | None, sources: tuple[str, ...], **given: str | None) -> int:
    """State a FACT of ENTRY, a contact, request, attempt or readout. Of nothing else is anything implied."""
    line, place = split_entry(entry)
    arguments: JsonObject = {"fact": fact, **({} if value is None else {"value": value})}
    arguments |= _given(given, ("words", "language", "precision", "grain", "releasable"))
    if sources:
        arguments["sources"] = [_source(text) for text in sources]
    for stance in ("agrees", "contradicts"):
        if given[stance] is not None:
            arguments |= {"stance": stance, "named": given[stance]}
    return say(app, f"/entries/{place}/state", arguments, how_of(given, line))


@command(
    "attempt",
    "openline attempt alpha-bravo --level minister --result no-answer --medium telephone",
    argument("line"),
    level_option(text="At which level."),
    choice_option("--result", text="What came of it.", choices=RESULTS),
    choice_option("--medium", text="By what.", choices=MEDIA, default="call"),
    option("--at", text="When: a date or RFC 3339; now when left out.", metavar="TIME"),
    choice_option("--grain", text="How exactly the time is known.", choices=GRAINS),
    option("--to", text="Whom it was meant for, when not the other side.", metavar="NAME"),
    option("--request", text="The request it belongs to.", metavar="ENTRY"),
    *how_options(),
)
def attempt(app: App, line: str, **given: str | None) -> int:
    """Enter an attempt to reach the other side, and what came of it. Every attempt counts."""
    if given["level"] is None or given["result"] is None:
        raise UsageError("level-needed")
    arguments = _given(given, ("level", "result", "medium", "at", "grain", "to", "request"))
    return say(app, f"/lines/{line}/say", {"verb": "attempt", "arguments": arguments}, how_of(given))


def contacts_table(rows: Sequence[JsonObject]) -> Table:
    """Contacts, a row each."""
    return Table(("contact", "began", "level", "medium", "with", ""), [_row(row) for row in rows])


def told_of(app: App, contact: JsonObject) -> Iterator[Cell]:
    """What the history says of a contact, and by which name stated of it the person asked for was found."""
    for note in _objects(contact, "notes"):
        yield Cell(str(note["text"]))
    for row in _objects(contact, "found_by"):
        yield Cell(_found_by(app, str(row["stated"]), cast("list[str]", row["ids"])), theirs=True)


def _found_by(app: App, stated: str, ids: Sequence[str]) -> str:
    if not ids:
        return app.output.sentence("found-by-spelling", stated=stated)
    if len(ids) == 1:
        return app.output.sentence("found-by-id", stated=stated, ids=ids[0])
    return app.output.sentence("found-by-ids", stated=stated, ids=", ".join(ids))


def how_of(given: dict[str, str | None], line: str | None = None) -> How:
    """How to say it, by the options that every saying has."""
    return How(given.get("wait") or "recorded", given.get("mark"), given.get("key"), line)


def is_day(text: str) -> bool:
    """Whether this is a day as it is typed, such as 2022-05-13."""
    return _DAY.fullmatch(text) is not None


def page_of(app: App, contact: str, line: str | None) -> JsonObject:
    """A contact with its grid and readouts, by an entry id or its day."""
    place = contact
    if ":" in contact:
        named, place = split_entry(contact)
        line = named or line
    return app.node.get(f"/contacts/{place}", {"line": line})


def grid_table(page: JsonObject) -> Table:
    """The grid of facts by side: a row for each statement of a cell, and one for a cell without any."""
    rows = [row for fact in _objects(page, "facts") for row in _fact_rows(fact)]
    return Table(("fact", "side", "stands", "value", "entry", "source"), rows, wide=True)


def _fact_rows(fact: JsonObject) -> Iterator[list[Cell | str]]:
    for cell in _objects(fact, "cells"):
        stands = Cell(str(cell["state"]), URGENCY.get(str(cell["state"]), ""))
        head: list[Cell | str] = [str(fact["fact"]), str(cell["party"]), stands]
        said = _objects(cell, "said")
        for claim in said:
            yield [*head, Cell(shown_claim(claim), theirs=True), str(claim["id"]), Cell(chain_of(claim), theirs=True)]
        if not said:
            yield [*head, "-", "-", "-"]


def shown_claim(claim: JsonObject) -> str:
    """A statement's value with its precision, and its words."""
    value, words = str(claim["value"]), str(claim["words"])
    if value and claim["precision"] in ("about", "at-least"):
        value = f"{claim['precision']} {value}"
    stance = f"{claim['stance']} {claim['named']}" if claim["stance"] else ""
    kept = "" if claim["releasable"] == "all" else f"[releasable to {claim['releasable']} only]"
    return " ".join(part for part in (stance, value, f"« {words} »" if words else "", kept) if part) or "-"


def chain_of(claim: JsonObject) -> str:
    """The source chain, from who said it on."""
    return " ← ".join(f"{row['who']} ({row['how']})" for row in _objects(claim, "sources")) or "-"


def _row(contact: JsonObject) -> list[Cell | str]:
    began = cast("JsonObject", contact["began"])
    parties = ", ".join(str(party) for party in cast("Sequence[object]", contact["parties"]))
    words = (("elsewhere", "elsewhere"), ("DISPUTED", "disputed"), ("WITHDRAWN", "withdrawn"))
    told = [word for word, name in words if contact[name]]
    told += [str(contact["mark"])] if contact["mark"] != "OPERATION" else []
    return [
        f"{contact['line']}/{contact['id']}",
        str(began["text"]),
        str(contact["level"]),
        str(contact["medium"]),
        Cell(parties, theirs=True),
        Cell(", ".join(told) or "-", "u2" if contact["disputed"] else ""),
    ]


def _channel(channel: JsonObject) -> Cell:
    parties = ", ".join(cast("list[str]", channel["parties"]))
    return Cell(f"{channel['line']}, {channel['level']}, {parties}: {channel['contacts']}, last {channel['last']}")


def _given(given: dict[str, str | None], names: Sequence[str]) -> JsonObject:
    return {name: given[name] for name in names if given.get(name) is not None}


def _source(text: str) -> dict[str, str]:
    how, colon, who = text.partition(":")
    if not colon or how not in HOWS:
        raise UsageError("source-wrong", source=text, hows=", ".join(HOWS))
    return {"who": who, "how": how}


def _objects(value: JsonObject, name: str) -> list[JsonObject]:
    return cast("list[JsonObject]", value[name])

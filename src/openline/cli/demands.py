"""Demands, warnings and allegations: `demand`, `warning`, `allegation`, each with its own verbs and its list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

from openline.base.errors import UsageError
from openline.cli.client import JsonObject
from openline.cli.commands import argument, choice_option, command, many_option, option
from openline.cli.contacts import how_of
from openline.cli.context import App
from openline.cli.ids import split_entry
from openline.cli.letter import NO_EVIDENCE, evidence_shown
from openline.cli.letters import PRECEDENCES
from openline.cli.output import Cell, Table
from openline.cli.saying import how_options, say
from openline.cli.texts import upload
from openline.cli.times import in_full, read_deadline

REPLIES = ("meet", "meet-in-part", "refuse", "note")
DEFENCES = ("deny", "reject", "counter-accuse")
WORDS = option("--words", text="The words as they were said.", metavar="TEXT")
LANGUAGE = option("--text-lang", "language", text="Language of the words.", metavar="TAG")
CONTACT = option("--contact", text="The contact it was said in.", metavar="ENTRY")
REPEATS = option("--repeats", text="The earlier one of ours that this repeats.", metavar="ENTRY")
PRECEDENCE = choice_option("-p", "--precedence", text="How urgent it is.", choices=PRECEDENCES, default="routine")
ATTACH = many_option("--attach", "files", text="Evidence: a file; may be repeated.", metavar="FILE")


@command(
    "make",
    'openline demand make alpha-bravo immediate-cease-fire --words "an immediate cease-fire" --contact alpha:7\n'
    "openline demand make alpha-bravo immediate-cease-fire --repeats alpha:12 --answer-by +48h",
    argument("line"),
    argument("code"),
    WORDS,
    LANGUAGE,
    CONTACT,
    REPEATS,
    PRECEDENCE,
    option("--answer-by", text="2300Z, 212300Z, +30m or RFC 3339; repeated in full.", metavar="TIME"),
    *how_options(),
)
def demand_make(app: App, line: str, code: str, **given: str | None) -> int:
    """Make a demand on LINE, CODE being its short name, or repeat one of ours. It is counted."""
    arguments = {"code": code, **_given(given, "words", "language", "contact", "repeats", "precedence")}
    asked = given["answer_by"]
    if asked is not None:
        now = app.now()
        deadline = read_deadline(asked, now)
        app.output.tell("told-answer-by", time=in_full(deadline, now))
        arguments["reply_by"] = deadline.rfc3339()
    return say(app, f"/lines/{line}/say", {"verb": "demand", "arguments": arguments}, how_of(given))


@command(
    "answer",
    'openline demand answer bravo:14 refuse --words "We do not."\nopenline demand answer bravo:14 note',
    argument("entry"),
    argument("answer", choices=REPLIES),
    WORDS,
    LANGUAGE,
    *how_options(),
)
def demand_answer(app: App, entry: str, answer: str, **given: str | None) -> int:
    """Answer the demand ENTRY of the other side. `note` says nothing of it."""
    line, place = split_entry(entry)
    arguments = {"answer": answer, **_given(given, "words", "language")}
    return say(app, f"/entries/{place}/answer-demand", arguments, how_of(given, line))


@command("list", "openline demand list\nopenline demand list alpha-bravo --json", argument("line", required=False))
def demand_list(app: App, line: str | None) -> None:
    """Demands, newest first: the how manieth time, and how each party stands. `open` is no consent and no refusal."""
    columns = ("demand", "time", "code", "times", "party", "stands", "words")
    _list(app, "/demands", line, columns, lambda row: _stands(row, [f"{row['times']}"]))


@command(
    "give",
    'openline warning give alpha-bravo arms-deliveries --words "parties to the conflict"\n'
    'openline warning give alpha-bravo dam --through "a third State" --repeats alpha:12',
    argument("line"),
    argument("code"),
    WORDS,
    LANGUAGE,
    option("--to", text="Who is warned, when not the other side.", metavar="NAME"),
    many_option("--through", text="Who passed it on; in order, may be repeated.", metavar="NAME"),
    CONTACT,
    REPEATS,
    PRECEDENCE,
    *how_options(),
)
def warning_give(app: App, line: str, code: str, through: tuple[str, ...], **given: str | None) -> int:
    """Give a warning on LINE, CODE being its short name, or repeat one of ours. It is counted."""
    arguments = {"code": code, **_given(given, "words", "language", "to", "contact", "repeats", "precedence")}
    if through:
        arguments["through"] = through
    return say(app, f"/lines/{line}/say", {"verb": "warn", "arguments": arguments}, how_of(given))


@command("list", "openline warning list\nopenline warning list alpha-bravo --json", argument("line", required=False))
def warning_list(app: App, line: str | None) -> None:
    """Warnings, newest first: the how manieth time, who is warned, and through whom it went."""
    columns = ("warning", "time", "code", "times", "by", "to", "through", "words")
    _list(app, "/warnings", line, columns, _warning)


@command(
    "make",
    'openline allegation make alpha-bravo dam-mined --against bravo --words "They have mined the dam."\n'
    "openline allegation make alpha-bravo dam-mined --against bravo --attach picture.jpg",
    argument("line"),
    argument("code"),
    option("--against", text="Who is accused: a party, or a name.", metavar="NAME"),
    WORDS,
    LANGUAGE,
    ATTACH,
    PRECEDENCE,
    *how_options(),
)
def allegation_make(app: App, line: str, code: str, files: tuple[str, ...], **given: str | None) -> int:
    """Make an allegation on LINE. Without an attachment it says that no evidence was produced."""
    if not given["against"]:
        raise UsageError("name-missing", field="against")
    arguments = {"code": code, **_given(given, "against", "words", "language", "precedence"), **_evidence(app, files)}
    return say(app, f"/lines/{line}/say", {"verb": "allege", "arguments": arguments}, how_of(given))


@command(
    "reply",
    'openline allegation reply bravo:14 deny --words "We have not."\n'
    "openline allegation reply bravo:14 counter-accuse --attach report.pdf",
    argument("entry"),
    argument("reply", choices=DEFENCES),
    WORDS,
    LANGUAGE,
    ATTACH,
    *how_options(),
)
def allegation_reply(app: App, entry: str, reply: str, files: tuple[str, ...], **given: str | None) -> int:
    """Reply to the allegation ENTRY of the other side, with evidence or without."""
    line, place = split_entry(entry)
    arguments = {"reply": reply, **_given(given, "words", "language"), **_evidence(app, files)}
    return say(app, f"/entries/{place}/answer-allegation", arguments, how_of(given, line))


@command(
    "list", "openline allegation list\nopenline allegation list alpha-bravo --json", argument("line", required=False)
)
def allegation_list(app: App, line: str | None) -> None:
    """Allegations, newest first: how each party stands, and which evidence either side has produced."""
    columns = ("allegation", "time", "code", "by", "against", "party", "stands", "evidence", "words")
    _list(app, "/allegations", line, columns, lambda row: _alleged(app, row))


def _list(
    app: App,
    path: str,
    line: str | None,
    columns: tuple[str, ...],
    rows: Callable[[JsonObject], Iterator[list[Cell | str]]],
) -> None:
    found = app.node.get(path, {"line": line})
    entries = cast("list[JsonObject]", found[path.removeprefix("/")])
    app.output.result(found, [Table(columns, [row for entry in entries for row in rows(entry)])])


def _stands(row: JsonObject, middle: list[Cell | str]) -> Iterator[list[Cell | str]]:
    for side in cast("list[JsonObject]", row["sides"]):
        state = Cell(_withdrawn(row, str(side["state"])), "u3" if side["state"] == "open" else "")
        yield [*_head(row), *middle, str(side["party"]), state, _words(row)]


def _warning(row: JsonObject) -> Iterator[list[Cell | str]]:
    to, through = str(row["to"] or "-"), ", ".join(cast("list[str]", row["through"])) or "-"
    by = _withdrawn(row, str(row["party"]))
    yield [*_head(row), f"{row['times']}", by, Cell(to, theirs=True), Cell(through, theirs=True), _words(row)]


def _alleged(app: App, row: JsonObject) -> Iterator[list[Cell | str]]:
    told = evidence_shown(app, cast("list[JsonObject]", row["evidence"]))
    against = Cell(str(row["against"]), theirs=True)
    evidence = Cell(told, "u2" if told == app.output.sentence(NO_EVIDENCE) else "")
    for side in cast("list[JsonObject]", row["sides"]):
        state = _withdrawn(row, str(side["state"]))
        yield [*_head(row), str(row["party"]), against, str(side["party"]), state, evidence, _words(row)]


def _head(row: JsonObject) -> list[Cell | str]:
    mark = "" if row["mark"] == "OPERATION" else f"{row['mark']} "
    time = cast("JsonObject", row["time"])
    return [f"{row['line']}/{row['id']}", str(time["dtg"]), f"{mark}{row['code']}"]


def _withdrawn(row: JsonObject, text: str) -> str:
    return f"withdrawn, {text}" if row["withdrawn"] else text


def _words(row: JsonObject) -> Cell:
    return Cell(str(row["words"] or "-"), theirs=True)


def _given(given: dict[str, str | None], *names: str) -> JsonObject:
    return {name: given[name] for name in names if given.get(name)}


def _evidence(app: App, files: tuple[str, ...]) -> JsonObject:
    return {"attachments": upload(app, files)} if files else {}

"""`names` and `terms`: the register of names, and contested terms with each party's own word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import click

from openline.base.errors import UsageError
from openline.cli.client import JsonObject
from openline.cli.commands import argument, command, flag, option
from openline.cli.contacts import contacts_table, told_of
from openline.cli.context import App
from openline.cli.output import Cell, Table
from openline.cli.saying import How, how_options, say
from openline.cli.texts import read_text


def _which() -> list[click.Option]:
    """The options that every listing has."""
    return [
        option("--line", text="Of this line.", metavar="LINE"),
        flag("--exercise", "exercise", text="What was said in exercise, instead of what counts."),
    ]


@command("list", "openline names list\nopenline names list person:shoigu", argument("name", required=False), *_which())
def names_list(app: App, name: str | None, line: str | None, exercise: bool) -> None:
    """Persons and places with all spellings, each with its party and source; NAME shows one."""
    found = app.node.get("/names", {"line": line, "id": name, "mark": _mark(exercise)})
    app.output.result(
        found, [Table(("name", "spelling", "lang", "script", "by", "entry", "source"), list(_names(found)))]
    )


@command(
    "show",
    "openline names show person:shoigu\nopenline names show Choïgou",
    argument("name", many=True),
    flag("--exercise", "exercise", text="What was said in exercise, instead of what counts."),
)
def names_show(app: App, name: tuple[str, ...], exercise: bool) -> None:
    """Show NAME, an id or any spelling of it: all spellings on all lines, and the contacts in which it is stated."""
    text = " ".join(name)
    found = app.node.get("/mentions", {"name": text, "mark": _mark(exercise)})
    rows = cast("list[JsonObject]", found["contacts"])
    columns = ("name", "spelling", "lang", "script", "by", "entry", "source")
    app.output.result(found, [Table(columns, list(_names(found))), contacts_table(rows)])
    if not app.output.settings.as_json:
        for row in rows:
            for told in told_of(app, row):
                app.output.field(f"{row['line']}/{row['id']}", told)


@command(
    "add",
    'openline names add alpha-bravo person:shoigu "Choïgou" --lang fr --source "agency text of 21 October"',
    argument("line"),
    argument("name"),
    argument("spelling", many=True),
    option("--lang", "language", text="Language of the spelling.", metavar="TAG"),
    option("--script", text="Its script, such as Latn or Cyrl, when its letters do not tell.", metavar="CODE"),
    option("--source", text="Who writes it so, and where.", metavar="TEXT"),
    *how_options(),
)
def names_add(app: App, line: str, name: str, spelling: tuple[str, ...], **more: str | None) -> int:
    """Add a SPELLING of NAME to the register of LINE. Nobody's spelling replaces another's."""
    given: dict[str, object] = {"text": read_text(app, spelling), "language": _language(more)}
    given |= {field: more[field] for field in ("script", "source") if more.get(field)}
    return _say(app, line, "name", {"id": name, "spellings": [given]}, more)


@command("list", "openline terms list --line alpha-bravo", *_which())
def terms_list(app: App, line: str | None, exercise: bool) -> None:
    """Contested terms: each party's own word by language, and the neutral formula as far as there is one."""
    found = app.node.get("/terms", {"line": line, "mark": _mark(exercise)})
    app.output.result(found, [Table(("term", "lang", "who", "word"), list(_terms(found)))])


@command(
    "word",
    'openline terms word alpha-bravo events-of-2022 "guerre" --lang fr',
    argument("line"),
    argument("term"),
    argument("word", many=True),
    option("--lang", "language", text="Language of the word.", metavar="TAG"),
    *how_options(),
)
def terms_word(app: App, line: str, term: str, word: tuple[str, ...], **more: str | None) -> int:
    """State our own WORD for TERM on LINE. The other side keeps its own."""
    arguments: dict[str, object] = {"id": term, "word": read_text(app, word), "language": _language(more)}
    return _say(app, line, "term", arguments, more)


@command(
    "formula",
    'openline terms formula alpha-bravo events-of-2022 "the events since 24 February" --lang en\n'
    "openline terms formula alpha-bravo events-of-2022 --lang en",
    argument("line"),
    argument("term"),
    argument("word", required=False, many=True),
    option("--lang", "language", text="Language of the formula.", metavar="TAG"),
    *how_options(),
)
def terms_formula(app: App, line: str, term: str, word: tuple[str, ...], **more: str | None) -> int:
    """Propose a neutral formula for TERM, or without WORD agree to the one the other side proposes."""
    arguments: dict[str, object] = {"id": term, "language": _language(more)}
    if word:
        arguments["word"] = read_text(app, word)
    return _say(app, line, "formula", arguments, more)


def _say(app: App, line: str, verb: str, arguments: dict[str, object], more: dict[str, str | None]) -> int:
    how = How(more.get("wait") or "recorded", more.get("mark"), more.get("key"))
    return say(app, f"/lines/{line}/say", {"verb": verb, "arguments": arguments}, how)


def _language(more: dict[str, str | None]) -> str:
    language = more.get("language")
    if not language:
        raise UsageError("language-needed")
    return language


def _mark(exercise: bool) -> str | None:
    return "EXERCISE" if exercise else None


def _names(found: JsonObject) -> Iterator[list[Cell | str]]:
    for name in cast("list[JsonObject]", found["names"]):
        for row in cast("list[JsonObject]", name["spellings"]):
            fields = ("text", "language", "script", "party", "entry", "source")
            yield [str(name["id"]), *(Cell(str(row[field]), theirs=True) for field in fields)]


def _terms(found: JsonObject) -> Iterator[list[Cell | str]]:
    for term in cast("list[JsonObject]", found["terms"]):
        head = [str(term["id"]), str(term["language"])]
        for who, word in cast("dict[str, str]", term["words"]).items():
            yield [*head, who, Cell(word, theirs=True)]
        if term["formula"] is not None:
            yield [*head, "charter", Cell(str(term["formula"]), "ok", theirs=True)]
            continue
        if term["agreed"] is not None:
            yield [*head, "agreed, not in the charter", Cell(str(term["agreed"]), theirs=True)]
            continue
        for who, word in cast("dict[str, str]", term["proposed"]).items():
            yield [*head, f"{term['state']} by {who}", Cell(word, theirs=True)]

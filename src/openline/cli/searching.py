"""`search`: entries by their words, in every script and spelling."""

from __future__ import annotations

from typing import cast

from openline.cli.client import JsonObject
from openline.cli.commands import argument, choice_option, command, flag, option
from openline.cli.context import App
from openline.cli.output import Cell, Table
from openline.cli.saying import MARKS

COLUMNS = ("entry", "time", "mark", "kind", "from", "match", "words", "text")


@command(
    "search",
    "openline search Choïgou\nopenline search dam water --party bravo --since 2022-10-01 --until 2022-10-31\n"
    "openline search Austin --kind message --exact --json",
    argument("words", many=True),
    option("--line", text="Only on this line.", metavar="LINE"),
    option("--kind", text="Only entries of this kind.", metavar="KIND"),
    option("--party", text="Only what this party said.", metavar="PARTY"),
    option("--since", text="Only from this time on: RFC 3339 or a day.", metavar="TIME"),
    option("--until", text="Only before this time; a day is taken whole.", metavar="TIME"),
    choice_option("--mark", text="Only under this mark.", choices=("operation", *MARKS)),
    flag("--exact", "exact", text="Leave out words that are only like these."),
    option("--count", text="How many at most, up to 50.", default="50"),
    option("--before", text="Only what arrived before this number.", metavar="SEQ"),
)
def search(app: App, words: tuple[str, ...], exact: bool, mark: str | None, **how: str | None) -> None:
    """Find entries by WORDS, newest first: all must stand in an entry. Names are found in every script."""
    query = {**how, "q": " ".join(words), "similar": str(not exact).lower(), "mark": mark.upper() if mark else None}
    found = app.node.get("/search", query)
    hits = cast("list[JsonObject]", found["hits"])
    app.output.result(found, [Table(COLUMNS, [_row(hit, app) for hit in hits], wide=True)])
    if not hits:
        app.output.tell("told-search-nothing")
    _tell(app, found)


def _row(hit: JsonObject, app: App) -> list[Cell | str]:
    entry = f"{hit['line']}/{hit['id']}"
    return [
        entry,
        str(hit["dtg"] if app.output.is_terminal else hit["at"]),
        str(hit["mark"]),
        str(hit["kind"]),
        Cell(f"{hit['desk']} at {hit['label']}", theirs=True),
        "similar" if hit["similar"] else "exact",
        _words(hit),
        Cell(str(hit["excerpt"]), theirs=True),
    ]


def _words(hit: JsonObject) -> str:
    """The language of the words, and for a translation whose words are the authentic ones."""
    language = str(hit["language"] or "-")
    if not hit["translation_of"]:
        return language
    return f"{language}, translation of {hit['translation_of']} ({hit['authentic']})"


def _tell(app: App, found: JsonObject) -> None:
    if found["behind"]:
        app.output.tell("told-search-behind", entries=cast("int", found["behind"]))
    if found["next_before"] is not None and not app.output.settings.as_json:
        app.output.tell("told-more", before=str(found["next_before"]))

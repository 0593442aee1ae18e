"""Short replies and read-backs: `respond`, `read-back`, `confirm`, `reissue`."""

from __future__ import annotations

from openline.cli.commands import argument, command, option
from openline.cli.contacts import how_of
from openline.cli.context import App
from openline.cli.ids import split_entry
from openline.cli.saying import how_options, say
from openline.cli.texts import read_text

PROWORDS = ("roger", "wilco", "unable", "say-again", "stand-by")


@command(
    "respond",
    'openline respond bravo:14 roger\nopenline respond bravo:14 unable --reason "the bridge is down"',
    argument("entry"),
    argument("code", choices=PROWORDS),
    option("--reason", "note", text="A note the other side sees.", metavar="TEXT"),
    option("--by", text="Who says it, when not this desk.", metavar="NAME"),
    *how_options(),
)
def respond(app: App, entry: str, code: str, note: str | None, by: str | None, **given: str | None) -> int:
    """Reply to ENTRY with one word. ROGER says that the watch has it, never that we agree."""
    line, place = split_entry(entry)
    arguments = {"code": code, "note": note or "", "by": by or ""}
    return say(app, f"/entries/{place}/respond", arguments, how_of(given, line))


@command(
    "read-back",
    'openline read-back bravo:14 "Six trucks leave at 0600Z"',
    argument("entry"),
    argument("text", required=False, many=True),
    option("--lang", "language", text="Language of the text.", metavar="TAG"),
    *how_options(),
)
def read_back(app: App, entry: str, text: tuple[str, ...], language: str | None, **given: str | None) -> int:
    """Say the message ENTRY of the other side back as it was understood."""
    line, place = split_entry(entry)
    arguments = {"text": read_text(app, text), **({"language": language} if language else {})}
    return say(app, f"/entries/{place}/read-back", arguments, how_of(given, line))


@command(
    "confirm",
    "openline confirm alpha:7\nopenline confirm alpha:7 --party bravo",
    argument("entry"),
    option("--party", text="Whose read-back, where there are several.", metavar="PARTY"),
    *how_options(),
)
def confirm(app: App, entry: str, party: str | None, **given: str | None) -> int:
    """Confirm that our message ENTRY was read back right. That is not consent of anybody to what it says."""
    line, place = split_entry(entry)
    return say(app, f"/entries/{place}/confirm", {"party": party} if party else {}, how_of(given, line))


@command(
    "reissue",
    'openline reissue alpha:7 "Six trucks leave at 0700Z"',
    argument("entry"),
    argument("text", required=False, many=True),
    option("--party", text="Whose read-back was wrong, where there are several.", metavar="PARTY"),
    option("--lang", "language", text="Language of the text.", metavar="TAG"),
    *how_options(),
)
def reissue(
    app: App, entry: str, text: tuple[str, ...], party: str | None, language: str | None, **given: str | None
) -> int:
    """Say our message ENTRY anew: it was read back wrong. It is to be read back again."""
    line, place = split_entry(entry)
    arguments: dict[str, object] = {"text": read_text(app, text)}
    arguments |= {name: value for name, value in (("party", party), ("language", language)) if value}
    return say(app, f"/entries/{place}/reissue", arguments, how_of(given, line))

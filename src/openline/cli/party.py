"""`init` and `card export`: make a party on this machine, and the invitation that others pair with."""

from __future__ import annotations

import sys
from pathlib import Path

from openline.base.errors import PathError, UsageError
from openline.cli.asking import ask_secret
from openline.cli.commands import argument, command, many_option, option
from openline.cli.context import App
from openline.cli.output import Cell, Table

FLAGS = ("metered", "low_rate")


@command(
    "init",
    'openline init north.example --name "en=North HQ" --path fibre=0.0.0.0:7443,north.example:7443\n'
    "openline init north.example --path fibre=0.0.0.0:7443,198.51.100.7:7443 --path sat=,,metered",
    argument("party"),
    many_option("--name", "names", text="A name people know it by, with its language.", metavar="LANG=NAME"),
    many_option(
        "--path",
        "paths",
        text="A way to the peers: its name, where we listen, what others dial. Words after that: metered, low_rate.",
        metavar="NAME=LISTEN[,ADVERTISE]",
    ),
    option("--passphrase-file", text="Passphrase of the root key, in the file's first line.", metavar="FILE"),
)
def init(app: App, party: str, names: tuple[str, ...], paths: tuple[str, ...], passphrase_file: str | None) -> None:
    """Make the party PARTY: keys, configuration, identity log and card. PARTY is a name under a domain you own."""
    from msgspec import convert

    from openline.node.config import PathConfig
    from openline.node.founding import create_party

    called = dict(_pair(text, "--name") for text in names)
    ways = [convert(_path(text), PathConfig) for text in paths]
    phrase = ask_secret(app.output.sentence("ask-passphrase"), passphrase_file, twice=True)
    made = create_party(app.settings.path, party, called, ways, phrase)
    value = {"party": made.party, "fingerprint": made.fingerprint, "folder": made.folder, "root_key": made.root_key}
    rows: list[list[Cell | str]] = [[name, text] for name, text in value.items()]
    app.output.result(value, [Table(("", ""), rows)])
    app.output.tell("told-move-root", file=made.root_key)
    app.output.tell("told-pair-next")


@command(
    "export",
    "openline card export -o north.olinvite",
    option("-o", "--output", "target", text="Where to write it (default: standard output).", metavar="FILE"),
)
def card_export(app: App, target: str | None) -> None:
    """Write our invitation: the file the other side pairs with. It holds nothing secret."""
    data = _card(app)
    if target is None:
        if app.output.settings.as_json:
            app.output.result({"file": None, "size": len(data), "invitation": data.decode("utf-8", "replace")}, [])
        else:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        return
    try:
        with Path(target).open("xb") as opened:
            opened.write(data)
    except FileExistsError as why:
        raise UsageError("file-exists", file=target) from why
    except OSError as why:
        raise UsageError("file-unwritable", file=target, detail=why.strerror or "") from why
    value = {"file": target, "size": len(data), "invitation": None}
    app.output.result(value, [Table(("file", "bytes"), [[target, str(len(data))]])])


def _card(app: App) -> bytes:
    """From the running node, or from its folder while it does not run."""
    try:
        return app.node.get_bytes("/card")
    except PathError:
        if app.settings.node is not None:
            raise
    from openline.node.founding import own_card

    return own_card(app.settings.path)


def _pair(text: str, name: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (equals and key.strip() and value.strip()):
        raise UsageError("option-unreadable", option=name, value=text)
    return key.strip(), value.strip()


def _path(text: str) -> dict[str, str | bool | None]:
    """`NAME=LISTEN[,ADVERTISE][,metered][,low_rate]` apart; empty parts are left out."""
    name, _, rest = text.partition("=")
    parts = [part.strip() for part in rest.split(",")]
    flags = {part: True for part in parts if part in FLAGS}
    addresses = [part for part in parts if part not in FLAGS]
    if not name.strip() or len(addresses) > 2:
        raise UsageError("option-unreadable", option="--path", value=text)
    listen, advertise = [*addresses, "", ""][:2]
    return {"name": name.strip(), "listen": listen or None, "advertise": advertise or None, **flags}
